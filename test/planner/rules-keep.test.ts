// What rules must leave alone, as the optimised plan shows it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseSql, type QueryStatement } from '../../src/parser/index.js';
import { printLogicalPlan } from '../../src/planner/index.js';
import type { Database } from '../../src/session/index.js';
import { openFixtures } from '../golden/fixtures.js';

let database: Database;
beforeAll(async () => {
  database = await openFixtures();
});
afterAll(() => database?.close());

async function plan(sql: string): Promise<string> {
  const statement = parseSql(sql)[0] as QueryStatement;
  const { optimized } = await database.session({ searchPath: ['sample'] }).plan(statement, undefined);
  return printLogicalPlan(optimized);
}

it.each(['array_agg(n)', "string_agg(CAST(n AS text), ',')"])('keeps the order below %s', async (call) => {
  const of = (c: string) => plan(`SELECT ${c} FROM (SELECT "nMuon" AS n FROM "Events" ORDER BY "MET_pt") s`);
  expect(await of(call)).toContain('Sort:');
  expect(await of('sum(n)')).not.toContain('Sort:');
});

it('gives each input of a union the rows of limit and offset, and keeps both above it', async () => {
  const text = await plan('SELECT event_id FROM "Events" UNION ALL SELECT event_id FROM "Events" LIMIT 3 OFFSET 2');
  expect(text).toMatch(/^Limit: 3 offset 2/);
  expect(text.match(/limit 5/g)).toHaveLength(2);
});

it('joins equalities into IN beside a comparison with NULL', async () => {
  const text = await plan('SELECT count(*) FROM "Events" WHERE "nMuon" = 1 OR "nMuon" = NULL OR "nMuon" = 3');
  expect(text).toMatch(/nMuon:1 in \(1, NULL, 3\)/);
});
