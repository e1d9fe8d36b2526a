// Every golden file, rendered again and compared whole; its rows also under other settings and in native DuckDB.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../src/parser/index.js';
import { printLogicalPlan, printPhysicalPlan, rules } from '../../src/planner/index.js';
import type { Database, SessionSettings } from '../../src/session/index.js';
import {
  type DuckDbFixtures,
  type Fixture,
  fixtures,
  openDuckDb,
  openFixtures,
  rowsIn,
  withoutPaths,
  withPaths,
} from './fixtures.js';
import { expectedRules, type GoldenFile, headerLine, parseGolden, printGolden } from './golden-file.js';

const folder = new URL('.', import.meta.url).pathname;
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.golden'))
  .sort();
const read = (name: string): GoldenFile => parseGolden(readFileSync(join(folder, name), 'utf8'));

let database: Database;
let duckdb: DuckDbFixtures;

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
  rows.map((row) => row.map((v) => (v === null ? 'NULL' : withoutPaths(JSON.stringify(plain(v))))).join('|'));

/** A query of a golden file in one of the two languages. */
interface Query {
  readonly text: string;
  readonly native: boolean;
  readonly fixture: Fixture;
  /** `answer: by file`: one table per file. */
  readonly byFile: boolean;
}

const statementOf = ({ text, native }: Query): QueryStatement =>
  native ? parseNative(text) : (parseSql(text)[0] as QueryStatement);

/** Labels, then rows; or the error. */
async function answer(query: Query, settings: Partial<SessionSettings> = {}): Promise<string[]> {
  const { text, native, fixture: dataset, byFile } = query;
  const session = database.session({ searchPath: [dataset], ...settings });
  try {
    if (byFile) {
      const all: string[] = [];
      for await (const result of session.nativeByFile(text, dataset)) {
        if (all.length === 0) all.push(result.columns.map((c) => c.label).join('|'));
        all.push(`file ${result.file}`, ...lines(await rowsIn(result)));
      }
      return all;
    }
    const result = await (native ? session.native(text, { dataset }) : session.sql(text));
    return [result.columns.map((c) => c.label).join('|'), ...lines(await rowsIn(result))];
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return [`error[${error.code}]: ${error.diagnostic.message}`];
  }
}

/** Rows in native DuckDB, or the first line of its error. */
async function oracle(fixture: Fixture, sql: string): Promise<string[]> {
  try {
    return lines((await duckdb.connections.get(fixture)!.runAndReadAll(sql)).getRowsJson());
  } catch (error) {
    return [`error: ${(error as Error).message.split('\n')[0]!}`];
  }
}

/** The order of rows is part of the answer of ORDER BY, and of a native query. */
const isOrdered = (query: Query): boolean => query.native || statementOf(query).query.orderBy.length > 0;

beforeAll(async () => {
  database = await openFixtures();
  duckdb = await openDuckDb(database);
});
afterAll(async () => {
  duckdb?.close();
  await database?.close();
});

describe('golden files', () => {
  it('show every rule', () => {
    const shown = new Set(names.flatMap((name) => expectedRules(read(name))));
    expect(rules.map((r) => r.name).filter((name) => !shown.has(name))).toEqual([]);
  });

  for (const name of names) {
    it(name, async () => {
      const golden = read(name);
      const fixture = fixtures.find((f) => f === headerLine(golden, 'fixture'))!;
      expect(fixture, 'fixture').toBeDefined();
      const byFile = headerLine(golden, 'answer') === 'by file';
      const section = (title: string): string | undefined => {
        const text = golden.sections.get(title);
        return text === undefined ? undefined : withPaths(text);
      };
      const native = section('native');
      const sql = section('sql');
      const queries: Query[] = [];
      if (native !== undefined) queries.push({ text: native, native: true, fixture, byFile });
      if (sql !== undefined) queries.push({ text: sql, native: false, fixture, byFile: false });
      const ordered = queries.some(isOrdered);
      const inOrder = (all: readonly string[]): string[] => (ordered ? [...all] : [...all].sort());
      /** DuckDB is asked in SQL, whose rows have an order only where it says so. */
      const sqlOrder = (all: readonly string[]): string[] =>
        queries.some((query) => !query.native && isOrdered(query)) ? [...all] : [...all].sort();

      const rendered: Map<string, string>[] = [];
      for (const query of queries) {
        const planned = await database
          .session({ searchPath: [fixture] })
          .plan(statementOf(query), query.native ? { dataset: fixture } : undefined, { byFile });
        for (const rule of expectedRules(golden)) expect(planned.fired).toContain(rule);
        if (planned.fired.length > 0) expect(expectedRules(golden), `of ${planned.fired.join(', ')}`).not.toEqual([]);
        const [labels, ...rows] = await answer(query);
        for (const settings of [{ pushdown: 'off' }, { kernel: 'off' }] as const) {
          const [, ...others] = await answer(query, settings);
          expect(inOrder(others), JSON.stringify(settings)).toEqual(inOrder(rows));
        }
        rendered.push(
          new Map([
            ['logical', printLogicalPlan(planned.optimized)],
            ['physical', withoutPaths(printPhysicalPlan(planned.physical))],
            [ordered ? 'result' : 'result rowsort', [labels, ...inOrder(rows)].join('\n')],
          ]),
        );
      }
      expect(rendered.at(-1)).toEqual(rendered[0]);

      const sections = new Map([...golden.sections].filter(([title]) => /^(native|sql|duckdb)$/.test(title)));
      for (const [title, body] of rendered[0]!) sections.set(title, body);
      const ours = [...sections.values()].at(-1)!.split('\n').slice(1);
      // A spelling of DuckDB's own is there only because the same text means something else to DuckDB, which is then shown.
      const differs = headerLine(golden, 'differs');
      const spelling = section('duckdb');
      if (spelling !== undefined) {
        expect(differs, 'differs').toBeDefined();
        expect(sqlOrder(await oracle(fixture, spelling)), 'native DuckDB').toEqual(sqlOrder(ours));
      }
      if (sql !== undefined) {
        const theirs = sqlOrder(await oracle(fixture, sql));
        if (differs === undefined) expect(theirs, 'native DuckDB').toEqual(sqlOrder(ours));
        else {
          expect(theirs, `native DuckDB: ${differs}`).not.toEqual(sqlOrder(ours));
          sections.set('duckdb result', theirs.join('\n'));
        }
      }
      await expect(printGolden({ header: golden.header, sections })).toMatchFileSnapshot(join(folder, name));
    });
  }
});
