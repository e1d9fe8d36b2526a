// Comparison: one entry per operator, an overload per type, all resting on compareValues.
import { dimensionsOf } from '../array-type.js';
import { isOrderedOtherwise, type SqlType, types } from '../sql-type.js';
import type { List } from '../value/array.js';
import { compareArrays, compareValues } from '../value/compare.js';
import { chapter, type Draft, on } from './define.js';
import { comparablePair } from './duckdb/numeric-text.js';
import type { FunctionEntry, Polymorphic, Value } from './overload.js';

interface Comparison {
  readonly symbol: string;
  readonly suffix: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
  readonly holds: (order: number) => boolean;
  readonly description: string;
  readonly example: { readonly sql: string; readonly result: string };
}

const comparisons: readonly Comparison[] = [
  {
    symbol: '=',
    suffix: 'eq',
    holds: (o) => o === 0,
    description: 'Equal. NaN equals NaN.',
    example: { sql: '2 = 2.0', result: 'true' },
  },
  {
    symbol: '<>',
    suffix: 'ne',
    holds: (o) => o !== 0,
    description: 'Not equal; also written `!=`.',
    example: { sql: '1 <> 2', result: 'true' },
  },
  {
    symbol: '<',
    suffix: 'lt',
    holds: (o) => o < 0,
    description: 'Less than. NaN is greater than every number.',
    example: { sql: '2 < 3', result: 'true' },
  },
  {
    symbol: '<=',
    suffix: 'le',
    holds: (o) => o <= 0,
    description: 'Less than or equal.',
    example: { sql: '2 <= 3', result: 'true' },
  },
  {
    symbol: '>',
    suffix: 'gt',
    holds: (o) => o > 0,
    description: 'Greater than. NaN is greater than every number.',
    example: { sql: "'NaN'::float8 > 'Infinity'", result: 'true' },
  },
  {
    symbol: '>=',
    suffix: 'ge',
    holds: (o) => o >= 0,
    description: 'Greater than or equal.',
    example: { sql: '3 >= 2', result: 'true' },
  },
];

/** How PostgreSQL names the comparison functions of a type: `int4eq`, but `text_lt` beside `texteq`. */
interface Family {
  readonly type: SqlType;
  readonly name: (suffix: string) => string;
  readonly kernel: boolean;
  /** The type is compared after its trailing blanks are gone. */
  readonly padded?: boolean;
}

const plain = (prefix: string) => (suffix: string) => prefix + suffix;
const underscored = (prefix: string) => (suffix: string) => `${prefix}_${suffix}`;

const families: readonly Family[] = [
  { type: types.int2, name: plain('int2'), kernel: true },
  { type: types.int4, name: plain('int4'), kernel: true },
  { type: types.int8, name: plain('int8'), kernel: true },
  { type: types.float4, name: plain('float4'), kernel: true },
  { type: types.float8, name: plain('float8'), kernel: true },
  { type: types.numeric, name: underscored('numeric'), kernel: false },
  { type: types.bool, name: plain('bool'), kernel: true },
  {
    type: types.text,
    name: (s) => (s === 'eq' || s === 'ne' ? `text${s}` : `text_${s}`),
    kernel: true,
  },
  { type: types.char, name: plain('bpchar'), kernel: false, padded: true },
  { type: types.bytea, name: plain('bytea'), kernel: false },
  { type: types.date, name: underscored('date'), kernel: true },
  { type: types.time, name: underscored('time'), kernel: true },
  { type: types.timestamp, name: underscored('timestamp'), kernel: true },
  { type: types.timestamptz, name: underscored('timestamptz'), kernel: true },
  { type: types.interval, name: underscored('interval'), kernel: false },
  { type: types.uuid, name: underscored('uuid'), kernel: false },
  { type: types.bit, name: plain('bit'), kernel: false },
  { type: types.varbit, name: plain('varbit'), kernel: false },
  { type: types.timetz, name: plain('timetz_'), kernel: false },
  { type: types.jsonb, name: underscored('jsonb'), kernel: false },
  { type: { kind: 'struct', fields: [] }, name: underscored('record'), kernel: false },
];

