// Arrow data as plain buffers that start at row 0: what a partition stores and what statistics are taken of.
import { type Data, DataType } from 'apache-arrow';

/** One array without its children's rows outside [0, length): offsets start at 0, bitmaps at bit 0. */
export interface FlatArray {
  readonly type: DataType;
  readonly length: number;
  readonly nullCount: number;
  /** Empty where nothing is NULL. */
  readonly validity: Uint8Array;
  /** `length + 1` entries, for text, binary and lists. */
  readonly offsets?: Int32Array;
  /** Fixed-width values, bits, or the bytes of text; absent on lists and structs. */
  readonly values?: Uint8Array;
  readonly children: readonly FlatArray[];
}

const none = new Uint8Array(0);

/** Copies only where `data` is a slice. Takes the types of `toArrowType` (no views, dictionaries or 64-bit offsets). */
export function flattenData(data: Data): FlatArray {
  const { type, length } = data;
  const nullCount = data.nullCount;
  const validity = nullCount > 0 ? bitsFrom(data.nullBitmap, data.offset, length) : none;
  const base = { type, length, nullCount, validity };
  if (DataType.isBool(type)) return { ...base, values: bitsFrom(data.values, data.offset, length), children: [] };
  if (DataType.isUtf8(type) || DataType.isBinary(type) || DataType.isList(type)) {
    const offsets = length === 0 ? new Int32Array(1) : rebased(data.valueOffsets.subarray(0, length + 1));
    const first = length === 0 ? 0 : data.valueOffsets[0]!;
    const count = offsets[length]!;
    if (!DataType.isList(type))
      return { ...base, offsets, values: data.values.subarray(first, first + count), children: [] };
    const child = data.children[0]!;
    const whole = first === 0 && child.length === count;
    return { ...base, offsets, children: [flattenData(whole ? child : child.slice(first, count))] };
  }
  if (DataType.isStruct(type))
    return {
      ...base,
      children: data.children.map((child) => flattenData(child.length === length ? child : child.slice(0, length))),
    };
  const values: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number } = data.values;
  return {
    ...base,
    values: new Uint8Array(values.buffer, values.byteOffset, length * data.stride * values.BYTES_PER_ELEMENT),
    children: [],
  };
}

function rebased(offsets: Int32Array): Int32Array {
  const first = offsets[0]!;
  return first === 0 ? offsets : offsets.map((offset) => offset - first);
}

/** `length` bits from bit `start`, the bits behind them cleared. */
function bitsFrom(bits: Uint8Array, start: number, length: number): Uint8Array {
  const size = (length + 7) >> 3;
  const shift = start & 7;
  const first = start >> 3;
  const spare = size * 8 - length;
  if (shift === 0 && (spare === 0 || (bits[first + size - 1]! & (0xff << (8 - spare)) & 0xff) === 0))
    return bits.subarray(first, first + size);
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) out[i] = (bits[first + i]! >> shift) | ((bits[first + i + 1] ?? 0) << (8 - shift));
  if (spare > 0) out[size - 1]! &= 0xff >> spare;
  return out;
}

/** In the order of Arrow's IPC format, which is also that of `BufferPlace`: depth first, validity, offsets, values. */
export function buffersOf(array: FlatArray, into: Uint8Array[] = []): Uint8Array[] {
  into.push(array.validity);
  if (array.offsets)
    into.push(new Uint8Array(array.offsets.buffer, array.offsets.byteOffset, array.offsets.byteLength));
  if (array.values) into.push(array.values);
  for (const child of array.children) buffersOf(child, into);
  return into;
}

/** How many buffers a column of this type has. */
export function bufferCountOf(type: DataType): number {
  if (DataType.isList(type)) return 2 + bufferCountOf(type.valueType);
  if (DataType.isStruct(type)) return type.children.reduce((sum, field) => sum + bufferCountOf(field.type), 1);
  return DataType.isUtf8(type) || DataType.isBinary(type) ? 3 : 2;
}
