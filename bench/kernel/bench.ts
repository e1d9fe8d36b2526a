// `npm run bench -- kernel [EVENTS]`: the fragments of physics queries on one core, over generated events in memory: the kernel natively, as
// WebAssembly, the evaluator, and native DuckDB on one thread over the same columns in its own memory. Processor time (what else runs disturbs it least), least of some rounds, alternately.
// The fragments' answers are not merged; checksums are checked by all of ours. Needs clang++-14, and python3 with pyarrow.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { decodeResult } from '../../src/core/index.js';
import { answerFragment } from '../../src/exec/fragment/index.js';
import { buffersFrom, loadKernel } from '../../src/exec/fragment/kernel.js';
import { writeTable } from '../../src/ingest/index.js';
import { Database } from '../../src/session/index.js';
import { type ObjectStore, openStore } from '../../src/store/index.js';
import { NativeKernel } from '../../test/fragment/native-kernel.js';
import { eventSchema, makeEvents } from '../scan/events.js';
import { queries, type ScanQuery } from '../scan/queries.js';

const events = Number(process.argv[2] ?? 1_000_000);
const rounds = 9;
const both = (name: string, sql: string): ScanQuery => ({ name, ours: sql, native: sql });
const asked: readonly ScanQuery[] = [
  ...queries,
  both('sum and max of MET', 'SELECT sum("MET_pt") AS s, max("MET_pt") AS m FROM events'),
  both('by muons and MET', 'SELECT "nMuon", floor("MET_pt" / 10) AS b, count(*) AS n FROM events GROUP BY 1, 2'),
  both('events with MET over 100', 'SELECT event, "MET_pt" FROM events WHERE "MET_pt" > 100'),
  both('sum where MET over 20', 'SELECT sum("MET_pt" * 2 + 1) AS s FROM events WHERE "MET_pt" > 20 AND "nMuon" < 3'),
];

interface Asked {
  readonly object: string;
  readonly bytes: Uint8Array;
}

const store = await openStore('memory:');
const batches = [...makeEvents(events)];
await writeTable(store, 'events', 'events', { schema: eventSchema, batches });

/** A store that computes: what it is asked to run is noted. */
const noted: Asked[] = [];
const computing = new Proxy(store, {
  get(target, key) {
    if (key === 'execute')
      return (object: string, bytes: Uint8Array) => {
        noted.push({ object, bytes });
        return answerFragment(store, object, bytes);
      };
    const member: unknown = Reflect.get(target, key, target);
    return typeof member === 'function' ? member.bind(target) : member;
  },
}) as ObjectStore;
const database = await Database.over(computing);
const session = database.session({ pushdown: 'on' });

async function fragmentsOf({ ours }: ScanQuery): Promise<readonly Asked[]> {
  noted.length = 0;
  for await (const _ of (await session.sql(ours)).batches);
  return [...noted];
}

const folder = mkdtempSync(join(tmpdir(), 'skyhook-kernel-'));
try {
  writeFileSync(`${folder}/events.arrow`, arrow.tableToIPC(new arrow.Table(batches), 'stream'));
  const toParquet =
    'import sys, pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.ipc.open_stream(sys.argv[1]).read_all(), sys.argv[2])';
  execFileSync('python3', ['-c', toParquet, `${folder}/events.arrow`, `${folder}/events.parquet`]);
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run('SET threads = 1');
  await duckdb.run(`CREATE TABLE events AS FROM '${folder}/events.parquet'`);

  const kernel = await loadKernel();
  const native = NativeKernel.build();
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  console.log(`${events} events, one core, processor time, least of ${rounds}; MB/s of what fragments read`);
  const heads = ['native', 'wasm', 'evaluator', 'DuckDB', 'DuckDB/native', 'wasm/native', 'native MB/s'];
  console.log('query'.padEnd(26) + heads.map((h) => h.padStart(14)).join(''));
  for (const query of asked) {
    const fragments = await fragmentsOf(query);
    if (fragments.length === 0) throw new Error(`${query.name}: no fragments`);
    const times = { native: 0, wasm: Infinity, evaluator: Infinity, duckdb: Infinity };
    let read = 0;
    for (const { object, bytes } of fragments) {
      native.object(await store.read(object));
      const { bytes: answer, millis } = await native.run(bytes, rounds);
      times.native += millis;
      const result = decodeResult(answer);
      if (result.kind !== 'rows') throw new Error(`${query.name}: ${JSON.stringify(result)}`);
      read += result.bytesRead;
    }
    for (let round = 0; round < rounds; round++) {
      const wasm = async () => {
        for (const { object, bytes } of fragments) await kernel.run(bytes, buffersFrom(store, object));
      };
      const evaluator = async () => {
        for (const { object, bytes } of fragments) await answerFragment(store, object, bytes);
      };
      times.wasm = Math.min(times.wasm, await timed(wasm));
      times.evaluator = Math.min(times.evaluator, await timed(evaluator));
      times.duckdb = Math.min(times.duckdb, await timed(() => duckdb.runAndReadAll(query.native)));
    }
    const cells = [
      ...[times.native, times.wasm, times.evaluator, times.duckdb].map((time) => `${time.toFixed(2)} ms`),
      (times.duckdb / times.native).toFixed(2),
      (times.wasm / times.native).toFixed(2),
      (read / 1e3 / times.native).toFixed(0),
    ];
    console.log(query.name.padEnd(26) + cells.map((cell) => cell.padStart(14)).join(''));
  }
  native.close();
  await database.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
