// Damaged and foreign files: every answer is data or a diagnostic, soon, and without great allocations.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Data } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { openRootFile } from '../../src/ingest/root/index.js';
import { basketKeyLength, writeRootFile } from './root-writer.js';

const fixtures = join(import.meta.dirname, 'fixtures', 'files');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-damage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Repeatable noise (mulberry32). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** All that can be read of a file: columns by tree and name; the condition of the diagnostic instead where one is thrown. */
async function readAll(path: string): Promise<Map<string, Data | string>> {
  const result = new Map<string, Data | string>();
  const condition = (error: unknown) => {
    if (error instanceof DiagnosticError) return error.diagnostic.condition;
    throw error;
  };
  const file = await openRootFile(path).catch(condition);
  if (typeof file === 'string') return result.set('', file);
  for (const tree of file.trees) {
    for (const column of tree.columns) {
      const name = `${tree.path};${tree.cycle} ${column.name}`;
      const data = await tree.read([column], 0, Math.min(tree.entries, 1_000_000)).catch(condition);
      result.set(name, typeof data === 'string' ? data : data[0]!);
    }
  }
  await file.close();
  return result;
}

async function damaged(bytes: Uint8Array): Promise<Map<string, Data | string>> {
  const path = join(folder, 'damaged.root');
  await writeFile(path, bytes);
  const started = performance.now();
  const before = process.memoryUsage();
  const result = await readAll(path);
  const after = process.memoryUsage();
  expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(256 << 20);
  // Milliseconds, where no length from the file is believed.
  expect(performance.now() - started).toBeLessThan(200_000);
  return result;
}

const bytesOf = (data: Data | string | undefined): string =>
  data === undefined || typeof data === 'string'
    ? String(data)
    : JSON.stringify([
        data.length,
        Array.from(data.valueOffsets ?? []),
        Buffer.from(data.values?.buffer ?? [], data.values?.byteOffset, data.values?.byteLength).toString('hex'),
        data.children.map(bytesOf),
      ]);

test('what is no ROOT file is said to be none', async () => {
  for (const text of ['', 'PAR1', 'a text', '\0'.repeat(1000)]) {
    const path = join(folder, 'foreign');
    await writeFile(path, text);
    await expect(openRootFile(path)).rejects.toMatchObject({ diagnostic: { condition: 'wrong_object_type' } });
  }
  await expect(openRootFile(folder)).rejects.toMatchObject({ diagnostic: { condition: 'wrong_object_type' } });
  await expect(openRootFile(join(folder, 'none'))).rejects.toMatchObject({
    diagnostic: { condition: 'undefined_file' },
  });
  await expect(openRootFile('ftp://host/x.root')).rejects.toMatchObject({
    diagnostic: { condition: 'feature_not_supported' },
  });
});

test('a file cut off anywhere is said to be damaged', async () => {
  const bytes = await readFile(join(fixtures, 'layout.root'));
  const random = noise(1);
  const lengths = [4, 5, 20, 63, 100, 200, 300, bytes.length - 1];
  for (let i = 0; i < 60; i++) lengths.push(Math.floor(random() * bytes.length));
  for (const length of lengths.filter((n) => n >= 4)) {
    const result = await damaged(bytes.subarray(0, length));
    expect([length, result.get('')]).toEqual([length, 'data_corrupted']);
  }
});

