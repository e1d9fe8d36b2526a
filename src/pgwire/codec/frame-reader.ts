// Bytes as they arrive → frames: a startup packet, or a type byte with its body. First step of the wire codec; pure.

/** Type of a startup packet, which carries no type byte. */
export const startupPacket = 0;

export interface Frame {
  /** The type byte, or {@link startupPacket}. */
  readonly type: number;
  readonly body: Buffer;
}

/** The stream has lost its framing: as PostgreSQL does, the connection is closed without a word. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** As PostgreSQL's: MAX_STARTUP_PACKET_LENGTH, PQ_SMALL_MESSAGE_LIMIT, PG_MAX_AUTH_TOKEN_LENGTH. */
export const sizeLimits = { startup: 10_000, small: 10_000, authentication: 65_535 } as const;

/** Messages that may be long: Bind, FunctionCall, Parse, Query, CopyData. */
const longTypes = new Set([...'BFPQd'].map((c) => c.charCodeAt(0)));

export type Phase = 'startup' | 'authentication' | 'messages';

const types = {
  authentication: new Set(['p'.charCodeAt(0)]),
  messages: new Set([...'BCDEFHPQSXcdf'].map((c) => c.charCodeAt(0))),
} as const;

/** Whether there is a message of this type at all; where not, the stream cannot be trusted any more. */
export const isKnownType = (type: number): boolean => types.messages.has(type);

const smallest = 512;

/**
 * Input is copied only where a frame spans chunks. Bodies are views: what was handed out is never overwritten, since the buffer is only
 * appended to and replaced when full.
 */
export class FrameReader {
  phase: Phase = 'startup';
  readonly #longest: number;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** The buffer is ours, and not a chunk of the socket. */
  #owned = false;

  /** @param longest bytes of a long message, its length word included */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Bytes held that no frame was made of yet. */
  get pending(): number {
    return this.#end - this.#start;
  }

  push(chunk: Buffer): void {
    if (this.pending === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    const end = this.#end + chunk.length;
    if (!this.#owned || end > this.#buffer.length) {
      const length = this.pending + chunk.length;
      const larger = Buffer.allocUnsafe(Math.max(smallest, 2 * length));
      this.#buffer.copy(larger, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      this.#buffer = larger;
      this.#owned = true;
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole frame, `undefined` where more bytes are needed. A type that there is not is one at once, without a body: as in PostgreSQL,
   * nothing behind it is read.
   * @throws FramingError where the length word cannot be one
   */
  next(): Frame | undefined {
    const header = this.phase === 'startup' ? 0 : 1;
    const type = header === 0 ? startupPacket : this.peek();
    if (this.phase !== 'startup' && type !== undefined && !types[this.phase].has(type)) {
      this.#start = this.#end;
      return { type, body: Buffer.alloc(0) };
    }
    if (type === undefined || this.pending < header + 4) return undefined;
    const length = this.#buffer.readUInt32BE(this.#start + header);
    if (length < (header === 0 ? 8 : 4) || length > this.#limit(type)) throw new FramingError('invalid message length');
    if (this.pending < header + length) return undefined;
    const from = this.#start + header + 4;
    this.#start += header + length;
    return { type, body: this.#buffer.subarray(from, this.#start) };
  }

  /** The first byte that no frame was made of. */
  peek(): number | undefined {
    return this.pending > 0 ? this.#buffer[this.#start] : undefined;
  }

  /** Types of the frames that came and were not taken yet, the last of them perhaps in part. */
  waiting(): readonly number[] {
    const found: number[] = [];
    for (let at = this.#start; at < this.#end; ) {
      found.push(this.#buffer[at]!);
      if (this.#end - at < 5) break;
      at += 1 + Math.max(4, this.#buffer.readUInt32BE(at + 1));
    }
    return found;
  }

  /** Takes what has come after the last frame, for another protocol beneath this one (TLS). */
  takeRest(): Buffer {
    const rest = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return rest;
  }

  #limit(type: number): number {
    if (this.phase === 'startup') return sizeLimits.startup;
    if (this.phase === 'authentication') return sizeLimits.authentication;
    return longTypes.has(type) ? this.#longest : sizeLimits.small;
  }
}
