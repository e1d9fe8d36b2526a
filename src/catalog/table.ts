// Datasets as the planner sees them: immutable snapshots of one committed version, and statistics loaded before planning.
import type { SqlType } from '../core/index.js';
import type {
  BufferPlace,
  ColumnDefinition,
  ColumnStats,
  ConstraintDefinition,
  DatasetDefinitions,
  IndexDefinition,
  TableDefinition,
  ViewDefinition,
} from '../store/index.js';

/** One version of one dataset. Everything but statistics and buffer places is in memory already. */
export interface DatasetSnapshot {
  readonly name: string;
  /** Grows by one with each commit. */
  readonly version: number;
  readonly files: readonly FileEntry[];
  readonly tables: readonly TableEntry[];
  /** None in snapshots that are made for tests. */
  readonly definitions?: DatasetDefinitions;
}

export interface FileEntry {
  /** Position in the dataset's file order, from 0. */
  readonly ordinal: number;
  /** The normalised source, which is also the value of `_file`. */
  readonly source: string;
  /** Last component of the source. */
  readonly name: string;
  readonly bytes: number;
}

/** One tree under one cycle, united over the files that have it. */
export interface TableEntry {
  readonly dataset: string;
  /** Stable within a version: the planner and the executor pass it around. */
  readonly id: number;
  /** Directory path and tree name: `Events`, `dir/Events`. */
  readonly path: string;
  /**
   * `undefined` for the table `Events`, which takes each file's highest cycle; a number for `Events;75`, which takes
   * the files that have that cycle. Both are listed; they share partitions.
   */
  readonly cycle: number | undefined;
  readonly title: string;
  readonly rows: number;
  /** United by name, in the order of first appearance; types widened without loss. Without `event_id` and `_file`. */
  readonly columns: readonly ColumnEntry[];
  /** Distinct per-file layouts; `files[i].variant` points here. */
  readonly variants: readonly SchemaVariant[];
  readonly files: readonly TableFile[];
  readonly partitionCount: number;
  /** Set where it is a view: a query in the place of files. */
  readonly view?: ViewDefinition;
  /** What its rows keep to, where SQL has made it so. */
  readonly definition?: TableDefinition;
}

export interface ColumnEntry {
  readonly name: string;
  /** Storage type after widening over files (`uint1`, `list<float4>`, …). */
  readonly type: SqlType;
  readonly title: string;
}

export interface SchemaVariant {
  /** Per column of the table: how this layout stores it; `undefined` where it lacks the column (reads as NULL). */
  readonly columns: readonly (StoredColumn | undefined)[];
}
export interface StoredColumn {
  readonly type: SqlType;
  /** Position among the buffers' columns of the partition object: the key of its manifest section. */
  readonly index: number;
}

export interface TableFile {
  /** {@link FileEntry.ordinal}. */
  readonly file: number;
  /** {@link FileEntry.source}, by which `_file` prunes; without it, it does not. */
  readonly source?: string;
  readonly cycle: number;
  readonly variant: number;
  readonly entries: number;
  /** Its partitions are `firstPartition … firstPartition + partitionCount - 1` of the table. */
  readonly firstPartition: number;
  readonly partitionCount: number;
}

/** Statistics of some columns over all partitions of a table, as parallel arrays of length `partitionCount`. */
export interface TableStats {
  readonly table: TableEntry;
  /** Index into `table.files`. */
  readonly file: Int32Array;
  /** `event_id` of the first row (entry number in its file and tree). */
  readonly firstEntry: Float64Array;
  readonly rows: Float64Array;
  /** By column name; only the columns asked for. */
  readonly columns: ReadonlyMap<string, ColumnStats>;
}

export type {
  BufferPlace,
  ColumnDefinition,
  ColumnStats,
  ConstraintDefinition,
  DatasetDefinitions,
  IndexDefinition,
  TableDefinition,
  ViewDefinition,
};

/** What the executor needs of one partition to make its fragment. */
export interface PartitionPlaces {
  readonly object: string;
  readonly rows: number;
  readonly firstEntry: number;
  /** {@link FileEntry.ordinal}. */
  readonly file: number;
  readonly variant: number;
  /** By stored column index, the columns asked for. */
  readonly columns: ReadonlyMap<number, readonly BufferPlace[]>;
}

/**
 * The door to committed data. Each call looks up the newest version unless a snapshot is handed back in.
 * @throws DiagnosticError invalid_schema_name (with a suggestion) for an unknown dataset
 */
export interface Catalog {
  datasetNames(): Promise<readonly string[]>;
  dataset(name: string): Promise<DatasetSnapshot>;
  /** Reads only the manifest sections of the columns named (and the partition index, once). */
  stats(table: TableEntry, columns: readonly string[]): Promise<TableStats>;
  /** Buffer places of stored columns for some partitions, in the order asked for. */
  places(
    table: TableEntry,
    partitions: readonly number[],
    columns: readonly string[],
  ): Promise<readonly PartitionPlaces[]>;
}
