// Whether the storage daemons are asked to run fragments. One that hangs is not asked again at once, and neither is the copy of the
// object on the next daemon: a call that never ends would take them down one after the other.

/** Milliseconds without a call after the first failure; twice as long after each further one. */
const pause = 30_000;
const longestPause = 30 * 60_000;

export class ClassBreaker {
  #failures = 0;
  #until = 0;
  #reason = '';

  constructor(private readonly now: () => number = Date.now) {}

  /** Why nothing is to be asked for the time being. */
  get refusal(): string | undefined {
    return this.now() < this.#until ? this.#reason : undefined;
  }

  /** No daemon is asked for a while. Calls that were under way together count once. */
  open(reason: string): void {
    if (this.refusal !== undefined) return;
    this.#reason = reason;
    this.#until = this.now() + Math.min(pause * 2 ** this.#failures, longestPause);
    this.#failures++;
  }

  answered(): void {
    this.#failures = 0;
  }
}
