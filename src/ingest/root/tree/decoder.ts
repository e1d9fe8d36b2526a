// From baskets to Arrow data: in bulk where entries are plain numbers, value by value elsewhere.
import * as arrow from 'apache-arrow';
import { Cursor } from '../container/cursor.js';
import { Malformed } from '../container/malformed.js';
import type { Primitive, TextType } from '../object/type-name.js';
import type { Basket } from './basket.js';
import {
  listData,
  listType,
  primitiveData,
  primitiveSpecs,
  stringLength,
  swapBytes,
  textData,
  type ValueNode,
} from './value-node.js';

/** Entries `from` (inclusive) to `to` of one basket. */
export interface Chunk {
  readonly basket: Basket;
  /** Its number in the branch, and its first entry. */
  readonly index: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
  /** Elements of the basket's entries 0 … `to`, where only a counter branch knows them. */
  readonly counts?: Int32Array;
}

export interface Decoder {
  readonly type: arrow.DataType;
  /** Leaf whose values count the elements, where baskets carry no entry offsets. */
  readonly counter?: string;
  decode(chunks: readonly Chunk[]): arrow.Data;
}

const product = (dimensions: readonly number[]): number => dimensions.reduce((a, b) => a * b, 1);

/** Wraps values in lists of fixed lengths, innermost last. */
function nestFixed(data: arrow.Data, dimensions: readonly number[]): arrow.Data {
  let nested = data;
  for (const count of [...dimensions].reverse()) {
    if (count === 0) throw new Malformed('an array of length 0');
    const length = nested.length / count;
    nested = listData(
      nested,
      Int32Array.from({ length: length + 1 }, (_, i) => i * count),
    );
  }
  return nested;
}

function nestType(type: arrow.DataType, dimensions: readonly number[]): arrow.DataType {
  return dimensions.reduceRight<arrow.DataType>((inner) => listType(inner), type);
}

function toValues(primitive: Primitive, bytes: Buffer): arrow.Data {
  const { size, wrap } = primitiveSpecs[primitive];
  swapBytes(bytes, size);
  return primitiveData(primitive, wrap(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / size));
}

/** One number, or a fixed array of them, per entry; `stride` and `offset` in bytes where several leaves share a branch. */
export function flatDecoder(
  primitive: Primitive,
  dimensions: readonly number[],
  stride: number,
  offset: number,
): Decoder {
  const { size, arrow: type } = primitiveSpecs[primitive];
  const width = size * product(dimensions);
  return {
    type: nestType(type(), dimensions),
    decode(chunks) {
      const entries = chunks.reduce((sum, c) => sum + c.to - c.from, 0);
      for (const { basket } of chunks) {
        if (basket.data.length !== basket.entries * stride)
          throw new Malformed(`${basket.entries} entries of ${stride} bytes in ${basket.data.length}`);
      }
      const out = Buffer.allocUnsafeSlow(entries * width);
      let at = 0;
      for (const { basket, from, to } of chunks) {
        if (stride === width) at += basket.data.copy(out, at, from * stride, to * stride);
        else
          for (let i = from; i < to; i++)
            at += basket.data.copy(out, at, i * stride + offset, i * stride + offset + width);
      }
      return nestFixed(toValues(primitive, out), dimensions);
    },
  };
}

/** Where each entry of a chunk starts; from the basket, or from the counter. */
function entryBounds({ basket, to, counts }: Chunk, width: number): Int32Array {
  if (basket.offsets) return basket.offsets;
  if (!counts) throw new Malformed('entries of varying size without offsets');
  const bounds = new Int32Array(to + 1);
  for (let i = 0; i < to; i++) bounds[i + 1] = bounds[i]! + counts[i]! * width;
  if (bounds[to]! > basket.data.length)
    throw new Malformed(`counts ask for ${bounds[to]} of ${basket.data.length} bytes`);
  return bounds;
}

/**
 * A varying number of elements per entry, side by side after `header` bytes; each a number or a fixed array.
 */
