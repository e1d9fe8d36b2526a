// Ordered-set and hypothetical-set aggregates: what stands before WITHIN GROUP, over rows that come in sorted.
import { fail } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import { scaleInterval, sumIntervals } from '../value/calendar.js';
import { compareValues } from '../value/compare.js';
import { chapter, type Draft, on } from './define.js';
import type { Accumulator, FunctionEntry, IntervalValue, RenderContext, Value } from './overload.js';

const aggregate = chapter('aggregate', 'aggregate');
const { float8, int8, interval } = types;

/** The direct argument, and the values that are not NULL. */
function overSorted(finish: (direct: Value, values: readonly Value[]) => Value): () => Accumulator {
  return () => {
    let direct: Value = null;
    const sorted: Value[] = [];
    return {
      add([first, value]) {
        direct = first!;
        if (value !== null) sorted.push(value!);
      },
      result: () => (sorted.length === 0 ? null : finish(direct, sorted)),
    };
  };
}

function fraction(p: Value): number {
  const f = p as number;
  if (!(f >= 0 && f <= 1)) throw fail('numeric_value_out_of_range', `percentile value ${f} is not between 0 and 1`);
  return f;
}

type Between = (low: Value, high: Value, part: number) => Value;
const betweenFloats: Between = (low, high, part) => (low as number) + part * ((high as number) - (low as number));
const betweenIntervals: Between = (low, high, part) =>
  sumIntervals(
    low as IntervalValue,
    scaleInterval(sumIntervals(high as IntervalValue, scaleInterval(low as IntervalValue, -1)), part),
  );

const continuous =
  (between: Between) =>
  (p: Value, sorted: readonly Value[]): Value => {
    if (p === null) return null;
    const at = fraction(p) * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.ceil(at);
    return low === high ? sorted[low]! : between(sorted[low]!, sorted[high]!, at - low);
  };

const discrete = (p: Value, sorted: readonly Value[]): Value =>
  p === null ? null : sorted[Math.max(1, Math.ceil(fraction(p) * sorted.length)) - 1]!;

const eachOf =
  (one: (p: Value, sorted: readonly Value[]) => Value) =>
  (ps: Value, sorted: readonly Value[]): Value =>
    ps === null ? null : (ps as readonly Value[]).map((p) => one(p, sorted));

const rest = (finish: Parameters<typeof overSorted>[0]) =>
  ({ orderedSet: true, strict: false, accumulate: overSorted(finish) }) as const;
const second = (argTypes: readonly SqlType[]) => argTypes[1]!;

const mode: NonNullable<Draft['accumulate']> = ({ argTypes }) => {
  let best: Value = null;
  let most = 0;
  let current: Value = null;
  let count = 0;
  return {
    add([value]) {
      if (value === null) return;
      count = current !== null && compareValues(value!, current, argTypes[0]!) === 0 ? count + 1 : 1;
      current = value!;
      if (count > most) [best, most] = [current, count];
    },
    result: () => best,
  };
};

interface Standing {
  readonly rows: number;
  /** Rows before the hypothetical one, rows that are its peers, and how many different ones are before it. */
  readonly before: number;
  readonly peers: number;
  readonly different: number;
}

/** Where the row of the direct arguments would stand among the sorted rows. */
function hypothetical(finish: (standing: Standing) => Value) {
  return ({ argTypes, order = [] }: RenderContext): Accumulator => {
    const half = argTypes.length / 2;
    let [rows, before, peers, different] = [0, 0, 0, 0];
    let last: readonly Value[] | undefined;
    const compare = (a: readonly Value[], b: readonly Value[]): number => {
      for (let i = 0; i < half; i++) {
        const [x, y] = [a[i]!, b[i]!];
        const { descending = false, nullsFirst = false } = order[i] ?? {};
        if (x === null || y === null) {
          if (x === y) continue;
          return (x === null) === nullsFirst ? -1 : 1;
        }
        const sign = compareValues(x, y, argTypes[half + i]!);
        if (sign !== 0) return descending ? -sign : sign;
      }
      return 0;
    };
    return {
      add(args) {
        const row = args.slice(half);
        const sign = compare(row, args.slice(0, half));
        rows++;
        if (sign === 0) peers++;
        if (sign >= 0) return;
        before++;
        if (!last || compare(last, row) !== 0) different++;
        last = row;
      },
      result: () => finish({ rows, before, peers, different }),
    };
  };
}

const ranking = (
  name: string,
  description: string,
  type: SqlType,
  finish: (standing: Standing) => Value,
): FunctionEntry =>
  aggregate(
    name,
    description,
    [1, 2, 3].map((n) =>
      on([...Array.from({ length: 2 * n }, () => 'any' as const)], type, {
        op: `${name}(${n}) within group`,
        orderedSet: true,
        strict: false,
        accumulate: hypothetical(finish),
      }),
    ),
  );

export const orderedSetAggregates: readonly FunctionEntry[] = [
  aggregate('mode', 'The most frequent value; the first of equally frequent ones.', [
    on(['anyelement'], 'anyelement', { orderedSet: true, strict: false, accumulate: mode }),
  ]),
  aggregate('percentile_cont', 'The value at a fraction of the sorted ones, interpolated between neighbours.', [
    on([float8, float8], float8, rest(continuous(betweenFloats))),
    on([float8, interval], interval, rest(continuous(betweenIntervals))),
    on([listOf(float8), float8], listOf(float8), rest(eachOf(continuous(betweenFloats)))),
    on([listOf(float8), interval], listOf(interval), rest(eachOf(continuous(betweenIntervals)))),
  ]),
  aggregate('percentile_disc', 'The first of the sorted values at or after a fraction of them.', [
    on([float8, 'anyelement'], second, rest(discrete)),
    on([listOf(float8), 'anyelement'], (t) => listOf(second(t)), rest(eachOf(discrete))),
  ]),
  ranking('rank', 'With WITHIN GROUP: the rank that a row of the arguments would have.', int8, ({ before }) =>
    BigInt(before + 1),
  ),
  ranking(
    'dense_rank',
    'With WITHIN GROUP: the rank without gaps that a row of the arguments would have.',
    int8,
    ({ different }) => BigInt(different + 1),
  ),
  ranking(
    'percent_rank',
    'With WITHIN GROUP: the relative rank that a row of the arguments would have.',
    float8,
    ({ rows, before }) => (rows === 0 ? 0 : before / rows),
  ),
  ranking(
    'cume_dist',
    'With WITHIN GROUP: the share of rows up to a row of the arguments, with it.',
    float8,
    ({ rows, before, peers }) => (before + peers + 1) / (rows + 1),
  ),
];
