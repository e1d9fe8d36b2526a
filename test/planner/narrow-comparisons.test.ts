import { describe, expect, it } from 'vitest';
import { lookupOperator, printSqlType, type SqlType, sqlTypeOf, types, type Value } from '../../src/core/index.js';
import type { Column, ColumnId, Scalar } from '../../src/planner/bind/scalar.js';
import { columnRef, someScalar, substitute } from '../../src/planner/logical/walk-scalar.js';
import { foldConstants } from '../../src/planner/rules/fold-constants.js';
import { narrowComparisons } from '../../src/planner/rules/narrow-comparisons.js';
import { simplifyPredicate } from '../../src/planner/rules/simplify-predicates.js';

const column = (type: SqlType): Column => ({ id: 1 as ColumnId, name: 'x', type });
const cast = (arg: Scalar, type: SqlType): Scalar => ({ kind: 'cast', type, arg, explicit: false, attempt: false });
const literal = (value: Value, type: SqlType): Scalar => ({ kind: 'literal', type, value });
function compare(name: string, a: Scalar, b: Scalar): Scalar {
  const overload = lookupOperator(name, 2)!.overloads.find((o) => (o.args[0] as SqlType).kind === a.type.kind)!;
  return { kind: 'call', type: types.bool, name, overload, args: [a, b] };
}
const evaluate = (predicate: Scalar, value: Value, type: SqlType): Value => {
  const folded = simplifyPredicate(
    foldConstants(substitute(predicate, new Map([[1 as ColumnId, literal(value, type)]]))),
  );
  if (folded.kind !== 'literal') throw new Error(`not a constant: ${folded.kind}`);
  return folded.value;
};

const uint20: SqlType = { kind: 'numeric', precision: 20, scale: 0 };
const integer = (bits: number, signed: boolean): bigint[] => {
  const first = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const last = signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  const near = [0n, 1n, 2n, 3n, 7n, 2n ** 24n, 2n ** 24n + 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n, first, last];
  const around = near.flatMap((x) => [x - 1n, x, x + 1n, -x]);
  return [...new Set(around)].filter((x) => x >= first && x <= last);
};
const integers: readonly (readonly [SqlType, number, boolean, readonly (readonly SqlType[])[]])[] = [
  [
    types.int1,
    8,
    true,
    [
      [types.int2, types.int4],
      [types.int2, types.float8],
    ],
  ],
  [
    types.uint1,
    8,
    false,
    [
      [types.int2, types.int8],
      [types.int2, types.numeric],
    ],
  ],
  [types.int2, 16, true, [[types.int4], [types.int8], [types.float4], [types.float8], [types.numeric]]],
  [
    types.uint2,
    16,
    false,
    [
      [types.int4, types.int8],
      [types.int4, types.float8],
    ],
  ],
  [types.int4, 32, true, [[types.int8], [types.float4], [types.float8], [types.numeric], [types.int8, types.float8]]],
  [
    types.uint4,
    32,
    false,
    [
      [types.int8, types.float8],
      [types.int8, types.numeric],
      [types.int8, types.float4],
    ],
  ],
  [types.int8, 64, true, [[types.float8], [types.float4], [types.numeric]]],
  [
    types.uint8,
    64,
    false,
    [
      [uint20, types.float8],
      [uint20, types.numeric],
    ],
  ],
];
const floats = [
  0,
  -0,
  1,
  -1,
  0.1,
  0.5,
  50,
  1e-45,
  -1e-45,
  1.1754943508222875e-38,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  16777216,
  Infinity,
  -Infinity,
  Number.NaN,
  0.3,
].map(Math.fround);

interface Case {
  readonly base: SqlType;
  readonly tower: readonly SqlType[];
  readonly values: readonly Value[];
}
const cases: Case[] = [
  ...integers.flatMap(([base, bits, signed, towers]) => {
    const wide = base.kind === 'int8' || base.kind === 'uint8';
    const values: Value[] = integer(bits, signed).map((x) => (wide ? x : Number(x)));
    return towers.map((tower) => ({ base, tower, values: [null, ...values] }));
  }),
  { base: types.float4, tower: [types.float8], values: [null, ...floats] },
];

