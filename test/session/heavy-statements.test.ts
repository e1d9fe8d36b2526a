// Statements that compute a lot in this process: they let others have their turn, hold no list of what they only pass on, and end in an answer or an error.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, rowsOf, type Session } from '../../src/session/index.js';

let database: Database;
let session: Session;
beforeAll(async () => {
  database = await Database.open('memory:');
  session = database.session();
});
afterAll(() => database.close());

async function rows(sql: string): Promise<(readonly unknown[])[]> {
  const { batches, columns } = await session.sql(sql);
  const types = columns.map(({ type }) => type);
  const found: (readonly unknown[])[] = [];
  for await (const batch of batches) found.push(...rowsOf(batch, types));
  return found;
}

test.each([
  [
    'a function of each row',
    'select width_bucket(g, 0, 3e6, 10), count(*) from generate_series(0, 2999999) g group by 1',
  ],
  ['a series', "select count(*) from generate_series('2000-01-01'::timestamp, '2000-02-01', '1 second')"],
  ['parts of a text', "select count(*) from regexp_split_to_table(repeat('a,', 3000000), ',')"],
  [
    'an aggregate that DuckDB has not',
    'select mode() within group (order by g % 7) from generate_series(1, 2000000) g',
  ],
  ['numbers drawn', 'select g from generate_series(1, 3000000) g order by random() limit 1'],
])('others have their turn beside %s', async (_, sql) => {
  let turns = 0;
  let going = true;
  const others = (async () => {
    while (going) {
      await new Promise((resolve) => setImmediate(resolve));
      // Each stands for many that come while nothing is computed.
      if (going) turns++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  expect((await rows(sql)).length).toBeGreaterThan(0);
  going = false;
  await others;
  expect(turns).toBeGreaterThan(10);
});

test.each([
  ["select g from generate_series('2000-01-01'::timestamp, 'infinity', '1 day') g limit 2", 2],
  ['select generate_series(1, 100000000000) limit 3', 3],
  ['select g from generate_series(1.5, 1e12) g limit 3', 3],
  ["select count(*) from string_to_table(repeat('x,', 300000), ',')", 1],
])('%s', async (sql, count) => {
  expect((await rows(sql)).length).toBe(count);
});

test.each([
  ["select length(reverse(repeat('äbc', 10000000)))", 30_000_000],
  ["select length(upper(repeat('äbc', 10000000)))", 30_000_000],
  ["select length(translate(repeat('abc', 20000000), 'ab', 'x'))", 40_000_000],
  ["select length(lpad('x', 100000000, 'äb'))", 100_000_000],
  ["select length(format('%s', repeat('x', 200000000)))", 200_000_000],
  ["select length(encode(repeat('x', 50000000)::bytea, 'escape'))", 50_000_000],
])('%s', async (sql, length) => {
  expect((await rows(sql))[0]).toEqual([length]);
});

test.each([
  "select repeat('x', 300000000)",
  "select lpad('x', 2000000000)",
  "select format('%300000000s', 'x')",
  "select repeat('x', 200000000) || repeat('y', 200000000)",
  "select replace(repeat('x', 2000000), 'x', repeat('y', 1000))",
])('%s is too long', async (sql) => {
  await expect(rows(sql)).rejects.toMatchObject({ code: '54000', message: 'requested length too large' });
});
