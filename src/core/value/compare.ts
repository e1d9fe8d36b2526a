// The order of values of one type: PostgreSQL's btree order, on which comparison operators, sorting and min/max rest.
import { baseOf } from '../array-type.js';
import type { IntervalValue, NumericValue, StructValue, Value } from '../registry/overload.js';
import type { SqlType } from '../sql-type.js';
import { flattened, type List, lengthsOf } from './array.js';
import { compareBytes, compareText } from './compare-text.js';
import { compareFloats } from './float.js';
import { jsonbSortKey, parseJsonb } from './json/jsonb.js';
import { compareNumeric } from './numeric.js';
import { timetzSortKey } from './timetz.js';

/** An interval's length in microseconds with months of 30 days, by which PostgreSQL orders intervals. */
export function intervalSpan(x: IntervalValue): bigint {
  return (BigInt(x.months) * 30n + BigInt(x.days)) * 86_400_000_000n + x.micros;
}

const trimBlanks = (x: string) => x.replace(/ +$/, '');

/** -1, 0 or 1 for two values of `type`, neither NULL. Inside lists and structs NULLs are equal and come last. */
export function compareValues(a: Value, b: Value, type: SqlType): number {
  switch (type.kind) {
    case 'float4':
    case 'float8':
      return compareFloats(a as number, b as number);
    case 'numeric':
      return compareNumeric(a as NumericValue, b as NumericValue);
    case 'text':
    case 'varchar':
    case 'uuid':
    case 'bit':
    case 'varbit':
    case 'json':
    case 'unknown':
      return compareText(a as string, b as string);
    case 'timetz':
      return compareText(timetzSortKey(a as string), timetzSortKey(b as string));
    case 'char':
      return compareText(trimBlanks(a as string), trimBlanks(b as string));
    case 'jsonb':
      return compareBytes(jsonbSortKey(parseJsonb(a as string)), jsonbSortKey(parseJsonb(b as string)));
    case 'bytea':
      return compareBytes(a as Uint8Array, b as Uint8Array);
    case 'interval': {
      const x = intervalSpan(a as IntervalValue);
      const y = intervalSpan(b as IntervalValue);
      return x < y ? -1 : x > y ? 1 : 0;
    }
    case 'list': {
      if (type.rectangular) return compareArrays(a as List, b as List, type, type);
      const x = a as readonly Value[];
      const y = b as readonly Value[];
      for (let i = 0; i < Math.min(x.length, y.length); i++) {
        const order = compareNullsLast(x[i]!, y[i]!, type.element);
        if (order !== 0) return order;
      }
      return Math.sign(x.length - y.length);
    }
    case 'struct': {
      const x = (a as StructValue).fields;
      const y = (b as StructValue).fields;
      for (const [i, field] of type.fields.entries()) {
        const order = compareNullsLast(x[i] ?? null, y[i] ?? null, field.type);
        if (order !== 0) return order;
      }
      return 0;
    }
    default:
      return a! < b! ? -1 : a! > b! ? 1 : 0;
  }
}

/** As `array_cmp`: element by element, then by their number, then by the dimensions. NULLs are equal and come last. */
export function compareArrays(a: List, b: List, typeA: SqlType, typeB: SqlType): number {
  const base = baseOf(typeA);
  const x = flattened(a, typeA);
  const y = flattened(b, typeB);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = compareNullsLast(x[i]!, y[i]!, base);
    if (order !== 0) return order;
  }
  if (x.length !== y.length) return x.length < y.length ? -1 : 1;
  const lengths = [lengthsOf(a, typeA), lengthsOf(b, typeB)] as const;
  if (lengths[0].length !== lengths[1].length) return lengths[0].length < lengths[1].length ? -1 : 1;
  for (const [i, length] of lengths[0].entries()) if (length !== lengths[1][i]) return length < lengths[1][i]! ? -1 : 1;
  return 0;
}

export function compareNullsLast(a: Value, b: Value, type: SqlType): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareValues(a, b, type);
}
