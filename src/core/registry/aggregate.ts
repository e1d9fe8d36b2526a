// Aggregates: accumulators that say what they mean, and their DuckDB renderings.
import { fail } from '../diagnostic.js';
import { isDecimal, isOid, listOf, type SqlType, types } from '../sql-type.js';
import { type List, stacked } from '../value/array.js';
import { scaleInterval, sumIntervals } from '../value/calendar.js';
import { compareValues } from '../value/compare.js';
import { ExactSum } from '../value/exact-sum.js';
import { int8 } from '../value/integer.js';
import { addNumeric, divideNumeric, toNumeric } from '../value/numeric.js';
import { decimalShape, numericType, totalType } from '../value/numeric-type.js';
import { chapter, type Draft, nativeCall, on } from './define.js';
import { bindNames } from './duckdb/bind-arguments.js';
import { decimalQuotient, textAverage, textSum } from './duckdb/decimal-quotient.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import { raise } from './duckdb/errors.js';
import { comparableSql } from './duckdb/numeric-text.js';
import type {
  Accumulator,
  FunctionEntry,
  IntervalValue,
  NumericValue,
  Overload,
  RenderContext,
  Value,
} from './overload.js';

const aggregate = chapter('aggregate', 'aggregate');

type Rendering = NonNullable<Overload['duckdb']>;

/** One native aggregate, its result put into the type that PostgreSQL gives. */
const native =
  (name: string): Rendering =>
  (args, context) =>
    nativeCall(context, name, args);
const nativeAs =
  (name: string): Rendering =>
  (args, context) =>
    `CAST(${nativeCall(context, name, args)} AS ${duckDbType(context.type)})`;

/** An accumulator from a state and what a row does to it. */
function reduce<S>(start: () => S, step: (state: S, args: readonly Value[]) => S, finish: (state: S) => Value) {
  return (): Accumulator => {
    let state = start();
    return {
      add(args) {
        state = step(state, args);
      },
      result: () => finish(state),
    };
  };
}

/** The first argument alone, from the first row on. */
function fold1<T extends Value>(combine: (a: T, b: T) => T) {
  return reduce<Value>(
    () => null,
    (state, [value]) => (state === null ? value! : combine(state as T, value as T)),
    (state) => state,
  );
}

const overflowError = raise('numeric_value_out_of_range', 'value out of range: overflow');

/** `fsum` carries its rounding error along; NaN and infinities go around it, and a finite sum may not become infinite. */
function floatSum(sql: string, type: 'FLOAT' | 'DOUBLE', context: RenderContext): string {
  const call = (name: string, arg: string) => nativeCall(context, name, [arg]);
  return bindNames(
    {
      s: call('fsum', `CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS DOUBLE) END`),
      x: call('sum', `CASE WHEN NOT isfinite(${sql}) THEN CAST(${sql} AS DOUBLE) END`),
    },
    (v) =>
      `CASE WHEN ${v.x} IS NOT NULL THEN CAST(${v.x} AS ${type}) WHEN NOT isfinite(${v.s}) THEN ${overflowError} ELSE CAST(${v.s} AS ${type}) END`,
  );
}

const floatSumAccumulator = (width: 4 | 8) =>
  reduce(
    () => new ExactSum(),
    (sum, [x]) => {
      sum.add(x as number);
      return sum;
    },
    (sum) => (sum.isEmpty ? null : sum.round(width)),
  );

const bigSum = (finish: (sum: bigint) => Value) =>
  reduce<bigint | null>(
    () => null,
    (sum, [x]) => (sum ?? 0n) + BigInt(x as number | bigint),
    (sum) => (sum === null ? null : finish(sum)),
  );

const sumOverloads: readonly Draft[] = [
  ...(['int2', 'int4'] as const).map((kind) =>
    on([types[kind]], types.int8, { kernel: 'sum', duckdb: nativeAs('sum'), accumulate: bigSum(int8) }),
  ),
  on([types.int8], numericType(38, 0), { kernel: 'sum', duckdb: nativeAs('sum'), accumulate: bigSum(toNumeric) }),
  on([types.float4], types.float4, {
    kernel: 'sum',
    duckdb: ([x], context) => floatSum(x!, 'FLOAT', context),
    accumulate: floatSumAccumulator(4),
  }),
  on([types.float8], types.float8, {
    kernel: 'sum',
    duckdb: ([x], context) => floatSum(x!, 'DOUBLE', context),
    accumulate: floatSumAccumulator(8),
  }),
  on([types.numeric], ([type]) => totalType(type!), {
    duckdb: nativeAs('sum'),
    lastResort: ([x], context) => textSum(x!, (name, args) => nativeCall(context, name, args)),
    accumulate: fold1<NumericValue>(addNumeric),
  }),
];

