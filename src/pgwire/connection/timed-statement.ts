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

export class TimedStatement {
  readonly #channel: Channel;
  /** Milliseconds; 0 where there is no limit. */
  readonly #limit: () => number;
  #running: AbortController | undefined;
  #stopped: Stop | undefined;
  #closing = false;
  #graceful = false;

  constructor(channel: Channel, limit: () => number) {
    this.#channel = channel;
    this.#limit = limit;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  /** The connection ends after the message at hand. */
  get isClosing(): boolean {
    return this.#closing;
  }

  cancel(): void {
    if (!this.#closing) this.stop('cancel');
  }

  /** Now, or after the statement where `graceful`. */
  shutDown(graceful: boolean): void {
    this.#closing = true;
    this.#graceful = graceful;
    if (!graceful) this.stop('shutdown');
  }

  /** What the client hears of a shutdown between its statements. */
  endOfService(): never {
    lastWords(this.#channel, ...stopMessages.shutdown);
  }

  stop(why: Stop): void {
    if (!this.#running || this.#running.signal.aborted) return;
    this.#stopped = why;
    this.#running.abort();
  }

  /** Runs under the statement's timeout and the client's cancel. */
  async run(work: (signal: AbortSignal) => Promise<void>, running = new AbortController()): Promise<void> {
    this.#running = running;
    this.#stopped = undefined;
    const limit = this.#limit();
    const timer = limit > 0 ? setTimeout(() => this.stop('statement_timeout'), limit) : undefined;
    try {
      if (this.#channel.ended) this.stop('gone');
      if (this.#closing && !this.#graceful) this.stop('shutdown');
      await work(running.signal);
    } catch (error) {
      if (!running.signal.aborted) throw error;
      const [condition, message] = stopMessages[this.#stopped ?? 'cancel'];
      if (this.#stopped === 'shutdown') this.endOfService();
      if (this.#stopped === 'gone') throw new FatalError();
      throw fail(condition, message);
    } finally {
      clearTimeout(timer);
      this.#running = undefined;
    }
  }
}
