// One table out of many files: columns united by name, types widened without loss, partitions numbered through.
import { fail, printStorageType, type SqlType, sameType } from '../../core/index.js';
import type { SegmentHead, SegmentRef, SegmentTable, SegmentVariantColumn } from './segment.js';
import { widenType } from './widen-type.js';

export interface StoredColumnInfo {
  /** As this layout stores it. */
  readonly type: SqlType;
  /** Position in the partition object. */
  readonly index: number;
}

export interface UnitedColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly title: string;
}

export interface UnitedFile {
  /** Ordinal in the dataset's file order. */
  readonly file: number;
  readonly cycle: number;
  readonly variant: number;
  readonly entries: number;
  readonly firstPartition: number;
  readonly partitionCount: number;
}

/** Partitions `first … first + count - 1` of a united table are `local … local + count - 1` of a segment's table. */
export interface PartitionRun {
  readonly segment: SegmentRef;
  readonly head: SegmentHead;
  readonly table: SegmentTable;
  readonly local: number;
  readonly first: number;
  readonly count: number;
}

export interface UnitedTable {
  readonly path: string;
  /** `undefined`: each file's highest cycle. */
  readonly cycle: number | undefined;
  readonly title: string;
  /** ROOT's class, of the first file. */
  readonly classType: string;
  readonly rows: number;
  readonly columns: readonly UnitedColumn[];
  /** Distinct layouts, per column of the table. */
  readonly variants: readonly (readonly (StoredColumnInfo | undefined)[])[];
  readonly files: readonly UnitedFile[];
  readonly partitionCount: number;
  readonly runs: readonly PartitionRun[];
}

/** One file's share of a segment's table. */
export interface TablePart {
  readonly file: number;
  readonly source: string;
  readonly segment: SegmentRef;
  readonly head: SegmentHead;
  readonly table: SegmentTable;
  readonly variant: number;
  readonly entries: number;
  /** Its first partition in `table`. */
  readonly local: number;
  readonly partitions: number;
}

/**
 * Both names of each tree, by path: `Events` (each file's highest cycle), then `Events;CYCLE`, highest first.
 * `parts` come in file order.
 * @throws DiagnosticError datatype_mismatch naming file, column and both types
 */
export function uniteTables(parts: readonly TablePart[]): UnitedTable[] {
  const byPath = new Map<string, TablePart[]>();
  for (const part of parts) {
    const known = byPath.get(part.table.path);
    if (known) known.push(part);
    else byPath.set(part.table.path, [part]);
  }
  const tables: UnitedTable[] = [];
  for (const [path, shares] of byPath) {
    const highest = new Map<number, TablePart>();
    const byCycle = new Map<number, TablePart[]>();
    for (const part of shares) {
      const { cycle } = part.table;
      if ((highest.get(part.file)?.table.cycle ?? -1) < cycle) highest.set(part.file, part);
      byCycle.set(cycle, [...(byCycle.get(cycle) ?? []), part]);
    }
    tables.push(uniteParts(path, undefined, [...highest.values()]));
    for (const cycle of [...byCycle.keys()].sort((a, b) => b - a))
      tables.push(uniteParts(path, cycle, byCycle.get(cycle)!));
  }
  return tables;
}

interface GrowingColumn {
  name: string;
  title: string;
  type: SqlType;
  /** Which file first had this type, for the message when another does not fit. */
  source: string;
}

function uniteParts(path: string, cycle: number | undefined, parts: readonly TablePart[]): UnitedTable {
  const columns: GrowingColumn[] = [];
  const positions = new Map<string, number>();
  const variantIds = new Map<string, number>();
  const layouts: { table: SegmentTable; columns: readonly SegmentVariantColumn[] }[] = [];
  const files: UnitedFile[] = [];
  const runs: PartitionRun[] = [];
  // Files mostly share the very same layout object: look at each once.
  const seen = new Map<readonly SegmentVariantColumn[], number>();
  let partitions = 0;
  let rows = 0;
  for (const part of parts) {
    const layout = part.table.variants[part.variant]!;
    let variant = seen.get(layout);
    if (variant === undefined) {
      for (const [c, , type] of layout) addColumn(columns, positions, part, part.table.columns[c]!, type);
      const key = JSON.stringify(layout.map(([c, stored, type]) => [part.table.columns[c]!.name, stored, type]));
      variant = variantIds.get(key);
      if (variant === undefined) {
        variant = layouts.length;
        variantIds.set(key, variant);
        layouts.push({ table: part.table, columns: layout });
      }
      seen.set(layout, variant);
    }
    files.push({
      file: part.file,
      cycle: part.table.cycle,
      variant,
      entries: part.entries,
      firstPartition: partitions,
      partitionCount: part.partitions,
    });
    addRun(runs, part, partitions);
    partitions += part.partitions;
    rows += part.entries;
  }
  const variants = layouts.map(({ table, columns: layout }) => {
    const stored: (StoredColumnInfo | undefined)[] = new Array(columns.length).fill(undefined);
    for (const [c, index, type] of layout) stored[positions.get(table.columns[c]!.name)!] = { type, index };
    return stored;
  });
  return {
    path,
    cycle,
    title: parts[0]?.table.title ?? '',
    classType: parts[0]?.table.classType ?? '',
    rows,
    columns: columns.map(({ name, type, title }) => ({ name, type, title })),
    variants,
    files,
    partitionCount: partitions,
    runs,
  };
}

function addColumn(
  columns: GrowingColumn[],
  positions: Map<string, number>,
  part: TablePart,
  { name, title }: { readonly name: string; readonly title: string },
  type: SqlType,
): void {
  const position = positions.get(name);
  if (position === undefined) {
    positions.set(name, columns.length);
    columns.push({ name, title, type, source: part.source });
    return;
  }
  const column = columns[position]!;
  const wide = widenType(column.type, type);
  if (!wide)
    throw fail(
      'datatype_mismatch',
      `column "${name}" of tree "${part.table.path};${part.table.cycle}" is ${printStorageType(type)} in file "${part.source}", but ${printStorageType(column.type)} in file "${column.source}"`,
      { detail: 'No type holds every value of both.', hint: 'ingest the file into a dataset of its own' },
    );
  if (!sameType(wide, column.type)) column.source = part.source;
  column.type = wide;
}

function addRun(runs: PartitionRun[], part: TablePart, first: number): void {
  if (part.partitions === 0) return;
  const last = runs.at(-1);
  const { segment, head, table, local, partitions: count } = part;
  if (last && last.table === table && last.local + last.count === local)
    runs[runs.length - 1] = { ...last, count: last.count + count };
  else runs.push({ segment, head, table, local, first, count });
}
