import { expect, test } from 'vitest';
import { printFloat } from './float.js';
import { decimal, shortestFloat4 } from './shortest-float4.js';

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** By trying every number of digits. */
function tried(x: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const text = x.toExponential(digits - 1);
    if (Math.fround(Number(text)) === x) return Number(text);
    const [mantissa, exponent] = text.split('e') as [string, string];
    for (const step of [1, -1]) {
      const near = `${(Number(mantissa) + step * 10 ** (1 - digits)).toFixed(digits - 1)}e${exponent}`;
      if (Math.fround(Number(near)) === x) return Number(near);
    }
  }
  return Number(x.toExponential(8));
}

function check(pattern: number): void {
  bits[0] = pattern;
  const x = float[0]!;
  shortestFloat4(x, pattern);
  const { digits, scale } = decimal;
  if (Number(`${digits}e${-scale}`) !== tried(x) || digits % 10 === 0)
    expect.fail(`${x} (${pattern}) became ${digits}e${-scale}, not ${tried(x)}`);
}

test('around every power of two, and at random', () => {
  for (let exponent = 0; exponent < 255; exponent++)
    for (let m = 0; m < 24; m++) {
      check((exponent << 23) | m || 1);
      check((exponent << 23) | (0x7fffff - m));
    }
  let state = 12345;
  for (let i = 0; i < 50_000; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    check(state % 0x7f800000 || 1);
  }
});

test('as PostgreSQL 15 prints them', () => {
  const shown: [number, string][] = [
    [1.25, '1.25'],
    [0.1, '0.1'],
    [16777216, '1.6777216e+07'],
    [123456.79, '123456.79'],
    [1234567, '1.234567e+06'],
    [1e-45, '1e-45'],
    [1.17549435e-38, '1.1754944e-38'],
    [3.4028235e38, '3.4028235e+38'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-2.5, '-2.5'],
    [9.5367431640625e-7, '9.536743e-07'],
  ];
  for (const [x, text] of shown) expect(printFloat(Math.fround(x), 4)).toBe(text);
});
