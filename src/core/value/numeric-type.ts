// How `numeric` results are typed: PostgreSQL carries a scale in every value, an engine of fixed decimals one in every type.
import { decimalDigits, isDecimal, type SqlType, types } from '../sql-type.js';

export type NumericType = Extract<SqlType, { kind: 'numeric' }>;

/** Digits, and those after the point, of a numeric that travels as a decimal. */
export function decimalShape(type: SqlType): { precision: number; scale: number } {
  if (!isDecimal(type)) throw new Error(`decimalShape of ${type.kind}`);
  return { precision: type.precision, scale: type.scale ?? 0 };
}

export function numericType(precision: number, scale: number): NumericType {
  return { kind: 'numeric', precision: Math.min(precision, decimalDigits), scale };
}

/** Of results that all have `scale`; a numeric of any digits where a decimal could not hold them. */
function exactType(precision: number, scale: number): NumericType {
  return precision <= decimalDigits ? { kind: 'numeric', precision, scale } : types.numeric;
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
      return types.numeric;
  }
}

/** Of `+` and `-`; with no `carry` of `%`, whose result is no larger than the larger side. */
export function sumType(a: SqlType, b: SqlType, carry = 1): NumericType {
  if (!isDecimal(a) || !isDecimal(b)) return types.numeric;
  const x = decimalShape(a);
  const y = decimalShape(b);
  const scale = Math.max(x.scale, y.scale);
  return exactType(Math.max(x.precision - x.scale, y.precision - y.scale) + scale + carry, scale);
}

export function productType(a: SqlType, b: SqlType): NumericType {
  if (!isDecimal(a) || !isDecimal(b)) return types.numeric;
  const x = decimalShape(a);
  const y = decimalShape(b);
  return exactType(x.precision + y.precision, x.scale + y.scale);
}

/** Of sums over many rows. */
export function totalType(value: SqlType): NumericType {
  return isDecimal(value) ? numericType(decimalDigits, value.scale ?? 0) : types.numeric;
}

/** Of CASE, UNION, `greatest` and the like: every value keeps its own scale. */
export function commonNumericType(argTypes: readonly SqlType[]): NumericType {
  return argTypes.map(numericTypeOf).reduce((a, b) => {
    if (a === b || !isDecimal(a) || !isDecimal(b) || (a.scale ?? 0) !== (b.scale ?? 0))
      return a === b ? a : types.numeric;
    return a.precision >= b.precision ? a : b;
  });
}
