// One DuckDB connection in a worker thread, as the executor uses it: make tables, append batches, stream one query's rows.
import type { SessionRequest, WorkerReply } from './protocol.js';
import { deafAfter, type WorkerHandle } from './worker-handle.js';

/** Bytes of record batches asked for at once; one such portion is under way while another is consumed. */
const portionBytes = 1 << 20;
/** How long a canceled session may stay silent before its thread is ended, in milliseconds. */
const cancelGrace = 250;
/** The same where other queries would die with it. */
const sharedCancelGrace = 5000;

export interface QueryOptions {
  /** DuckDB's setting `disabled_optimizers`, which is the instance's. */
  readonly optimizersOff?: string;
  /** One step of it may take long, a join's above all: it can be ended within. */
  readonly watched?: boolean;
}

/** How often a query on the last of the threads is found in one long step before others have their turn. */
const mostTurns = 3;

export interface IpcStream {
  /** The schema message. */
  readonly schema: Uint8Array;
  /** Record batch messages, some at a time. */
  readonly messages: AsyncIterable<readonly Uint8Array[]>;
}

/** Its worker got into a long step of another session before it gave a row: the query can begin anew on another. */
export class Displaced extends Error {
  constructor() {
    super('the worker does not listen');
  }
}

export class DuckDbSession {
  private readonly interruption = new Int32Array(new SharedArrayBuffer(4));
  private closing: Promise<void> | undefined;

  private readonly number: number;

  /** @param mayMove whether its query may begin anew elsewhere */
  constructor(
    private readonly worker: WorkerHandle,
    private readonly mayMove: () => boolean = () => false,
  ) {
    this.number = worker.newSession();
  }

  async open(): Promise<void> {
    await this.ask({ op: 'open', interruption: this.interruption });
  }

  async execute(sql: string): Promise<void> {
    await this.ask({ op: 'execute', sql });
  }

  /** @param bytes one complete Arrow IPC stream, its end marker included; the buffer is handed over to the thread */
  async insert(table: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.ask({ op: 'insert', table, bytes }, [bytes.buffer]);
  }

  /**
   * Runs a query; resolves when its first rows are there. Only one at a time.
   */
  async query(sql: string, { optimizersOff = '', watched = false }: QueryOptions = {}): Promise<IpcStream> {
    if (this.worker.optimizersOff !== optimizersOff) {
      this.worker.optimizersOff = optimizersOff;
      await this.execute(`SET disabled_optimizers = '${optimizersOff}'`);
    }
    const { messages } = await this.ask({ op: 'start', sql, watched });
    return { schema: messages![0]!, messages: this.fetchAll() };
  }

  /** @throws Displaced */
  private async ask(request: SessionRequest, transfer?: readonly ArrayBuffer[]): Promise<WorkerReply> {
    const reply = this.worker.request(this.number, request, transfer);
    reply.catch(() => {});
    let turns = 0;
    for (;;) {
      const answer = await inTime(reply, deafAfter);
      if (answer) return answer;
      if (!this.mayMove()) continue;
      if (this.worker.isDeafFor(this.number) && this.worker.hasStandIn()) throw new Displaced();
      if (!this.worker.isHeldBy(this.number) || ++turns < mostTurns) continue;
      Atomics.store(this.interruption, 0, 1);
      await reply.catch(() => {});
      throw new Displaced();
    }
  }

  /** Cancels what runs, drops its tables, and ends the thread where it does not listen. Idempotent, never rejects. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async *fetchAll(): AsyncGenerator<readonly Uint8Array[]> {
    const fetch = () => {
      const reply = this.worker.request(this.number, { op: 'fetch', bytes: portionBytes });
      reply.catch(() => {}); // It may fail after the consumer has left.
      return reply;
    };
    let next = fetch();
    for (;;) {
      const { messages, done } = await next;
      if (!done) next = fetch();
      if (messages?.length) yield messages;
      if (done) return;
    }
  }

  private async shutDown(): Promise<void> {
    const isBusy = this.worker.isBusy(this.number);
    if (isBusy) {
      this.worker.inDoubt++;
      Atomics.store(this.interruption, 0, 1);
    }
    const closed = this.worker.request(this.number, { op: 'close' }).catch(() => {});
    const grace = this.worker.users > 1 ? sharedCancelGrace : cancelGrace;
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<'silent'>((resolve) => {
      timer = setTimeout(() => resolve('silent'), grace);
    });
    // Another's step ends sooner or later, and this session then.
    const isAnothers = () => this.worker.isDeafFor(this.number);
    if (!isAnothers() && (await Promise.race([closed, silent])) === 'silent' && !isAnothers())
      await this.worker.terminate('a canceled query did not stop');
    clearTimeout(timer);
    if (isBusy) this.worker.inDoubt--;
  }
}

/** `undefined` where it takes longer. */
export async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
