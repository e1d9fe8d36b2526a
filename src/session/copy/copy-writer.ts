// DataRow messages → what COPY TO gives: the same cells, as PostgreSQL's COPY writes them.
import type { CopyFormat } from './copy-options.js';

const copyData = 0x64;
const [tab, newline, carriageReturn, backslash, backspace, formFeed, verticalTab] = [9, 10, 13, 92, 8, 12, 11] as const;
/** Characters that text format writes behind a backslash. */
const escapes: readonly (readonly [byte: number, letter: number])[] = [
  [backspace, 0x62],
  [tab, 0x74],
  [newline, 0x6e],
  [verticalTab, 0x76],
  [formFeed, 0x66],
  [carriageReturn, 0x72],
];
const binarySignature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const endOfTuples = Buffer.from([0xff, 0xff]);
const endOfData = Buffer.from('\\.');

export class CopyWriter {
  readonly #format: CopyFormat;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #null: Buffer;
  /** By byte, 0 for most. Text format: what is written behind a backslash; CSV: not 0 where the cell needs quotes. */
  readonly #special = new Uint8Array(256);
  readonly #forced: readonly boolean[];
  readonly #labels: readonly string[];
  /** Bytes before each row: those of a CopyData message, or none. */
  readonly #head: number;
  /** In binary CopyData messages the signature is in that of the first row, as there are clients that rely on it. */
  #isBegun = true;
  #out = Buffer.alloc(0);
  #at = 0;

  /** @param framed each row is a CopyData message */
  constructor(format: CopyFormat, labels: readonly string[], framed: boolean) {
    this.#head = framed ? 5 : 0;
    this.#format = format;
    this.#delimiter = format.delimiter.charCodeAt(0);
    this.#quote = format.quote.charCodeAt(0);
    this.#escape = format.escape.charCodeAt(0);
    this.#null = Buffer.from(format.nullText);
    if (format.format === 'csv')
      for (const byte of [this.#delimiter, this.#quote, newline, carriageReturn]) this.#special[byte] = 1;
    else {
      for (const [byte, letter] of escapes) this.#special[byte] = letter;
      for (const byte of [backslash, this.#delimiter]) this.#special[byte] ||= byte;
    }
    const { forceQuote } = format;
    this.#forced = labels.map((label) => forceQuote === '*' || forceQuote.includes(label));
    this.#labels = labels;
  }

  /** What comes before the rows. */
  begin(): Buffer | undefined {
    if (this.#format.format === 'binary') {
      if (this.#head === 0) return binarySignature;
      this.#isBegun = false;
      return undefined;
    }
    if (!this.#format.header) return undefined;
    this.#reset(2 * this.#labels.join('').length * 3 + 8 * this.#labels.length + 16);
    for (const [i, label] of this.#labels.entries()) {
      if (i > 0) this.#out[this.#at++] = this.#delimiter;
      const bytes = Buffer.from(label);
      if (this.#format.format === 'csv') this.#csvCell(bytes, 0, bytes.length, false, false);
      else this.#textCell(bytes, 0, bytes.length);
    }
    this.#out[this.#at++] = newline;
    return this.#out.subarray(0, this.#at);
  }

  end(): Buffer | undefined {
    if (this.#format.format !== 'binary') return undefined;
    return this.#isBegun ? endOfTuples : Buffer.concat([binarySignature, endOfTuples]);
  }

  /** A chunk of whole DataRow messages. */
  rows(chunk: Buffer): Buffer {
    if (this.#format.format === 'binary') {
      // A tuple of binary COPY is the body of a DataRow.
      let to = 0;
      for (let at = 0, next = 0; at < chunk.length; at = next) {
        next = at + 1 + chunk.readInt32BE(at + 1);
        chunk[at] = copyData;
        if (this.#head > 0) continue;
        chunk.copyWithin(to, at + 5, next);
        to += next - at - 5;
      }
      if (this.#head === 0) return chunk.subarray(0, to);
      if (this.#isBegun) return chunk;
      this.#isBegun = true;
      return withSignature(chunk);
    }
    const csv = this.#format.format === 'csv';
    const cellCount = this.#labels.length;
    this.#reset(2 * chunk.length + (chunk.length / 7) * (8 + 2 * cellCount + cellCount * this.#null.length));
    for (let at = 0; at < chunk.length; ) {
      const end = at + 1 + chunk.readInt32BE(at + 1);
      const start = this.#at;
      this.#at += this.#head;
      at += 7;
      for (let i = 0; i < cellCount; i++) {
        if (i > 0) this.#out[this.#at++] = this.#delimiter;
        const length = chunk.readInt32BE(at);
        at += 4;
        if (length < 0) {
          this.#out.set(this.#null, this.#at);
          this.#at += this.#null.length;
          continue;
        }
        if (csv) this.#csvCell(chunk, at, at + length, this.#forced[i]!, cellCount === 1);
        else this.#textCell(chunk, at, at + length);
        at += length;
      }
      this.#out[this.#at++] = newline;
      if (this.#head > 0) {
        this.#out[start] = copyData;
        this.#out.writeInt32BE(this.#at - start - 1, start + 1);
      }
      at = end;
    }
    return this.#out.subarray(0, this.#at);
  }

  /** A fresh buffer: what was handed out may still wait in the socket. */
  #reset(bytes: number): void {
    this.#out = Buffer.allocUnsafe(Math.ceil(bytes));
    this.#at = 0;
  }

  #textCell(from: Buffer, start: number, end: number): void {
    const out = this.#out;
    const special = this.#special;
    let at = this.#at;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      const written = special[byte]!;
      if (written === 0) out[at++] = byte;
      else {
        out[at++] = backslash;
        out[at++] = written;
      }
    }
    this.#at = at;
  }

  #csvCell(from: Buffer, start: number, end: number, forced: boolean, alone: boolean): void {
    const out = this.#out;
    const special = this.#special;
    let at = this.#at;
    if (!forced) {
      let found = 0;
      for (let i = start; i < end; i++) {
        const byte = from[i]!;
        found |= special[byte]!;
        out[at++] = byte;
      }
      // Nor may it be taken for a NULL, or for the end of the data.
      const isMarker = equals(from, start, end, this.#null) || (alone && equals(from, start, end, endOfData));
      if (found === 0 && !isMarker) {
        this.#at = at;
        return;
      }
      at = this.#at;
    }
    out[at++] = this.#quote;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      if (byte === this.#quote || byte === this.#escape) out[at++] = this.#escape;
      out[at++] = byte;
    }
    out[at++] = this.#quote;
    this.#at = at;
  }
}

/** CopyData messages of rows with the signature in the first of them. */
function withSignature(chunk: Buffer): Buffer {
  const out = Buffer.concat([chunk.subarray(0, 5), binarySignature, chunk.subarray(5)]);
  out.writeInt32BE(chunk.readInt32BE(1) + binarySignature.length, 1);
  return out;
}

function equals(from: Buffer, start: number, end: number, other: Buffer): boolean {
  if (end - start !== other.length) return false;
  for (let i = start; i < end; i++) if (from[i] !== other[i - start]) return false;
  return true;
}
