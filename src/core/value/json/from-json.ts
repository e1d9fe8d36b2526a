// JSON as SQL values: what the functions that fill records make of it.
import { fail } from '../../diagnostic.js';
import type { StructValue, Value } from '../../registry/overload.js';
import { type SqlType, types } from '../../sql-type.js';
import { castValue } from '../cast.js';
import type { JsonReader } from './read-json.js';

/** A JSON value as one of `type`, as `json_populate_record` reads it: JSON null is NULL, text is read as the type's text. */
export function fromJson<T>(reader: JsonReader<T>, value: T, type: SqlType, base: Value = null): Value {
  const kind = reader.kind(value);
  if (kind === 'null') return null;
  switch (type.kind) {
    case 'json':
    case 'jsonb':
      return castValue(reader.print(value), types.text, type);
    case 'list':
      if (kind === 'array') return reader.elements(value).map((element) => fromJson(reader, element, type.element));
      if (kind !== 'string')
        throw fail('invalid_text_representation', 'expected JSON array', {
          hint: 'See the value of the array element of the record.',
        });
      break;
    case 'struct':
      if (kind === 'object') return recordOf(reader, value, type, base);
      if (kind === 'array') throw fail('invalid_parameter_value', 'cannot call populate_composite on an array');
      throw fail('invalid_parameter_value', 'cannot call populate_composite on a scalar');
  }
  return castValue(reader.text(value), types.text, type, { explicit: false });
}

/** The fields of an object; those it lacks are the base's. */
export function recordOf<T>(
  reader: JsonReader<T>,
  value: T,
  type: Extract<SqlType, { kind: 'struct' }>,
  base: Value,
): StructValue {
  const before = base as StructValue | null;
  return {
    fields: type.fields.map((field, i) => {
      const kept = before?.fields[i] ?? null;
      const found = reader.field(value, field.name);
      return found === undefined ? kept : fromJson(reader, found, field.type, kept);
    }),
  };
}
