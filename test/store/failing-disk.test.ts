// A full disk and a store that cannot be written: real file systems where the test may mount them, else the nearest thing.
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { fail } from '../../src/core/index.js';
import { ingest } from '../../src/ingest/index.js';
import { collectGarbage, dropDataset, type ObjectStore, openStore, pinVersion } from '../../src/store/index.js';
import { faultyStore } from './faulty-store.js';
import { readTable } from './read-table.js';

const sample = resolve('samples/events.root');
let folder: string;
let mounted: boolean;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-disk-'));
  mounted = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
});
afterEach(async () => {
  if (mounted) execFileSync('umount', [folder]);
  await rm(folder, { recursive: true });
});

function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function rows(store: ObjectStore): Promise<number> {
  const catalog = openCatalog(store);
  const { tables } = await catalog.dataset('aod');
  return (await readTable(store, catalog, tables[0]!, ['run'])).run!.length;
}

test('a full disk is 53100, the dataset stays as it was, and the space comes back', async () => {
  const disk = await openStore(`file:${folder}`);
  await ingest(disk, 'aod', [sample]);
  let budget = 200_000;
  const store = mounted
    ? disk
    : faultyStore(disk, (operation, name, moment) => {
        if (operation !== 'write' || moment !== 'before' || !name.includes('/data/')) return;
        budget -= 100_000;
        if (budget < 0) throw fail('disk_full', 'no space left');
      });
  const run = ingest(store, 'aod', [sample], { mode: 'replace', partitionBytes: 1 << 16 });
  await expect(run).rejects.toMatchObject({ code: '53100' });
  expect(await rows(disk)).toBe(2000);
  const left: string[] = [];
  for await (const name of disk.list('tmp/')) left.push(name);
  expect(left).toEqual([]);
  expect((await collectGarbage(disk)).objectsRemoved).toBe(0);
  await disk.close();
});

test('a read-only store is read, and refuses writers with 25006', async () => {
  const store = await openStore(`file:${folder}`);
  await ingest(store, 'aod', [sample]);
  if (mounted) execFileSync('mount', ['-o', 'remount,ro', folder]);
  else if (process.getuid?.() === 0)
    return console.warn('skipped: root may write anywhere, and nothing can be mounted');
  else for (const path of ['', 'tmp', 'datasets/aod/root']) await chmod(join(folder, path), 0o500);
  expect(await rows(store)).toBe(2000);
  await expect(ingest(store, 'aod', [sample], { mode: 'replace' })).rejects.toMatchObject({ code: '25006' });
  await expect(dropDataset(store, 'aod')).rejects.toMatchObject({ code: '25006' });
  expect((await pinVersion(store, 'aod', 1)).held).toBe(false);
  if (!mounted) for (const path of ['', 'tmp', 'datasets/aod/root']) await chmod(join(folder, path), 0o700);
  await store.close();
});
