// Runs a Gather's fragments partition by partition, in order, a few ahead; merges partial aggregates and tops.
import type * as arrow from 'apache-arrow';
import type { Catalog, PartitionPlaces, TableEntry } from '../../catalog/index.js';
import {
  DiagnosticError,
  decodeResult,
  type FragmentBudget,
  fail,
  resultError,
  sqlStates,
  stateTypes,
} from '../../core/index.js';
import type { Column, Gather, MergeAggregate, MergeTopN } from '../../planner/index.js';
import { corrupted, type ObjectStore, type RangeReader } from '../../store/index.js';
import { batchOf, toBatch } from '../eval/evaluate.js';
import { concat, gather as gatherVec, slice, type Vec } from '../eval/vec.js';
import type { FragmentOperators, GatherOptions } from '../operators.js';
import { aggregateOf } from './aggregate-of.js';
import { makeState } from './aggregate-state.js';
import { answerByKernel } from './answer-fragment.js';
import { type BoundFragment, bindFragment, encodePartition } from './bind-fragment.js';
import { countReads } from './count-reads.js';
import { FragmentPool } from './fragment-pool.js';
import { GroupTable } from './group-table.js';
import { MeasuredSpeed, UnderWay } from './measured-speed.js';
import { type HeldResult, ReadAhead } from './read-ahead.js';
import { localResult, type PartitionResult, receivedResult } from './result-columns.js';
import { columnsFrom, runFragment } from './run-fragment.js';
import { ScanTurns, type Turn } from './scan-turns.js';
import { topRows } from './top-rows.js';

export interface FragmentRunnerOptions {
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  /** Threads; twice as many partitions are in flight. */
  readonly threads?: number;
  /** Bytes of results beyond which no fragment runs ahead of its reader. */
  readonly memoryBudget?: number;
  /** Scans of at least so many bytes start threads; smaller ones are done before a thread has started. */
  readonly threadBytes?: number;
}

/** Enough for a few partitions of the usual size. */
const mostAhead = 128 << 20;
const worthThreads = 8 << 20;
/** Scans of at least so many bytes go to threads that have started already. */
const worthMessages = 1 << 20;
/** Fragments over at most so many bytes run here while no thread has started yet: some 20 ms. */
const helpBytes = 2 << 20;

const budget: FragmentBudget = { rows: 2 ** 31 - 1, bytes: 2 ** 31 - 1, millis: 600_000 };

/** Places are looked up for so many partitions at a time. */
const placesAtOnce = 256;

export function createFragmentRunner(options: FragmentRunnerOptions): FragmentRunner {
  return new FragmentRunner(options);
}

export class FragmentRunner implements FragmentOperators {
  private readonly ahead: number;
  private readonly pool: FragmentPool;
  private readonly readAhead: ReadAhead;
  readonly speed = new MeasuredSpeed();
  private readonly reads = new UnderWay();
  private readonly calls = new UnderWay();
  private readonly jobs = new UnderWay();
  /** The store, its reads timed. */
  private readonly reader: RangeReader;

  constructor(private readonly options: FragmentRunnerOptions) {
    const threads = Math.max(1, options.threads ?? 2);
    // One more for each, so that none waits for a result that is read later.
    this.ahead = 2 * threads;
    this.readAhead = new ReadAhead(Math.min(options.memoryBudget ?? mostAhead, mostAhead));
    const { store } = options;
    this.reader = {
      url: store.url,
      shared: (object) => store.shared?.(object),
      readRanges: async (object, ranges, more) => {
        const { value, milliseconds } = await this.reads.time(() => store.readRanges(object, ranges, more));
        this.speed.read.add(
          value.reduce((sum, part) => sum + part.length, 0),
          milliseconds,
        );
        return value;
      },
    };
    this.pool = new FragmentPool(this.reader, threads);
  }

