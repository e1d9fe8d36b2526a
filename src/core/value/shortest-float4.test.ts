import { expect, test } from 'vitest';
import { printFloat } from './float.js';
import { decimal, shortestFloat4 } from './shortest-float4.js';

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Reads back as the same float, and neither fewer digits nor nearer ones of as many do (by trying). */
function check(pattern: number): void {
  bits[0] = pattern;
  const x = float[0]!;
  shortestFloat4(x, pattern);
  const { digits, scale } = decimal;
  const text = `${digits}e${-scale}`;
  const count = String(digits).length;
  const fewer = count > 1 ? x.toExponential(count - 2) : '0';
  const asMany = x.toExponential(count - 1);
  const boundaries = [-1, 1].map((step) => {
    bits[0] = pattern + step;
    return (x + float[0]!) / 2;
  });
  const inside = (t: string) => Math.fround(Number(t)) === x && !boundaries.includes(Number(t));
  const nearer = Math.abs(Number(asMany) - x) < Math.abs(Number(text) - x) - x * 1e-12;
  if (!inside(text) || digits % 10 === 0 || inside(fewer) || (nearer && inside(asMany)))
    expect.fail(`${x} (${pattern}) became ${text}`);
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
    [2009724.25, '2.0097242e+06'],
    [58179672, '5.8179672e+07'],
  ];
  for (const [x, text] of shown) expect(printFloat(Math.fround(x), 4)).toBe(text);
});

test('doubles at the boundary between two, as PostgreSQL 15 prints them', () => {
  expect(printFloat(18014398509481988, 8)).toBe('1.8014398509481988e+16');
  expect(printFloat(18014398509481984, 8)).toBe('1.8014398509481984e+16');
  expect(printFloat(9007199254740992, 8)).toBe('9.007199254740992e+15');
  expect(printFloat(1e22, 8)).toBe('1e+22');
  expect(printFloat(1e23, 8)).toBe('9.999999999999999e+22');
  expect(printFloat(2 ** 60, 8)).toBe('1.152921504606847e+18');
});
