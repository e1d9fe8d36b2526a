// Cells that are copied as they lie: texts, truth values, numbers in network order.
import { fail } from '../../core/index.js';
import { type CellEncoder, FixedEncoder, isNull, type Nulls, putBytes, putInt32 } from './cell-encoder.js';

/** Text and bytea in binary: the bytes between two offsets, behind a prefix (the version byte of jsonb). */
export class BytesEncoder implements CellEncoder {
  readonly #bytes: Uint8Array;
  readonly #offsets: Int32Array;
  readonly #nulls: Nulls | undefined;
  readonly #prefix: readonly number[];
  readonly #isText: boolean;

  constructor(
    bytes: Uint8Array,
    offsets: Int32Array,
    nulls: Nulls | undefined,
    isText: boolean,
    prefix: readonly number[] = [],
  ) {
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#nulls = nulls;
    this.#isText = isText;
    this.#prefix = prefix;
  }

  measure(from: number, to: number, sizes: Int32Array): void {
    const offsets = this.#offsets;
    const extra = 4 + this.#prefix.length;
    for (let row = from; row < to; row++)
      sizes[row - from]! += isNull(this.#nulls, row) ? 4 : extra + offsets[row + 1]! - offsets[row]!;
    if (this.#isText) this.#refuseZeros(offsets[from]!, offsets[to]!);
  }

  /** A zero byte ends a text in every client. */
  #refuseZeros(from: number, to: number): void {
    if (this.#bytes.subarray(from, to).includes(0))
      throw fail('character_not_in_repertoire', 'invalid byte sequence for encoding "UTF8": 0x00');
  }

  write(from: number, to: number, out: Uint8Array, positions: Int32Array): void {
    const offsets = this.#offsets;
    const bytes = this.#bytes;
    const prefix = this.#prefix;
    for (let row = from; row < to; row++) {
      const i = row - from;
      let at = positions[i]!;
      if (isNull(this.#nulls, row)) {
        putInt32(out, at, -1);
        positions[i] = at + 4;
        continue;
      }
      const start = offsets[row]!;
      const end = offsets[row + 1]!;
      putInt32(out, at, end - start + prefix.length);
      at += 4;
      for (const byte of prefix) out[at++] = byte;
      putBytes(out, at, bytes, start, end);
      positions[i] = at + end - start;
    }
  }
}

export class BoolEncoder extends FixedEncoder {
  readonly #bits: Uint8Array;
  readonly #offset: number;
  readonly #no: number;
  readonly #yes: number;

  constructor(bits: Uint8Array, offset: number, nulls: Nulls | undefined, binary: boolean) {
    super(nulls, 1);
    this.#bits = bits;
    this.#offset = offset;
    this.#no = binary ? 0 : 0x66;
    this.#yes = binary ? 1 : 0x74;
  }

  protected put(row: number, out: Uint8Array, at: number): void {
    const bit = row + this.#offset;
    out[at] = (this.#bits[bit >> 3]! >> (bit & 7)) & 1 ? this.#yes : this.#no;
  }
}

/** Integers of up to 32 bits as 2 or 4 bytes; `shift` is taken off first (days since 2000). */
export class IntegerBinary extends FixedEncoder {
  readonly #values: ArrayLike<number>;
  readonly #short: boolean;

  constructor(values: ArrayLike<number>, nulls: Nulls | undefined, size: 2 | 4) {
    super(nulls, size);
    this.#values = values;
    this.#short = size === 2;
  }

  protected put(row: number, out: Uint8Array, at: number): void {
    const value = this.#values[row]!;
    if (this.#short) {
      out[at] = value >>> 8;
      out[at + 1] = value;
    } else putInt32(out, at, value);
  }
}

/** What lies as bytes of 4 or 8 in the machine's (little-endian) order. */
export class SwappedBinary extends FixedEncoder {
  readonly #bytes: Uint8Array;
  readonly #size: number;

  constructor(values: ArrayBufferView, nulls: Nulls | undefined, size: 4 | 8) {
    super(nulls, size);
    this.#bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#size = size;
  }

  protected put(row: number, out: Uint8Array, at: number): void {
    const size = this.#size;
    const last = row * size + size - 1;
    for (let i = 0; i < size; i++) out[at + i] = this.#bytes[last - i]!;
  }
}

/** Unsigned 32-bit integers as 8 bytes. */
export class WidenedBinary extends FixedEncoder {
  readonly #values: ArrayLike<number>;

  constructor(values: ArrayLike<number>, nulls: Nulls | undefined) {
    super(nulls, 8);
    this.#values = values;
  }

  protected put(row: number, out: Uint8Array, at: number): void {
    putInt32(out, at, 0);
    putInt32(out, at + 4, this.#values[row]!);
  }
}
