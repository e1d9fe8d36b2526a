// How numbers lie in a manifest section: typed arrays one after the other, 8-byte aligned, a constant array as one value.

export type NumberArray = Uint8Array | Uint32Array | Float32Array | Float64Array | Uint16Array;

/** By their number in the format: new ones come last. */
const constructors = [Uint8Array, Uint32Array, Float32Array, Float64Array, Uint16Array] as const;

export interface PackedArray {
  readonly length: number;
  /** All of them, or one value that stands for all. */
  readonly values: NumberArray;
}

const padded = (n: number) => (n + 7) & ~7;

/** Layout of each: type, 1 if constant, two zero bytes, count (u32, little-endian), values. */
export function packArrays(arrays: readonly NumberArray[]): Uint8Array {
  const stored = arrays.map((array) => (isConstant(array) ? array.subarray(0, 1) : array));
  const bytes = new Uint8Array(stored.reduce((sum, array) => sum + 8 + padded(array.byteLength), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [a, array] of arrays.entries()) {
    const kept = stored[a]!;
    bytes[at] = constructors.findIndex((Type) => array instanceof Type);
    bytes[at + 1] = kept.length < array.length ? 1 : 0;
    view.setUint32(at + 4, array.length, true);
    bytes.set(new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength), at + 8);
    at += 8 + padded(kept.byteLength);
  }
  return bytes;
}

/** Views into `bytes` where they are aligned. The caller has checked the section's checksum. */
export function unpackArrays(bytes: Uint8Array): PackedArray[] {
  const source = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const arrays: PackedArray[] = [];
  for (let at = 0; at < source.length; ) {
    const Type = constructors[source[at]!]!;
    const length = view.getUint32(at + 4, true);
    const count = source[at + 1] === 1 ? 1 : length;
    const values: NumberArray = new Type(source.buffer as ArrayBuffer, source.byteOffset + at + 8, count);
    arrays.push({ length, values });
    at += 8 + padded(count * Type.BYTES_PER_ELEMENT);
  }
  return arrays;
}

function isConstant(array: NumberArray): boolean {
  if (array.length < 2) return false;
  const first = array[0]!;
  for (let i = 1; i < array.length; i++) if (!Object.is(array[i], first)) return false;
  return true;
}

export function toFloat64({ length, values }: PackedArray): Float64Array {
  if (values instanceof Float64Array && values.length === length) return values;
  return values.length === length ? Float64Array.from(values) : new Float64Array(length).fill(values[0]!);
}

export function toUint32({ length, values }: PackedArray): Uint32Array {
  if (values instanceof Uint32Array && values.length === length) return values;
  return values.length === length ? Uint32Array.from(values) : new Uint32Array(length).fill(values[0]!);
}

export function toUint8({ length, values }: PackedArray): Uint8Array {
  if (values instanceof Uint8Array && values.length === length) return values;
  return values.length === length ? Uint8Array.from(values) : new Uint8Array(length).fill(values[0]!);
}

export function toUint16({ length, values }: PackedArray): Uint16Array {
  if (values instanceof Uint16Array && values.length === length) return values;
  return values.length === length ? Uint16Array.from(values) : new Uint16Array(length).fill(values[0]!);
}
