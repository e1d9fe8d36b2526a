// Single values as bytes: constants of a program. The type is known from the instruction and not repeated.
import type { NumericValue, StructValue, Value } from '../registry/index.js';
import type { SqlType } from '../sql-type.js';
import { integerRanges } from '../value/number-type.js';
import type { ByteReader, ByteWriter } from './bytes.js';

export function writeValue(out: ByteWriter, type: SqlType, value: Value): void {
  out.u8(value === null ? 0 : 1);
  if (value === null) return;
  switch (type.kind) {
    case 'bool':
      out.u8(value === true ? 1 : 0);
      break;
    case 'int1':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'uint1':
    case 'uint2':
    case 'uint4':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      out.i64(BigInt(value as number | bigint));
      break;
    case 'uint8':
      out.i64(BigInt.asIntN(64, BigInt(value as number | bigint)));
      break;
    case 'float4':
    case 'float8':
      out.f64(value as number);
      break;
    case 'numeric': {
      const { unscaled, scale, special } = value as NumericValue;
      if (special) throw new Error(`no fragment constant for numeric ${special}`);
      out.u16(scale & 0xffff);
      out.i64(BigInt.asIntN(64, unscaled));
      out.i64(unscaled >> 64n);
      break;
    }
    case 'bytea':
      out.blob(value as Uint8Array);
      break;
    case 'list': {
      const elements = value as readonly Value[];
      out.u32(elements.length);
      for (const element of elements) writeValue(out, type.element, element);
      break;
    }
    case 'struct':
      for (const [i, field] of (value as StructValue).fields.entries()) writeValue(out, type.fields[i]!.type, field);
      break;
    case 'interval':
      throw new Error('no fragment constant for interval');
    default:
      out.text(value as string);
      break;
  }
}

const int64Max = (1n << 63n) - 1n;

export function readValue(input: ByteReader, type: SqlType): Value {
  input.spend(1);
  if (input.u8() === 0) return null;
  switch (type.kind) {
    case 'bool':
      return input.u8() !== 0;
    case 'int1':
    case 'int2':
    case 'int4':
    case 'uint1':
    case 'uint2':
    case 'uint4':
    case 'date': {
      const value = input.i64();
      const [low, high] = integerRanges[type.kind === 'date' ? 'int4' : type.kind];
      if (value < low || value > high) throw input.malformed('integer constant out of range');
      return Number(value);
    }
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return input.i64();
    case 'uint8':
      return BigInt.asUintN(64, input.i64());
    case 'float4':
      return Math.fround(input.f64());
    case 'float8':
      return input.f64();
    case 'numeric': {
      const scale = (input.u16() << 16) >> 16;
      if (Math.abs(scale) > 1000) throw input.malformed('numeric scale out of range');
      const low = input.i64() & ((int64Max << 1n) | 1n);
      return { unscaled: (input.i64() << 64n) | low, scale };
    }
    case 'bytea':
      return input.blob().slice();
    case 'list': {
      const count = input.count(1, 32);
      const elements: Value[] = [];
      for (let i = 0; i < count; i++) elements.push(readValue(input, type.element));
      return elements;
    }
    case 'struct':
      return { fields: type.fields.map((field) => readValue(input, field.type)) };
    case 'interval':
    case 'unknown':
      throw input.malformed(`no constants of type ${type.kind}`);
    default:
      return input.text();
  }
}
