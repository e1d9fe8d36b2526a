// Functions that give rows. `duckdb` renders the list of them, `fold` gives it.
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { chapter, on, values } from './define.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, Value } from './overload.js';
import { splitText } from './string-functions.js';

const table = chapter('set-returning', 'table');

function series<T extends number | bigint>(start: T, stop: T, step: T): Value {
  if (BigInt(step) === 0n) throw fail('invalid_parameter_value', 'step size cannot equal zero');
  const rows: T[] = [];
  for (let x = start; step > 0 ? x <= stop : x >= stop; x = ((x as number) + (step as number)) as T) rows.push(x);
  return rows;
}

const zeroStep = raise('invalid_parameter_value', 'step size cannot equal zero');

export const tableFunctions: readonly FunctionEntry[] = [
  table(
    'unnest',
    'One row per element of a list.',
    [on(['anyarray'], 'anyelement', { duckdb: '$1', fold: values((list: Value) => list) })],
    {
      example: { sql: 'unnest(ARRAY[1, 2])', result: '1, 2' },
    },
  ),
  table(
    'generate_series',
    'The values from a start to a stop, both included, by a step of 1 or as given.',
    (['int4', 'int8'] as const).flatMap((kind) => {
      const cast = (sql: string) => `CAST(${sql} AS ${kind === 'int4' ? 'INTEGER' : 'BIGINT'}[])`;
      const one = kind === 'int4' ? 1 : 1n;
      return [
        on([types[kind], types[kind]], types[kind], {
          duckdb: cast('generate_series(CAST($1 AS BIGINT), CAST($2 AS BIGINT))'),
          fold: values((a: number, b: number) => series(a, b, one as number)),
        }),
        on([types[kind], types[kind], types[kind]], types[kind], {
          duckdb: `(CASE WHEN $3 = 0 THEN ${zeroStep} ELSE ${cast('generate_series(CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT))')} END)`,
          fold: values((a: number, b: number, step: number) => series(a, b, step)),
        }),
      ];
    }),
    { example: { sql: 'generate_series(1, 3)', result: '1, 2, 3' } },
  ),
  table('generate_subscripts', 'The positions of a list, 1 to its length.', [
    on(['anyarray', types.int4], types.int4, {
      duckdb: '(CASE WHEN $2 = 1 THEN CAST(generate_series(1, len($1)) AS INTEGER[]) ELSE CAST([] AS INTEGER[]) END)',
      fold: values((list: readonly Value[], dimension: number) => (dimension === 1 ? list.map((_, i) => i + 1) : [])),
    }),
  ]),
  table('string_to_table', 'One row per part between separators; those equal to the third argument are NULL.', [
    on([types.text, types.text], types.text, {
      duckdb: "(CASE WHEN $1 = '' THEN CAST([] AS VARCHAR[]) WHEN $2 = '' THEN [$1] ELSE string_split($1, $2) END)",
      fold: values((s: string, separator: string) => (s === '' ? [] : separator === '' ? [s] : s.split(separator))),
    }),
    on([types.text, types.text, types.text], types.text, {
      strict: false,
      fold: ([s, separator, nullText]) => (s === null ? [] : splitText(s as string, separator!, nullText!)),
    }),
  ]),
];
