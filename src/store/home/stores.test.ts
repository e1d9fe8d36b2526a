import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytes, describeStore, text } from '../../../test/store/store-contract.js';
import type { ObjectStore } from '../object-store.js';
import { LocalStore } from './local-store.js';
import { MemoryStore } from './memory-store.js';
import { openStore } from './open-store.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-stores-'));
});
afterAll(() => rm(folder, { recursive: true }));

let number = 0;
const homes: readonly [string, () => ObjectStore][] = [
  ['folder', () => new LocalStore(join(folder, `store-${number++}`))],
  [
    'folder without hard links',
    () =>
      new LocalStore(join(folder, `store-${number++}`), {
        link: async () => {
          throw Object.assign(new Error('not supported'), { code: 'EPERM' });
        },
      }),
  ],
  ['memory', () => new MemoryStore()],
];

for (const [home, open] of homes) describeStore(home, open);

test('a failed write leaves nothing behind', async () => {
  const root = join(folder, 'blocked');
  const store = new LocalStore(root);
  await store.write('d/x', bytes('1'));
  await expect(store.write('d', bytes('2'))).rejects.toMatchObject({ code: '58030' });
  const names: string[] = [];
  for await (const name of store.list('')) names.push(name);
  expect(names).toEqual(['d/x']);
});

test('a path that is a file is no store', async () => {
  const path = join(folder, 'plain');
  await writeFile(path, 'x');
  await expect(new LocalStore(path).write('a', bytes('1'))).rejects.toMatchObject({ code: '58030' });
});

test('memory stores of one name share their objects', async () => {
  await (await openStore('memory:shared-here')).write('a', bytes('1'));
  expect(text(await (await openStore('memory:shared-here')).read('a'))).toBe('1');
  expect(await (await openStore('memory:')).stat('a')).toBeUndefined();
});

test.each([
  ['file:/data/x', 'file:/data/x'],
  ['file:///data/x', 'file:/data/x'],
  ['/data/x', 'file:/data/x'],
  ['file:x', `file:${join(process.cwd(), 'x')}`],
  ['./x', `file:${join(process.cwd(), 'x')}`],
  [undefined, `file:${join(process.cwd(), '.skyhook')}`],
])('%s opens %s', async (url, opened) => {
  expect((await openStore(url)).url).toBe(opened);
});

test.each([
  ['128.105.144.226', '22023', /host address/],
  ['localhost:6789', '22023', /host address/],
  ['s3://bucket', '22023', /unknown scheme "s3:"/],
  ['file:', '22023', /names no folder/],
  ['rados:pool', '22023', /rados:\/\/POOL/],
  ['rados://', '22023', /no pool/],
  ['rados://pool?size=3', '22023', /unknown parameter "size"/],
])('%s is refused', async (url, code, message) => {
  await expect(openStore(url)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
