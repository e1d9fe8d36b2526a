// Single values ↔ PostgreSQL's binary forms, for types that are not encoded straight from Arrow's buffers.
import {
  absBigInt,
  baseOf,
  bytesOfBits,
  dateInfinity,
  dimensionsOf,
  fail,
  flattened,
  type IntervalValue,
  isArray,
  isInternalChar,
  isOid,
  isProcedureName,
  type ListType,
  lengthsOf,
  type NumericValue,
  oidOf,
  parseTimetzText,
  parseValue,
  printSqlType,
  printTimetz,
  printValue,
  procedureOid,
  type SqlType,
  type StructValue,
  sqlTypeOfOid,
  timestampInfinity,
  type Value,
} from '../../core/index.js';
import { decodeText } from './decode-text.js';

type StructType = Extract<SqlType, { kind: 'struct' }>;

/** 2000-01-01, from which PostgreSQL counts. */
const epochDays = 10957;
const epochMicros = 946_684_800_000_000n;
const numericSigns = {
  positive: 0x0000,
  negative: 0x4000,
  NaN: 0xc000,
  Infinity: 0xd000,
  '-Infinity': 0xf000,
} as const;

function int16(...values: number[]): Buffer {
  const out = Buffer.allocUnsafe(2 * values.length);
  for (const [i, value] of values.entries()) out.writeUInt16BE(value & 0xffff, 2 * i);
  return out;
}

function int32(...values: number[]): Buffer {
  const out = Buffer.allocUnsafe(4 * values.length);
  for (const [i, value] of values.entries()) out.writeInt32BE(value, 4 * i);
  return out;
}

function int64(value: bigint): Buffer {
  const out = Buffer.allocUnsafe(8);
  out.writeBigInt64BE(value);
  return out;
}

/** Groups of four decimal digits around the point, the weight of the first, sign and display scale. */
function encodeNumeric({ unscaled, scale, special }: NumericValue): Buffer {
  if (special) return int16(0, 0, numericSigns[special], 0);
  const padding = (4 - (scale % 4)) % 4;
  const digits = absBigInt(unscaled).toString() + '0'.repeat(padding);
  const groups: number[] = [];
  for (let end = digits.length; end > 0; end -= 4) groups.unshift(Number(digits.slice(Math.max(0, end - 4), end)));
  let weight = groups.length - 1 - (scale + padding) / 4;
  while (groups[0] === 0) {
    groups.shift();
    weight--;
  }
  while (groups.at(-1) === 0) groups.pop();
  if (groups.length === 0) weight = 0;
  return int16(groups.length, weight, unscaled < 0n ? numericSigns.negative : numericSigns.positive, scale, ...groups);
}

function encodeArray(array: readonly Value[], type: SqlType): Buffer {
  const element = baseOf(type);
  const oid = oidOf(element);
  const values = flattened(array, type);
  if (values.length === 0) return int32(0, 0, oid);
  const lengths = lengthsOf(array, type);
  const bounds = lengths.flatMap((length) => [length, 1]);
  const parts = [int32(lengths.length, values.includes(null) ? 1 : 0, oid, ...bounds)];
  for (const value of values) {
    if (value === null) parts.push(int32(-1));
    else {
      const bytes = encodeValue(value, element);
      parts.push(int32(bytes.length), bytes);
    }
  }
  return Buffer.concat(parts);
}

/** `record_send`: how many fields; of each its type's number, its length and its bytes. */
function encodeRecord(value: StructValue, { fields }: StructType): Buffer {
  const parts = [int32(fields.length)];
  for (const [i, { type }] of fields.entries()) {
    const field = value.fields[i]!;
    const oid = oidOf(type);
    if (field === null) parts.push(int32(oid, -1));
    else {
      const bytes = encodeValue(field, type);
      parts.push(int32(oid, bytes.length), bytes);
    }
  }
  return Buffer.concat(parts);
}

