// Who may cancel what: the process id and the secret that a connection was told.
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

interface Entry {
  readonly secret: Buffer;
  readonly cancel: () => void;
}

export class CancelKeys {
  readonly #entries = new Map<number, Entry>();

  /** @param cancel called when somebody shows the right key */
  issue(cancel: () => void): { readonly processId: number; readonly secret: Buffer } {
    let processId: number;
    do processId = randomInt(1, 0x7fffffff);
    while (this.#entries.has(processId));
    const secret = randomBytes(4);
    this.#entries.set(processId, { secret, cancel });
    return { processId, secret };
  }

  revoke(processId: number): void {
    this.#entries.delete(processId);
  }

  /** Nobody learns whether it was the right one. */
  cancel(processId: number, secret: Buffer): void {
    const entry = this.#entries.get(processId);
    if (entry && entry.secret.length === secret.length && timingSafeEqual(entry.secret, secret)) entry.cancel();
  }
}
