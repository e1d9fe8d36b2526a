// The frames of window functions: which rows of a sorted partition a function sees in each of them.
import {
  castValue,
  compareValues,
  DiagnosticError,
  fail,
  type IntervalValue,
  intervalSpan,
  lookupOperator,
  type NumericValue,
  type SqlType,
  signOf,
  types,
  type Value,
} from '../core/index.js';
import type { WindowCall } from '../planner/index.js';
import { evaluateConstant } from './eval/index.js';
import { isValid, type Vec, valueAt } from './eval/vec.js';
import { keyOrder } from './fragment/index.js';

export type FrameRange = readonly [start: number, end: number];

/** Rows that the ORDER BY does not tell apart. */
export interface Peers {
  /** Of the group `g`: where it begins; one more entry says where the last one ends. */
  readonly starts: readonly number[];
  at(row: number): { readonly group: number; readonly start: number; readonly end: number };
}

export function peersOf(sorted: Int32Array, keys: readonly Vec[]): Peers {
  const order = keyOrder(
    keys,
    keys.map(() => ({ descending: false, nullsFirst: false })),
  );
  const starts: number[] = [];
  const groups = new Int32Array(sorted.length);
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || order(sorted[i - 1]!, sorted[i]!) !== 0) starts.push(i);
    groups[i] = starts.length - 1;
  }
  starts.push(sorted.length);
  return {
    starts,
    at(row) {
      const group = groups[row]!;
      return { group, start: starts[group]!, end: starts[group + 1]! };
    },
  };
}

type Frame = NonNullable<WindowCall['frame']>;
type FrameOf = (row: number) => readonly FrameRange[];

const byDefault: Frame = {
  mode: 'range',
  start: { kind: 'unbounded preceding' },
  end: { kind: 'current row' },
};

/** For each partition: its rows in order, their peers, and the first sort key. */
export function frames({
  frame = byDefault,
  orderBy,
}: WindowCall): (sorted: Int32Array, peers: Peers, key: Vec | undefined) => FrameOf {
  let offsets: readonly [Value, Value] | undefined;
  return (sorted, peers, key) => {
    offsets ??= [offsetOf(frame, 'start'), offsetOf(frame, 'end')];
    const size = sorted.length;
    const descending = orderBy[0]?.descending ?? false;
    const range =
      frame.mode === 'range' && key && (frame.start.offset || frame.end.offset)
        ? new RangeBounds(sorted, peers, key, descending)
        : undefined;
    const bound = (which: 'start' | 'end', row: number): number => {
      const { kind, offset } = frame[which];
      const past = which === 'end' ? 1 : 0;
      if (kind === 'unbounded preceding') return 0;
      if (kind === 'unbounded following') return size;
      if (kind === 'current row')
        return frame.mode === 'rows' ? row + past : which === 'start' ? peers.at(row).start : peers.at(row).end;
      const value = offsets![past]!;
      if (range) return range.bound(row, kind === 'preceding', value, offset!.type, which);
      const step = Number(value) * (kind === 'preceding' ? -1 : 1);
      if (frame.mode === 'rows') return Math.max(0, Math.min(size, row + step + past));
      const group = peers.at(row).group + step + past;
      return group < 0 ? 0 : (peers.starts[group] ?? size);
    };
    return (row) => {
      const start = bound('start', row);
      const end = bound('end', row);
      return start < end ? without(frame.exclude, [start, end], row, peers) : [];
    };
  };
}

function without(
  exclude: Frame['exclude'],
  [start, end]: FrameRange,
  row: number,
  peers: Peers,
): readonly FrameRange[] {
  if (exclude === undefined || exclude === 'no others') return [[start, end]];
  const group = peers.at(row);
  const [from, to] = exclude === 'current row' ? [row, row + 1] : [group.start, group.end];
  const ranges: FrameRange[] = [
    [start, Math.min(end, from)],
    ...(exclude === 'ties' && row >= start && row < end ? [[row, row + 1] as const] : []),
    [Math.max(start, to), end],
  ];
  return ranges.filter(([s, e]) => s < e);
}

