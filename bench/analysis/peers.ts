// Ours, native DuckDB and PostgreSQL over the same tables: each runs a query to its last row, and can say what came out.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';
import { writeTable } from '../../src/ingest/index.js';
import { Database, rowsOf } from '../../src/session/index.js';
import { startPostgres } from '../../test/support/postgres.js';
import { eventSchema, makeEvents } from './events.js';
import { macros, numbers, tables } from './questions.js';

export interface Peer {
  /** Runs to the last row; gives a function that prints the rows, one a line. */
  run(sql: string): Promise<() => string>;
  close(): Promise<void>;
}

/** Values of any of the three as one text. */
function print(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'object') {
    const { unscaled, value: scaled, scale, micros } = value as Record<string, bigint | number | undefined>;
    if (micros !== undefined) return print(micros);
    const whole = unscaled ?? scaled;
    if (whole !== undefined && scale !== undefined) return print(Number(whole) / 10 ** Number(scale));
    return String(value);
  }
  if (typeof value === 'string' && !/^-?[\d.]+(e[+-]?\d+)?$/.test(value)) return value;
  return String(Number(Number(value).toPrecision(12)));
}

/** Short results whole, in any order; of long ones their length and ends. */
function printRows(rows: readonly (readonly unknown[])[]): string {
  const lines = (some: readonly (readonly unknown[])[]) => some.map((row) => row.map((v) => print(v)).join(' '));
  if (rows.length > 20_000) return [rows.length, ...lines([rows[0]!, rows.at(-1)!])].join('\n');
  return lines(rows).toSorted().join('\n');
}

/** Whether two printed results are the same, numbers within `tolerance` of each other. */
export function agree(a: string, b: string, tolerance: number): boolean {
  const [x, y] = [a.split(/\s/), b.split(/\s/)];
  const near = (p: string, q: string) => Math.abs(Number(p) - Number(q)) <= tolerance * Math.abs(Number(p));
  return x.length === y.length && x.every((word, i) => word === y[i] || near(word, y[i]!));
}

export async function openOurs(folder: string, events: number, rows: number): Promise<Peer> {
  const database = await Database.open(`file:${folder}/store`);
  await writeTable(database.store, 'bench', 'events', { schema: eventSchema, batches: makeEvents(events) });
  const session = database.session();
  for (const [name, columns, count] of tables(rows)) {
    const made = await session.sql(`CREATE TABLE bench.${name} AS SELECT ${columns} FROM ${numbers(count)}`);
    for await (const _ of made.batches);
  }
  return {
    async run(sql) {
      const result = await session.sql(sql);
      const batches: arrow.RecordBatch[] = [];
      for await (const batch of result.batches) batches.push(batch);
      const types = result.columns.map((column) => column.type);
      return () => printRows(batches.flatMap((batch) => [...rowsOf(batch, types)]));
    },
    close: () => database.close(),
  };
}

export async function openDuckDb(folder: string, events: number, rows: number): Promise<Peer> {
  writeFileSync(`${folder}/events.arrow`, arrow.tableToIPC(new arrow.Table([...makeEvents(events)]), 'stream'));
  execFileSync('python3', [
    '-c',
    'import sys, pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.ipc.open_stream(sys.argv[1]).read_all(), sys.argv[2])',
    `${folder}/events.arrow`,
    `${folder}/events.parquet`,
  ]);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('CREATE SCHEMA bench');
  const view = (name: string) =>
    connection.run(
      `CREATE VIEW bench.${name} AS SELECT * RENAME (file_row_number AS event_id) FROM read_parquet('${folder}/${name}.parquet', file_row_number = true)`,
    );
  await view('events');
  for (const [name, columns, count] of tables(rows)) {
    if (name === 'docs') continue;
    await connection.run(
      `COPY (SELECT ${columns} FROM ${numbers(count)}) TO '${folder}/${name}.parquet' (FORMAT parquet)`,
    );
    await view(name);
  }
  for (const macro of macros) await connection.run(macro);
  return {
    async run(sql) {
      const reader = await connection.runAndReadAll(sql);
      return () => printRows(reader.getRows());
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export async function openPostgres(rows: number): Promise<Peer | undefined> {
  const server = await startPostgres();
  if (!server) return undefined;
  const client = await server.connect();
  await client.query('CREATE SCHEMA bench');
  for (const [name, columns, count] of tables(rows))
    await client.query(`CREATE TABLE bench.${name} AS SELECT ${columns} FROM ${numbers(count)}`);
  await client.query('VACUUM ANALYZE');
  return {
    async run(sql) {
      const { rows: found } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
      return () => printRows(found);
    },
    async close() {
      await client.end();
      await server.stop();
    },
  };
}
