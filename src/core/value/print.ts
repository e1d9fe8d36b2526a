// Values as text, in PostgreSQL's output forms, and back.
import { baseOf } from '../array-type.js';
import { fail } from '../diagnostic.js';
import type { IntervalValue, NumericValue, StructValue, Value } from '../registry/overload.js';
import { printSqlType, type SqlType, type StructField } from '../sql-type.js';
import { flattened, type List } from './array.js';
import { parseArray } from './array-literal.js';
import { parseBits } from './bit-string.js';
import { printFloat, toFloat4 } from './float.js';
import { int8Max, int8Min } from './integer.js';
import { parseJsonb, printJsonb } from './json/jsonb.js';
import { scanJson } from './json/scan-json.js';
import { parseJsonPath } from './jsonpath/parse-jsonpath.js';
import { printJsonPath } from './jsonpath/print-jsonpath.js';
import { applyNumericTypmod, parseNumeric, printNumeric } from './numeric.js';
import { objectTypeOf, parseObject, printObject } from './object-names.js';
import { printDate, printInterval, printTime, printTimestamp } from './print-datetime.js';
import { parseDate, parseTime, parseTimestamp, parseTimetz } from './read-datetime.js';
import { parseInterval } from './read-interval.js';

const needsQuotes = /^$|^null$|[{}",\\\s]/i;

function printElement(value: Value, type: SqlType): string {
  if (value === null) return 'NULL';
  const text = printValue(value, type);
  if (type.kind === 'list') return text;
  return needsQuotes.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

/** Whether lists of it are JSON to users. */
const isShownAsJson = (base: SqlType): boolean => base.kind === 'list' || (base.kind === 'struct' && !base.row);

/** A struct or a list of lists as JSON, which is what stands for them on the wire. */
function toJson(value: Value, type: SqlType): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'bool':
      return value ? 'true' : 'false';
    case 'list':
      return `[${(value as readonly Value[]).map((v) => toJson(v, type.element)).join(',')}]`;
    case 'struct':
      return `{${type.fields.map((f, i) => `${JSON.stringify(f.name)}:${toJson((value as StructValue).fields[i] ?? null, f.type)}`).join(',')}}`;
    case 'float4':
    case 'float8':
      return Number.isFinite(value) ? printValue(value, type) : JSON.stringify(printValue(value, type));
    case 'int1':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'uint1':
    case 'uint2':
    case 'uint4':
    case 'uint8':
    case 'numeric':
    case 'json':
    case 'jsonb':
      return printValue(value, type);
    default:
      return JSON.stringify(printValue(value, type));
  }
}

