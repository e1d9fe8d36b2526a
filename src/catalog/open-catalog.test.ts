import { beforeEach, expect, test } from 'vitest';
import { readTable } from '../../test/store/read-table.js';
import { writeFiles } from '../../test/store/write-files.js';
import { listOf, types } from '../core/index.js';
import { MeteredStore, type ObjectStore, openStore } from '../store/index.js';
import { openCatalog } from './open-catalog.js';

let store: ObjectStore;
beforeEach(async () => {
  store = await openStore('memory:');
});

test('files that differ: columns united by name, missing ones NULL, numbers widened, cycles apart', async () => {
  await writeFiles(store, 'mixed', 'create', [
    {
      source: 'a.root',
      trees: [
        {
          path: 'Events',
          cycle: 75,
          columns: [
            { name: 'run', type: types.int4, values: [1, 2] },
            { name: 'pt', type: listOf(types.float4), values: [[1.5], []] },
          ],
        },
        { path: 'Events', cycle: 74, columns: [{ name: 'run', type: types.int4, values: [7] }] },
      ],
    },
    {
      source: 'b.root',
      trees: [
        {
          path: 'Events',
          cycle: 1,
          columns: [
            { name: 'met', type: types.float4, values: [0.5] },
            { name: 'run', type: types.float8, values: [2.5] },
            { name: 'pt', type: listOf(types.float8), values: [[0.1, 0.2]] },
          ],
        },
      ],
    },
  ]);
  await writeFiles(store, 'mixed', 'append', [
    { source: 'c.root', trees: [{ path: 'dir/Other', columns: [{ name: 'k', type: types.text, values: ['v'] }] }] },
  ]);
  const catalog = openCatalog(store);
  const { tables, files } = await catalog.dataset('mixed');
  expect(tables.map(({ path, cycle, rows }) => [path, cycle, rows])).toEqual([
    ['Events', undefined, 3],
    ['Events', 75, 2],
    ['Events', 74, 1],
    ['Events', 1, 1],
    ['dir/Other', undefined, 1],
    ['dir/Other', 1, 1],
  ]);
  const [events] = tables;
  expect(events!.columns.map(({ name, type }) => [name, type])).toEqual([
    ['run', types.float8],
    ['pt', listOf(types.float8)],
    ['met', types.float4],
  ]);
  expect(events!.variants.map(({ columns }) => columns.map((stored) => stored?.index))).toEqual([
    [0, 1, undefined],
    [1, 2, 0],
  ]);
  expect(events!.files.map(({ source }) => source)).toEqual(['a.root', 'b.root']);
  expect(await readTable(store, catalog, events!)).toEqual({
    run: [1, 2, 2.5],
    pt: [[1.5], [], [0.1, 0.2]],
    met: [null, null, 0.5],
  });
  const stats = await catalog.stats(events!, ['met', 'pt']);
  expect([...stats.columns.get('met')!.nulls]).toEqual([2, 0]);
  expect([...stats.columns.get('met')!.max]).toEqual([Number.NaN, 0.5]);
  expect([...stats.columns.get('pt')!.maxLength!]).toEqual([1, 2]);
  expect(files.map(({ ordinal, name, bytes }) => [ordinal, name, bytes])).toEqual([
    [0, 'a.root', 100],
    [1, 'b.root', 100],
    [2, 'c.root', 100],
  ]);
});

const one = [{ source: 'f', trees: [{ path: 'T', columns: [{ name: 'x', type: types.int4, values: [1] }] }] }] as const;

test('dataset names: exact, else the only one that differs in case alone, else a suggestion', async () => {
  await writeFiles(store, 'Aod', 'create', one);
  await writeFiles(store, 'muons', 'create', one);
  await writeFiles(store, 'MUONS', 'create', one);
  const catalog = openCatalog(store);
  expect((await catalog.dataset('aod')).name).toBe('Aod');
  expect((await catalog.dataset('MUONS')).name).toBe('MUONS');
  await expect(catalog.dataset('Muons')).rejects.toMatchObject({ code: '42702' });
  await expect(catalog.dataset('muns')).rejects.toMatchObject({
    code: '3F000',
    diagnostic: { hint: 'perhaps "muons"?' },
  });
  expect(await catalog.datasetNames()).toEqual(['Aod', 'MUONS', 'muons']);
});

test.each(['', 'a/b', 'a;1', 'pg_x', 'information_schema', ' a', 'x\u0000', 'ä'.repeat(32)])(
  'the name %j is refused',
  async (name) => {
    await expect(writeFiles(store, name, 'create', one)).rejects.toMatchObject({
      code: expect.stringMatching(/^42602|42939$/),
    });
  },
);

test('what another writer commits is seen at the next call; a snapshot stays as it was', async () => {
  const catalog = openCatalog(store);
  await writeFiles(store, 'd', 'create', one);
  const before = await catalog.dataset('d');
  await writeFiles(store, 'd', 'replace', [
    { source: 'g', trees: [{ path: 'T', columns: [{ name: 'x', type: types.int4, values: [5, 6] }] }] },
  ]);
  expect((await readTable(store, catalog, before.tables[0]!)).x).toEqual([1]);
  expect((await catalog.dataset('d')).tables[0]!.rows).toBe(2);
});

test('an unchanged dataset costs one hint and one probe; statistics are read once, of the columns asked for', async () => {
  await writeFiles(store, 'd', 'create', [
    {
      source: 'f',
      trees: [
        {
          path: 'T',
          rows: 1,
          columns: Array.from({ length: 50 }, (_, c) => ({ name: `c${c}`, type: types.int4, values: [1, 2, 3, c] })),
        },
      ],
    },
  ]);
  const metered = new MeteredStore(store);
  const catalog = openCatalog(metered);
  const { tables } = await catalog.dataset('d');
  metered.reset();
  await catalog.dataset('d');
  expect(metered.traffic).toMatchObject({ readOperations: 1, probes: 1, listings: 0 });
  metered.reset();
  await catalog.stats(tables[0]!, ['c3']);
  const { bytesRead } = metered.traffic;
  expect(bytesRead).toBeLessThan(500);
  await catalog.stats(tables[0]!, ['c3']);
  expect(metered.traffic.bytesRead).toBe(bytesRead);
});