const average = () => {
  let count = 0;
  let sum: NumericValue = toNumeric(0);
  return {
    add: ([x]: readonly Value[]) => {
      count++;
      sum = addNumeric(sum, typeof x === 'object' ? (x as NumericValue) : toNumeric(x as number | bigint));
    },
    result: (): Value => (count === 0 ? null : divideNumeric(sum, toNumeric(count))),
  };
};

const quotientOfSums =
  (scale: (type: SqlType) => number): Rendering =>
  (args, context) =>
    bindNames({ s: nativeCall(context, 'sum', args), n: nativeCall(context, 'count', args) }, (v) => {
      const quotient = decimalQuotient({ sql: v.s, scale: scale(context.argTypes[0]!) }, { sql: v.n, scale: 0 });
      return `CASE WHEN ${v.n} = 0 THEN NULL ELSE ${quotient} END`;
    });

const averageOverloads: readonly Draft[] = [
  ...(['int2', 'int4', 'int8'] as const).map((kind) =>
    on([types[kind]], types.numeric, {
      kernel: 'avg',
      duckdb: quotientOfSums(() => 0),
      accumulate: average,
    }),
  ),
  ...(['float4', 'float8'] as const).map((kind) =>
    on([types[kind]], types.float8, {
      kernel: 'avg',
      duckdb: ([x], context) => `(${floatSum(x!, 'DOUBLE', context)} / ${nativeCall(context, 'count', [x!])})`,
      accumulate: () => {
        const sum = new ExactSum();
        let count = 0;
        return {
          add: ([x]) => {
            count++;
            sum.add(x as number);
          },
          result: () => (count === 0 ? null : sum.round() / count),
        };
      },
    }),
  ),
  on([types.numeric], types.numeric, {
    textNumerics: true,
    duckdb: (args, context) => {
      if (isDecimal(context.argTypes[0]!)) return quotientOfSums((type) => decimalShape(type).scale)(args, context);
      return context.lastResort ? textAverage(args[0]!, (name, of) => nativeCall(context, name, of)) : undefined;
    },
    accumulate: average,
  }),
];

const orderedTypes: readonly SqlType[] = [
  types.int2,
  types.int4,
  types.int8,
  types.float4,
  types.float8,
  types.text,
  types.char,
  types.date,
  types.time,
  types.timestamp,
  types.timestamptz,
];

function extremes(name: 'min' | 'max', sign: 1 | -1): Draft[] {
  const accumulate = ({ argTypes: [type] }: RenderContext) => {
    // Of equal values that differ (1.0 and 1.00) the last, as in PostgreSQL.
    const last = ['numeric', 'interval', 'char'].includes(type!.kind) ? 0 : -1;
    return fold1<Value>((a, b) => (sign * compareValues(b, a, type!) <= last ? b : a))();
  };
  return [
    // Of numbers of objects too, whatever they are numbers of.
    ...orderedTypes.map((type) =>
      on([type], type === types.int8 ? ([of]) => (isOid(of!) ? types.oid : type) : type, {
        kernel: name,
        duckdb: native(name),
        accumulate,
      }),
    ),
    on([types.numeric], (argTypes) => argTypes[0]!, {
      duckdb: native(name),
      lastResort: ([x], context) => nativeCall(context, `arg_${name}`, [x!, comparableSql(x!, types.numeric)]),
      accumulate,
    }),
    ...[types.interval, types.timetz].map((type) => on([type], type, { accumulate })),
    on(['anyarray'], 'anyarray', { duckdb: native(name), textNumerics: false, accumulate }),
  ];
}

const integers = ['int2', 'int4', 'int8'] as const;
const bitwise = (
  name: string,
  small: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): Draft[] =>
  integers.map((kind) =>
    on([types[kind]], types[kind], {
      duckdb: native(name),
      accumulate: fold1<Value>((a, b) =>
        typeof a === 'bigint' ? big(a, b as bigint) : small(a as number, b as number),
      ),
    }),
  );

const every: Draft = on([types.bool], types.bool, {
  kernel: 'bool_and',
  duckdb: native('bool_and'),
  accumulate: fold1<boolean>((a, b) => a && b),
});

