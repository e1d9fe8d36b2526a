// One measured run, for bench.ts and a test: a ROOT file into a store of its own. Prints seconds, bytes, and resident memory before and at its peak.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Ingest from '../../src/ingest/index.js';
import type * as Store from '../../src/store/index.js';

const [file, folder, threads, megabytes, built] = process.argv.slice(2);
if (!file || !folder || !threads || !megabytes)
  throw new Error('usage: ingest-once.ts FILE.root STORE_FOLDER THREADS BUDGET_MIB [BUILT_PACKAGE]');

const source = built ?? join(import.meta.dirname, '..', '..');
const load = (room: string) =>
  import(pathToFileURL(join(source, 'src', room, built ? 'index.js' : 'index.ts')).href) as Promise<unknown>;
const { ingest } = (await load('ingest')) as typeof Ingest;
const { openStore } = (await load('store')) as typeof Store;

const store = await openStore(`file:${folder}`);
const before = process.memoryUsage.rss();
const report = await ingest(store, 'aod', [file], {
  threads: Number(threads),
  memoryBudget: Number(megabytes) * 2 ** 20,
});
await store.close();
const { seconds, partitions, rows, bytesRead, bytesWritten } = report;
// The kernel counts the peak, so that nothing between two samples is missed.
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ seconds, partitions, rows, bytesRead, bytesWritten, before, peak }));
