import { describe, expect, it } from 'vitest';
import { listOf, types } from '../sql-type.js';
import type { Value } from './overload.js';
import { lookupFunction } from './registry.js';

function call(name: string, ...args: Value[]): Value {
  const overload = lookupFunction(name)!.overloads.find((o) => o.args.length === args.length)!;
  return overload.fold!(args, { argTypes: [listOf(types.int4), types.int4], type: types.float8 });
}

describe('combinations', () => {
  it('gives every choice once, in the order of positions', () => {
    for (let n = 0; n <= 6; n++) {
      const list = Array.from({ length: n }, (_, i) => i);
      for (let k = 1; k <= 6; k++) {
        // Every subset by its bits.
        const expected: number[][] = [];
        for (let bits = 0; bits < 2 ** n; bits++) {
          const chosen = list.filter((i) => (bits >> i) & 1);
          if (chosen.length === k) expected.push(chosen);
        }
        expected.sort((a, b) => a.join().localeCompare(b.join()));
        expect(call('combinations', list, k)).toEqual(expected);
      }
    }
  });

  it('refuses choices of nothing and of too much', () => {
    expect(() => call('combinations', [1, 2], 0)).toThrow(/at least one/);
    const many = Array.from({ length: 200 }, (_, i) => i);
    expect(() => call('combinations', many, 5)).toThrow(/more than/);
  });
});

describe('invariant_mass of lists', () => {
  const mass = lookupFunction('invariant_mass')!.overloads.find((o) => o.args[0] !== types.float8)!;
  const of = (...lists: Value[]) => mass.fold!(lists, { argTypes: [], type: types.float8 });
  it('is that of the particles one by one', () => {
    const two = lookupFunction('invariant_mass')!.overloads.find((o) => o.args.length === 8)!;
    const single = two.fold!([10, 0.5, 1, 0.1, 20, -1, 2, 0.2], { argTypes: [], type: types.float8 });
    expect(of([10, 20], [0.5, -1], [1, 2], [0.1, 0.2])).toBe(single);
    expect(of([], [], [], [])).toBe(0);
    expect(of([1, null], [1, 1], [1, 1], [1, 1])).toBeNull();
    expect(() => of([1], [1, 1], [1, 1], [1, 1])).toThrow(/different lengths/);
  });
});
