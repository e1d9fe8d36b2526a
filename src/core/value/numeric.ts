// Decimal arithmetic on {unscaled, scale}, with the result scales and the errors of PostgreSQL's `numeric`.
import { fail } from '../diagnostic.js';
import type { NumericValue } from '../registry/overload.js';
import { divisionByZero } from './integer.js';

/** Most digits of a declared precision, of a division's result scale and of a typmod's scale. */
export const maxNumericPrecision = 1000;
const maxDisplayScale = 16383;
const maxWeightDigits = 131072;
const minSignificantDigits = 16;

export const numericNaN: NumericValue = { unscaled: 0n, scale: 0, special: 'NaN' };
export const numericInfinity: NumericValue = { unscaled: 0n, scale: 0, special: 'Infinity' };
export const numericMinusInfinity: NumericValue = { unscaled: 0n, scale: 0, special: '-Infinity' };

const powers: bigint[] = [1n];
export function pow10(n: number): bigint {
  for (let i = powers.length; i <= n && i <= 64; i++) powers.push(powers[i - 1]! * 10n);
  return powers[n] ?? 10n ** BigInt(n);
}

export function toNumeric(value: number | bigint): NumericValue {
  return { unscaled: BigInt(value), scale: 0 };
}

export function absBigInt(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** `n / d`, rounded half away from zero. */
export function divideRounded(n: bigint, d: bigint): bigint {
  const q = (2n * absBigInt(n) + absBigInt(d)) / (2n * absBigInt(d));
  return n < 0n !== d < 0n ? -q : q;
}

/** -1, 0 or 1; specials count. */
export function signOf(a: NumericValue): number {
  if (a.special) return a.special === '-Infinity' ? -1 : 1;
  return a.unscaled < 0n ? -1 : a.unscaled > 0n ? 1 : 0;
}

/** The unscaled value at another scale; rounds half away from zero when digits are lost. */
export function unscaledAt(a: NumericValue, scale: number): bigint {
  return scale >= a.scale ? a.unscaled * pow10(scale - a.scale) : divideRounded(a.unscaled, pow10(a.scale - scale));
}

/** Below it no value overflows; the limit itself, with its 131,072 digits, takes a millisecond to compute. */
const surelyFits = 10n ** 1000n;

export const overflowNumeric = () => fail('numeric_value_out_of_range', 'value overflows numeric format');

function checked(unscaled: bigint, scale: number): NumericValue {
  if (unscaled < surelyFits && unscaled > -surelyFits && scale >= 0) return { unscaled, scale };
  if (absBigInt(unscaled) >= 10n ** BigInt(maxWeightDigits + scale)) throw overflowNumeric();
  return { unscaled, scale };
}

/** NaN = NaN and above all else, then Infinity. */
export function compareNumeric(a: NumericValue, b: NumericValue): number {
  if (a.special || b.special) {
    const rank = (x: NumericValue) =>
      x.special === 'NaN' ? 3 : x.special === 'Infinity' ? 2 : x.special === '-Infinity' ? 0 : 1;
    return Math.sign(rank(a) - rank(b));
  }
  const scale = Math.max(a.scale, b.scale);
  const x = unscaledAt(a, scale);
  const y = unscaledAt(b, scale);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function negateNumeric(a: NumericValue): NumericValue {
  if (a.special === 'NaN') return a;
  if (a.special) return a.special === 'Infinity' ? numericMinusInfinity : numericInfinity;
  return { unscaled: -a.unscaled, scale: a.scale };
}

export function absNumeric(a: NumericValue): NumericValue {
  return signOf(a) < 0 ? negateNumeric(a) : a;
}

const infinity = (sign: number) => (sign < 0 ? numericMinusInfinity : numericInfinity);

export function addNumeric(a: NumericValue, b: NumericValue): NumericValue {
  if (a.special || b.special) {
    if (a.special === 'NaN' || b.special === 'NaN') return numericNaN;
    if (a.special && b.special) return a.special === b.special ? a : numericNaN;
    return a.special ? a : b;
  }
  const scale = Math.max(a.scale, b.scale);
  return checked(unscaledAt(a, scale) + unscaledAt(b, scale), scale);
}

export function subtractNumeric(a: NumericValue, b: NumericValue): NumericValue {
  return addNumeric(a, negateNumeric(b));
}

export function multiplyNumeric(a: NumericValue, b: NumericValue): NumericValue {
  if (a.special || b.special) {
    if (a.special === 'NaN' || b.special === 'NaN') return numericNaN;
    const sign = signOf(a) * signOf(b);
    return sign === 0 ? numericNaN : infinity(sign);
  }
  const scale = a.scale + b.scale;
  const product = checked(a.unscaled * b.unscaled, scale);
  return scale > maxDisplayScale ? roundNumeric(product, maxDisplayScale) : product;
}

interface LeadingDigit {
  readonly weight: number;
  readonly digit: number;
}

/** Positions of the first `count` base-10000 digits and those digits, as PostgreSQL stores the value: no zeros at the end. */
export function leadingDigits(a: NumericValue, count: number): LeadingDigit[] {
  const padding = (4 - (a.scale % 4)) % 4;
  const text = absBigInt(a.unscaled).toString() + '0'.repeat(padding);
  const groups = Math.ceil(text.length / 4);
  const padded = text.padStart(4 * groups, '0');
  const weight = groups - 1 - (a.scale + padding) / 4;
  const digits = Array.from({ length: Math.min(count, groups) }, (_, i) => ({
    weight: weight - i,
    digit: Number(padded.slice(4 * i, 4 * i + 4)),
  }));
  if (count > 1) while (digits.length > 0 && /^0*$/.test(padded.slice(4 * (digits.length - 1)))) digits.pop();
  return digits;
}

function leadingDigit(a: NumericValue): LeadingDigit {
  return a.unscaled === 0n ? { weight: 0, digit: 0 } : leadingDigits(a, 1)[0]!;
}

/** `select_div_scale` of PostgreSQL's numeric.c: at least 16 significant digits. */
export function divisionScale(a: NumericValue, b: NumericValue): number {
  const x = leadingDigit(a);
  const y = leadingDigit(b);
  const weight = x.weight - y.weight - (x.digit <= y.digit ? 1 : 0);
  const scale = Math.max(minSignificantDigits - weight * 4, a.scale, b.scale, 0);
  return Math.min(scale, maxNumericPrecision);
}

/** Division of specials: `finite(…)` when both are finite. */
function divideSpecial(a: NumericValue, b: NumericValue): NumericValue | undefined {
  if (a.special === 'NaN' || b.special === 'NaN') return numericNaN;
  if (a.special) {
    if (b.special) return numericNaN;
    return signOf(b) === 0 ? divisionByZero() : infinity(signOf(a) * signOf(b));
  }
  if (b.special) return toNumeric(0n);
  if (b.unscaled === 0n) divisionByZero();
  return undefined;
}

export function divideNumeric(a: NumericValue, b: NumericValue): NumericValue {
  const special = divideSpecial(a, b);
  if (special) return special;
  const scale = divisionScale(a, b);
  return { unscaled: quotientAt(a, b, scale), scale };
}

/** `a / b` rounded half away from zero at `scale`. */
export function quotientAt(a: NumericValue, b: NumericValue, scale: number): bigint {
  const shift = scale + b.scale - a.scale;
  return shift >= 0
    ? divideRounded(a.unscaled * pow10(shift), b.unscaled)
    : divideRounded(a.unscaled, b.unscaled * pow10(-shift));
}

/** The greatest integer whose square is no more. */
function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

/** Rounded half away from zero at `scale`; PostgreSQL's 16 significant digits or more where none is given. */
export function sqrtNumeric(a: NumericValue, scale = rootScale(a)): NumericValue {
  if (a.special) return a;
  const shift = 2 * (scale + 1) - a.scale;
  const scaled = shift >= 0 ? a.unscaled * pow10(shift) : a.unscaled / pow10(-shift);
  return { unscaled: divideRounded(integerRoot(scaled), 10n), scale };
}

function rootScale(a: NumericValue): number {
  const weight = (leadingDigit(a).weight + 1) * 2 - 1;
  return Math.min(Math.max(minSignificantDigits - weight, a.scale, 0), maxNumericPrecision);
}

/** `div(a, b)`: the quotient truncated to an integer. */
export function truncatedQuotient(a: NumericValue, b: NumericValue): NumericValue {
  const special = divideSpecial(a, b);
  if (special) return special;
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: unscaledAt(a, scale) / unscaledAt(b, scale), scale: 0 };
}

/** `a % b`, with the sign of the dividend. */
export function modNumeric(a: NumericValue, b: NumericValue): NumericValue {
  if (a.special === 'NaN' || b.special === 'NaN') return numericNaN;
  if (a.special) return signOf(b) === 0 && !b.special ? divisionByZero() : numericNaN;
  if (b.special) return a;
  if (b.unscaled === 0n) divisionByZero();
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: unscaledAt(a, scale) % unscaledAt(b, scale), scale };
}

