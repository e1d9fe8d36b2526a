// Elementary functions against values of 1,600 bits (scripts/elementary-oracle.py), and in their special cases.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as elementary from '../../src/core/value/elementary/index.js';

const lines = readFileSync(new URL('./elementary.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const named = elementary as Readonly<Record<string, (x: number, y: number) => number>>;
/** Units in the last place: sums of two roundings in what is made of exp and log, less than one elsewhere. */
const bounds: Readonly<Record<string, number>> = {
  acosh: 2,
  asinh: 2,
  atan2: 1.5,
  atanh: 2,
  cosh: 2,
  sinh: 2,
  tanh: 2,
};

function unit(x: number): number {
  const bits = new BigInt64Array(1);
  new Float64Array(bits.buffer)[0] = Math.abs(x);
  bits[0]! += 1n;
  return new Float64Array(bits.buffer)[0]! - Math.abs(x);
}

describe('elementary functions', () => {
  it.each([...new Set(lines.map((line) => line.split('\t')[0]!))])('%s', (name) => {
    for (const line of lines) {
      const [of, x, y, nearest, rest] = line.split('\t') as [string, string, string, string, string];
      if (of !== name) continue;
      const near = Number(nearest);
      const off = (named[name]!(Number(x), Number(y)) - near) / unit(near) - Number(rest);
      expect(Math.abs(off), line).toBeLessThan(bounds[name] ?? 1);
    }
  });

  it('keeps signs of zero, infinities and NaN', () => {
    for (const odd of ['sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'asinh', 'atanh', 'cbrt', 'expm1', 'log1p']) {
      expect(named[odd]!(-0, 0), odd).toBe(-0);
      expect(named[odd]!(NaN, 0), odd).toBeNaN();
    }
    expect([elementary.exp(-Infinity), elementary.exp(710), elementary.exp(-746)]).toEqual([0, Infinity, 0]);
    expect([elementary.log(0), elementary.log(Infinity), elementary.log(1)]).toEqual([-Infinity, Infinity, 0]);
    expect(elementary.atan2(-0, -1)).toBe(-Math.PI);
    expect([elementary.pow(-8, 3), elementary.pow(-0, 3), elementary.pow(-0, -3)]).toEqual([-512, -0, -Infinity]);
    expect([elementary.pow(-1, Infinity), elementary.pow(2, -1074), elementary.pow(2, 1024)]).toEqual([
      1,
      5e-324,
      Infinity,
    ]);
  });
});
