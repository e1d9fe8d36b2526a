// A client of the wire that reads as slowly as it is told to, and keeps nothing of what it reads.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes of a message: its letter, its length, its body. */
export function wireMessage(type: string, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(type.length + 4);
  head.write(type, 'latin1');
  head.writeInt32BE(bytes.length + 4, type.length);
  return Buffer.concat([head, bytes]);
}

const letters = { dataRow: 0x44, copyData: 0x64, ready: 0x5a, error: 0x45, suspended: 0x73 } as const;

export class SlowClient {
  readonly #socket: Socket;
  #rows = 0;
  #bytes = 0;
  #messages = new Map<number, number>();
  /** Of the message that is cut: what is there of its head, and bytes of its body still to come. */
  #head = Buffer.alloc(0);
  #left = 0;
  #error = '';
  #last = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    for (const event of ['readable', 'close', 'error']) socket.on(event, () => this.#wake());
  }

  static async connect(port: number, user: string, database: string): Promise<SlowClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new SlowClient(socket);
    const version = Buffer.from([0, 3, 0, 0]);
    socket.write(wireMessage('', Buffer.concat([version, Buffer.from(`user\0${user}\0database\0${database}\0\0`)])));
    await client.until(letters.ready);
    return client;
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  send(...messages: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(messages));
  }

  end(): void {
    this.#socket.destroy();
  }

  /** Reads about so many bytes and no more; what is not read stays with the server. */
  read(bytes: number): Promise<void> {
    const goal = this.#bytes + bytes;
    return this.#readWhile(() => this.#bytes < goal);
  }

  /** Reads up to the next message of a kind, or the next error. */
  until(letter: number = letters.ready): Promise<void> {
    const seen = () => this.#messages.get(letter) ?? 0;
    const before = seen();
    return this.#readWhile(() => seen() === before);
  }

  /** Reads a little, rests, and so on for some time. */
  async dawdle(millis: number, bytesAtOnce: number, rest: number): Promise<void> {
    const end = performance.now() + millis;
    const answers = this.#messages.get(letters.ready);
    while (performance.now() < end && this.#messages.get(letters.ready) === answers) {
      await this.read(bytesAtOnce);
      await sleep(rest);
    }
  }

  async #readWhile(more: () => boolean): Promise<void> {
    const socket = this.#socket;
    while (more()) {
      if (this.#error) throw new Error(this.#error);
      const chunk = socket.read() as Buffer | null;
      if (chunk) this.#take(chunk);
      else if (socket.readableEnded || socket.destroyed) throw new Error('the server has closed the connection');
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const size = Math.min(this.#left, chunk.length - at);
        if (this.#last === letters.error) this.#error += chunk.toString('utf8', at, at + size);
        this.#left -= size;
        at += size;
        continue;
      }
      const bytes =
        this.#head.length > 0 ? Buffer.concat([this.#head, chunk.subarray(at, at + 5)]) : chunk.subarray(at);
      if (bytes.length < 5) {
        this.#head = Buffer.from(bytes);
        return;
      }
      at += 5 - this.#head.length;
      this.#head = Buffer.alloc(0);
      this.#last = bytes[0]!;
      this.#left = bytes.readInt32BE(1) - 4;
      this.#messages.set(this.#last, (this.#messages.get(this.#last) ?? 0) + 1);
      if (this.#last === letters.dataRow || this.#last === letters.copyData) this.#rows++;
    }
  }
}
