// SQL types as bytes, shared by fragments and their results: one kind byte, then its parameters.
import { isDecimal, listOf, type SqlType, type StructField, type TypeKind, types } from '../sql-type.js';
import type { ByteReader, ByteWriter } from './bytes.js';

/** Never change one: stored nowhere, but storage daemons may run another version of the kernel. */
const codes: Readonly<Record<TypeKind, number>> = {
  unknown: 0,
  bool: 1,
  int1: 2,
  int2: 3,
  int4: 4,
  int8: 5,
  uint1: 6,
  uint2: 7,
  uint4: 8,
  uint8: 9,
  float4: 10,
  float8: 11,
  numeric: 12,
  text: 13,
  varchar: 14,
  char: 15,
  bytea: 16,
  date: 17,
  time: 18,
  timestamp: 19,
  timestamptz: 20,
  interval: 21,
  uuid: 22,
  json: 23,
  jsonb: 24,
  list: 25,
  struct: 26,
  bit: 27,
  varbit: 28,
  timetz: 29,
  jsonpath: 30,
};
const kinds = new Map(Object.entries(codes).map(([kind, code]) => [code, kind as TypeKind]));

const absent = 0xff;
const maxDepth = 16;
const maxFields = 4096;

export function writeType(out: ByteWriter, type: SqlType): void {
  out.u8(codes[type.kind]);
  switch (type.kind) {
    case 'numeric':
      // One that travels as text has no precision here.
      out.u8(isDecimal(type) ? type.precision : absent);
      out.u16(isDecimal(type) ? (type.scale ?? 0) : 0);
      break;
    case 'varchar':
    case 'char':
    case 'bit':
    case 'varbit':
      out.u32(type.length ?? 0xffffffff);
      break;
    case 'list':
      writeType(out, type.element);
      break;
    case 'struct':
      out.u16(type.fields.length);
      for (const field of type.fields) {
        out.text(field.name);
        writeType(out, field.type);
      }
      break;
  }
}

/** The nesting is bounded, so hostile input cannot exhaust the stack. */
export function readType(input: ByteReader, depth = 0): SqlType {
  if (depth > maxDepth) throw input.malformed('type nested too deeply');
  const kind = kinds.get(input.u8());
  switch (kind) {
    case undefined:
      throw input.malformed('unknown type code');
    case 'numeric': {
      const precision = input.u8();
      const scale = (input.u16() << 16) >> 16;
      return precision === absent ? types.numeric : { kind, precision, scale };
    }
    case 'varchar':
    case 'char':
    case 'bit':
    case 'varbit': {
      const length = input.u32();
      return length === 0xffffffff ? { kind } : { kind, length };
    }
    case 'list':
      return listOf(readType(input, depth + 1));
    case 'struct': {
      const count = input.u16();
      if (count > maxFields) throw input.malformed('too many struct fields');
      const fields: StructField[] = [];
      for (let i = 0; i < count; i++) {
        const name = input.text();
        fields.push({ name, type: readType(input, depth + 1) });
        input.spend(1);
      }
      return { kind, fields };
    }
    default:
      return types[kind];
  }
}