const chosen =
  (sign: 1 | -1): NonNullable<Draft['accumulate']> =>
  ({ argTypes }) => {
    let best: Value = null;
    let result: Value = null;
    return {
      add: ([value, key]) => {
        if (key === null || (best !== null && sign * compareValues(key!, best, argTypes[1]!) >= 0)) return;
        best = key!;
        result = value!;
      },
      result: () => result,
    };
  };

const chosenSql =
  (name: string): Rendering =>
  ([value, key], context) =>
    nativeCall(context, name, [value!, comparableSql(key!, context.argTypes[1]!)]);

/** Counts per bin: below `lo`, n equal bins of [lo, hi), and from `hi` on (NaN too). */
const histogram: NonNullable<Draft['accumulate']> = () => {
  let counts: bigint[] | null = null;
  return {
    add: ([value, low, high, bins]) => {
      const n = bins as number;
      const [lo, hi] = [low as number, high as number];
      if (n < 1 || n > 1_000_000 || !(lo < hi) || !Number.isFinite(hi - lo))
        throw fail('invalid_parameter_value', 'hist needs at least one bin and finite bounds lo < hi');
      counts ??= new Array<bigint>(n + 2).fill(0n);
      const x = value as number;
      const bin = x < lo ? 0 : x < hi ? Math.min(n, Math.floor(((x - lo) / (hi - lo)) * n) + 1) : n + 1;
      counts[bin] = counts[bin]! + 1n;
    },
    result: () => counts && [...counts],
  };
};

const noBins = raise('invalid_parameter_value', 'hist needs at least one bin and finite bounds lo < hi');

/** DuckDB counts by bin number; the bins nobody fell into are put back. */
const histogramSql: Rendering = ([x, lo, hi, bins], context) => {
  const bin = `CASE WHEN ${x} IS NULL OR ${lo} IS NULL OR ${hi} IS NULL OR ${bins} IS NULL THEN NULL WHEN NOT (${bins} BETWEEN 1 AND 1000000 AND ${lo} < ${hi} AND isfinite(${hi} - ${lo})) THEN ${noBins} WHEN ${x} < ${lo} THEN 0 WHEN ${x} < ${hi} THEN least(${bins}, CAST(floor((${x} - ${lo}) / (${hi} - ${lo}) * ${bins}) AS INTEGER) + 1) ELSE ${bins} + 1 END`;
  const fields = { h: nativeCall(context, 'histogram', [bin]), n: nativeCall(context, 'max', [bins!]) };
  return bindNames(
    fields,
    ({ h, n }) =>
      `CASE WHEN ${h} IS NOT NULL THEN list_transform(range(0, ${n} + 2), lambda _b: CAST(coalesce(${h}[CAST(_b AS INTEGER)], 0) AS BIGINT)) END`,
  );
};

const collect = (): Accumulator => {
  let list: Value[] | null = null;
  return {
    add([value]) {
      list ??= [];
      list.push(value!);
    },
    result: () => list && [...list],
  };
};

/** Arrays as the rows of one. */
const stack = ({ argTypes: [type] }: RenderContext): Accumulator => {
  const rows: List[] = [];
  return {
    add([value]) {
      if (value === null) throw fail('null_value_not_allowed', 'cannot accumulate null arrays');
      const row = value as List;
      if (row.length === 0) throw fail('array_subscript_error', 'cannot accumulate empty arrays');
      rows.push(row);
    },
    result: () =>
      rows.length === 0 ? null : stacked(rows, type!, 'cannot accumulate arrays of different dimensionality'),
  };
};

const sumOfIntervals: Draft = on([types.interval], types.interval, { accumulate: fold1<IntervalValue>(sumIntervals) });
const averageOfIntervals: Draft = on([types.interval], types.interval, {
  accumulate: () => {
    let count = 0;
    let sum: IntervalValue = { months: 0, days: 0, micros: 0n };
    return {
      add: ([x]) => {
        count++;
        sum = sumIntervals(sum, x as IntervalValue);
      },
      result: () => (count === 0 ? null : scaleInterval(sum, 1 / count)),
    };
  },
});

