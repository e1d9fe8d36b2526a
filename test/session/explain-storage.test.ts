// EXPLAIN over a store that computes: what is expected, what ran where, and bytes as the store counts them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerFragment } from '../../src/exec/fragment/index.js';
import { Database, type SessionSettings } from '../../src/session/index.js';
import { openStore } from '../../src/store/index.js';
import { rowsIn } from '../golden/fixtures.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
let database: Database;
/** Of partitions alone, past the store's own execution. */
const counted = { reads: new Set<string>(), fragments: 0, bytes: 0 };
beforeAll(async () => {
  const store = await openStore('memory:');
  const readRanges = store.readRanges.bind(store);
  const inside = { url: store.url, readRanges };
  store.execute = async (name, fragment, more) => {
    const answer = await answerFragment(inside, name, fragment, more?.signal);
    counted.fragments++;
    counted.bytes += answer.length;
    return answer;
  };
  store.readRanges = async (name, ranges, more) => {
    const parts = await readRanges(name, ranges, more);
    if (/\/data\/.*\/p\d+$/.test(name)) {
      counted.reads.add(name);
      counted.bytes += parts.reduce((sum, { length }) => sum + length, 0);
    }
    return parts;
  };
  database = await Database.over(store);
  await database.ingest('aod', [sample], { partitionBytes: 1 << 17 });
});
afterAll(() => database.close());

async function ask(sql: string, pushdown: SessionSettings['pushdown'] = 'auto'): Promise<string[]> {
  const result = await database.session({ searchPath: ['aod'], pushdown }).sql(sql);
  return (await rowsIn(result)).map(([line]) => String(line));
}

interface Node {
  readonly Plans?: readonly Node[];
  readonly [property: string]: unknown;
}
async function analyzed(sql: string, pushdown: SessionSettings['pushdown']) {
  counted.reads.clear();
  counted.fragments = counted.bytes = 0;
  const [text] = await ask(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, pushdown);
  const [plan] = JSON.parse(text!) as [{ Plan: Node } & Record<string, unknown>];
  let node = plan.Plan;
  while (node['Node Type'] !== 'Gather') node = node.Plans!.at(-1)!;
  return { plan, scan: node };
}

const queries = [
  'SELECT count(*) FROM "Events" WHERE "MET_pt" > 20',
  'SELECT "nMuon", sum("MET_pt") FROM "Events" GROUP BY 1',
  'SELECT event_id, "Jet_pt" FROM "Events" WHERE "MET_pt" > 60',
  'SELECT "Jet_pt", "MET_pt" FROM "Events"',
  'SELECT "MET_pt", "Jet_pt" FROM "Events" WHERE event_id < 1101',
  'SELECT event_id, "MET_pt" FROM "Events" ORDER BY "MET_pt" DESC LIMIT 5',
  'SELECT avg(x) FROM (SELECT "MET_pt" * random() AS x FROM "Events") t',
];

describe.each(['on', 'off', 'auto'] as const)('pushdown=%s', (pushdown) => {
  it.each(queries)('bytes and fragments are those that the store counts: %s', async (sql) => {
    await ask(sql, pushdown);
    const { scan, plan } = await analyzed(sql, pushdown);
    expect(scan['Bytes Moved']).toBe(counted.bytes);
    expect(scan['Partitions Run in Store']).toBe(counted.fragments);
    expect(scan['Partitions Run']).toBe(counted.fragments + counted.reads.size);
    expect(scan).toMatchObject({ 'Partitions Refused': 0, 'Partitions Planned': scan['Partitions Run'] });
    expect((scan['Partitions Pruned'] as number) + (scan['Partitions Planned'] as number)).toBe(
      scan['Partitions Total'],
    );
    expect(plan['Planning Time']).toBeGreaterThan(0);
    expect(plan['Execution Time']).toBeGreaterThan(0);
    const [all, there, here] = ['Fragment Time', 'Fragment Time in Store', 'Fragment Time Here'].map(
      (name) => scan[name] as number,
    );
    expect(Math.abs(all! - there! - here!)).toBeLessThan(0.01);
    expect(there! > 0).toBe(counted.fragments > 0);
  });
});

