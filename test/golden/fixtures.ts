// What golden queries run over: datasets of ours, and the same tables in native DuckDB.
// `sample`: the bundled file, one partition. `parts`: the same in several. `files`: three files that differ in branches, types and cycles.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { printSqlType, sqlTypeOf } from '../../src/core/index.js';
import { Database, type QueryResult, rowsOf } from '../../src/session/index.js';
import type { ObjectStore } from '../../src/store/index.js';

const root = new URL('../..', import.meta.url).pathname;
const sample = `${root}samples/events.root`;
const three = ['a', 'b', 'c'].map((name) => `${root}test/data-model/files/${name}.root`);

export const fixtures = ['sample', 'parts', 'files'] as const;
export type Fixture = (typeof fixtures)[number];

/** Paths of this machine as golden files write them, and back. */
export const withoutPaths = (text: string): string => text.replaceAll(root, '{root}/');
export const withPaths = (text: string): string => text.replaceAll('{root}/', root);

export async function openFixtures(store?: ObjectStore): Promise<Database> {
  const database = await (store ? Database.over(store) : Database.open('memory:'));
  await database.ingest('sample', [sample]);
  await database.ingest('parts', [sample], { partitionBytes: 1 << 16 });
  await database.ingest('files', three, { partitionBytes: 128 });
  return database;
}

export async function rowsIn(result: Pick<QueryResult, 'columns' | 'batches'>): Promise<unknown[][]> {
  const types = result.columns.map((column) => column.type);
  const all: unknown[][] = [];
  for await (const batch of result.batches) for (const row of rowsOf(batch, types)) all.push([...row]);
  return all;
}

export interface DuckDbFixtures {
  readonly connections: ReadonlyMap<Fixture, DuckDBConnection>;
  close(): void;
}

type Row = Readonly<Record<string, unknown>>;

/** Values of the sample come through our own reader, which the conformance tests hold; those of `files` are what uproot sees in them. */
export async function openDuckDb(database: Database): Promise<DuckDbFixtures> {
  const folder = mkdtempSync(join(tmpdir(), 'skyhook-golden-'));
  const instance = await DuckDBInstance.create();
  const connections = new Map<Fixture, DuckDBConnection>();
  for (const fixture of fixtures) {
    const connection = await instance.connect();
    await connection.run(`CREATE SCHEMA "${fixture}"`);
    await connection.run(`USE "${fixture}"`);
    connections.set(fixture, connection);
  }
  async function table(fixture: Fixture, name: string, rows?: readonly Row[]): Promise<void> {
    const session = database.session({ searchPath: [fixture] });
    const result = await session.sql(`SELECT event_id, _file, * FROM "${name}"`);
    // Names that differ in case alone are one name to DuckDB: it gets the first.
    const { columns } = result;
    const kept = columns.filter(
      ({ label }, i) => columns.findIndex((c) => c.label.toLowerCase() === label.toLowerCase()) === i,
    );
    const ours = await rowsIn(result);
    const given = rows ?? ours.map((row) => Object.fromEntries(row.map((v, i) => [columns[i]!.label, v])));
    const path = join(folder, 'rows.json');
    writeFileSync(path, given.map((row) => JSON.stringify(row, spelled)).join('\n'));
    const types = kept.map((c) => `"${c.label}": '${printSqlType(sqlTypeOf(c.type))}'`).join(', ');
    await connections
      .get(fixture)!
      .run(
        `CREATE TABLE "${name}" AS SELECT * FROM read_json('${path}', format = 'newline_delimited', columns = {${types}})`,
      );
  }
  try {
    for (const fixture of ['sample', 'parts'] as const) {
      await table(fixture, 'Events');
      await connections.get(fixture)!.run('CREATE VIEW "Events;75" AS SELECT * FROM "Events"');
    }
    for (const [name, trees] of [
      ['Events', { a: 'Events;2', b: 'Events;2', c: 'Events;9' }],
      ['Events;2', { a: 'Events;2', b: 'Events;2' }],
      ['Events;9', { c: 'Events;9' }],
      ['dir/Events', { a: 'dir/Events;1' }],
    ] as const)
      await table(
        'files',
        name,
        Object.entries(trees).flatMap(([file, tree]) => uprootRows(file, tree)),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return {
    connections,
    close: () => {
      for (const connection of connections.values()) connection.closeSync();
    },
  };
}

function spelled(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value !== null && typeof value === 'object' && 'unscaled' in value) return String(value.unscaled);
  return value;
}

function uprootRows(file: string, tree: string): Row[] {
  const path = `${root}test/data-model/expected.json`;
  const branches = (
    JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, Record<string, unknown[]>>>
  )[file]![tree]!;
  const [first] = Object.values(branches);
  return first!.map((_, entry) => ({
    event_id: entry,
    _file: `${root}test/data-model/files/${file}.root`,
    ...Object.fromEntries(Object.entries(branches).map(([name, values]) => [name, values[entry]])),
  }));
}
