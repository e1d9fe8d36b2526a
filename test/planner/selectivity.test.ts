// Estimated selectivities beside real ones, partition by partition: falling spectra, lists, flags, sparse numbers, NULLs.
import * as arrow from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSchema, makeEvents } from '../../bench/scan/events.js';
import { writeTable } from '../../src/ingest/index.js';
import { parseSql, type QueryStatement } from '../../src/parser/index.js';
import type { Gather, PhysicalPlan } from '../../src/planner/index.js';
import { Database, type Session } from '../../src/session/index.js';
import { openStore } from '../../src/store/index.js';
import { rowsIn } from '../golden/fixtures.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const rowsPerPartition = 50_000;
let database: Database;

/** What generated events lack: NULLs, flags, a code with few far-apart values, a value far out. */
const oddSchema = new arrow.Schema([
  new arrow.Field('maybe', new arrow.Float64(), true),
  new arrow.Field('rare', new arrow.Bool(), true),
  new arrow.Field('often', new arrow.Bool(), true),
  new arrow.Field('code', new arrow.Int32(), true),
  new arrow.Field('mass', new arrow.Float32(), true),
  new arrow.Field('name', new arrow.Utf8(), true),
]);
const codes = [1, 13, 1300, 99_000];
function* oddEvents(): Generator<arrow.RecordBatch> {
  const rows = 40_000;
  const at = <T>(make: (u: number, i: number) => T) =>
    Array.from({ length: rows }, (_, i) => make(((Math.imul(i + 1, 0x9e3779b1) >>> 0) + 0.5) / 2 ** 32, i));
  const columns: Record<string, arrow.Vector> = {
    maybe: arrow.vectorFromArray(
      at((u) => (u < 0.4 ? null : 100 * u)),
      new arrow.Float64(),
    ),
    rare: arrow.vectorFromArray(
      at((u) => u < 0.03),
      new arrow.Bool(),
    ),
    often: arrow.vectorFromArray(
      at((u) => (u < 0.1 ? null : u < 0.9)),
      new arrow.Bool(),
    ),
    code: arrow.vectorFromArray(
      at((u) => codes[u < 0.5 ? 0 : u < 0.8 ? 1 : u < 0.95 ? 2 : 3]),
      new arrow.Int32(),
    ),
    mass: arrow.vectorFromArray(
      at((u, i) => (i === 7 ? 5000 : 90 + 3 * Math.tan(3 * (u - 0.5)))),
      new arrow.Float32(),
    ),
    name: arrow.vectorFromArray(
      at((u) => `channel ${Math.floor(u * 20)}`),
      new arrow.Utf8(),
    ),
  };
  yield* new arrow.Table(oddSchema, columns).batches;
}

beforeAll(async () => {
  const store = await openStore('memory:');
  // Partitions are placed, and run here all the same.
  await writeTable(store, 'events', 'events', { schema: eventSchema, batches: makeEvents(2 * rowsPerPartition) });
  await writeTable(store, 'odd', 'odd', { schema: oddSchema, batches: oddEvents() });
  database = await Database.over(store);
  await database.ingest('aod', [sample], { partitionBytes: 1 << 17 });
});
afterAll(() => database.close());

function gatherIn(plan: PhysicalPlan): Gather {
  for (let depth = 0; plan.kind !== 'gather' && depth < 20; depth++)
    plan = plan.kind === 'duckdb' ? plan.inputs[0]! : (plan as { readonly input: PhysicalPlan }).input;
  return plan as Gather;
}

async function compared(dataset: string, table: string, predicate: string) {
  const session: Session = database.session({ searchPath: [dataset] });
  const rows = Number((await rowsIn(await session.sql(`SELECT count(*) FROM "${table}"`)))[0]![0]);
  const sql = `SELECT 1 FROM "${table}" WHERE ${predicate}`;
  const plan = gatherIn((await session.plan(parseSql(sql)[0] as QueryStatement, undefined)).physical);
  const found = Number((await rowsIn(await session.sql(`SELECT count(*) FROM "${table}" WHERE ${predicate}`)))[0]![0]);
  return { real: found / rows, estimated: plan.estimate!.rows / rows };
}

