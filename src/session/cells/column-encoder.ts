// Picks the encoder of a column: by what lies in Arrow's buffers, what type the client was told, and the format it asked for.
import { type Data, DataType } from 'apache-arrow';
import { printValue, type SqlType, type Value } from '../../core/index.js';
import { valueReader } from '../row-reader.js';
import { BoolEncoder, BytesEncoder, IntegerBinary, SwappedBinary, WidenedBinary } from './bytes-encoders.js';
import { type CellEncoder, type CellFormat, type Nulls, ScratchEncoder } from './cell-encoder.js';
import { Float4Text, Float8Text } from './float-text.js';
import { BigintText, IntegerText } from './integer-text.js';
import { encodeValue } from './value-binary.js';

/** Whatever has no faster way: value by value. */
class ValueEncoder extends ScratchEncoder {
  readonly #read: (row: number) => Value;
  readonly #encode: (value: Exclude<Value, null>) => string | Uint8Array;

  constructor(
    nulls: Nulls | undefined,
    read: (row: number) => Value,
    encode: (value: Exclude<Value, null>) => string | Uint8Array,
  ) {
    super(nulls);
    this.#read = read;
    this.#encode = encode;
  }

  protected put(row: number, at: number): number {
    const encoded = this.#encode(this.#read(row)!);
    if (typeof encoded === 'string') {
      this.reserve(at + 3 * encoded.length);
      return at + this.scratch.write(encoded, at);
    }
    this.reserve(at + encoded.length);
    this.scratch.set(encoded, at);
    return at + encoded.length;
  }
}

function nullsOf(data: Data): Nulls | undefined {
  const { nullBitmap, nullCount, offset, length, type } = data;
  if (DataType.isNull(type)) return { bitmap: new Uint8Array((length >> 3) + 1), offset: 0 };
  return nullCount === 0 || !nullBitmap || nullBitmap.length === 0 ? undefined : { bitmap: nullBitmap, offset };
}

/** An encoder of the column's cells; rows count from the start of `data`. */
export function columnEncoder(data: Data, type: SqlType, format: CellFormat): CellEncoder {
  const nulls = nullsOf(data);
  const { values, offset } = data;
  const binary = format === 'binary';
  const arrowType: DataType = data.type;
  if (!DataType.isNull(arrowType)) {
    switch (type.kind) {
      case 'bool':
        return new BoolEncoder(values as Uint8Array, offset, nulls, binary);
      case 'int1':
      case 'uint1':
      case 'int2':
        return binary ? new IntegerBinary(values, nulls, 2) : new IntegerText(values, nulls);
      case 'uint2':
      case 'int4':
        return binary ? new IntegerBinary(values, nulls, 4) : new IntegerText(values, nulls);
      case 'uint4':
        return binary ? new WidenedBinary(values, nulls) : new IntegerText(values, nulls);
      case 'int8':
        if (binary && (type.as === 'oid' || type.as === 'xid')) break;
        return binary ? new SwappedBinary(values, nulls, 8) : new BigintText(values as BigInt64Array, nulls);
      case 'uint8':
        if (binary) break;
        return new BigintText(values as BigUint64Array, nulls);
      case 'float4':
        return binary ? new SwappedBinary(values, nulls, 4) : new Float4Text(values as Float32Array, nulls);
      case 'float8':
        return binary ? new SwappedBinary(values, nulls, 8) : new Float8Text(values as Float64Array, nulls);
      case 'unknown':
      case 'text':
      case 'varchar':
      case 'char':
      case 'json':
      case 'jsonb':
      case 'jsonpath':
        if (!DataType.isUtf8(arrowType)) break;
        return new BytesEncoder(
          values,
          data.valueOffsets,
          nulls,
          true,
          binary && /^json[bp]/.test(type.kind) ? [1] : [],
        );
      case 'numeric':
      case 'uuid':
        if (binary || !DataType.isUtf8(arrowType)) break;
        return new BytesEncoder(values, data.valueOffsets, nulls, true);
      case 'bytea':
        if (!binary || !DataType.isBinary(arrowType)) break;
        return new BytesEncoder(values, data.valueOffsets, nulls, false);
    }
  }
  const encode = binary
    ? (value: Exclude<Value, null>) => encodeValue(value, type)
    : (value: Exclude<Value, null>) => printValue(value, type);
  return new ValueEncoder(nulls, valueReader(data, type), encode);
}
