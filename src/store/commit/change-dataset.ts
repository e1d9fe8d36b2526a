// A version that differs from the one before in what it defines and in which files it has, but brings no data.
import { fail } from '../../core/index.js';
import { loadManifest, type Manifest, type ManifestFile } from '../manifest/manifest.js';
import { SegmentReader } from '../manifest/segment-reader.js';
import type { ObjectStore } from '../object-store.js';
import { type DatasetDefinitions, noDefinitions } from './dataset-definitions.js';
import { createRoot, newestRoot, type RootSegment, readRoot } from './dataset-root.js';

export interface DatasetChange {
  readonly definitions?: DatasetDefinitions;
  readonly remove?: readonly ManifestFile[];
}

const attempts = 50;

/**
 * @param change is asked again where another writer was first; `undefined` leaves the dataset as it is
 * @throws DiagnosticError invalid_schema_name where the dataset is not there, and what `change` throws
 */
export async function changeDataset(
  store: ObjectStore,
  dataset: string,
  change: (manifest: Manifest, definitions: DatasetDefinitions) => DatasetChange | undefined,
): Promise<void> {
  const reader = new SegmentReader(store);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const root = await newestRoot(store, dataset);
    if (root?.state !== 'live') throw fail('invalid_schema_name', `schema "${dataset}" does not exist`);
    const manifest = await loadManifest(reader, root);
    const wanted = change(manifest, root.definitions ?? noDefinitions);
    if (!wanted) return;
    const { definitions, remove = [] } = wanted;
    const segments = root.segments.map((segment, s): RootSegment => {
      const removed = remove.filter((file) => file.segment === s).map(({ local }) => local);
      return removed.length === 0 ? segment : { ...segment, removed: [...(segment.removed ?? []), ...removed] };
    });
    const next = {
      ...root,
      version: root.version + 1,
      created: Date.now(),
      segments: segments.filter((segment) => (segment.removed?.length ?? 0) < segment.files),
      ...(definitions && { definitions }),
    };
    if (await createRoot(store, next)) return;
  }
  throw fail('serialization_failure', `dataset "${dataset}" is written by too many at once`, { hint: 'run it again' });
}

/**
 * The content of an earlier version, which must be pinned, as the newest one.
 * @param version `undefined` for a dataset without anything
 */
export async function restoreVersion(store: ObjectStore, dataset: string, version: number | undefined): Promise<void> {
  const newest = await newestRoot(store, dataset);
  const old = version === undefined ? undefined : await readRoot(store, dataset, version);
  if (!newest || (version !== undefined && old?.state !== 'live'))
    throw fail('serialization_failure', `version ${version} of dataset "${dataset}" is gone`);
  const { definitions: _, ...rest } = newest;
  const content = old ?? { ...rest, segments: [] };
  const definitions = content.definitions && {
    ...content.definitions,
    // Sequences go on, as PostgreSQL's do: what was given out is not given again.
    sequences: (content.definitions.sequences ?? []).map((sequence) => {
      const now = newest.definitions?.sequences?.find(({ name }) => name === sequence.name);
      return now && now.next > sequence.next ? now : sequence;
    }),
  };
  const next = {
    ...content,
    ...(definitions && { definitions }),
    version: newest.version + 1,
    created: Date.now(),
    nextSequence: newest.nextSequence,
  };
  if (!(await createRoot(store, next)))
    throw fail('serialization_failure', `dataset "${dataset}" was changed by another writer`);
}