export const aggregateFunctions: readonly FunctionEntry[] = [
  aggregate('count', 'Number of rows, or of rows where the argument is not NULL.', [
    on([], types.int8, {
      op: 'count(*)',
      strict: false,
      kernel: 'count_star',
      duckdb: (_, context) => (context.call ? context.call('count', ['*']) : 'count(*)'),
      accumulate: reduce(
        () => 0n,
        (n) => n + 1n,
        (n) => n,
      ),
    }),
    on(['any'], types.int8, {
      kernel: 'count',
      duckdb: native('count'),
      accumulate: reduce(
        () => 0n,
        (n) => n + 1n,
        (n) => n,
      ),
    }),
  ]),
  aggregate('sum', 'Sum; NULL of no rows. Float sums are exact until one last rounding, whatever the order of rows.', [
    ...sumOverloads,
    sumOfIntervals,
  ]),
  aggregate('avg', 'Average; NULL of no rows.', [...averageOverloads, averageOfIntervals]),
  aggregate('min', 'Least value.', extremes('min', 1)),
  aggregate('max', 'Greatest value; NaN is above all.', extremes('max', -1)),
  aggregate('bool_and', 'Whether all values are true.', [every]),
  aggregate('every', 'Whether all values are true.', [{ ...every, op: 'every' }]),
  aggregate('bool_or', 'Whether any value is true.', [
    on([types.bool], types.bool, {
      kernel: 'bool_or',
      duckdb: native('bool_or'),
      accumulate: fold1<boolean>((a, b) => a || b),
    }),
  ]),
  aggregate(
    'bit_and',
    'Bitwise AND of all values.',
    bitwise(
      'bit_and',
      (a, b) => a & b,
      (a, b) => a & b,
    ),
  ),
  aggregate(
    'bit_or',
    'Bitwise OR of all values.',
    bitwise(
      'bit_or',
      (a, b) => a | b,
      (a, b) => a | b,
    ),
  ),
  aggregate(
    'bit_xor',
    'Bitwise exclusive OR of all values.',
    bitwise(
      'bit_xor',
      (a, b) => a ^ b,
      (a, b) => a ^ b,
    ),
  ),
  aggregate(
    'list',
    'All values, NULLs and lists of any length too, as a list; NULL of no rows.',
    [
      on(['anyelement'], (argTypes) => listOf(argTypes[0]!), {
        strict: false,
        duckdb: native('array_agg'),
        accumulate: collect,
      }),
    ],
    { showsOrder: true },
  ),
  aggregate(
    'array_agg',
    'All values, NULLs too, as an array; of arrays of one length, one of a dimension more; NULL of no rows.',
    [
      on(['anynonarray'], (argTypes) => listOf(argTypes[0]!), {
        strict: false,
        duckdb: native('array_agg'),
        accumulate: collect,
      }),
      on(['anyarray'], ([type]) => ({ kind: 'list', element: type!, rectangular: true }), {
        op: 'array_agg(anyarray)',
        strict: false,
        accumulate: stack,
      }),
    ],
    { showsOrder: true },
  ),
  aggregate(
    'string_agg',
    'All values that are not NULL, with a separator between.',
    [
      on([types.text, types.text], types.text, {
        strict: false,
        // DuckDB takes a literal separator only.
        duckdb: (args, context) =>
          /^(?:CAST\()?'(?:[^']|'')*'/.test(args[1]!) ? nativeCall(context, 'string_agg', args) : undefined,
        accumulate: reduce<string | null>(
          () => null,
          (text, [v, separator]) => (v === null ? text : text === null ? (v as string) : text + (separator ?? '') + v),
          (text) => text,
        ),
      }),
    ],
    { showsOrder: true },
  ),
  aggregate('arg_min', 'The first argument in the row where the second is least.', [
    on(['any', 'any'], (argTypes) => argTypes[0]!, {
      op: 'arg_min',
      strict: false,
      duckdb: chosenSql('arg_min_null'),
      accumulate: chosen(1),
    }),
  ]),
  aggregate('arg_max', 'The first argument in the row where the second is greatest.', [
    on(['any', 'any'], (argTypes) => argTypes[0]!, {
      op: 'arg_max',
      strict: false,
      duckdb: chosenSql('arg_max_null'),
      accumulate: chosen(-1),
    }),
  ]),
  aggregate('any_value', 'A value that is not NULL: the first.', [
    on(['anyelement'], 'anyelement', { duckdb: native('any_value'), accumulate: fold1<Value>((a) => a) }),
  ]),
  aggregate(
    'hist',
    'Histogram of n equal bins over [lo, hi): n + 2 counts, the first of values below lo, the last of values from hi on (NaN too); NULL of no values. The bounds and n are constants.',
    [
      on([types.float8, types.float8, types.float8, types.int4], listOf(types.int8), {
        kernel: 'hist',
        duckdb: histogramSql,
        accumulate: histogram,
      }),
    ],
  ),
];