function offsetOf(frame: Frame, which: 'start' | 'end'): Value {
  const { offset } = frame[which];
  if (!offset) return null;
  const value = evaluateConstant(offset);
  const name = which === 'start' ? 'starting' : 'ending';
  if (value === null) throw fail('null_value_not_allowed', `frame ${name} offset must not be null`);
  if (isNegative(value, offset.type))
    throw fail(
      'invalid_preceding_or_following_size',
      frame.mode === 'range'
        ? 'invalid preceding or following size in window function'
        : `frame ${name} offset must not be negative`,
    );
  return value;
}

function isNegative(value: Exclude<Value, null>, type: SqlType): boolean {
  if (type.kind === 'interval') return intervalSpan(value as IntervalValue) < 0n;
  if (type.kind === 'numeric') return signOf(value as NumericValue) < 0;
  return (value as number | bigint) < 0 || Number.isNaN(value);
}

/** RANGE with an offset: rows whose key is within a distance. NULLs are near to each other alone. */
class RangeBounds {
  private readonly low: number;
  private readonly high: number;

  constructor(
    private readonly sorted: Int32Array,
    private readonly peers: Peers,
    private readonly key: Vec,
    private readonly descending: boolean,
  ) {
    const isNull = (row: number): boolean => !isValid(key, sorted[row]!);
    let low = 0;
    let high = sorted.length;
    while (low < high && isNull(low)) low++;
    while (high > low && isNull(high - 1)) high--;
    this.low = low;
    this.high = high;
  }

  bound(row: number, before: boolean, offset: Value, offsetType: SqlType, which: 'start' | 'end'): number {
    if (row < this.low || row >= this.high) {
      const { start, end } = this.peers.at(row);
      return which === 'start' ? start : end;
    }
    // Down the values where rows before have less.
    const limit = distant(this.at(row), this.key.type, offset, offsetType, before !== this.descending ? '-' : '+');
    if (!limit) return before ? this.low : this.high;
    const passes = (at: number): boolean => {
      const order = compareValues(castValue(this.at(at), this.key.type, limit.type), limit.value, limit.type);
      const along = this.descending ? -order : order;
      return which === 'start' ? along >= 0 : along > 0;
    };
    let [low, high] = [this.low, this.high];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (passes(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private at(row: number): Value {
    return valueAt(this.key, this.sorted[row]!);
  }
}

const integers = new Set<SqlType['kind']>(['int2', 'int4', 'int8']);
const floats = new Set<SqlType['kind']>(['float4', 'float8']);

/** Numbers of different width are added as the widest. */
function widest(type: SqlType): SqlType {
  return integers.has(type.kind) ? types.int8 : floats.has(type.kind) ? types.float8 : type;
}

/** `key - offset` or `key + offset`; `undefined` where that is beyond the type, hence beyond all keys. */
function distant(
  key: Value,
  keyType: SqlType,
  offset: Value,
  offsetType: SqlType,
  operator: '+' | '-',
): { readonly value: Value; readonly type: SqlType } | undefined {
  const argTypes = [widest(keyType), widest(offsetType)];
  const args = [castValue(key, keyType, argTypes[0]!), castValue(offset, offsetType, argTypes[1]!)];
  const overload = lookupOperator(operator, 2)!.overloads.find(
    ({ args: [a, b], fold }) =>
      fold &&
      typeof a === 'object' &&
      typeof b === 'object' &&
      a.kind === argTypes[0]!.kind &&
      b.kind === argTypes[1]!.kind,
  );
  if (!overload) throw fail('feature_not_supported', 'RANGE with an offset of this type is not supported');
  const type = typeof overload.returns === 'function' ? overload.returns(argTypes) : (overload.returns as SqlType);
  try {
    return { value: overload.fold!(args, { argTypes, type }), type };
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}
