// A sign of life: an object that says until when its maker counts as alive, written anew while the maker lives.
import type { ObjectStore } from '../object-store.js';
import { type SealKind, seal, unseal } from '../sealed.js';
import { readIfThere } from './dataset-root.js';

interface SignOfLife {
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export class Heartbeat {
  readonly #store: ObjectStore;
  readonly #name: string;
  readonly #kind: SealKind;
  readonly #lifetime: number;
  #expires = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating = Promise.resolve();

  /** @param lifetime milliseconds for which one beat counts */
  constructor(store: ObjectStore, name: string, kind: SealKind, lifetime: number) {
    this.#store = store;
    this.#name = name;
    this.#kind = kind;
    this.#lifetime = lifetime;
  }

  async beat(): Promise<void> {
    const next: SignOfLife = { expires: Date.now() + this.#lifetime };
    await this.#store.write(this.#name, seal(this.#kind, next));
    this.#expires = next.expires;
  }

  /** Beats by itself from now on. A beat that fails shows in `alive`. */
  start(): void {
    const every = Math.min(Math.max(this.#lifetime / 5, 10), 60_000);
    this.#timer = setInterval(() => {
      this.#beating = this.beat().catch(() => undefined);
    }, every);
    this.#timer.unref();
  }

  get alive(): boolean {
    return Date.now() <= this.#expires;
  }

  /** The object stays. After this no late beat brings it back where it is deleted. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }
}

/** When the last sign of life runs out; `undefined` where there is none. */
export async function heartbeatExpiry(store: ObjectStore, name: string, kind: SealKind): Promise<number | undefined> {
  const bytes = await readIfThere(store, name);
  return bytes && unseal<SignOfLife>(kind, bytes, name, store).expires;
}
