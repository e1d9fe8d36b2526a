// SQL values as JSON: the text that to_json gives, and the value that to_jsonb gives.
import type { NumericValue, StructValue, Value } from '../../registry/overload.js';
import type { SqlType } from '../../sql-type.js';
import { inIso } from '../date-time-style.js';
import { parseNumeric } from '../numeric.js';
import { printValue } from '../print.js';
import type { Json } from './json.js';
import { parseJsonb, quoteJson, toObject } from './jsonb.js';

const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Dates and times as ISO 8601 has them, whatever DateStyle says: `2024-01-02T03:04:05+00:00`. */
function isoText(value: Exclude<Value, null>, type: SqlType): string {
  const text = inIso(() => printValue(value, type));
  if (type.kind === 'timestamp') return text.replace(' ', 'T');
  return type.kind === 'timestamptz' ? text.replace(' ', 'T').replace(/([+-]\d\d)(?=$| BC)/, '$1:00') : text;
}

/** How a value of the type is written: as JSON itself, a number, or a quoted text. */
type Form = 'json' | 'jsonb' | 'number' | 'bool' | 'array' | 'record' | 'text';

export function formOf(type: SqlType): Form {
  switch (type.kind) {
    case 'json':
    case 'jsonb':
    case 'bool':
      return type.kind;
    case 'list':
      return 'array';
    case 'struct':
      return 'record';
    case 'int1':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'uint1':
    case 'uint2':
    case 'uint4':
    case 'uint8':
    case 'float4':
    case 'float8':
    case 'numeric':
      return 'as' in type && type.as !== undefined ? 'text' : 'number';
    default:
      return 'text';
  }
}

const elementOf = (type: SqlType): SqlType => (type.kind === 'list' ? type.element : type);

/** Without blanks; `lines` puts the parts of the outermost array or record on lines of their own. */
export function toJsonText(value: Value, type: SqlType, lines = false): string {
  if (value === null) return 'null';
  const comma = lines ? ',\n ' : ',';
  switch (formOf(type)) {
    case 'json':
    case 'jsonb':
      return value as string;
    case 'bool':
      return value ? 'true' : 'false';
    case 'array': {
      const parts = (value as readonly Value[]).map((element) => toJsonText(element, elementOf(type)));
      return `[${parts.join(comma)}]`;
    }
    case 'record': {
      const { fields } = type as Extract<SqlType, { kind: 'struct' }>;
      const parts = fields.map((field, i) => {
        const member = (value as StructValue).fields[i] ?? null;
        return `${quoteJson(field.name)}:${toJsonText(member, field.type)}`;
      });
      return `{${parts.join(comma)}}`;
    }
    case 'number': {
      const text = printValue(value, type);
      return numberForm.test(text) ? text : quoteJson(text);
    }
    case 'text':
      return quoteJson(isoText(value, type));
  }
}

export function toJsonb(value: Value, type: SqlType): Json {
  if (value === null) return null;
  switch (formOf(type)) {
    case 'json':
    case 'jsonb':
      return parseJsonb(value as string);
    case 'bool':
      return value as boolean;
    case 'array':
      return (value as readonly Value[]).map((element) => toJsonb(element, elementOf(type)));
    case 'record': {
      const { fields } = type as Extract<SqlType, { kind: 'struct' }>;
      return toObject(
        fields.map(({ name, type: of }, i) => [name, toJsonb((value as StructValue).fields[i] ?? null, of)] as const),
      );
    }
    case 'number': {
      const text = printValue(value, type);
      const number: NumericValue | undefined = numberForm.test(text) ? parseNumeric(text) : undefined;
      return number ?? text;
    }
    case 'text':
      return isoText(value, type);
  }
}

/** A value as an object's key. */
export function toKey(value: Exclude<Value, null>, type: SqlType): string {
  return formOf(type) === 'bool' ? (value ? 'true' : 'false') : isoText(value, type);
}
