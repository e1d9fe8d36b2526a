// ROOT files into datasets: values, modes, threads, cancellation, damage.
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { type IngestProgress, ingest } from '../../src/ingest/index.js';
import { MeteredStore, type ObjectStore, openStore } from '../../src/store/index.js';
import { readTable } from '../store/read-table.js';

const sample = resolve('samples/events.root');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-ingest-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function contents(store: ObjectStore, columns?: readonly string[]) {
  const catalog = openCatalog(store);
  const { tables } = await catalog.dataset('aod');
  return readTable(store, catalog, tables[0]!, columns);
}

test('one partition or many, threads or none: the same rows', async () => {
  const whole = await openStore('memory:');
  await ingest(whole, 'aod', [sample], { threads: 0 });
  const expected = await contents(whole);
  expect(expected.nMuon).toHaveLength(2000);
  expect((expected.Muon_pt as unknown[][]).map((list) => list.length)).toEqual(expected.nMuon);
  for (const threads of [0, 2]) {
    const store = await openStore('memory:');
    const report = await ingest(store, 'aod', [sample], { threads, partitionBytes: 1 << 16 });
    expect(report.partitions).toBeGreaterThan(2);
    expect(await contents(store)).toEqual(expected);
  }
});

test('the input is not touched, the source is an absolute path, attributes are those of the file', async () => {
  const path = join(folder, 'input.root');
  await copyFile(sample, path);
  const [before, bytes] = [await stat(path), await readFile(path)];
  const store = await openStore('memory:');
  await ingest(store, 'aod', [`file:${path}`]);
  const catalog = openCatalog(store);
  const snapshot = await catalog.dataset('aod');
  expect(snapshot.files).toMatchObject([{ source: path, name: 'input.root', bytes: before.size }]);
  const [details] = await catalog.fileDetails(snapshot);
  expect(details!.attributes).toMatchObject({ size: before.size, modified: Math.round(before.mtimeMs) });
  expect(details!.layout.children.map(({ name }) => name)).toContain('Events');
  expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
});

test('progress ends at the total', async () => {
  const seen: IngestProgress[] = [];
  const store = await openStore('memory:');
  await ingest(store, 'aod', [sample], { partitionBytes: 1 << 16, onProgress: (progress) => seen.push(progress) });
  const last = seen.at(-1)!;
  expect(seen.length).toBeGreaterThan(3);
  expect(last).toMatchObject({ filesDone: 1, filesTotal: 1, rowsDone: 2000, rowsTotal: 2000 });
  expect(last.bytesDone).toBeCloseTo(last.bytesTotal);
});

test.each([0, 2])('canceled with %i threads: nothing is committed and nothing is left', async (threads) => {
  const store = await openStore('memory:');
  const abort = new AbortController();
  const run = ingest(store, 'aod', [sample], {
    threads,
    partitionBytes: 1 << 16,
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  await expect(run).rejects.toMatchObject({ code: '57014' });
  expect(await openCatalog(store).datasetNames()).toEqual([]);
  const left: string[] = [];
  for await (const name of store.list('')) left.push(name);
  expect(left).toEqual([]);
});

test('several files, one of which is no ROOT file: none is ingested', async () => {
  const path = join(folder, 'text.root');
  await writeFile(path, 'no ROOT file');
  const store = await openStore('memory:');
  await expect(ingest(store, 'aod', [sample, path])).rejects.toMatchObject({ code: '42809' });
  await expect(ingest(store, 'aod', [join(folder, 'absent.root')])).rejects.toMatchObject({ code: '58P01' });
  expect(await openCatalog(store).datasetNames()).toEqual([]);
});

test('the same file twice, and again', async () => {
  const store = new MeteredStore(await openStore('memory:'));
  await expect(ingest(store, 'aod', [sample, `file:${sample}`])).rejects.toMatchObject({ code: '42710' });
  await ingest(store, 'aod', [sample]);
  await expect(ingest(store, 'aod', [sample])).rejects.toMatchObject({ code: '42P07' });
  store.reset();
  await expect(ingest(store, 'aod', [sample], { mode: 'append' })).rejects.toMatchObject({ code: '42710' });
  expect(store.traffic.bytesWritten).toBeLessThan(1000);
  await ingest(store, 'aod', [sample], { mode: 'replace-files' });
  expect((await contents(store, ['run'])).run).toHaveLength(2000);
});
