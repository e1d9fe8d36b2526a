// Sort and distinct of rows that are held here, against DuckDB's over the same rows.
import { afterAll, describe, expect, test } from 'vitest';
import { listOf, type SqlType, types, type Value } from '../../src/core/index.js';
import { type Engine, engineOf } from '../../src/exec/engine.js';
import type { Column, LogicalPlan, PhysicalPlan, ValuesExec } from '../../src/planner/index.js';
import { col, duck, key, lit, ref, rowsOf, testEngine } from './plans.js';

const { engine, pool } = testEngine();
afterAll(() => engine.close());

let state = 7;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) / 2 ** 24;
};
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

const numeric = { kind: 'numeric', precision: 10, scale: 2 } as const;
const domains: readonly { readonly type: SqlType; readonly values: readonly Value[] }[] = [
  { type: types.int4, values: [null, 3, -5, 0, 7, 2 ** 31 - 1] },
  { type: types.int8, values: [null, 1n, 2n ** 62n, -(2n ** 62n), 2n ** 53n + 1n, 2n ** 53n] },
  { type: types.float4, values: [null, Number.NaN, Infinity, -Infinity, 0, 1.5] },
  { type: types.float8, values: [null, Number.NaN, -0, 0, 1e300, -1e-300] },
  // Order of code points: U+FF5E is below U+1F600, though its UTF-16 units are above.
  { type: types.text, values: [null, '', 'a', 'B', 'ab', 'ä', '～', '😀', 'a\u0301'] },
  { type: types.bool, values: [null, true, false] },
  {
    type: numeric,
    values: [null, { unscaled: 150n, scale: 2 }, { unscaled: -1n, scale: 2 }, { unscaled: 0n, scale: 2 }],
  },
  { type: listOf(types.float4), values: [null, [], [1], [1, Number.NaN], [1, null], [null]] },
];

function table(rows: number): { columns: Column[]; place: Column; plan: ValuesExec } {
  const columns = domains.map(({ type }, i) => col(`v${i}`, type));
  const place = col('place', types.int4);
  const plan: ValuesExec = {
    kind: 'values',
    columns: [...columns, place],
    rows: Array.from({ length: rows }, (_, i) => [
      ...domains.map(({ type, values }) => lit(pick(values), type)),
      lit(i, types.int4),
    ]),
  };
  return { columns, place, plan };
}
const input = ({ columns }: ValuesExec): LogicalPlan => ({ kind: 'input', index: 0, columns });
const run = (plan: PhysicalPlan, on: Engine = engine) => rowsOf(on.execute(plan).batches);
/** -0 and 0 are one value. */
const plain = (rows: unknown[][]) => rows.map((row) => row.map((v) => (v === 0 ? 0 : v)));

describe('sort', () => {
  test('orders as DuckDB does: NULLS, NaN, text, wide integers, lists', async () => {
    const { columns, place, plan } = table(120);
    for (let round = 0; round < 25; round++) {
      const keys = [pick(columns), pick(columns)].map((c) => key(ref(c), random() < 0.5, random() < 0.5));
      const limit = round % 3 === 0 ? 10 : undefined;
      const offset = round % 2 === 0 ? 3 : 0;
      const ours = await run({ kind: 'sort', input: plan, keys, offset, ...(limit !== undefined && { limit }) });
      // Ties keep the input's order.
      const sorted: LogicalPlan = { kind: 'sort', input: input(plan), keys: [...keys, key(ref(place))] };
      const bound = (n: number) => lit(BigInt(n), types.int8);
      const limited: LogicalPlan = {
        kind: 'limit',
        input: sorted,
        offset: bound(offset),
        withTies: false,
        ...(limit !== undefined && { limit: bound(limit) }),
      };
      expect(plain(ours)).toEqual(plain(await run(duck(limited, plan))));
    }
  });

  test('of nothing, and with a limit of none', async () => {
    const { columns, plan } = table(0);
    const keys = [key(ref(columns[4]!))];
    expect(await run({ kind: 'sort', input: plan, keys, offset: 0 })).toEqual([]);
    expect(await run({ kind: 'sort', input: table(3).plan, keys: [], limit: 0, offset: 0 })).toEqual([]);
    expect(await run({ kind: 'sort', input: table(3).plan, keys: [], offset: 9 })).toEqual([]);
  });
});

describe('distinct', () => {
  test('keeps the first row of each group, as DuckDB does', async () => {
    const { columns, place, plan } = table(200);
    for (const [i, column] of columns.entries()) {
      const on = i % 2 === 0 ? [ref(column)] : [ref(column), ref(columns[0]!)];
      const ours = await run({ kind: 'distinct', input: plan, on });
      const theirs: LogicalPlan = {
        kind: 'distinct',
        on,
        input: { kind: 'sort', input: input(plan), keys: [key(ref(place))] },
      };
      expect(plain(ours)).toEqual(plain(await run(duck(theirs, plan))));
    }
  });

  test('tells lists apart whose elements print alike', async () => {
    const texts = col('t', listOf(types.text));
    const rows = [['a,b'], ['a', 'b'], ['a', 'b'], [null], [], ['n']].map((list) => [lit(list, texts.type)]);
    const plan: ValuesExec = { kind: 'values', columns: [texts], rows };
    expect(await run({ kind: 'distinct', input: plan, on: [ref(texts)] })).toHaveLength(5);
  });
});

test('needs no DuckDB', async () => {
  const none = () => {
    throw new Error('not here');
  };
  const { compileEval, evalValues } = await import('../../src/exec/eval/index.js');
  const alone = engineOf({
    fragments: { rows: none, mergeAggregate: none, mergeTopN: none, close: async () => {} },
    evaluator: { compileEval, evalValues },
    pool: Object.assign(Object.create(pool), { lease: none }),
  });
  const { columns, plan } = table(20);
  const distinct: PhysicalPlan = { kind: 'distinct', input: plan, on: [ref(columns[0]!)] };
  const rows = await run({ kind: 'sort', input: distinct, keys: [key(ref(columns[0]!))], offset: 0 }, alone);
  expect(rows.map((row) => row[0])).toEqual([-5, 0, 3, 7, 2 ** 31 - 1, null]);
});
