// What encodes one column of a batch. Columns are written one after the other into rows whose sizes are known: each loop sees one type only.

/** PostgreSQL's two forms of a value. */
export type CellFormat = 'text' | 'binary';

/** A cell is its length word and its bytes, or -1 for NULL. Row numbers count from the batch's start. */
export interface CellEncoder {
  /** Adds to `sizes[i]` the bytes of the cell of row `from + i`. */
  measure(from: number, to: number, sizes: Int32Array): void;
  /** Writes the cell of row `from + i` at `positions[i]` and moves it on. Follows a {@link measure} of the same rows. */
  write(from: number, to: number, out: Uint8Array, positions: Int32Array): void;
}

/** Where NULLs are; absent where there are none. */
export interface Nulls {
  readonly bitmap: Uint8Array;
  readonly offset: number;
}

export function isNull(nulls: Nulls | undefined, row: number): boolean {
  if (nulls === undefined) return false;
  const bit = row + nulls.offset;
  return ((nulls.bitmap[bit >> 3]! >> (bit & 7)) & 1) === 0;
}

export function putInt32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}

/** Copies; a loop is faster than `set` for what cells usually hold. */
export function putBytes(out: Uint8Array, at: number, from: Uint8Array, start: number, end: number): void {
  if (end - start > 48) out.set(from.subarray(start, end), at);
  else for (let i = start; i < end; i++) out[at++] = from[i]!;
}

/** ASCII text. */
export function putAscii(out: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
}

/** Cells of variable size that are made while they are measured, and copied when they are written. */
export abstract class ScratchEncoder implements CellEncoder {
  readonly #nulls: Nulls | undefined;
  protected scratch = Buffer.allocUnsafeSlow(4096);
  #ends = new Int32Array(256);

  constructor(nulls: Nulls | undefined) {
    this.#nulls = nulls;
  }

  /** Puts the cell's bytes into the scratch at `at` (see {@link reserve}) and gives their end. */
  protected abstract put(row: number, at: number): number;

  protected reserve(end: number): void {
    if (end <= this.scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * end);
    larger.set(this.scratch);
    this.scratch = larger;
  }

  measure(from: number, to: number, sizes: Int32Array): void {
    if (this.#ends.length < to - from) this.#ends = new Int32Array(to - from);
    let at = 0;
    for (let row = from; row < to; row++) {
      const start = at;
      if (!isNull(this.#nulls, row)) at = this.put(row, at);
      this.#ends[row - from] = at;
      sizes[row - from]! += 4 + at - start;
    }
  }

  write(from: number, to: number, out: Uint8Array, positions: Int32Array): void {
    let start = 0;
    const ends = this.#ends;
    const scratch = this.scratch;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const end = ends[i]!;
      const at = positions[i]!;
      if (isNull(this.#nulls, row)) {
        putInt32(out, at, -1);
        positions[i] = at + 4;
      } else {
        putInt32(out, at, end - start);
        putBytes(out, at + 4, scratch, start, end);
        positions[i] = at + 4 + end - start;
      }
      start = end;
    }
  }
}

/** Cells that all have the same size, made in place. */
export abstract class FixedEncoder implements CellEncoder {
  readonly #nulls: Nulls | undefined;
  readonly #size: number;

  constructor(nulls: Nulls | undefined, size: number) {
    this.#nulls = nulls;
    this.#size = size;
  }

  protected abstract put(row: number, out: Uint8Array, at: number): void;

  measure(from: number, to: number, sizes: Int32Array): void {
    const size = 4 + this.#size;
    for (let row = from; row < to; row++) sizes[row - from]! += isNull(this.#nulls, row) ? 4 : size;
  }

  write(from: number, to: number, out: Uint8Array, positions: Int32Array): void {
    const size = this.#size;
    for (let row = from; row < to; row++) {
      const i = row - from;
      const at = positions[i]!;
      if (isNull(this.#nulls, row)) {
        putInt32(out, at, -1);
        positions[i] = at + 4;
      } else {
        putInt32(out, at, size);
        this.put(row, out, at + 4);
        positions[i] = at + 4 + size;
      }
    }
  }
}
