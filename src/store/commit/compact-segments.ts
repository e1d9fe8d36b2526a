// Many small appends make many small segments: neighbours are merged, so that a plan reads few objects however a dataset grew.
import { loadManifest, sequencesOf } from '../manifest/manifest.js';
import { mergeSegments } from '../manifest/merge-segments.js';
import type { SegmentReader } from '../manifest/segment-reader.js';
import { writeSegment } from '../manifest/segment-writer.js';
import { datasetNames } from '../object-names.js';
import { createRoot, isInDoubt, newestRoot, type RootSegment } from './dataset-root.js';
import { openIntent } from './intent.js';

/** A version has at most so many segments once its writer is done. */
export const mostSegments = 16;

/**
 * Replaces a run of segments by one that says the same, as a commit of its own. Which: from the end, while a segment is
 * at most twice as large as all behind it together, so that each partition is rewritten a logarithmic number of times.
 * Where another writer commits first, or the store fails, the segments stay as they are: the next writer tries again.
 */
export async function compactSegments(reader: SegmentReader, dataset: string): Promise<void> {
  const { store } = reader;
  const base = await newestRoot(store, dataset).catch(() => undefined);
  if (base?.state !== 'live' || base.segments.length <= mostSegments) return;
  const first = firstToMerge(base.segments);
  const intent = await openIntent(store, dataset).catch(() => undefined);
  if (!intent) return;
  try {
    const merged = base.segments.slice(first);
    const names = datasetNames(dataset);
    let objects = 0;
    const manifest = await loadManifest(reader, { ...base, segments: merged });
    const segment = await writeSegment(
      store,
      () => names.segment(intent.id, objects++),
      await mergeSegments(reader, merged, manifest),
    );
    const sequences = manifest.files.map((file) => sequencesOf(merged[file.segment]!)(file.local)!);
    const firstSequence = sequences[0]!;
    const moved = sequences.flatMap((sequence, file): (readonly [number, number])[] =>
      sequence === firstSequence + file ? [] : [[file, sequence]],
    );
    await intent.check();
    await createRoot(store, {
      ...base,
      version: base.version + 1,
      created: Date.now(),
      segments: [...base.segments.slice(0, first), { ...segment, firstSequence, ...(moved.length > 0 && { moved }) }],
    });
  } catch (error) {
    // What was written is an orphan now; see above.
    if (isInDoubt(error)) return intent.leave();
  }
  await intent.release().catch(() => undefined);
}

function firstToMerge(segments: readonly RootSegment[]): number {
  let first = segments.length - 1;
  let behind = weight(segments[first]!);
  while (first > 0 && (weight(segments[first - 1]!) <= 2 * behind || first >= mostSegments)) {
    first--;
    behind += weight(segments[first]!);
  }
  return first;
}

function weight(segment: RootSegment): number {
  return segment.partitions + segment.files;
}
