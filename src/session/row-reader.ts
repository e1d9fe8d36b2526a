// Arrow batches back to single values, for what prints or sends rows.
import { type Data, DataType, type RecordBatch } from 'apache-arrow';
import { parseNumeric, type SqlType, type Value } from '../core/index.js';

type Reader = (row: number) => Value;

/** Reads one column; row numbers count from the batch's start. */
export function valueReader(data: Data, type: SqlType): Reader {
  const read = plainReader(data, type);
  const { nullBitmap: validity, offset } = data;
  if (data.nullCount === 0 || !validity || validity.length === 0) return read;
  return (row) => ((validity[(row + offset) >> 3]! >> ((row + offset) & 7)) & 1 ? read(row) : null);
}

function plainReader(data: Data, type: SqlType): Reader {
  const { values, valueOffsets, offset } = data;
  const arrowType: DataType = data.type;
  if (DataType.isNull(arrowType)) return () => null;
  switch (type.kind) {
    case 'bool':
      return (row) => (((values as Uint8Array)[(row + offset) >> 3]! >> ((row + offset) & 7)) & 1) === 1;
    case 'date':
    case 'int1':
    case 'int2':
    case 'int4':
    case 'uint1':
    case 'uint2':
    case 'uint4':
    case 'float4':
    case 'float8':
      return (row) => (values as Float64Array)[row]!;
    case 'int8':
    case 'uint8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return (row) => (values as BigInt64Array)[row]!;
    case 'numeric': {
      if (DataType.isUtf8(arrowType)) {
        const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
        return (row) => parseNumeric(bytes.toString('latin1', valueOffsets[row], valueOffsets[row + 1]))!;
      }
      const words = values as Uint32Array;
      const scale = (arrowType as { scale?: number }).scale ?? 0;
      return (row) => {
        const at = row * 4;
        const low = (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!);
        const high = BigInt.asIntN(64, (BigInt(words[at + 3]!) << 32n) | BigInt(words[at + 2]!));
        return { unscaled: (high << 64n) | low, scale };
      };
    }
    case 'interval': {
      const bytes = values as unknown as Int32Array;
      return (row) => {
        const at = row * 4;
        const nanos = (BigInt(bytes[at + 3]!) << 32n) | BigInt(bytes[at + 2]! >>> 0);
        return { months: bytes[at]!, days: bytes[at + 1]!, micros: nanos / 1000n };
      };
    }
    case 'bytea':
      return (row) => (values as Uint8Array).slice(Number(valueOffsets[row]), Number(valueOffsets[row + 1]));
    case 'list': {
      const child = valueReader(data.children[0]!, type.element);
      return (row) => {
        const list: Value[] = [];
        for (let i = valueOffsets[row]!; i < valueOffsets[row + 1]!; i++) list.push(child(i));
        return list;
      };
    }
    case 'struct': {
      const children = type.fields.map((field, i) => valueReader(data.children[i]!, field.type));
      return (row) => ({ fields: children.map((child) => child(row)) });
    }
    default: {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      return (row) => bytes.toString('utf8', Number(valueOffsets[row]), Number(valueOffsets[row + 1]));
    }
  }
}

/** Rows of a batch, column by column readers made once. */
export function* rowsOf(batch: RecordBatch, columnTypes: readonly SqlType[]): Iterable<Value[]> {
  const readers = columnTypes.map((type, i) => valueReader(batch.data.children[i]!, type));
  for (let row = 0; row < batch.numRows; row++) yield readers.map((read) => read(row));
}
