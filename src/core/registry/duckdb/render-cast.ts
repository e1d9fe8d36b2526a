// Casts with PostgreSQL's meaning, as DuckDB expressions.
import { holdsTextNumeric, isDecimal, printSqlType, type SqlType, sameType } from '../../sql-type.js';
import { bindArguments } from './bind-arguments.js';
import { duckDbType } from './duckdb-type.js';
import { raise } from './errors.js';

const integers = new Set(['int1', 'int2', 'int4', 'int8', 'uint1', 'uint2', 'uint4', 'uint8']);
const floats = new Set(['float4', 'float8']);
const texts = new Set(['text', 'unknown', 'uuid', 'json', 'jsonb']);

/** What rounds to a value of the type: from here, and below there. */
const bounds: Record<string, readonly [string, string]> = {
  int2: ['-32768.5', '32767.5'],
  int4: ['-2147483648.5', '2147483647.5'],
  int8: ['-9223372036854775808', '9223372036854775808'],
};

/** PostgreSQL's blanks and digits; DuckDB's own cast would take `1.5` and `1e3` too. */
const integerForm = "'[ \\t\\n\\v\\f\\r]*[+-]?[0-9]+[ \\t\\n\\v\\f\\r]*'";

export interface RenderCastOptions {
  readonly explicit?: boolean;
  readonly attempt?: boolean;
  /** See `RenderContext`. */
  readonly lastResort?: boolean;
}

/** Numerics that are text already: their digits say all there is to know. */
function renderTextNumeric(
  arg: string,
  from: SqlType,
  to: SqlType,
  { lastResort, attempt }: RenderCastOptions,
): string | undefined {
  if (from.kind !== 'numeric') return integers.has(from.kind) && isAny(to) ? `CAST(${arg} AS VARCHAR)` : undefined;
  if (to.kind === 'text') return arg;
  if (lastResort && !attempt && (isDecimal(to) || to.kind === 'float8')) return `CAST(${arg} AS ${duckDbType(to)})`;
  if (!isAny(to)) return undefined;
  return isDecimal(from) ? `CAST(${arg} AS VARCHAR)` : arg;
}

const isAny = (type: SqlType): boolean => type.kind === 'numeric' && type.precision === undefined;

const widths: Partial<Record<SqlType['kind'], readonly [least: bigint, most: bigint]>> = {
  int1: [-128n, 127n],
  uint1: [0n, 255n],
  int2: [-32768n, 32767n],
  uint2: [0n, 65535n],
  int4: [-2147483648n, 2147483647n],
  uint4: [0n, 4294967295n],
  int8: [-9223372036854775808n, 9223372036854775807n],
  uint8: [0n, 18446744073709551615n],
};

function isNarrower(to: SqlType, from: SqlType): boolean {
  const [inner, outer] = [widths[to.kind]!, widths[from.kind]!];
  return inner[0] > outer[0] || inner[1] < outer[1];
}

/**
 * DuckDB's optimizer takes a cast between integers away from under a comparison with a constant (`CAST(x AS SMALLINT) = 6` becomes `x = 6`),
 * and with it the error, or the NULL, of what is out of range. A CASE is left alone.
 */
function renderNarrowing(arg: string, to: SqlType, { attempt }: RenderCastOptions): string {
  const [least, most] = widths[to.kind]!;
  const error = attempt ? 'NULL' : raise('numeric_value_out_of_range', `${printSqlType(to)} out of range`);
  return bindArguments(
    [arg],
    ([x]) =>
      `CASE WHEN ${x} BETWEEN ${least} AND ${most} THEN CAST(${x} AS ${duckDbType(to)}) WHEN ${x} IS NULL THEN NULL ELSE ${error} END`,
  );
}