export function encodeValue(value: Exclude<Value, null>, type: SqlType): Buffer {
  switch (type.kind) {
    case 'bool':
      return Buffer.of(value ? 1 : 0);
    case 'int1':
    case 'uint1':
    case 'int2':
      return int16(value as number);
    case 'uint2':
    case 'int4':
      return int32(value as number);
    case 'uint4':
    case 'int8':
      if (isOid(type)) return int32(Number(value) | 0);
      return int64(BigInt(value as number | bigint));
    case 'uint8':
      return encodeNumeric({ unscaled: BigInt(value as number | bigint), scale: 0 });
    case 'float4': {
      const out = Buffer.allocUnsafe(4);
      out.writeFloatBE(value as number);
      return out;
    }
    case 'float8': {
      const out = Buffer.allocUnsafe(8);
      out.writeDoubleBE(value as number);
      return out;
    }
    case 'numeric':
      return encodeNumeric(value as NumericValue);
    case 'date': {
      const days = value as number;
      if (Math.abs(days) >= dateInfinity) return int32(days > 0 ? 0x7fffffff : -0x80000000);
      return int32(days - epochDays);
    }
    case 'time':
      return int64(value as bigint);
    case 'timetz': {
      const { time, offset } = parseTimetzText(value as string);
      return Buffer.concat([int64(time), int32(0 - offset)]);
    }
    case 'timestamp':
    case 'timestamptz': {
      const micros = value as bigint;
      if (micros >= timestampInfinity) return int64(timestampInfinity);
      return int64(micros <= -timestampInfinity ? -timestampInfinity - 1n : micros - epochMicros);
    }
    case 'interval': {
      const { months, days, micros } = value as IntervalValue;
      return Buffer.concat([int64(micros), int32(days, months)]);
    }
    case 'bytea':
      return Buffer.from(value as Uint8Array);
    case 'bit':
    case 'varbit':
      return Buffer.concat([int32((value as string).length), bytesOfBits(value as string)]);
    case 'uuid':
      return Buffer.from((value as string).replaceAll('-', ''), 'hex');
    case 'jsonb':
    case 'jsonpath':
      return Buffer.concat([Buffer.of(1), Buffer.from(value as string)]);
    case 'struct':
      if (type.row) return encodeRecord(value as StructValue, type);
      return Buffer.from(printValue(value, type));
    case 'list':
      if (isArray(type)) return encodeArray(value as readonly Value[], type);
      return Buffer.from(printValue(value, type));
    case 'text':
      if (isProcedureName(type)) return int32(Number(procedureOid(value as string, type)));
      // A "char" has one byte, a zero where it is empty.
      return Buffer.from(isInternalChar(type) && value === '' ? '\0' : (value as string));
    default:
      return Buffer.from(printValue(value, type));
  }
}

// ---- reading -----------------------------------------------------------------------------------------------------------

const invalid = (message: string) => fail('invalid_binary_representation', message);

function decodeNumeric(bytes: Buffer): NumericValue {
  if (bytes.length < 8) throw fail('protocol_violation', 'insufficient data left in message');
  const count = bytes.readUInt16BE(0);
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  const scale = bytes.readUInt16BE(6);
  for (const name of ['NaN', 'Infinity', '-Infinity'] as const)
    if (sign === numericSigns[name]) return { unscaled: 0n, scale: 0, special: name };
  if (sign !== numericSigns.positive && sign !== numericSigns.negative)
    throw invalid('invalid sign in external "numeric" value');
  if (scale > 0x3fff) throw invalid('invalid scale in external "numeric" value');
  if (bytes.length < 8 + 2 * count) throw fail('protocol_violation', 'insufficient data left in message');
  if (bytes.length > 8 + 2 * count) throw invalid('incorrect binary data format');
  let text = '';
  for (let i = 0; i < count; i++) {
    const group = bytes.readUInt16BE(8 + 2 * i);
    if (group > 9999) throw invalid('invalid digit in external "numeric" value');
    text += String(group).padStart(4, '0');
  }
  // The last group stands for 10000^(weight - count + 1); digits beyond the scale are cut, as numeric_recv does.
  const shift = scale + 4 * (weight - count + 1);
  const digits = BigInt(text === '' ? '0' : text);
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return { unscaled: sign === numericSigns.negative ? -size : size, scale };
}

const uuidGroups = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;
const sizes: Partial<Record<SqlType['kind'], number>> = {
  bool: 1,
  int2: 2,
  int4: 4,
  int8: 8,
  float4: 4,
  float8: 8,
  date: 4,
  time: 8,
  timetz: 12,
  timestamp: 8,
  timestamptz: 8,
  interval: 16,
  uuid: 16,
};

/** PostgreSQL's limits of arrays: dimensions, elements. */
const mostDimensions = 6;
const mostElements = 134_217_727;

const dayLimits = { least: -2451545, beyond: 2145031949 } as const;

/**
 * A value in the binary form of `type`; `oid` is the declared one, which may be read as another (an oid as a bigint).
 * @throws DiagnosticError 22P03, 08P01, 22021
 */
