// Random predicates over many small partitions: a filter, which prunes by statistics and is rewritten by rules, finds the rows for
// which the same predicate, computed for every row, is true.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { Database, type Session } from '../../src/session/index.js';

const predicates = Number(process.env['PREDICATES'] ?? 250);
const partitions = 12;
let state = Number(process.env['SEED'] ?? 20_261_125);
function next(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 4294967296;
}
const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
const times = (most: number): number[] => [...Array(Math.floor(next() * (most + 1))).keys()];

/** Columns by kind, and their constants: around the values that partition p holds, and far away. */
const numbers = ['s', 'i', 'b', 'n', 'r', 'f'] as const;
const kindOf = { s: 'int2', i: 'int4', b: 'int8', n: 'numeric(12,2)', r: 'real', f: 'float8' } as const;
const lists = ['li', 'lr', 'lf'] as const;
const special = [
  "'NaN'::float8",
  "'Infinity'::float8",
  "'-Infinity'::float8",
  '1e400',
  '-1e400',
  '1e30',
  '0',
  '-0.0::float8',
];
const whole = (p: number): number => 10 * p + Math.floor(next() * 12) - 60;
const fraction = (p: number): string => (whole(p) + pick([0, 0.1, 0.25, 0.5])).toFixed(2);

/** Every third partition lacks a column's values, others hold NULLs, NaN and infinities among them. */
function value(column: string, p: number): string {
  if ((p + column.charCodeAt(0)) % 5 === 0 || next() < (p % 3 === 0 ? 0 : 0.2)) return 'NULL';
  if (column.startsWith('l')) {
    const element = { li: 'i', lr: 'r', lf: 'f' }[column]!;
    return `ARRAY[${times(p % 4 === 1 ? 0 : 3).map(() => value(element, p))}]::${kindOf[element as 'i']}[]`;
  }
  switch (column) {
    case 's':
    case 'i':
      return `${whole(p)}`;
    case 'b':
      return p % 5 === 2 ? `${2n ** 53n + BigInt(p)}` : `${whole(p)}`;
    case 'n':
      return fraction(p);
    case 'r':
    case 'f':
      return next() < 0.15 && p % 2 === 1 ? pick(["'NaN'", "'Infinity'", "'-Infinity'", "'-0'"]) : fraction(p);
    case 't':
      return `'${String.fromCharCode(97 + p, 97 + Math.floor(next() * 26))}'`;
    case 'd':
      return `DATE '2020-01-01' + ${whole(p)}`;
    case 'ts':
      return `TIMESTAMP '2020-01-01' + ${whole(p)} * INTERVAL '1 hour'`;
    default:
      return p % 4 === 0 ? 'true' : `${next() < 0.5}`;
  }
}

const constant = (): string => {
  const p = Math.floor(next() * partitions);
  const x = next();
  if (x < 0.12) return pick(special);
  if (x < 0.2) return `${pick(['', '-'])}${2n ** 53n + BigInt(Math.floor(next() * 4))}`;
  if (x < 0.24) return 'NULL';
  if (x < 0.5) return fraction(p);
  return `${whole(p)}${pick(['', '', '::float8', '::numeric', '::int8', '.5::real'])}`;
};

function number(depth: number, of: readonly string[] = numbers): string {
  if (depth === 0 || next() < 0.5) return pick(of);
  const x = () => number(depth - 1, of);
  return pick([
    () => `abs(${x()})`,
    () => `-(${x()})`,
    () => `(${x()})::float8`,
    () => `(${x()})::numeric`,
    () => `(${x()})::real`,
    () => `(${x()} + ${whole(6)})`,
    () => `list_max(${pick(lists)})`,
    () => `list_min(${pick(lists)})`,
    () => `cardinality(${pick(lists)})`,
    () => `list_count(${element(1)})`,
    () => 'event_id',
  ])();
}

/** About the elements of a list, as `list_any` and its kin take it. */
const element = (depth: number): string => comparison(() => pick(lists), depth);

function comparison(operand: () => string, depth: number): string {
  const op = pick(['=', '<>', '<', '<=', '>', '>=']);
  const x = next();
  if (depth > 0 && x < 0.2) {
    const list = operand();
    const same = () => comparison(() => list, depth - 1);
    return `(${same()} ${pick(['AND', 'OR'])} ${same()})`;
  }
  if (x < 0.3) return `${operand()} BETWEEN ${constant()} AND ${constant()}`;
  if (x < 0.45) return `${constant()} ${op} ${operand()}`;
  return `${operand()} ${op} ${constant()}`;
}