const compared =
  (symbol: string): NonNullable<Draft['duckdb']> =>
  (args, { argTypes }) => {
    if (argTypes.some((type) => dimensionsOf(type) > 1)) return undefined;
    // The texts of jsonb and timetz are equal as they are, but have another order.
    if (/^[<>]=?$/.test(symbol) && argTypes.some(isOrderedOtherwise)) return undefined;
    const [a, b] = comparablePair(args, argTypes);
    return `(${a} ${symbol} ${b})`;
  };

function overloadsOf(comparison: Comparison): Draft[] {
  const { symbol, suffix, holds } = comparison;
  const fold = (args: readonly Value[], { argTypes }: { argTypes: readonly SqlType[] }) =>
    holds(compareValues(args[0]!, args[1]!, argTypes[0]!));
  const drafts = families.map(({ type, name, kernel, padded }) =>
    on([type, type], types.bool, {
      op: name(suffix),
      fold,
      ...(kernel && { kernel: suffix }),
      textNumerics: true,
      duckdb: padded ? `(rtrim($1, ' ') ${symbol} rtrim($2, ' '))` : compared(symbol),
    }),
  );
  return [
    ...drafts,
    on(['anyarray', 'anyarray'], types.bool, {
      op: `array_${suffix}`,
      fold: ([a, b], { argTypes: [typeA, typeB] }) => holds(compareArrays(a as List, b as List, typeA!, typeB!)),
      duckdb: compared(symbol),
    }),
  ];
}

const operator = chapter('comparison', 'operator');
const scalar = chapter('comparison', 'scalar');
const any: Polymorphic = 'anyelement';

function distinct(args: readonly Value[], type: SqlType): boolean {
  const [a, b] = args as [Value, Value];
  return a === null || b === null ? a !== b : compareValues(a, b, type) !== 0;
}

export const comparisonFunctions: readonly FunctionEntry[] = [
  ...comparisons.map((c) => operator(c.symbol, c.description, overloadsOf(c), { example: c.example })),
  scalar('is_distinct_from', 'Unequal, where two NULLs are equal: what `a IS DISTINCT FROM b` means.', [
    on([any, any], types.bool, {
      strict: false,
      fold: (args, { argTypes }) => distinct(args, argTypes[0]!),
      duckdb: compared('IS DISTINCT FROM'),
    }),
  ]),
  scalar('is_not_distinct_from', 'Equal, where two NULLs are equal: what `a IS NOT DISTINCT FROM b` means.', [
    on([any, any], types.bool, {
      strict: false,
      fold: (args, { argTypes }) => !distinct(args, argTypes[0]!),
      duckdb: compared('IS NOT DISTINCT FROM'),
    }),
  ]),
  scalar(
    'num_nulls',
    'How many of the arguments are NULL.',
    [
      on(['any'], types.int4, {
        strict: false,
        variadic: true,
        fold: (args) => args.filter((a) => a === null).length,
        duckdb: (args) => `CAST(${args.map((a) => `(${a} IS NULL)::INTEGER`).join(' + ')} AS INTEGER)`,
      }),
    ],
    { example: { sql: 'num_nulls(1, NULL, 2)', result: '1' } },
  ),
  scalar(
    'num_nonnulls',
    'How many of the arguments are not NULL.',
    [
      on(['any'], types.int4, {
        strict: false,
        variadic: true,
        fold: (args) => args.filter((a) => a !== null).length,
        duckdb: (args) => `CAST(${args.map((a) => `(${a} IS NOT NULL)::INTEGER`).join(' + ')} AS INTEGER)`,
      }),
    ],
    { example: { sql: 'num_nonnulls(1, NULL, 2)', result: '2' } },
  ),
];
