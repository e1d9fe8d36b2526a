// Random expressions, on PostgreSQL and here: what differs, by what it says.
import * as arrow from 'apache-arrow';
import type pg from 'pg';
import { types } from '../../src/core/index.js';
import type { Database, Session } from '../../src/session/index.js';
import { type Answer, askOurs, difference, PostgresAsker } from './answer.js';
import { ExpressionGenerator, plain, Random, type SampleColumn, unfolded } from './random-expression.js';
import { QueryGenerator } from './random-query.js';

export interface RandomDifference {
  readonly sql: string;
  readonly theirs: Answer;
  readonly ours: Answer;
}

export interface RandomRun {
  readonly asked: number;
  /** Both gave a value. */
  readonly values: number;
  /** Both gave the same error. */
  readonly errors: number;
  readonly differences: readonly RandomDifference[];
}

const rows = 6;
const at = <T>(values: readonly T[]) => Array.from({ length: rows }, (_, i) => values[i % values.length]!);
const stored = [
  { name: 'b', sql: 'boolean', type: types.bool, arrow: new arrow.Bool(), values: at([true, false, null]) },
  { name: 'i2', sql: 'smallint', type: types.int2, arrow: new arrow.Int16(), values: at([0, 7, -32768, null, 32767]) },
  { name: 'i4', sql: 'integer', type: types.int4, arrow: new arrow.Int32(), values: at([5, -1, 2147483647, null]) },
  {
    name: 'i8',
    sql: 'bigint',
    type: types.int8,
    arrow: new arrow.Int64(),
    values: at([12n, -3n, 9223372036854775807n, null, 0n]),
  },
  {
    name: 'f4',
    sql: 'real',
    type: types.float4,
    arrow: new arrow.Float32(),
    values: at([1.5, Number.NaN, -0, null, 1e30]),
  },
  {
    name: 'f8',
    sql: 'double precision',
    type: types.float8,
    arrow: new arrow.Float64(),
    values: at([0.1, -2.5, Infinity, null, 1e-5, 123456.789]),
  },
  {
    name: 't',
    sql: 'text',
    type: types.text,
    arrow: new arrow.Utf8(),
    values: at(['abc', '', 'Äb', null, '12', 'a%b']),
  },
] as const;

export const columns: readonly SampleColumn[] = stored.map(({ name, type }) => ({ name, type }));

export async function loadSample(database: Database, client: pg.Client): Promise<void> {
  const id = arrow.vectorFromArray(at([0, 1, 2, 3, 4, 5]), new arrow.Int32());
  const vectors = stored.map((c) => [c.name, arrow.vectorFromArray(c.values as unknown[], c.arrow)] as const);
  await database.writeTable('v', new arrow.Table(Object.fromEntries([['id', id], ...vectors])));
  await client.query('CREATE SCHEMA v');
  await client.query(`CREATE TABLE v.v (id integer, ${stored.map((c) => `${c.name} ${c.sql}`).join(', ')})`);
  for (let row = 0; row < rows; row++)
    await client.query(`INSERT INTO v.v VALUES (${row}, ${stored.map((_, i) => `$${i + 1}`).join(', ')})`, [
      ...stored.map((c) => {
        const value = c.values[row];
        return value === null || value === undefined ? null : Object.is(value, -0) ? '-0' : String(value);
      }),
    ]);
  await client.query('SET search_path = v, public');
}

export async function knownNames(client: pg.Client) {
  const names = async (sql: string) => {
    const { rows: found } = await client.query<string[]>({ text: sql, rowMode: 'array' });
    return new Set(found.map((r) => r[0]!));
  };
  return {
    functions: await names('SELECT DISTINCT proname FROM pg_catalog.pg_proc'),
    signatures: await names(
      `SELECT DISTINCT proname || '(' || coalesce((SELECT string_agg(format_type(t, NULL), ', ' ORDER BY i) FROM unnest(proargtypes::oid[]) WITH ORDINALITY u(t, i)), '') || ')' FROM pg_proc
       UNION SELECT oprname || '(' || CASE WHEN oprleft <> 0 THEN format_type(oprleft, NULL) || ', ' ELSE '' END || format_type(oprright, NULL) || ')' FROM pg_operator`,
    ),
    operators: await names('SELECT DISTINCT oprname FROM pg_catalog.pg_operator'),
  };
}

