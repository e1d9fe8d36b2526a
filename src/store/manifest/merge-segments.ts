// Several segments as the source of one, streamed column by column: memory holds one column's figures at a time.

import { gatherIndex, gatherPlaces, gatherStats } from './gather-columns.js';
import type { Manifest } from './manifest.js';
import type { SegmentFile, SegmentRef, SegmentVariantColumn } from './segment.js';
import type { SegmentReader } from './segment-reader.js';
import type { ColumnSource, SegmentSource, TableSource } from './segment-writer.js';
import type { UnitedTable } from './unite-tables.js';

/** `manifest` is that of `segments` alone; files it leaves out are left behind. */
export async function mergeSegments(
  reader: SegmentReader,
  segments: readonly SegmentRef[],
  manifest: Manifest,
): Promise<SegmentSource> {
  const heads = await Promise.all(segments.map((segment) => reader.head(segment)));
  const writers = [...new Set(heads.flatMap((head) => head.writers))];
  const files = manifest.files.map(
    ({ source, name, attributes, details, storedBytes }): SegmentFile => ({
      source,
      name,
      attributes,
      details,
      storedBytes,
    }),
  );
  const tables: TableSource[] = [];
  for (const table of manifest.tables)
    if (table.cycle !== undefined) tables.push(await tableSource(reader, table, table.cycle, writers));
  return { files, writers, tables };
}

async function tableSource(
  reader: SegmentReader,
  table: UnitedTable,
  cycle: number,
  writers: readonly string[],
): Promise<TableSource> {
  const numberOf = new Map(writers.map((writer, w) => [writer, w]));
  const index = await gatherIndex(reader, table, (writer) => numberOf.get(writer)!);
  const { path, title, files, variants } = table;
  return {
    path,
    cycle,
    title,
    classType: table.classType,
    index,
    variants: variants.map((columns) =>
      columns
        .flatMap((stored, c): SegmentVariantColumn[] => (stored ? [[c, stored.index, stored.type]] : []))
        .sort((a, b) => a[1] - b[1]),
    ),
    files: {
      file: files.map(({ file }) => file),
      variant: files.map(({ variant }) => variant),
      entries: files.map(({ entries }) => entries),
      partitions: files.map(({ partitionCount }) => partitionCount),
    },
    columns: table.columns.map(
      (column): ColumnSource => ({
        ...column,
        stats: () => gatherStats(reader, table, column),
        places: (first, stop) => gatherPlaces(reader, table, column, first, stop),
      }),
    ),
  };
}
