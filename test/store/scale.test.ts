// A wide and long table: what a plan reads grows with the columns it names, not with those there are.
import { expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { MeteredStore, openStore } from '../../src/store/index.js';
import { writeSyntheticManifest } from './synthetic.js';

test('1,000 columns × 10,000 partitions: three columns are three sections', async () => {
  const store = new MeteredStore(await openStore('memory:'));
  await writeSyntheticManifest(store, { dataset: 'wide', partitions: 10_000, columns: 1000, files: 20 });
  const whole = store.traffic.bytesWritten;
  const catalog = openCatalog(store);
  store.reset();
  const { tables } = await catalog.dataset('wide');
  // The root, its hint and the head of the one segment.
  expect(store.traffic.objectsRead.size).toBe(3);
  expect(store.traffic.bytesRead).toBeLessThan(600_000);
  expect(tables[0]).toMatchObject({ partitionCount: 10_000, rows: 10_000_000 });

  store.reset();
  const stats = await catalog.stats(tables[0]!, ['c7', 'c500', 'c999']);
  // Per partition: two bounds for each column, and number and first entry of the index; all else is constant.
  const expected = 10_000 * (3 * (16 + 18) + 4 + 8);
  expect(store.traffic.bytesRead).toBeGreaterThanOrEqual(expected);
  expect(store.traffic.bytesRead).toBeLessThan(expected + 2000);
  expect(store.traffic.bytesRead).toBeLessThan(whole / 250);
  expect(store.traffic.readOperations).toBe(4);
  expect(stats.columns.get('c500')!.min[1234]).toBe(1234);
  expect(stats.file[9_999]).toBe(19);
  expect(stats.firstEntry[501]).toBe(1000);

  store.reset();
  await catalog.stats(tables[0]!, ['c7', 'c500', 'c999']);
  expect(store.traffic.readOperations).toBe(0);

  store.reset();
  const places = await catalog.places(tables[0]!, [17, 18, 9_000], ['c7']);
  expect(places.map((place) => place.firstEntry)).toEqual([17_000, 18_000, 0]);
  // One column's places, of the two blocks that are touched.
  expect(store.traffic.bytesRead).toBeLessThan(10_000 * 4 + 2000);
});
