// A flipped bit anywhere in a store is an error that names the object, never an answer.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { DiagnosticError, types } from '../../src/core/index.js';
import { type ObjectStore, openStore } from '../../src/store/index.js';
import { lastingHomes, type TestHome } from './homes.js';
import { readTable } from './read-table.js';
import { writeFiles } from './write-files.js';

let store: ObjectStore;
let expected: unknown;
async function everything() {
  const catalog = openCatalog(store);
  const snapshot = await catalog.dataset('aod');
  const [table] = snapshot.tables;
  const stats = await catalog.stats(table!, ['x', 'label']);
  const rows = await readTable(store, catalog, table!);
  return [rows, stats.columns, await catalog.fileDetails(snapshot), await catalog.datasetNames()];
}

const memory: TestHome = { name: 'memory', freshUrl: async () => 'memory:', clear: async () => {} };
const rados = (await lastingHomes()).filter(({ name }) => name === 'rados');

describe.each([memory, ...rados])('$name', (home) => {
  beforeEach(async () => {
    store = await openStore(await home.freshUrl());
    const columns = [
      { name: 'x', type: types.int4, values: [1, 2, 3] },
      { name: 'label', type: types.text, values: ['a', null, 'c'] },
    ];
    await writeFiles(store, 'aod', 'create', [{ source: 'f', trees: [{ path: 'Events', rows: 2, columns }] }]);
    expected = await everything();
  });

  afterEach(() => store.close());

  test('every bit of every object', async () => {
    const names: string[] = [];
    for await (const name of store.list('')) names.push(name);
    expect(names.length).toBeGreaterThanOrEqual(7);
    let noticed = 0;
    for (const name of names) {
      const good = await store.read(name);
      // All bits of small objects, every 97th of the others.
      for (let bit = 0; bit < good.length * 8; bit += good.length < 300 ? 5 : 97) {
        const bad = good.slice();
        bad[bit >> 3]! ^= 1 << (bit & 7);
        await store.write(name, bad);
        let got: unknown;
        try {
          got = await everything();
        } catch (error) {
          if (!(error instanceof DiagnosticError)) throw error;
          expect(error.code, `${name} bit ${bit}: ${error.message}`).toBe('XX001');
          expect(error.message).toContain(`"${name}"`);
          noticed++;
          continue;
        }
        // Bits that nothing depends on: padding, and Arrow's own metadata, which the manifest makes superfluous.
        expect(got, `${name} bit ${bit}`).toEqual(expected);
      }
      await store.write(name, good);
    }
    expect(noticed).toBeGreaterThan(300);
  });

  test.each(['root/1', 'root-hint', 'data'])('an empty or shortened %s', async (part) => {
    for await (const name of store.list('datasets/aod/')) {
      if (!name.includes(part)) continue;
      const good = await store.read(name);
      for (const length of [0, 10]) {
        await store.write(name, good.subarray(0, length));
        await expect(everything()).rejects.toMatchObject({ code: 'XX001', message: expect.stringContaining(name) });
      }
      await store.write(name, good);
    }
  });
});
