import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore } from '../object-store.js';
import { LocalStore } from './local-store.js';
import { MemoryStore } from './memory-store.js';
import { openStore } from './open-store.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-stores-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

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

describe.each(homes)('%s', (_, open) => {
  test('objects are written whole, replaced whole, and read by ranges', async () => {
    const store = open();
    await store.write('a/b/c', [bytes('hello '), bytes('world')]);
    expect(text(await store.read('a/b/c'))).toBe('hello world');
    const ranges = [
      { offset: 6, length: 5 },
      { offset: 0, length: 1 },
      { offset: 3, length: 0 },
    ];
    expect((await store.readRanges('a/b/c', ranges)).map(text)).toEqual(['world', 'h', '']);
    expect((await store.stat('a/b/c'))!.size).toBe(11);
    await store.write('a/b/c', bytes('!'));
    expect(text(await store.read('a/b/c'))).toBe('!');
  });

  test('creation succeeds once', async () => {
    const store = open();
    const won = await Promise.all(['1', '2', '3', '4'].map((t) => store.create('root/1', bytes(t))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(text(await store.read('root/1'))).toBe(String(won.indexOf(true) + 1));
  });

  test('what was created can be read, listed, replaced, deleted and created again', async () => {
    const store = open();
    expect(await store.create('root/1', bytes('one'))).toBe(true);
    expect(await store.create('root/1', bytes('two'))).toBe(false);
    expect(text((await store.readRanges('root/1', [{ offset: 1, length: 2 }]))[0]!)).toBe('ne');
    expect((await store.stat('root/1'))!.size).toBe(3);
    await store.write('root/1', bytes('marked'));
    expect(text(await store.read('root/1'))).toBe('marked');
    const names: string[] = [];
    for await (const name of store.list('')) names.push(name);
    expect(names).toEqual(['root/1']);
    await store.delete('root/1');
    expect(await store.stat('root/1')).toBeUndefined();
    expect(await store.create('root/1', bytes('three'))).toBe(true);
    expect(text(await store.read('root/1'))).toBe('three');
  });

  test('listing by prefix, deletion, absence', async () => {
    const store = open();
    for (const name of ['x/1', 'x/2/3', 'xy', 'z']) await store.write(name, bytes(name));
    const listed = async (prefix: string) => {
      const names: string[] = [];
      for await (const name of store.list(prefix)) names.push(name);
      return names.sort();
    };
    expect(await listed('x/')).toEqual(['x/1', 'x/2/3']);
    expect(await listed('x')).toEqual(['x/1', 'x/2/3', 'xy']);
    await store.delete('x/1');
    await store.delete('x/1');
    expect(await listed('x/')).toEqual(['x/2/3']);
    expect(await listed('none/')).toEqual([]);
    expect(await store.stat('x/1')).toBeUndefined();
    await expect(store.read('x/1')).rejects.toMatchObject({ code: '58P01', message: expect.stringContaining('"x/1"') });
    await expect(store.readRanges('x/1', [{ offset: 0, length: 1 }])).rejects.toMatchObject({ code: '58P01' });
  });

  test('a range past the end is damage', async () => {
    const store = open();
    await store.write('a', bytes('abc'));
    await expect(store.readRanges('a', [{ offset: 2, length: 2 }])).rejects.toMatchObject({ code: 'XX001' });
  });

  test('what a reader gets is its own', async () => {
    const store = open();
    await store.write('a', bytes('abc'));
    (await store.read('a'))[0] = 0;
    (await store.readRanges('a', [{ offset: 0, length: 3 }]))[0]![0] = 0;
    expect(text(await store.read('a'))).toBe('abc');
  });
});

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
