// Where fragments are planned to run over a store that computes: by the bytes that each way moves, partition by partition.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseSql, type QueryStatement } from '../../src/parser/index.js';
import type { Gather, PhysicalPlan } from '../../src/planner/index.js';
import { Database } from '../../src/session/index.js';
import { openStore } from '../../src/store/index.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
let database: Database;
let partitions: number;
beforeAll(async () => {
  const store = await openStore('memory:');
  store.execute = () => Promise.reject(new Error('plans only'));
  database = await Database.over(store);
  partitions = (await database.ingest('aod', [sample], { partitionBytes: 1 << 17 })).partitions;
});
afterAll(() => database.close());

async function gatherOf(sql: string, pushdown: 'auto' | 'on' | 'off' = 'auto'): Promise<Gather> {
  const session = database.session({ searchPath: ['aod'], pushdown });
  let plan: PhysicalPlan = (await session.plan(parseSql(sql)[0] as QueryStatement, undefined)).physical;
  for (let depth = 0; plan.kind !== 'gather' && depth < 20; depth++)
    plan = plan.kind === 'duckdb' ? plan.inputs[0]! : (plan as { readonly input: PhysicalPlan }).input;
  return plan as Gather;
}

it.each([
  ['SELECT count(*) FROM "Events" WHERE "MET_pt" > 20', 'storage'],
  ['SELECT sum(list_sum("Jet_pt")) FROM "Events"', 'storage'],
  ['SELECT "nMuon", sum(list_sum("Jet_pt")) FROM "Events" GROUP BY 1', 'storage'],
  ['SELECT event_id, "Jet_pt", "MET_pt" FROM "Events" WHERE "MET_pt" > 120', 'storage'],
  ['SELECT * FROM "Events"', 'local'],
  ['SELECT "Jet_pt", "MET_pt" FROM "Events" WHERE "MET_pt" > 0', 'local'],
  ['SELECT "Jet_pt", "MET_pt" FROM "Events" WHERE NOT "MET_pt" < 0.0001', 'local'],
  ['SELECT "MET_pt" FROM "Events" WHERE event_id >= 0', 'local'],
])('%s: %s', async (sql, placement) => {
  expect(await gatherOf(sql)).toMatchObject({
    placement,
    placementReason: expect.stringMatching(
      /^fragments give about [\d.]+ k?B, columns have [\d.]+ k?B(?:; about [\d.]+ ms each in storage, [\d.]+ ms here)?$/,
    ),
  });
  expect(await gatherOf(sql, 'on')).toMatchObject({ placement: 'storage', placementReason: 'pushdown=on' });
  expect(await gatherOf(sql, 'off')).toMatchObject({ placement: 'local', placementReason: 'pushdown=off' });
});

it('decides for each partition: those that pass whole are read, the one that passes in part answers', async () => {
  const gather = await gatherOf('SELECT "MET_pt", "Jet_pt" FROM "Events" WHERE event_id < 1101');
  expect(gather.placement).toBe('mixed');
  expect(gather.partitions.length).toBeLessThan(partitions);
  expect(gather.here!.size).toBe(gather.partitions.length - 1);
  expect(gather.here!.has(gather.partitions.at(-1)!)).toBe(false);
});
