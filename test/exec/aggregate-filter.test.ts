// An aggregate's argument may fail on rows that its FILTER leaves out, wherever it runs: in a fragment, in DuckDB, in the evaluator.
import { expect, it } from 'vitest';
import { Database } from '../../src/session/index.js';

it.each([
  ['sum(10 / x)', '22'],
  ['stddev_pop(10 / x) * 0', '0'],
  ["string_agg((10 / x)::text, ',' ORDER BY 10 / x)", '2,2,3,5,10'],
  ['percentile_disc(0.5) WITHIN GROUP (ORDER BY 10 / x)', '3'],
  ['jsonb_agg(10 / x)', '[10, 5, 3, 2, 2]'],
])('%s FILTER (WHERE x <> 0)', async (call, expected) => {
  const database = await Database.open('memory:');
  try {
    const session = database.session();
    for (const sql of ['CREATE TEMP TABLE t AS SELECT i AS x FROM generate_series(0, 5) i'])
      for await (const _ of (await session.sql(sql)).batches);
    const at = call.includes(' * 0') ? call.indexOf(' * 0') : call.length;
    const sql = `SELECT (${call.slice(0, at)} FILTER (WHERE x <> 0)${call.slice(at)})::text AS r FROM t`;
    const rows: unknown[] = [];
    for await (const batch of (await session.sql(sql)).batches) for (const row of batch) rows.push(row.r);
    expect(rows.map((r) => `${r}`.replace(/\.0*$/, ''))).toEqual([expected]);
  } finally {
    await database.close();
  }
});
