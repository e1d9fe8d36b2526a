// A cluster of its own that is hurt on purpose: daemons killed under ingest and queries, the monitor gone, the disk full.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { Database, rowsOf } from '../../src/session/index.js';
import { collectGarbage } from '../../src/store/index.js';
import { cephIsThere } from '../support/ceph.js';
import { buildClass, CephCluster } from '../support/ceph-cluster.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describe.runIf(cephIsThere())('a cluster in trouble', () => {
  let folder: string;
  let cluster: CephCluster;
  let database: Database;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skyhook-faults-'));
    const classFolder = await buildClass({ testMethods: true });
    cluster = await CephCluster.start(join(folder, 'c'), {
      ...(classFolder !== undefined && { classFolder }),
      settings: { 'mon osd down out interval': '30' },
    });
    await cluster.createPool('faults');
    database = await Database.open(`rados://faults?conf=${encodeURIComponent(cluster.conf)}&timeout=50`);
    await database.ingest('aod', [sample], { partitionBytes: 1 << 16 });
    expected = await sum('off');
  });
  afterAll(async () => {
    await database?.close();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  let expected: unknown[];
  async function rows(sql: string, pushdown: 'on' | 'off' = 'off'): Promise<unknown[][]> {
    const result = await database.session({ pushdown }).sql(sql);
    const types = result.columns.map(({ type }) => type);
    const all: unknown[][] = [];
    for await (const batch of result.batches) for (const row of rowsOf(batch, types)) all.push([...row]);
    return all;
  }
  const sum = (pushdown: 'on' | 'off') =>
    rows('SELECT count(*), sum("MET_pt"), sum(list_sum("Muon_pt")) FROM aod."Events"', pushdown);

  /** Runs `work` over and over until `trouble` is through. */
  async function meanwhile<T>(trouble: () => Promise<void>, work: (round: number) => Promise<T>): Promise<T[]> {
    let over = false;
    const troubled = trouble().finally(() => {
      over = true;
    });
    const done: T[] = [];
    for (let round = 0; !over && round < 10_000; round++) done.push(await work(round));
    await troubled;
    // Once more, with all well again.
    done.push(await work(done.length));
    return done;
  }

  async function healthy(): Promise<void> {
    for (let attempt = 0; attempt < 240; attempt++) {
      const { pgmap } = JSON.parse(await cluster.ceph('status', '-f', 'json')) as {
        pgmap: { num_pgs: number; pgs_by_state: { state_name: string; count: number }[] };
      };
      const clean = pgmap.pgs_by_state.filter(({ state_name }) => state_name === 'active+clean');
      if (clean.reduce((n, { count }) => n + count, 0) === pgmap.num_pgs) return;
      await pause(500);
    }
    throw new Error(`not clean: ${await cluster.ceph('status')}`);
  }

  // First: daemons that were restarted take minutes to say how full they are.
  test('a full cluster: writes are 53100, queries and deletions go on, and afterwards ingest does', async () => {
    // Each must not be above the next, or daemons take the higher one.
    for (const state of ['nearfull', 'backfillfull', 'full']) await cluster.ceph('osd', `set-${state}-ratio`, '0.001');
    try {
      let refused: unknown;
      for (let n = 0; n < 40 && refused === undefined; n++) {
        refused = await database.ingest(`full${n}`, [sample], { threads: 0 }).then(
          () => undefined,
          (error: unknown) => error,
        );
        await pause(500);
      }
      expect(refused).toMatchObject({ code: '53100' });
      expect(await sum('on')).toEqual(expected);
      expect(await sum('off')).toEqual(expected);
    } finally {
      for (const [state, ratio] of [
        ['full', '0.95'],
        ['backfillfull', '0.90'],
        ['nearfull', '0.85'],
      ])
        await cluster.ceph('osd', `set-${state}-ratio`, ratio!);
      await pause(5000);
    }
    await database.ingest('room', [sample], { threads: 0 });
    expect(await rows('SELECT count(*) FROM room."Events"')).toEqual([[2000n]]);
    await collectGarbage(database.store, { grace: 0 });
    expect(await sum('on')).toEqual(expected);
  }, 300_000);

  test('a storage daemon killed and restarted under queries: they are answered, and rightly', async () => {
    const killed = async () => {
      for (const osd of ['osd.0', 'osd.2']) {
        await cluster.kill(osd);
        await pause(4000);
        cluster.startDaemon(osd);
        await pause(3000);
        await healthy();
      }
    };
    const answers = await meanwhile(killed, (round) => sum(round % 2 ? 'on' : 'off'));
    expect(answers.length).toBeGreaterThan(4);
    for (const answer of answers) expect(answer).toEqual(expected);
  }, 300_000);

  test('killed under ingest: commits are there whole, and none that was reported is lost', async () => {
    const killed = async () => {
      await pause(500);
      await cluster.kill('osd.1');
      await pause(4000);
      cluster.startDaemon('osd.1');
      await pause(2000);
      await healthy();
    };
    const names = await meanwhile(killed, async (round) => {
      const name = `made${round}`;
      await database.ingest(name, [sample], { partitionBytes: 1 << 16, threads: 0 });
      return name;
    });
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const [[count]] = (await rows(`SELECT count(*) FROM ${name}."Events"`)) as [[bigint]];
      expect(count).toBe(2000n);
    }
  }, 300_000);

  test('the monitor gone for ten seconds: queries go on, or wait', async () => {
    const gone = async () => {
      await cluster.kill('mon.a');
      await pause(10_000);
      cluster.startDaemon('mon.a');
      await pause(3000);
    };
    const answers = await meanwhile(gone, (round) => sum(round % 2 ? 'on' : 'off'));
    for (const answer of answers) expect(answer).toEqual(expected);
    const name = 'afterwards';
    await database.ingest(name, [sample], { threads: 0 });
    expect(await rows(`SELECT count(*) FROM ${name}."Events"`)).toEqual([[2000n]]);
  }, 120_000);

  test('both daemons of a copy gone: an error within the timeout, which says so; nothing is committed in part', async () => {
    const short = await Database.open(`rados://faults?conf=${encodeURIComponent(cluster.conf)}&timeout=6`);
    try {
      for (const osd of ['osd.0', 'osd.1', 'osd.2']) await cluster.kill(osd);
      const started = performance.now();
      const outcome = await short.ingest('never', [sample], { threads: 0 }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(outcome).toBeInstanceOf(DiagnosticError);
      expect((outcome as DiagnosticError).code).toMatch(/^(58030|08007)$/);
      expect((outcome as DiagnosticError).message).toMatch(/within 6 s|did not say/);
      expect(performance.now() - started).toBeLessThan(90_000);
    } finally {
      for (const osd of ['osd.0', 'osd.1', 'osd.2']) cluster.startDaemon(osd);
      await pause(2000);
      await healthy();
      await short.close();
    }
    expect(await sum('on')).toEqual(expected);
    expect(await rows("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'never'")).toEqual([[0n]]);
  }, 300_000);
});
