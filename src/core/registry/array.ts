// Arrays: PostgreSQL's operators and functions, over arrays of one or more dimensions.
import { arrayOf, baseOf, dimensionsOf } from '../array-type.js';
import { fail } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import { flattened, type List, lengthsOf, mapElements, printDimensions, stacked } from '../value/array.js';
import { compareNullsLast } from '../value/compare.js';
import { printValue } from '../value/print.js';
import { chapter, type Draft, on, template, values } from './define.js';
import type { FunctionEntry, Overload, RenderContext, Value } from './overload.js';

const scalar = chapter('array', 'scalar');
const operator = chapter('array', 'operator');
const { int4, text, bool } = types;
const ints = listOf(int4);

type Fold = NonNullable<Overload['fold']>;

/** For arrays of one dimension: those of several are the evaluator's. */
const flatOnly = (sql: string): NonNullable<Overload['duckdb']> => {
  const render = template(sql);
  return (args, { argTypes }) => (argTypes.some((type) => dimensionsOf(type) > 1) ? undefined : render(args));
};

/** A fold that looks at an array as its elements in one row. */
const elements =
  (fold: (list: List, args: readonly Value[], base: SqlType) => Value): Fold =>
  (args, { argTypes }) =>
    fold(flattened(args[0] as List, argTypes[0]!), args, baseOf(argTypes[0]!));

const lengths =
  (of: (lengths: readonly number[], args: readonly Value[]) => Value): Fold =>
  (args, { argTypes }) =>
    of(lengthsOf(args[0] as List, argTypes[0]!), args);

const along = (lengths: readonly number[], dimension: Value): number | null =>
  lengths[(dimension as number) - 1] ?? null;

const oneDimension = ([type]: readonly SqlType[], doing: string): void => {
  if (dimensionsOf(type!) > 1) throw fail('feature_not_supported', `${doing} multidimensional arrays is not supported`);
};

const places = (list: List, element: Value, base: SqlType, start = 1): number[] =>
  list.flatMap((e, i) => (i + 1 >= start && compareNullsLast(e, element, base) === 0 ? [i + 1] : []));

/** PostgreSQL's @>: NULL elements are in nothing. */
function containsAll(whole: List, part: List, base: SqlType): boolean {
  return part.every((p) => p !== null && whole.some((w) => w !== null && compareNullsLast(w, p, base) === 0));
}

const both =
  (test: (a: List, b: List, base: SqlType) => boolean): Fold =>
  ([a, b], { argTypes }) =>
    test(flattened(a as List, argTypes[0]!), flattened(b as List, argTypes[1]!), baseOf(argTypes[0]!));

const appended = (list: Value, type: SqlType): List => {
  if (dimensionsOf(type) > 1) throw fail('data_exception', 'argument must be empty or one-dimensional array');
  return (list ?? []) as List;
};

export const arrayAppend: Draft = on(['anycompatiblearray', 'anycompatible'], 'anycompatiblearray', {
  op: 'array_append',
  strict: false,
  duckdb: flatOnly('list_append($1, $2)'),
  fold: ([list, element], { argTypes }) => [...appended(list!, argTypes[0]!), element!],
});
const prepend: Draft = on(['anycompatible', 'anycompatiblearray'], 'anycompatiblearray', {
  op: 'array_prepend',
  strict: false,
  duckdb: flatOnly('list_prepend($1, $2)'),
  fold: ([element, list], { argTypes }) => [element!, ...appended(list!, argTypes[1]!)],
});

/** Arrays of the same dimensions one after the other; one of a dimension less is a row of the other. */
function concatenated([a, b]: readonly Value[], { argTypes }: RenderContext): Value {
  if (a === null) return b!;
  if (b === null) return a!;
  const [x, y] = [a as List, b as List];
  const [typeA, typeB] = [argTypes[0]!, argTypes[1]!];
  const [lengthsA, lengthsB] = [lengthsOf(x, typeA), lengthsOf(y, typeB)];
  if (lengthsA.length === 0) return y;
  if (lengthsB.length === 0) return x;
  const alike = (inner: readonly number[], row: readonly number[]) => {
    if (inner.join() !== row.join()) throw fail('array_subscript_error', 'cannot concatenate incompatible arrays');
  };
  const more = lengthsA.length - lengthsB.length;
  if (more === 0) {
    alike(lengthsA.slice(1), lengthsB.slice(1));
    return [...x, ...y];
  }
  if (more === 1) {
    alike(lengthsA.slice(1), lengthsB);
    return [...x, y];
  }
  if (more !== -1) throw fail('array_subscript_error', 'cannot concatenate incompatible arrays');
  alike(lengthsB.slice(1), lengthsA);
  return [x, ...y];
}

