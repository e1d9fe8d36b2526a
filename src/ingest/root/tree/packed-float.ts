// Float16_t and Double32_t: floats packed as their leaf's title says (ROOT: TBufferFile::ReadFloat16, ReadDouble32; TStreamerElement's GetRange).
import * as arrow from 'apache-arrow';
import { Cursor } from '../container/cursor.js';
import { Malformed } from '../container/malformed.js';
import type { Chunk, Decoder } from './decoder.js';
import { Unsupported } from './unsupported.js';
import { listData, listType, type ValueNode } from './value-node.js';

export interface Packing {
  readonly result: 'float32' | 'float64';
  /** Bytes of one stored value. */
  readonly size: number;
  readonly read: (bytes: Buffer, offset: number) => number;
}

/** Of a member of a class: 9 is Double32_t, 19 Float16_t, and 20 and 40 more are arrays of them. */
export function packedKind({ type }: { readonly type: number }): 'Float16' | 'Double32' | undefined {
  if (!(type > 0 && type < 60)) return undefined;
  return type % 20 === 19 ? 'Float16' : type % 20 === 9 ? 'Double32' : undefined;
}

const named: Record<string, number> = {
  pi: Math.PI,
  '-pi': -Math.PI,
  '2pi': 2 * Math.PI,
  '2*pi': 2 * Math.PI,
  twopi: 2 * Math.PI,
  '-2pi': -2 * Math.PI,
  '-2*pi': -2 * Math.PI,
  'pi/2': Math.PI / 2,
  '-pi/2': -Math.PI / 2,
  'pi/4': Math.PI / 4,
  '-pi/4': -Math.PI / 4,
};

function bound(text: string): number {
  const value = named[text.trim().toLowerCase()] ?? Number(text);
  if (Number.isNaN(value)) throw new Unsupported(`its range has the bound "${text}"`);
  return value;
}

/** `title` holds `[min,max]` or `[min,max,bits]` as its last bracket with a comma, or nothing. */
export function packingOf(kind: 'Float16' | 'Double32', title: string): Packing {
  const result = kind === 'Float16' ? 'float32' : 'float64';
  const range = [...title.matchAll(/\[([^\][]*,[^\][]*)\]/g)].at(-1)?.[1]?.split(',');
  const round = kind === 'Float16' ? Math.fround : (value: number) => value;
  if (range) {
    const min = bound(range[0]!);
    const max = bound(range[1]!);
    const bits = range[2] === undefined ? 32 : Number(range[2]);
    if (!(bits >= 2 && bits <= 32)) throw new Unsupported(`its range has ${range[2]} bits`);
    if (min < max) {
      const steps = bits < 32 ? 2 ** bits : 0xffff_ffff;
      const factor = steps / (max - min);
      return { result, size: 4, read: (bytes, offset) => round(bytes.readUInt32BE(offset) / factor + min) };
    }
    if (bits < 15) return mantissa(result, bits);
  }
  if (kind === 'Float16') return mantissa(result, 12);
  return { result, size: 4, read: (bytes, offset) => bytes.readFloatBE(offset) };
}

const scratch = new DataView(new ArrayBuffer(4));

/** Exponent in one byte, then sign and `bits` of mantissa in two. */
function mantissa(result: Packing['result'], bits: number): Packing {
  const sign = 1 << (bits + 1);
  return {
    result,
    size: 3,
    read(bytes, offset) {
      const man = bytes.readUInt16BE(offset + 1);
      scratch.setInt32(0, (bytes[offset]! << 23) | ((man & (sign - 1)) << (23 - bits)));
      const value = scratch.getFloat32(0);
      return man & sign ? -value : value;
    },
  };
}

/** One packed value or a fixed array per entry, or as many as the entry holds where `jagged` (after `header` bytes). */
export function packedDecoder(
  packing: Packing,
  dimensions: readonly number[],
  jagged: false | { readonly header: number },
): Decoder {
  const { size, read } = packing;
  const scalar = packing.result === 'float32' ? new arrow.Float32() : new arrow.Float64();
  const per = dimensions.reduce((a, b) => a * b, 1);
  const fixedType = dimensions.reduceRight<arrow.DataType>((inner) => listType(inner), scalar);
  return {
    type: jagged ? listType(fixedType) : fixedType,
    decode(chunks: readonly Chunk[]) {
      const values: number[] = [];
      const offsets = [0];
      for (const { basket, from, to } of chunks) {
        const { data } = basket;
        for (let i = from; i < to; i++) {
          const start = jagged ? (basket.offsets?.[i] ?? Number.NaN) + jagged.header : i * per * size;
          const end = jagged ? (basket.offsets?.[i + 1] ?? Number.NaN) : start + per * size;
          if (!(end <= data.length) || (end > start && (end - start) % (per * size) !== 0))
            throw new Malformed(`entry ${i} of packed floats has ${end - start} bytes`);
          const cursor = new Cursor(data, Math.min(start, end), end);
          while (cursor.left > 0) values.push(read(data, cursor.take(size)));
          offsets.push(values.length / per);
        }
      }
      const array = packing.result === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
      let result: arrow.Data = arrow.makeData({
        type: scalar as arrow.Float64,
        length: array.length,
        nullCount: 0,
        data: array as Float64Array,
      });
      for (const count of [...dimensions].reverse())
        result = listData(
          result,
          Int32Array.from({ length: result.length / count + 1 }, (_, i) => i * count),
        );
      return jagged ? listData(result, Int32Array.from(offsets)) : result;
    },
  };
}

/** Packed values one by one, inside a class that was not split. */
export class PackedNode implements ValueNode {
  readonly type: arrow.DataType;
  readonly #packing: Packing;
  readonly #values: number[] = [];

  constructor(packing: Packing) {
    this.#packing = packing;
    this.type = packing.result === 'float32' ? new arrow.Float32() : new arrow.Float64();
  }

  get length(): number {
    return this.#values.length;
  }

  read(cursor: Cursor): void {
    this.#values.push(this.#packing.read(cursor.bytes, cursor.take(this.#packing.size)));
  }

  finish(): arrow.Data {
    const values =
      this.#packing.result === 'float32' ? Float32Array.from(this.#values) : Float64Array.from(this.#values);
    return arrow.makeData({
      type: this.type as arrow.Float64,
      length: values.length,
      nullCount: 0,
      data: values as Float64Array,
    });
  }
}
