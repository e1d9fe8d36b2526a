// What the executor needs of the fragment runner and the evaluator.
import type * as arrow from 'apache-arrow';
import type { Column, Gather, MergeAggregate, MergeTopN, ProjectItem, Scalar, StoreSpeed } from '../planner/index.js';
import type { GatherMetrics } from './metrics.js';

export interface GatherOptions {
  readonly signal: AbortSignal;
  readonly metrics: GatherMetrics;
}

/** Batches carry the node's output columns by position, in the Arrow types of `toArrowType`. */
export interface FragmentOperators {
  /** In (file, entry) order, `gather.limit` applied; ending the iteration early frees what runs. */
  rows(gather: Gather, options: GatherOptions): AsyncIterable<arrow.RecordBatch>;
  mergeAggregate(plan: MergeAggregate, options: GatherOptions): AsyncIterable<arrow.RecordBatch>;
  mergeTopN(plan: MergeTopN, options: GatherOptions): AsyncIterable<arrow.RecordBatch>;
  /** As seen while they run. */
  readonly speed?: StoreSpeed;
  close(): Promise<void>;
}

export interface EvalOperators {
  compileEval(
    input: readonly Column[],
    filter: readonly Scalar[],
    items: readonly ProjectItem[],
  ): (batch: arrow.RecordBatch) => arrow.RecordBatch;
  evalValues(columns: readonly Column[], rows: readonly (readonly Scalar[])[]): arrow.RecordBatch;
}