  async *rows(gather: Gather, options: GatherOptions): AsyncGenerator<arrow.RecordBatch> {
    const columns = outputColumns(gather);
    let left = gather.limit ?? Number.POSITIVE_INFINITY;
    if (left === 0) return;
    for await (const result of this.results(gather, options)) {
      const taken = Math.min(result.rows, left);
      if (taken === 0) continue;
      const data = columns.map((_, c) => result.data(c));
      yield batchOf(columns, taken === result.rows ? data : data.map((column) => column.slice(0, taken)), taken);
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
      const aggregate = aggregateOf(call);
      const width = stateTypes(aggregate.op, call.args[0]?.type)!.length;
      return { state: makeState(aggregate, call.args[0]?.type), type: call.type, width };
    });
    const { metrics } = options;
    for await (const result of this.results(plan.input, options)) {
      const began = performance.now();
      const groups = table.assign(
        keyTypes.map((_, k) => result.vec(k)),
        result.rows,
      );
      let at = keyTypes.length;
      for (const { state, width } of calls) {
        const states = Array.from({ length: width }, (_, c) => result.vec(at + c));
        state.merge(states, groups, table.size);
        at += width;
      }
      metrics.mergeMilliseconds += performance.now() - began;
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
    const { metrics } = options;
    for await (const result of this.results(plan.input, options)) {
      const began = performance.now();
      const { rows } = result;
      const columns = Array.from({ length: result.width }, (_, c) => result.vec(c));
      const before = best;
      const all: readonly Vec[] = before
        ? columns.map((vec, c) => concat([before.columns[c]!, vec], vec.type))
        : columns;
      const n = rows + (before?.rows ?? 0);
      const order = topRows(all.slice(items), output.keys, n, wanted);
      best = { rows: order.length, columns: all.map((vec) => gatherVec(vec, order)) };
      metrics.mergeMilliseconds += performance.now() - began;
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
    await this.pool.close();
  }

  /** Results in partition order; some partitions are under way, more of them in storage, which has more processors. */
  private async *results(gather: Gather, { signal, metrics }: GatherOptions): AsyncGenerator<PartitionResult> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const pending: {
      readonly result: Promise<PartitionResult>;
      readonly there: boolean;
      readonly held: HeldResult;
    }[] = [];
    /** What the reader has. */
    let taken: HeldResult | undefined;
    const next = (): Promise<PartitionResult> => {
      taken?.become(0);
      const { result, held } = pending.shift()!;
      taken = held;
      return result;
    };
    const bound = new Map<number, BoundFragment>();
    const turns = new ScanTurns(gather, this.options.store.execute ? this.speed.of(gather.fragment) : undefined);
    for (const { partitions } of gather.pruned) metrics.pruned += partitions;
    const isFull = (): boolean => {
      if (this.readAhead.isFull && pending.length > 0) return true;
      const here = pending.reduce((count, { there }) => count + (there ? 0 : 1), 0);
      return here >= this.ahead || pending.length >= turns.mostUnderWay(this.ahead);
    };
    try {
      for await (const [partition, places] of this.places(gather)) {
        throwIfAborted(signal);
        const turn = turns.next(partition);
        let fragment = bound.get(places.variant);
        if (!fragment) {
          fragment = bindFragment(gather.fragment, gather.table, places.variant);
          bound.set(places.variant, fragment);
        }
        // Until it is there, a result is reckoned as large as it can be, where that may come true; storage answers with less.
        const isLarge = turn === undefined && gather.fragment.output.kind === 'rows';
        const held = this.readAhead.hold(isLarge ? stake(fragment, places) : 0);
        const result = this.runOne(gather, fragment, places, turn, either, metrics);
        pending.push({ result, there: turn !== undefined, held });
        // A failure is seen when its turn comes.
        result.then(
          ({ bytes }) => held.become(bytes),
          () => held.become(0),
        );
        while (isFull()) yield await next();
      }
      while (pending.length > 0) {
        throwIfAborted(signal);
        yield await next();
      }
      throwIfAborted(signal);
    } finally {
      stop.abort();
      taken?.become(0);
      await Promise.allSettled(pending.map(({ result }) => result));
      for (const { held } of pending) held.become(0);
    }
  }

  private async *places({ table, partitions, fragment }: Gather): AsyncGenerator<[number, PartitionPlaces]> {
    const names = fragment.columns.flatMap(({ source }) =>
      source.kind === 'branch' ? [table.columns[source.index]!.name] : [],
    );
    // The first few come alone: a limit may need no more.
    for (let at = 0, size = this.ahead; at < partitions.length; at += size, size = placesAtOnce) {
      const some = [...partitions.subarray(at, at + size)];
      const places = await this.options.catalog.places(table, some, names);
      for (const [p, place] of places.entries()) yield [some[p]!, place];
    }
  }

