// Runs a Gather's fragments partition by partition, in order, a few ahead; merges partial aggregates and tops.
import type * as arrow from 'apache-arrow';
import type { Catalog, PartitionPlaces, TableEntry } from '../../catalog/index.js';
import { aggregateOpcodes, type FragmentBudget, fail } from '../../core/index.js';
import type { Column, Gather, MergeAggregate, MergeTopN } from '../../planner/index.js';
import type { ObjectStore } from '../../store/index.js';
import { toBatch } from '../eval/evaluate.js';
import { concat, gather as gatherVec, slice, type Vec } from '../eval/vec.js';
import type { FragmentOperators, GatherOptions } from '../operators.js';
import { makeState } from './aggregate-state.js';
import { type BoundFragment, bindFragment, encodePartition } from './bind-fragment.js';
import { FragmentPool } from './fragment-pool.js';
import { GroupTable } from './group-table.js';
import { columnsFrom, type FragmentResult, runFragment } from './run-fragment.js';
import { topRows } from './top-rows.js';

export interface FragmentRunnerOptions {
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  /** Partitions in flight. */
  readonly threads?: number;
  /** Bytes of partitions in flight. */
  readonly memoryBudget?: number;
  /** Scans of at least so many bytes go to threads; smaller ones are done before a thread has started. */
  readonly threadBytes?: number;
}

const worthThreads = 16 << 20;

const budget: FragmentBudget = { rows: 2 ** 31 - 1, bytes: 2 ** 31 - 1, millis: 600_000 };

/** Places are looked up for so many partitions at a time. */
const placesAtOnce = 256;

export function createFragmentRunner(options: FragmentRunnerOptions): FragmentRunner {
  return new FragmentRunner(options);
}

export class FragmentRunner implements FragmentOperators {
  private readonly ahead: number;
  private readonly pool: FragmentPool | undefined;

  constructor(private readonly options: FragmentRunnerOptions) {
    const threads = Math.max(1, options.threads ?? 2);
    this.ahead = threads;
    // Objects in this process's memory cannot be opened by a thread.
    if (options.store.url.startsWith('file:')) this.pool = new FragmentPool(options.store.url, threads);
  }

  async *rows(gather: Gather, options: GatherOptions): AsyncGenerator<arrow.RecordBatch> {
    const columns = outputColumns(gather);
    let left = gather.limit ?? Number.POSITIVE_INFINITY;
    if (left === 0) return;
    for await (const { rows, columns: vecs } of this.results(gather, options)) {
      const taken = Math.min(rows, left);
      if (taken === 0) continue;
      yield toBatch(
        columns,
        vecs.slice(0, columns.length).map((vec) => slice(vec, 0, taken)),
        taken,
      );
      left -= taken;
      if (left === 0) return;
    }
  }

  async *mergeAggregate(plan: MergeAggregate, options: GatherOptions): AsyncGenerator<arrow.RecordBatch> {
    const { output } = plan.input.fragment;
    if (output.kind !== 'aggregate') throw new Error('merge_aggregate over a fragment without aggregates');
    const keyTypes = output.groups.map((group) => group.expr.type);
    const table = new GroupTable(keyTypes);
    const calls = output.aggregates.map(({ call }) => {
      const op = call.args.length === 0 ? 'count_star' : aggregateOpcodes.find((name) => name === call.overload.kernel);
      return { state: makeState(op!, call.args[0]?.type), type: call.type };
    });
    for await (const { rows, columns } of this.results(plan.input, options)) {
      const groups = table.assign(columns.slice(0, keyTypes.length), rows);
      let at = keyTypes.length;
      for (const { state } of calls) {
        const count = state.states(0).length;
        state.merge(columns.slice(at, at + count), groups);
        at += count;
      }
    }
    const n = table.size;
    const vecs = [...table.keyVecs(), ...calls.map(({ state, type }) => state.result(n, type))];
    yield toBatch([...plan.groups, ...plan.aggregates.map((aggregate) => aggregate.column)], vecs, n);
  }

