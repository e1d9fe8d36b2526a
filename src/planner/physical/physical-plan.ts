// The physical plan: what really runs, and where. `EXPLAIN` prints exactly this.
import type { TableEntry } from '../../catalog/index.js';
import type { AggregateCall, Column, Scalar, SortKey } from '../bind/scalar.js';
import type { Aggregate, LogicalPlan, ProjectItem, ScanColumn, WindowPlan } from '../logical/logical-plan.js';
import type { FragmentCost } from './fragment-cost.js';

export type PhysicalPlan =
  | Gather
  | MergeAggregate
  | MergeTopN
  | SortExec
  | DistinctExec
  | AggregateExec
  | WindowExec
  | LimitExec
  | EvalExec
  | DuckDbExec
  | ValuesExec
  | SeriesExec
  | GatherByFile;

/**
 * The part of a plan that one partition answers alone; encoded (core/fragment) per partition by exec, which adds buffer places and
 * binds it to the layout of the partition's file.
 */
export interface FragmentSpec {
  /** What it reads. */
  readonly columns: readonly ScanColumn[];
  readonly filter: readonly Scalar[];
  /** Absent: the output is of rows. */
  readonly unnest?: FragmentUnnest;
  readonly output: FragmentOutput;
}
/**
 * Rows of the output are the elements of lists, in lock-step, with the scanned columns of the row they come from; a row without elements
 * has none. Shorter lists are filled up with NULL, as PostgreSQL's `unnest(a, b)` in FROM does.
 */
export interface FragmentUnnest {
  readonly lists: readonly { readonly column: Column; readonly list: Scalar }[];
  /** WITH ORDINALITY: an int8, from 1. */
  readonly ordinality?: Column;
  /** Conjuncts over scanned columns and elements, besides {@link FragmentSpec.filter}, which decides which rows are looked at at all. */
  readonly filter: readonly Scalar[];
}
export type FragmentOutput =
  | { readonly kind: 'rows'; readonly items: readonly ProjectItem[]; readonly limit?: number }
  | {
      readonly kind: 'top_n';
      readonly items: readonly ProjectItem[];
      readonly keys: readonly SortKey[];
      readonly limit: number;
    }
  | {
      readonly kind: 'aggregate';
      readonly groups: readonly ProjectItem[];
      readonly aggregates: readonly { readonly column: Column; readonly call: AggregateCall }[];
    };

export interface PushedPredicate {
  readonly predicate: Scalar;
  readonly verdict: 'exact' | 'inexact';
}
export interface ResidualPredicate {
  readonly predicate: Scalar;
  /** Why it stays: `round(numeric) is not a kernel operation`. */
  readonly reason: string;
}

/** Rows that fragments give, bytes of their columns and of their answers. */
export interface GatherEstimate extends FragmentCost {
  readonly partitions: number;
}

/** Fragments over the unpruned partitions; rows come in (file, entry) order. */
export interface Gather {
  readonly kind: 'gather';
  readonly table: TableEntry;
  readonly fragment: FragmentSpec;
  /** Ascending partition numbers of the table that are read. */
  readonly partitions: Int32Array;
  /** What each pruning reason removed: `event_id max`, `_file`, `Muon_pt max`, `limit`. */
  readonly pruned: readonly { readonly reason: string; readonly partitions: number }[];
  readonly pushed: readonly PushedPredicate[];
  readonly residual: readonly ResidualPredicate[];
  readonly placement: 'storage' | 'local' | 'mixed';
  /** Why there: cost figures in words. */
  readonly placementReason: string;
  /** `mixed`: the partitions that are read and answered here; the others are answered in storage. */
  readonly here?: ReadonlySet<number>;
  /**
   * What the fragments are expected to cost, by partition: storage that turns out to be busy gets fewer of them. Absent where they run at one
   * place whatever it costs.
   */
  readonly costs?: { readonly [K in keyof FragmentCost]: Float64Array };
  /** The same of all of them together, for EXPLAIN. */
  readonly estimate?: GatherEstimate;
  /** Here, fragments run by the evaluator and not by the kernel: `kernel=evaluator`, `kernel=off`. */
  readonly evaluator?: boolean;
  /** Stop after so many rows in order. */
  readonly limit?: number;
}
/** Merges partial aggregates, exact and independent of order; groups come out in order of first appearance. */
export interface MergeAggregate {
  readonly kind: 'merge_aggregate';
  readonly input: Gather;
  readonly groups: readonly Column[];
  readonly aggregates: readonly { readonly column: Column; readonly call: AggregateCall }[];
}
/** Merges the partitions' top rows; ties by (file order, entry). */
export interface MergeTopN {
  readonly kind: 'merge_top_n';
  readonly input: Gather;
  readonly keys: readonly SortKey[];
  readonly limit: number;
  readonly offset: number;
}
/** Sorts rows that are few, or in memory already, by the evaluator; ties keep the input's order. */
export interface SortExec {
  readonly kind: 'sort';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  /** Only the first of them. */
  readonly limit?: number;
  readonly offset: number;
}
/** The first of the rows that agree in `on`, in the input's order; of few rows, as {@link SortExec}. */
export interface DistinctExec {
  readonly kind: 'distinct';
  readonly input: PhysicalPlan;
  readonly on: readonly Scalar[];
}
/** Aggregates that DuckDB lacks, by their accumulators; groups come out in order of first appearance. */
export interface AggregateExec extends Omit<Aggregate, 'input'> {
  readonly input: PhysicalPlan;
}
/** Window functions that DuckDB lacks, by their accumulators and reference meanings; rows keep the input's order. */
export interface WindowExec extends Omit<WindowPlan, 'input'> {
  readonly input: PhysicalPlan;
}
export interface LimitExec {
  readonly kind: 'limit';
  readonly input: PhysicalPlan;
  readonly limit?: number;
  readonly offset: number;
}
/** Filter, then projection, by the evaluator, batch by batch: what kernel and DuckDB cannot do, and what needs no engine. */
export interface EvalExec {
  readonly kind: 'eval';
  readonly input: PhysicalPlan;
  readonly filter: readonly Scalar[];
  readonly items: readonly ProjectItem[];
}
/** The rest of the plan, in DuckDB: `plan` has an `input` leaf for each of `inputs`. */
export interface DuckDbExec {
  readonly kind: 'duckdb';
  readonly plan: LogicalPlan;
  readonly inputs: readonly PhysicalPlan[];
}
export interface ValuesExec {
  readonly kind: 'values';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Scalar[])[];
}
/** A row for each element of a list of constants, which is made bit by bit where its function can. */
export interface SeriesExec {
  readonly kind: 'series';
  readonly column: Column;
  readonly list: Scalar;
}
/** Runs `input` once for each file, its gathers restricted to that file; one result per file, empty ones included. */
export interface GatherByFile {
  readonly kind: 'gather_by_file';
  readonly input: PhysicalPlan;
  /** File ordinals, in order. */
  readonly files: readonly number[];
}
