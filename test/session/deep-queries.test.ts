// Subqueries in subqueries, long joins and chains of INTERSECT: an answer, or 54001; nothing runs for ever.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { Database, rowsOf } from '../../src/session/index.js';

let database: Database;
beforeAll(async () => {
  database = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
});
afterAll(() => database.close());

const nested = (levels: number, around: (inner: string, level: number) => string, base: string): string => {
  let text = base;
  for (let i = 0; i < levels; i++) text = around(text, i);
  return text;
};
const joined = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(' ');

async function answer(sql: string): Promise<unknown> {
  const result = await database.session().sql(sql, { signal: AbortSignal.timeout(200_000) });
  const rows: unknown[] = [];
  const types = result.columns.map((c) => c.type);
  for await (const batch of result.batches) for (const row of rowsOf(batch, types)) rows.push(row.map(Number));
  return rows;
}

test.each([
  ['scalar subqueries in VALUES', nested(40, (s) => `VALUES ((${s}))`, 'SELECT 1'), 1],
  [
    'scalar subqueries over aggregates',
    nested(40, (s, i) => `SELECT max(x) + 1 FROM (VALUES ((${s}))) t${i}(x)`, 'SELECT 1'),
    41,
  ],
  [
    'scalar subqueries beside columns',
    nested(40, (s, i) => `SELECT x${i} + (${s}) FROM (VALUES (1)) t${i}(x${i})`, 'SELECT 1'),
    41,
  ],
  ['IN', nested(40, (s, i) => `SELECT x FROM (VALUES (1), (2)) t${i}(x) WHERE x IN (${s})`, 'SELECT 1'), 1],
  [
    'correlated EXISTS',
    nested(
      20,
      (s, i) =>
        `SELECT x${i} FROM (VALUES (1)) t${i}(x${i}) WHERE EXISTS (${s}${i > 0 ? ` AND x${i - 1} = x${i}` : ''})`,
      'SELECT 1 WHERE true',
    ),
    1,
  ],
  [
    'joins',
    `WITH v AS MATERIALIZED (SELECT 1 AS x) SELECT count(*) FROM v v0 ${joined(100, (i) => `JOIN v v${i + 1} ON v${i + 1}.x = v${i}.x`)}`,
    1,
  ],
  ['INTERSECT', Array(200).fill('SELECT 7').join(' INTERSECT '), 7],
] as const)('%s', async (_name, sql, expected) => {
  expect(await answer(sql)).toEqual([[expected]]);
});

test.each([
  ['INTERSECT', Array(10_000).fill('SELECT 1').join(' INTERSECT ')],
  ['joins', `WITH v AS MATERIALIZED (SELECT 1 AS x) SELECT count(*) FROM v v0 ${joined(600, (i) => `, v v${i + 1}`)}`],
])('too many: %s', async (_name, sql) => {
  const error = await answer(sql).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  expect((error as DiagnosticError).code).toBe('54001');
});

test('a query after one that was canceled in the engine is not ended with it', async () => {
  const slow = 'SELECT count(*) FROM generate_series(1, 100000000) a(x), generate_series(1, 1000) b(y) WHERE x % 7 = y';
  const result = await database.session().sql(slow, { signal: AbortSignal.timeout(300) });
  await expect(
    (async () => {
      for await (const _ of result.batches);
    })(),
  ).rejects.toThrow();
  expect(
    await answer('SELECT max(x) FROM (VALUES (1), (2)) v(x) WHERE x IN (SELECT y FROM (VALUES (2)) w(y))'),
  ).toEqual([[2]]);
});
