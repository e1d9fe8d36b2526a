// IEEE arithmetic with PostgreSQL's errors, and its text form of floats.
import { fail } from '../diagnostic.js';
import { decimal, shortestFloat4 } from './shortest-float4.js';

export const overflowMessage = 'value out of range: overflow';
export const underflowMessage = 'value out of range: underflow';

export function overflow(): never {
  throw fail('numeric_value_out_of_range', overflowMessage);
}

export function underflow(): never {
  throw fail('numeric_value_out_of_range', underflowMessage);
}

const finite = Number.isFinite;
const infinite = (x: number) => x === Infinity || x === -Infinity;

/** The arithmetic of one float width: `round` is the identity, or Math.fround. */
export function floatArithmetic(round: (x: number) => number) {
  return {
    add(a: number, b: number): number {
      const r = round(a + b);
      return infinite(r) && finite(a) && finite(b) ? overflow() : r;
    },
    subtract(a: number, b: number): number {
      const r = round(a - b);
      return infinite(r) && finite(a) && finite(b) ? overflow() : r;
    },
    multiply(a: number, b: number): number {
      const r = round(a * b);
      if (infinite(r) && finite(a) && finite(b)) overflow();
      return r === 0 && a !== 0 && b !== 0 ? underflow() : r;
    },
    divide(a: number, b: number): number {
      if (b === 0 && !Number.isNaN(a)) throw fail('division_by_zero', 'division by zero');
      const r = round(a / b);
      if (infinite(r) && !infinite(a)) overflow();
      return r === 0 && a !== 0 && !infinite(b) ? underflow() : r;
    },
  };
}

export const float8 = floatArithmetic((x) => x);
export const float4 = floatArithmetic(Math.fround);

/** A float8 as float4; PostgreSQL's errors when it becomes infinite or zero. */
export function toFloat4(x: number): number {
  const r = Math.fround(x);
  if (infinite(r) && !infinite(x)) overflow();
  return r === 0 && x !== 0 ? underflow() : r;
}

/** NaN is equal to NaN and greater than all else; -0 equals 0. */
export function compareFloats(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/**
 * JavaScript's shortest digits, but that what lies just between two doubles belongs to neither, as in PostgreSQL. Digits can be there
 * only where doubles are multiples of 4 and the odd part of their middle has at most 55 bits.
 */
function shortestFloat8(x: number): string {
  const text = x.toExponential();
  if (x < 2 ** 54 || x > 1e40) return text;
  const exact = BigInt(x);
  const half = 2n ** BigInt(Math.floor(Math.log2(x)) - 53);
  for (let tried = text, places = Math.max(0, text.indexOf('e') - 2); ; tried = x.toExponential(++places)) {
    if (Number(tried) !== x) continue;
    const distance = BigInt(wholeText(tried)) - exact;
    if (distance !== half && distance !== -half) return tried;
  }
}

/** `1.25e+20` without its point and exponent. */
function wholeText(scientific: string): string {
  const [mantissa, exponent] = scientific.split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  return digits.padEnd(Number(exponent) + 1, '0');
}

/** The shortest decimal of a finite number other than 0: its sign, its digits, and the power of ten of the first. */
function shortestDecimal(x: number, width: 4 | 8): { sign: string; digits: string; exponent: number } {
  const sign = x < 0 ? '-' : '';
  if (width === 8) {
    const [mantissa, exponent] = shortestFloat8(Math.abs(x)).split('e') as [string, string];
    return { sign, digits: mantissa.replace('.', ''), exponent: Number(exponent) };
  }
  single[0] = Math.abs(x);
  shortestFloat4(single[0], singleBits[0]!);
  const digits = String(decimal.digits);
  return { sign, digits, exponent: digits.length - 1 - decimal.scale };
}

/** PostgreSQL's shortest text that reads back as the same value: `0.1`, `1e+20`, `NaN`, `-Infinity`, `-0`. */
export function printFloat(x: number, width: 4 | 8): string {
  if (Number.isNaN(x)) return 'NaN';
  if (infinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  const { sign, digits, exponent } = shortestDecimal(x, width);
  if (exponent < -4 || exponent >= (width === 8 ? 15 : 6)) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const shown = Math.abs(exponent).toString().padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${shown}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Rounds half to even, as `rint` does; keeps -0. */
export function rint(x: number): number {
  if (!(Math.abs(x) < 4503599627370496)) return x;
  const magnitude = Math.abs(x) + 4503599627370496 - 4503599627370496;
  return x < 0 || Object.is(x, -0) ? -magnitude : magnitude;
}
