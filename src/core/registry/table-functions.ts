// Functions that give rows. `duckdb` renders the list of them, `fold` gives it.
import { dimensionsOf } from '../array-type.js';
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { flattened, lengthsOf } from '../value/array.js';
import { chapter, on, rowsOf, values } from './define.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, RenderContext, Value } from './overload.js';
import { splitText } from './string-functions.js';

const table = chapter('set-returning', 'table');

function series<T extends number | bigint>(start: T, stop: T, step: T): Value {
  if (BigInt(step) === 0n) throw fail('invalid_parameter_value', 'step size cannot equal zero');
  const rows: T[] = [];
  for (let x = start; step > 0 ? x <= stop : x >= stop; x = ((x as number) + (step as number)) as T) rows.push(x);
  return rows;
}

function positions([list, dimension, reverse]: readonly Value[], { argTypes }: RenderContext): Value {
  const length = lengthsOf(list as readonly Value[], argTypes[0]!)[(dimension as number) - 1] ?? 0;
  return Array.from({ length }, (_, i) => (reverse ? length - i : i + 1));
}

const zeroStep = raise('invalid_parameter_value', 'step size cannot equal zero');

export const tableFunctions: readonly FunctionEntry[] = [
  table(
    'unnest',
    'One row per element of a list.',
    [
      on(['anyarray'], 'anyelement', {
        // Row by row, whatever the dimensions.
        duckdb: ([list], { argTypes: [type] }) =>
          'flatten('.repeat(dimensionsOf(type!) - 1) + list + ')'.repeat(dimensionsOf(type!) - 1),
        fold: ([list], { argTypes }) => flattened(list as readonly Value[], argTypes[0]!),
      }),
    ],
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
  table(
    'generate_subscripts',
    'The positions along a dimension, 1 to its length; with true as third argument, backwards.',
    [
      on(['anyarray', types.int4], types.int4, {
        duckdb: ([list, dimension], { argTypes }) =>
          dimensionsOf(argTypes[0]!) > 1
            ? undefined
            : `(CASE WHEN ${dimension} = 1 THEN CAST(generate_series(1, len(${list})) AS INTEGER[]) ELSE CAST([] AS INTEGER[]) END)`,
        fold: positions,
      }),
      on(['anyarray', types.int4, types.bool], types.int4, { fold: positions }),
    ],
  ),
  table('string_to_table', 'One row per part between separators; those equal to the third argument are NULL.', [
    on([types.text, types.text], types.text, {
      strict: false,
      ...rowsOf('string_to_table', (s: string | null, separator: Value) => splitText(s, separator, null)),
    }),
    on([types.text, types.text, types.text], types.text, {
      strict: false,
      ...rowsOf('string_to_table', splitText),
    }),
  ]),
];
