// All rows of some columns of a table, the long way: places, ranges, Arrow data. For tests.
import * as arrow from 'apache-arrow';
import type { Catalog, TableEntry } from '../../src/catalog/index.js';
import { type ObjectStore, readColumns } from '../../src/store/index.js';

/** Column by column; `null` where a file lacks the column. */
export async function readTable(
  store: ObjectStore,
  catalog: Catalog,
  table: TableEntry,
  columns: readonly string[] = table.columns.map(({ name }) => name),
): Promise<Record<string, unknown[]>> {
  const all = Array.from({ length: table.partitionCount }, (_, p) => p);
  const rows: Record<string, unknown[]> = Object.fromEntries(columns.map((name) => [name, []]));
  for (const places of await catalog.places(table, all, columns))
    for (const name of columns) {
      const position = table.columns.findIndex((column) => column.name === name);
      const stored = table.variants[places.variant]!.columns[position];
      if (!stored) {
        rows[name]!.push(...new Array(places.rows).fill(null));
        continue;
      }
      const [data] = await readColumns(store, places, [{ name, ...stored }]);
      for (const value of new arrow.Vector([data!]))
        rows[name]!.push(value instanceof arrow.Vector ? [...value] : value);
    }
  return rows;
}