  private async runOne(
    gather: Gather,
    fragment: BoundFragment,
    places: PartitionPlaces,
    turn: Turn | undefined,
    signal: AbortSignal,
    metrics: GatherOptions['metrics'],
  ): Promise<PartitionResult> {
    const file = await this.source(gather.table, places.file);
    const bytes = encodePartition(fragment, places, file, budget);
    const started = performance.now();
    let result = turn && (await this.inStore(gather, places.object, bytes, turn, signal, metrics));
    result ??= await this.locally(gather, places.object, bytes, stake(fragment, places), signal, metrics);
    metrics.partitions++;
    metrics.rows += result.rows;
    metrics.bytesRead += result.bytesRead;
    metrics.milliseconds += performance.now() - started;
    return result;
  }

  /** The store's own answer; `undefined`, with a notice, where it has none. */
  private async inStore(
    gather: Gather,
    object: string,
    bytes: Uint8Array,
    turn: Turn,
    signal: AbortSignal,
    metrics: GatherOptions['metrics'],
  ): Promise<PartitionResult | undefined> {
    const { store } = this.options;
    const execute = store.execute?.bind(store);
    if (!execute) return undefined;
    const began = performance.now();
    const refused = (reason: string): undefined => {
      const notice = `fragments ran here, not in the store: ${reason}`;
      if (!metrics.notices.includes(notice)) metrics.notices.push(notice);
      metrics.refused++;
      turn.refused();
    };
    let answered: { readonly value: Uint8Array; readonly milliseconds: number };
    try {
      answered = await this.calls.time(() => execute(object, bytes, { signal }));
    } catch (error) {
      if (error instanceof DiagnosticError && error.diagnostic.condition === 'feature_not_supported')
        return refused(error.message);
      throw error;
    }
    const { value: answer, milliseconds } = answered;
    const result = decodeResult(answer);
    metrics.bytesMoved += answer.length;
    if (result.kind === 'cannot') return refused(result.reason);
    if (result.kind === 'error')
      throw result.code === sqlStates.data_corrupted ? corrupted(object, store, result.message) : resultError(result);
    metrics.inStore++;
    metrics.inStoreMilliseconds += performance.now() - began;
    turn.answered();
    this.speed.of(gather.fragment).called(result.bytesRead, answer.length, milliseconds);
    return receivedResult(result, answer.length);
  }

  private async locally(
    { evaluator = false, partitions, fragment }: Gather,
    object: string,
    bytes: Uint8Array,
    bytesToRead: number,
    signal: AbortSignal,
    metrics: GatherOptions['metrics'],
  ): Promise<PartitionResult> {
    const reader = countReads(this.reader);
    const pool = this.threaded(bytesToRead, partitions.length) ? this.pool : undefined;
    if (!pool && evaluator) {
      const result = localResult(await runFragment(bytes, columnsFrom(reader, object, signal), signal));
      metrics.bytesMoved += reader.moved;
      return result;
    }
    // The time until a thread has come up is not the fragment's.
    const isTypical = !evaluator && (!pool || pool.ready > 0);
    const { value, milliseconds } = await this.jobs.time(() =>
      pool
        ? pool.run({ object, bytes, evaluator }, signal, (moved) => {
            metrics.bytesMoved += moved;
          })
        : answerByKernel(reader, object, bytes, signal),
    );
    metrics.bytesMoved += reader.moved;
    const result = decodeResult(value);
    if (result.kind === 'error') throw resultError(result);
    if (result.kind === 'cannot') throw new Error(`a fragment thread refused: ${result.reason}`);
    if (isTypical) this.speed.of(fragment).ranHere(result.bytesRead, milliseconds);
    return receivedResult(result, value.length);
  }

  /** Whether a thread runs the fragment; where a scan is worth it, threads start meanwhile. */
  private threaded(bytes: number, partitions: number): boolean {
    const { pool } = this;
    const { threadBytes } = this.options;
    const scan = bytes * partitions;
    if (scan < (pool.ready > 0 ? Math.min(threadBytes ?? worthMessages, worthMessages) : (threadBytes ?? worthThreads)))
      return false;
    pool.start(partitions);
    return pool.ready > 0 || threadBytes !== undefined || bytes > helpBytes;
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
