// Moments in which `gc` could take something for garbage that is not: each was a bug, or would be one without a line of the code.
import { beforeEach, expect, test } from 'vitest';
import { faultyStore } from '../../../test/store/faulty-store.js';
import { readTable } from '../../../test/store/read-table.js';
import { prepareFiles, type SampleFile, writeFiles } from '../../../test/store/write-files.js';
import { openCatalog } from '../../catalog/index.js';
import { types } from '../../core/index.js';
import { MemoryStore } from '../home/memory-store.js';
import type { ObjectStore } from '../object-store.js';
import { collectGarbage } from './collect-garbage.js';
import { DatasetWriter } from './dataset-writer.js';
import { pinVersion } from './pin-version.js';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

const file = (source: string, ...values: number[]): SampleFile => ({
  source,
  trees: [{ path: 'T', rows: 2, columns: [{ name: 'x', type: types.int4, values }] }],
});

async function xs(from: ObjectStore = store): Promise<unknown[]> {
  const catalog = openCatalog(from);
  const { tables } = await catalog.dataset('d');
  return (await readTable(from, catalog, tables[0]!)).x!;
}

/** The store as `gc` sees it when `meanwhile` happens between the first and the second half of its listing. */
function listedInHalves(first: (name: string) => boolean, meanwhile: () => Promise<void>): ObjectStore {
  const faulty = faultyStore(store, () => undefined);
  return {
    ...faulty,
    async *list(prefix) {
      if (prefix !== 'datasets/') return yield* store.list(prefix);
      for await (const name of store.list(prefix)) if (first(name)) yield name;
      await meanwhile();
      for await (const name of store.list(prefix)) if (!first(name)) yield name;
    },
  };
}

test('a writer that begins while gc lists, its intent unseen and its objects seen, is spared', async () => {
  await writeFiles(store, 'd', 'create', [file('a', 1)]);
  let writer: DatasetWriter | undefined;
  const seen = listedInHalves(
    (name) => !name.includes('/data/'),
    async () => {
      writer = await prepareFiles(await DatasetWriter.open(store, 'd', 'append'), [file('b', 2, 3, 4)]);
    },
  );
  expect(await collectGarbage(seen, { grace: 0 })).toMatchObject({ objectsRemoved: 0, writersSpared: 1 });
  await writer!.commit();
  expect(await xs()).toEqual([1, 2, 3, 4]);
});

test('a version made and replaced while gc runs is young, and kept', async () => {
  await writeFiles(store, 'd', 'create', [file('a', 1)]);
  const writer = await prepareFiles(await DatasetWriter.open(store, 'd', 'replace'), [file('b', 2, 3)]);
  const catalog = openCatalog(store);
  let between: Awaited<ReturnType<typeof catalog.dataset>> | undefined;
  const seen = listedInHalves(
    () => true,
    async () => {
      await writer.commit();
      between = await catalog.dataset('d');
      await writeFiles(store, 'd', 'replace', [file('c', 9)]);
    },
  );
  expect(await collectGarbage(seen)).toMatchObject({ versionsKept: 2, writersExpired: 0 });
  expect((await readTable(store, catalog, between!.tables[0]!)).x).toEqual([2, 3]);
});

test('killed between the mark and the look at late pins: a reader that pinned in between keeps its version', async () => {
  await writeFiles(store, 'd', 'create', [file('a', 1, 2, 3)]);
  const catalog = openCatalog(store);
  const before = await catalog.dataset('d');
  await writeFiles(store, 'd', 'replace', [file('b', 9)]);
  let pin: ReturnType<typeof pinVersion> | undefined;
  const dying = faultyStore(store, (operation, name, moment) => {
    if (operation !== 'write' || name !== 'datasets/d/root/1') return;
    if (moment === 'after') throw new Error('killed');
  });
  const pinning: ObjectStore = {
    ...dying,
    async write(name, bytes) {
      if (name === 'datasets/d/root/1') {
        pin ??= pinVersion(store, 'd', 1);
        await pin;
      }
      return dying.write(name, bytes);
    },
  };
  await expect(collectGarbage(pinning, { grace: 0, now: Date.now() + 1000 })).rejects.toThrow('killed');
  expect(await collectGarbage(store, { grace: 0, now: Date.now() + 1000 })).toMatchObject({ versionsKept: 1 });
  expect((await readTable(store, catalog, before.tables[0]!)).x).toEqual([1, 2, 3]);
  await (await pin!).release();
  expect(await collectGarbage(store, { grace: 0, now: Date.now() + 1000 })).toMatchObject({ versionsRetired: 1 });
  expect(await xs()).toEqual([9]);
});

test('the name of a dataset that is being made stays on the list', async () => {
  const writer = await prepareFiles(await DatasetWriter.open(store, 'd', 'create'), [file('a', 1)]);
  const committing = faultyStore(store, () => undefined);
  // The first step of a commit: the name.
  const create = store.create.bind(store);
  store.create = async (name, bytes) => {
    if (name.includes('/root/')) await collectGarbage(committing, { grace: 0 });
    return create(name, bytes);
  };
  await writer.commit();
  expect(await openCatalog(store).datasetNames()).toEqual(['d']);
  expect(await xs()).toEqual([1]);
});

test('two collectors at once, one without grace: neither fails, nothing is lost', async () => {
  for (let i = 0; i < 6; i++) await writeFiles(store, 'd', i === 0 ? 'create' : 'replace', [file(`f${i}`, i, i, i)]);
  const slow: ObjectStore = {
    ...faultyStore(store, () => undefined),
    async read(name) {
      const bytes = await store.read(name);
      if (name === 'datasets/d/root/3') await collectGarbage(store, { grace: 0, now: Date.now() + 1000 });
      return bytes;
    },
  };
  await collectGarbage(slow);
  expect(await xs()).toEqual([5, 5, 5]);
  await collectGarbage(store, { grace: 0, now: Date.now() + 1000 });
  expect((await collectGarbage(store, { grace: 0, now: Date.now() + 1000 })).objectsRemoved).toBe(0);
});
