// A writer's announcement that it is at work: what `gc` must spare, until the commit or until the heartbeat stops.
import { randomUUID } from 'node:crypto';
import { fail } from '../../core/index.js';
import { datasetNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { seal, unseal } from '../sealed.js';
import { readIfThere } from './dataset-root.js';

/** How long a silent writer counts as alive. */
export const defaultIntentLifetime = 5 * 60_000;

interface Heartbeat {
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

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
  let expires = 0;
  const beat = async () => {
    const next: Heartbeat = { expires: Date.now() + lifetime };
    await store.write(names.heartbeat(id), seal('plan', next));
    expires = next.expires;
  };
  await beat();
  await store.create(names.intent(id), seal('plan', { dataset, started: Date.now() }));
  // A missed beat shows in `check`.
  let beating = Promise.resolve();
  const timer = setInterval(
    () => {
      beating = beat().catch(() => undefined);
    },
    Math.min(Math.max(lifetime / 5, 10), 60_000),
  );
  timer.unref();
  return {
    id,
    async check() {
      if (Date.now() > expires || !(await store.stat(names.intent(id))))
        throw fail('serialization_failure', `the write to dataset "${dataset}" took too long without a sign of life`, {
          detail: 'Its intent has expired, and what it wrote may be gone. Nothing was committed.',
          hint: 'run it again',
        });
    },
    async leave() {
      clearInterval(timer);
      await beating;
    },
    async release() {
      clearInterval(timer);
      // A late beat would bring its object back.
      await beating;
      await store.delete(names.intent(id));
      await store.delete(names.heartbeat(id));
    },
  };
}

/** When the writer's last sign of life runs out; `undefined` where there never was one. */
export async function intentExpiry(store: ObjectStore, dataset: string, id: string): Promise<number | undefined> {
  const name = datasetNames(dataset).heartbeat(id);
  const bytes = await readIfThere(store, name);
  return bytes && unseal<Heartbeat>('plan', bytes, name, store).expires;
}
