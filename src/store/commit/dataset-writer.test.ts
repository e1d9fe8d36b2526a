import { beforeEach, expect, test } from 'vitest';
import { readTable } from '../../../test/store/read-table.js';
import { prepareFiles, type SampleFile, writeFiles } from '../../../test/store/write-files.js';
import { openCatalog } from '../../catalog/index.js';
import { fail, listOf, types } from '../../core/index.js';
import { MemoryStore } from '../home/memory-store.js';
import { collectGarbage } from './collect-garbage.js';
import { mostSegments } from './compact-segments.js';
import { newestRoot } from './dataset-root.js';
import { DatasetWriter } from './dataset-writer.js';
import { dropDataset } from './drop-dataset.js';
import { type Pin, pinVersion } from './pin-version.js';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

const file = (source: string, ...values: number[]): SampleFile => ({
  source,
  trees: [{ path: 'Events', rows: 2, columns: [{ name: 'x', type: types.int4, values }] }],
});
const far = Date.now() + 10 * 365 * 86_400_000;

async function xs(dataset = 'aod'): Promise<unknown[]> {
  const catalog = openCatalog(store);
  const { tables } = await catalog.dataset(dataset);
  return (await readTable(store, catalog, tables[0]!)).x!;
}

test('append keeps file order, event numbers start anew in each file', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1, 2, 3)]);
  await writeFiles(store, 'aod', 'append', [file('b', 4), file('c', 5, 6, 7)]);
  expect(await xs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const catalog = openCatalog(store);
  const { tables, files, version } = await catalog.dataset('aod');
  expect(version).toBe(2);
  expect(files.map((f) => f.source)).toEqual(['a', 'b', 'c']);
  const stats = await catalog.stats(tables[0]!, ['x']);
  expect([...stats.file]).toEqual([0, 0, 1, 2, 2]);
  expect([...stats.firstEntry]).toEqual([0, 2, 0, 0, 2]);
  expect([...stats.rows]).toEqual([2, 1, 1, 2, 1]);
  expect([...stats.columns.get('x')!.min]).toEqual([1, 3, 4, 5, 7]);
});

test('modes: what is there, and what is not', async () => {
  await expect(writeFiles(store, 'aod', 'append', [file('a', 1)])).rejects.toMatchObject({ code: '3F000' });
  await writeFiles(store, 'aod', 'create', [file('a', 1), file('b', 2), file('c', 3)]);
  await expect(writeFiles(store, 'aod', 'create', [file('z', 1)])).rejects.toMatchObject({ code: '42P07' });
  await expect(writeFiles(store, 'aod', 'append', [file('b', 9)])).rejects.toMatchObject({ code: '42710' });
  expect(await xs()).toEqual([1, 2, 3]);
  await writeFiles(store, 'aod', 'replace-files', [file('d', 4), file('b', 20, 21, 22)]);
  expect(await xs()).toEqual([1, 20, 21, 22, 3, 4]);
  await writeFiles(store, 'aod', 'replace', [file('z', 0)]);
  expect(await xs()).toEqual([0]);
});

test('of two appends at once both survive; of two creations one', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const [one, two] = await Promise.all([
    DatasetWriter.open(store, 'aod', 'append').then((w) => prepareFiles(w, [file('b', 2)])),
    DatasetWriter.open(store, 'aod', 'append').then((w) => prepareFiles(w, [file('c', 3)])),
  ]);
  await two.commit();
  await one.commit();
  expect(await xs()).toEqual([1, 3, 2]);

  const [first, second] = await Promise.all([
    DatasetWriter.open(store, 'new', 'create').then((w) => prepareFiles(w, [file('b', 2)])),
    DatasetWriter.open(store, 'new', 'create').then((w) => prepareFiles(w, [file('c', 3)])),
  ]);
  await first.commit();
  await expect(second.commit()).rejects.toMatchObject({ code: '42P07' });
  expect(await xs('new')).toEqual([2]);
});