const clampScale = (digits: number) => Math.max(-2000, Math.min(digits, 2000));

/** Half away from zero; `digits` may be negative. */
export function roundNumeric(a: NumericValue, digits = 0): NumericValue {
  if (a.special) return a;
  const places = clampScale(digits);
  if (places >= 0) return checked(unscaledAt(a, places), places);
  const step = pow10(-places);
  return checked(unscaledAt(a, places) * step, 0);
}

export function truncateNumeric(a: NumericValue, digits = 0): NumericValue {
  if (a.special) return a;
  const places = clampScale(digits);
  const kept = places >= a.scale ? a.unscaled * pow10(places - a.scale) : a.unscaled / pow10(a.scale - places);
  return places >= 0 ? { unscaled: kept, scale: places } : { unscaled: kept * pow10(-places), scale: 0 };
}

export function floorNumeric(a: NumericValue): NumericValue {
  const whole = truncateNumeric(a);
  return compareNumeric(whole, a) > 0 ? { unscaled: whole.unscaled - 1n, scale: 0 } : whole;
}

export function ceilNumeric(a: NumericValue): NumericValue {
  return negateNumeric(floorNumeric(negateNumeric(a)));
}

/** Rounds to a declared `numeric(precision, scale)`. */
export function applyNumericTypmod(a: NumericValue, precision: number, scale: number): NumericValue {
  const overflow = (detail: string) => fail('numeric_value_out_of_range', 'numeric field overflow', { detail });
  if (a.special === 'NaN') return a;
  if (a.special) throw overflow(`A field with precision ${precision}, scale ${scale} cannot hold an infinite value.`);
  const rounded = roundNumeric(a, scale);
  const limit = precision - scale;
  const whole = scale >= 0 ? rounded : { unscaled: rounded.unscaled, scale: 0 };
  const fits = absBigInt(whole.unscaled) < pow10(Math.max(0, limit + whole.scale));
  if (!fits)
    throw overflow(
      `A field with precision ${precision}, scale ${scale} must round to an absolute value less than ${limit === 0 ? '1' : `10^${limit}`}.`,
    );
  return rounded;
}