/** `(1,"a b",)`: NULL is nothing, quotes and backslashes are doubled. */
function printRow(fields: readonly Value[], types: readonly StructField[]): string {
  const shown = fields.map((value, i) => {
    if (value === null) return '';
    const text = printValue(value, types[i]!.type);
    return text === '' || /[\s(),"\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, '$&$&')}"` : text;
  });
  return `(${shown.join(',')})`;
}

/** PostgreSQL's text output: `t`, `1e+20`, `{1,NULL,"a b"}`, `\x00ff`, `1 day 02:00:00`. NULL is the caller's. */
export function printValue(value: Value, type: SqlType): string {
  if (value === null) return '';
  switch (type.kind) {
    case 'bool':
      return value ? 't' : 'f';
    case 'int8': {
      const object = objectTypeOf(type);
      return object ? printObject(value as bigint, object) : String(value);
    }
    case 'float4':
      return printFloat(value as number, 4);
    case 'float8':
      return printFloat(value as number, 8);
    case 'numeric':
      return printNumeric(value as NumericValue);
    case 'bytea':
      return `\\x${Buffer.from(value as Uint8Array).toString('hex')}`;
    case 'date':
      return printDate(value as number);
    case 'time':
      return printTime(value as bigint);
    case 'timestamp':
      return printTimestamp(value as bigint, false);
    case 'timestamptz':
      return printTimestamp(value as bigint, true);
    case 'interval':
      return printInterval(value as IntervalValue);
    case 'list':
      if (type.as) return (value as readonly Value[]).map((v) => printElement(v, type.element)).join(' ');
      if (type.rectangular && flattened(value as List, type).length === 0) return '{}';
      return isShownAsJson(baseOf(type))
        ? toJson(value, type)
        : `{${(value as readonly Value[]).map((v) => printElement(v, type.element)).join(',')}}`;
    case 'struct':
      return type.row ? printRow((value as StructValue).fields, type.fields) : toJson(value, type);
    default:
      return String(value);
  }
}

function syntax(type: SqlType, text: string) {
  const name = type.kind === 'numeric' ? 'numeric' : printSqlType(type);
  return fail('invalid_text_representation', `invalid input syntax for type ${name}: "${text}"`);
}

const blanks = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

function parseInteger(text: string, type: SqlType, min: bigint, max: bigint): bigint {
  const trimmed = text.replace(blanks, '');
  if (!/^[+-]?\d+$/.test(trimmed)) throw syntax(type, text);
  const value = BigInt(trimmed.replace(/^\+/, ''));
  if (value < min || value > max)
    throw fail('numeric_value_out_of_range', `value "${text}" is out of range for type ${printSqlType(type)}`);
  return value;
}

const floatForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const hexadecimalForm = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i;

/** As C reads it; `undefined` where it is none. */
function hexadecimal(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = hexadecimalForm.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const value = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}

function parseFloatText(text: string, type: SqlType): number {
  const trimmed = text.replace(blanks, '');
  switch (trimmed.toLowerCase()) {
    case 'nan':
      return NaN;
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return Infinity;
    case '-infinity':
    case '-inf':
      return -Infinity;
  }
  const hex = hexadecimal(trimmed);
  if (hex === undefined && !floatForm.test(trimmed)) throw syntax(type, text);
  const value = hex ?? Number(trimmed);
  const rounded = type.kind === 'float4' ? Math.fround(value) : value;
  const nonzero = hex === undefined && /[1-9]/.test(trimmed.split(/e/i)[0]!);
  if (!Number.isFinite(rounded) || (rounded === 0 && nonzero))
    throw fail('numeric_value_out_of_range', `"${trimmed}" is out of range for type ${printSqlType(type)}`);
  return rounded === 0 ? rounded : type.kind === 'float4' ? toFloat4(value) : value;
}

const yes = ['true', 'yes', 'on', '1'];
const no = ['false', 'no', 'off', '0'];

function parseBool(text: string, type: SqlType): boolean {
  const word = text.replace(blanks, '').toLowerCase();
  const matches = (words: readonly string[]) =>
    words.some((w) => word !== '' && w.startsWith(word) && (w[0] !== 'o' || word.length > 1));
  if (matches(yes)) return true;
  if (matches(no)) return false;
  throw syntax(type, text);
}

function parseBytes(text: string, type: SqlType): Uint8Array {
  if (text.startsWith('\\x')) {
    const digits = text.slice(2).replace(/\s/g, '');
    const bad = /[^0-9a-f]/i.exec(digits);
    if (bad) throw fail('invalid_parameter_value', `invalid hexadecimal digit: "${bad[0]}"`);
    if (digits.length % 2) throw fail('invalid_parameter_value', 'invalid hexadecimal data: odd number of digits');
    return new Uint8Array(Buffer.from(digits, 'hex'));
  }
  const raw = Buffer.from(text);
  const bytes = new Uint8Array(raw.length);
  let n = 0;
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== 0x5c) bytes[n++] = raw[i]!;
    else if (raw[i + 1] === 0x5c) bytes[n++] = raw[++i]!;
    else {
      const octal = /^[0-3][0-7]{2}/.exec(raw.toString('latin1', i + 1, i + 4));
      if (!octal) throw syntax(type, text);
      bytes[n++] = Number.parseInt(octal[0], 8);
      i += 3;
    }
  }
  return n === bytes.length ? bytes : bytes.slice(0, n);
}

const uuidForm = /^(\{?)((?:[0-9a-f]{4}-?){7}[0-9a-f]{4})(\}?)$/i;

/** Reads a type's text form; PostgreSQL's errors (22P02, 22003, 22007, 22008) where it is none. */
export function parseValue(text: string, type: SqlType): Value {
  switch (type.kind) {
    case 'bool':
      return parseBool(text, type);
    case 'int1':
      return Number(parseInteger(text, type, -128n, 127n));
    case 'uint1':
      return Number(parseInteger(text, type, 0n, 255n));
    case 'int2':
      return Number(parseInteger(text, type, -32768n, 32767n));
    case 'uint2':
      return Number(parseInteger(text, type, 0n, 65535n));
    case 'int4':
      return Number(parseInteger(text, type, -2147483648n, 2147483647n));
    case 'uint4':
      return Number(parseInteger(text, type, 0n, 4294967295n));
    case 'int8': {
      const object = objectTypeOf(type);
      return object ? parseObject(text, object) : parseInteger(text, type, int8Min, int8Max);
    }
    case 'uint8':
      return parseInteger(text, type, 0n, 18446744073709551615n);
    case 'float4':
    case 'float8':
      return parseFloatText(text, type);
    case 'numeric': {
      const value = parseNumeric(text);
      if (!value) throw syntax(type, text);
      return type.precision === undefined ? value : applyNumericTypmod(value, type.precision, type.scale ?? 0);
    }
    case 'bytea':
      return parseBytes(text, type);
    case 'date':
      return parseDate(text);
    case 'time':
      return parseTime(text);
    case 'timetz':
      return parseTimetz(text);
    case 'timestamp':
      return parseTimestamp(text, false);
    case 'timestamptz':
      return parseTimestamp(text, true);
    case 'interval':
      return parseInterval(text);
    case 'bit':
    case 'varbit':
      return parseBits(text);
    case 'uuid': {
      const [, open, digits, close] = uuidForm.exec(text) ?? [];
      if (!digits || !open !== !close) throw syntax(type, text);
      return digits
        .replaceAll('-', '')
        .toLowerCase()
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    }
    case 'json':
      scanJson(text);
      return text;
    case 'jsonb':
      return printJsonb(parseJsonb(text));
    case 'jsonpath':
      return printJsonPath(parseJsonPath(text));
    case 'list':
      return parseArray(text, type, parseValue);
    case 'struct':
      throw fail('cannot_coerce', 'cannot cast type text to a struct');
    default:
      return text;
  }
}
