// JavaScript values as `$1`, `$2`, … of a SQL statement.
import { fail, listOf, type SqlType, types, type Value } from '../core/index.js';

/**
 * Whole numbers are `integer` or `bigint` to SQL, others `double precision`; a `Date` is `timestamptz`, a `Uint8Array` `bytea`, an array
 * (or another typed array) an array of what its elements have in common.
 */
export type Parameter =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | Float32Array
  | Float64Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | readonly Parameter[];

interface Typed {
  readonly type: SqlType;
  readonly value: Value;
}

const int4 = 2 ** 31;

function ofNumber(value: number): Typed {
  // -0 has no integer.
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { type: types.float8, value };
  return value >= -int4 && value < int4 ? { type: types.int4, value } : { type: types.int8, value: BigInt(value) };
}

function ofBigint(value: bigint): Typed {
  return BigInt.asIntN(64, value) === value
    ? { type: types.int8, value }
    : { type: types.numeric, value: { unscaled: value, scale: 0 } };
}

const typedArrays = [
  [Float32Array, types.float4],
  [Float64Array, types.float8],
  [Int16Array, types.int2],
  [Int32Array, types.int4],
  [BigInt64Array, types.int8],
] as const;

/** From the narrowest on. */
const numbers: readonly SqlType['kind'][] = ['int4', 'int8', 'numeric', 'float8'];

/** What values of both types become; `unknown` (a NULL, a string) takes the other's type. */
function common(a: SqlType, b: SqlType): SqlType {
  if (a.kind === 'unknown' || b.kind === 'unknown') return a.kind === 'unknown' ? b : a;
  if (a.kind === 'list' && b.kind === 'list') return listOf(common(a.element, b.element));
  if (a.kind === b.kind) return a;
  const [i, j] = [numbers.indexOf(a.kind), numbers.indexOf(b.kind)];
  if (i < 0 || j < 0) throw fail('datatype_mismatch', 'the elements of an array parameter have no type in common');
  return i > j ? a : b;
}

function widen(value: Value, from: SqlType, to: SqlType): Value {
  if (value === null || from.kind === to.kind || from.kind === 'unknown') {
    if (from.kind !== 'list' || to.kind !== 'list' || value === null) return value;
    return (value as readonly Value[]).map((v) => widen(v, (from as typeof to).element, to.element));
  }
  const whole = typeof value === 'object' && 'unscaled' in value ? value.unscaled : BigInt(value as number);
  if (to.kind === 'float8') return Number(whole);
  return to.kind === 'numeric' ? { unscaled: whole, scale: 0 } : whole;
}

function ofArray(elements: readonly Parameter[]): Typed {
  const found = elements.map((element) =>
    typeof element === 'string' ? { type: types.text, value: element } : toParameter(element),
  );
  const joint = found.reduce<SqlType>((type, element) => common(type, element.type), types.unknown);
  const type = joint.kind === 'unknown' ? types.text : joint;
  return { type: listOf(type), value: found.map((element) => widen(element.value, element.type, type)) };
}

export function toParameter(value: Parameter): Typed {
  if (value === null) return { type: types.unknown, value };
  switch (typeof value) {
    case 'boolean':
      return { type: types.bool, value };
    case 'bigint':
      return ofBigint(value);
    case 'number':
      return ofNumber(value);
    case 'string':
      return { type: types.unknown, value };
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw fail('invalid_datetime_format', 'a parameter is an invalid Date');
    return { type: types.timestamptz, value: BigInt(value.getTime()) * 1000n };
  }
  if (value instanceof Uint8Array) return { type: types.bytea, value };
  if (Array.isArray(value)) return ofArray(value);
  for (const [array, type] of typedArrays) if (value instanceof array) return { type: listOf(type), value: [...value] };
  throw fail(
    'invalid_parameter_value',
    `a parameter cannot be a ${Object.prototype.toString.call(value).slice(8, -1)}`,
  );
}