/** Constants at and beside the values, and far outside. */
function constants(type: SqlType): Value[] {
  const doubles = [
    0,
    -0,
    0.5,
    -0.5,
    0.1,
    0.3,
    1,
    2.5,
    50,
    127,
    127.5,
    128,
    255,
    256,
    -129,
    32767,
    32768,
    65535.5,
    2 ** 24,
    2 ** 24 + 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 32,
    2 ** 53,
    2 ** 53 + 2,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    1e300,
    -1e300,
    1e-45,
    1.4e-45,
    5e-324,
    -5e-324,
    3.4028234663852886e38,
    3.402823669209385e38,
    Infinity,
    -Infinity,
    Number.NaN,
    ...floats.flatMap((f) => [f * (1 + 2 ** -52), f * (1 - 2 ** -52), f * (1 + 2 ** -30)]),
  ];
  const whole = [
    0n,
    1n,
    -1n,
    127n,
    128n,
    255n,
    256n,
    32767n,
    32768n,
    -32769n,
    65536n,
    2n ** 31n,
    2n ** 32n,
    -(2n ** 62n),
  ];
  switch (type.kind) {
    case 'float8':
      return doubles;
    case 'float4':
      return doubles.map(Math.fround);
    case 'int8':
      return whole;
    case 'int4':
      return whole.filter((x) => x >= -(2n ** 31n) && x < 2n ** 31n).map(Number);
    default:
      return [
        ...whole.map((unscaled) => ({ unscaled, scale: 0 })),
        ...[25n, -25n, 1275n, 5n, 20n].map((unscaled) => ({ unscaled, scale: 1 })),
        { unscaled: 10n ** 40n, scale: 0 },
        { unscaled: 1n, scale: 30 },
        { unscaled: 0n, scale: 0, special: 'NaN' as const },
        { unscaled: 0n, scale: 0, special: '-Infinity' as const },
      ];
  }
}

describe('NarrowComparisons', () => {
  for (const { base, tower, values } of cases) {
    const type = tower.at(-1)!;
    it(`${base.kind} as ${tower.map(printSqlType).join(' as ')} compared with constants`, () => {
      const x = columnRef(column(base));
      const wide = tower.reduce<Scalar>(cast, x);
      let narrowed = 0;
      for (const constant of constants(type)) {
        for (const name of ['=', '<>', '<', '<=', '>', '>=']) {
          for (const flip of [false, true]) {
            const [a, b] = flip ? [literal(constant, type), wide] : [wide, literal(constant, type)];
            const before = compare(name, a!, b!);
            const after = narrowComparisons(before);
            if (after !== before) narrowed++;
            for (const value of values)
              if (evaluate(after, value, base) !== evaluate(before, value, base))
                throw new Error(
                  `${name} ${String(constant)} of ${String(value)}: ${JSON.stringify(after, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`,
                );
          }
        }
      }
      expect(narrowed).toBeGreaterThan(constants(type).length * 10);
    });

    it(`${base.kind} as ${tower.map(printSqlType).join(' as ')} in a list of constants`, () => {
      const wide = tower.reduce<Scalar>(cast, columnRef(column(base)));
      const all = constants(type);
      for (let i = 0; i + 3 < all.length; i += 2) {
        for (const extra of [[], [null]]) {
          const list = [...all.slice(i, i + 3), ...extra].map((c) => literal(c, type));
          const before: Scalar = { kind: 'in', type: types.bool, arg: wide, list };
          const after = narrowComparisons(before);
          const asEquals = (s: Scalar): Scalar =>
            s.kind === 'in'
              ? { kind: 'or', type: types.bool, args: s.list.map((item) => compare('=', s.arg, item)) }
              : s;
          for (const value of values)
            expect(evaluate(asEquals(after), value, base)).toBe(evaluate(asEquals(before), value, base));
        }
      }
    });
  }

  it('leaves no cast where the narrow type is one of SQL', () => {
    const before = compare('>', cast(columnRef(column(types.float4)), types.float8), literal(0.1, types.float8));
    expect(someScalar(narrowComparisons(before), (s) => s.kind === 'cast')).toBe(false);
    expect(narrowComparisons(before)).toMatchObject({ name: '>=', args: [{}, { value: Math.fround(0.1) }] });
  });

  it('keeps the cast from a stored type to the SQL type that holds it', () => {
    const wide = cast(cast(columnRef(column(types.uint4)), sqlTypeOf(types.uint4)), types.float8);
    expect(narrowComparisons(compare('>', wide, literal(2.5, types.float8)))).toMatchObject({
      name: '>=',
      args: [{ kind: 'cast', type: { kind: 'int8' } }, { value: 3n }],
    });
  });

  it('leaves a constant alone that several values widen to, and casts that may fail or turn values around', () => {
    const rounding = compare('=', cast(columnRef(column(types.int8)), types.float8), literal(2 ** 53, types.float8));
    expect(narrowComparisons(rounding)).toBe(rounding);
    const failing = compare('>', cast(columnRef(column(types.float8)), types.float4), literal(1, types.float4));
    expect(narrowComparisons(failing)).toBe(failing);
    const byText = compare('>', cast(columnRef(column(types.int4)), types.text), literal('1', types.text));
    expect(narrowComparisons(byText)).toBe(byText);
  });
});
