// Roots, exponentials, logarithms and powers of numerics, to the digits that PostgreSQL 15's numeric.c shows.
import { fail } from '../diagnostic.js';
import type { NumericValue } from '../registry/overload.js';
import { divisionByZero } from './integer.js';
import {
  absBigInt,
  compareNumeric,
  divideRounded,
  leadingDigits,
  maxNumericPrecision,
  negateNumeric,
  numericInfinity,
  numericMinusInfinity,
  numericNaN,
  numericToFloat,
  overflowNumeric,
  pow10,
  signOf,
  sqrtNumeric,
  toNumeric,
  unscaledAt,
} from './numeric.js';

const minSignificantDigits = 16;
/** Digits beyond those shown, so that the last one shown is rounded from the true value. */
const guard = 24;
/** PostgreSQL's NUMERIC_MAX_RESULT_SCALE. */
const maxResultScale = 2000;

const one = toNumeric(1);
const zero = toNumeric(0);

const shownScale = (wanted: number, ...inputs: readonly NumericValue[]): number =>
  Math.min(Math.max(wanted, ...inputs.map((i) => i.scale), 0), maxNumericPrecision);

/** Whole numbers stand for fractions of 10^digits. */
const constants = new Map<number, bigint>();

/** ln(10) with so many digits. */
function ln10(digits: number): bigint {
  let value = constants.get(digits);
  if (value === undefined) {
    // 10 = 2^3 · 1.25
    const two = 2n * inverseTangent(1n, 3n, digits);
    value = 3n * two + 2n * inverseTangent(1n, 9n, digits);
    if (constants.size > 100) constants.clear();
    constants.set(digits, value);
  }
  return value;
}

/** atanh(n / d) by its series; |n / d| is less than a half or so. */
function inverseTangent(n: bigint, d: bigint, digits: number): bigint {
  let term = (n * pow10(digits)) / d;
  const [n2, d2] = [n * n, d * d];
  let sum = term;
  for (let k = 3n; term !== 0n; k += 2n) {
    term = (term * n2) / d2;
    sum += term / k;
  }
  return sum;
}

/** ln(x) with so many digits after the point, of a positive x. */
function logarithm(x: NumericValue, digits: number): bigint {
  const work = digits + guard;
  const unit = pow10(work);
  // x = f · 10^e with f from 0.3 to 3.
  let e = String(x.unscaled).length - x.scale;
  let f = unscaledOf(x, work - e);
  if (f * 10n < 3n * unit) {
    f = unscaledOf(x, work - e + 1);
    e--;
  }
  // atanh((f - 1) / (f + 1)) doubled
  const z = ((f - unit) * unit) / (f + unit);
  const square = (z * z) / unit;
  let term = z;
  let sum = z;
  for (let k = 3n; term !== 0n; k += 2n) {
    term = (term * square) / unit;
    sum += term / k;
  }
  return divideRounded(2n * sum + BigInt(e) * ln10(work), pow10(guard));
}

/** `x · 10^scale`, cut off; the scale may be below zero. */
function unscaledOf(x: NumericValue, scale: number): bigint {
  const shift = scale - x.scale;
  return shift >= 0 ? x.unscaled * pow10(shift) : x.unscaled / pow10(-shift);
}

/** e^(x / 10^digits) with `digits` digits after the point. */
function exponential(x: bigint, digits: number): bigint {
  const unit = pow10(digits);
  const halvings = Math.max(0, absBigInt(x / unit).toString(2).length + 8);
  const extra = halvings + 8;
  const work = pow10(digits + extra);
  const small = (x * pow10(extra)) >> BigInt(halvings);
  let term = work;
  let sum = work;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = (term * small) / (work * k);
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum = (sum * sum) / work;
  return divideRounded(sum, pow10(extra));
}

const noLogarithm = (a: NumericValue) =>
  fail(
    'invalid_argument_for_logarithm',
    signOf(a) === 0 ? 'cannot take logarithm of zero' : 'cannot take logarithm of a negative number',
  );

