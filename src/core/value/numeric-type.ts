// How `numeric` results are typed: PostgreSQL carries a scale in every value, an engine of fixed decimals one in every type.
import type { SqlType } from '../sql-type.js';

export type NumericType = Extract<SqlType, { kind: 'numeric' }>;

/** Digits of DuckDB's and Arrow's widest decimal. */
export const decimalDigits = 38;

/** Fraction digits with which a `numeric` of unknown scale (a cast of text or floats) travels between operators. */
export const unboundedScale = 18;

/** Most fraction digits given to a quotient: PostgreSQL shows 20 of one below 1, and 18 digits stay before the point. */
const quotientScale = 20;

/**
 * The decimal a numeric travels as. A type with a precision shows all digits of its scale. One without shows a scale that
 * varies by value: of a quotient (`scale` given) as PostgreSQL's division chooses it, otherwise no trailing zeros.
 */
export function decimalShape(type: SqlType): { precision: number; scale: number } {
  if (type.kind !== 'numeric') throw new Error(`decimalShape of ${type.kind}`);
  return type.precision === undefined
    ? { precision: decimalDigits, scale: type.scale ?? unboundedScale }
    : { precision: Math.min(type.precision, decimalDigits), scale: type.scale ?? 0 };
}

export function numericType(precision: number, scale: number): NumericType {
  return { kind: 'numeric', precision: Math.min(precision, decimalDigits), scale };
}

/** What an implicit cast to `numeric` makes of a type: enough digits for all its values. */
export function numericTypeOf(type: SqlType): NumericType {
  switch (type.kind) {
    case 'numeric':
      return type;
    case 'int1':
    case 'uint1':
    case 'int2':
    case 'uint2':
      return numericType(5, 0);
    case 'int4':
    case 'uint4':
      return numericType(10, 0);
    case 'int8':
      return numericType(19, 0);
    case 'uint8':
      return numericType(20, 0);
    default:
      return { kind: 'numeric' };
  }
}

/** Of `+` and `-`, and the common type of both sides of a comparison, CASE or UNION where `carry` is 0. */
export function sumType(a: SqlType, b: SqlType, carry = 1): NumericType {
  const x = decimalShape(a);
  const y = decimalShape(b);
  const scale = Math.max(x.scale, y.scale);
  const whole = Math.max(x.precision - x.scale, y.precision - y.scale);
  if (varies(a) || varies(b))
    return { kind: 'numeric', scale: Math.max(Math.min(scale, decimalDigits - whole), unboundedScale) };
  return numericType(whole + scale + carry, scale);
}

export function productType(a: SqlType, b: SqlType): NumericType {
  const x = decimalShape(a);
  const y = decimalShape(b);
  const scale = x.scale + y.scale;
  const whole = x.precision - x.scale + y.precision - y.scale;
  if (scale + whole <= decimalDigits) return numericType(scale + whole, scale);
  const kept = Math.min(scale, Math.max(decimalDigits - whole, x.scale, y.scale));
  return varies(a) || varies(b) ? { kind: 'numeric', scale: kept } : numericType(decimalDigits, kept);
}

/** Of `/`, and of `avg` with a divisor of 19 digits. */
export function quotientType(a: SqlType, b: SqlType): NumericType {
  const x = decimalShape(a);
  const y = decimalShape(b);
  const whole = Math.min(decimalDigits, x.precision - x.scale + (varies(b) ? 0 : y.scale));
  const scale = Math.max(Math.min(decimalDigits - whole, quotientScale), x.scale, y.scale);
  return { kind: 'numeric', scale: Math.min(scale, decimalDigits) };
}

/** Of `avg`: the average has no more digits before the point than the values. */
export function averageType(value: SqlType): NumericType {
  return quotientType(numericTypeOf(value), numericType(1, 0));
}

/** Of `%`, `greatest` and the like. */
export function commonNumericType(argTypes: readonly SqlType[]): NumericType {
  return argTypes.map(numericTypeOf).reduce((a, b) => (a === b ? a : sumType(a, b, 0)));
}

/** Whether the display scale varies by value. */
export function varies(type: SqlType): boolean {
  return type.kind === 'numeric' && type.precision === undefined;
}
