// How a column of each type lies in buffers, in partitions and in results alike: Arrow's layout, depth first.
import { isDecimal, type SqlType } from '../sql-type.js';

/** Validity bits, 32-bit offsets, bit-packed values, bytes addressed by offsets, or values of a fixed width in bytes. */
export type BufferRole = 'validity' | 'offsets' | 'bits' | 'bytes' | number;

/** Bytes per value; `bits` for bool, undefined for variable or nested types. */
export function valueWidth(type: SqlType): number | 'bits' | undefined {
  switch (type.kind) {
    case 'bool':
      return 'bits';
    case 'int1':
    case 'uint1':
      return 1;
    case 'int2':
    case 'uint2':
      return 2;
    case 'int4':
    case 'uint4':
    case 'float4':
    case 'date':
      return 4;
    case 'int8':
    case 'uint8':
    case 'float8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return 8;
    case 'numeric':
      return isDecimal(type) ? 16 : undefined;
    case 'interval':
      return 16;
    default:
      return undefined;
  }
}

/** The roles of a column's buffers, in order: validity first at each level, then offsets, then values or the children's buffers. */
export function bufferRoles(type: SqlType): BufferRole[] {
  switch (type.kind) {
    case 'list':
      return ['validity', 'offsets', ...bufferRoles(type.element)];
    case 'struct':
      return ['validity', ...type.fields.flatMap((field) => bufferRoles(field.type))];
    default: {
      const width = valueWidth(type);
      return width === undefined ? ['validity', 'offsets', 'bytes'] : ['validity', width];
    }
  }
}