/** The digits as PostgreSQL prints them: all of the scale, no exponent. */
export function printNumeric(a: NumericValue): string {
  if (a.special) return a.special;
  const digits = absBigInt(a.unscaled)
    .toString()
    .padStart(a.scale + 1, '0');
  const sign = a.unscaled < 0n ? '-' : '';
  return a.scale === 0 ? sign + digits : `${sign}${digits.slice(0, -a.scale)}.${digits.slice(-a.scale)}`;
}

const numericForm = /^([+-]?)(\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** `undefined` where the trimmed text is no number. */
export function parseNumeric(text: string): NumericValue | undefined {
  return parsePlain(text) ?? parseAny(text);
}

/** Up to 15 digits with or without a point, as most are: exact in a double. */
function parsePlain(text: string): NumericValue | undefined {
  if (text.length > 16) return undefined;
  const first = text.charCodeAt(0) === 45 ? 1 : 0;
  let unscaled = 0;
  let point = -1;
  for (let i = first; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) unscaled = unscaled * 10 + digit;
    else if (digit === -2 && point < 0) point = i;
    else return undefined;
  }
  // Forms like `.5` and `5.`, rare as they are, and 16 digits are left to the other.
  const digits = text.length - first - (point < 0 ? 0 : 1);
  if (digits === 0 || digits > 15 || point === first || point === text.length - 1) return undefined;
  return { unscaled: BigInt(first === 1 ? -unscaled : unscaled), scale: point < 0 ? 0 : text.length - 1 - point };
}

function parseAny(text: string): NumericValue | undefined {
  const trimmed = text.trim();
  switch (trimmed.toLowerCase()) {
    case 'nan':
      return numericNaN;
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return numericInfinity;
    case '-infinity':
    case '-inf':
      return numericMinusInfinity;
  }
  const match = numericForm.exec(trimmed);
  if (!match) return undefined;
  const fraction = match[3] ?? match[4] ?? '';
  const whole = match[4] === undefined ? match[2]!.split('.')[0]! : '';
  const exponent = Number(match[5] ?? 0);
  if (Math.abs(exponent) > 1_073_741_823) throw fail('numeric_value_out_of_range', 'value overflows numeric format');
  const digits = BigInt(whole + fraction);
  const unscaled = match[1] === '-' ? -digits : digits;
  const scale = fraction.length - exponent;
  if (-scale > maxWeightDigits && digits !== 0n)
    throw fail('numeric_value_out_of_range', 'value overflows numeric format');
  if (scale < 0) return checked(digits === 0n ? 0n : unscaled * pow10(-scale), 0);
  if (scale > maxDisplayScale) return roundNumericTo({ unscaled, scale }, maxDisplayScale);
  return checked(unscaled, scale);
}

function roundNumericTo(a: NumericValue, scale: number): NumericValue {
  return { unscaled: unscaledAt(a, scale), scale };
}

/** `double precision` to numeric keeps 15 significant digits, `real` 6, without trailing zeros. */
export function floatToNumeric(x: number, digits: 6 | 15): NumericValue {
  if (Number.isNaN(x)) return numericNaN;
  if (!Number.isFinite(x)) return infinity(x);
  const value = parseNumeric(x.toPrecision(digits))!;
  let { unscaled, scale } = value;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale--;
  }
  return { unscaled, scale };
}

export function numericToFloat(a: NumericValue): number {
  if (a.special) return a.special === 'NaN' ? NaN : a.special === 'Infinity' ? Infinity : -Infinity;
  return Number(`${a.unscaled}e${-a.scale}`);
}
