// `npm run bench -- planner`: planning a query on 3 columns over 100,000 partitions × 1,000 columns, through the session, the catalog
// and a store in a folder. Fails where the warm median is 100 ms or more, or anything but those columns' sections was read.
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSql, type QueryStatement } from '../../src/parser/index.js';
import { Database } from '../../src/session/index.js';
import { loadManifest, MeteredStore, newestRoot, openStore, SegmentReader } from '../../src/store/index.js';
import { writeSyntheticManifest } from '../../test/store/synthetic.js';
import { median } from '../frontend/median.js';

const partitions = 100_000;
const columns = 1000;
const wanted = ['c1', 'c500', 'c998'];
const text = `SELECT ${wanted.join(', ')} FROM wide."Events" WHERE c1 > 99000 AND c500 < 99900 AND c998 BETWEEN 99100 AND 99800`;
const warmRuns = 30;
const warmLimit = 100;
const cache = join(import.meta.dirname, '..', '..', '.bench');

async function storeUrl(): Promise<string> {
  const path = join(cache, `manifest-${partitions}x${columns}`);
  if (!(await stat(path).catch(() => undefined))) {
    console.error('writing the manifest …');
    await mkdir(cache, { recursive: true });
    // Under a name of its own until it is whole.
    const part = `${path}.part-${process.pid}`;
    const store = await openStore(`file:${part}`);
    await writeSyntheticManifest(store, { dataset: 'wide', partitions, columns, files: 200 });
    await store.close();
    await rename(part, path);
  }
  return `file:${path}`;
}

/** Bytes of every part of the manifest, from its own head. */
async function sizes(url: string) {
  const store = new MeteredStore(await openStore(url));
  const root = (await newestRoot(store, 'wide'))!;
  const entry = { objects: store.traffic.objectsRead.size, bytes: store.traffic.bytesRead };
  const { tables } = await loadManifest(new SegmentReader(store), root);
  const run = tables[0]!.runs[0]!;
  const [segment] = root.segments;
  const sections = new Map(run.table.columns.map((column) => [column.name, column]));
  const objectsOf = new Set([segment!.head[0], run.table.index[0], ...wanted.map((c) => sections.get(c)!.stats[0])]);
  const total = { objects: segment!.objects.length, bytes: 0 };
  for (const object of segment!.objects) total.bytes += (await store.stat(object))!.size;
  await store.close();
  return {
    /** The hint and the root. */
    entry,
    head: segment!.head[2],
    index: run.table.index[2],
    statistics: wanted.reduce((sum, name) => sum + sections.get(name)!.stats[2], 0),
    objects: objectsOf.size,
    total,
  };
}

const url = await storeUrl();
const size = await sizes(url);
const store = new MeteredStore(await openStore(url));
const database = await Database.over(store);
const session = database.session();
const statement = parseSql(text)[0] as QueryStatement;

const plan = async (): Promise<number> => {
  const start = performance.now();
  const { physical } = await session.plan(statement, undefined);
  const time = performance.now() - start;
  if (physical.kind !== 'gather' || physical.partitions.length > 1000) throw new Error('not the plan that is measured');
  return time;
};
const cold = await plan();
const { objectsRead, bytesRead } = store.traffic;
const warm: number[] = [];
for (let i = 0; i < warmRuns; i++) warm.push(await plan());
const typical = median(warm);
await database.close();

const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
// The root is read again once the version is pinned.
const allowed = 2 * size.entry.bytes + size.head + size.index + size.statistics;
console.log(`${partitions} partitions × ${columns} columns, ${wanted.length} of them asked for`);
console.log(`cold (first query of the process)   ${cold.toFixed(0)} ms`);
console.log(`warm, median of ${warmRuns}                  ${typical.toFixed(1)} ms (limit ${warmLimit} ms)`);
console.log(`read    ${objectsRead.size} objects, ${mb(bytesRead)}`);
console.log(
  `  of them ${mb(size.entry.bytes)} hint and root, ${mb(size.head)} head, ${mb(size.index)} partition index, ${mb(size.statistics)} statistics of ${wanted.length} columns`,
);
console.log(
  `stored  ${size.total.objects} objects, ${mb(size.total.bytes)}: read ${((100 * bytesRead) / size.total.bytes).toFixed(2)} %`,
);
const fail = (why: string) => {
  console.error(`FAILED: ${why}`);
  process.exitCode = 1;
};
if (bytesRead > allowed) fail(`${bytesRead} bytes were read, ${allowed} are needed`);
if (objectsRead.size > size.entry.objects + size.objects) fail(`${objectsRead.size} objects were read`);
if (typical >= warmLimit) fail('planning is too slow');
