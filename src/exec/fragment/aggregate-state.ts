// Running aggregates per group: filled by a fragment from values, by the merge from other fragments' states. Exact, so that neither
// order nor partitioning changes a result.
import { type FragmentAggregate, fail, type SqlType, stateTypes, types } from '../../core/index.js';
import { flat, type ListVec, toFlat, type Vec } from '../eval/vec.js';
import { ExtremeState } from './extreme-state.js';
import { grown } from './grown.js';
import { SumState } from './sum-state.js';

/** A chunk's values, by group; `groups` absent: all in group 0. */
export interface Grouped {
  readonly n: number;
  readonly groups: Int32Array | undefined;
  /** 1 for the positions that count: not NULL, and kept by the aggregate's filter. Absent: all. */
  readonly mask: Uint8Array | undefined;
  /** Groups so far. */
  readonly size: number;
}

export interface AggregateState {
  /** `value` is not constant; absent for `count(*)`. */
  update(value: Vec | undefined, grouped: Grouped): void;
  /** The states of another partition's groups. */
  merge(states: readonly Vec[], groups: Int32Array | undefined, size: number): void;
  /** The columns of {@link stateTypes}, for groups 0 to `groups` - 1. */
  states(groups: number): Vec[];
  result(groups: number, type: SqlType): Vec;
}

export function makeState(
  { op, histogram }: Pick<FragmentAggregate, 'op' | 'histogram'>,
  arg: SqlType | undefined,
): AggregateState {
  switch (op) {
    case 'count_star':
    case 'count':
      return new CountState();
    case 'sum':
    case 'avg':
      return new SumState(op, arg!);
    case 'min':
    case 'max':
      return new ExtremeState(op, arg!);
    case 'bool_and':
    case 'bool_or':
      return new ExtremeState(op === 'bool_and' ? 'min' : 'max', arg!);
    case 'hist': {
      const { low, high, bins } = histogram!;
      return new HistogramState(low, high, bins);
    }
  }
}

class CountState implements AggregateState {
  private counts = new Float64Array(16);

  update(_: Vec | undefined, { n, groups, mask, size }: Grouped): void {
    this.counts = grown(this.counts, size);
    const { counts } = this;
    if (groups && mask) for (let i = 0; i < n; i++) counts[groups[i]!]! += mask[i]!;
    else if (groups) for (let i = 0; i < n; i++) counts[groups[i]!]!++;
    else {
      let count = n;
      if (mask) {
        count = 0;
        for (let i = 0; i < n; i++) count += mask[i]!;
      }
      counts[0]! += count;
    }
  }
  merge([state]: readonly Vec[], groups: Int32Array | undefined, size: number): void {
    this.counts = grown(this.counts, size);
    const { data, n } = toFlat(state!, state!.n)!;
    for (let i = 0; i < n; i++) this.counts[groups ? groups[i]! : 0]! += data[i]!;
  }
  states(groups: number): Vec[] {
    return [this.result(groups)];
  }
  result(groups: number): Vec {
    this.counts = grown(this.counts, groups);
    return flat(types.int8, this.counts.slice(0, groups));
  }
}

const maxCells = 2 ** 27;

/** n + 2 counts a group: below `low`, the bins of [low, high), from `high` on and NaN. NULL before the first value. */
class HistogramState implements AggregateState {
  private counts = new Float64Array(0);
  private seen = new Uint8Array(1);
  private readonly width: number;

  constructor(
    private readonly low: number,
    private readonly high: number,
    private readonly bins: number,
  ) {
    this.width = bins + 2;
  }

  private reach(groups: number): void {
    if (groups * this.width > maxCells)
      throw fail('program_limit_exceeded', `${groups} histograms of ${this.bins} bins are too many`);
    this.counts = grown(this.counts, groups * this.width);
    this.seen = grown(this.seen, groups);
  }

  update(value: Vec | undefined, { n, groups, mask, size }: Grouped): void {
    if (value?.form !== 'flat') throw new Error('floats are flat');
    this.reach(size);
    const { low, high, bins, width, counts, seen } = this;
    const { data } = value;
    for (let i = 0; i < n; i++) {
      if (mask && mask[i] === 0) continue;
      const group = groups ? groups[i]! : 0;
      const x = data[i]!;
      const bin = x < low ? 0 : x < high ? Math.min(bins, Math.floor(((x - low) / (high - low)) * bins) + 1) : bins + 1;
      counts[group * width + bin]!++;
      seen[group] = 1;
    }
  }

  merge([state]: readonly Vec[], groups: Int32Array | undefined, size: number): void {
    this.reach(size);
    const lists = state as ListVec;
    const { data } = toFlat(lists.child, lists.child.n)!;
    for (let i = 0; i < lists.n; i++) {
      if (lists.valid && lists.valid[i] === 0) continue;
      const from = lists.offsets[i]!;
      if (lists.offsets[i + 1]! - from !== this.width) throw fail('data_corrupted', 'a histogram of another width');
      const group = groups ? groups[i]! : 0;
      for (let b = 0; b < this.width; b++) this.counts[group * this.width + b]! += data[from + b]!;
      this.seen[group] = 1;
    }
  }

  states(groups: number): Vec[] {
    return [this.result(groups)];
  }
  result(groups: number): Vec {
    this.reach(groups);
    const valid = this.seen.slice(0, groups);
    const offsets = Int32Array.from({ length: groups + 1 }, (_, g) => g * this.width);
    const child = flat(types.int8, this.counts.slice(0, groups * this.width));
    const type = stateTypes('hist', types.float8)![0]!;
    const mask = valid.includes(0) ? valid : undefined;
    return { form: 'list', type, n: groups, valid: mask, constant: false, offsets, child };
  }
}