test('a replacement that was overtaken fails, and nothing is lost', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const whole = await prepareFiles(await DatasetWriter.open(store, 'aod', 'replace'), [file('z', 0)]);
  const part = await prepareFiles(await DatasetWriter.open(store, 'aod', 'replace-files'), [file('a', 10)]);
  await writeFiles(store, 'aod', 'replace-files', [file('a', 100)]);
  await expect(whole.commit()).rejects.toMatchObject({ code: '40001' });
  await expect(part.commit()).rejects.toMatchObject({ code: '40001' });
  expect(await xs()).toEqual([100]);
});

test('a file whose columns do not go with the others is refused with its name, column and both types', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const odd: SampleFile = {
    source: 'b',
    trees: [{ path: 'Events', columns: [{ name: 'x', type: listOf(types.float4), values: [[1]] }] }],
  };
  await expect(writeFiles(store, 'aod', 'append', [odd])).rejects.toMatchObject({
    code: '42804',
    message: 'column "x" of tree "Events;1" is list<float> in file "b", but int32 in file "a"',
  });
});

test('many appends stay few segments with the same content', async () => {
  await writeFiles(store, 'aod', 'create', [file('f0', 0)]);
  for (let i = 1; i < 40; i++)
    await writeFiles(store, 'aod', i === 30 ? 'replace-files' : 'append', [file(`f${i === 30 ? 7 : i}`, i, -i, i)]);
  const root = await newestRoot(store, 'aod');
  expect(root!.segments.length).toBeLessThanOrEqual(mostSegments);
  const order = Array.from({ length: 40 }, (_, i) => i).filter((i) => i !== 30);
  expect(await xs()).toEqual(
    order.flatMap((i) => {
      const value = i === 7 ? 30 : i;
      return i === 0 ? [0] : [value, -value, value];
    }),
  );
});

test('a dropped dataset is gone, its name is free, and its objects go with gc', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  await dropDataset(store, 'aod');
  await expect(openCatalog(store).dataset('aod')).rejects.toMatchObject({ code: '3F000' });
  expect(await openCatalog(store).datasetNames()).toEqual([]);
  await expect(dropDataset(store, 'aod')).rejects.toMatchObject({ code: '3F000' });
  await collectGarbage(store, { now: far });
  const left: string[] = [];
  for await (const name of store.list('datasets/')) if (name.includes('/data/')) left.push(name);
  expect(left).toEqual([]);
  await writeFiles(store, 'aod', 'create', [file('b', 2)]);
  expect(await xs()).toEqual([2]);
});

test('gc removes what no version needs, and nothing else', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1, 2, 3), file('b', 4)]);
  await writeFiles(store, 'aod', 'replace-files', [file('a', 10)]);
  expect((await collectGarbage(store)).objectsRemoved).toBe(0);
  const report = await collectGarbage(store, { now: far });
  expect(report).toMatchObject({ datasets: 1, versionsRetired: 1, versionsKept: 0 });
  expect(report.bytesFreed).toBeGreaterThan(0);
  expect(await xs()).toEqual([10, 4]);
});

test('gc keeps a pinned version whole', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const catalog = openCatalog(store);
  const before = await catalog.dataset('aod');
  const pin = await pinVersion(store, 'aod', before.version, 20 * 365 * 86_400_000);
  await writeFiles(store, 'aod', 'replace', [file('z', 0)]);
  await collectGarbage(store, { now: far });
  expect((await readTable(store, catalog, before.tables[0]!)).x).toEqual([1]);
  await pin.release();
  await collectGarbage(store, { now: far });
  await expect(readTable(store, catalog, before.tables[0]!)).rejects.toMatchObject({ code: '58P01' });
  await expect(pinVersion(store, 'aod', before.version)).rejects.toMatchObject({ code: '55000' });
  expect(await xs()).toEqual([0]);
});