it('says what is expected, and why it runs where', async () => {
  const lines = (await ask('EXPLAIN SELECT event_id, "MET_pt" FROM "Events" WHERE "MET_pt" > 60')).join('\n');
  expect(lines).toMatch(
    /Gather \[storage: fragments give about [\d.]+ k?B, columns have [\d.]+ k?B; about [\d.]+ ms each in storage, [\d.]+ ms here/,
  );
  const [, rows] = /estimated: (\d+) rows, [\d.]+ k?B of answers, [\d.]+ k?B of columns$/m.exec(lines)!;
  const real = Number((await ask('SELECT count(*) FROM "Events" WHERE "MET_pt" > 60'))[0]);
  expect(Math.abs(Number(rows) - real)).toBeLessThan(0.05 * 2000);
});

it('says where time went: in the store, here, merging, in the engine', async () => {
  const merged = (await ask('EXPLAIN ANALYZE SELECT count(*) FROM "Events" WHERE "MET_pt" > 20', 'on')).join('\n');
  expect(merged).toMatch(/ran: \d+ partitions \(\d+ in the store\), \d+ rows, [\d.]+ ms over all threads$/m);
  expect(merged).toMatch(/time: [\d.]+ ms in the store, [\d.]+ ms here, side by side$/m);
  expect(merged).toMatch(/merging: [\d.]+ ms$/m);
  expect(merged).toMatch(/^Planning time: [\d.]+ ms$/m);
  const joined = await ask('EXPLAIN ANALYZE SELECT 1 FROM "Events" a JOIN "Events" b USING (event_id)');
  expect(joined.join('\n')).toMatch(/^DuckDB \(actual: 2000 rows, [\d.]+ ms \([\d.]+ ms without its inputs\)\)$/m);
});

describe('hints for one statement', () => {
  const session = () => {
    const made = database.session({ searchPath: ['aod'] });
    const notices: string[] = [];
    made.onNotice = ({ message }) => notices.push(message);
    const placed = async (sql: string): Promise<string> => {
      const lines = (await rowsIn(await made.sql(sql))).flat().join('\n');
      return /Gather \[[^\]]*?(pushdown=\w+|kernel=\w+|fragments give)/.exec(lines)?.[1] ?? lines;
    };
    return { made, notices, placed };
  };
  const count = 'SELECT count(*) FROM "Events" WHERE "MET_pt" > 20';

  it('say where it runs, whatever the setting, and for it alone', async () => {
    const { made, placed, notices } = session();
    expect(await placed(`EXPLAIN /*+ pushdown(off) */ ${count}`)).toBe('pushdown=off');
    expect(await placed(`EXPLAIN ANALYZE ${count} /*+ pushdown(on) */`)).toBe('pushdown=on');
    expect(await placed(`/*+ Set(skyhook.kernel off) */ EXPLAIN ${count}`)).toBe('kernel=off');
    expect(await placed(`EXPLAIN ${count}`)).toBe('fragments give');
    await made.sql("SET skyhook.pushdown = 'off'");
    expect(await placed(`EXPLAIN ${count}`)).toBe('pushdown=off');
    expect(await placed(`EXPLAIN ${count} /*+ pushdown(auto) */`)).toBe('fragments give');
    expect(notices).toEqual([]);
  });

  it('are kept by PREPARE, and end with a transaction where SET LOCAL gives them', async () => {
    const { made, placed } = session();
    await made.sql(`PREPARE hinted AS ${count} /*+ pushdown(off) */`);
    expect(await placed('EXPLAIN ANALYZE EXECUTE hinted')).toBe('pushdown=off');
    await made.sql('BEGIN');
    await made.sql("SET LOCAL skyhook.pushdown = 'on'");
    expect(await placed(`EXPLAIN ${count}`)).toBe('pushdown=on');
    await made.sql('COMMIT');
    expect(await placed(`EXPLAIN ${count}`)).toBe('fragments give');
  });

  it('run there: fragments are asked of the store, or not', async () => {
    const { made } = session();
    for (const [hint, asked] of [
      ['off', false],
      ['on', true],
    ] as const) {
      counted.fragments = 0;
      expect(await rowsIn(await made.sql(`${count} /*+ pushdown(${hint}) */`))).toHaveLength(1);
      expect(counted.fragments > 0).toBe(asked);
      counted.fragments = 0;
      const native = `select /*+ pushdown(${hint}) */ MET_pt > 50, project Events.MET_pt`;
      await rowsIn(await made.native(native, { dataset: 'aod' }));
      for await (const { batches } of made.nativeByFile(native, 'aod')) for await (const _ of batches);
      expect(counted.fragments > 0).toBe(asked);
      counted.fragments = 0;
      await rowsIn(await made.sql(count, { pushdown: hint }));
      expect(counted.fragments > 0).toBe(asked);
    }
  });

  it('that are wrong are told, once, and the statement runs', async () => {
    const { made, notices, placed } = session();
    expect(await placed(`EXPLAIN ANALYZE /*+ pushdown(maybe) shout(loud) */ ${count}`)).toBe('fragments give');
    expect(notices).toEqual([
      'hint pushdown(maybe) is left out: pushdown takes one of auto, on, off',
      'hint shout(loud) is not known',
    ]);
    await expect(made.sql(count, { pushdown: 'maybe' as 'on' })).rejects.toMatchObject({ code: '22023' });
    const plain = await Database.open('memory:');
    const other = plain.session();
    other.onNotice = ({ message }) => notices.push(message);
    notices.length = 0;
    for (let i = 0; i < 2; i++) await rowsIn(await other.sql('SELECT 1 /*+ pushdown(on) */'));
    expect(notices).toEqual(Array(2).fill('pushdown(on) has no effect: the store does not compute'));
    await plain.close();
  });
});
