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
import { until } from '../support/until.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const placements = ['on', 'off', 'auto'] as const;
const daemons = ['osd.0', 'osd.1', 'osd.2'] as const;

describe.runIf(cephIsThere())('a cluster in trouble', () => {
  let folder: string;
  let cluster: CephCluster;
  const url = (pool: string, timeout: number) =>
    `rados://${pool}?conf=${encodeURIComponent(cluster.conf)}&timeout=${timeout}`;
  let database: Database;
  /** In an erasure-coded pool. */
  let coded: Database;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skyhook-faults-'));
    const classFolder = await buildClass({ testMethods: true });
    cluster = await CephCluster.start(join(folder, 'c'), {
      ...(classFolder !== undefined && { classFolder }),
      settings: { 'mon osd down out interval': '600' },
    });
    await cluster.createPool('faults');
    await cluster.createPool('ec-faults', { erasureCoded: true });
    // Far above what is waited for where all goes well.
    database = await Database.open(url('faults', 120));
    coded = await Database.open(url('ec-faults', 120));
    for (const into of [database, coded]) await into.ingest('aod', [sample], { partitionBytes: 1 << 16 });
    expected = await sum('off');
    expect(await sum('on', coded)).toEqual(expected);
  });
  afterAll(async () => {
    // None went down but those that were killed, which run again.
    const alive = daemons.map((osd) => cluster?.daemon(osd)?.exitCode === null);
    await database?.close();
    await coded?.close();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
    expect(alive).toEqual([true, true, true]);
  });

  let expected: unknown[];
  async function rows(sql: string, pushdown: (typeof placements)[number] = 'off', of = database): Promise<unknown[][]> {
    const result = await of.session({ pushdown }).sql(sql);
    const types = result.columns.map(({ type }) => type);
    const all: unknown[][] = [];
    for await (const batch of result.batches) for (const row of rowsOf(batch, types)) all.push([...row]);
    return all;
  }
  const sum = (pushdown: (typeof placements)[number], of = database) =>
    rows('SELECT count(*), sum("MET_pt"), sum(list_sum("Muon_pt")) FROM aod."Events"', pushdown, of);

  /** Rounds of queries, all of which must be right, and of ingest, of which none that was reported may be lost. */
  class Work {
    queries = 0;
    readonly #names: string[] = [];
    #over = false;
    readonly #loops: Promise<unknown>;

    constructor(private readonly name: string) {
      this.#loops = Promise.all([this.#query(), this.#ingest()]);
      // It is waited for in `end`.
      this.#loops.catch(() => undefined);
    }

    get done(): number {
      return Math.min(this.queries, this.#names.length);
    }

    /** Until both have come so much further, or cannot for the time being. */
    async further(rounds: number, milliseconds: number): Promise<void> {
      const target = this.done + rounds;
      const deadline = performance.now() + milliseconds;
      while (this.done < target && performance.now() < deadline) await Promise.race([pause(50), this.#loops]);
    }

    async end(): Promise<void> {
      this.#over = true;
      await this.#loops;
      for (const name of this.#names)
        expect(await rows(`SELECT count(*), sum("MET_pt") FROM ${name}."Events"`), name).toEqual([
          [2000n, (expected[0] as unknown[])[1]],
        ]);
    }

    async #query(): Promise<void> {
      for (let last = false; !last; this.queries++) {
        // Once more, with all well again.
        last = this.#over;
        for (const of of [database, coded])
          expect(await sum(placements[this.queries % placements.length]!, of)).toEqual(expected);
      }
    }

    async #ingest(): Promise<void> {
      for (let last = false; !last; ) {
        last = this.#over;
        const name = `${this.name}${this.#names.length}`;
        await database.ingest(name, [sample], { partitionBytes: 1 << 16, threads: 0 });
        this.#names.push(name);
      }
    }
  }

  const up = async () =>
    (JSON.parse(await cluster.ceph('osd', 'stat', '-f', 'json')) as { num_up_osds: number }).num_up_osds;

  async function clean(): Promise<boolean> {
    const { pgmap } = JSON.parse(await cluster.ceph('status', '-f', 'json')) as {
      pgmap: { num_pgs: number; pgs_by_state: { state_name: string; count: number }[] };
    };
    const good = pgmap.pgs_by_state.filter(({ state_name }) => state_name === 'active+clean');
    return good.reduce((n, { count }) => n + count, 0) === pgmap.num_pgs;
  }

  // First: daemons that were restarted take minutes to say how full they are.
  test('a full cluster: writes are 53100, queries and deletions go on, and afterwards ingest does', async () => {
    const outcome = (name: string) =>
      database.ingest(name, [sample], { threads: 0 }).then(
        () => undefined,
        (error: unknown) => error,
      );
    // Each must not be above the next, or daemons take the higher one.
    for (const state of ['nearfull', 'backfillfull', 'full']) await cluster.ceph('osd', `set-${state}-ratio`, '0.001');
    let refused: unknown;
    let tried = 0;
    await until(async () => {
      refused = await outcome(`full${tried++}`);
      return refused !== undefined;
    }, 200);
    expect(refused).toMatchObject({ code: '53100' });
    for (const pushdown of placements) expect(await sum(pushdown)).toEqual(expected);
    // What was written before it was full is there, and what was refused is not, not even in part.
    for (let n = 0; n < tried - 1; n++) expect(await rows(`SELECT count(*) FROM full${n}."Events"`)).toEqual([[2000n]]);
    await expect(rows(`SELECT count(*) FROM full${tried - 1}."Events"`)).rejects.toMatchObject({ code: '42P01' });
    for (const [state, ratio] of [
      ['full', '0.95'],
      ['backfillfull', '0.90'],
      ['nearfull', '0.85'],
    ])
      await cluster.ceph('osd', `set-${state}-ratio`, ratio!);
    await until(async () => {
      const still = await outcome('room');
      if (still !== undefined) expect(still).toMatchObject({ code: '53100' });
      return still === undefined;
    }, 200);
    expect(await rows('SELECT count(*) FROM room."Events"')).toEqual([[2000n]]);
    await collectGarbage(database.store, { grace: 0 });
    expect(await sum('on')).toEqual(expected);
  }, 400_000);

  test('storage daemons killed and restarted under queries and ingest: right answers, and no commit is lost', async () => {
    const work = new Work('killed');
    for (const osd of daemons) {
      await work.further(1, 60_000);
      await cluster.kill(osd);
      await until(async () => (await up()) === 2);
      await work.further(1, 10_000);
      cluster.startDaemon(osd);
      await until(async () => (await up()) === 3);
      // So long the manager may tell what was.
      await pause(2500);
      await until(clean);
    }
    await work.end();
    expect(work.done).toBeGreaterThan(3);
  }, 600_000);

  test('the monitor gone for ten seconds: queries and ingest go on, or wait', async () => {
    const work = new Work('alone');
    await work.further(1, 60_000);
    await cluster.kill('mon.a');
    await pause(10_000);
    cluster.startDaemon('mon.a');
    // It answers again.
    await until(async () => (await up()) === 3);
    await work.end();
    expect(work.done).toBeGreaterThan(1);
  }, 400_000);

  test('all daemons of a copy gone: an error within the timeout, which says so; nothing is committed in part', async () => {
    const short = await Database.open(url('faults', 6));
    try {
      for (const osd of daemons) await cluster.kill(osd);
      const failure = async (of: Promise<unknown>) => {
        const started = performance.now();
        const outcome = await of.then(
          () => undefined,
          (error: unknown) => error,
        );
        // A few operations of 6 s each.
        expect(performance.now() - started).toBeLessThan(90_000);
        expect(outcome).toBeInstanceOf(DiagnosticError);
        return outcome as DiagnosticError;
      };
      const [query, ingest] = await Promise.all([
        failure(rows('SELECT sum("MET_pt") FROM aod."Events"', 'on', short)),
        failure(short.ingest('never', [sample], { threads: 0 })),
      ]);
      expect(query).toMatchObject({ code: '58030', message: expect.stringContaining('within 6 s') });
      expect(ingest.code).toMatch(/^(58030|08007)$/);
      expect(ingest.message).toMatch(/within 6 s|did not say/);
    } finally {
      for (const osd of daemons) cluster.startDaemon(osd);
      await short.close();
    }
    for (const of of [database, coded]) expect(await sum('on', of)).toEqual(expected);
    expect(await rows("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'never'")).toEqual([[0n]]);
  }, 400_000);
});