test('a reader that pins a version which gc is about to retire keeps it', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const catalog = openCatalog(store);
  const before = await catalog.dataset('aod');
  await writeFiles(store, 'aod', 'replace', [file('z', 0)]);
  const list = store.list.bind(store);
  let pin: Pin | undefined;
  // After gc's first look at the pins, before its mark.
  store.list = async function* (prefix) {
    yield* list(prefix);
    if (prefix.includes('/pin/')) pin ??= await pinVersion(store, 'aod', before.version, 20 * 365 * 86_400_000);
  };
  await collectGarbage(store, { now: far });
  expect(pin?.held).toBe(true);
  expect((await readTable(store, catalog, before.tables[0]!)).x).toEqual([1]);
  expect((await newestRoot(store, 'aod'))!.version).toBe(2);
  const again = await pinVersion(store, 'aod', before.version);
  await again.release();
  await pin!.release();
});

test.each([1, 2])('a writer that gc takes for dead while it commits does not commit (look %i)', async (look) => {
  const writer = await prepareFiles(await DatasetWriter.open(store, 'aod', 'create'), [file('a', 1)]);
  const stat = store.stat.bind(store);
  let looks = 0;
  store.stat = async (name) => {
    const found = await stat(name);
    if (!name.includes('/intent/') || ++looks !== look) return found;
    // Just after the writer has seen at first that its intent is there, or just before it looks again.
    await collectGarbage(store, { now: far });
    return look === 1 ? found : stat(name);
  };
  await expect(writer.commit()).rejects.toMatchObject({ code: '40001' });
  await expect(xs()).rejects.toMatchObject({ code: '3F000' });
  await writer.abandon();
});

test('gc spares a writer at work; one taken for dead can no longer commit', async () => {
  const alive = await prepareFiles(await DatasetWriter.open(store, 'aod', 'create'), [file('a', 1)]);
  expect(await collectGarbage(store)).toMatchObject({ writersSpared: 1, objectsRemoved: 0 });
  await alive.commit();

  const dead = await prepareFiles(await DatasetWriter.open(store, 'aod', 'append'), [file('b', 2)]);
  expect(await collectGarbage(store, { now: far })).toMatchObject({ writersExpired: 1 });
  await expect(dead.commit()).rejects.toMatchObject({ code: '40001' });
  expect(await xs()).toEqual([1]);
  await dead.abandon();
});

test('after a commit that may have taken place nothing is cleared away, and gc settles it', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const create = store.create.bind(store);
  for (const takesPlace of [true, false]) {
    const writer = await prepareFiles(await DatasetWriter.open(store, 'aod', 'append'), [file(`b${takesPlace}`, 2)]);
    store.create = async (name, bytes) => {
      if (takesPlace) await create(name, bytes);
      throw fail('transaction_resolution_unknown', `nobody knows about "${name}"`);
    };
    await expect(writer.commit()).rejects.toMatchObject({ code: '08007' });
    store.create = create;
    const before = (await newestRoot(store, 'aod'))!.version;
    await writer.abandon();
    expect(await xs()).toEqual([1, 2]);
    expect(await collectGarbage(store)).toMatchObject({ writersSpared: 1 });
    // Its place is taken: should the creation arrive after all, it fails.
    expect(await collectGarbage(store, { now: far })).toMatchObject({ writersExpired: 1 });
    expect((await newestRoot(store, 'aod'))!.version).toBe(before + 1);
    expect(await xs()).toEqual([1, 2]);
  }
});

test('an intent that has expired cannot be committed, gc or not', async () => {
  const writer = await DatasetWriter.open(store, 'aod', 'create', { intentLifetime: -1 });
  await prepareFiles(writer, [file('a', 1)]);
  await expect(writer.commit()).rejects.toMatchObject({ code: '40001' });
});

test('an old hint written late does not hide newer versions', async () => {
  await writeFiles(store, 'aod', 'create', [file('a', 1)]);
  const hint = await store.read('datasets/aod/root-hint');
  for (const [i, name] of ['b', 'c', 'd'].entries()) await writeFiles(store, 'aod', 'append', [file(name, i)]);
  await collectGarbage(store, { now: far });
  await store.write('datasets/aod/root-hint', hint);
  expect((await openCatalog(store).dataset('aod')).version).toBe(4);
  await store.delete('datasets/aod/root/1');
  expect((await openCatalog(store).dataset('aod')).version).toBe(4);
});