/** The error of a sample of 1,024 is 0.016 at most; the rest is what lies between nine quantiles. */
const single = 0.05;
describe('one variable: within 0.05 of the real share', () => {
  it.each([
    ...['5', '20', '50', '100', '200'].flatMap((met) => [`"MET_pt" > ${met}`, `"MET_pt" <= ${met}`]),
    '"MET_pt" BETWEEN 20 AND 40',
    '"MET_pt" > 20 AND "MET_pt" < 22',
    '"MET_pt" < 10 OR "MET_pt" > 60',
    'NOT ("MET_pt" > 10 AND "MET_pt" < 60)',
    '2 * "MET_pt" + 10 > 90',
    'abs("MET_pt" - 30) < 10',
    'event % 100 = 7',
    'event % 4 < 2',
    'event = 4711',
    'event_id < 12500',
    'len("Jet_pt") >= 4',
  ])('events: %s', async (predicate) => {
    const { real, estimated } = await compared('events', 'events', predicate);
    expect(Math.abs(estimated - real), `${estimated}, really ${real}`).toBeLessThan(single);
  });

  it.each([
    'maybe IS NULL',
    'maybe IS NOT NULL',
    'maybe > 70',
    'NOT maybe > 70',
    'rare',
    'NOT rare',
    'often',
    'NOT often',
    'mass BETWEEN 85 AND 95',
    'mass > 150',
    "name = 'channel 7'",
  ])('odd: %s', async (predicate) => {
    const { real, estimated } = await compared('odd', 'odd', predicate);
    expect(Math.abs(estimated - real), `${estimated}, really ${real}`).toBeLessThan(single);
  });
});

// There is 0.2 between levels at most, half of which a frequent value may be off by.
describe('frequent values: within 0.1', () => {
  it.each([
    ...[0, 1, 2, 4].flatMap((n) => ['=', '>=', '<', '<>'].map((op) => ['events', `"nMuon" ${op} ${n}`] as const)),
    ['events', '"nMuon" IN (1, 3)'],
    ['events', 'len("Jet_pt") = 0'],
    ['events', 'len("Muon_pt") BETWEEN 1 AND 2'],
    ['odd', 'code = 13'],
    ['odd', 'code IN (1, 1300)'],
    ['odd', 'code > 13'],
    ['odd', "name IN ('channel 1', 'channel 2', 'nowhere')"],
  ] as const)('%s: %s', async (dataset, predicate) => {
    const { real, estimated } = await compared(dataset, dataset, predicate);
    expect(Math.abs(estimated - real), `${estimated}, really ${real}`).toBeLessThan(0.1);
  });
});

describe('several variables, elements of lists: within 0.1', () => {
  it.each([
    ['events', 'events', '"MET_pt" > 30 AND "nMuon" >= 1'],
    ['events', 'events', '"MET_pt" > 30 OR "nMuon" = 0'],
    ['events', 'events', 'list_any("Jet_pt" > 60)'],
    ['events', 'events', 'list_all("Jet_pt" < 60)'],
    ['events', 'events', 'list_any("Jet_pt" > 40 AND abs("Jet_eta") < 1)'],
    ['events', 'events', 'list_count("Jet_pt" > 40) >= 2'],
    ['events', 'events', 'list_max("Muon_pt") > 30'],
    ['events', 'events', 'list_min("Jet_pt") < 20'],
    ['odd', 'odd', 'maybe > 50 AND often'],
    ['odd', 'odd', 'maybe IS NULL OR rare'],
    ['aod', 'Events', '"MET_pt" > 40 AND "nJet" >= 2'],
    ['aod', 'Events', 'list_any("Jet_pt" > 50)'],
    ['aod', 'Events', 'list_count(abs("Muon_eta") < 1.5) = 1'],
  ])('%s.%s: %s', async (dataset, table, predicate) => {
    const { real, estimated } = await compared(dataset, table, predicate);
    expect(Math.abs(estimated - real), `${estimated}, really ${real}`).toBeLessThan(0.1);
  });
});
