// A client that says exactly what a test wants and shows what came back, in the notation of the recorded probes:
// `R0 | K8 | ZI | E:ERROR 42601 …`.
import { connect, type Socket } from 'node:net';

export function message(type: string, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body);
  const out = Buffer.alloc(bytes.length + (type === '' ? 4 : 5));
  if (type !== '') out.write(type, 0, 'latin1');
  out.writeInt32BE(bytes.length + 4, type === '' ? 0 : 1);
  bytes.copy(out, type === '' ? 4 : 5);
  return out;
}

const int16 = (n: number) => Buffer.from([n >> 8, n]);
const int32 = (n: number) => {
  const out = Buffer.alloc(4);
  out.writeInt32BE(n | 0);
  return out;
};
const cstring = (text: string) => Buffer.from(`${text}\0`);

export const say = {
  startup: (parameters: Record<string, string> = { user: 'tester' }, version = 196608) =>
    message(
      '',
      Buffer.concat([
        int32(version),
        ...Object.entries(parameters).flatMap(([k, v]) => [cstring(k), cstring(v)]),
        Buffer.of(0),
      ]),
    ),
  query: (text: string) => message('Q', `${text}\0`),
  parse: (name: string, text: string, types: number[] = []) =>
    message('P', Buffer.concat([cstring(name), cstring(text), int16(types.length), ...types.map(int32)])),
  bind: (
    portal: string,
    statement: string,
    values: (string | Buffer | null)[] = [],
    formats: number[] = [],
    results: number[] = [],
  ) =>
    message(
      'B',
      Buffer.concat([
        cstring(portal),
        cstring(statement),
        int16(formats.length),
        ...formats.map(int16),
        int16(values.length),
        ...values.flatMap((v) => (v === null ? [int32(-1)] : [int32(Buffer.byteLength(v)), Buffer.from(v)])),
        int16(results.length),
        ...results.map(int16),
      ]),
    ),
  describe: (kind: 'S' | 'P', name: string) => message('D', `${kind}${name}\0`),
  execute: (portal: string, rows = 0) => message('E', Buffer.concat([cstring(portal), int32(rows)])),
  close: (kind: 'S' | 'P', name: string) => message('C', `${kind}${name}\0`),
  flush: message('H'),
  sync: message('S'),
  terminate: message('X'),
  cancel: (processId: number, secret: Buffer) =>
    message('', Buffer.concat([int32(80877102), int32(processId), secret])),
  sslRequest: message('', int32(80877103)),
};

export interface Reply {
  readonly type: string;
  readonly body: Buffer;
}

export function fields(body: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; body[at]; ) {
    const end = body.indexOf(0, at + 1);
    found[String.fromCharCode(body[at]!)] = body.toString('utf8', at + 1, end);
    at = end + 1;
  }
  return found;
}

function show({ type, body }: Reply): string {
  switch (type) {
    case 'R':
      return `R${body.readInt32BE()}${body.readInt32BE() === 10 ? `(${body.toString('latin1', 4).replaceAll('\0', ',')})` : ''}`;
    case 'K':
      return `K${body.length}`;
    case 'Z':
      return `Z${body.toString()}`;
    case 'C':
      return `C:${body.toString('utf8', 0, body.length - 1)}`;
    case 'E':
    case 'N': {
      const f = fields(body);
      return `${type}:${f['S']} ${f['C']} ${f['M']}`;
    }
    case 'v':
      return `NegotiateProtocolVersion ${body.readInt32BE()}`;
    default:
      return type;
  }
}

export class WireClient {
  readonly replies: Reply[] = [];
  closed = false;
  readonly #socket: Socket;
  #rest = Buffer.alloc(0);
  #raw = Buffer.alloc(0);
  #wake: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#raw = Buffer.concat([this.#raw, chunk]);
      this.#rest = Buffer.concat([this.#rest, chunk]);
      while (this.#rest.length >= 5) {
        const length = this.#rest.readInt32BE(1);
        if (length < 4 || this.#rest.length < length + 1) break;
        this.replies.push({ type: String.fromCharCode(this.#rest[0]!), body: this.#rest.subarray(5, length + 1) });
        this.#rest = this.#rest.subarray(length + 1);
      }
      this.#changed();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#changed();
    });
    socket.on('error', () => undefined);
  }

  static open(port: number): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new WireClient(socket)));
      socket.once('error', reject);
    });
  }

  /** Started up. */
  static async ready(port: number, parameters?: Record<string, string>): Promise<WireClient> {
    const client = await WireClient.open(port);
    client.send(say.startup(parameters));
    await client.until((r) => r.some((x) => x.type === 'Z'));
    client.replies.length = 0;
    return client;
  }

  get raw(): Buffer {
    return this.#raw;
  }

  get socket(): Socket {
    return this.#socket;
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  send(...parts: Buffer[]): void {
    this.#socket.write(Buffer.concat(parts));
  }

  async until(done: (replies: readonly Reply[]) => boolean, timeoutMs = 100_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!done(this.replies) && !this.closed) {
      if (Date.now() > deadline) throw new Error(`no answer: ${this.shown()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Sends, waits for so many ReadyForQuery, and shows all that came. */
  async ask(parts: readonly Buffer[], ready = 1): Promise<string> {
    this.replies.length = 0;
    this.send(...parts);
    await this.until((r) => r.filter((x) => x.type === 'Z').length >= ready);
    return this.shown();
  }

  shown(): string {
    const shown = this.replies.filter((r) => r.type !== 'S').map(show);
    return shown.join(' | ') + (this.closed ? ' [closed]' : '');
  }

  /** Rows as texts. */
  rows(): (string | null)[][] {
    return this.replies.filter((r) => r.type === 'D').map(({ body }) => cells(body).map((c) => c?.toString() ?? null));
  }

  end(): void {
    this.#socket.destroy();
  }
}

export function cells(body: Buffer): (Buffer | null)[] {
  const found: (Buffer | null)[] = [];
  let at = 2;
  for (let i = 0; i < body.readInt16BE(); i++) {
    const length = body.readInt32BE(at);
    found.push(length < 0 ? null : body.subarray(at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  return found;
}
