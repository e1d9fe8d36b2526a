// The logical plan: what is asked, whichever language asked it. Immutable; rules rewrite it into another of the same schema.
import type { TableEntry } from '../../catalog/index.js';
import type { Overload, SqlType } from '../../core/index.js';
import type { AggregateCall, Column, Scalar, SortKey } from '../bind/scalar.js';

export type LogicalPlan =
  | Scan
  | ValuesPlan
  | Project
  | Filter
  | Aggregate
  | WindowPlan
  | Join
  | Sort
  | Limit
  | TopN
  | Distinct
  | SetPlan
  | TableFunction
  | ProjectSet
  | WithPlan
  | CteScan
  | InputPlan;

/** Where a scan's column comes from. */
export type ScanSource =
  | { readonly kind: 'branch' /** Position in `table.columns`. */; readonly index: number }
  /** `event_id`, `_file`, and the file's position, which orders results. */
  | { readonly kind: 'system'; readonly name: 'event_id' | '_file' | '_file_ordinal' };

export interface ScanColumn {
  readonly column: Column;
  readonly source: ScanSource;
}

export interface Scan {
  readonly kind: 'scan';
  readonly table: TableEntry;
  /** What is read: all columns after binding, the needed ones after pruning. */
  readonly columns: readonly ScanColumn[];
  /** Conjuncts over `columns` that PushFilterIntoScan put here; a row passes where all are true. */
  readonly filter: readonly Scalar[];
  /** At most so many rows, the first in (file, entry) order. */
  readonly limit?: number;
  /** Only these files (ordinals): a native query on one `File`. */
  readonly files?: readonly number[];
}
export interface ValuesPlan {
  readonly kind: 'values';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Scalar[])[];
  /** Nothing but literals, perhaps thousands of rows: there is nothing to rewrite, and columns nobody reads are left out. */
  readonly isLiteral?: true;
}
export interface ProjectItem {
  readonly column: Column;
  readonly expr: Scalar;
}
export interface Project {
  readonly kind: 'project';
  readonly input: LogicalPlan;
  readonly items: readonly ProjectItem[];
}
export interface Filter {
  readonly kind: 'filter';
  readonly input: LogicalPlan;
  readonly predicate: Scalar;
}
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly input: LogicalPlan;
  readonly groups: readonly ProjectItem[];
  /** Positions in `groups`, per grouping set; absent is one set of all. */
  readonly sets?: readonly (readonly number[])[];
  /** `grouping(…)` results: one column per call, with the positions it names. */
  readonly grouping?: readonly { readonly column: Column; readonly groups: readonly number[] }[];
  readonly aggregates: readonly { readonly column: Column; readonly call: AggregateCall }[];
}
export interface FrameBoundPlan {
  readonly kind: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following';
  readonly offset?: Scalar;
}
export interface WindowCall {
  readonly column: Column;
  readonly call: AggregateCall;
  readonly partitionBy: readonly Scalar[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: {
    readonly mode: 'rows' | 'range' | 'groups';
    readonly start: FrameBoundPlan;
    readonly end: FrameBoundPlan;
    readonly exclude?: 'current row' | 'group' | 'ties' | 'no others';
  };
  readonly ignoreNulls: boolean;
}
/** Adds columns to its input. */
export interface WindowPlan {
  readonly kind: 'window';
  readonly input: LogicalPlan;
  readonly windows: readonly WindowCall[];
}
export interface Join {
  readonly kind: 'join';
  /** `semi` keeps the left rows that have a match, `anti` those that have none; both give the left side's columns alone. */
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'semi' | 'anti';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly on?: Scalar;
  /** The right side sees the left side's columns. */
  readonly lateral: boolean;
}
export interface Sort {
  readonly kind: 'sort';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
}
export interface Limit {
  readonly kind: 'limit';
  readonly input: LogicalPlan;
  /** int8 scalars without columns; NULL is no limit. */
  readonly limit?: Scalar;
  readonly offset?: Scalar;
  /** FETCH FIRST … WITH TIES: rows equal to the last by the Sort below stay. */
  readonly withTies: boolean;
}
/** Sort and Limit in one; made by a rule. Ties break by (file order, event_id) where those are in reach. */
export interface TopN {
  readonly kind: 'top_n';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
  readonly limit: number;
  readonly offset: number;
}
export interface Distinct {
  readonly kind: 'distinct';
  readonly input: LogicalPlan;
  /** DISTINCT ON: the first row of each group in the input's order. */
  readonly on?: readonly Scalar[];
}
export interface SetPlan {
  readonly kind: 'set';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  /** Columns match by position; types agree exactly. */
  readonly inputs: readonly LogicalPlan[];
  readonly columns: readonly Column[];
}
/** `unnest`, `generate_series`, … in FROM; several side by side pad with NULL. */
export interface TableFunction {
  readonly kind: 'table_function';
  readonly calls: readonly {
    readonly name: string;
    readonly overload: Overload;
    readonly args: readonly Scalar[];
    readonly columns: readonly Column[];
  }[];
  readonly ordinality?: Column;
}
/** Set-returning functions in a select list: they run in lock-step, shorter ones pad with NULL. */
export interface ProjectSet {
  readonly kind: 'project_set';
  readonly input: LogicalPlan;
  readonly items: readonly {
    readonly column: Column;
    readonly name: string;
    readonly overload: Overload;
    readonly args: readonly Scalar[];
  }[];
}
export interface CtePlan {
  readonly id: number;
  readonly name: string;
  readonly plan: LogicalPlan;
  readonly recursive: boolean;
  readonly materialized?: boolean;
}
export interface WithPlan {
  readonly kind: 'with';
  readonly ctes: readonly CtePlan[];
  readonly body: LogicalPlan;
}
export interface CteScan {
  readonly kind: 'cte_scan';
  readonly cte: number;
  readonly name: string;
  /** New columns, by position those of the CTE's plan. */
  readonly columns: readonly Column[];
}
/** Leaf of a plan that DuckDB runs: the rows of another physical plan. */
export interface InputPlan {
  readonly kind: 'input';
  readonly index: number;
  readonly columns: readonly Column[];
}

/** A statement after binding. */
export interface BoundQuery {
  readonly plan: LogicalPlan;
  /** Result columns with their labels, in order. */
  readonly output: readonly { readonly column: Column; readonly label: string; readonly type: SqlType }[];
}
