// Window functions by the evaluator and by DuckDB: every frame gives the same values in both homes.
import * as arrow from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, rowsOf, type Session } from '../../src/session/index.js';

let database: Database;
let session: Session;

const rows = 60;
const ints = (value: (i: number) => number | null) =>
  arrow.vectorFromArray(
    Array.from({ length: rows }, (_, i) => value(i)),
    new arrow.Int32(),
  );

beforeAll(async () => {
  database = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
  await database.writeTable(
    't',
    new arrow.Table({
      id: ints((i) => i),
      part: ints((i) => (i * 7) % 4),
      key: ints((i) => (i % 11 === 5 ? null : (i * 13) % 17)),
      x: ints((i) => (i % 9 === 4 ? null : ((i * 29) % 31) - 15)),
    }),
  );
  session = database.session({ searchPath: ['t'] });
});
afterAll(() => database.close());

async function ask(sql: string): Promise<string[]> {
  const result = await session.sql(sql);
  const found: string[] = [];
  for await (const batch of result.batches)
    for (const row of rowsOf(
      batch,
      result.columns.map((c) => c.type),
    ))
      found.push(row.join('|'));
  return found;
}

async function explained(sql: string): Promise<string> {
  return (await ask(`EXPLAIN ${sql}`)).join('\n');
}

const offsets = [
  'UNBOUNDED PRECEDING',
  '3 PRECEDING',
  '1 PRECEDING',
  'CURRENT ROW',
  '2 FOLLOWING',
  'UNBOUNDED FOLLOWING',
];
const bounds = offsets.flatMap((start, s) =>
  offsets
    .slice(Math.max(s, 1))
    .flatMap((end) => (start === 'UNBOUNDED FOLLOWING' ? [] : [`BETWEEN ${start} AND ${end}`])),
);
const excludes = ['', ' EXCLUDE CURRENT ROW', ' EXCLUDE GROUP', ' EXCLUDE TIES'];

// Peers come in no order that either promises: only what does not depend on it is asked for, or the order is total.
const anyOrder = [
  'sum(x)',
  'count(*)',
  'count(x)',
  'min(x)',
  'max(x)',
  'first_value(key)',
  'last_value(key)',
  'nth_value(key, 3)',
];
const totalOrder = [
  ...anyOrder,
  'first_value(x)',
  'last_value(x)',
  'array_agg(x)',
  'bool_or(x > 3)',
  'sum(x) FILTER (WHERE x > 0)',
];

describe('windows by the evaluator', () => {
  it.each(['ROWS', 'RANGE', 'GROUPS'])('frames in %s', async (mode) => {
    for (const [n, between] of bounds.entries()) {
      const exclude = excludes[n % excludes.length]!;
      const order = mode === 'ROWS' ? 'key NULLS FIRST, id' : n % 2 === 0 ? 'key' : 'key DESC NULLS LAST';
      const window = `(PARTITION BY part ORDER BY ${order} ${mode} ${between}${exclude})`;
      const calls = mode === 'ROWS' ? totalOrder : anyOrder;
      const list = calls.map((call, i) =>
        `${call.replace(/$/, ` OVER w`)} AS c${i}`.replace(/ FILTER (\(.*\)) OVER w/, ' FILTER $1 OVER w'),
      );
      const from = `FROM t WINDOW w AS ${window} ORDER BY id`;
      const byDuckDb = `SELECT id, ${list.join(', ')} ${from}`;
      // Only the evaluator has it, so all of the node is its.
      const byEvaluator = `SELECT id, ${list.join(', ')}, var_pop(x) OVER w AS v ${from}`;
      const wanted = await ask(byDuckDb);
      const found = (await ask(byEvaluator)).map((line) => line.slice(0, line.lastIndexOf('|')));
      expect(found, window).toEqual(wanted);
      if (n > 0) continue;
      expect(await explained(byDuckDb)).toContain('DuckDB');
      expect(await explained(byEvaluator)).toMatch(/^\W*Window: /m);
    }
  });

  it('ranks and neighbours', async () => {
    const calls = ['row_number()', 'ntile(7)', 'lag(x)', 'lag(x, 2)', 'lead(x, 3, -99)', 'lead(x, -1)'].map(
      (call) => `${call} OVER (PARTITION BY part ORDER BY key, id)`,
    );
    const ranks = ['rank()', 'dense_rank()', 'percent_rank()', 'cume_dist()'].map(
      (call) => `${call} OVER (PARTITION BY part ORDER BY key DESC)`,
    );
    const list = [...calls, ...ranks].join(', ');
    const wanted = await ask(`SELECT id, ${list} FROM t ORDER BY id`);
    const found = await ask(`SELECT id, ${list}, var_pop(x) OVER () FROM t ORDER BY id`);
    expect(found.map((line) => line.slice(0, line.lastIndexOf('|')))).toEqual(wanted);
  });

  it('has no rows of no rows', async () => {
    expect(await ask('SELECT stddev(x) OVER (ORDER BY key) FROM t WHERE id < 0')).toEqual([]);
  });
});
