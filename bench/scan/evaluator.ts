// Times of fragments on the evaluator, one thread, over one million events, beside native DuckDB on one thread over the same events in
// Parquet: `npx tsx bench/scan/evaluator.ts [QUERY]`; with QUERY (a part of a name) that alone, ours only, for a profiler.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as arrow from 'apache-arrow';
import { writeTable } from '../../src/ingest/index.js';
import { Database } from '../../src/session/index.js';
import { eventSchema, makeEvents } from './events.js';
import { queries, type ScanQuery } from './queries.js';

const events = 1_000_000;
const rounds = 11;
const both = (name: string, sql: string): ScanQuery => ({ name, ours: sql, native: sql });
const asked: readonly ScanQuery[] = [
  ...queries,
  both('sum and max of MET', 'SELECT sum("MET_pt") AS s, max("MET_pt") AS m FROM events'),
  both('by muons and MET', 'SELECT "nMuon", floor("MET_pt" / 10) AS b, count(*) AS n FROM events GROUP BY 1, 2'),
  both('events with MET over 100', 'SELECT event, "MET_pt" FROM events WHERE "MET_pt" > 100'),
];
const only = process.argv[2];
const chosen = asked.filter(({ name }) => only === undefined || name.includes(only));

const folder = mkdtempSync(join(tmpdir(), 'skyhook-kernel-'));
try {
  const database = await Database.open('memory:');
  const batches = [...makeEvents(events)];
  await writeTable(database.store, 'events', 'events', { schema: eventSchema, batches });
  const session = database.session({ kernel: 'evaluator' });
  const ours = async ({ ours: sql }: ScanQuery): Promise<void> => {
    const result = await session.sql(sql);
    for await (const _ of result.batches);
  };
  let native: ((query: ScanQuery) => Promise<void>) | undefined;
  if (only === undefined) {
    writeFileSync(`${folder}/events.arrow`, arrow.tableToIPC(new arrow.Table(batches), 'stream'));
    execFileSync('python3', [
      '-c',
      'import sys, pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.ipc.open_stream(sys.argv[1]).read_all(), sys.argv[2])',
      `${folder}/events.arrow`,
      `${folder}/events.parquet`,
    ]);
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run('SET threads = 1');
    await connection.run(`CREATE VIEW events AS FROM '${folder}/events.parquet'`);
    native = async ({ native: sql }) => {
      await connection.runAndReadAll(sql);
    };
  }
  const timed = async (run: () => Promise<void>): Promise<number> => {
    const started = performance.now();
    await run();
    return performance.now() - started;
  };
  console.log(`least of ${rounds}`.padEnd(28) + ['ours', 'native', 'ratio'].map((h) => h.padStart(12)).join(''));
  for (const query of chosen) {
    const times = { ours: Infinity, native: Infinity };
    for (let round = 0; round < rounds; round++) {
      times.ours = Math.min(times.ours, await timed(() => ours(query)));
      if (native) times.native = Math.min(times.native, await timed(() => native(query)));
    }
    const shown = [times.ours, times.native].map((time) => `${time.toFixed(1)} ms`.padStart(12)).join('');
    console.log(`${query.name.padEnd(28)}${shown}${(times.ours / times.native).toFixed(2).padStart(12)}`);
  }
  await database.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
