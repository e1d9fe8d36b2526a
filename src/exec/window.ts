// WindowExec: window functions by the registry's reference meanings, for those that DuckDB lacks.
import type * as arrow from 'apache-arrow';
import { type Accumulator, equalityKey, fail, type Value, type WindowRows } from '../core/index.js';
import type { Column, Scalar, WindowCall } from '../planner/index.js';
import { toBatch } from './eval/index.js';
import { fromValues, slice, type Vec, valueAt } from './eval/vec.js';
import { rowOrder } from './fragment/index.js';
import { batchRows, hold } from './held-rows.js';
import { type FrameRange, frames, peersOf } from './window-frame.js';

/** Rows come out in the order in which they came in. */
export async function* window(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  windows: readonly WindowCall[],
): AsyncGenerator<arrow.RecordBatch> {
  const readers = windows.map(readerOf);
  const held = await hold(
    batches,
    columns,
    readers.flatMap((r) => r.exprs),
  );
  let at = 0;
  const made = windows.map((call, w) => {
    const exprs = readers[w]!.exprs.length;
    const vecs = held.values.slice(at, at + exprs);
    at += exprs;
    return fromValues(call.column.type, valuesOf(call, readers[w]!, vecs, held.rows));
  });
  const all = [...columns, ...windows.map((w) => w.column)];
  const vecs = [...held.vecs, ...made];
  for (let start = 0; start < held.rows; start += batchRows) {
    const end = Math.min(start + batchRows, held.rows);
    yield toBatch(
      all,
      vecs.map((vec) => slice(vec, start, end)),
      end - start,
    );
  }
}

/** Where the expressions of a call stand among its own: arguments, partition, order, filter. */
interface CallReader {
  readonly exprs: readonly Scalar[];
  readonly partition: number;
  readonly order: number;
  readonly filter: number | undefined;
}

function readerOf({ call, partitionBy, orderBy }: WindowCall): CallReader {
  const partition = call.args.length;
  const order = partition + partitionBy.length;
  const filter = order + orderBy.length;
  return {
    exprs: [...call.args, ...partitionBy, ...orderBy.map((k) => k.expr), ...(call.filter ? [call.filter] : [])],
    partition,
    order,
    filter: call.filter ? filter : undefined,
  };
}

function valuesOf(call: WindowCall, reader: CallReader, vecs: readonly Vec[], rows: number): Value[] {
  const { overload } = call.call;
  const keys = vecs.slice(reader.order, reader.order + call.orderBy.length);
  const order = rowOrder(keys, call.orderBy);
  const frame = frames(call);
  const out = new Array<Value>(rows).fill(null);
  for (const partition of partitionsOf(vecs.slice(reader.partition, reader.order), rows)) {
    const sorted = partition.sort(order);
    const peers = peersOf(sorted, keys);
    const frameAt = frame(sorted, peers, keys[0]);
    const windowRows: WindowRows = {
      size: sorted.length,
      peers: (row) => peers.at(row),
      frame: frameAt,
      arg: (row, index) => valueAt(vecs[index]!, sorted[row]!),
    };
    const value = overload.over
      ? overload.over(windowRows)
      : aggregated(call, windowRows, (row) => admitted(call, reader, vecs, sorted[row]!));
    for (let i = 0; i < sorted.length; i++) out[sorted[i]!] = value(i);
  }
  return out;
}

/** Rows by partition, each in the input's order. */
function partitionsOf(keys: readonly Vec[], rows: number): Int32Array[] {
  if (keys.length === 0) return rows === 0 ? [] : [Int32Array.from({ length: rows }, (_, i) => i)];
  const found = new Map<string, number[]>();
  for (let i = 0; i < rows; i++) {
    const key = keys.map((vec) => equalityKey(valueAt(vec, i), vec.type)).join();
    const known = found.get(key);
    if (known) known.push(i);
    else found.set(key, [i]);
  }
  return [...found.values()].map((list) => Int32Array.from(list));
}

/** The arguments of a row that an aggregate counts; `undefined` for one that it leaves out. */
function admitted(
  { call }: WindowCall,
  reader: CallReader,
  vecs: readonly Vec[],
  row: number,
): readonly Value[] | undefined {
  if (reader.filter !== undefined && valueAt(vecs[reader.filter]!, row) !== true) return undefined;
  const args = call.args.map((_, i) => valueAt(vecs[i]!, row));
  return call.overload.strict && args.includes(null) ? undefined : args;
}

/** A frame that begins where the last one did and reaches further goes on with the same accumulator. */
function aggregated(
  { call }: WindowCall,
  rows: WindowRows,
  argsOf: (row: number) => readonly Value[] | undefined,
): (row: number) => Value {
  const accumulate = call.overload.accumulate;
  if (!accumulate) throw fail('feature_not_supported', `${call.name} is no window function`);
  const context = { argTypes: call.args.map((a) => a.type), type: call.type, order: call.orderBy };
  let accumulator: Accumulator = accumulate(context);
  let start = -1;
  let end = -1;
  let last: Value = null;
  const add = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const args = argsOf(i);
      if (args) accumulator.add(args);
    }
  };
  return (row) => {
    const ranges: readonly FrameRange[] = rows.frame(row);
    const [first] = ranges;
    const single = ranges.length <= 1;
    const from = first?.[0] ?? 0;
    const to = first?.[1] ?? 0;
    if (single && from === start && to === end) return last;
    if (single && from === start && to > end) add(end, to);
    else {
      accumulator = accumulate(context);
      for (const [s, e] of ranges) add(s, e);
    }
    [start, end] = single ? [from, to] : [-1, -1];
    last = accumulator.result();
    return last;
  };
}