/** `undefined` where DuckDB cannot do it as PostgreSQL does; the evaluator can. */
export function renderCast(
  arg: string,
  from: SqlType,
  to: SqlType,
  options: RenderCastOptions = {},
): string | undefined {
  const cast = `${options.attempt ? 'TRY_CAST' : 'CAST'}(${arg} AS ${duckDbType(to)})`;
  if (sameType(from, to)) return arg;
  if (from.kind === 'list' && to.kind === 'list') {
    const element = renderCast('_c', from.element, to.element, options);
    return element === undefined ? undefined : element === '_c' ? arg : `list_transform(${arg}, lambda _c: ${element})`;
  }
  if (from.kind === 'unknown' && arg === 'NULL') return `CAST(NULL AS ${duckDbType(to)})`;
  if (holdsTextNumeric(from) || holdsTextNumeric(to)) return renderTextNumeric(arg, from, to, options);
  if (integers.has(from.kind)) {
    if (integers.has(to.kind)) return isNarrower(to, from) ? renderNarrowing(arg, to, options) : cast;
    if (floats.has(to.kind) || to.kind === 'numeric' || to.kind === 'text') return cast;
    return to.kind === 'bool' ? `(${arg} <> 0)` : undefined;
  }
  if (floats.has(from.kind)) {
    if (to.kind === 'float8') return cast;
    if (to.kind === 'float4')
      return bindArguments([arg], ([x]) =>
        options.attempt
          ? `CASE WHEN CAST(TRY_CAST(${x} AS FLOAT) AS DOUBLE) = 0 AND ${x} <> 0 THEN NULL ELSE TRY_CAST(${x} AS FLOAT) END`
          : `CASE WHEN abs(${x}) <= 7.006492321624085e-46 AND ${x} <> 0 THEN ${raise('numeric_value_out_of_range', 'value out of range: underflow')} ELSE CAST(${x} AS FLOAT) END`,
      );
    const range = bounds[to.kind];
    if (!range) return undefined;
    const error = options.attempt ? 'NULL' : raise('numeric_value_out_of_range', `${printSqlType(to)} out of range`);
    // The engine's own cast rounds half to even; its round_even() does not beyond 9e14.
    return bindArguments([`CAST(${arg} AS DOUBLE)`], ([x]) => {
      const whole = `CAST(${x} AS ${duckDbType(to)})`;
      return `CASE WHEN ${x} >= ${range[0]} AND ${x} < ${range[1]} THEN ${whole} WHEN ${x} IS NULL THEN NULL ELSE ${error} END`;
    });
  }
  switch (from.kind) {
    case 'bool':
      return to.kind === 'int4' || texts.has(to.kind) ? cast : undefined;
    case 'numeric':
      return integers.has(to.kind) || floats.has(to.kind) || to.kind === 'numeric' || to.kind === 'text'
        ? cast
        : undefined;
    case 'date':
      return to.kind === 'timestamp' ? cast : undefined;
    case 'timestamp':
      return to.kind === 'date' || to.kind === 'time' ? cast : undefined;
    case 'text':
    case 'varchar':
      if (texts.has(to.kind) && to.kind !== 'uuid' && to.kind !== 'json' && to.kind !== 'jsonb') return arg;
      if (to.kind === 'varchar')
        return to.length === undefined ? arg : options.explicit ? `left(${arg}, ${to.length})` : undefined;
      if (to.kind === 'int2' || to.kind === 'int4' || to.kind === 'int8') {
        const problem = (
          message: string,
          condition: 'invalid_text_representation' | 'numeric_value_out_of_range',
          x: string,
        ) => (options.attempt ? 'NULL' : raise(condition, message, x));
        const name = printSqlType(to);
        return bindArguments(
          [arg],
          ([x]) =>
            `CASE WHEN NOT regexp_full_match(${x}, ${integerForm}) THEN ${problem(`invalid input syntax for type ${name}: "%"`, 'invalid_text_representation', x!)}` +
            ` WHEN TRY_CAST(${x} AS ${duckDbType(to)}) IS NULL AND ${x} IS NOT NULL THEN ${problem(`value "%" is out of range for type ${name}`, 'numeric_value_out_of_range', x!)}` +
            ` ELSE TRY_CAST(${x} AS ${duckDbType(to)}) END`,
        );
      }
      return undefined;
    case 'json':
    case 'jsonb':
    case 'uuid':
      return to.kind === 'text' ? arg : undefined;
    default:
      return undefined;
  }
}
