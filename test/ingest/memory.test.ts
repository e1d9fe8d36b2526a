// A file larger than the memory budget (more than twice as Arrow) passes within it: measured by the kernel, in a process of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingest } from '../../src/ingest/index.js';
import { openStore } from '../../src/store/index.js';
import {
  basketBody,
  basketKeyLength,
  rootBlock,
  type WrittenBasket,
  type WrittenBranch,
  writeRootFile,
} from '../root/root-writer.js';

const run = promisify(execFile);
const once = join(import.meta.dirname, '..', '..', 'bench', 'ingest-memory', 'ingest-once.ts');
const perBasket = 10_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-memory-'));
});
afterAll(() => rm(folder, { recursive: true }));

function floats(count: number, step: number): Buffer {
  const data = Buffer.alloc(4 * count);
  for (let i = 0; i < count; i++) data.writeFloatBE((i * step) % 97, 4 * i);
  return data;
}

function repeated(name: string, basket: WrittenBasket, times: number, counter?: string): WrittenBranch {
  const body = basketBody(basket, basketKeyLength(name, 'Events'));
  const packed = rootBlock('ZL', deflateSync(body, { level: 1 }), body.length);
  const type = name.startsWith('n') ? 'I' : 'F';
  const baskets = Array.from({ length: times }, () => ({ ...basket, packed }));
  return { name, leaves: [{ name, type, ...(counter !== undefined && { counter }) }], baskets };
}

/** `flat` numbers and as many lists of two per entry. */
async function write(path: string, entries: number, flat: number, lists: number): Promise<void> {
  const times = entries / perBasket;
  const branches: WrittenBranch[] = [];
  for (let i = 0; i < flat; i++)
    branches.push(repeated(`x${i}`, { entries: perBasket, data: floats(perBasket, i + 1) }, times));
  const two = Buffer.alloc(4 * perBasket);
  for (let i = 0; i < perBasket; i++) two.writeInt32BE(2, 4 * i);
  branches.push(repeated('n', { entries: perBasket, data: two }, times));
  const offsets = Array.from({ length: perBasket }, (_, i) => 8 * i);
  for (let i = 0; i < lists; i++) {
    const basket = { entries: perBasket, data: floats(2 * perBasket, i + 1), offsets };
    branches.push(repeated(`y${i}`, basket, times, 'n'));
  }
  await writeRootFile(path, [{ name: 'Events', entries, branches }]);
}

test.each([
  ['many branches', 320_000, 160, 50],
  ['one branch that is nearly all', 25_000_000, 0, 1],
])('%s: more than twice the budget', async (_, entries, flat, lists) => {
  const path = join(folder, 'large.root');
  await write(path, entries, flat, lists);
  const budget = 184;
  const { stdout } = await run(process.execPath, [
    '--import',
    'tsx',
    once,
    path,
    join(folder, `store-${flat}`),
    '1',
    String(budget),
  ]);
  const seen = JSON.parse(stdout) as { rows: number; before: number; peak: number; bytesWritten: number };
  expect(seen.rows).toBe(entries);
  expect(seen.bytesWritten / 2 ** 20).toBeGreaterThan(2 * budget);
  expect((seen.peak - seen.before) / 2 ** 20).toBeLessThan(budget);
});

test('a budget that holds not even one thread is refused', async () => {
  const store = await openStore('memory:');
  await expect(ingest(store, 'aod', ['samples/events.root'], { memoryBudget: 50 << 20 })).rejects.toMatchObject({
    code: '22023',
    diagnostic: { hint: expect.stringContaining('MiB') },
  });
});
