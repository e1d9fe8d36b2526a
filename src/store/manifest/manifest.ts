// One committed version of a dataset, put together from its root and the heads of its segments.
import type { DatasetRoot, RootSegment } from '../commit/dataset-root.js';
import type { DetailsPlace, FileAttributes } from './segment.js';
import type { SegmentReader } from './segment-reader.js';
import { type TablePart, type UnitedTable, uniteTables } from './unite-tables.js';

export interface ManifestFile {
  /** Position in the dataset's file order. */
  readonly ordinal: number;
  readonly source: string;
  readonly name: string;
  readonly attributes: FileAttributes;
  readonly storedBytes: number;
  readonly details: DetailsPlace;
  /** Where it is listed: position in `root.segments`, and among the segment's files. */
  readonly segment: number;
  readonly local: number;
  readonly sequence: number;
}

export interface Manifest {
  readonly dataset: string;
  readonly version: number;
  readonly root: DatasetRoot;
  /** In file order. */
  readonly files: readonly ManifestFile[];
  readonly tables: readonly UnitedTable[];
}

/** @throws DiagnosticError data_corrupted, datatype_mismatch (only where `root` is not committed yet) */
export async function loadManifest(reader: SegmentReader, root: DatasetRoot): Promise<Manifest> {
  const heads = await Promise.all(root.segments.map((segment) => reader.head(segment)));
  const listed: Omit<ManifestFile, 'ordinal'>[] = [];
  for (const [s, segment] of root.segments.entries()) {
    const sequenceOf = sequencesOf(segment);
    for (const [local, file] of heads[s]!.files.entries()) {
      const sequence = sequenceOf(local);
      if (sequence !== undefined) listed.push({ ...file, segment: s, local, sequence });
    }
  }
  const files = listed.sort((a, b) => a.sequence - b.sequence).map((file, ordinal) => ({ ...file, ordinal }));

  const ordinals = new Map(files.map((file) => [`${file.segment}/${file.local}`, file.ordinal]));
  const parts: TablePart[] = [];
  for (const [s, segment] of root.segments.entries()) {
    const head = heads[s]!;
    for (const table of head.tables) {
      let local = 0;
      for (const [f, localFile] of table.files.file.entries()) {
        const partitions = table.files.partitions[f]!;
        const file = ordinals.get(`${s}/${localFile}`);
        if (file !== undefined)
          parts.push({
            file,
            source: files[file]!.source,
            segment,
            head,
            table,
            variant: table.files.variant[f]!,
            entries: table.files.entries[f]!,
            local,
            partitions,
          });
        local += partitions;
      }
    }
  }
  // Stable: within a file, trees keep the order of the file.
  parts.sort((a, b) => a.file - b.file);
  return { dataset: root.dataset, version: root.version, root, files, tables: uniteTables(parts) };
}

/** Sequence number of each file of a segment; `undefined` where the version no longer has it. */
export function sequencesOf(segment: RootSegment): (file: number) => number | undefined {
  const removed = new Set(segment.removed);
  const moved = new Map(segment.moved);
  return (file) => (removed.has(file) ? undefined : (moved.get(file) ?? segment.firstSequence + file));
}
