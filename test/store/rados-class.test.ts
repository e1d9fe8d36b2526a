// Fragments in storage daemons: the object class on a real cluster, and what happens where it cannot run.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Field, Schema, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { afterEach, describe, expect, test } from 'vitest';
import { writeTable } from '../../src/ingest/index.js';
import { Database, rowsOf, type Session } from '../../src/session/index.js';
import { checkPool, collectGarbage, MeteredStore, type ObjectStore, openStore } from '../../src/store/index.js';
import { pools, sharedCluster } from '../support/ceph.js';
import { CephCluster } from '../support/ceph-cluster.js';
import { quickest } from '../support/until.js';
import { bytes } from './store-contract.js';

const run = promisify(execFile);
const ceph = await sharedCluster();
const sample = new URL('../../samples/events.root', import.meta.url).pathname;

const queries = [
  'SELECT count(*), sum("MET_pt"), min("nMuon") FROM aod."Events" WHERE "MET_pt" > 30',
  'SELECT "nMuon", count(*), avg("MET_pt") FROM aod."Events" GROUP BY 1 ORDER BY 1',
  'SELECT event_id, "MET_pt" FROM aod."Events" WHERE list_any("Muon_pt" > 60) ORDER BY event_id',
  'SELECT event_id, "MET_pt", "Muon_pt" FROM aod."Events" ORDER BY "MET_pt" DESC LIMIT 7',
];

interface Answer {
  readonly rows: readonly unknown[];
  readonly inStore: number;
  readonly ran: number;
  readonly moved: number;
  readonly notices: readonly string[];
}

async function rowsIn(session: Session, sql: string): Promise<unknown[][]> {
  const result = await session.sql(sql);
  const types = result.columns.map(({ type }) => type);
  const all: unknown[][] = [];
  for await (const batch of result.batches) for (const row of rowsOf(batch, types)) all.push([...row]);
  return all;
}

/** Rows, and what EXPLAIN ANALYZE says of all scans together. */
async function answer(database: Database, sql: string, pushdown: 'on' | 'off' | 'auto'): Promise<Answer> {
  const session = database.session({ pushdown });
  const rows = await rowsIn(session, sql);
  const [[text]] = (await rowsIn(session, `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`)) as [[string]];
  let [inStore, ran, moved] = [0, 0, 0];
  const notices: string[] = [];
  const visit = (node: Record<string, unknown>): void => {
    inStore += Number(node['Partitions Run in Store'] ?? 0);
    ran += Number(node['Partitions Run'] ?? 0);
    moved += Number(node['Bytes Moved'] ?? 0);
    notices.push(...((node['Notices'] as string[] | undefined) ?? []));
    for (const child of (node['Plans'] as Record<string, unknown>[] | undefined) ?? []) visit(child);
  };
  visit((JSON.parse(text) as [{ Plan: Record<string, unknown> }])[0].Plan);
  return { rows, inStore, ran, moved, notices };
}