export function jaggedDecoder(
  primitive: Primitive,
  dimensions: readonly number[],
  options: { header: number; counter?: string | undefined },
): Decoder {
  const { size, arrow: type } = primitiveSpecs[primitive];
  const width = size * product(dimensions);
  const { header, counter } = options;
  return {
    type: listType(nestType(type(), dimensions)),
    ...(counter !== undefined && { counter }),
    decode(chunks) {
      const entries = chunks.reduce((sum, c) => sum + c.to - c.from, 0);
      const offsets = new Int32Array(entries + 1);
      let bytes = 0;
      for (const { basket } of chunks) bytes += basket.data.length;
      const out = Buffer.allocUnsafeSlow(bytes);
      let at = 0;
      let entry = 0;
      for (const chunk of chunks) {
        const { basket, from, to } = chunk;
        const bounds = entryBounds(chunk, width);
        if (header === 0) {
          const start = bounds[from]!;
          const shift = at - start;
          const bits = Math.log2(width);
          let odd = 0;
          if (Number.isInteger(bits)) {
            for (let i = from; i < to; i++) {
              const end = bounds[i + 1]! + shift;
              odd |= end & (width - 1);
              offsets[++entry] = end >> bits;
            }
          } else {
            for (let i = from; i < to; i++) {
              const end = bounds[i + 1]! + shift;
              odd |= end % width;
              offsets[++entry] = end / width;
            }
          }
          if (odd !== 0) throw new Malformed(`entries that are not whole elements of ${width} bytes`);
          at += basket.data.copy(out, at, start, bounds[to]!);
        } else {
          for (let i = from; i < to; i++) {
            const start = bounds[i]! + header;
            const end = bounds[i + 1]!;
            if (end > start) {
              if ((end - start) % width !== 0)
                throw new Malformed(`entry ${i} has ${end - start} bytes, elements ${width}`);
              if (header === 10 && basket.data.readInt32BE(start - 4) * width !== end - start) {
                throw new Malformed(
                  `entry ${i} counts ${basket.data.readInt32BE(start - 4)} elements in ${end - start} bytes`,
                );
              }
              at += basket.data.copy(out, at, start, end);
            }
            offsets[++entry] = at / width;
          }
        }
      }
      return listData(nestFixed(toValues(primitive, out.subarray(0, at)), dimensions), offsets);
    },
  };
}

/** `x/C`: a length byte (or 255 and 32 bits), then the text. */
export function textDecoder(kind: TextType): Decoder {
  return {
    type: kind === 'utf8' ? new arrow.Utf8() : new arrow.Binary(),
    decode(chunks) {
      const entries = chunks.reduce((sum, c) => sum + c.to - c.from, 0);
      const offsets = new Int32Array(entries + 1);
      const parts: Buffer[] = [];
      let at = 0;
      let entry = 0;
      for (const { basket, from, to } of chunks) {
        const { data } = basket;
        const cursor = new Cursor(data);
        // Strings carry their length, so offsets only help to start in the middle.
        if (basket.offsets) cursor.moveTo(basket.offsets[from]!);
        else for (let i = 0; i < from; i++) cursor.take(stringLength(cursor));
        for (let i = from; i < to; i++) {
          const bytes = cursor.slice(stringLength(cursor));
          parts.push(bytes);
          at += bytes.length;
          offsets[++entry] = at;
          if (basket.offsets && cursor.position !== basket.offsets[i + 1])
            throw new Malformed(`text ${i} is not as long as its entry`);
        }
      }
      return textData(kind, Buffer.concat(parts, at), offsets);
    },
  };
}

/** Any other value: a fresh node collects all entries. Each entry must be used up exactly. */
export function nodeDecoder(make: () => ValueNode, prefix?: (cursor: Cursor) => void): Decoder {
  return {
    type: make().type,
    decode(chunks) {
      const node = make();
      for (const { basket, from, to } of chunks) {
        const { data, offsets } = basket;
        const cursor = new Cursor(data);
        if (!offsets) cursor.moveTo(from === 0 ? 0 : sizeOfEntry(data, basket.entries) * from);
        for (let i = from; i < to; i++) {
          if (offsets) {
            cursor.limit = offsets[i + 1]!;
            cursor.moveTo(offsets[i]!);
          } else {
            const size = sizeOfEntry(data, basket.entries);
            cursor.limit = (i + 1) * size;
          }
          prefix?.(cursor);
          node.read(cursor);
          if (cursor.position !== cursor.limit)
            throw new Malformed(`entry ${i} has ${cursor.limit - cursor.position} bytes too many`);
        }
      }
      return node.finish();
    },
  };
}

function sizeOfEntry(data: Buffer, entries: number): number {
  const size = data.length / entries;
  if (!Number.isInteger(size)) throw new Malformed('entries of varying size without offsets');
  return size;
}
