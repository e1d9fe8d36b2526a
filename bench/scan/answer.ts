// One engine and its answers as text.
import type { ScanQuery } from './queries.js';

export interface Peer {
  answer(query: ScanQuery): Promise<string>;
  close(): Promise<void>;
}

/** Numbers of either engine, decimals of ours included. */
function printRow(row: readonly unknown[]): string {
  const number = (v: unknown) =>
    typeof v === 'object' && v !== null && 'unscaled' in v && 'scale' in v
      ? Number(v.unscaled) / 10 ** Number(v.scale)
      : Number(v);
  return row.map((v) => (v === null ? 'NULL' : number(v).toFixed(3))).join(' ');
}

export async function openOurs(folder: string): Promise<Peer> {
  const { Database, rowsOf } = await import('../../src/session/index.js');
  const database = await Database.open(`file:${folder}/store`);
  const session = database.session();
  return {
    async answer(query) {
      const result = await session.sql(query.ours);
      const lines: string[] = [];
      for await (const batch of result.batches) {
        const types = result.columns.map((column) => column.type);
        for (const row of rowsOf(batch, types)) lines.push(printRow(row));
      }
      return lines.join('\n');
    },
    close: () => database.close(),
  };
}

export async function openNative(folder: string): Promise<Peer> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`CREATE VIEW events AS FROM '${folder}/events.parquet'`);
  return {
    async answer(query) {
      const rows = (await connection.runAndReadAll(query.native)).getRowsJson();
      return rows.map(printRow).join('\n');
    },
    close: async () => connection.closeSync(),
  };
}
