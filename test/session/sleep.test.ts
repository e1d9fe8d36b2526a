// pg_sleep waits without holding the process, and a cancelled statement stops waiting.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../src/session/index.js';

let database: Database;
beforeAll(async () => {
  database = await Database.open('memory:');
});
afterAll(() => database.close());

async function rows(sql: string, signal?: AbortSignal): Promise<number> {
  const result = await database.session().sql(sql, signal ? { signal } : {});
  let count = 0;
  for await (const batch of result.batches) count += batch.numRows;
  return count;
}

test('waits as long as asked, each time; others go on', async () => {
  for (let i = 0; i < 2; i++) {
    const start = performance.now();
    const sleeping = rows('SELECT pg_sleep(0.2), pg_sleep_for($$100 ms$$)');
    expect(await rows('SELECT 1')).toBe(1);
    expect(await sleeping).toBe(1);
    expect(performance.now() - start).toBeGreaterThan(295);
  }
});

test('ends when it is cancelled', async () => {
  const start = performance.now();
  await expect(rows('SELECT pg_sleep(60)', AbortSignal.timeout(50))).rejects.toMatchObject({ code: '57014' });
  expect(performance.now() - start).toBeLessThan(20_000);
});
