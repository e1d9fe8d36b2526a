// Statistical aggregates, in PostgreSQL's formulas: exact sums for numerics, the Youngs-Cramer updates for floats.
import { type SqlType, types } from '../sql-type.js';
import { overflow } from '../value/float.js';
import {
  addNumeric,
  divideNumeric,
  multiplyNumeric,
  signOf,
  sqrtNumeric,
  subtractNumeric,
  toNumeric,
} from '../value/numeric.js';
import { chapter, on } from './define.js';
import type { Accumulator, FunctionEntry, NumericValue, Value } from './overload.js';

const aggregate = chapter('aggregate', 'aggregate');
const { float4, float8, int8 } = types;

interface Spread {
  /** Divided by n - 1, not by n. */
  readonly sample: boolean;
  readonly root: boolean;
}

const isInfinite = (x: number) => Math.abs(x) === Infinity;
const isSpecial = (x: number) => !Number.isFinite(x);

/** PostgreSQL's float8_accum. */
function floatSpread({ sample, root }: Spread): Accumulator {
  let n = 0;
  let sum = 0;
  let squares = 0;
  return {
    add([value]) {
      const x = value as number;
      const before = sum;
      n++;
      sum += x;
      if (n === 1) {
        if (isSpecial(x)) squares = NaN;
        return;
      }
      const apart = x * n - sum;
      squares += (apart * apart) / (n * (n - 1));
      if (Math.abs(sum) !== Infinity && Math.abs(squares) !== Infinity) return;
      if (Math.abs(before) !== Infinity && Math.abs(x) !== Infinity) overflow();
      squares = NaN;
    },
    result() {
      if (n < (sample ? 2 : 1)) return null;
      const variance = squares / (sample ? n - 1 : n);
      return root ? Math.sqrt(variance) : variance;
    },
  };
}

function exactSpread({ sample, root }: Spread): Accumulator {
  let n = 0;
  let sum = toNumeric(0);
  let squares = toNumeric(0);
  return {
    add([value]) {
      const x = typeof value === 'object' ? (value as NumericValue) : toNumeric(value as number | bigint);
      n++;
      sum = addNumeric(sum, x);
      squares = addNumeric(squares, multiplyNumeric(x, x));
    },
    result() {
      if (n < (sample ? 2 : 1)) return null;
      const apart = subtractNumeric(multiplyNumeric(squares, toNumeric(n)), multiplyNumeric(sum, sum));
      if (!apart.special && signOf(apart) <= 0) return toNumeric(0);
      const variance = divideNumeric(apart, toNumeric(BigInt(n) * BigInt(sample ? n - 1 : n)));
      return root ? sqrtNumeric(variance, variance.scale) : variance;
    },
  };
}

const exactTypes: readonly SqlType[] = [types.int2, types.int4, types.int8, types.numeric];

function spread(name: string, description: string, how: Spread): FunctionEntry {
  const exact = exactTypes.map((type) => on([type], types.numeric, { accumulate: () => exactSpread(how) }));
  const floats = [float4, float8].map((type) => on([type], float8, { accumulate: () => floatSpread(how) }));
  return aggregate(name, description, [...exact, ...floats]);
}

interface Pairs {
  readonly n: number;
  readonly sx: number;
  readonly sxx: number;
  readonly sy: number;
  readonly syy: number;
  readonly sxy: number;
}

