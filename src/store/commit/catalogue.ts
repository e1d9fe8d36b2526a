// The names of all datasets, so that readers never list a store. A name in it may be of a dropped dataset, or of one that
// is just being made; the dataset's own root decides.
import { fail } from '../../core/index.js';
import { catalogueNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { corrupted, missing, seal, unseal } from '../sealed.js';
import { readHint, readIfThere, writeHint } from './dataset-root.js';

interface Catalogue {
  readonly version: number;
  readonly names: readonly string[];
}

/** What `gc` leaves of the first version when it removes those behind it: from there the newest is found without a hint. */
interface Moved {
  readonly newest: number;
}

const attempts = 100;

/**
 * Sorted by code unit.
 * @throws DiagnosticError data_corrupted; also where the newest version is gone
 */
export async function catalogueOf(store: ObjectStore): Promise<Catalogue> {
  const hint = (await readHint(store, catalogueNames.hint)) ?? 0;
  let version = hint;
  for (let attempt = 0; ; attempt++) {
    while (await store.stat(catalogueNames.version(version + 1))) version++;
    if (version === 0) return { version, names: [] };
    const name = catalogueNames.version(version);
    const bytes = await readIfThere(store, name);
    if (bytes) {
      const list = unseal<readonly string[] | Moved>('list', bytes, name, store);
      if (!('newest' in list)) return { version, names: list };
      // What stands in the place of another version leads nowhere.
      if (list.newest <= version) throw corrupted(name, store, 'it is not the version it should be');
      version = list.newest;
      continue;
    }
    // `gc` has removed it since the hint was read, or the hint is older than that; there is a newer one then.
    const newest = await listedVersion(store);
    if (newest < Math.max(hint, version) || attempt === attempts)
      throw missing(name, store, 'the list of datasets; "skyhook gc" makes it anew');
    version = newest;
  }
}

async function listedVersion(store: ObjectStore): Promise<number> {
  let newest = 0;
  for await (const found of store.list(catalogueNames.prefix))
    newest = Math.max(newest, catalogueNames.versionOf(found) ?? 0);
  return newest;
}

/** A new version in the place of a damaged one. */
export async function rebuildCatalogue(store: ObjectStore, names: readonly string[]): Promise<void> {
  const hint = await readHint(store, catalogueNames.hint).catch(() => undefined);
  const version = Math.max(hint ?? 0, await listedVersion(store)) + 1;
  await store.create(catalogueNames.version(version), seal('list', names.toSorted()));
  await writeHint(store, catalogueNames.hint, version);
}

/** `gc` is about to remove versions behind the first. */
export async function markMoved(store: ObjectStore, newest: number): Promise<void> {
  const moved: Moved = { newest };
  await store.write(catalogueNames.version(1), seal('list', moved));
}

/** Adds and removes names, on top of whatever other writers do at the same time. */
export async function updateCatalogue(
  store: ObjectStore,
  change: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { version, names } = await catalogueOf(store);
    const next = new Set(names);
    for (const name of change.remove ?? []) next.delete(name);
    for (const name of change.add ?? []) next.add(name);
    if (next.size === names.length && names.every((name) => next.has(name))) return;
    if (await store.create(catalogueNames.version(version + 1), seal('list', [...next].sort()))) {
      await writeHint(store, catalogueNames.hint, version + 1).catch(() => undefined);
      return;
    }
  }
  throw fail('serialization_failure', 'the list of datasets is changed by too many writers at once', {
    hint: 'run it again',
  });
}
