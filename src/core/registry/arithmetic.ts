// Arithmetic operators: +, -, *, /, %, ^, roots, absolute value and bits, on every number type.
import { isDecimal, type SqlType, types } from '../sql-type.js';
import { float4, float8 } from '../value/float.js';
import { divisionByZero, int2, int4, int8 } from '../value/integer.js';
import {
  absNumeric,
  addNumeric,
  divideNumeric,
  modNumeric,
  multiplyNumeric,
  negateNumeric,
  subtractNumeric,
} from '../value/numeric.js';
import { productType, sumType } from '../value/numeric-type.js';
import { chapter, type Draft, on, template, values } from './define.js';
import { decimalQuotient, quotientFits, textArithmetic } from './duckdb/decimal-quotient.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, NumericValue, RenderContext } from './overload.js';

const operator = chapter('arithmetic', 'operator');

type Fold2<T> = (a: T, b: T) => T;
type Integer = 'int2' | 'int4' | 'int8';
const integerKinds: readonly Integer[] = ['int2', 'int4', 'int8'];

/** Overflow is DuckDB's error too; see duckdb/errors.ts. */
function onIntegers(
  suffix: string,
  small: Fold2<number>,
  big: Fold2<bigint>,
  rest: Pick<Draft, 'kernel' | 'duckdb'>,
): Draft[] {
  const folds = {
    int2: values((a: number, b: number) => int2(small(a, b))),
    int4: values((a: number, b: number) => int4(small(a, b))),
    int8: values((a: bigint, b: bigint) => int8(big(a, b))),
  };
  return integerKinds.map((kind) =>
    on([types[kind], types[kind]], types[kind], { op: `${kind}${suffix}`, fold: folds[kind], ...rest }),
  );
}

const overflowError = raise('numeric_value_out_of_range', 'value out of range: overflow');
const underflowError = raise('numeric_value_out_of_range', 'value out of range: underflow');
const zeroError = raise('division_by_zero', 'division by zero');

/** DuckDB's floats go to infinity and to zero silently, PostgreSQL's do not. */
const checkedSum = (symbol: string) =>
  template(
    `(CASE WHEN isinf($1 ${symbol} $2) AND NOT isinf($1) AND NOT isinf($2) THEN ${overflowError} ELSE $1 ${symbol} $2 END)`,
  );
const checkedProduct = template(
  `(CASE WHEN isinf($1 * $2) AND NOT isinf($1) AND NOT isinf($2) THEN ${overflowError}` +
    ` WHEN $1 * $2 = 0 AND $1 <> 0 AND $2 <> 0 THEN ${underflowError} ELSE $1 * $2 END)`,
);
const checkedQuotient = template(
  `(CASE WHEN $2 = 0 AND NOT isnan($1) THEN ${zeroError}` +
    ` WHEN isinf($1 / $2) AND NOT isinf($1) THEN ${overflowError}` +
    ` WHEN $1 / $2 = 0 AND $1 <> 0 AND NOT isinf($2) THEN ${underflowError} ELSE $1 / $2 END)`,
);

function onFloats(
  suffix: string,
  operation: 'add' | 'subtract' | 'multiply' | 'divide',
  rest: Pick<Draft, 'kernel' | 'duckdb'>,
): Draft[] {
  return [
    on([types.float4, types.float4], types.float4, { op: `float4${suffix}`, fold: values(float4[operation]), ...rest }),
    on([types.float8, types.float8], types.float8, { op: `float8${suffix}`, fold: values(float8[operation]), ...rest }),
  ];
}

/** Both sides at the result's decimal, so that DuckDB's own widening rules have no say. */
const decimalSum =
  (symbol: string) =>
  ([a, b]: readonly string[], { type }: RenderContext): string => {
    const decimal = duckDbType(type);
    return `CAST(CAST(${a} AS ${decimal}) ${symbol} CAST(${b} AS ${decimal}) AS ${decimal})`;
  };

const decimalProduct = ([a, b]: readonly string[], { type }: RenderContext): string =>
  `CAST(${a} * ${b} AS ${duckDbType(type)})`;

const two = (f: (a: SqlType, b: SqlType) => SqlType) => (argTypes: readonly SqlType[]) => f(argTypes[0]!, argTypes[1]!);
const numericPair = [types.numeric, types.numeric];
const same = (argTypes: readonly SqlType[]) => argTypes[0]!;

const bits = (suffix: string, small: Fold2<number>, big: Fold2<bigint>, kernel: string, duckdb: string): Draft[] =>
  onIntegers(suffix, small, big, { kernel, duckdb });

