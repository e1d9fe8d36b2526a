// Reads ROOT's big-endian primitives from a buffer, never past its limit.
import { Malformed } from './malformed.js';

const two32 = 2 ** 32;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class Cursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  position: number;
  /** First byte that may not be read. */
  limit: number;

  constructor(bytes: Buffer, position = 0, limit = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
    this.limit = limit;
    if (!(position >= 0 && position <= limit && limit <= bytes.length)) {
      throw new Malformed(`range ${position}..${limit} lies outside ${bytes.length} bytes`);
    }
  }

  /** Moves past `length` bytes and returns where they start. */
  take(length: number): number {
    const start = this.position;
    if (!(length >= 0 && length <= this.limit - start)) {
      throw new Malformed(`${length} bytes are needed at offset ${start}, ${this.limit - start} are left`);
    }
    this.position = start + length;
    return start;
  }

  moveTo(position: number): void {
    if (!(position >= 0 && position <= this.limit)) {
      throw new Malformed(`offset ${position} lies outside ${this.limit} bytes`);
    }
    this.position = position;
  }

  get left(): number {
    return this.limit - this.position;
  }

  u1(): number {
    return this.view.getUint8(this.take(1));
  }

  i1(): number {
    return this.view.getInt8(this.take(1));
  }

  i2(): number {
    return this.view.getInt16(this.take(2));
  }

  u2(): number {
    return this.view.getUint16(this.take(2));
  }

  i4(): number {
    return this.view.getInt32(this.take(4));
  }

  u4(): number {
    return this.view.getUint32(this.take(4));
  }

  /** A 64-bit count or file position as a number; exact up to 2^53, beyond which nothing it could address exists. */
  i8(): number {
    const start = this.take(8);
    return this.view.getInt32(start) * two32 + this.view.getUint32(start + 4);
  }

  f4(): number {
    return this.view.getFloat32(this.take(4));
  }

  f8(): number {
    return this.view.getFloat64(this.take(8));
  }

  slice(length: number): Buffer {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** TString: one length byte, or 255 and a 32-bit length. */
  string(): string {
    const short = this.u1();
    const length = short === 255 ? this.i4() : short;
    return utf8.decode(this.slice(length));
  }

  /** Up to and including a NUL byte. */
  cString(): string {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0 || end >= this.limit) throw new Malformed(`unterminated string at offset ${this.position}`);
    const text = utf8.decode(this.bytes.subarray(this.position, end));
    this.position = end + 1;
    return text;
  }
}

export const byteCountMask = 0x4000_0000;
/** In a version number: the collection is streamed member by member. */
export const memberwiseMask = 0x4000;

export interface VersionHeader {
  readonly version: number;
  /** Where the object ends, by its byte count; undefined where none is stored. */
  readonly end: number | undefined;
  readonly memberwise: boolean;
}

/** The header of every versioned object: an optional byte count with its mark, then a 16-bit version. */
export function readVersion(cursor: Cursor): VersionHeader {
  const start = cursor.position;
  let end: number | undefined;
  if (cursor.left >= 6) {
    const word = cursor.u4();
    if (word & byteCountMask && word < 0x8000_0000) {
      end = start + 4 + (word - byteCountMask);
      if (end > cursor.limit || end < start + 6) {
        throw new Malformed(
          `object at offset ${start} claims ${word - byteCountMask} bytes, ${cursor.limit - start - 4} are left`,
        );
      }
    } else cursor.position = start;
  }
  const raw = cursor.i2();
  const memberwise = raw > 0 && (raw & memberwiseMask) !== 0;
  return { version: memberwise ? raw & ~memberwiseMask : raw, end, memberwise };
}
