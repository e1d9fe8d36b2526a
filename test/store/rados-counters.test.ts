// What EXPLAIN ANALYZE says was read and moved, beside what the storage daemons count themselves: a cluster of its own, with no other client.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventSchema, makeEvents } from '../../bench/scan/events.js';
import { writeTable } from '../../src/ingest/index.js';
import { Database, type SessionSettings } from '../../src/session/index.js';
import { type ObjectStore, openStore } from '../../src/store/index.js';
import { rowsIn } from '../golden/fixtures.js';
import { cephIsThere } from '../support/ceph.js';
import { buildClass, CephCluster } from '../support/ceph-cluster.js';

const osds = [0, 1];
/** What a daemon adds to the answer to a read of a whole object: its size and time. */
const statBytes = 16;

interface Counted {
  /** Requests that read, class calls among them. */
  readonly requests: number;
  /** Bytes of their answers. */
  readonly out: number;
  /** Bytes that came from the disk or its cache. */
  readonly read: number;
  readonly fromDisk: number;
}

describe.runIf(cephIsThere())('counters of storage daemons', () => {
  let folder: string;
  let cluster: CephCluster;
  let database: Database;
  /** As they pass through the store. */
  const passed = { requests: 0, bytes: 0 };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skyhook-count-'));
    const classFolder = await buildClass({ testMethods: true });
    cluster = await CephCluster.start(join(folder, 'c'), {
      ...{ osds: osds.length, copies: 1, manager: false },
      ...(classFolder !== undefined && { classFolder }),
    });
    for (const flag of ['noscrub', 'nodeep-scrub']) await cluster.ceph('osd', 'set', flag);
    await cluster.createPool('counted');
    database = await Database.over(
      counting(await openStore(`rados://counted?conf=${encodeURIComponent(cluster.conf)}`)),
    );
    await writeTable(database.store, 'd', 'events', { schema: eventSchema, batches: makeEvents(200_000) });
  });
  afterAll(async () => {
    await database?.close();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function counting(store: ObjectStore): ObjectStore {
    const pass = (bytes: number): void => {
      passed.requests++;
      passed.bytes += bytes;
    };
    const [read, readRanges, execute] = [store.read, store.readRanges, store.execute!].map((method) =>
      method.bind(store),
    ) as [ObjectStore['read'], ObjectStore['readRanges'], NonNullable<ObjectStore['execute']>];
    store.read = async (...args) => {
      const whole = await read(...args);
      // The first answer has 64 KiB at most; objects of this test are read whole only where they are smaller.
      expect(whole.length).toBeLessThan(65_536);
      pass(whole.length + statBytes);
      return whole;
    };
    store.readRanges = async (...args) => {
      const parts = await readRanges(...args);
      pass(parts.reduce((sum, { length }) => sum + length, 0));
      return parts;
    };
    store.execute = async (...args) => {
      const answer = await execute(...args);
      pass(answer.length);
      return answer;
    };
    return store;
  }

  async function counters(): Promise<Counted> {
    let [requests, out, read, fromDisk] = [0, 0, 0, 0];
    for (const osd of osds) {
      const dump = (await cluster.ask(`osd.${osd}`, 'perf dump')) as {
        readonly osd: { readonly op_r: number; readonly op_r_out_bytes: number };
        readonly bluestore: {
          readonly bluestore_buffer_hit_bytes: number;
          readonly bluestore_buffer_miss_bytes: number;
        };
      };
      requests += dump.osd.op_r;
      out += dump.osd.op_r_out_bytes;
      fromDisk += dump.bluestore.bluestore_buffer_miss_bytes;
      read += dump.bluestore.bluestore_buffer_hit_bytes + dump.bluestore.bluestore_buffer_miss_bytes;
    }
    return { requests, out, read, fromDisk };
  }

  interface Told {
    readonly read: number;
    readonly moved: number;
    readonly fragments: number;
    readonly partitions: number;
  }
  async function explained(sql: string, pushdown: SessionSettings['pushdown']): Promise<Told> {
    const session = database.session({ pushdown, searchPath: ['d'] });
    const [[text]] = (await rowsIn(await session.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`))) as [[string]];
    const told = { read: 0, moved: 0, fragments: 0, partitions: 0 };
    const visit = (node: Record<string, unknown>): void => {
      told.read += Number(node['Bytes Read'] ?? 0);
      told.moved += Number(node['Bytes Moved'] ?? 0);
      told.fragments += Number(node['Partitions Run in Store'] ?? 0);
      told.partitions += Number(node['Partitions Run'] ?? 0);
      for (const child of (node['Plans'] as Record<string, unknown>[] | undefined) ?? []) visit(child);
    };
    visit((JSON.parse(text) as [{ Plan: Record<string, unknown> }])[0].Plan);
    return told;
  }

  interface Measured {
    readonly told: Told;
    readonly counted: Counted;
    readonly passed: typeof passed;
  }
  async function measured(sql: string, pushdown: SessionSettings['pushdown']): Promise<Measured> {
    const before = await counters();
    passed.requests = passed.bytes = 0;
    const told = await explained(sql, pushdown);
    const after = await counters();
    const counted = {
      requests: after.requests - before.requests,
      out: after.out - before.out,
      read: after.read - before.read,
      fromDisk: after.fromDisk - before.fromDisk,
    };
    return { told, counted, passed: { ...passed } };
  }
  /** What a daemon does for itself, or once more, would be counted with the query: one of these in a row is not disturbed. */
  async function undisturbed(queries: readonly string[], pushdown: SessionSettings['pushdown']): Promise<Measured> {
    let last: Measured | undefined;
    for (const sql of queries) {
      last = await measured(sql, pushdown);
      if (last.counted.out === last.passed.bytes) break;
    }
    return last!;
  }

  /** Beside the partitions the root hint is read, and whether there is a newer root. */
  const metadata = 200;
  const queries = {
    'one column': 'SELECT count(*) FROM events WHERE "MET_pt" > 50',
    'a list': 'SELECT hist(pt, 15, 60, 100) FROM events, unnest("Jet_pt") AS j(pt)',
    neighbours: 'SELECT "MET_pt", "nMuon", "Jet_pt" FROM events WHERE "MET_pt" > 70',
    'columns far apart': 'SELECT event, "Muon_charge" FROM events WHERE event % 100 = 7',
    'all rows': 'SELECT "MET_pt", "Jet_pt", "Muon_pt" FROM events',
  };
  describe.each(['on', 'off', 'auto'] as const)('pushdown=%s', (pushdown) => {
    test.each(Object.entries(queries))('%s', async (_, sql) => {
      await explained(sql, pushdown);
      const { told, counted, passed } = await undisturbed(Array(6).fill(sql), pushdown);
      expect(told.partitions).toBe(4);
      if (pushdown !== 'auto') expect(told.fragments).toBe(pushdown === 'on' ? told.partitions : 0);
      // Each read and each fragment is one request, and what the daemons say they sent is what came.
      expect(counted).toMatchObject({ requests: passed.requests, out: passed.bytes });
      expect(told.moved).toBeLessThanOrEqual(counted.out);
      expect(counted.out - told.moved).toBeLessThan(metadata);
      // Beside the columns they read what lies between: buffers begin at multiples of 64.
      expect(told.read).toBeLessThanOrEqual(counted.read);
      expect(counted.read - told.read).toBeLessThan(metadata + 64 * 10 * told.partitions);
    });
  });

  test('what is read for the first time comes from the disk', async () => {
    for (const osd of osds) await cluster.ask(`osd.${osd}`, 'cache drop');
    const sums = ['MET_pt', 'event', 'Jet_pt', 'Jet_eta', 'Muon_pt'].map(
      (name) => `SELECT count("${name}") FROM events WHERE "${name}" IS DISTINCT FROM NULL`,
    );
    const cold = await undisturbed(sums, 'on');
    // A block that holds a neighbour's end may be there already.
    expect(cold.counted.fromDisk).toBeGreaterThan(0.9 * cold.told.read);
    expect(cold.counted.read).toBeGreaterThanOrEqual(cold.told.read);
    expect(cold.told.read).toBeGreaterThan(200_000);
    const warm = await undisturbed(Array(6).fill(sums[0]), 'on');
    expect(warm.counted).toMatchObject({ fromDisk: 0, requests: cold.counted.requests });
  });
});
