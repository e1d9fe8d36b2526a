// Mathematical functions.
import { decimalDigits, isDecimal, type SqlType, types } from '../sql-type.js';
import { float8 } from '../value/float.js';
import { int4, int8 } from '../value/integer.js';
import { mathFunctions, power } from '../value/math.js';
import {
  ceilNumeric,
  floorNumeric,
  roundNumeric,
  signOf,
  toNumeric,
  truncatedQuotient,
  truncateNumeric,
} from '../value/numeric.js';
import { decimalShape, numericType } from '../value/numeric-type.js';
import { absOverloads, modOverloads } from './arithmetic.js';
import { chapter, type Draft, on, values } from './define.js';
import { duckDbType } from './duckdb/duckdb-type.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, NumericValue, Value } from './overload.js';

const scalar = chapter('mathematical', 'scalar');
const operator = chapter('mathematical', 'operator');

const inputError = raise('numeric_value_out_of_range', 'input is out of range');
const overflowError = raise('numeric_value_out_of_range', 'value out of range: overflow');
const underflowError = raise('numeric_value_out_of_range', 'value out of range: underflow');
const logZero = raise('invalid_argument_for_logarithm', 'cannot take logarithm of zero');
const logNegative = raise('invalid_argument_for_logarithm', 'cannot take logarithm of a negative number');
const rootNegative = raise('invalid_argument_for_power_function', 'cannot take square root of a negative number');

function onFloat8(name: keyof typeof mathFunctions, duckdb: string, op?: string): Draft {
  const f = mathFunctions[name] as (x: number) => number;
  return on([types.float8], types.float8, { kernel: name, duckdb, fold: values(f), ...(op !== undefined && { op }) });
}

const log = (f: string) => `(CASE WHEN $1 = 0 THEN ${logZero} WHEN $1 < 0 THEN ${logNegative} ELSE ${f}($1) END)`;
const periodic = (f: string) => `(CASE WHEN isinf($1) THEN ${inputError} ELSE ${f}($1) END)`;
const unit = (f: string) => `(CASE WHEN $1 < -1 OR ($1 > 1 AND NOT isnan($1)) THEN ${inputError} ELSE ${f}($1) END)`;

const powerSql =
  `(CASE WHEN $1 = 0 AND $2 < 0 THEN ${raise('invalid_argument_for_power_function', 'zero raised to a negative power is undefined')}` +
  ` WHEN $1 < 0 AND isfinite($1) AND isfinite($2) AND $2 <> floor($2) THEN ${raise('invalid_argument_for_power_function', 'a negative number raised to a non-integer power yields a complex result')}` +
  ` WHEN isinf(pow($1, $2)) AND isfinite($1) AND isfinite($2) THEN ${overflowError}` +
  ` WHEN pow($1, $2) = 0 AND $1 <> 0 AND isfinite($1) AND isfinite($2) THEN ${underflowError} ELSE pow($1, $2) END)`;

const powerOverload: Draft = on([types.float8, types.float8], types.float8, {
  op: 'dpow',
  kernel: 'pow',
  duckdb: powerSql,
  fold: values(power),
});

/** A decimal rounded to so many digits needs one digit more before the point. */
const roundedTo = (type: SqlType, digits: number): SqlType =>
  isDecimal(type) && type.precision - (type.scale ?? 0) + 1 + digits <= decimalDigits
    ? numericType(type.precision - (type.scale ?? 0) + 1 + digits, digits)
    : types.numeric;
const wholeType = (argTypes: readonly SqlType[]): SqlType => roundedTo(argTypes[0]!, 0);
const roundedType = (argTypes: readonly SqlType[], constants?: readonly (Value | undefined)[]): SqlType => {
  const digits = constants?.[1];
  return typeof digits === 'number' ? roundedTo(argTypes[0]!, Math.max(0, digits)) : types.numeric;
};
const toResult =
  (name: string): NonNullable<Draft['duckdb']> =>
  (args, { type }) =>
    `CAST(${name}(${args.join(', ')}) AS ${duckDbType(type)})`;

/** The engine's round_even() misses halves beyond 9e14; its cast to integers rounds them, without the sign of zero. */
const roundHalfToEven =
  '(CASE WHEN abs($1) BETWEEN 1e14 AND 4503599627370496 THEN CAST(CAST($1 AS BIGINT) AS DOUBLE) ELSE round_even($1, 0) END)';

