import { describe, expect, test } from 'vitest';
import { ExactSum, exactSum } from './exact-sum.js';

/** Sum of doubles as an integer count of 2^-1074. */
function exactly(values: readonly number[]): bigint {
  const view = new DataView(new ArrayBuffer(8));
  return values.reduce((sum, x) => {
    view.setFloat64(0, x);
    const bits = view.getBigUint64(0);
    const exponent = Number((bits >> 52n) & 0x7ffn);
    const mantissa = (bits & 0xfffffffffffffn) | (exponent ? 1n << 52n : 0n);
    const magnitude = mantissa << BigInt(Math.max(exponent, 1) - 1);
    return sum + (bits >> 63n ? -magnitude : magnitude);
  }, 0n);
}

let state = 1;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return state / 2 ** 32;
};

describe('exact sum', () => {
  test('is the nearest double to the true sum, in any order and any grouping', () => {
    for (let round = 0; round < 500; round++) {
      const values = Array.from(
        { length: 3 + (round % 9) },
        () => (random() - 0.5) * 2 ** Math.floor(random() * 120 - 60),
      );
      if (round % 3 === 0) values.push(-values[0]!);
      const result = exactSum(values);
      const error = (x: number) => {
        const difference = exactly(values) - exactly([x]);
        return difference < 0n ? -difference : difference;
      };
      const step = Math.abs(result) * 2 ** -53 || 5e-324;
      expect(error(result) <= error(result + step) && error(result) <= error(result - step)).toBe(true);
      expect(exactSum([...values].reverse())).toBe(result);
      const [left, right] = [new ExactSum(), new ExactSum()];
      for (const [i, x] of values.entries()) (i % 2 ? left : right).add(x);
      const merged = ExactSum.deserialize(left.serialize());
      merged.merge(ExactSum.deserialize(right.serialize()));
      expect(merged.round()).toBe(result);
    }
  });

  test('cancels what naive summation loses', () => {
    expect(exactSum([1e308, 1, -1e308])).toBe(1);
    expect(exactSum([2 ** 53, 1, 1])).toBe(2 ** 53 + 2);
    expect(exactSum([16777216, 1, 1], 4)).toBe(16777218);
  });

  test('special values', () => {
    expect(exactSum([Infinity, -Infinity])).toBe(NaN);
    expect(exactSum([1, Infinity])).toBe(Infinity);
    expect(exactSum([1, NaN])).toBe(NaN);
    expect(Object.is(exactSum([-0, -0]), -0)).toBe(true);
    expect(Object.is(exactSum([-0, 0]), 0)).toBe(true);
    expect(() => exactSum([1e308, 1e308])).toThrow('value out of range: overflow');
  });
});