/** The decimal weight of ln(x), roughly, as PostgreSQL estimates it. */
function logarithmWeight(x: NumericValue): number {
  if (signOf(x) <= 0) return 0;
  const hundredths = { unscaled: 9n, scale: 1 };
  if (compareNumeric(x, hundredths) >= 0 && compareNumeric(x, { unscaled: 11n, scale: 1 }) <= 0) {
    const apart = unscaledAt(x, x.scale) - pow10(x.scale);
    if (apart === 0n) return 0;
    const [first] = leadingDigits({ unscaled: apart, scale: x.scale }, 1);
    return first!.weight * 4 + Math.trunc(Math.log10(first!.digit));
  }
  const [first, second] = leadingDigits(x, 2);
  let digits = first!.digit;
  let weight = first!.weight * 4;
  if (second) {
    digits = digits * 10000 + second.digit;
    weight -= 4;
  }
  return Math.trunc(Math.log10(Math.abs(Math.log(digits) + weight * Math.LN10)));
}

export function sqrtOfNumeric(a: NumericValue): NumericValue {
  if (signOf(a) < 0) throw fail('invalid_argument_for_power_function', 'cannot take square root of a negative number');
  return sqrtNumeric(a);
}

export function expNumeric(a: NumericValue): NumericValue {
  if (a.special) return a.special === '-Infinity' ? zero : a;
  const x = numericToFloat(a);
  const weight = Math.min(Math.max(x * Math.LOG10E, -maxResultScale), maxResultScale);
  const scale = shownScale(minSignificantDigits - Math.trunc(weight), a);
  if (Math.abs(x) >= maxResultScale * 3) {
    if (x > 0) throw overflowNumeric();
    return { unscaled: 0n, scale };
  }
  return exponentialAt(a, scale);
}

/** e^a, rounded at `scale`. */
function exponentialAt(a: NumericValue, scale: number): NumericValue {
  const weight = Math.max(0, Math.ceil(numericToFloat(a) * Math.LOG10E));
  const work = Math.max(scale + weight + guard, a.scale);
  return { unscaled: divideRounded(exponential(unscaledAt(a, work), work), pow10(work - scale)), scale };
}

export function lnNumeric(a: NumericValue): NumericValue {
  if (a.special === 'NaN' || a.special === 'Infinity') return a;
  if (signOf(a) <= 0) throw noLogarithm(a);
  const scale = shownScale(minSignificantDigits - logarithmWeight(a), a);
  return { unscaled: logarithm(a, scale), scale };
}

export function logNumeric(base: NumericValue, a: NumericValue): NumericValue {
  if (base.special || a.special) {
    if (base.special === 'NaN' || a.special === 'NaN') return numericNaN;
    for (const sign of [-1, 0]) for (const x of [base, a]) if (signOf(x) === sign) throw noLogarithm(x);
    if (base.special) return a.special ? numericNaN : zero;
    return numericInfinity;
  }
  if (signOf(base) <= 0) throw noLogarithm(base);
  if (signOf(a) <= 0) throw noLogarithm(a);
  const baseWeight = logarithmWeight(base);
  const weight = logarithmWeight(a) - baseWeight;
  const scale = shownScale(minSignificantDigits - weight, base, a);
  const work = scale + 2 * Math.abs(baseWeight) + Math.abs(weight) + guard;
  const divisor = logarithm(base, work);
  if (divisor === 0n) divisionByZero();
  return { unscaled: divideRounded(logarithm(a, work) * pow10(scale), divisor), scale };
}

const isWhole = (a: NumericValue): boolean => a.special !== undefined || a.unscaled % pow10(a.scale) === 0n;
const isOdd = (a: NumericValue): boolean => !a.special && (a.unscaled / pow10(a.scale)) % 2n !== 0n;

