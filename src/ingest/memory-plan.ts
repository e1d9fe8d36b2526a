// How a memory budget becomes threads and partition sizes.
import { availableParallelism } from 'node:os';
import { fail } from '../core/index.js';
import { targetPartitionBytes } from '../store/index.js';
import type { IngestOptions } from './ingest.js';

export interface MemoryPlan {
  readonly threads: number;
  /** Bytes a partition should have. */
  readonly target: number;
  /** Bytes of the buffers that partitions are made in; each thread has two, one being filled and one being written. */
  readonly capacity: number;
  /** Bytes of a thread for partitions and the columns that go into them. */
  readonly share: number;
}

const defaultBudget = 1 << 30;
/** Of the main thread: the trees of open files, the manifest's segment under construction. */
const mainBytes = 32 << 20;
/** Of a thread besides: its heap, two batches of baskets as read, what waits for collection. Measured with `bench -- ingest-memory`. */
const threadBytes = 124 << 20;
const smallestCapacity = 2 << 20;
/** A thread more is not worth partitions smaller than this: they cut through clusters, whose baskets are then expanded several times. */
const worthThread = 24 << 20;
/** A partition is planned by what the tree says of its branches' bytes, which is not quite what their columns take. */
const fill = 0.9;
/** A branch's values are there as expanded baskets and as a column, which may be growing, before they are in the partition. */
const copiesOfBranch = 4;

/**
 * The budget covers what ingest adds to the process: threads, buffers, garbage. Not in it: a basket, or an entry, that is larger than a
 * partition is meant to be, and what the process had before.
 * @throws DiagnosticError invalid_parameter_value where the budget holds not even one thread
 */
export function memoryPlan(options: Pick<IngestOptions, 'memoryBudget' | 'threads' | 'partitionBytes'>): MemoryPlan {
  const budget = options.memoryBudget ?? defaultBudget;
  const perThread = threadBytes + (2 + copiesOfBranch) * smallestCapacity;
  if (!(budget >= mainBytes + perThread))
    throw fail('invalid_parameter_value', `a memory budget of ${Math.floor(budget / 2 ** 20)} MiB is too small`, {
      hint: `Ingest needs ${(mainBytes + perThread) / 2 ** 20} MiB.`,
    });
  const asked = options.threads ?? Math.min(4, availableParallelism());
  const threads = Math.min(asked, Math.max(1, Math.floor((budget - mainBytes) / (threadBytes + 2 * worthThread))));
  const share = Math.floor((budget - mainBytes) / Math.max(1, threads)) - threadBytes;
  const target = Math.min(options.partitionBytes ?? targetPartitionBytes, Math.floor((share / 2) * fill));
  return { threads, share, target, capacity: Math.max(smallestCapacity, Math.ceil(target / fill)) };
}

/** Of one tree; `largest`: the part of its bytes that its largest branch has. A partition that comes out above `limit` is divided. */
export function partitionSize(plan: MemoryPlan, largest: number): { readonly target: number; readonly limit: number } {
  const limit = Math.floor(Math.min(plan.capacity, plan.share / (2 + copiesOfBranch * Math.min(1, largest || 0))));
  return { target: Math.min(plan.target, Math.floor(limit * fill)), limit };
}
