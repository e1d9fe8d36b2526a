// Floats as PostgreSQL's shortest text. float4 has digits without a string; for float8 JavaScript's own text is PostgreSQL's in most cases.
import { decimal, printFloat, shortestFloat4 } from '../../core/index.js';
import { type Nulls, putAscii, ScratchEncoder } from './cell-encoder.js';
import { digitCount, putDigits } from './integer-text.js';

/** Bytes that no float's text exceeds. */
const longest = 32;

export class Float8Text extends ScratchEncoder {
  readonly #values: Float64Array;

  constructor(values: Float64Array, nulls: Nulls | undefined) {
    super(nulls);
    this.#values = values;
  }

  protected put(row: number, at: number): number {
    this.reserve(at + longest);
    const value = this.#values[row]!;
    const size = Math.abs(value);
    const text = size >= 1e-4 && size < 1e15 ? String(value) : printFloat(value, 8);
    putAscii(this.scratch, at, text);
    return at + text.length;
  }
}

export class Float4Text extends ScratchEncoder {
  readonly #values: Float32Array;
  readonly #bits: Uint32Array;

  constructor(values: Float32Array, nulls: Nulls | undefined) {
    super(nulls);
    this.#values = values;
    this.#bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  }

  protected put(row: number, at: number): number {
    this.reserve(at + longest);
    const value = this.#values[row]!;
    const size = Math.abs(value);
    // The range without an exponent; 0, NaN and infinities are outside.
    if (size >= 1e-4 && size < 1e6) return putFixed(this.scratch, at, value, this.#bits[row]! & 0x7fffffff);
    const text = printFloat(value, 4);
    putAscii(this.scratch, at, text);
    return at + text.length;
  }
}

function putFixed(out: Uint8Array, start: number, value: number, bits: number): number {
  let at = start;
  if (value < 0) out[at++] = 45;
  shortestFloat4(Math.abs(value), bits);
  const { digits, scale } = decimal;
  const count = digitCount(digits);
  if (scale <= 0) {
    putDigits(out, at, digits, count);
    at += count;
    for (let i = scale; i < 0; i++) out[at++] = 48;
    return at;
  }
  if (scale >= count) {
    out[at++] = 48;
    out[at++] = 46;
    putDigits(out, at, digits, scale);
    return at + scale;
  }
  // One digit too many at the front is written, then the whole part is moved before the point.
  putDigits(out, at + 1, digits, count);
  const whole = count - scale;
  for (let i = 0; i < whole; i++) out[at + i] = out[at + i + 1]!;
  out[at + whole] = 46;
  return at + count + 1;
}