function rounding(
  name: 'round' | 'floor' | 'ceil' | 'trunc',
  duckdb: string,
  op: string,
  numeric: (a: NumericValue) => NumericValue,
): Draft[] {
  return [
    onFloat8(name, duckdb, `d${op}`),
    on([types.numeric], wholeType, {
      op: `numeric_${op}`,
      duckdb: toResult(name),
      fold: values((a: NumericValue) => numeric(a)),
    }),
  ];
}

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

export const mathematicalFunctions: readonly FunctionEntry[] = [
  scalar('abs', 'Absolute value.', absOverloads, { example: { sql: 'abs(-17)', result: '17' } }),
  scalar('sqrt', 'Square root.', [onFloat8('sqrt', `(CASE WHEN $1 < 0 THEN ${rootNegative} ELSE sqrt($1) END)`)], {
    example: { sql: 'sqrt(2)', result: '1.4142135623730951' },
  }),
  operator('|/', 'Square root.', [
    onFloat8('sqrt', `(CASE WHEN $1 < 0 THEN ${rootNegative} ELSE sqrt($1) END)`, 'dsqrt'),
  ]),
  scalar('cbrt', 'Cube root.', [onFloat8('cbrt', 'cbrt($1)')], { example: { sql: 'cbrt(27)', result: '3' } }),
  operator('||/', 'Cube root.', [onFloat8('cbrt', 'cbrt($1)', 'dcbrt')]),
  scalar('exp', 'Exponential.', [
    onFloat8(
      'exp',
      `(CASE WHEN isinf(exp($1)) AND NOT isinf($1) THEN ${overflowError} WHEN exp($1) = 0 AND NOT isinf($1) THEN ${underflowError} ELSE exp($1) END)`,
    ),
  ]),
  scalar('ln', 'Natural logarithm.', [onFloat8('ln', log('ln'))]),
  scalar('log', 'Logarithm to base 10.', [onFloat8('log10', log('log10'), 'dlog10')]),
  scalar('log10', 'Logarithm to base 10.', [onFloat8('log10', log('log10'))]),
  scalar('power', 'The first argument raised to the power of the second.', [powerOverload]),
  scalar('pow', 'The first argument raised to the power of the second.', [{ ...powerOverload, op: 'pow' }]),
  operator('^', 'The first operand raised to the power of the second; left-associative.', [
    { ...powerOverload, op: '^' },
  ]),
  ...(['sin', 'cos', 'tan'] as const).map((f) => scalar(f, `${f} of an angle in radians.`, [onFloat8(f, periodic(f))])),
  scalar('asin', 'Inverse sine, in radians.', [onFloat8('asin', unit('asin'))]),
  scalar('acos', 'Inverse cosine, in radians.', [onFloat8('acos', unit('acos'))]),
  scalar('atan', 'Inverse tangent, in radians.', [onFloat8('atan', 'atan($1)')]),
  scalar('atan2', 'Inverse tangent of the first argument over the second, in radians.', [
    on([types.float8, types.float8], types.float8, {
      kernel: 'atan2',
      duckdb: 'atan2($1, $2)',
      fold: values(mathFunctions.atan2),
    }),
  ]),
  ...(['sinh', 'cosh', 'tanh', 'asinh'] as const).map((f) =>
    scalar(f, `Hyperbolic function ${f}.`, [onFloat8(f, `${f}($1)`)]),
  ),
  scalar('acosh', 'Inverse hyperbolic cosine.', [
    onFloat8('acosh', `(CASE WHEN $1 < 1 THEN ${inputError} ELSE acosh($1) END)`),
  ]),
  // The engine's atanh(-1) is positive.
  scalar('atanh', 'Inverse hyperbolic tangent.', [
    onFloat8('atanh', `(CASE WHEN $1 = -1 THEN CAST('-Infinity' AS DOUBLE) ELSE ${unit('atanh')} END)`),
  ]),
  scalar('degrees', 'Radians to degrees.', [
    onFloat8('degrees', `(CASE WHEN isinf(degrees($1)) AND NOT isinf($1) THEN ${overflowError} ELSE degrees($1) END)`),
  ]),
  scalar('radians', 'Degrees to radians.', [onFloat8('radians', 'radians($1)')]),
  scalar('pi', 'The number π.', [on([], types.float8, { duckdb: 'pi()', fold: () => Math.PI })]),
  scalar('floor', 'Nearest whole number not above.', rounding('floor', 'floor($1)', 'floor', floorNumeric)),
  scalar('ceil', 'Nearest whole number not below.', rounding('ceil', 'ceil($1)', 'ceil', ceilNumeric)),
  scalar('ceiling', 'Nearest whole number not below.', rounding('ceil', 'ceil($1)', 'ceiling', ceilNumeric)),
  scalar('trunc', 'Nearest whole number toward zero, or toward zero at so many digits.', [
    ...rounding('trunc', 'trunc($1)', 'trunc', (a) => truncateNumeric(a)),
    on([types.numeric, types.int4], roundedType, { op: 'trunc(numeric, integer)', fold: values(truncateNumeric) }),
  ]),
  scalar(
    'round',
    'Nearest whole number: of double precision half to even, of numeric half away from zero; or at so many digits.',
    [
      ...rounding('round', roundHalfToEven, 'round', (a) => roundNumeric(a)),
      on([types.numeric, types.int4], roundedType, {
        op: 'round(numeric, integer)',
        duckdb: (args, context) => {
          const { scale } = decimalShape(context.type);
          // DuckDB's cast to fewer digits rounds half away from zero; only literal digits reach the type.
          return args[1] === String(scale) || args[1] === `CAST(${scale} AS INTEGER)`
            ? `CAST(${args[0]} AS ${duckDbType(context.type)})`
            : undefined;
        },
        fold: values(roundNumeric),
      }),
    ],
  ),
  scalar('sign', 'Sign: -1, 0 or 1.', [
    onFloat8('sign', '(CASE WHEN isnan($1) THEN 0 ELSE CAST(sign($1) AS DOUBLE) END)'),
    on([types.numeric], ([type]) => (isDecimal(type!) ? numericType(1, 0) : types.numeric), {
      duckdb: 'CAST(sign($1) AS DECIMAL(1,0))',
      fold: values((a: NumericValue) => (a.special === 'NaN' ? a : toNumeric(signOf(a)))),
    }),
  ]),
  scalar(
    'mod',
    'Remainder of a division, with the sign of the dividend.',
    modOverloads.map((d) => ({ ...d, op: `mod:${d.op}` })),
  ),
  scalar('div', 'Whole quotient of numerics, truncated toward zero.', [
    on([types.numeric, types.numeric], types.numeric, { fold: values(truncatedQuotient) }),
  ]),
  scalar('gcd', 'Greatest common divisor.', [
    on([types.int4, types.int4], types.int4, {
      duckdb: 'CAST(gcd(CAST($1 AS BIGINT), CAST($2 AS BIGINT)) AS INTEGER)',
      fold: values((a: number, b: number) => int4(Number(greatestCommonDivisor(BigInt(a), BigInt(b))))),
    }),
    on([types.int8, types.int8], types.int8, {
      fold: values((a: bigint, b: bigint) => int8(greatestCommonDivisor(a, b))),
    }),
  ]),
  scalar('isnan', 'Whether a float is NaN.', [
    on([types.float8], types.bool, {
      kernel: 'is_nan',
      duckdb: 'isnan($1)',
      fold: values((x: number) => Number.isNaN(x)),
    }),
  ]),
  scalar('isinf', 'Whether a float is infinite.', [
    on([types.float8], types.bool, {
      kernel: 'is_inf',
      duckdb: 'isinf($1)',
      fold: values((x: number) => Math.abs(x) === Infinity),
    }),
  ]),
  scalar('isfinite', 'Whether a float is neither infinite nor NaN.', [
    on([types.float8], types.bool, {
      kernel: 'is_finite',
      duckdb: 'isfinite($1)',
      fold: values((x: number) => Number.isFinite(x)),
    }),
  ]),
  scalar('hypot', 'Length of the vector of two components.', [
    on([types.float8, types.float8], types.float8, {
      duckdb: 'sqrt($1 * $1 + $2 * $2)',
      fold: values((x: number, y: number) => mathFunctions.sqrt(float8.add(x * x, y * y))),
    }),
  ]),
  scalar(
    'sample_point',
    'A number in [0, 1) that only depends on its arguments: by it TABLESAMPLE … REPEATABLE chooses rows.',
    [on([types.text, types.int8, types.float8], types.float8, { fold: values(samplePoint) })],
  ),
];

/** FNV-1a over the text of its arguments, its bits mixed as MurmurHash3 does at the end. */
function samplePoint(file: string, row: bigint, seed: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}|${row}|${file}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
