// Sets of numbers as disjoint ascending intervals: what a comparison, and AND, OR and NOT of comparisons, leave of a variable's values.
import { everything, type Interval } from './value-distribution.js';

export type Intervals = readonly Interval[];

export const all: Intervals = [everything];

const isEmpty = ({ lo, loIn, hi, hiIn }: Interval): boolean => lo > hi || (lo === hi && !(loIn && hiIn));

export function intersection(a: Intervals, b: Intervals): Intervals {
  const both: Interval[] = [];
  for (const x of a)
    for (const y of b) {
      const low = x.lo > y.lo || (x.lo === y.lo && !x.loIn) ? x : y;
      const high = x.hi < y.hi || (x.hi === y.hi && !x.hiIn) ? x : y;
      const interval = { lo: low.lo, loIn: low.loIn, hi: high.hi, hiIn: high.hiIn };
      if (!isEmpty(interval)) both.push(interval);
    }
  return both;
}

export function union(intervals: Intervals): Intervals {
  const ascending = intervals
    .filter((interval) => !isEmpty(interval))
    .sort((a, b) => a.lo - b.lo || Number(b.loIn) - Number(a.loIn));
  const merged: Interval[] = [];
  for (const next of ascending) {
    const last = merged.at(-1);
    const touches = last && (next.lo < last.hi || (next.lo === last.hi && (next.loIn || last.hiIn)));
    if (!last || !touches) merged.push(next);
    else if (next.hi > last.hi || (next.hi === last.hi && next.hiIn))
      merged[merged.length - 1] = { ...last, hi: next.hi, hiIn: next.hiIn };
  }
  return merged;
}

export function complement(intervals: Intervals): Intervals {
  let rest = all;
  for (const { lo, loIn, hi, hiIn } of intervals)
    rest = intersection(rest, [
      { ...everything, hi: lo, hiIn: !loIn },
      { ...everything, lo: hi, loIn: !hiIn },
    ]);
  return rest;
}

/** Of the values `x` with `scale * x + shift` in `intervals`. */
export function solved(intervals: Intervals, scale: number, shift: number): Intervals {
  if (scale === 0 || !Number.isFinite(scale) || !Number.isFinite(shift)) return all;
  const back = intervals.map(({ lo, loIn, hi, hiIn }): Interval => {
    const [a, b] = [(lo - shift) / scale, (hi - shift) / scale];
    return scale > 0 ? { lo: a, loIn, hi: b, hiIn } : { lo: b, loIn: hiIn, hi: a, hiIn: loIn };
  });
  return union(back);
}

/** Of the values `x` with `|x|` in `intervals`. */
export function solvedAbsolute(intervals: Intervals): Intervals {
  const positive = intersection(intervals, [{ ...everything, lo: 0 }]);
  return union([
    ...positive,
    ...positive.map(({ lo, loIn, hi, hiIn }) => ({ lo: -hi, loIn: hiIn, hi: -lo, hiIn: loIn })),
  ]);
}
