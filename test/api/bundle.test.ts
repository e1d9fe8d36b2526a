// The command as it is built: every thread it starts is found, and simple queries need none.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleCommand } from '../../scripts/bundle.js';

const folder = mkdtempSync(join(tmpdir(), 'skyhook-bundle-'));
const bin = join(folder, 'bin');
const store = `file:${folder}/store`;
const sample = fileURLToPath(new URL('../../samples/events.root', import.meta.url));
const run = promisify(execFile);
const skyhook = async (...args: string[]) =>
  (await run(process.execPath, [join(bin, 'skyhook.js'), '--store', store, ...args])).stdout;

beforeAll(async () => {
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  await bundleCommand(bin);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('ingest, a fragment, and DuckDB', async () => {
  expect(await skyhook('ingest', 'aod', sample, '--threads', '2')).toContain('2000 rows');
  const sorted = `select "nMuon", count(*) from aod."Events" group by 1 order by 1 limit 2`;
  expect(await skyhook('query', '--format', 'csv', sorted)).toBe('nMuon,count\n0,496\n1,699\n');
  const window = `select max(n) from (select row_number() over (order by "MET_pt") as n from aod."Events") as t`;
  expect(await skyhook('query', '--format', 'csv', window)).toBe('max\n2000\n');
});

test('the thread of fragments', async () => {
  const worker = new Worker(join(bin, 'fragment-worker.js'), { workerData: { url: store } });
  try {
    const reply = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    worker.postMessage({ object: 'none', bytes: new Uint8Array(3) });
    expect(await reply).toMatchObject({ diagnostic: { condition: 'data_corrupted' } });
  } finally {
    await worker.terminate();
  }
});
