// Lists: the reductions that physics asks with, and what else DuckDB has for lists.
import { listOf, type SqlType, types } from '../sql-type.js';
import { compareNullsLast, compareValues } from '../value/compare.js';
import { exactSum } from '../value/exact-sum.js';
import { overflow } from '../value/float.js';
import { int8 } from '../value/integer.js';
import { addNumeric, divideNumeric, toNumeric } from '../value/numeric.js';
import { numericType, totalType } from '../value/numeric-type.js';
import { arrayAppend, arrayConcat } from './array.js';
import { chapter, type Draft, on, values } from './define.js';
import { bindNames } from './duckdb/bind-arguments.js';
import { decimalQuotient } from './duckdb/decimal-quotient.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, NumericValue, RenderContext, Value } from './overload.js';

const scalar = chapter('list', 'scalar');

type List = readonly Value[];
const elementOf = (type: SqlType | undefined): SqlType => (type?.kind === 'list' ? type.element : types.unknown);
const present = (list: List) => list.filter((v) => v !== null);
const reduction = { reducesLists: true, lambdas: [1] } as const;
const bools = listOf(types.bool);

/** Position, from 1, of the first element that is no worse than any other; NULL for none. */
function extreme(list: List, type: SqlType, sign: 1 | -1): number | null {
  let best: number | null = null;
  for (const [i, v] of list.entries())
    if (v !== null && (best === null || sign * compareValues(v, list[best - 1]!, type) < 0)) best = i + 1;
  return best;
}

const extremeOverloads = (sign: 1 | -1, kernel: string, duckdb: string): Draft[] => [
  on(['anyarray'], 'anyelement', {
    textNumerics: false,
    kernel,
    duckdb,
    fold: ([list], { argTypes }) => {
      const at = extreme(list as List, elementOf(argTypes[0]), sign);
      return at === null ? null : (list as List)[at - 1]!;
    },
  }),
];

const positionOverloads = (sign: 1 | -1, kernel: string, of: string): Draft[] => [
  on(['anyarray'], types.int4, {
    kernel,
    textNumerics: false,
    duckdb: `(CASE WHEN ${of}($1) IS NOT NULL THEN list_position($1, ${of}($1)) END)`,
    fold: ([list], { argTypes }) => extreme(list as List, elementOf(argTypes[0]), sign),
  }),
];

const numbers = (list: List) => present(list) as number[];
const overflowError = raise('numeric_value_out_of_range', 'value out of range: overflow');

/** `fsum` carries its rounding error along; NaN and infinities go around it, and a finite sum may not become infinite. */
const floatListSum =
  (type: 'FLOAT' | 'DOUBLE') =>
  ([list]: readonly string[]): string =>
    bindNames({ x: `CAST(${list} AS DOUBLE[])` }, ({ x }) =>
      bindNames(
        {
          s: `list_aggregate(list_filter(${x}, lambda _e: isfinite(_e)), 'fsum')`,
          y: `list_sum(list_filter(${x}, lambda _e: NOT isfinite(_e)))`,
        },
        (v) =>
          `CASE WHEN ${v.y} IS NOT NULL THEN CAST(${v.y} AS ${type}) WHEN NOT isfinite(${v.s}) THEN ${overflowError} ELSE CAST(${v.s} AS ${type}) END`,
      ),
    );

const integerSum = (kind: 'int2' | 'int4'): Draft =>
  on([listOf(types[kind])], types.int8, {
    kernel: 'list_sum',
    duckdb: 'CAST(list_sum($1) AS BIGINT)',
    fold: values((list: List) =>
      present(list).length ? int8(numbers(list).reduce((s, v) => s + BigInt(v), 0n)) : null,
    ),
  });

