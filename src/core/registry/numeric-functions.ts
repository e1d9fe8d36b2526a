// Mathematical functions over exact numbers and degrees that have no DuckDB form: the evaluator runs them.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import { compareValues } from '../value/compare.js';
import { int4, int8 } from '../value/integer.js';
import { mathFunctions } from '../value/math.js';
import {
  absBigInt,
  compareNumeric,
  modNumeric,
  multiplyNumeric,
  numericNaN,
  subtractNumeric,
  toNumeric,
  truncatedQuotient,
  unscaledAt,
} from '../value/numeric.js';
import { expNumeric, lnNumeric, logNumeric, powerNumeric, sqrtOfNumeric } from '../value/numeric-math.js';
import { sumType } from '../value/numeric-type.js';
import { printValue } from '../value/print.js';
import { nextRandom, seedRandom } from '../value/random.js';
import { chapter, on, values } from './define.js';
import type { FunctionEntry, NumericValue, Value } from './overload.js';

const scalar = chapter('mathematical', 'scalar');
const operator = chapter('mathematical', 'operator');
const { int4: i4, int8: i8, float8: f8, numeric } = types;

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [absBigInt(a), absBigInt(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};
const lcm = (a: bigint, b: bigint): bigint => (a === 0n || b === 0n ? 0n : absBigInt((a / gcd(a, b)) * b));

function numericGcd(a: NumericValue, b: NumericValue): NumericValue {
  if (a.special || b.special) return numericNaN;
  let [x, y] = [a, b];
  while (y.unscaled !== 0n) [x, y] = [y, modNumeric(x, y)];
  return { ...x, unscaled: absBigInt(x.unscaled) };
}
function numericLcm(a: NumericValue, b: NumericValue): NumericValue {
  if (a.special || b.special) return numericNaN;
  const scale = Math.max(a.scale, b.scale);
  if (a.unscaled === 0n || b.unscaled === 0n) return { unscaled: 0n, scale };
  const product = multiplyNumeric(truncatedQuotient(a, numericGcd(a, b)), b);
  return { unscaled: absBigInt(unscaledAt(product, scale)), scale };
}

function factorial(n: bigint): NumericValue {
  if (n < 0n) throw fail('numeric_value_out_of_range', 'factorial of a negative number is undefined');
  if (n > 32177n) throw fail('numeric_value_out_of_range', 'value overflows numeric format');
  let product = 1n;
  for (let i = 2n; i <= n; i++) product *= i;
  return toNumeric(product);
}

const ten = toNumeric(10);
const decimalLogarithm = (a: NumericValue): NumericValue => logNumeric(ten, a);

const badBucket = (message: string) => fail('invalid_argument_for_width_bucket_function', message);

function widthBucket(x: number, low: number, high: number, count: number): number {
  if (count <= 0) throw badBucket('count must be greater than zero');
  if ([x, low, high].some(Number.isNaN)) throw badBucket('operand, lower bound, and upper bound cannot be NaN');
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw badBucket('lower and upper bounds must be finite');
  if (low === high) throw badBucket('lower bound cannot equal upper bound');
  const up = low < high;
  if (up ? x < low : x > low) return 0;
  if (up ? x >= high : x <= high) return int4(count + 1);
  return Math.min(count, Math.floor((count * (up ? x - low : low - x)) / (up ? high - low : low - high)) + 1);
}

function numericBucket(x: NumericValue, low: NumericValue, high: NumericValue, count: number): number {
  if (count <= 0) throw badBucket('count must be greater than zero');
  if ([x, low, high].some((v) => v.special === 'NaN'))
    throw badBucket('operand, lower bound, and upper bound cannot be NaN');
  if (low.special || high.special) throw badBucket('lower and upper bounds must be finite');
  if (x.special) return (x.special === 'Infinity') === compareNumeric(low, high) < 0 ? int4(count + 1) : 0;
  const order = compareNumeric(low, high);
  if (order === 0) throw badBucket('lower bound cannot equal upper bound');
  const up = order < 0;
  if (up ? compareNumeric(x, low) < 0 : compareNumeric(x, low) > 0) return 0;
  if (up ? compareNumeric(x, high) >= 0 : compareNumeric(x, high) <= 0) return int4(count + 1);
  const [part, whole] = up
    ? [subtractNumeric(x, low), subtractNumeric(high, low)]
    : [subtractNumeric(low, x), subtractNumeric(low, high)];
  return Number(truncatedQuotient(multiplyNumeric(part, toNumeric(count)), whole).unscaled) + 1;
}

/** A sorted list of lower bounds: how many of them are no greater. */
function bucketOf(x: Value, bounds: readonly Value[], type: SqlType): number {
  if (bounds.includes(null)) throw fail('null_value_not_allowed', 'thresholds array must not contain NULLs');
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareValues(x, bounds[middle]!, type) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function setSeed(seed: number): Value {
  if (!(seed >= -1 && seed <= 1))
    throw fail(
      'invalid_parameter_value',
      `setseed parameter ${printValue(seed, types.float8)} is out of allowed range [-1,1]`,
    );
  seedRandom(seed);
  return '';
}

function leastScale(a: NumericValue): number {
  let { unscaled, scale } = a;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale--;
  }
  return scale;
}
const trimScale = (a: NumericValue): NumericValue => {
  if (a.special) return a;
  const scale = leastScale(a);
  return { unscaled: a.unscaled / 10n ** BigInt(a.scale - scale), scale };
};

/** Degrees as PostgreSQL computes them: by quadrant, from quotients that make the multiples of 30 and 45 exact. */
const { sin, cos, asin, acos, atan, atan2 } = mathFunctions;
const perDegree = 0.017453292519943295;
const sin30 = sin(30 * perDegree);
const versed60 = 1 - cos(60 * perDegree);
const sinTo30 = (x: number): number => sin(x * perDegree) / sin30 / 2;
const cosTo60 = (x: number): number => 1 - (1 - cos(x * perDegree)) / versed60 / 2;
const sinTo90 = (x: number): number => (x <= 30 ? sinTo30(x) : cosTo60(90 - x));
const cosTo90 = (x: number): number => (x <= 60 ? cosTo60(x) : sinTo30(90 - x));
const tan45 = sinTo90(45) / cosTo90(45);
const cot45 = cosTo90(45) / sinTo90(45);

/** The angle in the first quadrant that has the same sine and cosine but for their signs. */
function quadrant(x: number): { angle: number; sin: number; cos: number } {
  if (Math.abs(x) === Infinity) throw fail('numeric_value_out_of_range', 'input is out of range');
  let angle = Math.abs(x % 360);
  let sinSign = x % 360 < 0 ? -1 : 1;
  let cosSign = 1;
  if (angle > 180) {
    angle = 360 - angle;
    sinSign = -sinSign;
  }
  if (angle > 90) {
    angle = 180 - angle;
    cosSign = -cosSign;
  }
  return { angle, sin: sinSign, cos: cosSign };
}
function sinDegrees(x: number): number {
  const { angle, sin: sign } = quadrant(x);
  return sign * sinTo90(angle);
}
function cosDegrees(x: number): number {
  const { angle, cos: sign } = quadrant(x);
  return sign * cosTo90(angle);
}
function tanDegrees(x: number): number {
  const { angle, sin: a, cos: b } = quadrant(x);
  return (a * b * (sinTo90(angle) / cosTo90(angle))) / tan45 + 0;
}
function cotDegrees(x: number): number {
  const { angle, sin: a, cos: b } = quadrant(x);
  const cotangent = (a * b * (cosTo90(angle) / sinTo90(angle))) / cot45;
  return Object.is(x, -0) ? -cotangent : cotangent + 0;
}
const asin05 = asin(0.5);
const acos05 = acos(0.5);
const asinTo90 = (x: number): number => (x <= 0.5 ? (asin(x) / asin05) * 30 : 90 - (acos(x) / acos05) * 60);
const acosTo90 = (x: number): number => (x <= 0.5 ? 90 - (asin(x) / asin05) * 30 : (acos(x) / acos05) * 60);
const atan1 = atan(1);

const inDegrees = (name: string, of: string, f: (x: number) => number): FunctionEntry =>
  scalar(name, of, [on([f8], f8, { fold: values(f) })]);

const cot = (x: number): number => 1 / mathFunctions.tan(x);

export const numericFunctions: readonly FunctionEntry[] = [
  scalar('sqrt', 'Square root.', [on([numeric], numeric, { op: 'numeric_sqrt', fold: values(sqrtOfNumeric) })]),
  scalar('exp', 'Exponential.', [on([numeric], numeric, { op: 'numeric_exp', fold: values(expNumeric) })]),
  scalar('ln', 'Natural logarithm.', [on([numeric], numeric, { op: 'numeric_ln', fold: values(lnNumeric) })]),
  scalar('log', 'Logarithm to base 10, or to the base that is the first of two arguments.', [
    on([numeric], numeric, { op: 'log(numeric)', fold: values(decimalLogarithm) }),
    on([numeric, numeric], numeric, { op: 'numeric_log', fold: values(logNumeric) }),
  ]),
  scalar('log10', 'Logarithm to base 10.', [
    on([numeric], numeric, { op: 'log10(numeric)', fold: values(decimalLogarithm) }),
  ]),
  scalar('power', 'The first argument raised to the power of the second.', [
    on([numeric, numeric], numeric, { op: 'numeric_power', fold: values(powerNumeric) }),
  ]),
  scalar('pow', 'The first argument raised to the power of the second.', [
    on([numeric, numeric], numeric, { op: 'pow(numeric)', fold: values(powerNumeric) }),
  ]),
  operator('^', 'The first operand raised to the power of the second; left-associative.', [
    on([numeric, numeric], numeric, { op: '^(numeric)', fold: values(powerNumeric) }),
  ]),
  scalar('gcd', 'Greatest common divisor.', [
    on([numeric, numeric], ([a, b]) => sumType(a!, b!, 0), { op: 'gcd(numeric)', fold: values(numericGcd) }),
  ]),
  scalar('lcm', 'Least common multiple.', [
    on([i4, i4], i4, {
      op: 'lcm(int4)',
      fold: values((a: number, b: number) => int4(Number(lcm(BigInt(a), BigInt(b))))),
    }),
    on([i8, i8], i8, { op: 'lcm(int8)', fold: values((a: bigint, b: bigint) => int8(lcm(a, b))) }),
    on([numeric, numeric], numeric, { op: 'lcm(numeric)', fold: values(numericLcm) }),
  ]),
  scalar('factorial', 'Product of the whole numbers up to this one.', [on([i8], numeric, { fold: values(factorial) })]),
  scalar('width_bucket', 'The bucket of a histogram of equal buckets, or of given bounds, in which a value lies.', [
    on([f8, f8, f8, i4], i4, { op: 'width_bucket(float8)', fold: values(widthBucket) }),
    on([numeric, numeric, numeric, i4], i4, { op: 'width_bucket(numeric)', fold: values(numericBucket) }),
    on(['anycompatible', 'anycompatiblearray'], i4, {
      op: 'width_bucket(anyarray)',
      fold: ([x, bounds], { argTypes }) => bucketOf(x!, bounds as readonly Value[], argTypes[0]!),
    }),
  ]),
  scalar('random', 'A random number in [0, 1).', [on([], f8, { volatility: 'volatile', fold: nextRandom })]),
  scalar('setseed', 'Sets the seed, from -1 to 1, of the random numbers that follow in this process.', [
    on([f8], types.void, { volatility: 'volatile', fold: values(setSeed) }),
  ]),
  scalar('scale', 'Number of digits after the point.', [
    on([numeric], i4, { fold: values((a: NumericValue) => (a.special ? null : a.scale)) }),
  ]),
  scalar('min_scale', 'Number of digits after the point that are needed.', [
    on([numeric], i4, { fold: values((a: NumericValue) => (a.special ? null : leastScale(a))) }),
  ]),
  scalar('trim_scale', 'Without the zeros at the end of the fraction.', [
    on([numeric], numeric, { fold: values(trimScale) }),
  ]),
  inDegrees('cot', 'Cotangent of an angle in radians.', cot),
  inDegrees('sind', 'Sine of an angle in degrees.', sinDegrees),
  inDegrees('cosd', 'Cosine of an angle in degrees.', cosDegrees),
  inDegrees('tand', 'Tangent of an angle in degrees.', tanDegrees),
  inDegrees('cotd', 'Cotangent of an angle in degrees.', cotDegrees),
  inDegrees('asind', 'Inverse sine, in degrees.', (x) => (x >= 0 ? asinTo90(x) : -asinTo90(-x))),
  inDegrees('acosd', 'Inverse cosine, in degrees.', (x) => (x >= 0 ? acosTo90(x) : 90 + asinTo90(-x))),
  inDegrees('atand', 'Inverse tangent, in degrees.', (x) => (atan(x) / atan1) * 45),
  scalar('atan2d', 'Inverse tangent of the first argument over the second, in degrees.', [
    on([f8, f8], f8, { fold: values((y: number, x: number) => (atan2(y, x) / atan1) * 45) }),
  ]),
];