function unary<A>(
  kind: Integer | 'float4' | 'float8',
  op: string,
  fold: (a: A) => A & (number | bigint),
  rest: Pick<Draft, 'kernel' | 'duckdb'>,
): Draft {
  return on([types[kind]], types[kind], { op, fold: values(fold), ...rest });
}

const identity = { kernel: 'id', duckdb: '$1' };
const negated = { kernel: 'neg', duckdb: '(-$1)' };
const absolute = { kernel: 'abs', duckdb: 'abs($1)' };

/** -0 for the negation of a float, never for that of an integer. */
const negateSmall = (a: number) => (a === 0 ? 0 : -a);

export const absOverloads: readonly Draft[] = [
  unary('int2', 'int2abs', (a: number) => int2(Math.abs(a)), absolute),
  unary('int4', 'int4abs', (a: number) => int4(Math.abs(a)), absolute),
  unary('int8', 'int8abs', (a: bigint) => int8(a < 0n ? -a : a), absolute),
  unary('float4', 'float4abs', (a: number) => Math.abs(a), absolute),
  unary('float8', 'float8abs', (a: number) => Math.abs(a), absolute),
  on([types.numeric], same, { op: 'numeric_abs', fold: values(absNumeric), duckdb: 'abs($1)' }),
];

/** The result of `%` can be no larger than either side. */
export const modOverloads: readonly Draft[] = [
  ...onIntegers(
    'mod',
    (a, b) => (b === 0 ? divisionByZero() : (a % b) + 0),
    (a, b) => (b === 0n ? divisionByZero() : a % b),
    {
      kernel: 'mod',
      duckdb: `(CASE WHEN $2 = 0 AND $1 IS NOT NULL THEN ${zeroError} WHEN $2 = -1 AND $1 IS NOT NULL THEN 0 ELSE $1 % $2 END)`,
    },
  ),
  on(
    numericPair,
    two((a, b) => sumType(a, b, 0)),
    {
      op: 'numeric_mod',
      fold: values(modNumeric),
      duckdb: ([a, b], { type }) => {
        const decimal = duckDbType(type);
        return `CASE WHEN ${b} = 0 AND ${a} IS NOT NULL THEN ${zeroError} ELSE CAST(CAST(${a} AS ${decimal}) % CAST(${b} AS ${decimal}) AS ${decimal}) END`;
      },
    },
  ),
];

/** The count is taken modulo the width, as the processor does. */
const shifts = (
  name: string,
  small: (a: number, n: number) => number,
  big: (a: bigint, n: bigint) => bigint,
): Draft[] => [
  on([types.int2, types.int4], types.int2, {
    op: `int2${name}`,
    fold: values((a: number, n: number) => (small(a, n & 31) << 16) >> 16),
  }),
  on([types.int4, types.int4], types.int4, {
    op: `int4${name}`,
    fold: values((a: number, n: number) => small(a, n & 31)),
  }),
  on([types.int8, types.int4], types.int8, {
    op: `int8${name}`,
    fold: values((a: bigint, n: number) => BigInt.asIntN(64, big(a, BigInt(n & 63)))),
  }),
];