  async *mergeTopN(plan: MergeTopN, options: GatherOptions): AsyncGenerator<arrow.RecordBatch> {
    const { output } = plan.input.fragment;
    if (output.kind !== 'top_n') throw new Error('merge_top_n over a fragment without a top');
    const wanted = plan.limit + plan.offset;
    let best: { rows: number; columns: readonly Vec[] } | undefined;
    const items = output.items.length;
    // Rows come in (file, entry) order and ties keep positions, so merging as they come breaks ties rightly.
    for await (const { rows, columns } of this.results(plan.input, options)) {
      const before = best;
      const all: readonly Vec[] = before
        ? columns.map((vec, c) => concat([before.columns[c]!, vec], vec.type))
        : columns;
      const n = rows + (before?.rows ?? 0);
      const order = topRows(all.slice(items), output.keys, n, wanted);
      best = { rows: order.length, columns: all.map((vec) => gatherVec(vec, order)) };
    }
    if (!best || best.rows <= plan.offset) return;
    const end = best.rows;
    yield toBatch(
      outputColumns(plan.input),
      best.columns.slice(0, items).map((vec) => slice(vec, plan.offset, end)),
      end - plan.offset,
    );
  }

  async warm(): Promise<void> {}

  async close(): Promise<void> {
    await this.pool?.close();
  }

  /** Results in partition order; up to `ahead` partitions are under way. */
  private async *results(gather: Gather, { signal, metrics }: GatherOptions): AsyncGenerator<FragmentResult> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const pending: Promise<FragmentResult>[] = [];
    const bound = new Map<number, BoundFragment>();
    for (const { partitions } of gather.pruned) metrics.pruned += partitions;
    try {
      for await (const places of this.places(gather)) {
        throwIfAborted(signal);
        pending.push(this.runOne(gather, bound, places, either, metrics));
        // A failure is seen when its turn comes.
        pending.at(-1)!.catch(() => {});
        if (pending.length >= this.ahead) yield await pending.shift()!;
      }
      while (pending.length > 0) {
        throwIfAborted(signal);
        yield await pending.shift()!;
      }
      throwIfAborted(signal);
    } finally {
      stop.abort();
      await Promise.allSettled(pending);
    }
  }

  private async *places({ table, partitions, fragment }: Gather): AsyncGenerator<PartitionPlaces> {
    const names = fragment.columns.flatMap(({ source }) =>
      source.kind === 'branch' ? [table.columns[source.index]!.name] : [],
    );
    // The first few come alone: a limit may need no more.
    for (let at = 0, size = this.ahead; at < partitions.length; at += size, size = placesAtOnce) {
      yield* await this.options.catalog.places(table, [...partitions.subarray(at, at + size)], names);
    }
  }

  private async runOne(
    gather: Gather,
    bound: Map<number, BoundFragment>,
    places: PartitionPlaces,
    signal: AbortSignal,
    metrics: GatherOptions['metrics'],
  ): Promise<FragmentResult> {
    let fragment = bound.get(places.variant);
    if (!fragment) {
      fragment = bindFragment(gather.fragment, gather.table, places.variant);
      bound.set(places.variant, fragment);
    }
    const file = await this.source(gather.table, places.file);
    const bytes = encodePartition(fragment, places, file, budget);
    const started = performance.now();
    const { store, threadBytes } = this.options;
    const result =
      this.pool && stake(fragment, places) * gather.partitions.length >= (threadBytes ?? worthThreads)
        ? await this.pool.run(places.object, bytes, signal)
        : await runFragment(bytes, columnsFrom(store, places.object, signal));
    metrics.partitions++;
    metrics.rows += result.rows;
    metrics.bytesRead += result.bytesRead;
    metrics.bytesMoved += result.bytesRead;
    metrics.milliseconds += performance.now() - started;
    return result;
  }

  /** The value of `_file`. */
  private async source(table: TableEntry, ordinal: number): Promise<string> {
    const known = table.files.find(({ file }) => file === ordinal)?.source;
    if (known !== undefined) return known;
    const dataset = await this.options.catalog.dataset(table.dataset);
    return dataset.files[ordinal]!.source;
  }
}

/** Bytes that a fragment may read of its partition. */
function stake({ columns }: BoundFragment, places: PartitionPlaces): number {
  let bytes = 0;
  for (const { index } of columns) for (const { length } of places.columns.get(index) ?? []) bytes += length;
  return bytes;
}

function outputColumns({ fragment: { output } }: Gather): readonly Column[] {
  return output.kind === 'aggregate'
    ? [...output.groups, ...output.aggregates].map((item) => item.column)
    : output.items.map((item) => item.column);
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw fail('query_canceled', 'canceling statement due to user request');
}
