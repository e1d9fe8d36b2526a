// A writer's announcement that it is at work: what `gc` must spare, until the commit or until the heartbeat stops.
import { randomUUID } from 'node:crypto';
import { fail } from '../../core/index.js';
import { datasetNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { seal } from '../sealed.js';
import { Heartbeat, heartbeatExpiry } from './heartbeat.js';

/** How long a silent writer counts as alive. */
export const defaultIntentLifetime = 5 * 60_000;

export interface Intent {
  readonly id: string;
  /**
   * @throws DiagnosticError serialization_failure where it expired, or `gc` took it for dead: nothing may be committed any more
   */
  check(): Promise<void>;
  /** After the commit, or to give up. */
  release(): Promise<void>;
  /** No more signs of life: whether there was a commit is for `gc` to find out. */
  leave(): Promise<void>;
}

/**
 * The intent object itself is made once and never written again, so that its deletion by `gc` cannot be undone by a late
 * heartbeat, which is an object of its own.
 */
export async function openIntent(
  store: ObjectStore,
  dataset: string,
  lifetime: number = defaultIntentLifetime,
): Promise<Intent> {
  const names = datasetNames(dataset);
  const id = randomUUID();
  const heartbeat = new Heartbeat(store, names.heartbeat(id), 'plan', lifetime);
  await heartbeat.beat();
  await store.create(names.intent(id), seal('plan', { dataset, started: Date.now() }));
  heartbeat.start();
  return {
    id,
    async check() {
      if (!heartbeat.alive || !(await store.stat(names.intent(id))))
        throw fail('serialization_failure', `the write to dataset "${dataset}" took too long without a sign of life`, {
          detail: 'Its intent has expired, and what it wrote may be gone. Nothing was committed.',
          hint: 'run it again',
        });
    },
    leave: () => heartbeat.stop(),
    async release() {
      await heartbeat.stop();
      await store.delete(names.intent(id));
      await store.delete(names.heartbeat(id));
    },
  };
}

/** When the writer's last sign of life runs out; `undefined` where there never was one. */
export async function intentExpiry(store: ObjectStore, dataset: string, id: string): Promise<number | undefined> {
  return heartbeatExpiry(store, datasetNames(dataset).heartbeat(id), 'plan');
}
