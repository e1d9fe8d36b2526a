// The root of one dataset version: which segments make it up. Versions form a chain without gaps, found from a hint.
import { DiagnosticError, fail } from '../../core/index.js';
import type { SegmentRef } from '../manifest/segment.js';
import { datasetNames } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { corrupted, missing, seal, unseal } from '../sealed.js';
import type { DatasetDefinitions } from './dataset-definitions.js';

/**
 * A segment as a version sees it. Files are ordered by sequence numbers: `firstSequence + i` for file `i`, but for those that
 * took the place of a replaced file.
 */
export interface RootSegment extends SegmentRef {
  readonly firstSequence: number;
  readonly moved?: readonly (readonly [file: number, sequence: number])[];
  /** Files of the segment that this version no longer has. */
  readonly removed?: readonly number[];
}

export interface DatasetRoot {
  readonly format: 1;
  readonly dataset: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** `retired`: `gc` has removed what it pointed to; only the chain goes on. */
  readonly state: 'live' | 'dropped' | 'retired';
  readonly segments: readonly RootSegment[];
  readonly nextSequence: number;
  readonly definitions?: DatasetDefinitions;
  /** On a retired root: a version that was there when it was retired. */
  readonly newest?: number;
}

interface RootHint {
  readonly version: number;
}

/**
 * The newest version, with its root; `undefined` where the dataset never was. One read of the hint, one probe
 * for each version behind it, one read of the root.
 * @param known a version seen before with its root, which then is not read again
 * @throws DiagnosticError data_corrupted; also where that root is gone
 */
export async function newestRoot(
  store: ObjectStore,
  dataset: string,
  known?: DatasetRoot,
): Promise<DatasetRoot | undefined> {
  const names = datasetNames(dataset);
  let version = (await readHint(store, names.rootHint)) ?? 0;
  if (known && known.version > version) version = known.version;
  for (;;) {
    while (await store.stat(names.root(version + 1))) version++;
    if (version === 0) return undefined;
    if (known && known.version === version && known.state !== 'retired') return known;
    const root = await readRoot(store, dataset, version);
    // Roots stay for ever, and are there before anything names them. To take the version before for the newest would lose a commit.
    if (!root) throw missing(names.root(version), store, `the commit of version ${version} of dataset "${dataset}"`);
    if (root.state !== 'retired') return root;
    // An old hint was written late, and `gc` has been there since.
    version = root.newest ?? version + 1;
  }
}

/**
 * `undefined` where the version never was, or is long gone.
 * @throws DiagnosticError data_corrupted
 */
export async function readRoot(store: ObjectStore, dataset: string, version: number): Promise<DatasetRoot | undefined> {
  const name = datasetNames(dataset).root(version);
  const bytes = await readIfThere(store, name);
  if (!bytes) return undefined;
  const root = unseal<DatasetRoot>('root', bytes, name, store);
  if (root.dataset !== dataset || root.version !== version)
    throw corrupted(name, store, `it is version ${root.version} of dataset "${root.dataset}"`);
  if (root.format !== 1)
    throw fail(
      'feature_not_supported',
      `object "${name}" of store ${store.url} has the unknown format ${root.format}`,
      {
        hint: 'a newer version of Skyhook wrote it',
      },
    );
  return root;
}

/** `false` where another writer was first. The hint is a help for readers only, so its failure is not the commit's. */
export async function createRoot(store: ObjectStore, root: DatasetRoot): Promise<boolean> {
  const names = datasetNames(root.dataset);
  if (!(await store.create(names.root(root.version), seal('root', root)))) return false;
  await writeHint(store, names.rootHint, root.version).catch(() => undefined);
  return true;
}

/** Whether a creation that failed may have taken place, or may do so yet. */
export const isInDoubt = (error: unknown): boolean =>
  error instanceof DiagnosticError && error.diagnostic.condition === 'transaction_resolution_unknown';

export async function readHint(store: ObjectStore, name: string): Promise<number | undefined> {
  const bytes = await readIfThere(store, name);
  try {
    return bytes && unseal<RootHint>('hint', bytes, name, store).version;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    throw fail('data_corrupted', error.message, {
      hint: 'delete it: it only says where to begin to look, and is written anew',
      cause: error,
    });
  }
}

export async function readIfThere(store: ObjectStore, name: string): Promise<Uint8Array | undefined> {
  try {
    return await store.read(name);
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostic.condition === 'undefined_file') return undefined;
    throw error;
  }
}

export async function writeHint(store: ObjectStore, name: string, version: number): Promise<void> {
  const hint: RootHint = { version };
  await store.write(name, seal('hint', hint));
}