export const arrayConcat: Draft = on(
  ['anycompatiblearray', 'anycompatiblearray'],
  ([a, b]) => (dimensionsOf(b!) > dimensionsOf(a!) ? b! : a!),
  {
    op: 'array_cat',
    strict: false,
    duckdb: flatOnly('(CASE WHEN $1 IS NULL THEN $2 WHEN $2 IS NULL THEN $1 ELSE list_concat($1, $2) END)'),
    fold: concatenated,
  },
);
const again = (draft: Draft, name: string): Draft => ({ ...draft, op: name });

const position =
  (from: (args: readonly Value[]) => number): Fold =>
  (args, { argTypes }) => {
    const [list, element] = args;
    if (list === null) return null;
    oneDimension(argTypes, 'searching for elements in');
    return places(list as List, element!, argTypes[1]!, from(args))[0] ?? null;
  };

function startOf([, , start]: readonly Value[]): number {
  if (start === null) throw fail('null_value_not_allowed', 'initial position must not be null');
  return start as number;
}

/** DuckDB's own takes a constant separator only. */
const joinTexts = template(
  "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN len(list_filter($1, lambda _e: _e IS NOT NULL)) = 0 THEN '' ELSE list_reduce(list_filter($1, lambda _e: _e IS NOT NULL), lambda _a, _b: _a || $2 || _b) END",
);

function joined(list: List, base: SqlType, separator: Value, forNull: Value): string {
  return list
    .flatMap((v) => (v === null ? (forNull === null ? [] : [forNull as string]) : [printValue(v, base)]))
    .join(separator as string);
}

/** As many as PostgreSQL lets an array have take more memory than an engine has here. */
const mostElements = 1 << 24;

function filled([value, dimensions, bounds]: readonly Value[], { type }: RenderContext): Value {
  const [lengths, lows] = [dimensions as List | null, bounds as List | null | undefined];
  if (lengths === null || lows === null)
    throw fail('null_value_not_allowed', 'dimension array or low bound array cannot be null');
  if (lengths.includes(null) || lows?.includes(null))
    throw fail('null_value_not_allowed', 'dimension values cannot be null');
  if (lows && lows.length !== lengths.length)
    throw fail('array_subscript_error', 'wrong number of array subscripts', {
      detail: 'Low bound array has different size than dimensions array.',
    });
  if (lows?.some((low) => low !== 1))
    throw fail('feature_not_supported', 'arrays begin at 1 here: other lower bounds are not supported');
  if (lengths.length > 0 && lengths.length !== dimensionsOf(type))
    throw fail('feature_not_supported', 'the number of dimensions of array_fill has to be a constant', {
      hint: 'Write them as ARRAY[n, m].',
    });
  const count = (lengths as readonly number[]).reduce((n, length) => n * length, 1);
  if ((lengths as readonly number[]).some((length) => length < 0) || count > mostElements)
    throw fail('program_limit_exceeded', `array size exceeds the maximum allowed (${mostElements})`);
  if (count === 0 || lengths.length === 0) return [];
  const of = (at: number): Value =>
    Array.from({ length: lengths[at] as number }, () => (at === lengths.length - 1 ? value! : of(at + 1)));
  return of(0);
}

const filledType: Extract<Overload['returns'], (...args: never[]) => unknown> = ([value], constants) => {
  const lengths = constants?.[1];
  return arrayOf(value!, Array.isArray(lengths) && lengths.length > 0 ? lengths.length : 1);
};

/** `x[a:b][c:d]`: bounds in pairs, one per dimension; those left out are whole. */
function sliced(list: List, type: SqlType, bounds: readonly number[]): List {
  const dimensions = dimensionsOf(type);
  if (bounds.length > 2 * dimensions) return [];
  const cut = (part: List, level: number): List => {
    const [from, to] = [bounds[2 * level], bounds[2 * level + 1]];
    const kept = from === undefined ? part : part.slice(Math.max(from, 1) - 1, Math.max(to!, 0));
    return level + 1 < dimensions ? kept.map((row) => cut(row as List, level + 1)) : kept;
  };
  const result = cut(list, 0);
  return lengthsOf(result, type).includes(0) || flattened(result, type).length === 0 ? [] : result;
}

