// `npm run bench -- pushdown [EVENTS]`: the same queries over generated events in a Ceph cluster of this machine, with pushdown off, on and
// auto, alternately and warm: bytes that came from the storage daemons, and time. Off is the same kernel, here, on the columns it needs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTable } from '../../src/ingest/index.js';
import { Database, rowsOf, type SessionSettings } from '../../src/session/index.js';
import { MeteredStore, openStore } from '../../src/store/index.js';
import { buildClass, CephCluster } from '../../test/support/ceph-cluster.js';
import { eventSchema, makeEvents } from '../scan/events.js';

const rounds = 6;
const events = Number(process.argv[2] ?? 2_000_000);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const one = 'event, "MET_pt", "Jet_pt", "Jet_eta", "Muon_pt"';
/** The first four tasks of the ADL benchmark, and rows at one and a hundred percent. */
const queries: readonly (readonly [string, string])[] = [
  ['1 % of rows', `SELECT ${one} FROM events WHERE event % 100 = 7`],
  ['100 % of rows', `SELECT ${one} FROM events`],
  ['100 %, filtered', `SELECT ${one} FROM events WHERE "MET_pt" > 0`],
  ['ADL 1: MET', 'SELECT hist("MET_pt", 0, 200, 100) FROM events'],
  ['ADL 2: jet pt', 'SELECT hist(pt, 15, 60, 100) FROM events, unnest("Jet_pt") AS j(pt)'],
  [
    'ADL 3: central jets',
    'SELECT hist(pt, 15, 60, 100) FROM events, unnest("Jet_pt", "Jet_eta") AS j(pt, eta) WHERE abs(eta) < 1',
  ],
  ['ADL 4: two jets', 'SELECT hist("MET_pt", 0, 200, 100) FROM events WHERE list_count("Jet_pt" > 40) >= 2'],
  ['count', 'SELECT count(*) FROM events WHERE "MET_pt" > 50'],
  // An answer larger than what it is made of.
  ['heavy output', 'SELECT "MET_pt", pt FROM events, unnest("Jet_pt") AS j(pt)'],
];
const settings = ['off', 'on', 'auto'] as const satisfies readonly SessionSettings['pushdown'][];

const orders = [0, 1, 2].flatMap((first) => {
  const order = settings.map((_, i) => settings[(i + first) % settings.length]!);
  return [order, order.toReversed()];
});

const folder = mkdtempSync(join(tmpdir(), 'skyhook-bench-'));
const classFolder = await buildClass();
if (classFolder === undefined) throw new Error('the class cannot be built here: see kernel/cls/build.sh');
const cluster = await CephCluster.start(join(folder, 'c'), { copies: 1, classFolder });
try {
  await cluster.createPool('bench');
  const url = `rados://bench?conf=${encodeURIComponent(cluster.conf)}`;
  const filling = await openStore(url);
  await writeTable(filling, 'events', 'events', { schema: eventSchema, batches: makeEvents(events) });
  await filling.close();
  const store = new MeteredStore(await openStore(url));
  const database = await Database.over(store);
  const ask = async (sql: string, pushdown: SessionSettings['pushdown']) => {
    const session = database.session({ pushdown, searchPath: ['events'] });
    store.reset();
    const started = performance.now();
    const result = await session.sql(sql);
    const types = result.columns.map(({ type }) => type);
    let rows = 0;
    let first = '';
    let bytes = 0;
    for await (const batch of result.batches) {
      // What is selected, as Arrow has it.
      bytes += batch.data.children.reduce((sum, child) => sum + child.byteLength, 0);
      if (rows === 0) first = String(rowsOf(batch, types)[Symbol.iterator]().next().value);
      rows += batch.numRows;
    }
    const time = performance.now() - started;
    const { bytesRead, fragmentBytes, fragments } = store.traffic;
    return { time, moved: bytesRead + fragmentBytes, fragments, answer: `${rows} ${first}`, bytes };
  };
  console.log(`${events} events, ${rounds} rounds, medians (and minima); MB moved and ms; times beside "off"`);
  for (const [name, sql] of queries) {
    const times = new Map<string, number[]>(settings.map((s) => [s, []]));
    const last = new Map<string, Awaited<ReturnType<typeof ask>>>();
    for (let round = 0; round <= rounds; round++)
      // Each comes after each of the others: what one leaves behind is the next one's burden.
      for (const setting of orders[round % orders.length]!) {
        const asked = await ask(sql, setting);
        if (round > 0) times.get(setting)!.push(asked.time);
        last.set(setting, asked);
      }
    const answers = new Set([...last.values()].map(({ answer }) => answer));
    if (answers.size !== 1) throw new Error(`${name}: answers differ: ${[...answers].join('\n')}`);
    const off = median(times.get('off')!);
    const least = (s: (typeof settings)[number]) => Math.min(...times.get(s)!);
    const shown = settings.map((s) => {
      const time = median(times.get(s)!);
      const { moved, fragments } = last.get(s)!;
      return `${s.padStart(5)} ${(moved / 1e6).toFixed(3).padStart(9)} MB ${time.toFixed(0).padStart(6)} ms ${(time / off).toFixed(2).padStart(5)} (${(least(s) / least('off')).toFixed(2)}; ${fragments} pushed)`;
    });
    const { fragments, moved, bytes } = last.get('on')!;
    const each = (moved / fragments / 1000).toFixed(1);
    // All partitions, those too that were read.
    const auto = (last.get('auto')!.moved / fragments / 1000).toFixed(1);
    console.log(
      `${name.padEnd(20)}${shown.join(' |')} | kB a partition: on ${each}, auto ${auto}; on ${(moved / bytes).toFixed(2)} of what is selected`,
    );
  }
  await database.close();
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