const sumOverloads: readonly Draft[] = [
  integerSum('int2'),
  integerSum('int4'),
  on([listOf(types.int8)], numericType(38, 0), {
    duckdb: 'CAST(list_sum($1) AS DECIMAL(38,0))',
    fold: values((list: List) =>
      present(list).length ? toNumeric((present(list) as bigint[]).reduce((s, v) => s + v, 0n)) : null,
    ),
  }),
  on([listOf(types.float4)], types.float4, {
    kernel: 'list_sum',
    duckdb: floatListSum('FLOAT'),
    fold: values((list: List) => (numbers(list).length ? exactSum(numbers(list), 4) : null)),
  }),
  on([listOf(types.float8)], types.float8, {
    kernel: 'list_sum',
    duckdb: floatListSum('DOUBLE'),
    fold: values((list: List) => (numbers(list).length ? exactSum(numbers(list)) : null)),
  }),
  on([listOf(types.numeric)], (argTypes) => totalType(elementOf(argTypes[0])), {
    duckdb: (args, { type }) => `CAST(list_sum(${args[0]}) AS ${duckDbType(type)})`,
    fold: values((list: List) =>
      present(list).length ? (present(list) as NumericValue[]).reduce((a, b) => addNumeric(a, b)) : null,
    ),
  }),
];

const integerAverage = (kind: 'int2' | 'int4' | 'int8'): Draft =>
  on([listOf(types[kind])], types.numeric, {
    duckdb: ([list]) =>
      bindNames(
        { s: `list_sum(${list})`, n: `list_count(${list})` },
        (v) =>
          `CASE WHEN ${v.n} = 0 THEN NULL ELSE ${decimalQuotient({ sql: v.s, scale: 0 }, { sql: v.n, scale: 0 })} END`,
      ),
    fold: values((list: List) => {
      const some = present(list) as (number | bigint)[];
      if (some.length === 0) return null;
      return divideNumeric(toNumeric(some.reduce((s: bigint, v) => s + BigInt(v), 0n)), toNumeric(some.length));
    }),
  });

const averageOverloads: readonly Draft[] = [
  integerAverage('int2'),
  integerAverage('int4'),
  integerAverage('int8'),
  ...(['float4', 'float8'] as const).map((kind) =>
    on([listOf(types[kind])], types.float8, {
      kernel: 'list_avg',
      duckdb: ([list]: readonly string[]) =>
        bindNames({ x: list! }, ({ x }) => `(${floatListSum('DOUBLE')([x])} / nullif(list_count(${x}), 0))`),
      fold: values((list: List) => (numbers(list).length ? exactSum(numbers(list)) / numbers(list).length : null)),
    }),
  ),
  on([listOf(types.numeric)], types.numeric, {
    fold: values((list: List) => {
      const some = present(list) as NumericValue[];
      return some.length === 0
        ? null
        : divideNumeric(
            some.reduce((a, b) => addNumeric(a, b)),
            toNumeric(some.length),
          );
    }),
  }),
];

const product = (list: List): Value => {
  const some = numbers(list).map(Number);
  if (some.length === 0) return null;
  const result = some.reduce((a, b) => a * b, 1);
  return Math.abs(result) === Infinity && some.every(Number.isFinite) ? overflow() : result;
};

const distinct = ([list]: List, { argTypes }: RenderContext): Value => {
  const type = elementOf(argTypes[0]);
  const kept: Value[] = [];
  for (const v of list as List) if (v !== null && !kept.some((k) => compareValues(k, v, type) === 0)) kept.push(v);
  return kept;
};

const position = (list: List, element: Value, type: SqlType, start: number): number | null => {
  for (let i = start - 1; i < list.length; i++) if (compareNullsLast(list[i]!, element, type) === 0) return i + 1;
  return null;
};

