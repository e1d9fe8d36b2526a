// The names of all datasets, so that readers never list a store. A name in it may be of a dropped dataset, or of one that
// is just being made; the dataset's own root decides.
import { fail } from '../../core/index.js';
import { catalogueNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { corrupted, seal, unseal } from '../sealed.js';
import { readHint, readIfThere, writeHint } from './dataset-root.js';

interface Catalogue {
  readonly version: number;
  readonly names: readonly string[];
}

const attempts = 100;

/** Sorted by code unit. */
export async function catalogueOf(store: ObjectStore): Promise<Catalogue> {
  let version = (await readHint(store, catalogueNames.hint)) ?? 0;
  for (let attempt = 0; ; attempt++) {
    while (await store.stat(catalogueNames.version(version + 1))) version++;
    if (version === 0) return { version, names: [] };
    const name = catalogueNames.version(version);
    const bytes = await readIfThere(store, name);
    if (bytes) return { version, names: unseal<readonly string[]>('list', bytes, name, store) };
    if (attempt === attempts) throw corrupted(catalogueNames.hint, store, 'it names a version that is not there');
    // `gc` has removed it since the hint was read, or the hint is older than that.
    version = 0;
    for await (const found of store.list(catalogueNames.prefix))
      version = Math.max(version, catalogueNames.versionOf(found) ?? 0);
    if (version === 0) throw corrupted(catalogueNames.hint, store, 'it names a version, and there is none');
  }
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