describe.runIf(ceph)('the class', () => {
  const { conf, freshUrl } = ceph!;
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });
  async function opened(url = freshUrl()): Promise<ObjectStore> {
    const store = await openStore(url);
    open.push(store);
    return store;
  }
  async function database(url: string, { ingest = true } = {}): Promise<Database> {
    const made = await Database.open(url);
    open.push(made);
    if (ingest) await made.ingest('aod', [sample], { partitionBytes: 1 << 16 });
    return made;
  }
  const rados = (url: string, ...args: string[]) =>
    run('rados', ['-c', conf, '-p', pools.replicated, '-N', new URL(url).pathname.slice(1), ...args]);
  const command = async (...args: string[]) => (await run('ceph', ['-c', conf, ...args])).stdout;

  test('answers nonsense with "cannot"; an object that is not there is said', async () => {
    const store = await opened();
    await store.write('a', bytes('0123456789'));
    for (const nonsense of ['', 'no fragment', 'SKYF', `SKYF${'\u0001'.repeat(100)}`]) {
      const result = Buffer.from(await store.execute!('a', bytes(nonsense))).toString('latin1');
      expect(result).toMatch(/^SKYR/);
    }
    await expect(store.execute!('b', bytes('no fragment'))).rejects.toMatchObject({ code: '58P01' });
  });

  test('runs every partition in its daemon, and the answers are those of the same kernel here', async () => {
    const aod = await database(freshUrl());
    for (const sql of queries) {
      const there = await answer(aod, sql, 'on');
      const here = await answer(aod, sql, 'off');
      expect(there.rows, sql).toEqual(here.rows);
      expect(there).toMatchObject({ inStore: there.ran, notices: [] });
      expect(there.ran).toBeGreaterThan(2);
      expect(here).toMatchObject({ inStore: 0, ran: there.ran, notices: [] });
    }
    const count = await answer(aod, queries[0]!, 'on');
    expect(count.moved / count.ran).toBeLessThan(4096);
  });

  test('placement is a matter of bytes: what moves less in storage, what moves all here', async () => {
    const aod = await database(freshUrl());
    const explained = async (sql: string) => (await rowsIn(aod.session(), `EXPLAIN ${sql}`)).flat().join('\n');
    const count = queries[0]!;
    expect(await explained(count)).toMatch(
      /Gather \[storage: fragments give about [\d.]+ k?B, columns have [\d.]+ kB(?:;[^\]]*)?\]/,
    );
    const all = 'SELECT * FROM aod."Events"';
    expect(await explained(all)).toMatch(/Gather \[local: fragments give about/);
    expect(await answer(aod, all, 'auto')).toMatchObject({ inStore: 0, notices: [] });
    const some = 'SELECT event_id, "MET_pt", "Muon_pt" FROM aod."Events" WHERE "MET_pt" > 10';
    for (const sql of [count, all, some])
      expect((await answer(aod, sql, 'auto')).rows).toEqual((await answer(aod, sql, 'off')).rows);
  });

  test('a key that may not call it: the answers are the same, and a notice says why', async () => {
    const url = freshUrl();
    const aod = await database(url);
    const file = join(dirname(conf), 'caller.keyring');
    const caps = ['mon', 'allow r', 'osd', `allow rw pool=${pools.replicated}`];
    await writeFile(file, await command('auth', 'get-or-create', 'client.caller', ...caps));
    const without = await database(`${url}&id=caller&keyring=${encodeURIComponent(file)}`, { ingest: false });
    for (const sql of queries) {
      const answered = await answer(without, sql, 'on');
      expect(answered.rows).toEqual((await answer(aod, sql, 'on')).rows);
      expect(answered.inStore).toBe(0);
      expect(answered.notices).toEqual([expect.stringMatching(/client\.caller may not call.*allow rwx"\)$/)]);
    }
    const found: string[] = [];
    for await (const { what } of checkPool(`${url}&id=caller&keyring=${encodeURIComponent(file)}`)) found.push(what);
    expect(found).toContainEqual(expect.stringMatching(/client\.caller may not call.*allow rwx"\); the kernel runs/));
    await command('auth', 'rm', 'client.caller');
  });

  test('one partition that the class cannot answer is run here, the others there', async () => {
    const aod = await database(freshUrl(), { ingest: false });
    const schema = new Schema([new Field('name', new Utf8(), true)]);
    // One partition a batch; the kernel compares letters of ASCII alone without their case.
    const batches = Array.from({ length: 12 }, (_, b) => {
      const names = vectorFromArray([`muon ${b}`, b === 2 ? '\u00c9lectron' : 'Electron'], new Utf8());
      return new Table(schema, { name: names }).batches[0]!;
    });
    await writeTable(aod.store, 'names', 'names', { schema, batches });
    const sql = `SELECT count(*) FROM names.names WHERE name ILIKE 'MUON%'`;
    const there = await answer(aod, sql, 'on');
    expect(there.rows).toEqual([[12n]]);
    expect(there.ran).toBe(12);
    // That next to it was not offered.
    expect(there.inStore).toBeGreaterThanOrEqual(10);
    expect(there.inStore).toBeLessThan(12);
    expect(there.notices).toHaveLength(1);
  });

  test('storage that is busy gets less, and all again when it is quick', async () => {
    const url = freshUrl();
    const aod = await database(url);
    const sql = queries[0]!;
    const expected = (await answer(aod, sql, 'off')).rows;
    const { ran } = await answer(aod, sql, 'on');
    const names = (await rados(url, 'ls')).stdout.split('\n').filter((name) => /\/p\d+$/.test(name));
    const busy = (milliseconds: number) =>
      Promise.all(names.map((name) => rados(url, 'setxattr', name, 'skyhook.sleep', String(milliseconds))));
    await busy(2000);
    // The first query finds out; fragments of it that are begun later may run here already.
    expect(await rowsIn(aod.session({ pushdown: 'on' }), sql)).toEqual(expected);
    const plan = (await rowsIn(aod.session(), `EXPLAIN ${sql}`)).flat().join('\n');
    expect(plan).toMatch(/storage is busy and gets \d+ %/);
    const less = await answer(aod, sql, 'auto');
    expect(less).toMatchObject({ rows: expected, ran });
    expect(less.inStore).toBeLessThan(ran / 2);
    await busy(0);
    const patience = Date.now() + 120_000;
    let all = less;
    while (all.inStore < ran && Date.now() < patience) all = await answer(aod, sql, 'auto');
    expect(all).toMatchObject({ rows: expected, inStore: ran });
  });

  test('a class too old for the fragment: the answers are the same, and a notice says why', async () => {
    const url = freshUrl();
    const aod = await database(url);
    const store = await opened(url);
    const execute = store.execute!.bind(store);
    // To the class that is there a fragment of tomorrow is what one of today is to an old class.
    store.execute = (name, fragment, options) => {
      const newer = fragment.slice();
      expect(bytes('SKYF')).toEqual(newer.subarray(0, 4));
      new DataView(newer.buffer).setUint16(4, 99, true);
      return execute(name, newer, options);
    };
    const newer = await Database.over(store);
    for (const sql of queries) {
      const answered = await answer(newer, sql, 'on');
      expect(answered.rows).toEqual((await answer(aod, sql, 'on')).rows);
      expect(answered.inStore).toBe(0);
      expect(answered.notices).toEqual([expect.stringMatching(/ran here, not in the store: .*version/)]);
    }
    await newer.close();
  });

  test('in an erasure-coded pool the kernel runs here', async () => {
    const aod = await database(freshUrl('erasureCoded'));
    const there = await database(freshUrl());
    for (const sql of queries) {
      const answered = await answer(aod, sql, 'on');
      expect(answered.rows).toEqual((await answer(there, sql, 'on')).rows);
      expect(answered.inStore).toBe(0);
      expect(answered.notices).toEqual([expect.stringMatching(/erasure-coded/)]);
    }
  });

  test('a daemon that hangs is waited for 10 s, once; its neighbours are not asked, and no daemon goes down', async () => {
    const url = freshUrl();
    const aod = await database(url);
    const expected = (await answer(aod, queries[0]!, 'off')).rows;
    const names = (await rados(url, 'ls')).stdout.split('\n').filter((name) => /\/p\d+$/.test(name));
    // What was canceled goes on where it runs, and reads of the same placement group wait for it.
    await rados(url, 'setxattr', names[0]!, 'skyhook.sleep', '13000');
    const started = performance.now();
    expect(await rowsIn(aod.session({ pushdown: 'on' }), queries[0]!)).toEqual(expected);
    expect(performance.now() - started).toBeGreaterThan(9900);
    // The breaker is open: nobody is asked, for who asks this one waits for 10 s.
    await rados(url, 'setxattr', names[0]!, 'skyhook.sleep', '60000');
    const second = await quickest(9900, async () => {
      const answered = await answer(aod, queries[0]!, 'on');
      expect(answered).toMatchObject({ rows: expected, inStore: 0, notices: [expect.stringMatching(/in time/)] });
      return undefined;
    });
    expect(second).toBeLessThan(9900);
    const up = JSON.parse(await command('osd', 'stat', '-f', 'json')) as { num_up_osds: number };
    expect(up.num_up_osds).toBe(3);
  });

  test('an object that is damaged is an error that names it, from the daemon as well', async () => {
    const url = freshUrl();
    const aod = await database(url);
    await collectGarbage(await opened(url));
    const name = (await rados(url, 'ls')).stdout.split('\n').find((n) => n.endsWith('/p1'))!;
    const store = await opened(url);
    const good = await store.read(name);
    const bad = good.slice();
    for (let at = 256; at < bad.length; at += 64) bad[at]! ^= 1;
    await store.write(name, bad);
    for (const pushdown of ['on', 'off'] as const) {
      const reading = rowsIn(aod.session({ pushdown }), 'SELECT sum("MET_pt") FROM aod."Events"');
      await expect(reading).rejects.toMatchObject({ code: 'XX001', message: expect.stringContaining(name) });
    }
    await rados(url, 'truncate', name, '1000');
    for (const pushdown of ['on', 'off'] as const) {
      const reading = rowsIn(aod.session({ pushdown }), 'SELECT sum("MET_pt") FROM aod."Events"');
      await expect(reading).rejects.toMatchObject({ code: 'XX001', message: expect.stringContaining(name) });
    }
    await rados(url, 'rm', name);
    for (const pushdown of ['on', 'off'] as const) {
      const reading = rowsIn(aod.session({ pushdown }), 'SELECT sum("MET_pt") FROM aod."Events"');
      await expect(reading).rejects.toMatchObject({ code: '58P01', message: expect.stringContaining(name) });
    }
  });

  test('a cluster without the class', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'skyhook-bare-'));
    const classFolder = join(folder, 'none');
    const cluster = await CephCluster.start(join(folder, 'c'), {
      ...{ osds: 1, copies: 1, manager: false, classFolder },
      settings: { 'osd class load list': 'lock' },
    });
    try {
      await cluster.createPool('bare');
      const found: string[] = [];
      for await (const { what } of checkPool(`rados://bare?conf=${encodeURIComponent(cluster.conf)}`)) found.push(what);
      expect(found).toContainEqual(expect.stringMatching(/: osd_class_load_list .* leaves the class "skyhook" out;/));
      // Allowed, and not there.
      const settings = await readFile(cluster.conf, 'utf8');
      await writeFile(cluster.conf, settings.replace('osd class load list = lock', 'osd class load list = *'));
      await cluster.kill('osd.0');
      cluster.startDaemon('osd.0');
      const store = new MeteredStore(await openStore(`rados://bare?conf=${encodeURIComponent(cluster.conf)}`));
      const aod = await Database.over(store);
      open.push(aod);
      await aod.ingest('aod', [sample], { partitionBytes: 1 << 16 });
      for (const sql of queries) {
        const answered = await answer(aod, sql, 'on');
        expect(answered.rows).toEqual((await answer(aod, sql, 'off')).rows);
        expect(answered.notices).toEqual([expect.stringMatching(/lack the class/)]);
      }
      expect(store.traffic.fragments).toBe(0);
      for (const one of open.splice(0)) await one.close();
    } finally {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
