// Every golden file, rendered again and compared whole; its rows also under other settings and in native DuckDB.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBTypeId } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { printLogicalPlan, printPhysicalPlan, rules } from '../../src/planner/index.js';
import type { Database } from '../../src/session/index.js';
import { type DuckDbFixtures, type Fixture, openDuckDb, openFixtures, withoutPaths, withPaths } from './fixtures.js';
import { expectedRules, type GoldenFile, headerLine, parseGolden, printGolden } from './golden-file.js';
import { answer, isError, isOrdered, printRow, type Query, queriesOf, statementOf } from './golden-query.js';

const folder = new URL('.', import.meta.url).pathname;
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.golden'))
  .sort();
const read = (name: string): GoldenFile => parseGolden(readFileSync(join(folder, name), 'utf8'));

let database: Database;
let duckdb: DuckDbFixtures;

async function plansOf(query: Query): Promise<{ fired: readonly string[]; sections: [string, string][] }> {
  const { native, fixture: dataset, byFile } = query;
  const session = database.session({ searchPath: [dataset] });
  try {
    const planned = await session.plan(statementOf(query), native ? { dataset } : undefined, { byFile });
    const physical = withoutPaths(printPhysicalPlan(planned.physical));
    const logical = withoutPaths(printLogicalPlan(planned.optimized));
    return {
      fired: planned.fired,
      sections: [
        ['logical', logical],
        ['physical', physical],
      ],
    };
  } catch (error) {
    if (error instanceof DiagnosticError) return { fired: [], sections: [] };
    throw error;
  }
}

/** Rows in native DuckDB, or the first line of its error. */
async function oracle(fixture: Fixture, sql: string): Promise<string[]> {
  try {
    const result = await duckdb.connections.get(fixture)!.runAndReadAll(sql);
    const isText = (i: number): boolean => result.columnType(i).typeId === DuckDBTypeId.VARCHAR;
    return result.getRowsJson().map((row) => printRow(row, isText));
  } catch (error) {
    return [`error: ${(error as Error).message.split('\n')[0]!}`];
  }
}

/** Engines agree that something is an error, in words of their own. */
const failed = 'error';

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
      const section = (title: string): string | undefined => {
        const text = golden.sections.get(title);
        return text === undefined ? undefined : withPaths(text);
      };
      const sql = section('sql');
      const queries = queriesOf(golden);
      const { fixture } = queries[0]!;
      const ordered = queries.some(isOrdered);
      const inOrder = (all: readonly string[]): string[] => (ordered ? [...all] : [...all].sort());
      /** DuckDB is asked in SQL, whose rows have an order only where it says so. */
      const sqlOrder = (all: readonly string[]): string[] =>
        queries.some((query) => !query.native && isOrdered(query)) ? [...all] : [...all].sort();

      const rendered: Map<string, string>[] = [];
      for (const query of queries) {
        const plans = await plansOf(query);
        const { fired } = plans;
        for (const rule of expectedRules(golden)) expect(fired).toContain(rule);
        if (fired.length > 0) expect(expectedRules(golden), `of ${fired.join(', ')}`).not.toEqual([]);
        const [labels, ...rows] = await answer(database, query);
        for (const settings of [{ pushdown: 'off' }, { kernel: 'evaluator' }, { kernel: 'off' }] as const) {
          const [, ...others] = await answer(database, query, settings);
          expect(inOrder(others), JSON.stringify(settings)).toEqual(inOrder(rows));
        }
        rendered.push(
          new Map([...plans.sections, [ordered ? 'result' : 'result rowsort', [labels, ...inOrder(rows)].join('\n')]]),
        );
      }
      expect(rendered.at(-1)).toEqual(rendered[0]);

      const sections = new Map([...golden.sections].filter(([title]) => /^(native|sql|duckdb)$/.test(title)));
      for (const [title, body] of rendered[0]!) sections.set(title, body);
      const body = [...sections.values()].at(-1)!.split('\n');
      const ours = isError(body[0]) ? [failed] : body.slice(1);
      // A spelling of DuckDB's own is there only because the same text means something else to DuckDB, which is then shown.
      const differs = headerLine(golden, 'differs');
      const spelling = section('duckdb');
      if (spelling !== undefined) {
        expect(differs, 'differs').toBeDefined();
        expect(sqlOrder(await oracle(fixture, spelling)), 'native DuckDB').toEqual(sqlOrder(ours));
      }
      if (sql !== undefined) {
        const theirs = sqlOrder(await oracle(fixture, sql));
        const agreed = isError(theirs[0]) ? [failed] : theirs;
        if (differs === undefined) expect(agreed, 'native DuckDB').toEqual(sqlOrder(ours));
        else {
          expect(agreed, `native DuckDB: ${differs}`).not.toEqual(sqlOrder(ours));
          sections.set('duckdb result', theirs.join('\n'));
        }
      }
      await expect(printGolden({ header: golden.header, sections })).toMatchFileSnapshot(join(folder, name));
    });
  }
});
