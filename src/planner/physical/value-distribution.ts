// How the values of a column of a partition are spread: shares of intervals by its bounds, its small histogram, its number of distinct values.
import {
  type ColumnStats,
  quantileCount,
  quantileLevels,
  quantileScale,
  type TableStats,
} from '../../catalog/index.js';

/** From `lo` to `hi`; an end belongs to it where the flag says so. */
export interface Interval {
  readonly lo: number;
  readonly loIn: boolean;
  readonly hi: number;
  readonly hiIn: boolean;
}
export const everything: Interval = { lo: -Infinity, loIn: true, hi: Infinity, hiIn: true };
export const point = (value: number): Interval => ({ lo: value, loIn: true, hi: value, hiIn: true });

/** Something with a value in each row of a partition, perhaps NULL. */
export interface Variable {
  /** Variables of one key are one. */
  readonly key: string;
  /** What part of the values that are not NULL lies in disjoint intervals. */
  share(intervals: readonly Interval[], p: number): number;
  /** What part of the rows is NULL. */
  missing(p: number): number;
}

/** Of something that nothing is known about. */
export const unknownShare = 1 / 3;

/** What is used of a column's statistics. */
export type Known = Pick<
  ColumnStats,
  'nulls' | 'min' | 'max' | 'distinct' | 'bytes' | 'elements' | 'minLength' | 'maxLength'
> &
  Partial<Pick<ColumnStats, 'quantiles' | 'lengthQuantiles'>>;

interface Spread {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly distinct?: Float64Array;
  readonly quantiles?: Uint16Array | undefined;
  /** Whether values are whole numbers. */
  readonly whole: boolean;
}

export class Distribution {
  constructor(private readonly spread: Spread) {}

  share(intervals: readonly Interval[], p: number): number {
    const { min, max } = this.spread;
    if (!Number.isFinite(max[p]! - min[p]!)) return unknownShare;
    let sum = 0;
    for (const { lo, loIn, hi, hiIn } of intervals) {
      if (lo === hi) sum += loIn && hiIn ? this.equal(lo, p) : 0;
      else sum += Math.max(0, this.upTo(hi, hiIn, p) - this.upTo(lo, !loIn, p));
    }
    return Math.min(1, sum);
  }

  /** What part is below `value`, or at it where it is `included`. */
  upTo(value: number, included: boolean, p: number): number {
    const { min, max, whole } = this.spread;
    const [lo, hi] = [min[p]!, max[p]!];
    if (value < lo || (value === lo && !included)) return 0;
    if (value > hi || (value === hi && included)) return 1;
    // Half way to the neighbour, where there is nothing.
    if (whole) return this.at(included ? Math.floor(value) + 0.5 : Math.ceil(value) - 0.5, true, p);
    return this.at(value, included, p);
  }

  equal(value: number, p: number): number {
    const { min, max, distinct, whole } = this.spread;
    const [lo, hi] = [min[p]!, max[p]!];
    if (value < lo || value > hi || (whole && !Number.isInteger(value))) return 0;
    if (lo === hi) return 1;
    const position = Math.round(((value - lo) / (hi - lo)) * quantileScale);
    // Levels that the value spans are its own; half of the way to those beside it.
    let first = -1;
    while (first < quantileCount && this.knot(first, p) < position) first++;
    let last = first;
    while (last < quantileCount && this.knot(last + 1, p) === position) last++;
    if (last > first)
      return level(last) - level(first) + (level(first) - level(first - 1) + level(last + 1) - level(last)) / 2;
    const gap = level(Math.min(first + 1, quantileCount)) - level(first - 1);
    const each = Math.min(gap, 1 / Math.max(1, distinct?.[p] ?? 1));
    return whole ? Math.max(each, this.at(value + 0.5, true, p) - this.at(value - 0.5, true, p)) : each;
  }

  /** Between the quantiles values are taken to be spread evenly. */
  private at(value: number, included: boolean, p: number): number {
    const { min, max, whole } = this.spread;
    const exact = ((value - min[p]!) / (max[p]! - min[p]!)) * quantileScale;
    if (exact < 0) return 0;
    if (exact > quantileScale) return 1;
    const position = whole ? exact : Math.round(exact);
    let k = -1;
    if (included) while (k < quantileCount && this.knot(k + 1, p) <= position) k++;
    else while (k + 1 < quantileCount && this.knot(k + 1, p) < position) k++;
    if (k >= quantileCount) return 1;
    const [from, to] = [this.knot(k, p), this.knot(k + 1, p)];
    const part = to > from ? Math.min(1, (position - from) / (to - from)) : 0;
    return level(k) + (level(k + 1) - level(k)) * part;
  }

  /** The `k`-th quantile's position, the bounds being those at -1 and `quantileCount`. */
  private knot(k: number, p: number): number {
    if (k < 0) return 0;
    if (k >= quantileCount) return k === quantileCount ? quantileScale : Number.POSITIVE_INFINITY;
    const { quantiles } = this.spread;
    return quantiles ? quantiles[p * quantileCount + k]! : quantileLevels[k]! * quantileScale;
  }
}

const level = (k: number): number => (k < 0 ? 0 : k >= quantileCount ? 1 : quantileLevels[k]!);

/** The values of a column, or the elements of a list: those are never missing. */
export class ColumnVariable implements Variable {
  readonly distribution: Distribution;

  constructor(
    readonly key: string,
    readonly known: Known,
    whole: boolean,
    private readonly rows?: Float64Array,
  ) {
    const { min, max, distinct, quantiles } = known;
    this.distribution = new Distribution({ min, max, distinct, quantiles, whole });
  }

  share(intervals: readonly Interval[], p: number): number {
    return this.distribution.share(intervals, p);
  }

  missing(p: number): number {
    return this.rows ? this.known.nulls[p]! / Math.max(1, this.rows[p]!) : 0;
  }
}

/** Lengths that are looked at one by one. */
const mostLengths = 48;

/** The lengths of a column of lists. */
export class LengthVariable implements Variable {
  readonly key: string;
  private readonly distribution: Distribution | undefined;

  constructor(
    key: string,
    private readonly known: Known,
    private readonly stats: TableStats,
  ) {
    this.key = `length ${key}`;
    const { minLength, maxLength, lengthQuantiles } = known;
    if (minLength && maxLength)
      this.distribution = new Distribution({ min: minLength, max: maxLength, quantiles: lengthQuantiles, whole: true });
  }

  share(intervals: readonly Interval[], p: number): number {
    return this.distribution?.share(intervals, p) ?? unknownShare;
  }

  missing(p: number): number {
    return this.known.nulls[p]! / Math.max(1, this.stats.rows[p]!);
  }

  mean(p: number): number {
    return (this.known.elements?.[p] ?? this.stats.rows[p]!) / Math.max(1, this.stats.rows[p]! - this.known.nulls[p]!);
  }

  /** The mean of a function of the length. */
  expect(of: (length: number) => number, p: number): number {
    const { minLength, maxLength, lengthQuantiles } = this.known;
    const [lo, hi] = [minLength?.[p] ?? 0, maxLength?.[p] ?? 0];
    if (!this.distribution || !lengthQuantiles || !(hi > lo)) return of(this.mean(p));
    const step = Math.max(1, Math.ceil((hi - lo + 1) / mostLengths));
    let [sum, before] = [0, 0];
    for (let length = lo; length <= hi; length += step) {
      const last = Math.min(hi, length + step - 1);
      const below = this.distribution.upTo(last, true, p);
      if (below > before) sum += (below - before) * of((length + last) / 2);
      before = below;
    }
    return sum;
  }
}