export function powerNumeric(base: NumericValue, exponent: NumericValue): NumericValue {
  const isOne = (x: NumericValue) => !x.special && compareNumeric(x, one) === 0;
  const [sign, power] = [signOf(base), signOf(exponent)];
  if (base.special === 'NaN') return !exponent.special && power === 0 ? one : numericNaN;
  if (exponent.special === 'NaN') return isOne(base) ? one : numericNaN;
  if (sign === 0 && power < 0)
    throw fail('invalid_argument_for_power_function', 'zero raised to a negative power is undefined');
  if (sign < 0 && !isWhole(exponent))
    throw fail(
      'invalid_argument_for_power_function',
      'a negative number raised to a non-integer power yields a complex result',
    );
  if (base.special || exponent.special) {
    if (isOne(base) || power === 0) return one;
    if (sign === 0) return zero;
    if (exponent.special) {
      const size = base.special ? 1 : compareNumeric(sign < 0 ? negateNumeric(base) : base, one);
      if (size === 0) return one;
      return size > 0 === power > 0 ? numericInfinity : zero;
    }
    if (power < 0) return zero;
    return sign < 0 && isOdd(exponent) ? numericMinusInfinity : numericInfinity;
  }
  if (isWhole(exponent)) {
    const n = exponent.unscaled / pow10(exponent.scale);
    if (BigInt.asIntN(32, n) === n) return wholePower(base, Number(n));
  }
  if (sign === 0) return { unscaled: 0n, scale: minSignificantDigits };
  const size = sign < 0 ? negateNumeric(base) : base;
  const lnWeight = logarithmWeight(size);
  const low = Math.max(8 - lnWeight, 0);
  const exact = Number(logarithm(size, low)) / 10 ** low;
  const estimate = exact * numericToFloat(exponent);
  if (Math.abs(estimate) > maxResultScale * 3.01) {
    if (estimate > 0) throw overflowNumeric();
    return { unscaled: 0n, scale: maxNumericPrecision };
  }
  const weight = Math.trunc(estimate * Math.LOG10E);
  const scale = shownScale(minSignificantDigits - weight, base, exponent);
  const work = scale + Math.max(0, weight) + Math.abs(lnWeight) + String(exponent.unscaled).length + guard;
  const product = { unscaled: logarithm(size, work) * exponent.unscaled, scale: work + exponent.scale };
  const result = exponentialAt(product, scale);
  return sign < 0 && isOdd(exponent) ? negateNumeric(result) : result;
}

/** Digits up to which a power is computed whole. */
const mostExactDigits = 20_000;

function wholePower(base: NumericValue, exponent: number): NumericValue {
  const scale = shownScale(minSignificantDigits, base);
  if (exponent === 0) return { unscaled: pow10(scale), scale };
  if (base.unscaled === 0n) return { unscaled: 0n, scale };
  const size = absBigInt(base.unscaled);
  const n = Math.abs(exponent);
  const weight = exponent * (Number(logarithm({ unscaled: size, scale: base.scale }, 20)) / 10 ** 20 / Math.LN10);
  if (weight > 131072) throw overflowNumeric();
  if (weight < -scale - 2) return { unscaled: 0n, scale };
  const negative = base.unscaled < 0n && n % 2 === 1;
  let unscaled: bigint;
  if (size.toString().length * n <= mostExactDigits) {
    const power = size ** BigInt(n);
    const whole = pow10(base.scale * n);
    unscaled = exponent > 0 ? divideRounded(power * pow10(scale), whole) : divideRounded(whole * pow10(scale), power);
  } else {
    const digits = scale + Math.max(0, Math.ceil(weight)) + String(n).length + guard;
    const bits = Math.ceil(digits * Math.log2(10));
    const power = powerOf(size, n, bits);
    const whole = powerOf(10n, base.scale * n, bits);
    unscaled = exponent > 0 ? quotientOf(power, whole, scale) : quotientOf(whole, power, scale);
  }
  if (unscaled >= pow10(131072 + scale)) throw overflowNumeric();
  return { unscaled: negative ? -unscaled : unscaled, scale };
}

/** `mantissa * 2^shift`. */
interface Binary {
  readonly mantissa: bigint;
  readonly shift: number;
}

function bitLength(x: bigint): number {
  const digits = x.toString(16);
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28;
}

function cutTo(bits: number, { mantissa, shift }: Binary): Binary {
  const excess = bitLength(mantissa) - bits;
  return excess <= 0 ? { mantissa, shift } : { mantissa: mantissa >> BigInt(excess), shift: shift + excess };
}

/** By squaring, with so many leading bits: exact where they hold it, which binary digits cut without a division. */
function powerOf(base: bigint, exponent: number, bits: number): Binary {
  let power: Binary = { mantissa: 1n, shift: 0 };
  // From the exponent's first bit on, so that the multiplications are by the small base.
  for (const bit of exponent.toString(2)) {
    power = cutTo(bits, { mantissa: power.mantissa * power.mantissa, shift: 2 * power.shift });
    if (bit === '1') power = cutTo(bits, { ...power, mantissa: power.mantissa * base });
  }
  return power;
}

/** `a / b` at `scale`, rounded. */
function quotientOf(a: Binary, b: Binary, scale: number): bigint {
  const shift = a.shift - b.shift;
  const dividend = a.mantissa * pow10(scale);
  return shift >= 0
    ? divideRounded(dividend << BigInt(shift), b.mantissa)
    : divideRounded(dividend, b.mantissa << BigInt(-shift));
}