test('a damaged basket is an error that names file, tree, branch and basket', async () => {
  const bytes = await readFile(join(fixtures, 'zlib.root'));
  // A basket's record holds its branch's name; the one in the file, not the one in the tree, comes first.
  const place = bytes.indexOf('\x07TBasket\x06number', 0, 'latin1');
  const broken = Buffer.from(bytes);
  broken.fill(0xff, place + 60, place + 80);
  const path = join(folder, 'basket.root');
  await writeFile(path, broken);
  const file = await openRootFile(path);
  const tree = file.trees[0]!;
  const column = tree.columns.find((c) => c.name === 'number')!;
  const message = (await tree.read([column], 0, tree.entries).catch((e: Error) => e)) as Error;
  expect(String(message)).toMatch(/basket\.root", tree "Events;1", branch "number": basket 0: /);
  expect(await tree.read([tree.columns[0]!], 0, tree.entries)).toHaveLength(1);
  await file.close();
});

test('baskets that hold fewer entries than the tree says', async () => {
  const path = join(folder, 'few.root');
  const data = Buffer.alloc(80);
  for (let i = 0; i < 20; i++) data.writeInt32BE(i, 4 * i);
  const leaves = [{ name: 'x', type: 'I' as const }];
  const write = async (entries: number) => {
    await writeRootFile(path, [
      { name: 'T', entries, branches: [{ name: 'x', leaves, baskets: [{ entries: 20, data }] }] },
    ]);
    return readFile(path);
  };
  const whole = await write(20);
  expect((await damaged(whole)).get('T;1 x')).toMatchObject({ length: 20 });
  const at = whole.indexOf('\u0007TBasket') - 26 + basketKeyLength('x', 'T') - 9;
  expect(whole.readInt32BE(at)).toBe(20);
  const lying = Buffer.from(whole);
  lying.writeInt32BE(10, at);
  expect((await damaged(lying)).get('T;1 x')).toBe('data_corrupted');
  await write(30);
  const file = await openRootFile(path);
  const { trees } = file;
  await file.close();
  expect(trees[0]!.columns).toEqual([]);
  expect(trees[0]!.refused).toEqual([{ name: 'x', reason: "its baskets hold 20 of the tree's 30 entries" }]);
});

test('a flipped bit in compressed data is found by zlib, LZ4 and LZMA', async () => {
  for (const codec of ['zlib', 'lz4', 'lzma']) {
    const bytes = await readFile(join(fixtures, `${codec}.root`));
    const clean = await readAll(join(fixtures, `${codec}.root`));
    const magic = { zlib: 'ZL', lz4: 'L4', lzma: 'XZ' }[codec]!;
    const random = noise(7);
    let found = 0;
    for (let place = bytes.indexOf(magic); place >= 0; place = bytes.indexOf(magic, place + 9)) {
      const packed = bytes.readUIntLE(place + 3, 3);
      if (packed > 2000 || place + 9 + packed > bytes.length) continue;
      const broken = Buffer.from(bytes);
      const at = place + 9 + Math.floor(random() * packed);
      broken[at]! ^= 1 << Math.floor(random() * 8);
      const result = await damaged(broken);
      if ([...result.values()].includes('data_corrupted')) found++;
      else
        for (const [name, data] of result)
          expect([codec, at, name, bytesOf(data)]).toEqual([codec, at, name, bytesOf(clean.get(name))]);
    }
    expect([codec, found > 3]).toEqual([codec, true]);
  }
});

test('thousands of mutations: data or a diagnostic, never a crash, a hang or a great allocation', async () => {
  const random = noise(42);
  const seen = new Map<string, number>();
  for (const name of (await readdir(fixtures)).sort()) {
    const bytes = await readFile(join(fixtures, name));
    for (let i = 0; i < 400; i++) {
      const broken = Buffer.from(bytes);
      for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
        const at = Math.floor(random() * broken.length);
        const kind = random();
        if (kind < 0.4) broken[at]! ^= 1 << Math.floor(random() * 8);
        else if (kind < 0.7) broken[at] = Math.floor(random() * 256);
        else if (kind < 0.85) broken.fill(random() < 0.5 ? 0xff : 0, at, at + 4);
        else broken.copyWithin(at, Math.floor(random() * broken.length), Math.floor(random() * broken.length));
      }
      for (const value of (await damaged(broken)).values()) {
        const what = typeof value === 'string' ? value : 'read';
        seen.set(what, (seen.get(what) ?? 0) + 1);
      }
    }
  }
  expect([...seen.keys()].sort()).toEqual(expect.arrayContaining(['data_corrupted', 'read']));
});
