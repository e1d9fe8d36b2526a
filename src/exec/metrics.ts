// What a run cost, node by node: the figures of EXPLAIN ANALYZE.
import type * as arrow from 'apache-arrow';
import type { PhysicalPlan } from '../planner/index.js';

/** Counted by the fragment runner for one Gather. */
export interface GatherMetrics {
  /** Partitions whose fragments ran. */
  partitions: number;
  /** Partitions left out by the plan. */
  pruned: number;
  /** Rows that the fragments gave. */
  rows: number;
  /** Bytes read from objects, where they are. */
  bytesRead: number;
  /** Bytes that came from the store to this process. */
  bytesMoved: number;
  /** Of fragments, from start to end, summed over those that ran side by side. */
  milliseconds: number;
  /** Of them those that the store ran. */
  inStoreMilliseconds: number;
  /** Of putting answers together. */
  mergeMilliseconds: number;
  /** Partitions whose store answered the fragment itself. */
  inStore: number;
  /** Partitions whose store was asked and did not. */
  refused: number;
  /** What a user may want to know: why a store that computes did not, each once. */
  readonly notices: string[];
}

export interface NodeMetrics {
  readonly kind: PhysicalPlan['kind'];
  rows: number;
  batches: number;
  /** From asking this node for rows to getting them, its inputs included. */
  milliseconds: number;
  readonly gather?: GatherMetrics;
  readonly inputs: NodeMetrics[];
}

export function newGatherMetrics(): GatherMetrics {
  return {
    partitions: 0,
    pruned: 0,
    rows: 0,
    bytesRead: 0,
    bytesMoved: 0,
    milliseconds: 0,
    inStoreMilliseconds: 0,
    mergeMilliseconds: 0,
    inStore: 0,
    refused: 0,
    notices: [],
  };
}

/** Passes batches through and counts them. */
export async function* counted(
  batches: AsyncIterable<arrow.RecordBatch>,
  metrics: NodeMetrics,
): AsyncGenerator<arrow.RecordBatch> {
  const iterator = batches[Symbol.asyncIterator]();
  try {
    for (;;) {
      const asked = performance.now();
      const { done, value } = await iterator.next();
      metrics.milliseconds += performance.now() - asked;
      if (done) return;
      metrics.rows += value.numRows;
      metrics.batches += 1;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
