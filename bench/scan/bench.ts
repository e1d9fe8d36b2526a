// `npm run bench -- scan [EVENTS]`: eight physics queries over generated events in the embedded store, against native DuckDB over the same
// events in Parquet, alternately, warm (one process) and cold (a process per query, from its start to its end: of ours the built
// command). Needs python3 with pyarrow to write the Parquet file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as arrow from 'apache-arrow';
import { bundleCommand } from '../../scripts/bundle.js';
import { writeTable } from '../../src/ingest/index.js';
import { openStore } from '../../src/store/index.js';
import { openNative, openOurs } from './answer.js';
import { eventSchema, makeEvents } from './events.js';
import { queries } from './queries.js';

const nativeProgram = `import { DuckDBInstance } from '@duckdb/node-api';
const [, , file, sql] = process.argv;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run("CREATE VIEW events AS FROM '" + file + "'");
console.log((await connection.runAndReadAll(sql)).getRowsJson());
connection.closeSync();
`;

const rounds = 5;
const events = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'skyhook-scan-'));
const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!;
const milliseconds = (time: number) => `${time.toFixed(1)} ms`.padStart(11);

try {
  const batches = [...makeEvents(events)];
  const store = await openStore(`file:${folder}/store`);
  await writeTable(store, 'events', 'events', { schema: eventSchema, batches });
  await store.close();
  writeFileSync(`${folder}/events.arrow`, arrow.tableToIPC(new arrow.Table(batches), 'stream'));
  execFileSync('python3', [
    '-c',
    'import sys, pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.ipc.open_stream(sys.argv[1]).read_all(), sys.argv[2])',
    `${folder}/events.arrow`,
    `${folder}/events.parquet`,
  ]);
  console.log(`${events} events, ${rounds} rounds, medians`);
  const ours = await openOurs(folder);
  const native = await openNative(folder);
  for (const part of ['node_modules', 'kernel'])
    symlinkSync(fileURLToPath(new URL(`../../${part}`, import.meta.url)), `${folder}/${part}`);
  await bundleCommand(`${folder}/bin`);
  writeFileSync(`${folder}/native.mjs`, nativeProgram);
  const cold = (...args: string[]) => {
    const started = performance.now();
    execFileSync(process.execPath, args, { encoding: 'utf8' });
    return performance.now() - started;
  };
  const coldOurs = (sql: string) => cold(`${folder}/bin/skyhook.js`, '--store', `file:${folder}/store`, 'query', sql);
  const coldNative = (sql: string) => cold(`${folder}/native.mjs`, `${folder}/events.parquet`, sql);
  const ratios: { warm: number; cold: number }[] = [];
  console.log(
    `${'query'.padEnd(26)}${['ours', 'native', 'ratio', 'cold ours', 'cold native', 'ratio'].map((h) => h.padStart(12)).join('')}`,
  );
  for (const query of queries) {
    const times = {
      ours: [] as number[],
      native: [] as number[],
      coldOurs: [] as number[],
      coldNative: [] as number[],
    };
    const timed = async (peer: typeof ours, into: number[]) => {
      const started = performance.now();
      const answer = await peer.answer(query);
      into.push(performance.now() - started);
      return answer;
    };
    const answers = [await ours.answer(query), await native.answer(query)];
    if (answers[0] !== answers[1]) throw new Error(`${query.name}: answers differ\n${answers[0]}\n--\n${answers[1]}`);
    for (let round = 0; round < rounds; round++) {
      await timed(ours, times.ours);
      await timed(native, times.native);
      times.coldOurs.push(coldOurs(query.ours));
      times.coldNative.push(coldNative(query.native));
    }
    const [a, b, c, d] = [times.ours, times.native, times.coldOurs, times.coldNative].map(median) as [
      number,
      number,
      number,
      number,
    ];
    ratios.push({ warm: a / b, cold: c / d });
    console.log(
      `${query.name.padEnd(26)} ${milliseconds(a)} ${milliseconds(b)} ${(a / b).toFixed(2).padStart(11)} ${milliseconds(c)} ${milliseconds(d)} ${(c / d).toFixed(2).padStart(11)}`,
    );
  }
  const middle = (of: 'warm' | 'cold') => median(ratios.map((r) => r[of])).toFixed(2);
  console.log(`median ratio: warm ${middle('warm')}, cold ${middle('cold')}`);
  await ours.close();
  await native.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