/** Whose last digit the C library decides. */
const transcendental =
  /\b(a?(?:sin|cos|tan)h?d?|atan2d?|cotd?|exp|ln|log|log10|power|pow|sqrt|cbrt|degrees|radians|erfc?|gamma)\(|\^|\|{1,2}\/|avg|stddev/;

function sameText(a: string, b: string, type: string, sql: string): boolean {
  if (a === b) return true;
  if (type.endsWith('[]')) {
    const [x, y] = [a, b].map((list) => list.split(/[{},]/));
    return x!.length === y!.length && x!.every((part, i) => sameText(part, y![i]!, type.slice(0, -2), sql));
  }
  if (type === 'numeric') return plainNumeric(a) === plainNumeric(b);
  if ((type === 'real' || type === 'double precision') && transcendental.test(sql)) {
    const [x, y] = [Number(a), Number(b)];
    const least = type === 'real' ? 1e-6 : 1e-13;
    return Math.abs(x - y) <= least * Math.max(Math.abs(x), Math.abs(y));
  }
  return false;
}

/** Digits after the point that say nothing are a matter of docs/dialect.md, "Numeric". */
const plainNumeric = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

export function differs({ sql, theirs, ours }: RandomDifference): boolean {
  if ('error' in theirs || 'error' in ours)
    return !('error' in theirs && 'error' in ours && theirs.error === ours.error);
  const [type] = theirs.columns[0]!.split(':').slice(-1);
  if (type !== ours.columns[0]!.split(':').slice(-1)[0]) return true;
  return theirs.rows.some((row, i) => !sameText(row, ours.rows[i] ?? '', type!, sql));
}

export async function runRandom(
  client: pg.Client,
  session: Session,
  options: { readonly seed: number; readonly count: number; readonly depth?: number },
): Promise<RandomRun> {
  const random = new Random(options.seed);
  const known = await knownNames(client);
  const generator = new ExpressionGenerator(random, columns, known, known.signatures);
  const postgres = new PostgresAsker(client);
  const differences: RandomDifference[] = [];
  let values = 0;
  let errors = 0;
  for (let i = 0; i < options.count; i++) {
    const expr = generator.any(1 + random.below(options.depth ?? 3));
    // One row, so that there is one error to tell; columns keep it from being folded.
    const marked = `SELECT ${expr} AS x FROM v WHERE id = ${random.below(rows)}`;
    const sql = plain(marked);
    let theirs = await postgres.ask(sql);
    const ours = await askOurs(session, sql);
    // Where AND or OR is decided by one side, the other's error may stay unseen: in which order they are asked is nobody's promise.
    if ('error' in theirs && !('error' in ours) && /\b(?:AND|OR)\b/.test(sql)) continue;
    if (differs({ sql, theirs, ours })) theirs = await postgres.ask(unfolded(marked));
    if (differs({ sql, theirs, ours })) differences.push({ sql, theirs, ours });
    else if ('error' in theirs) errors++;
    else values++;
  }
  return { asked: options.count, values, errors, differences };
}

/** Random queries over the tables of sample-tables.ts: the same rows, whatever their order. */
export async function runRandomQueries(
  client: pg.Client,
  session: Session,
  options: { readonly seed: number; readonly count: number },
): Promise<RandomRun> {
  const generator = new QueryGenerator(new Random(options.seed));
  const postgres = new PostgresAsker(client);
  const differences: RandomDifference[] = [];
  let values = 0;
  let errors = 0;
  for (let i = 0; i < options.count; i++) {
    const sql = generator.query();
    const theirs = await postgres.ask(sql);
    // What PostgreSQL takes too long for is no test of ours.
    const ours = await askOurs(session, sql);
    if (difference('', theirs, ours) !== undefined) differences.push({ sql, theirs, ours });
    else if ('error' in theirs) errors++;
    else values++;
  }
  return { asked: options.count, values, errors, differences };
}
