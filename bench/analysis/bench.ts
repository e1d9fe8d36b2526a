// `npm run bench -- analysis [PART OF A NAME]`: what analysts ask beyond scans, a million rows, ours over a store in a folder beside native DuckDB
// over Parquet on as many threads, or PostgreSQL where DuckDB lacks it; alternately, warm, medians. Answers are compared before they are timed.
// SKYHOOK_BENCH_ROWS: fewer rows; SKYHOOK_BENCH_ROUNDS; SKYHOOK_BENCH_PEER=none: ours alone, for a profiler.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agree, openDuckDb, openOurs, openPostgres, type Peer } from './peers.js';
import { type Question, questions } from './questions.js';

const rows = Number(process.env['SKYHOOK_BENCH_ROWS'] ?? 1_000_000);
const rounds = Number(process.env['SKYHOOK_BENCH_ROUNDS'] ?? 3);
const alone = process.env['SKYHOOK_BENCH_PEER'] === 'none';
const wanted = process.argv.slice(2);
const asked = questions.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const folder = mkdtempSync(join(tmpdir(), 'skyhook-analysis-'));
const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!;
interface Took {
  readonly time: number;
  /** Of this process: PostgreSQL's is not in it. */
  readonly processor: number;
}
const timed = async (peer: Peer, sql: string): Promise<Took> => {
  const before = process.cpuUsage();
  const started = performance.now();
  await peer.run(sql);
  const time = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { time, processor: (user + system) / 1000 };
};
const middle = (took: readonly Took[], of: keyof Took) => median(took.map((each) => each[of]));
const milliseconds = (time: number) => `${time.toFixed(1)} ms`.padStart(13);

const peers: Peer[] = [];
try {
  const opened = async (peer: Promise<Peer | undefined>): Promise<Peer | undefined> => {
    const found = await peer;
    if (found) peers.push(found);
    return found;
  };
  const ours = (await opened(openOurs(folder, rows, rows)))!;
  const needs = (of: string) => !alone && asked.some((question) => question.of === of);
  const others = {
    DuckDB: needs('DuckDB') ? await opened(openDuckDb(folder, rows, rows)) : undefined,
    PostgreSQL: needs('PostgreSQL') ? await opened(openPostgres(rows)) : undefined,
  };
  console.log(`${rows} rows, medians of ${rounds}`);
  console.log(
    `${'query'.padEnd(26)}${['ours', 'peer', 'ratio', 'of processor'].map((h) => h.padStart(13)).join('')}  peer`,
  );
  const ratios = { DuckDB: [] as number[], PostgreSQL: [] as number[] };
  const measure = async ({ ours: sql, peer: theirs, of, loose }: Question): Promise<string> => {
    const peer = others[of];
    const [a, b] = [await ours.run(sql), await peer?.run(theirs)];
    const differ = b !== undefined && !agree(a(), b(), loose ? 1e-4 : 0);
    const took = { ours: [] as Took[], peer: [] as Took[] };
    for (let round = 0; round < rounds; round++) {
      took.ours.push(await timed(ours, sql));
      if (peer) took.peer.push(await timed(peer, theirs));
    }
    const mine = middle(took.ours, 'time');
    if (!peer) return milliseconds(mine);
    const other = middle(took.peer, 'time');
    ratios[of].push(mine / other);
    const processor = of === 'DuckDB' ? middle(took.ours, 'processor') / middle(took.peer, 'processor') : undefined;
    const figures = [mine / other, processor].map((ratio) => (ratio?.toFixed(2) ?? '').padStart(13)).join('');
    if (differ) console.log(`${a().slice(0, 600)}\n-- ours; ${of}:\n${b!().slice(0, 600)}`);
    return `${milliseconds(mine)}${milliseconds(other)}${figures}  ${of}${differ ? ' ANSWERS DIFFER' : ''}`;
  };
  for (const question of asked) {
    const line = await measure(question).catch((error: Error) => `  ${error.message}`);
    console.log(`${question.name.padEnd(26)}${line}`);
  }
  for (const [of, found] of Object.entries(ratios))
    if (found.length > 0) console.log(`median ratio to ${of}: ${median(found).toFixed(2)}`);
} finally {
  for (const peer of peers) await peer.close();
  rmSync(folder, { recursive: true, force: true });
}
