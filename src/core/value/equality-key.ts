// Values as texts that are equal where the values are: what hash tables over SQL values are keyed by.
import type { IntervalValue, NumericValue, StructValue, Value } from '../registry/overload.js';
import type { SqlType } from '../sql-type.js';
import { intervalSpan } from './compare.js';
import { jsonbKey, parseJsonb } from './json/jsonb.js';
import { printNumeric } from './numeric.js';

/** Equal as `compareValues` of the type has it (NaN equals NaN, -0 equals 0), NULLs equal. Unambiguous when joined by commas. */
export function equalityKey(value: Value, type: SqlType): string {
  if (value === null) return 'n';
  switch (type.kind) {
    case 'list':
      return `[${(value as readonly Value[]).map((element) => equalityKey(element, type.element)).join()}]`;
    case 'struct':
      return `(${type.fields.map((field, i) => equalityKey((value as StructValue).fields[i] ?? null, field.type)).join()})`;
    case 'numeric': {
      const text = printNumeric(value as NumericValue);
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    }
    case 'interval':
      return String(intervalSpan(value as IntervalValue));
    case 'jsonb': {
      const text = jsonbKey(parseJsonb(value as string));
      return `${text.length}:${text}`;
    }
    case 'bytea':
      return Buffer.from(value as Uint8Array).toString('hex');
    default: {
      // Number(-0) prints as 0.
      if (typeof value !== 'string') return String(value);
      const text = type.kind === 'char' ? value.replace(/ +$/, '') : value;
      return `${text.length}:${text}`;
    }
  }
}
