// Who may stop what: the process id and the secret that a connection was told, or its role.
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { fail } from '../../core/index.js';

interface Entry {
  readonly secret: Buffer;
  readonly cancel: () => void;
  /** Ends the whole connection. */
  readonly terminate: () => void;
  readonly user: string;
}

export class CancelKeys {
  readonly #entries = new Map<number, Entry>();

  /** @param connection `cancel` is called when somebody shows the right key, or asks as its role */
  issue(connection: Omit<Entry, 'secret'>): { readonly processId: number; readonly secret: Buffer } {
    let processId: number;
    do processId = randomInt(1, 0x7fffffff);
    while (this.#entries.has(processId));
    const secret = randomBytes(4);
    this.#entries.set(processId, { ...connection, secret });
    return { processId, secret };
  }

  revoke(processId: number): void {
    this.#entries.delete(processId);
  }

  /**
   * `pg_cancel_backend` and `pg_terminate_backend`; false where there is no such connection.
   * @throws DiagnosticError 42501 where it is another role's
   */
  signal(processId: number, what: 'cancel' | 'terminate', user: string): boolean {
    const entry = this.#entries.get(processId);
    if (!entry) return false;
    const act = what === 'cancel' ? 'query is being canceled' : 'process is being terminated';
    if (entry.user !== user)
      throw fail('insufficient_privilege', `must be a member of the role whose ${act} or member of pg_signal_backend`);
    entry[what]();
    return true;
  }

  /** Nobody learns whether it was the right one. */
  cancel(processId: number, secret: Buffer): void {
    const entry = this.#entries.get(processId);
    if (entry && entry.secret.length === secret.length && timingSafeEqual(entry.secret, secret)) entry.cancel();
  }
}
