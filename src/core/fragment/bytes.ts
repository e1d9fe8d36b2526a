// Little-endian byte streams of the fragment contract: the writer grows, the reader checks every step.
import { type DiagnosticError, fail } from '../diagnostic.js';

export class ByteWriter {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  private room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return at;
  }
  u8(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }
  u16(value: number): void {
    const at = this.room(2);
    this.view.setUint16(at, value, true);
  }
  u32(value: number): void {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
  }
  i64(value: bigint): void {
    const at = this.room(8);
    this.view.setBigInt64(at, value, true);
  }
  /** A non-negative safe integer as 8 bytes. */
  size(value: number): void {
    const at = this.room(8);
    this.view.setBigUint64(at, BigInt(value), true);
  }
  f64(value: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, value, true);
  }
  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }
  blob(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.raw(bytes);
  }
  text(value: string): void {
    this.blob(Buffer.from(value, 'utf8'));
  }
  align(boundary: number): void {
    while (this.length % boundary !== 0) this.u8(0);
  }
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

/** Work a hostile input may cause beyond its own length: types and values it repeats by reference. */
const defaultAllowance = 1 << 22;

export class ByteReader {
  private readonly view: DataView;
  private at = 0;
  private allowance = defaultAllowance;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly what: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.at;
  }
  get remaining(): number {
    return this.bytes.length - this.at;
  }
  malformed(reason: string): DiagnosticError {
    return fail('data_corrupted', `malformed ${this.what}: ${reason} at byte ${this.at}`);
  }
  spend(amount: number): void {
    this.allowance -= amount;
    if (this.allowance < 0) throw this.malformed('too large');
  }
  private step(count: number): number {
    const at = this.at;
    if (count > this.bytes.length - at) throw this.malformed('truncated');
    this.at = at + count;
    return at;
  }
  u8(): number {
    return this.bytes[this.step(1)]!;
  }
  u16(): number {
    return this.view.getUint16(this.step(2), true);
  }
  u32(): number {
    return this.view.getUint32(this.step(4), true);
  }
  i64(): bigint {
    return this.view.getBigInt64(this.step(8), true);
  }
  size(): number {
    const value = this.view.getBigUint64(this.step(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.malformed('size out of range');
    return Number(value);
  }
  f64(): number {
    return this.view.getFloat64(this.step(8), true);
  }
  /** A view, not a copy. */
  raw(count: number): Uint8Array {
    const at = this.step(count);
    return this.bytes.subarray(at, at + count);
  }
  blob(): Uint8Array {
    return this.raw(this.u32());
  }
  text(): string {
    const bytes = this.blob();
    try {
      return utf8.decode(bytes);
    } catch {
      throw this.malformed('invalid UTF-8');
    }
  }
  /** A count of things of at least `each` bytes, so that a forged count cannot make the reader allocate. */
  count(each: number, width: 16 | 32 = 16): number {
    const count = width === 16 ? this.u16() : this.u32();
    if (count * each > this.remaining) throw this.malformed('count beyond the end');
    return count;
  }
  align(boundary: number): void {
    while (this.at % boundary !== 0) this.step(1);
  }
  end(): void {
    if (this.remaining !== 0) throw this.malformed('trailing bytes');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