function predicate(depth: number): string {
  if (depth > 0 && next() < 0.4)
    return pick([
      () => `NOT (${predicate(depth - 1)})`,
      () => `(${predicate(depth - 1)} AND ${predicate(depth - 1)})`,
      () => `(${predicate(depth - 1)} OR ${predicate(depth - 1)})`,
    ])();
  const op = pick(['=', '<>', '<', '<=', '>', '>=']);
  const letter = () => `'${String.fromCharCode(96 + Math.floor(next() * 15), 97 + Math.floor(next() * 26))}'`;
  return pick([
    () => comparison(() => number(1), 1),
    () => comparison(() => number(1), 1),
    () => comparison(() => number(2), 1),
    () => `${number(1)} ${op} ${number(1)}`,
    () => `${number(1)} IN (${constant()}, ${constant()}, ${constant()})`,
    () => `n ${pick(['', 'NOT '])}IN (${pick(['1e400', '-1e400', '1e-400', '1e30'])}, ${fraction(6)}, ${constant()})`,
    () => `b ${op} ${2n ** 53n + BigInt(Math.floor(next() * 14))}`,
    () => `${pick(['f', 'r', '-f', 'abs(r)'])} ${op} ${pick(special.slice(0, 3))}`,
    () => `${number(1)} NOT IN (${whole(4)}, ${whole(5)})`,
    () => `list_${pick(['any', 'all'])}(${element(1)})`,
    () => `${pick([...numbers, ...lists, 't', 'd'])} IS ${pick(['', 'NOT '])}NULL`,
    () => `${pick(numbers)} IS ${pick(['', 'NOT '])}DISTINCT FROM ${constant()}`,
    () => `t ${op} ${letter()}`,
    () => `${letter()} ${op} t`,
    () => `t IN (${letter()}, ${letter()})`,
    () => `t LIKE '${String.fromCharCode(97 + Math.floor(next() * partitions))}%'`,
    () => `d ${op} DATE '2020-01-01' + ${whole(5)}`,
    () => `d ${op} TIMESTAMP '2020-01-${10 + Math.floor(next() * 20)} 12:00'`,
    () => `ts ${op} TIMESTAMP '2020-01-02 00:00'`,
    () => `event_id ${op} ${Math.floor(next() * 8) - 1}`,
    () => `_file ${pick([op, 'LIKE', 'NOT LIKE'])} '${pick(files)}'`,
    () => 'o',
    () => `o IS ${pick(['', 'NOT '])}${pick(['TRUE', 'FALSE', 'UNKNOWN'])}`,
  ])();
}

let files: string[] = [];
let database: Database;
let session: Session;
beforeAll(async () => {
  database = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
  session = database.session();
  const columns = [...numbers, ...lists, 't', 'd', 'ts', 'o'];
  const types = [...Object.values(kindOf), 'int4[]', 'real[]', 'float8[]', 'text', 'date', 'timestamp', 'bool'];
  await ask('CREATE SCHEMA many');
  await ask(`CREATE TABLE many.t (${columns.map((c, i) => `${c} ${types[i]}`)})`);
  for (let p = 0; p < partitions; p++) {
    const rows = [0, 1, 2, 3, 4, 5].map(() => `(${columns.map((c) => value(c, p))})`);
    await ask(`INSERT INTO many.t VALUES ${rows}`);
  }
  files = (await ask('SELECT DISTINCT _file FROM many.t')).map((row) => String(row['_file']));
});
afterAll(async () => {
  await session.close();
  await database.close();
});

async function ask(text: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const batch of (await session.sql(text)).batches) for (const row of batch) rows.push(row.toJSON());
  return rows;
}

/** Rows, or the error's SQLSTATE. */
const answer = async (text: string, keep: (row: Record<string, unknown>) => boolean): Promise<string | string[]> => {
  try {
    return (await ask(text)).filter(keep).map((row) => `${row['_file']}:${row['event_id']}`);
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostic.condition !== 'internal_error') return 'refused';
    throw error;
  }
};

async function partitionsRead(predicate: string): Promise<number> {
  const plan = await ask(`EXPLAIN SELECT _file FROM many.t WHERE ${predicate}`);
  return Number(/partitions (\d+)\/12/.exec(JSON.stringify(plan))?.[1] ?? 0);
}

it('a filter finds what the predicate is true of', async () => {
  let read = 0;
  let found = 0;
  let refused = 0;
  for (let i = 0; i < predicates; i++) {
    const p = predicate(2);
    const every = await answer(`SELECT _file, event_id, (${p}) AS holds FROM many.t`, (row) => row['holds'] === true);
    // A partition that is pruned raises no error either.
    if (every === 'refused') {
      refused++;
      continue;
    }
    const filtered = await answer(`SELECT _file, event_id FROM many.t WHERE ${p}`, () => true);
    expect(filtered, p).toEqual(every);
    found += every.length;
    const limit = Math.floor(next() * 10);
    const few = await answer(`SELECT _file, event_id FROM many.t WHERE ${p} LIMIT ${limit}`, () => true);
    expect(few, `${p} LIMIT ${limit}`).toEqual(every.slice(0, limit));
    read += await partitionsRead(p);
  }
  // What is asked is worth asking: most predicates mean something, many prune, and rows are found.
  expect(refused).toBeLessThan(predicates / 5);
  expect(read / predicates).toBeLessThan(8);
  expect(found).toBeGreaterThan(predicates * 5);
});
