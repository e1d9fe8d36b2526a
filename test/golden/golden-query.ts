// The queries of golden files, and their answers as golden files print them.
import { DiagnosticError, printSqlType, sqlTypeOf } from '../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../src/parser/index.js';
import type { Database, QueryResult, SessionSettings } from '../../src/session/index.js';
import { type Fixture, fixtures, rowsIn, withoutPaths, withPaths } from './fixtures.js';
import { type GoldenFile, headerLine } from './golden-file.js';

/** Plain JSON of one value; digits beyond the tenth of a float depend on the order of a sum. Text stays as it is. */
function plain(value: unknown, text = false): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(10)) : String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map((v) => plain(v, text));
  if (value !== null && typeof value === 'object' && 'unscaled' in value && 'scale' in value) {
    const { unscaled, scale } = value as { unscaled: bigint; scale: number };
    return scale === 0 ? plain(unscaled) : plain(Number(unscaled) / 10 ** scale);
  }
  if (text || typeof value !== 'string') return value;
  if (/^-?\d+$/.test(value)) return plain(BigInt(value));
  return value !== '' && Number.isFinite(Number(value)) ? plain(Number(value)) : value;
}

export const printRow = (row: readonly unknown[], isText: (column: number) => boolean): string =>
  row.map((v, i) => (v === null ? 'NULL' : withoutPaths(JSON.stringify(plain(v, isText(i)))))).join('|');

async function linesOf(result: Pick<QueryResult, 'columns' | 'batches'>): Promise<string[]> {
  const { columns } = result;
  const isText = (i: number): boolean => printSqlType(sqlTypeOf(columns[i]!.type)) === 'text';
  return (await rowsIn(result)).map((row) => printRow(row, isText));
}

/** A query of a golden file in one of the two languages. */
export interface Query {
  readonly text: string;
  readonly native: boolean;
  readonly fixture: Fixture;
  /** `answer: by file`: one table per file. */
  readonly byFile: boolean;
}

export const statementOf = ({ text, native }: Query): QueryStatement =>
  native ? parseNative(text) : (parseSql(text)[0] as QueryStatement);

/** Native, then SQL. */
export function queriesOf(golden: GoldenFile): Query[] {
  const fixture = fixtures.find((name) => name === headerLine(golden, 'fixture'));
  if (!fixture) throw new Error('a golden file without a known fixture');
  const byFile = headerLine(golden, 'answer') === 'by file';
  const queries: Query[] = [];
  const [native, sql] = ['native', 'sql'].map((section) => golden.sections.get(section));
  if (native !== undefined) queries.push({ text: withPaths(native), native: true, fixture, byFile });
  if (sql !== undefined) queries.push({ text: withPaths(sql), native: false, fixture, byFile: false });
  return queries;
}

/** Labels, then rows; or the error. */
export async function answer(
  database: Database,
  query: Query,
  settings: Partial<SessionSettings> = {},
): Promise<string[]> {
  const { text, native, fixture: dataset, byFile } = query;
  const session = database.session({ searchPath: [dataset], ...settings });
  try {
    if (byFile) {
      const all: string[] = [];
      for await (const result of session.nativeByFile(text, dataset)) {
        if (all.length === 0) all.push(result.columns.map((c) => c.label).join('|'));
        all.push(`file ${result.file}`, ...(await linesOf(result)));
      }
      return all;
    }
    const result = await (native ? session.native(text, { dataset }) : session.sql(text));
    return [result.columns.map((c) => c.label).join('|'), ...(await linesOf(result))];
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return [`error[${error.code}]: ${error.diagnostic.message}`];
  }
}

/** The order of rows is part of the answer of ORDER BY, and of a native query. */
export const isOrdered = (query: Query): boolean => query.native || statementOf(query).query.orderBy.length > 0;

export const isError = (line: string | undefined): boolean => /^error(?:\[|: )/.test(line ?? '');
