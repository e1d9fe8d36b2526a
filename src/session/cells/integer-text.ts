// Integers as decimal digits, without strings.
import { type CellEncoder, isNull, type Nulls, putInt32, ScratchEncoder } from './cell-encoder.js';

export function digitCount(n: number): number {
  if (n < 100000) {
    if (n < 100) return n < 10 ? 1 : 2;
    return n < 1000 ? 3 : n < 10000 ? 4 : 5;
  }
  if (n < 10000000) return n < 1000000 ? 6 : 7;
  return n < 100000000 ? 8 : n < 1000000000 ? 9 : 10;
}

/** Writes `count` digits of a number below 2^32 at `at`, with leading zeros. */
export function putDigits(out: Uint8Array, at: number, n: number, count: number): void {
  let rest = n;
  for (let i = at + count - 1; i >= at; i--) {
    const next = Math.floor(rest / 10);
    out[i] = 48 + rest - next * 10;
    rest = next;
  }
}

/** Integers of up to 32 bits. */
export class IntegerText implements CellEncoder {
  readonly #values: ArrayLike<number>;
  readonly #nulls: Nulls | undefined;

  constructor(values: ArrayLike<number>, nulls: Nulls | undefined) {
    this.#values = values;
    this.#nulls = nulls;
  }

  measure(from: number, to: number, sizes: Int32Array): void {
    const values = this.#values;
    for (let row = from; row < to; row++) {
      if (isNull(this.#nulls, row)) sizes[row - from]! += 4;
      else {
        const value = values[row]!;
        sizes[row - from]! += value < 0 ? 5 + digitCount(-value) : 4 + digitCount(value);
      }
    }
  }

  write(from: number, to: number, out: Uint8Array, positions: Int32Array): void {
    const values = this.#values;
    for (let row = from; row < to; row++) {
      const i = row - from;
      let at = positions[i]!;
      if (isNull(this.#nulls, row)) {
        putInt32(out, at, -1);
        positions[i] = at + 4;
        continue;
      }
      const value = values[row]!;
      const size = value < 0 ? -value : value;
      const count = digitCount(size);
      putInt32(out, at, value < 0 ? count + 1 : count);
      at += 4;
      if (value < 0) out[at++] = 45;
      putDigits(out, at, size, count);
      positions[i] = at + count;
    }
  }
}

const billion = 1e9;

/** 64-bit integers, as pairs of 32-bit halves (the low one first). */
export class BigintText extends ScratchEncoder {
  readonly #values: BigInt64Array | BigUint64Array;
  readonly #halves: Int32Array;
  readonly #signed: boolean;

  constructor(values: BigInt64Array | BigUint64Array, nulls: Nulls | undefined) {
    super(nulls);
    this.#values = values;
    this.#halves = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
    this.#signed = values instanceof BigInt64Array;
  }

  protected put(row: number, at: number): number {
    this.reserve(at + 20);
    const out = this.scratch;
    const high = this.#halves[2 * row + 1]!;
    // Within 53 bits a double holds it.
    if (high >= -0x200000 && high < 0x200000) {
      let value = high * 4294967296 + (this.#halves[2 * row]! >>> 0);
      if (value < 0) {
        out[at++] = 45;
        value = -value;
      }
      if (value < billion) {
        const count = digitCount(value);
        putDigits(out, at, value, count);
        return at + count;
      }
      const upper = Math.floor(value / billion);
      const count = digitCount(upper);
      putDigits(out, at, upper, count);
      putDigits(out, at + count, value - upper * billion, 9);
      return at + count + 9;
    }
    const text = String(this.#signed ? BigInt.asIntN(64, this.#values[row]!) : BigInt.asUintN(64, this.#values[row]!));
    for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
    return at + text.length;
  }
}
