// Real processes: killed at every store operation of an append, and several writers at once.
import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { types } from '../../src/core/index.js';
import { collectGarbage, type ObjectStore, openStore } from '../../src/store/index.js';
import { program } from '../support/programs.js';
import { lastingHomes } from './homes.js';
import { readTable } from './read-table.js';
import { writeFiles } from './write-files.js';

let store: ObjectStore;

interface Outcome {
  readonly killed: boolean;
  readonly output: string;
}

function append(...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program('append-child'), store.url, ...args], (error, stdout, stderr) => {
      if (error && error.signal !== 'SIGKILL') reject(new Error(stderr));
      else resolve({ killed: error?.signal === 'SIGKILL', output: stdout });
    });
  });
}

async function xs(): Promise<unknown[]> {
  const catalog = openCatalog(store);
  const { tables } = await catalog.dataset('aod');
  return (await readTable(store, catalog, tables[0]!)).x!;
}

describe.each(await lastingHomes())('$name', (home) => {
  beforeEach(async () => {
    store = await openStore(await home.freshUrl());
    const columns = [{ name: 'x', type: types.int4, values: [0] }];
    await writeFiles(store, 'aod', 'create', [{ source: 'first', trees: [{ path: 'Events', columns }] }]);
  });
  afterEach(async () => {
    await store.close();
    await home.clear();
  });

  test('killed at any operation: the old version or the new one, whole; gc clears the rest', async () => {
    const moments = Number((await append('counted', '10')).output);
    expect(moments).toBeGreaterThan(20);
    let expected = [0, 10, 20, 30];
    expect(await xs()).toEqual(expected);
    const far = Date.now() + 365 * 86_400_000;
    // Every fourth moment, other ones each day; SKYHOOK_THOROUGH=1 takes them all.
    const step = process.env.SKYHOOK_THOROUGH === '1' ? 1 : 4;
    for (let moment = step === 1 ? 1 : 1 + (new Date().getDate() % step); moment <= moments; moment += step) {
      const outcome = await append(`killed-${moment}`, String(moment), String(moment));
      expect(outcome.killed, `moment ${moment}`).toBe(true);
      const now = await xs();
      const grown = [...expected, moment, 2 * moment, 3 * moment];
      expect([expected, grown], `moment ${moment}`).toContainEqual(now);
      expected = now as number[];
      if (moment % 3 === 0) await collectGarbage(store, { now: far });
      expect(await xs()).toEqual(expected);
    }
    const report = await collectGarbage(store, { now: far });
    expect(report.objectsRemoved).toBe(0);
  });

  test('five processes append at once: all survive', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((n) => append(`file-${n}`, String(n))));
    const rows = await xs();
    expect([...rows].sort((a, b) => Number(a) - Number(b))).toEqual(
      [0, ...[1, 2, 3, 4, 5].flatMap((n) => [n, 2 * n, 3 * n])].sort((a, b) => a - b),
    );
  });
});
