import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { readTable } from '../../test/store/read-table.js';
import { openCatalog } from '../catalog/index.js';
import { listOf, types } from '../core/index.js';
import { openStore } from '../store/index.js';
import { writeTable } from './write-table.js';

test('an Arrow table becomes a dataset of one file and one tree', async () => {
  const store = await openStore('memory:');
  const table = new arrow.Table({
    id: arrow.vectorFromArray([1, 2, null], new arrow.Int32()),
    name: arrow.vectorFromArray(['x', 'y', 'x']),
    pt: arrow.vectorFromArray([[1, 2], [], [3]], new arrow.List(new arrow.Field('item', new arrow.Float32(), true))),
  });
  const report = await writeTable(store, 'mine', 'result', table);
  expect(report).toMatchObject({ rows: 3, files: 1, partitions: 1, version: 1 });
  const catalog = openCatalog(store);
  const { tables, files } = await catalog.dataset('mine');
  expect(files[0]!.source).toBe('result');
  expect(tables[0]!.columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', types.int4],
    ['name', types.text],
    ['pt', listOf(types.float4)],
  ]);
  expect(await readTable(store, catalog, tables[0]!)).toEqual({
    id: [1, 2, null],
    name: ['x', 'y', 'x'],
    pt: [[1, 2], [], [3]],
  });
  await expect(writeTable(store, 'mine', 'result', table)).rejects.toMatchObject({ code: '42P07' });
  await expect(writeTable(store, 'mine', 'result', table, { mode: 'append' })).rejects.toMatchObject({ code: '42710' });
});

test('columns that cannot be kept are refused by name', async () => {
  const store = await openStore('memory:');
  const odd = new arrow.Table({ u: arrow.vectorFromArray([1n], new arrow.DurationSecond()) });
  await expect(writeTable(store, 'odd', 'odd', odd)).rejects.toMatchObject({
    code: '0A000',
    message: expect.stringContaining('"u"'),
  });
  expect(await openCatalog(store).datasetNames()).toEqual([]);
});
