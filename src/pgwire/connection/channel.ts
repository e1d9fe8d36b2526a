// One socket as frames in and bytes out, with backpressure both ways; TLS is put beneath it on request.
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { type Frame, FrameReader, MessageWriter, type Phase } from '../codec/index.js';

/** Bytes that may wait unread while a statement runs; more stay with the client. */
const readAhead = 256 << 10;
/** Bytes gathered before they are sent without being asked for. */
const sendAt = 64 << 10;

export class Channel {
  readonly out = new MessageWriter();
  #socket: Socket;
  readonly #reader: FrameReader;
  #wake: (() => void) | undefined;
  #drained: (() => void) | undefined;
  #silent = false;
  #ended = false;
  #interrupted = false;
  #error: Error | undefined;
  /** Called once when the client has gone. */
  onEnd: () => void = () => undefined;
  /** Called once when the client has closed its side: whether it still listens is not known yet. */
  onSilent: () => void = () => undefined;

  constructor(socket: Socket, longest: number) {
    this.#socket = socket;
    this.#reader = new FrameReader(longest);
    socket.setNoDelay(true);
    this.#listen();
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Of the client. */
  get address(): string {
    return this.#socket.remoteAddress ?? '';
  }

  get isEncrypted(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The client has closed its side; it may still listen. */
  get isSilent(): boolean {
    return this.#silent;
  }

  /** Types of the frames that wait. */
  waiting(): readonly number[] {
    return this.#reader.waiting();
  }

  set phase(phase: Phase) {
    this.#reader.phase = phase;
  }

  /** Bytes that came behind the last frame. */
  get pending(): number {
    return this.#reader.pending;
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', this.#onData);
    socket.on('end', this.#onSilent);
    socket.on('close', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('drain', this.#onDrain);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#reader.push(chunk);
    if (this.#wake) this.#resume();
    else if (this.#reader.pending > readAhead) this.#socket.pause();
  };
  readonly #onSilent = (): void => {
    if (this.#silent || this.#ended) return;
    this.#silent = true;
    this.#resume();
    this.onSilent();
  };
  readonly #onEnd = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#resume();
    this.#onDrain();
    this.onEnd();
  };
  readonly #onError = (error: Error): void => {
    this.#error = error;
    this.#onEnd();
  };
  readonly #onDrain = (): void => {
    this.#drained?.();
    this.#drained = undefined;
  };

  readonly #resume = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };

  /** A frame that is already there. @throws FramingError */
  tryNext(): Frame | undefined {
    return this.#reader.next();
  }

  /** The next frame, `undefined` where the client has gone, or `signal` ends the wait. @throws FramingError */
  async next(signal?: AbortSignal): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#reader.next();
      if (frame) return frame;
      if (this.#silent || this.#ended || this.#interrupted || signal?.aborted) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener('abort', this.#resume, { once: true });
        this.#socket.resume();
      });
    }
  }

  /** Ends a wait for frames as if the client had gone. */
  interrupt(): void {
    this.#interrupted = true;
    this.#resume();
    this.#onDrain();
  }

  /** Sends what was written to `out`. */
  flush(): void {
    if (this.out.length > 0) this.send(this.out.take());
  }

  flushIfLarge(): void {
    if (this.out.length >= sendAt) this.flush();
  }

  /** Rows go past `out`, uncopied; what is in it goes first. */
  sendRows(chunk: Buffer): void {
    this.flush();
    this.send(chunk);
  }

  private send(bytes: Buffer): void {
    if (!this.#ended && this.#socket.writable) this.#socket.write(bytes);
  }

  get isBusy(): boolean {
    return this.#socket.writableNeedDrain && !this.#ended;
  }

  /** Until the client has taken what was sent. */
  drain(signal?: AbortSignal): Promise<void> {
    if (!this.isBusy || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** One byte outside any message: the answer to an SSLRequest. */
  sendByte(letter: 'S' | 'N'): void {
    this.send(Buffer.from(letter));
  }

  /** Speaks TLS from here on. @throws Error where the handshake fails */
  async startTls(secureContext: SecureContext): Promise<string | undefined> {
    const plain = this.#socket;
    plain.off('data', this.#onData);
    plain.off('end', this.#onSilent);
    plain.off('drain', this.#onDrain);
    plain.pause();
    const rest = this.#reader.takeRest();
    if (rest.length > 0) plain.unshift(rest);
    const secured = new TLSSocket(plain, { isServer: true, secureContext, ALPNProtocols: ['postgresql'] });
    this.#socket = secured;
    await new Promise<void>((resolve, reject) => {
      secured.once('secure', resolve);
      secured.once('error', reject);
      secured.once('close', () => reject(new Error('the connection was closed in the TLS handshake')));
    });
    this.#listen();
    return secured.alpnProtocol || undefined;
  }

  /** The first byte to come, kept for the reader; `undefined` where none does. */
  async firstByte(): Promise<number | undefined> {
    while (this.#reader.pending === 0 && !this.#silent && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#reader.peek();
  }

  get error(): Error | undefined {
    return this.#error;
  }

  /** Sends what is left, then closes. */
  end(): void {
    this.flush();
    this.#ended = true;
    this.#socket.end();
    // A client that does not take its last words does not keep the socket.
    const timer = setTimeout(() => this.#socket.destroy(), 2000);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
    this.#socket.resume();
  }

  /** Whoever waits for the client is told that it has gone. */
  destroy(): void {
    this.#socket.destroy();
    this.#onEnd();
  }
}