export const listFunctions: readonly FunctionEntry[] = [
  scalar(
    'list_any',
    'Whether any element is true: false for an empty list, NULL when none is true but some are NULL.',
    [
      on([bools], types.bool, {
        kernel: 'list_any',
        duckdb:
          '(CASE WHEN $1 IS NULL THEN NULL WHEN list_contains($1, true) THEN true WHEN list_count($1) < len($1) THEN NULL ELSE false END)',
        fold: values((list: List) => (list.includes(true) ? true : list.includes(null) ? null : false)),
      }),
    ],
    { ...reduction, example: { sql: 'list_any(ARRAY[10, 30] > 20)', result: 'true' } },
  ),
  scalar(
    'list_all',
    'Whether all elements are true: true for an empty list, NULL when none is false but some are NULL.',
    [
      on([bools], types.bool, {
        kernel: 'list_all',
        duckdb:
          '(CASE WHEN $1 IS NULL THEN NULL WHEN list_contains($1, false) THEN false WHEN list_count($1) < len($1) THEN NULL ELSE true END)',
        fold: values((list: List) => (list.includes(false) ? false : list.includes(null) ? null : true)),
      }),
    ],
    { ...reduction, example: { sql: 'list_all(ARRAY[10, 30] > 20)', result: 'false' } },
  ),
  scalar(
    'list_count',
    'How many elements are true; of a list that is not boolean, how many are not NULL.',
    [
      on([bools], types.int8, {
        kernel: 'list_count',
        duckdb: 'len(list_filter($1, lambda _e: _e))',
        fold: values((list: List) => BigInt(list.filter((v) => v === true).length)),
      }),
      on(['anyarray'], types.int8, {
        kernel: 'list_count',
        duckdb: 'CAST(list_count($1) AS BIGINT)',
        fold: values((list: List) => BigInt(present(list).length)),
      }),
    ],
    { ...reduction, example: { sql: 'list_count(ARRAY[10, 30, 40] > 20)', result: '2' } },
  ),
  scalar(
    'list_sum',
    'Sum of the elements that are not NULL; NULL when there are none. Float sums are exact until one last rounding.',
    sumOverloads,
    {
      ...reduction,
      example: { sql: 'list_sum(ARRAY[1, 2, 3])', result: '6' },
    },
  ),
  scalar('list_avg', 'Average of the elements that are not NULL; NULL when there are none.', averageOverloads, {
    ...reduction,
    example: { sql: 'list_avg(ARRAY[1, 2])', result: '1.5000000000000000' },
  }),
  scalar(
    'list_min',
    'Least element that is not NULL; NULL when there are none.',
    extremeOverloads(1, 'list_min', 'list_min($1)'),
    {
      ...reduction,
      example: { sql: 'list_min(ARRAY[3, 1, 2])', result: '1' },
    },
  ),
  scalar(
    'list_max',
    'Greatest element that is not NULL, NaN above all; NULL when there are none.',
    extremeOverloads(-1, 'list_max', 'list_max($1)'),
    { ...reduction, example: { sql: 'list_max(ARRAY[3, 1, 2])', result: '3' } },
  ),
  scalar(
    'list_product',
    'Product of the elements that are not NULL, as double precision; NULL when there are none.',
    [
      on([listOf(types.float8)], types.float8, {
        kernel: 'list_product',
        duckdb: ([list]) =>
          bindNames(
            { x: list! },
            ({ x }) =>
              `CASE WHEN isinf(list_product(${x})) AND len(list_filter(${x}, lambda _e: NOT isfinite(_e))) = 0 THEN ${overflowError} ELSE list_product(${x}) END`,
          ),
        fold: values(product),
      }),
    ],
    { ...reduction, example: { sql: 'list_product(ARRAY[2, 3])', result: '6' } },
  ),
  scalar(
    'list_argmin',
    'Position, from 1, of the first least element; NULL when there is none.',
    positionOverloads(1, 'list_argmin', 'list_min'),
    { ...reduction, example: { sql: 'list_argmin(ARRAY[3, 1, 2])', result: '2' } },
  ),
  scalar(
    'list_argmax',
    'Position, from 1, of the first greatest element; NULL when there is none.',
    positionOverloads(-1, 'list_argmax', 'list_max'),
    { ...reduction, example: { sql: 'list_argmax(ARRAY[3, 1, 2])', result: '1' } },
  ),
  scalar('list_first', 'First element, NULL or not; NULL of an empty list.', [
    on(['anyarray'], 'anyelement', { duckdb: '$1[1]', fold: values((list: List) => list[0] ?? null) }),
  ]),
  scalar('list_last', 'Last element, NULL or not; NULL of an empty list.', [
    on(['anyarray'], 'anyelement', { duckdb: '$1[-1]', fold: values((list: List) => list.at(-1) ?? null) }),
  ]),
  scalar(
    'list_transform',
    'The list of what the lambda makes of each element.',
    [on(['anyarray', 'any'], 'anyarray')],
    { lambdas: [1], example: { sql: 'list_transform(ARRAY[1, 2], lambda x: x + 1)', result: '{2,3}' } },
  ),
  scalar('list_filter', 'The elements for which the lambda is true.', [on(['anyarray', 'any'], 'anyarray')], {
    lambdas: [1],
    example: { sql: 'list_filter(ARRAY[1, 2, 3], lambda x: x > 1)', result: '{2,3}' },
  }),
  scalar(
    'list_sort',
    'The elements in ascending order, NULLs last.',
    [
      on(['anyarray'], 'anyarray', {
        textNumerics: false,
        duckdb: "list_sort($1, 'ASC', 'NULLS LAST')",
        fold: ([list], { argTypes }) =>
          [...(list as List)].sort((a, b) => compareNullsLast(a, b, elementOf(argTypes[0]))),
      }),
    ],
    { example: { sql: 'list_sort(ARRAY[3, NULL, 1])', result: '{1,3,NULL}' } },
  ),
  scalar(
    'list_reverse_sort',
    'The elements in descending order, NULLs first.',
    [
      on(['anyarray'], 'anyarray', {
        textNumerics: false,
        duckdb: "list_sort($1, 'DESC', 'NULLS FIRST')",
        fold: ([list], { argTypes }) =>
          [...(list as List)].sort((a, b) => compareNullsLast(b, a, elementOf(argTypes[0]))),
      }),
    ],
    { example: { sql: 'list_reverse_sort(ARRAY[3, NULL, 1])', result: '{NULL,3,1}' } },
  ),
  scalar('list_reverse', 'The elements in reverse order.', [
    on(['anyarray'], 'anyarray', { duckdb: 'list_reverse($1)', fold: values((list: List) => [...list].reverse()) }),
  ]),
  scalar(
    'list_distinct',
    'The different elements that are not NULL, in the order of their first occurrence.',
    [
      on(['anyarray'], 'anyarray', {
        textNumerics: false,
        duckdb:
          '(CASE WHEN $1 IS NULL THEN NULL ELSE list_filter($1, lambda _e, _i: _e IS NOT NULL AND list_position($1, _e) = _i) END)',
        fold: distinct,
      }),
    ],
    { example: { sql: 'list_distinct(ARRAY[2, 1, 2])', result: '{2,1}' } },
  ),
  scalar(
    'list_contains',
    'Whether an element equals the value.',
    [
      on(['anyarray', 'anyelement'], types.bool, {
        textNumerics: false,
        duckdb: '(CASE WHEN $2 IS NULL THEN NULL ELSE list_contains($1, $2) END)',
        fold: ([list, element], { argTypes }) => position(list as List, element!, elementOf(argTypes[0]), 1) !== null,
      }),
    ],
    { example: { sql: 'list_contains(ARRAY[1, 2], 2)', result: 'true' } },
  ),
  scalar('list_append', 'The list with one more element at its end.', [{ ...arrayAppend, op: 'list_append' }]),
  scalar('list_concat', 'One list after the other; a NULL list counts as none.', [
    { ...arrayConcat, op: 'list_concat' },
  ]),
  scalar('len', 'Number of elements of a list, NULL or not.', [
    on(['anyarray'], types.int4, {
      kernel: 'list_len',
      duckdb: 'CAST(len($1) AS INTEGER)',
      fold: values((list: List) => list.length),
    }),
  ]),
];
