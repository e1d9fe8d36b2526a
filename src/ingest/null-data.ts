// A column of nothing but NULL, which holds the place of one that cannot be read.
import { type Data, DataType, makeData, type Utf8 } from 'apache-arrow';

export function nullData(type: DataType, length: number): Data {
  const base = { length, nullCount: length, nullBitmap: new Uint8Array((length + 7) >> 3) };
  if (DataType.isList(type))
    return makeData({ ...base, type, valueOffsets: new Int32Array(length + 1), child: nullData(type.valueType, 0) });
  if (DataType.isStruct(type))
    return makeData({ ...base, type, children: type.children.map((field) => nullData(field.type, length)) });
  if (DataType.isUtf8(type) || DataType.isBinary(type))
    return makeData({ ...base, type: type as Utf8, valueOffsets: new Int32Array(length + 1), data: new Uint8Array(0) });
  if (DataType.isBool(type)) return makeData({ ...base, type, data: new Uint8Array((length + 7) >> 3) });
  // A decimal or an interval takes several words a value.
  const data = new type.ArrayType(length * 4);
  return makeData({ ...base, type, data } as Parameters<typeof makeData>[0]);
}
