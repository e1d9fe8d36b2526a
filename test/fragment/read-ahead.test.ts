// Readers who do not read: how many fragments are run ahead of them.
import type { RecordBatch } from 'apache-arrow';
import { beforeAll, expect, test as it } from 'vitest';
import { createFragmentRunner, type FragmentRunner } from '../../src/exec/fragment/index.js';
import type { Gather } from '../../src/planner/index.js';
import { type Fixture, items, met, openFixture, options, partitions, ref, rowsEach } from './fixture.js';

let fixture: Fixture;
let begun = 0;

beforeAll(async () => {
  fixture = await openFixture();
});

/** Over a store that counts how often it is read: once for each fragment. */
function runner(memoryBudget: number): FragmentRunner {
  begun = 0;
  const store = new Proxy(fixture.store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (key === 'readRanges') begun++;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return createFragmentRunner({ store, catalog: fixture.catalog, threads: 1, memoryBudget });
}

const scan = (): Gather => fixture.gatherOf({ kind: 'rows', items: items(ref(met)) });

/** Some readers of whom each has taken one batch. */
async function readers(of: FragmentRunner, count: number): Promise<AsyncGenerator<RecordBatch>[]> {
  const rows = Array.from({ length: count }, () => of.rows(scan(), options()));
  for (const reader of rows) await reader.next();
  return rows;
}

it('two for each thread, while there is memory', async () => {
  await readers(runner(1 << 30), 5);
  await expect.poll(() => begun, { timeout: 100_000 }).toBe(5 * 2);
});

it('none where what waits takes too much, until it is read or left', async () => {
  const scarce = runner(1);
  const [first, ...others] = await readers(scarce, 5);
  expect(begun).toBe(5);
  // Each goes on all the same.
  let batches = 1;
  for await (const batch of first!) {
    expect(batch.numRows).toBeGreaterThan(0);
    batches++;
  }
  expect(batches).toBe(partitions);
  expect(begun).toBe(4 + partitions);
  for (const reader of others) await reader.return(undefined);
});

it('what was read or left is not counted', async () => {
  // As much as one partition's answer, or a little more.
  const scarce = runner(20_000);
  for (let i = 0; i < 50; i++) for (const reader of await readers(scarce, 2)) await reader.return(undefined);
  begun = 0;
  await readers(scarce, 1);
  await expect.poll(() => begun, { timeout: 100_000 }).toBe(2);
});

it('fragments over memory run in threads too', async () => {
  let readHere = 0;
  const { store } = fixture;
  const watched = new Proxy(store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (key === 'readRanges') readHere++;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const threaded = createFragmentRunner({ store: watched, catalog: fixture.catalog, threadBytes: 0 });
  let rows = 0;
  for await (const batch of threaded.rows(scan(), options())) rows += batch.numRows;
  expect(rows).toBe(partitions * rowsEach);
  expect(readHere).toBe(0);
  await threaded.close();
});
