// Window functions proper; every aggregate is one too.
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { chapter, type Draft, nativeCall, on } from './define.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import type { FunctionEntry, Value, WindowRows } from './overload.js';

const window = chapter('window', 'window');

const native =
  (name: string): NonNullable<Draft['duckdb']> =>
  (args, context) =>
    nativeCall(context, name, args);

type Over = NonNullable<Draft['over']>;

const ranking = (
  name: string,
  type: typeof types.int8 | typeof types.float8,
  description: string,
  over: Over,
): FunctionEntry => window(name, description, [on([], type, { strict: false, duckdb: native(name), over })]);

/** The value `step` rows on, times the second argument. */
const neighbour = (name: 'lag' | 'lead', step: 1 | -1, description: string): FunctionEntry => {
  const over: Over = (rows) => (row) => {
    const distance = rows.arg(row, 1) as number | null;
    if (distance === null) return null;
    const at = row + step * distance;
    return at >= 0 && at < rows.size ? rows.arg(at, 0) : rows.arg(row, 2);
  };
  const next: Over = (rows) => (row) => {
    const at = row + step;
    return at >= 0 && at < rows.size ? rows.arg(at, 0) : null;
  };
  const distant: Over = (rows) => over({ ...rows, arg: (row, i) => (i === 2 ? null : rows.arg(row, i)) });
  const duckdb = native(name);
  return window(name, description, [
    on(['anyelement'], 'anyelement', { strict: false, duckdb, over: next }),
    on(['anyelement', types.int4], 'anyelement', { strict: false, duckdb, over: distant }),
    on(['anycompatible', types.int4, 'anycompatible'], 'anycompatible', { strict: false, duckdb, over }),
  ]);
};

/** The row at a place of the frame, from 0; `undefined` beyond its end. */
function rowAt(rows: WindowRows, row: number, place: number): number | undefined {
  let left = place;
  for (const [start, end] of rows.frame(row)) {
    if (left < end - start) return start + left;
    left -= end - start;
  }
  return undefined;
}

const valueAt = (rows: WindowRows, at: number | undefined): Value => (at === undefined ? null : rows.arg(at, 0));

/** The first argument that counts is that of the partition's first row. */
const buckets: Over = (rows) => {
  const n = rows.arg(0, 0) as number | null;
  if (n !== null && n <= 0)
    throw fail('invalid_argument_for_ntile_function', 'argument of ntile must be greater than zero');
  return (row) => {
    if (n === null) return null;
    const least = Math.floor(rows.size / n);
    const larger = rows.size % n;
    const inLarger = larger * (least + 1);
    return row < inLarger ? Math.floor(row / (least + 1)) + 1 : larger + Math.floor((row - inLarger) / least) + 1;
  };
};

const nth: Over = (rows) => (row) => {
  const n = rows.arg(row, 1) as number | null;
  if (n === null) return null;
  if (n <= 0) throw fail('invalid_argument_for_nth_value_function', 'argument of nth_value must be greater than zero');
  return valueAt(rows, rowAt(rows, row, n - 1));
};

export const windowFunctions: readonly FunctionEntry[] = [
  ranking('row_number', types.int8, 'Number of the row in its partition, from 1.', () => (row) => BigInt(row + 1)),
  ranking(
    'rank',
    types.int8,
    'Rank with gaps: the number of the first of its peers.',
    (rows) => (row) => BigInt(rows.peers(row).start + 1),
  ),
  ranking(
    'dense_rank',
    types.int8,
    'Rank without gaps: counts groups of peers.',
    (rows) => (row) => BigInt(rows.peers(row).group + 1),
  ),
  ranking(
    'percent_rank',
    types.float8,
    '(rank - 1) / (rows of the partition - 1).',
    (rows) => (row) => (rows.size > 1 ? rows.peers(row).start / (rows.size - 1) : 0),
  ),
  ranking(
    'cume_dist',
    types.float8,
    'Rows up to and with the peers of this one, over rows of the partition.',
    (rows) => (row) => rows.peers(row).end / rows.size,
  ),
  window('ntile', 'Number of the bucket, from 1, of so many as equal as can be.', [
    on([types.int4], types.int4, {
      strict: false,
      // DuckDB has no error of PostgreSQL's for what is not a constant.
      duckdb: (args, context) =>
        /^(?:CAST\()?'?[1-9]\d*'?/.test(args[0]!)
          ? `CAST(${nativeCall(context, 'ntile', args)} AS ${duckDbType(context.type)})`
          : undefined,
      over: buckets,
    }),
  ]),
  neighbour(
    'lag',
    -1,
    'The value so many rows before (1 by default) in the partition; NULL, or the third argument, where there is none.',
  ),
  neighbour(
    'lead',
    1,
    'The value so many rows after (1 by default) in the partition; NULL, or the third argument, where there is none.',
  ),
  window('first_value', 'The value in the first row of the frame.', [
    on(['anyelement'], 'anyelement', {
      strict: false,
      duckdb: native('first_value'),
      over: (rows) => (row) => valueAt(rows, rows.frame(row)[0]?.[0]),
    }),
  ]),
  window('last_value', 'The value in the last row of the frame.', [
    on(['anyelement'], 'anyelement', {
      strict: false,
      duckdb: native('last_value'),
      over: (rows) => (row) => {
        const last = rows.frame(row).at(-1);
        return valueAt(rows, last && last[1] - 1);
      },
    }),
  ]),
  window('nth_value', 'The value in the n-th row of the frame, from 1; NULL where there is none.', [
    on(['anyelement', types.int4], 'anyelement', {
      strict: false,
      duckdb: (args, context) =>
        /^(?:CAST\()?'?[1-9]\d*'?/.test(args[1]!) ? nativeCall(context, 'nth_value', args) : undefined,
      over: nth,
    }),
  ]),
];
