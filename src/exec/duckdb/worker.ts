// The worker thread around one DuckDB instance. Queries run in slices of about 10 ms, between which the thread listens:
// that is how they are canceled, and how several sessions share an instance.
import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type DuckDbInstance, instantiate } from './instance.js';
import {
  coarseTime,
  type DuckDbFailure,
  type SessionRequest,
  type WorkerModule,
  type WorkerReady,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSetup,
} from './protocol.js';

interface Session {
  readonly number: number;
  readonly connection: number;
  /** Requests that are running, at most one besides `cancel` and `close`. */
  running: Promise<unknown>;
  canceled: boolean;
  readonly interruption: Int32Array;
  /** The started query has rows left. */
  streaming: boolean;
}

interface Answer {
  readonly messages?: readonly Uint8Array<ArrayBuffer>[];
  readonly done?: boolean;
}

class Canceled extends Error {}

/** A fetch that has some rows returns them after so many milliseconds. */
const longestWait = 50;
const slice = 10;
/** DuckDB's own budget within the heap; results and inserts are converted outside of it. */
const budgetShare = 0.8;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class WorkerServer {
  private readonly sessions = new Map<number, Session>();
  /** Whose step the instance is in. */
  private stepping: Session | undefined;

  constructor(
    private readonly instance: DuckDbInstance,
    private readonly port: MessagePort,
    private readonly shared: Int32Array,
  ) {
    instance.onTick = () => {
      const { stepping } = this;
      if (stepping && Atomics.load(stepping.interruption, 0) === 1) instance.interrupt(stepping.connection);
    };
  }

  /** What the thread does not listen in. */
  private step<T>(session: Session, work: () => T): T {
    this.stepping = session;
    Atomics.store(this.shared, 1, session.number);
    Atomics.store(this.shared, 0, coarseTime());
    try {
      return work();
    } finally {
      this.stepping = undefined;
      Atomics.store(this.shared, 0, 0);
    }
  }

  async handle({ id, session, request }: WorkerRequest): Promise<void> {
    const reply: { -readonly [K in keyof WorkerReply]: WorkerReply[K] } = { id, heapBytes: 0 };
    const transfer: ArrayBuffer[] = [];
    try {
      const answer = await this.run(session, request);
      Object.assign(reply, answer);
      for (const message of answer.messages ?? []) transfer.push(message.buffer);
    } catch (error) {
      reply.failure = toFailure(error);
    }
    reply.heapBytes = this.instance.heapBytes();
    this.port.postMessage(reply, transfer);
  }

  private async run(number: number, request: SessionRequest): Promise<Answer> {
    const { db } = this.instance;
    if (request.op === 'open') {
      const { interruption } = request;
      const connection = (db.connect() as unknown as { readonly _conn: number })._conn;
      this.sessions.set(number, {
        number,
        connection,
        running: Promise.resolve(),
        canceled: false,
        interruption,
        streaming: false,
      });
      db.runQuery(connection, 'SET errors_as_json = true');
      return {};
    }
    const session = this.sessions.get(number);
    if (!session) return { done: true };
    switch (request.op) {
      case 'cancel':
        session.canceled = true;
        return {};
      case 'close':
        session.canceled = true;
        await session.running.catch(() => {});
        this.sessions.delete(number);
        if (session.streaming) db.cancelPendingQuery(session.connection);
        db.disconnect(session.connection);
        return {};
      default: {
        const running = this.work(session, request);
        session.running = running.catch(() => {});
        return running;
      }
    }
  }

  private async work(
    session: Session,
    request: Extract<SessionRequest, { op: 'execute' | 'insert' | 'start' | 'fetch' }>,
  ): Promise<Answer> {
    const { db } = this.instance;
    if (session.canceled) throw new Canceled();
    switch (request.op) {
      case 'execute':
        this.step(session, () => db.runQuery(session.connection, request.sql));
        return {};
      case 'insert':
        if (!this.instance.canAllocate(request.bytes.byteLength)) throw new Error('{"exception_type":"Out of Memory"}');
        this.step(session, () =>
          db.insertArrowFromIPCStream(session.connection, request.bytes, { name: request.table, create: false }),
        );
        return {};
      case 'start':
        return { messages: [await this.start(session, request)] };
      case 'fetch':
        return this.fetch(session, request.bytes);
    }
  }

  private async start(
    session: Session,
    { sql, watched }: Extract<SessionRequest, { op: 'start' }>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { db } = this.instance;
    const { connection } = session;
    if (watched) db.runQuery(connection, "PRAGMA enable_profiling = 'no_output'");
    session.streaming = true;
    let header = this.step(session, () => db.startPendingQuery(connection, sql, true));
    while (!header) {
      await this.pause(session);
      header = this.step(session, () => db.pollPendingQuery(connection));
    }
    return header as Uint8Array<ArrayBuffer>;
  }

  private async fetch(session: Session, bytes: number): Promise<Answer> {
    const { db } = this.instance;
    const messages: Uint8Array<ArrayBuffer>[] = [];
    const started = performance.now();
    let sliceEnd = started + slice;
    let size = 0;
    while (size < bytes && session.streaming) {
      const message = this.step(session, () =>
        db.fetchQueryResults(session.connection),
      ) as Uint8Array<ArrayBuffer> | null;
      if (message && message.length === 0) {
        session.streaming = false;
      } else if (message) {
        messages.push(message);
        size += message.length;
      }
      const now = performance.now();
      if (size > 0 && now > started + longestWait) break;
      if (now > sliceEnd) {
        await this.pause(session);
        sliceEnd = performance.now() + slice;
      }
    }
    return { messages, done: !session.streaming };
  }

  /** Lets messages in, and leaves the query where one of them canceled it. */
  private async pause(session: Session): Promise<void> {
    await nextTurn();
    if (!session.canceled) return;
    this.instance.db.cancelPendingQuery(session.connection);
    session.streaming = false;
    throw new Canceled();
  }
}

/** DuckDB's errors arrive as JSON text, those of the bindings as plain errors; traps and overflows leave a broken instance. */
function toFailure(error: unknown): DuckDbFailure {
  if (error instanceof Canceled) return { type: 'canceled', message: '' };
  const text = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Error) || error.name !== 'Error') return { type: 'crash', message: text };
  try {
    const { exception_type: type, exception_message: message = '' } = JSON.parse(text) as {
      exception_type?: string;
      exception_message?: string;
    };
    if (type === 'INTERRUPT') return { type: 'canceled', message: '' };
    return type === 'FATAL' || type === 'INTERNAL' ? { type: 'crash', message } : { type: type ?? 'Internal', message };
  } catch {
    return { type: 'Internal', message: text };
  }
}

async function serve(port: MessagePort, { heapBytes, step }: WorkerSetup): Promise<void> {
  const [{ module }] = (await once(port, 'message')) as [WorkerModule];
  const instance = await instantiate(module, heapBytes);
  const { db } = instance;
  const connection = (db.connect() as unknown as { readonly _conn: number })._conn;
  for (const setting of [
    `memory_limit = '${Math.floor((heapBytes * budgetShare) / 1e6)}MB'`,
    'threads = 1',
    'preserve_insertion_order = true',
    'enable_external_access = false',
    'max_expression_depth = 2000',
  ])
    db.runQuery(connection, `SET ${setting}`);
  db.disconnect(connection);
  const server = new WorkerServer(instance, port, step);
  port.on('message', (message: WorkerRequest) => void server.handle(message));
  port.postMessage({ ready: true } satisfies WorkerReady);
}

if (parentPort) await serve(parentPort, workerData as WorkerSetup);
