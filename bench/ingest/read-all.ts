// One timed run for bench.ts: every column of every tree to Arrow, cluster by cluster, on one thread. Prints milliseconds and bytes.
import { openRootFile } from '../../src/ingest/root/index.js';

const [path] = process.argv.slice(2);
if (!path) throw new Error('usage: read-all.ts FILE.root');

/** Entries per batch, at the least: some ten megabytes of a NanoAOD-like tree. */
const batch = 10_000;

const started = performance.now();
const file = await openRootFile(path);
const opened = performance.now();
let bytes = 0;
let values = 0;
for (const tree of file.trees) {
  let start = 0;
  for (const stop of [...tree.clusterStarts.slice(1), tree.entries]) {
    if (stop - start < batch && stop !== tree.entries) continue;
    for (const data of await tree.read(tree.columns, start, stop)) {
      bytes += data.byteLength;
      values += data.children[0]?.length ?? data.length;
    }
    start = stop;
  }
}
await file.close();
const milliseconds = performance.now() - started;
console.log(
  JSON.stringify({ milliseconds, open: opened - started, bytes, values, peak: process.resourceUsage().maxRSS }),
);