export function decodeValue(bytes: Buffer, type: SqlType, oid = oidOf(type)): Exclude<Value, null> {
  const size = oid === 26 ? 4 : sizes[type.kind];
  if (size !== undefined && bytes.length < size) throw fail('protocol_violation', 'insufficient data left in message');
  if (size !== undefined && bytes.length > size) throw invalid('incorrect binary data format');
  switch (type.kind) {
    case 'bool':
      return bytes[0] !== 0;
    case 'int2':
      return bytes.readInt16BE();
    case 'int4':
      return bytes.readInt32BE();
    case 'int8':
      return oid === 26 ? BigInt(bytes.readUInt32BE()) : bytes.readBigInt64BE();
    case 'float4':
      return bytes.readFloatBE();
    case 'float8':
      return bytes.readDoubleBE();
    case 'numeric':
      return decodeNumeric(bytes);
    case 'date': {
      const days = bytes.readInt32BE();
      if (days === 0x7fffffff || days === -0x80000000) return days > 0 ? dateInfinity : -dateInfinity;
      if (days < dayLimits.least || days >= dayLimits.beyond)
        throw fail('datetime_field_overflow', 'date out of range');
      return days + epochDays;
    }
    case 'timetz':
      return printTimetz({ time: bytes.readBigInt64BE(0), offset: 0 - bytes.readInt32BE(8) });
    case 'time': {
      const micros = bytes.readBigInt64BE();
      if (micros < 0n || micros > 86_400_000_000n) throw fail('datetime_field_overflow', 'time out of range');
      return micros;
    }
    case 'timestamp':
    case 'timestamptz': {
      const micros = bytes.readBigInt64BE();
      if (micros === timestampInfinity || micros === -timestampInfinity - 1n)
        return micros > 0n ? timestampInfinity : -timestampInfinity;
      if (micros > timestampInfinity - epochMicros) throw fail('datetime_field_overflow', 'timestamp out of range');
      return micros + epochMicros;
    }
    case 'interval':
      return { micros: bytes.readBigInt64BE(0), days: bytes.readInt32BE(8), months: bytes.readInt32BE(12) };
    case 'bytea':
      return new Uint8Array(bytes);
    case 'bit':
    case 'varbit': {
      const length = bytes.length < 4 ? 0 : bytes.readInt32BE(0);
      if (length < 0) throw invalid('invalid length in external bit string');
      const size = 4 + Math.ceil(length / 8);
      if (bytes.length < size) throw fail('protocol_violation', 'insufficient data left in message');
      if (bytes.length > size) throw invalid('incorrect binary data format');
      const bits = Array.from(bytes.subarray(4), (byte) => byte.toString(2).padStart(8, '0')).join('');
      return bits.slice(0, length);
    }
    case 'uuid':
      return bytes.toString('hex').replace(uuidGroups, '$1-$2-$3-$4-$5');
    case 'jsonb':
    case 'jsonpath':
      if (bytes[0] !== 1) throw invalid(`unsupported jsonb version number ${bytes[0] ?? 0}`);
      return parseValue(checkedText(decodeText(bytes.subarray(1))), type)!;
    case 'json':
      return parseValue(checkedText(decodeText(bytes)), type)!;
    case 'text':
    case 'varchar':
    case 'char':
    case 'unknown':
      return checkedText(decodeText(bytes));
    case 'list':
      return decodeArray(bytes, type);
    default:
      throw fail('feature_not_supported', `no binary input function available for type ${printSqlType(type)}`);
  }
}

export function checkedText(text: string): string {
  if (text.includes('\0')) throw fail('character_not_in_repertoire', 'invalid byte sequence for encoding "UTF8": 0x00');
  return text;
}

function decodeArray(bytes: Buffer, type: ListType): Value[] {
  const element = baseOf(type);
  let at = 0;
  const int32At = (): number => {
    if (at + 4 > bytes.length) throw fail('protocol_violation', 'insufficient data left in message');
    at += 4;
    return bytes.readInt32BE(at - 4);
  };
  const dimensions = int32At();
  if (dimensions < 0) throw invalid(`invalid number of dimensions: ${dimensions}`);
  if (dimensions > mostDimensions)
    throw fail(
      'program_limit_exceeded',
      `number of array dimensions (${dimensions}) exceeds the maximum allowed (${mostDimensions})`,
    );
  const flags = int32At();
  if (flags !== 0 && flags !== 1) throw invalid('invalid array flags');
  const oid = int32At();
  const declared = sqlTypeOfOid(oid);
  if (declared === undefined || declared.kind !== element.kind)
    throw fail(
      'datatype_mismatch',
      `binary data has array element type ${oid} (${declared ? printSqlType(declared) : '???'}) instead of expected ${oidOf(element)} (${printSqlType(element)})`,
    );
  if (dimensions > 1 && dimensions !== dimensionsOf(type))
    throw fail('feature_not_supported', 'an array of several dimensions does not fit here', {
      detail: `${dimensions} dimensions came where there are ${dimensionsOf(type)}.`,
    });
  const lengths: number[] = [];
  for (let i = 0; i < dimensions; i++) {
    const length = int32At();
    if (length < 0) throw fail('program_limit_exceeded', `array size exceeds the maximum allowed (${mostElements})`);
    lengths.push(length);
    if (int32At() !== 1 && length > 0)
      throw fail('feature_not_supported', 'arrays begin at 1 here: other lower bounds are not supported');
  }
  // Each element has a length at least: what says that there are more is not made room for.
  if (4 * lengths.reduce((product, length) => product * length, 1) > bytes.length - at && dimensions > 0)
    throw fail('protocol_violation', 'insufficient data left in message');
  const value = (): Value => {
    const length = int32At();
    if (length === -1) return null;
    if (length < 0 || at + length > bytes.length) throw invalid('insufficient data left in message');
    at += length;
    return decodeValue(bytes.subarray(at - length, at), element, oid);
  };
  const rows = (depth: number): Value[] =>
    Array.from({ length: lengths[depth]! }, () => (depth + 1 < lengths.length ? rows(depth + 1) : value()));
  const values = dimensions === 0 || lengths.includes(0) ? [] : rows(0);
  if (at !== bytes.length) throw invalid('incorrect binary data format');
  return values;
}
