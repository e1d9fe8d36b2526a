// Every golden file, rendered again and compared whole; its rows also under other settings and in native DuckDB.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printSqlType, sqlTypeOf } from '../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../src/parser/index.js';
import { printLogicalPlan, printPhysicalPlan, rules } from '../../src/planner/index.js';
import { Database, type QueryResult, rowsOf, type SessionSettings } from '../../src/session/index.js';
import { expectedRules, parseGolden, printGolden } from './golden-file.js';

const folder = new URL('.', import.meta.url).pathname;
const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const update = process.env['UPDATE_GOLDEN'] === '1';
const target = { dataset: 'sample' };

let database: Database;
let duckdb: DuckDBConnection;
const temporary = mkdtempSync(join(tmpdir(), 'skyhook-golden-'));

/** Plain JSON of one value; digits beyond the tenth of a float depend on the order of a sum. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(10)) : String(value);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && 'unscaled' in value && 'scale' in value)
    return plain(Number(value.unscaled) / 10 ** Number(value.scale));
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return plain(Number(value));
  return value;
}

const lines = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => row.map((v) => (v === null ? 'NULL' : JSON.stringify(plain(v)))).join('|'));

async function rows(result: QueryResult): Promise<unknown[][]> {
  const all: unknown[][] = [];
  for await (const batch of result.batches)
    for (const row of rowsOf(
      batch,
      result.columns.map((c) => c.type),
    ))
      all.push([...row]);
  return all;
}

function run(text: string, native: boolean, settings: Partial<SessionSettings> = {}): Promise<QueryResult> {
  const session = database.session(settings);
  return native ? session.native(text, target) : session.sql(text);
}

beforeAll(async () => {
  database = await Database.open('memory:');
  await database.ingest('sample', [sample]);
  duckdb = await (await DuckDBInstance.create()).connect();
  const result = await run('SELECT event_id, * FROM "Events"', false);
  const { columns } = result;
  const text = (await rows(result)).map((row) =>
    JSON.stringify(Object.fromEntries(row.map((v, i) => [columns[i]!.label, v])), (_, v) =>
      typeof v === 'bigint'
        ? Number(v)
        : v !== null && typeof v === 'object' && 'unscaled' in v
          ? Number(v.unscaled)
          : v,
    ),
  );
  const path = join(temporary, 'events.json');
  writeFileSync(path, text.join('\n'));
  const types = columns.map((c) => `'${c.label}': '${printSqlType(sqlTypeOf(c.type))}'`).join(', ');
  await duckdb.run(
    `CREATE TABLE "Events" AS SELECT * FROM read_json('${path}', format = 'newline_delimited', columns = {${types}})`,
  );
  await duckdb.run('CREATE VIEW "Events;75" AS SELECT * FROM "Events"');
});
afterAll(async () => {
  duckdb?.closeSync();
  await database?.close();
  rmSync(temporary, { recursive: true });
});

describe('golden files', () => {
  it('show every rule', () => {
    const files = readdirSync(folder).filter((f) => f.endsWith('.golden'));
    const shown = new Set(files.flatMap((f) => expectedRules(parseGolden(readFileSync(join(folder, f), 'utf8')))));
    expect(rules.map((r) => r.name).filter((name) => !shown.has(name))).toEqual([]);
  });

  for (const name of readdirSync(folder)
    .filter((f) => f.endsWith('.golden'))
    .sort()) {
    it(name, async () => {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      const golden = parseGolden(text);
      const native = golden.sections.get('native');
      const sql = golden.sections.get('sql');
      const statements: [string, boolean][] = [];
      if (native !== undefined) statements.push([native, true]);
      if (sql !== undefined) statements.push([sql, false]);
      const rendered: Map<string, string>[] = [];
      for (const [query, isNative] of statements) {
        const statement = isNative ? parseNative(query) : (parseSql(query)[0] as QueryStatement);
        const planned = await database.session().plan(statement, isNative ? target : undefined);
        for (const rule of expectedRules(golden)) expect(planned.fired).toContain(rule);
        const result = await run(query, isNative);
        const body = [result.columns.map((c) => c.label).join('|'), ...lines(await rows(result))].join('\n');
        const sections = new Map([
          ['logical', printLogicalPlan(planned.optimized)],
          ['physical', printPhysicalPlan(planned.physical)],
          ['result', body],
        ]);
        rendered.push(sections);
        const answer = body.split('\n').slice(1).sort();
        for (const settings of [{ pushdown: 'off' }, { kernel: 'off' }] as const) {
          const other = lines(await rows(await run(query, isNative, settings)));
          expect(other.sort(), JSON.stringify(settings)).toEqual(answer);
        }
      }
      expect(rendered.at(-1)).toEqual(rendered[0]);
      const sections = new Map(golden.sections);
      for (const [section, body] of rendered[0]!) sections.set(section, body);
      const oracle = golden.sections.get('duckdb') ?? sql;
      if (oracle !== undefined && !golden.sections.has('differs')) {
        const theirs = lines((await duckdb.runAndReadAll(oracle)).getRowsJson());
        const ours = sections.get('result')!.split('\n').slice(1);
        expect(theirs.sort(), 'native DuckDB').toEqual(ours.sort());
      }
      const printed = printGolden({ header: golden.header, sections });
      if (update) writeFileSync(path, printed);
      else expect(printed).toBe(text);
    });
  }
});
