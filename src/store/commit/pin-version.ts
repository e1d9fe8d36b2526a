// A reader's lease on a dataset version: while it lives, `gc` keeps what the version points to, whichever process asks.
import { randomUUID } from 'node:crypto';
import { type Condition, DiagnosticError, fail } from '../../core/index.js';
import { datasetNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { seal, unseal } from '../sealed.js';
import { readIfThere, readRoot } from './dataset-root.js';

/** How long a silent reader counts as alive. */
export const defaultPinLifetime = 5 * 60_000;

/** Failures to write that are no failures to read. */
const unpinnable: ReadonlySet<Condition> = new Set(['read_only_sql_transaction', 'disk_full']);

interface PinRecord {
  readonly expires: number;
}

export interface Pin {
  /** `false` where the store cannot be written, or is full: then only the grace period of `gc` protects the reader. */
  readonly held: boolean;
  /** `false` where the lease has run out: this process was suspended, or could not renew it. */
  alive(): boolean;
  release(): Promise<void>;
}

/**
 * @throws DiagnosticError object_not_in_prerequisite_state where `gc` has already removed the version: look it up anew
 */
export async function pinVersion(
  store: ObjectStore,
  dataset: string,
  version: number,
  lifetime: number = defaultPinLifetime,
): Promise<Pin> {
  const name = datasetNames(dataset).pin(version, randomUUID());
  let expires = 0;
  const beat = async () => {
    const record: PinRecord = { expires: Date.now() + lifetime };
    await store.write(name, seal('pins', record));
    expires = record.expires;
  };
  let held = true;
  try {
    await beat();
  } catch (error) {
    // Reading needs no room and no right to write.
    if (!(error instanceof DiagnosticError) || !unpinnable.has(error.diagnostic.condition)) throw error;
    held = false;
  }
  // Whoever retires a version looks at the pins after that: either it sees this one, or this sees the version retired.
  const root = await readRoot(store, dataset, version);
  if (!root || root.state === 'retired') {
    if (held) await store.delete(name);
    throw fail('object_not_in_prerequisite_state', `version ${version} of dataset "${dataset}" has been removed`, {
      hint: 'run the query again',
    });
  }
  if (!held) return { held, alive: () => true, release: async () => {} };
  let beating = Promise.resolve();
  const timer = setInterval(
    () => {
      beating = beat().catch(() => undefined);
    },
    Math.min(Math.max(lifetime / 5, 10), 60_000),
  );
  timer.unref();
  return {
    held,
    alive: () => Date.now() < expires,
    async release() {
      clearInterval(timer);
      // A late beat would bring the object back.
      await beating;
      await store.delete(name);
    },
  };
}

/** When a pin runs out, in milliseconds since the epoch; `undefined` where it is gone. */
export async function pinExpiry(store: ObjectStore, name: string): Promise<number | undefined> {
  const bytes = await readIfThere(store, name);
  return bytes && unseal<PinRecord>('pins', bytes, name, store).expires;
}
