// Versions that this process reads, pinned once for all its statements, and a little longer than the last of them.
import { type ObjectStore, type Pin, pinVersion } from '../store/index.js';

export interface LeaseOptions {
  /** Milliseconds a pin outlives its last user, so that a run of short statements pins once. Default 5 s. */
  readonly idle?: number | undefined;
  /** For tests: see {@link pinVersion}. */
  readonly pinLifetime?: number | undefined;
}

const defaultIdle = 5000;

interface Lease {
  readonly pin: Promise<Pin>;
  users: number;
  timer?: NodeJS.Timeout;
}

export class VersionLeases {
  readonly #store: ObjectStore;
  readonly #options: LeaseOptions;
  readonly #leases = new Map<string, Lease>();

  constructor(store: ObjectStore, options: LeaseOptions = {}) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * @returns lets go; calling it again does nothing
   * @throws DiagnosticError object_not_in_prerequisite_state where `gc` has removed the version
   */
  async take(dataset: string, version: number): Promise<() => void> {
    const key = `${version} ${dataset}`;
    let lease = this.#leases.get(key);
    // A process that slept may have lost its pin.
    if (lease && !(await lease.pin).alive()) {
      this.#drop(key, lease);
      lease = this.#leases.get(key);
    }
    if (!lease) {
      lease = { pin: pinVersion(this.#store, dataset, version, this.#options.pinLifetime), users: 0 };
      this.#leases.set(key, lease);
    }
    const taken = lease;
    taken.users++;
    clearTimeout(taken.timer);
    try {
      await taken.pin;
    } catch (error) {
      if (this.#leases.get(key) === taken) this.#leases.delete(key);
      throw error;
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--taken.users > 0) return;
      taken.timer = setTimeout(() => this.#drop(key, taken), this.#options.idle ?? defaultIdle);
      taken.timer.unref();
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#leases].map(([key, lease]) => this.#drop(key, lease)));
  }

  /** Where the pin cannot be deleted, it runs out by itself. */
  #drop(key: string, lease: Lease): Promise<void> {
    clearTimeout(lease.timer);
    if (this.#leases.get(key) === lease) this.#leases.delete(key);
    return lease.pin.then((pin) => pin.release()).catch(() => undefined);
  }
}
