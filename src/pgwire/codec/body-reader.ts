// Reads the fields of one message body, and says 08P01 where they do not fit.
import { type ClientEncoding, fail } from '../../core/index.js';
import { decodeText } from '../../session/index.js';

const tooShort = () => fail('protocol_violation', 'insufficient data left in message');

export class BodyReader {
  readonly #body: Buffer;
  #at = 0;

  readonly #encoding: ClientEncoding | undefined;

  /** @param encoding of its texts; UTF-8 where there is none */
  constructor(body: Buffer, encoding?: ClientEncoding) {
    this.#body = body;
    this.#encoding = encoding;
  }

  get left(): number {
    return this.#body.length - this.#at;
  }

  byte(): number {
    if (this.left < 1) throw fail('protocol_violation', 'no data left in message');
    return this.#body[this.#at++]!;
  }

  uint16(): number {
    if (this.left < 2) throw tooShort();
    this.#at += 2;
    return this.#body.readUInt16BE(this.#at - 2);
  }

  int32(): number {
    if (this.left < 4) throw tooShort();
    this.#at += 4;
    return this.#body.readInt32BE(this.#at - 4);
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.left < length) throw tooShort();
    this.#at += length;
    return this.#body.subarray(this.#at - length, this.#at);
  }

  rest(): Buffer {
    return this.bytes(this.left);
  }

  /** A text that ends in a zero byte. */
  string(): string {
    const end = this.#body.indexOf(0, this.#at);
    if (end < 0) throw fail('protocol_violation', 'invalid string in message');
    const bytes = this.#body.subarray(this.#at, end);
    const text = this.#encoding ? this.#encoding.decode(bytes) : decodeText(bytes);
    this.#at = end + 1;
    return text;
  }

  /** Nothing may follow. */
  finish(): void {
    if (this.left > 0) throw fail('protocol_violation', 'invalid message format');
  }
}