export const arrayFunctions: readonly FunctionEntry[] = [
  operator(
    '@>',
    'Whether the first array has every element of the second.',
    [on(['anyarray', 'anyarray'], bool, { op: 'arraycontains', fold: both((a, b, base) => containsAll(a, b, base)) })],
    { example: { sql: 'ARRAY[1, 4, 3] @> ARRAY[3, 1, 3]', result: 'true' } },
  ),
  operator('<@', 'Whether every element of the first array is in the second.', [
    on(['anyarray', 'anyarray'], bool, { op: 'arraycontained', fold: both((a, b, base) => containsAll(b, a, base)) }),
  ]),
  operator('&&', 'Whether the arrays have an element in common.', [
    on(['anyarray', 'anyarray'], bool, {
      op: 'arrayoverlap',
      fold: both((a, b, base) => b.some((e) => containsAll(a, [e], base))),
    }),
  ]),
  operator('||', 'Concatenation of arrays, and of an array with an element.', [
    again(arrayConcat, '||array_cat'),
    again(arrayAppend, '||array_append'),
    again(prepend, '||array_prepend'),
  ]),
  scalar('array_append', 'The array with one more element at its end.', [arrayAppend], {
    example: { sql: 'array_append(ARRAY[1, 2], 3)', result: '{1,2,3}' },
  }),
  scalar('array_prepend', 'The array with one more element at its start.', [prepend], {
    example: { sql: 'array_prepend(1, ARRAY[2, 3])', result: '{1,2,3}' },
  }),
  scalar('array_cat', 'One array after the other; a NULL array counts as none.', [arrayConcat], {
    example: { sql: 'array_cat(ARRAY[1], ARRAY[2])', result: '{1,2}' },
  }),
  scalar('array_ndims', 'The number of dimensions; NULL of an empty array.', [
    on(['anyarray'], int4, { fold: lengths((of) => of.length || null) }),
  ]),
  scalar(
    'array_dims',
    'The bounds of the dimensions as text; NULL of an empty array.',
    [on(['anyarray'], text, { fold: ([list], { argTypes }) => printDimensions(list as List, argTypes[0]!) })],
    { example: { sql: 'array_dims(ARRAY[[1, 2, 3], [4, 5, 6]])', result: '[1:2][1:3]' } },
  ),
  scalar(
    'array_length',
    'The number of elements along a dimension; NULL where there is no such dimension, as of an empty array.',
    [
      on(['anyarray', int4], int4, {
        duckdb: flatOnly('(CASE WHEN $2 = 1 AND len($1) > 0 THEN CAST(len($1) AS INTEGER) END)'),
        fold: lengths((of, [, dimension]) => along(of, dimension!)),
      }),
    ],
    { example: { sql: 'array_length(ARRAY[1, 2], 1)', result: '2' } },
  ),
  scalar('array_lower', 'The first position along a dimension, 1; NULL where there is no such dimension.', [
    on(['anyarray', int4], int4, { fold: lengths((of, [, dimension]) => (along(of, dimension!) === null ? null : 1)) }),
  ]),
  scalar('array_upper', 'The last position along a dimension; NULL where there is no such dimension.', [
    on(['anyarray', int4], int4, { fold: lengths((of, [, dimension]) => along(of, dimension!)) }),
  ]),
  scalar(
    'cardinality',
    'The number of elements of all dimensions, NULL or not.',
    [
      on(['anyarray'], int4, {
        op: 'cardinality',
        kernel: 'list_len',
        duckdb: flatOnly('CAST(len($1) AS INTEGER)'),
        fold: elements((list) => list.length),
      }),
    ],
    { example: { sql: 'cardinality(ARRAY[1, NULL])', result: '2' } },
  ),
  scalar(
    'array_position',
    'The position, from 1 or from the third argument on, of the first element not distinct from the value; NULL where there is none.',
    [
      on(['anycompatiblearray', 'anycompatible'], int4, {
        strict: false,
        textNumerics: false,
        duckdb: flatOnly('list_position($1, $2)'),
        fold: position(() => 1),
      }),
      on(['anycompatiblearray', 'anycompatible', int4], int4, { strict: false, fold: position(startOf) }),
    ],
    { example: { sql: "array_position(ARRAY['a', 'b'], 'b')", result: '2' } },
  ),
  scalar('array_positions', 'All positions of the elements not distinct from the value.', [
    on(['anycompatiblearray', 'anycompatible'], ints, {
      strict: false,
      fold: ([list, element], { argTypes }) => {
        if (list === null) return null;
        oneDimension(argTypes, 'searching for elements in');
        return places(list as List, element!, argTypes[1]!);
      },
    }),
  ]),
  scalar('array_remove', 'The array without the elements not distinct from the value.', [
    on(['anycompatiblearray', 'anycompatible'], 'anycompatiblearray', {
      strict: false,
      fold: ([list, element], { argTypes }) => {
        if (list === null) return null;
        oneDimension(argTypes, 'removing elements from');
        return (list as List).filter((e) => compareNullsLast(e, element!, argTypes[1]!) !== 0);
      },
    }),
  ]),
  scalar('array_replace', 'The array with one value in place of another.', [
    on(['anycompatiblearray', 'anycompatible', 'anycompatible'], 'anycompatiblearray', {
      strict: false,
      fold: ([list, from, to], { argTypes }) =>
        list === null
          ? null
          : mapElements(list as List, argTypes[0]!, (e) => (compareNullsLast(e, from!, argTypes[1]!) === 0 ? to! : e)),
    }),
  ]),
  scalar(
    'array_fill',
    'An array of copies of a value, its lengths given per dimension; the third argument holds lower bounds, which have to be 1.',
    [
      on(['anyelement', ints], filledType, { strict: false, fold: filled }),
      on(['anyelement', ints, ints], filledType, { strict: false, fold: filled }),
    ],
    { example: { sql: 'array_fill(7, ARRAY[3])', result: '{7,7,7}' } },
  ),
  scalar('trim_array', 'The array without its last n elements.', [
    on(['anyarray', int4], 'anyarray', {
      fold: values((list: List, n: number) => {
        if (n < 0 || n > list.length)
          throw fail('array_subscript_error', `number of elements to trim must be between 0 and ${list.length}`);
        return list.slice(0, list.length - n);
      }),
    }),
  ]),
  scalar(
    'array_to_string',
    'The elements as text, with a separator between; NULLs left out, or as the third argument.',
    [
      on(['anyarray', text], text, {
        volatility: 'stable',
        // Elements of other types would be written in DuckDB's way.
        duckdb: (args, { argTypes: [list] }) =>
          dimensionsOf(list!) === 1 && baseOf(list!).kind === 'text' ? joinTexts(args) : undefined,
        fold: elements((list, [, separator], base) => joined(list, base, separator!, null)),
      }),
      on(['anyarray', text, text], text, {
        strict: false,
        volatility: 'stable',
        fold: (args, context) =>
          args[0] === null || args[1] === null
            ? null
            : elements((list, [, separator, forNull], base) => joined(list, base, separator!, forNull!))(args, context),
      }),
    ],
    { example: { sql: "array_to_string(ARRAY[1, NULL, 3], ',')", result: '1,3' } },
  ),
  scalar(
    'array_subscript',
    'What `x[i]` means: the element at a position from 1; NULL outside the array.',
    [
      on(['anyarray', int4], 'anyelement', {
        kernel: 'subscript',
        duckdb: '$1[nullif(greatest($2, 0), 0)]',
        fold: values((list: List, i: number) => list[i - 1] ?? null),
      }),
    ],
    { example: { sql: '(ARRAY[5, 6])[2]', result: '6' } },
  ),
  scalar(
    'array_slice',
    'What `x[a:b]` means: the elements at positions a to b, as far as there are any; with further bounds, of further dimensions.',
    [
      on(['anyarray', int4, int4], 'anyarray', {
        duckdb: flatOnly(
          '(CASE WHEN $2 IS NULL OR $3 IS NULL THEN NULL ELSE list_slice($1, greatest($2, 1), greatest($3, 0)) END)',
        ),
        fold: ([list, ...bounds], { argTypes }) => sliced(list as List, argTypes[0]!, bounds as number[]),
      }),
      on(['anyarray', int4, int4, int4, int4], 'anyarray', {
        op: 'array_slice(several dimensions)',
        variadic: true,
        fold: ([list, ...bounds], { argTypes }) => sliced(list as List, argTypes[0]!, bounds as number[]),
      }),
    ],
    { example: { sql: '(ARRAY[5, 6, 7])[2:3]', result: '{6,7}' } },
  ),
  scalar('array_elements', 'The elements of an array of several dimensions, row by row, as one of one dimension.', [
    on(['anyarray'], ([type]) => listOf(baseOf(type!)), { fold: elements((list) => list) }),
  ]),
  scalar(
    'array_of_arrays',
    'What `ARRAY[x, y]` of arrays means: an array with them for its rows, of the same lengths.',
    [
      on(
        ['anyarray'],
        ([type]) => ({ kind: 'list', element: (type as { element: SqlType }).element, rectangular: true }),
        {
          fold: ([rows], { type }) =>
            stacked(
              rows as List,
              (type as { element: SqlType }).element,
              'multidimensional arrays must have array expressions with matching dimensions',
            ),
        },
      ),
    ],
  ),
];
