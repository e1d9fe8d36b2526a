// The statement that runs, and what stops it: its client, its time, the end of the server or of the connection.
import { type Condition, fail } from '../../core/index.js';
import type { Channel } from './channel.js';
import { FatalError, lastWords } from './last-words.js';

type Stop = 'cancel' | 'statement_timeout' | 'shutdown' | 'gone';

const stopMessages: Readonly<Record<Stop, readonly [Condition, string]>> = {
  cancel: ['query_canceled', 'canceling statement due to user request'],
  statement_timeout: ['query_canceled', 'canceling statement due to statement timeout'],
  shutdown: ['admin_shutdown', 'terminating connection due to administrator command'],
  gone: ['connection_failure', 'the client has gone'],
};

/** Messages that run something. */
const runs = new Set([...'QFPBE'].map((letter) => letter.charCodeAt(0)));
/** Milliseconds until a client that has closed its side is looked for again; each time twice as long. */
const firstLook = 100;

export interface Client {
  readonly channel: Channel;
  /** `statement_timeout` in milliseconds; 0 where there is no limit. */
  readonly limit: () => number;
  /** Sends what no client minds, so that the network says whether there is one. */
  readonly probe: () => void;
}

export class TimedStatement {
  readonly #client: Client;
  #running: AbortController | undefined;
  #onlyReads = false;
  #stopped: Stop | undefined;
  #closing = false;
  #graceful = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(client: Client) {
    this.#client = client;
    client.channel.onEnd = () => this.#gone();
    client.channel.onSilent = () => this.#look(firstLook);
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  /** The connection ends after the message at hand. */
  get isClosing(): boolean {
    return this.#closing;
  }

  cancel(): void {
    if (!this.#closing) this.#stop('cancel');
  }

  /** Now, or after the statement where `graceful`. */
  shutDown(graceful: boolean): void {
    this.#closing = true;
    this.#graceful = graceful;
    if (!graceful) this.#stop('shutdown');
  }

  /** What the client hears of a shutdown between its statements. */
  endOfService(): never {
    lastWords(this.#client.channel, ...stopMessages.shutdown);
  }

  #stop(why: Stop): void {
    if (!this.#running || this.#running.signal.aborted) return;
    this.#stopped = why;
    this.#running.abort();
  }

  /** As in PostgreSQL, what a client has asked for is done though it does not wait for it; rows for nobody are not worth it. */
  #gone(): void {
    const { channel } = this.#client;
    if (this.#onlyReads && !channel.waiting().some((type) => runs.has(type))) this.#stop('gone');
  }

  /** One that has closed its side may still listen: where it does not, the network answers the second thing it is sent. */
  #look(after: number): void {
    const { channel, probe } = this.#client;
    if (!this.#running || channel.ended) return;
    if (!channel.isBusy) probe();
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => this.#look(after * 2), after);
  }

  /**
   * Runs under the statement's timeout and the client's cancel.
   * @param onlyReads what it does is seen by its client alone
   */
  async run(
    work: (signal: AbortSignal) => Promise<void>,
    onlyReads: boolean,
    running = new AbortController(),
  ): Promise<void> {
    const { channel, limit } = this.#client;
    this.#running = running;
    this.#onlyReads = onlyReads;
    this.#stopped = undefined;
    const most = limit();
    const timer = most > 0 ? setTimeout(() => this.#stop('statement_timeout'), most) : undefined;
    try {
      if (channel.ended) this.#gone();
      else if (channel.isSilent) this.#looking = setTimeout(() => this.#look(firstLook), firstLook);
      if (this.#closing && !this.#graceful) this.#stop('shutdown');
      await work(running.signal);
    } catch (error) {
      if (!running.signal.aborted) throw error;
      const [condition, message] = stopMessages[this.#stopped ?? 'cancel'];
      if (this.#stopped === 'shutdown') this.endOfService();
      if (this.#stopped === 'gone') throw new FatalError();
      throw fail(condition, message);
    } finally {
      clearTimeout(timer);
      clearTimeout(this.#looking);
      this.#running = undefined;
    }
  }
}