/** PostgreSQL's float8_regr_accum over (y, x). */
function pairs(finish: (sums: Pairs) => Value): () => Accumulator {
  return () => {
    let [n, sx, sxx, sy, syy, sxy] = [0, 0, 0, 0, 0, 0];
    return {
      add(args) {
        const [y, x] = args as [number, number];
        const before = { sx, sy };
        n++;
        sx += x;
        sy += y;
        if (n === 1) {
          if (isSpecial(x)) sxx = sxy = NaN;
          if (isSpecial(y)) syy = sxy = NaN;
          return;
        }
        const dx = x * n - sx;
        const dy = y * n - sy;
        const scale = 1 / (n * (n - 1));
        sxx += dx * dx * scale;
        syy += dy * dy * scale;
        sxy += dx * dy * scale;
        if (![sx, sy, sxx, syy, sxy].some(isInfinite)) return;
        const [xs, ys] = [
          [before.sx, x],
          [before.sy, y],
        ].map((inputs) => !inputs.some(isInfinite));
        if (
          (xs && (isInfinite(sx) || isInfinite(sxx))) ||
          (ys && (isInfinite(sy) || isInfinite(syy))) ||
          (xs && ys && isInfinite(sxy))
        )
          overflow();
        if (isInfinite(sxx)) sxx = NaN;
        if (isInfinite(syy)) syy = NaN;
        if (isInfinite(sxy)) sxy = NaN;
      },
      result: () => finish({ n, sx, sxx, sy, syy, sxy }),
    };
  };
}

const regression = (
  name: string,
  description: string,
  finish: (sums: Pairs) => Value,
  type: SqlType = float8,
): FunctionEntry => aggregate(name, description, [on([float8, float8], type, { accumulate: pairs(finish) })]);

const some =
  (finish: (sums: Pairs) => Value, least = 1) =>
  (sums: Pairs) =>
    sums.n < least ? null : finish(sums);

export const statisticalAggregates: readonly FunctionEntry[] = [
  spread('stddev', 'Standard deviation of a sample.', { sample: true, root: true }),
  spread('stddev_samp', 'Standard deviation of a sample.', { sample: true, root: true }),
  spread('stddev_pop', 'Standard deviation of a whole population.', { sample: false, root: true }),
  spread('variance', 'Variance of a sample.', { sample: true, root: false }),
  spread('var_samp', 'Variance of a sample.', { sample: true, root: false }),
  spread('var_pop', 'Variance of a whole population.', { sample: false, root: false }),
  regression(
    'corr',
    'Correlation coefficient.',
    some(({ sxx, syy, sxy }) => (sxx === 0 || syy === 0 ? null : sxy / Math.sqrt(sxx * syy))),
  ),
  regression(
    'covar_pop',
    'Covariance of a whole population.',
    some(({ n, sxy }) => sxy / n),
  ),
  regression(
    'covar_samp',
    'Covariance of a sample.',
    some(({ n, sxy }) => sxy / (n - 1), 2),
  ),
  regression('regr_count', 'Number of pairs without NULL.', ({ n }) => BigInt(n), int8),
  regression(
    'regr_avgx',
    'Average of the second argument.',
    some(({ n, sx }) => sx / n),
  ),
  regression(
    'regr_avgy',
    'Average of the first argument.',
    some(({ n, sy }) => sy / n),
  ),
  regression(
    'regr_sxx',
    'Sum of squares of the second argument, about its average.',
    some(({ sxx }) => sxx),
  ),
  regression(
    'regr_syy',
    'Sum of squares of the first argument, about its average.',
    some(({ syy }) => syy),
  ),
  regression(
    'regr_sxy',
    'Sum of products of both arguments, about their averages.',
    some(({ sxy }) => sxy),
  ),
  regression(
    'regr_slope',
    'Slope of the least-squares line.',
    some(({ sxx, sxy }) => (sxx === 0 ? null : sxy / sxx)),
  ),
  regression(
    'regr_intercept',
    'Where the least-squares line meets the axis.',
    some(({ n, sx, sy, sxx, sxy }) => (sxx === 0 ? null : (sy - (sx * sxy) / sxx) / n)),
  ),
  regression(
    'regr_r2',
    'Square of the correlation coefficient.',
    some(({ sxx, syy, sxy }) => (sxx === 0 ? null : syy === 0 ? 1 : (sxy * sxy) / (sxx * syy))),
  ),
];
