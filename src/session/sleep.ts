// pg_sleep: a statement waits before it gives its first row, without holding a thread.
import { fail } from '../core/index.js';

/** What the calls of pg_sleep in the statement at hand ask for. */
export class Delay {
  #milliseconds = 0;

  reset(): void {
    this.#milliseconds = 0;
  }

  add(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }

  async pass(signal: AbortSignal | undefined): Promise<void> {
    if (this.#milliseconds > 0) await sleep(this.#milliseconds, signal);
  }
}

/** PostgreSQL too waits in pieces; a timer takes at most 2^31 - 1 ms. */
const longestTimer = 2 ** 31 - 1;

/** @throws DiagnosticError query_canceled when the signal fires meanwhile */
async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const end = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    if (signal?.aborted) throw fail('query_canceled', 'canceling statement due to user request');
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(left, longestTimer));
      signal?.addEventListener('abort', done);
    });
  }
  if (signal?.aborted) throw fail('query_canceled', 'canceling statement due to user request');
}
