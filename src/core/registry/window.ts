// Window functions proper; every aggregate is one too.
import { types } from '../sql-type.js';
import { chapter, type Draft, nativeCall, on } from './define.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import type { FunctionEntry } from './overload.js';

const window = chapter('window', 'window');

const native =
  (name: string): NonNullable<Draft['duckdb']> =>
  (args, context) =>
    nativeCall(context, name, args);
const cast =
  (name: string): NonNullable<Draft['duckdb']> =>
  (args, context) =>
    `CAST(${nativeCall(context, name, args)} AS ${duckDbType(context.type)})`;

const ranking = (name: string, type: typeof types.int8 | typeof types.float8, description: string): FunctionEntry =>
  window(name, description, [on([], type, { strict: false, duckdb: native(name) })]);

const neighbour = (name: 'lag' | 'lead', description: string): FunctionEntry =>
  window(name, description, [
    on(['anyelement'], 'anyelement', { strict: false, duckdb: native(name) }),
    on(['anyelement', types.int4], 'anyelement', { strict: false, duckdb: native(name) }),
    on(['anycompatible', types.int4, 'anycompatible'], 'anycompatible', { strict: false, duckdb: native(name) }),
  ]);

export const windowFunctions: readonly FunctionEntry[] = [
  ranking('row_number', types.int8, 'Number of the row in its partition, from 1.'),
  ranking('rank', types.int8, 'Rank with gaps: the number of the first of its peers.'),
  ranking('dense_rank', types.int8, 'Rank without gaps: counts groups of peers.'),
  ranking('percent_rank', types.float8, '(rank - 1) / (rows of the partition - 1).'),
  ranking('cume_dist', types.float8, 'Rows up to and with the peers of this one, over rows of the partition.'),
  window('ntile', 'Number of the bucket, from 1, of so many as equal as can be.', [
    on([types.int4], types.int4, { strict: false, duckdb: cast('ntile') }),
  ]),
  neighbour(
    'lag',
    'The value so many rows before (1 by default) in the partition; NULL, or the third argument, where there is none.',
  ),
  neighbour(
    'lead',
    'The value so many rows after (1 by default) in the partition; NULL, or the third argument, where there is none.',
  ),
  window('first_value', 'The value in the first row of the frame.', [
    on(['anyelement'], 'anyelement', { strict: false, duckdb: native('first_value') }),
  ]),
  window('last_value', 'The value in the last row of the frame.', [
    on(['anyelement'], 'anyelement', { strict: false, duckdb: native('last_value') }),
  ]),
  window('nth_value', 'The value in the n-th row of the frame, from 1; NULL where there is none.', [
    on(['anyelement', types.int4], 'anyelement', { strict: false, duckdb: native('nth_value') }),
  ]),
];
