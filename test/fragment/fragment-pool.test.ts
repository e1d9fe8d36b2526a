// Fragments in worker threads: a killed thread fails its query and no other; cancellation is prompt.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeResult, type EncodedResult, encodeFragment, types } from '../../src/core/index.js';
import { toArrow } from '../../src/exec/eval/index.js';
import { fromValues, valueAt } from '../../src/exec/eval/vec.js';
import { FragmentPool } from '../../src/exec/fragment/fragment-pool.js';
import { receivedResult } from '../../src/exec/fragment/result-columns.js';
import { type ObjectStore, openStore, PartitionEncoder } from '../../src/store/index.js';

let folder: string;
let pool: FragmentPool;
let bytes: Uint8Array;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'skyhook-pool-'));
  const store = await openStore(`file:${folder}`);
  const encoder = new PartitionEncoder([{ name: 'met', type: types.float8 }]);
  const made = encoder.encode(encoder.prepare(3, [toArrow(fromValues(types.float8, [1.5, null, NaN]), 3)]));
  await store.write('p', made.bytes);
  const place = (b: number) => {
    const [offset, length, checksum] = made.record.places.subarray(3 * b, 3 * b + 3);
    return { offset: offset!, length: length!, checksum: checksum!, codec: 0 };
  };
  bytes = encodeFragment({
    budget: { rows: 10, bytes: 1 << 20, millis: 600_000 },
    rows: 3,
    firstEntry: 0,
    file: '',
    fileOrdinal: 0,
    columns: [{ type: types.float8, buffers: [place(0), place(1)] }],
    program: {
      instructions: [{ op: 'column', type: types.float8, frame: 0, args: [], immediate: 0 }],
      frame: 0,
      output: { kind: 'rows', registers: [0] },
    },
  });
  pool = new FragmentPool(store, 2);
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

/** Sums the entry numbers of two thousand million rows: no thread has ended that before it is killed. */
const endless = encodeFragment({
  budget: { rows: 10, bytes: 1 << 20, millis: 600_000 },
  rows: 2_000_000_000,
  firstEntry: 0,
  file: '',
  fileOrdinal: 0,
  columns: [],
  program: {
    instructions: [{ op: 'entry', type: types.int8, frame: 0, args: [] }],
    frame: 0,
    output: { kind: 'aggregate', groups: [], aggregates: [{ op: 'sum', arg: 0 }] },
  },
});

async function values(): Promise<unknown[]> {
  const result = decodeResult(await pool.run({ object: 'p', bytes, evaluator: false }, never));
  if (result.kind !== 'rows') throw new Error(result.kind);
  const column = receivedResult(result).vec(0);
  return Array.from({ length: result.rows }, (_, i) => valueAt(column, i));
}

it('runs fragments in threads', async () => {
  expect(await Promise.all([values(), values(), values()])).toEqual(Array(3).fill([1.5, null, NaN]));
  expect(pool.workers.length).toBe(2);
});

it('passes on what a fragment raises', async () => {
  const answer = async (object: string, fragment: Uint8Array) =>
    decodeResult(await pool.run({ object, bytes: fragment, evaluator: false }, never));
  expect(await answer('p', bytes.subarray(0, 20))).toMatchObject({ kind: 'error', code: 'XX001' });
  expect(await answer('missing', bytes)).toMatchObject({ kind: 'error', code: '58P01' });
  const newer = bytes.slice();
  newer[4] = 99;
  expect(await answer('p', newer)).toMatchObject({ kind: 'cannot', reason: expect.stringContaining('99') });
});

it('replaces threads that die', async () => {
  const running = pool.run({ object: 'p', bytes: endless, evaluator: false }, never);
  const settled = expect(running).rejects.toMatchObject({ code: '57P02' });
  await Promise.all(pool.workers.map((worker) => worker.terminate()));
  await settled;
  expect(await values()).toEqual([1.5, null, NaN]);
});

async function answers(store: ObjectStore): Promise<EncodedResult[]> {
  const threads = new FragmentPool(store, 2);
  const answer = async (object: string) => decodeResult(await threads.run({ object, bytes, evaluator: false }, never));
  const results = await Promise.all([answer('p'), answer('p'), answer('missing'), answer('p')]);
  await threads.close();
  return results;
}

it.each(['here', 'where it lies'] as const)('what is in memory is read %s', async (where) => {
  const memory = await openStore('memory:');
  await memory.write('p', await (await openStore(`file:${folder}`)).read('p'));
  const readHere: string[] = [];
  const results = await answers({
    ...memory,
    url: memory.url,
    ...(where === 'where it lies' && { shared: (name) => memory.shared?.(name) }),
    readRanges: (name, ranges) => {
      readHere.push(name);
      return memory.readRanges(name, ranges);
    },
  });
  expect(results[2]).toMatchObject({ kind: 'error', code: '58P01', message: expect.stringContaining('"missing"') });
  for (const result of [results[0], results[1], results[3]]) {
    if (result?.kind !== 'rows') throw new Error(result?.kind);
    expect(valueAt(receivedResult(result).vec(0), 0)).toBe(1.5);
  }
  expect(readHere.toSorted()).toEqual(where === 'here' ? ['missing', 'p', 'p', 'p'] : ['missing']);
});

it('an object in shared memory that is too short is damaged', async () => {
  const memory = await openStore('memory:');
  await memory.write('p', new Uint8Array(8));
  expect((await answers(memory))[0]).toMatchObject({ kind: 'error', code: 'XX001' });
});

it('cancels at once', async () => {
  const stop = new AbortController();
  const running = pool.run({ object: 'p', bytes, evaluator: false }, stop.signal);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: '57014' });
  expect(await values()).toEqual([1.5, null, NaN]);
});
