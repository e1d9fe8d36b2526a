// The small datasets that statements may ask, the same in our store and in PostgreSQL.
import * as arrow from 'apache-arrow';
import type pg from 'pg';
import type { Database } from '../../src/session/index.js';

interface SampleColumn {
  readonly name: string;
  readonly sql: string;
  readonly type: arrow.DataType;
  readonly values: readonly unknown[];
}

const list = (element: arrow.DataType) => new arrow.List(new arrow.Field('item', element, true));
const rows = 24;
const column = (name: string, sql: string, type: arrow.DataType, value: (row: number) => unknown): SampleColumn => ({
  name,
  sql,
  type,
  values: Array.from({ length: rows }, (_, row) => value(row)),
});

/** Multiples of 1/4 and 1/8: floats whose sums are exact, so that the order of rows cannot show. */
const events: readonly SampleColumn[] = [
  column('id', 'integer', new arrow.Int32(), (r) => r),
  column('run', 'integer', new arrow.Int32(), (r) => 100 + (r % 5)),
  column('small', 'smallint', new arrow.Int16(), (r) => (r % 7) - 3),
  column('big', 'bigint', new arrow.Int64(), (r) => BigInt(r) * 10_000_000_000n - 50_000_000_000n),
  column('met', 'real', new arrow.Float32(), (r) => (r === 7 ? null : r * 3.25 + 0.125)),
  column('weight', 'double precision', new arrow.Float64(), (r) => (r === 11 ? Number.NaN : (r - 12) / 4)),
  column('trigger', 'boolean', new arrow.Bool(), (r) => (r % 6 === 5 ? null : r % 2 === 0)),
  column('era', 'text', new arrow.Utf8(), (r) => (r === 13 ? null : ['A', 'B', 'C', 'bé', ''][r % 5])),
  column('pt', 'real[]', list(new arrow.Float32()), (r) =>
    Array.from({ length: r % 4 }, (_, i) => (r + 1) * 2.5 + i * 10.25),
  ),
  column('charge', 'integer[]', list(new arrow.Int32()), (r) =>
    r === 9 ? null : Array.from({ length: r % 4 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
  ),
];

const runs: readonly { readonly run: number; readonly name: string | null; readonly lumi: number }[] = [
  { run: 100, name: 'first', lumi: 1.5 },
  { run: 101, name: 'second', lumi: 2.25 },
  { run: 102, name: null, lumi: 0.5 },
  { run: 103, name: 'fourth', lumi: 2.25 },
  { run: 199, name: 'empty', lumi: 0 },
];

const runColumns: readonly SampleColumn[] = [
  { name: 'run', sql: 'integer', type: new arrow.Int32(), values: runs.map((r) => r.run) },
  { name: 'name', sql: 'text', type: new arrow.Utf8(), values: runs.map((r) => r.name) },
  { name: 'lumi', sql: 'double precision', type: new arrow.Float64(), values: runs.map((r) => r.lumi) },
];

const tables: Readonly<Record<string, readonly SampleColumn[]>> = { ev: events, runs: runColumns };

export async function loadOurs(database: Database): Promise<void> {
  for (const [name, columns] of Object.entries(tables)) {
    const vectors = columns.map((c) => [c.name, arrow.vectorFromArray(c.values as unknown[], c.type)] as const);
    await database.writeTable(name, new arrow.Table(Object.fromEntries(vectors)));
  }
}

/** Each in a schema of its own name, as datasets are schemas here. */
export async function loadPostgres(client: pg.Client): Promise<void> {
  for (const [name, columns] of Object.entries(tables)) {
    await client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE; CREATE SCHEMA ${name}`);
    await client.query(`CREATE TABLE ${name}.${name} (${columns.map((c) => `${c.name} ${c.sql}`).join(', ')})`);
    const places = columns.map((_, i) => `$${i + 1}`).join(', ');
    for (let row = 0; row < columns[0]!.values.length; row++) {
      const values = columns.map((c) => c.values[row] as string | number | null);
      await client.query(`INSERT INTO ${name}.${name} VALUES (${places})`, values);
    }
  }
  await client.query(`SET search_path = ${Object.keys(tables).join(', ')}, public`);
}
