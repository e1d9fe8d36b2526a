// A reader's lease on a dataset version: while it lives, `gc` keeps what the version points to, whichever process asks.
import { randomUUID } from 'node:crypto';
import { type Condition, DiagnosticError, fail } from '../../core/index.js';
import { datasetNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { readRoot } from './dataset-root.js';
import { Heartbeat, heartbeatExpiry } from './heartbeat.js';

/** How long a silent reader counts as alive. */
export const defaultPinLifetime = 5 * 60_000;

/** Failures to write that are no failures to read. */
const unpinnable: ReadonlySet<Condition> = new Set(['read_only_sql_transaction', 'disk_full']);

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
  const heartbeat = new Heartbeat(store, name, 'pins', lifetime);
  let held = true;
  try {
    await heartbeat.beat();
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
  heartbeat.start();
  return {
    held,
    alive: () => heartbeat.alive,
    async release() {
      await heartbeat.stop();
      await store.delete(name);
    },
  };
}

/** When a pin runs out, in milliseconds since the epoch; `undefined` where it is gone. */
export async function pinExpiry(store: ObjectStore, name: string): Promise<number | undefined> {
  return heartbeatExpiry(store, name, 'pins');
}