export const arithmeticOperators: readonly FunctionEntry[] = [
  operator(
    '<<',
    'Bits moved to the left.',
    shifts(
      'shl',
      (a, n) => a << n,
      (a, n) => a << n,
    ),
  ),
  operator(
    '>>',
    'Bits moved to the right, the sign kept.',
    shifts(
      'shr',
      (a, n) => a >> n,
      (a, n) => a >> n,
    ),
  ),
  operator(
    '+',
    'Addition.',
    [
      ...onIntegers(
        'pl',
        (a, b) => a + b,
        (a, b) => a + b,
        { kernel: 'add', duckdb: '($1 + $2)' },
      ),
      ...onFloats('pl', 'add', { kernel: 'add', duckdb: checkedSum('+') }),
      on(numericPair, two(sumType), {
        op: 'numeric_add',
        fold: values(addNumeric),
        duckdb: decimalSum('+'),
        lastResort: textArithmetic('+'),
      }),
    ],
    { example: { sql: '2 + 3', result: '5' } },
  ),
  operator(
    '-',
    'Subtraction.',
    [
      ...onIntegers(
        'mi',
        (a, b) => a - b,
        (a, b) => a - b,
        { kernel: 'sub', duckdb: '($1 - $2)' },
      ),
      ...onFloats('mi', 'subtract', { kernel: 'sub', duckdb: checkedSum('-') }),
      on(numericPair, two(sumType), {
        op: 'numeric_sub',
        fold: values(subtractNumeric),
        duckdb: decimalSum('-'),
        lastResort: textArithmetic('-'),
      }),
    ],
    { example: { sql: '2 - 3', result: '-1' } },
  ),
  operator(
    '*',
    'Multiplication.',
    [
      ...onIntegers(
        'mul',
        (a, b) => a * b + 0,
        (a, b) => a * b,
        { kernel: 'mul', duckdb: '($1 * $2)' },
      ),
      ...onFloats('mul', 'multiply', { kernel: 'mul', duckdb: checkedProduct }),
      on(numericPair, two(productType), {
        op: 'numeric_mul',
        fold: values(multiplyNumeric),
        duckdb: decimalProduct,
        lastResort: textArithmetic('*'),
      }),
    ],
    { example: { sql: '2 * 3', result: '6' } },
  ),
  operator(
    '/',
    'Division. Of integers it truncates toward zero; by zero is an error for every type.',
    [
      ...onIntegers(
        'div',
        (a, b) => (b === 0 ? divisionByZero() : Math.trunc(a / b) + 0),
        (a, b) => (b === 0n ? divisionByZero() : a / b),
        { kernel: 'div', duckdb: `(CASE WHEN $2 = 0 AND $1 IS NOT NULL THEN ${zeroError} ELSE $1 // $2 END)` },
      ),
      ...onFloats('div', 'divide', { kernel: 'div', duckdb: checkedQuotient }),
      on(numericPair, types.numeric, {
        op: 'numeric_div',
        fold: values(divideNumeric),
        textNumerics: true,
        duckdb: (args, context) => {
          const [x, y] = context.argTypes;
          if (isDecimal(x!) && isDecimal(y!) && quotientFits(x, y))
            return decimalQuotient({ sql: args[0]!, scale: x.scale ?? 0 }, { sql: args[1]!, scale: y.scale ?? 0 });
          return context.lastResort ? textArithmetic('/')(args, context) : undefined;
        },
      }),
    ],
    { example: { sql: '-7 / 2', result: '-3' } },
  ),
  operator('%', 'Remainder of a division, with the sign of the dividend.', modOverloads, {
    example: { sql: '-7 % 3', result: '-1' },
  }),
  operator('+', 'The value itself.', [
    ...integerKinds.map((kind) => unary(kind, `${kind}up`, (a: number) => a, identity)),
    unary('float4', 'float4up', (a: number) => a, identity),
    unary('float8', 'float8up', (a: number) => a, identity),
    on([types.numeric], same, { op: 'numeric_uplus', fold: values((a: NumericValue) => a), duckdb: '$1' }),
  ]),
  operator(
    '-',
    'Negation.',
    [
      unary('int2', 'int2um', (a: number) => int2(negateSmall(a)), negated),
      unary('int4', 'int4um', (a: number) => int4(negateSmall(a)), negated),
      unary('int8', 'int8um', (a: bigint) => int8(-a), negated),
      unary('float4', 'float4um', (a: number) => -a, negated),
      unary('float8', 'float8um', (a: number) => -a, negated),
      on([types.numeric], same, { op: 'numeric_uminus', fold: values(negateNumeric), duckdb: '(-$1)' }),
    ],
    { example: { sql: '- (2 + 3)', result: '-5' } },
  ),
  operator(
    '@',
    'Absolute value.',
    absOverloads.map((d) => ({ ...d, op: `@${d.op}` })),
    {
      example: { sql: '@ -5.0', result: '5.0' },
    },
  ),
  operator(
    '&',
    'Bitwise AND.',
    bits(
      'and',
      (a, b) => a & b,
      (a, b) => a & b,
      'bit_and',
      '($1 & $2)',
    ),
    {
      example: { sql: '91 & 15', result: '11' },
    },
  ),
  operator(
    '|',
    'Bitwise OR.',
    bits(
      'or',
      (a, b) => a | b,
      (a, b) => a | b,
      'bit_or',
      '($1 | $2)',
    ),
    {
      example: { sql: '32 | 3', result: '35' },
    },
  ),
  operator(
    '#',
    'Bitwise exclusive OR.',
    bits(
      'xor',
      (a, b) => a ^ b,
      (a, b) => a ^ b,
      'bit_xor',
      'xor($1, $2)',
    ),
    {
      example: { sql: '17 # 5', result: '20' },
    },
  ),
  operator(
    '~',
    'Bitwise NOT.',
    [
      unary('int2', 'int2not', (a: number) => ~a, { kernel: 'bit_not', duckdb: '(~$1)' }),
      unary('int4', 'int4not', (a: number) => ~a, { kernel: 'bit_not', duckdb: '(~$1)' }),
      unary('int8', 'int8not', (a: bigint) => ~a, { kernel: 'bit_not', duckdb: '(~$1)' }),
    ],
    { example: { sql: '~1', result: '-2' } },
  ),
];
