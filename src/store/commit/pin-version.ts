// A reader's lease on a dataset version: while it lives, `gc` keeps what the version points to, whichever process asks.
import { randomUUID } from 'node:crypto';
import { DiagnosticError, fail } from '../../core/index.js';
import { datasetNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { seal, unseal } from '../sealed.js';
import { readIfThere, readRoot } from './dataset-root.js';

/** How long a silent reader counts as alive. */
export const defaultPinLifetime = 5 * 60_000;

interface PinRecord {
  readonly expires: number;
}

export interface Pin {
  /** `false` where the store cannot be written: then only the grace period of `gc` protects the reader. */
  readonly held: boolean;
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
  const beat = () => {
    const record: PinRecord = { expires: Date.now() + lifetime };
    return store.write(name, seal('pins', record));
  };
  try {
    await beat();
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostic.condition === 'read_only_sql_transaction')
      return { held: false, release: async () => {} };
    throw error;
  }
  // Whoever retires a version looks at the pins after that: either it sees this one, or this sees the version retired.
  const root = await readRoot(store, dataset, version);
  if (!root || root.state === 'retired') {
    await store.delete(name);
    throw fail('object_not_in_prerequisite_state', `version ${version} of dataset "${dataset}" has been removed`, {
      hint: 'run the query again',
    });
  }
  const timer = setInterval(() => void beat().catch(() => undefined), Math.min(Math.max(lifetime / 5, 10), 60_000));
  timer.unref();
  return {
    held: true,
    async release() {
      clearInterval(timer);
      await store.delete(name);
    },
  };
}

/** When a pin runs out, in milliseconds since the epoch; `undefined` where it is gone. */
export async function pinExpiry(store: ObjectStore, name: string): Promise<number | undefined> {
  const bytes = await readIfThere(store, name);
  return bytes && unseal<PinRecord>('pins', bytes, name, store).expires;
}
