// `skyhook gc`: removes what no version needs any more. The only one that lists a store, and safe beside writers and readers.
import { DiagnosticError } from '../../core/index.js';
import { stagingPrefix } from '../home/local-store.js';
import { gatherIndex } from '../manifest/gather-columns.js';
import { loadManifest } from '../manifest/manifest.js';
import { SegmentReader } from '../manifest/segment-reader.js';
import { catalogueNames, type DatasetNames, datasetNames, datasetOf, datasetsPrefix } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { seal } from '../sealed.js';
import { markMoved, rebuildCatalogue, updateCatalogue } from './catalogue.js';
import { createRoot, type DatasetRoot, newestRoot, readRoot, writeHint } from './dataset-root.js';
import { intentExpiry } from './intent.js';
import { pinExpiry } from './pin-version.js';

export interface GarbageOptions {
  /** Milliseconds a version is kept after the next one was made. Default one hour. */
  readonly grace?: number | undefined;
  /** The clock, for tests. */
  readonly now?: number | undefined;
}

export interface GarbageReport {
  readonly datasets: number;
  readonly objectsRemoved: number;
  readonly bytesFreed: number;
  /** Versions that were removed. */
  readonly versionsRetired: number;
  /** Old versions that were kept: too young, or pinned by a reader. */
  readonly versionsKept: number;
  /** Writers at work, whose objects were spared. */
  readonly writersSpared: number;
  /** Writers taken for dead. */
  readonly writersExpired: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Tally = Mutable<GarbageReport>;

export const defaultGrace = 3_600_000;

/** @throws DiagnosticError data_corrupted where a manifest cannot be read: nothing of that dataset is removed then */
export async function collectGarbage(store: ObjectStore, options: GarbageOptions = {}): Promise<GarbageReport> {
  const grace = options.grace ?? defaultGrace;
  const now = options.now ?? Date.now();
  const tally: Tally = {
    datasets: 0,
    objectsRemoved: 0,
    bytesFreed: 0,
    versionsRetired: 0,
    versionsKept: 0,
    writersSpared: 0,
    writersExpired: 0,
  };
  const objects = new Map<string, string[]>();
  for await (const name of store.list(datasetsPrefix)) {
    const dataset = datasetOf(name);
    if (dataset === undefined) continue;
    const known = objects.get(dataset);
    if (known) known.push(name);
    else objects.set(dataset, [name]);
  }
  const add: string[] = [];
  const remove: string[] = [];
  const coming: string[] = [];
  for (const [dataset, names] of objects) {
    const state = await new Collector(store, dataset, grace, now, tally).run(names);
    if (state === 'live') tally.datasets++;
    // A name that is being made is on the list before the dataset is there.
    (state === 'live' ? add : state === 'coming' ? coming : remove).push(dataset);
  }
  await updateCatalogue(store, { add, remove }).catch((error: unknown) => {
    if (!(error instanceof DiagnosticError) || error.diagnostic.condition !== 'data_corrupted') throw error;
    return rebuildCatalogue(store, [...add, ...coming]);
  });
  // A dataset made while this ran is put back on the list.
  const revived: string[] = [];
  for (const name of remove) if ((await newestRoot(store, name))?.state === 'live') revived.push(name);
  if (revived.length > 0) await updateCatalogue(store, { add: revived });
  await removeOldCatalogues(store, grace, now, tally);
  await removeStaged(store, grace, now, tally);
  return tally;
}

/**
 * One dataset. Objects are listed first, then intents, then roots are read: whatever a writer has made by the first step it has
 * announced by the second, or committed by the third.
 */
class Collector {
  readonly #store: ObjectStore;
  readonly #dataset: string;
  readonly #names: DatasetNames;
  readonly #grace: number;
  readonly #now: number;
  readonly #tally: Tally;

  constructor(store: ObjectStore, dataset: string, grace: number, now: number, tally: Tally) {
    this.#store = store;
    this.#dataset = dataset;
    this.#names = datasetNames(dataset);
    this.#grace = grace;
    this.#now = now;
    this.#tally = tally;
  }

  async run(objects: readonly string[]): Promise<'live' | 'coming' | 'gone'> {
    const { writing, expired } = await this.#writers();
    const newest = await this.#fence(expired);
    const kept = await this.#retire(objects, newest);
    const referenced = await this.#referenced(kept);
    for (const name of objects) {
      const writer = this.#names.writerOf(name);
      if (writer !== undefined && !writing.has(writer) && !referenced.has(name))
        await remove(this.#store, name, this.#tally);
    }
    await this.#removeLeases(objects, writing);
    return newest?.state === 'live' ? 'live' : writing.size > 0 ? 'coming' : 'gone';
  }

  async #writers() {
    const writing = new Set<string>();
    const expired: string[] = [];
    for await (const name of this.#store.list(this.#names.intentPrefix)) {
      const id = name.slice(this.#names.intentPrefix.length);
      const expiry = await intentExpiry(this.#store, this.#dataset, id);
      if (expiry !== undefined && expiry >= this.#now) writing.add(id);
      // One that has just ended is in a root, or has failed.
      else if (await this.#store.stat(name)) expired.push(id);
    }
    this.#tally.writersSpared += writing.size;
    this.#tally.writersExpired += expired.length;
    return { writing, expired };
  }

  /**
   * A writer taken for dead may only be slow, about to create the next root. Without its intent it cannot begin that any more;
   * a new version in its place makes the attempt fail that it has begun.
   */
  async #fence(expired: readonly string[]): Promise<DatasetRoot | undefined> {
    for (const id of expired) await this.#store.delete(this.#names.intent(id));
    for (;;) {
      const newest = await newestRoot(this.#store, this.#dataset);
      if (expired.length === 0) return newest;
      const next: DatasetRoot = {
        format: 1,
        dataset: this.#dataset,
        state: newest?.state ?? 'dropped',
        segments: newest?.segments ?? [],
        nextSequence: newest?.nextSequence ?? 0,
        ...(newest?.definitions && { definitions: newest.definitions }),
        version: (newest?.version ?? 0) + 1,
        created: this.#now,
      };
      if (await createRoot(this.#store, next)) return next;
    }
  }

  /**
   * Marks old versions as gone unless they are young or pinned, and returns those that stay, with the newest. In two steps: a
   * mark that keeps what the version points to, and after another look at the pins one that does not. A crash in between leaves
   * the first, from which the version can still be brought back.
   */
  async #retire(objects: readonly string[], newest: DatasetRoot | undefined): Promise<DatasetRoot[]> {
    if (!newest) return [];
    const kept = [newest];
    const pinned = await this.#pinned();
    const retiring: DatasetRoot[] = [];
    for (const version of this.#versions(objects, newest.version)) {
      const root = await readRoot(this.#store, this.#dataset, version);
      if (!root || (root.state === 'retired' && root.segments.length === 0)) continue;
      if (root.state !== 'retired') {
        const superseded = (await readRoot(this.#store, this.#dataset, version + 1))?.created ?? 0;
        if (pinned.has(version) || superseded > this.#now - this.#grace) {
          kept.push(root);
          continue;
        }
        await this.#writeRoot({ ...root, state: 'retired', newest: newest.version });
      }
      retiring.push(root);
    }
    // A reader that pinned in between has seen either the version or the mark.
    const late = retiring.length > 0 ? await this.#pinned() : pinned;
    for (const root of retiring) {
      if (late.has(root.version)) {
        // A dropped version points to nothing, so one that points to something was live.
        const { newest: _, ...whole } = root;
        const restored: DatasetRoot = { ...whole, state: root.segments.length > 0 ? 'live' : root.state };
        await this.#writeRoot(restored);
        kept.push(restored);
      } else await this.#writeRoot({ ...root, state: 'retired', segments: [], newest: newest.version });
    }
    this.#tally.versionsKept += kept.length - 1;
    this.#tally.versionsRetired += retiring.filter((root) => !late.has(root.version)).length;
    await writeHint(this.#store, this.#names.rootHint, newest.version);
    return kept;
  }

  #writeRoot(root: DatasetRoot): Promise<void> {
    return this.#store.write(this.#names.root(root.version), seal('root', root));
  }

  /** Those listed, and those that came after the listing; without the newest. */
  #versions(objects: readonly string[], newest: number): number[] {
    const listed = objects.flatMap((name) => this.#names.versionOf(name) ?? []).filter((version) => version < newest);
    for (let version = Math.max(0, ...listed) + 1; version < newest; version++) listed.push(version);
    return listed.sort((a, b) => a - b);
  }

  async #pinned(): Promise<Set<number>> {
    const versions = new Set<number>();
    for await (const name of this.#store.list(this.#names.pinPrefix)) {
      const expiry = await pinExpiry(this.#store, name);
      if (expiry !== undefined && expiry >= this.#now)
        versions.add(Number.parseInt(name.slice(this.#names.pinPrefix.length), 10));
    }
    return versions;
  }

  /** Every object that the versions point to. */
  async #referenced(roots: readonly DatasetRoot[]): Promise<Set<string>> {
    const reader = new SegmentReader(this.#store);
    const names = new Set<string>();
    const [newest] = roots;
    for (const root of roots) {
      const manifest = await loadManifest(reader, root).catch((error: unknown) => {
        // Another `gc` has just removed an old version that this one would have kept.
        if (root === newest || !(error instanceof DiagnosticError) || error.diagnostic.condition !== 'undefined_file')
          throw error;
        return undefined;
      });
      if (!manifest) continue;
      for (const segment of root.segments) for (const object of segment.objects) names.add(object);
      for (const file of manifest.files) names.add(file.details.object);
      for (const table of manifest.tables) {
        if (table.cycle === undefined) continue;
        const writers = [...new Set(table.runs.flatMap((run) => run.head.writers))];
        const index = await gatherIndex(reader, table, (writer) => writers.indexOf(writer));
        for (let p = 0; p < table.partitionCount; p++)
          names.add(this.#names.partition(writers[index.writer[p]!]!, index.number[p]!));
      }
    }
    return names;
  }

  /** Heartbeats without an intent, and pins that have run out. */
  async #removeLeases(objects: readonly string[], writing: ReadonlySet<string>): Promise<void> {
    for (const name of objects) {
      if (name.startsWith(this.#names.heartbeatPrefix)) {
        const id = name.slice(this.#names.heartbeatPrefix.length);
        const expiry = await intentExpiry(this.#store, this.#dataset, id);
        if (!writing.has(id) && expiry !== undefined && expiry < this.#now)
          await remove(this.#store, name, this.#tally);
      } else if (name.startsWith(this.#names.pinPrefix)) {
        const expiry = await pinExpiry(this.#store, name);
        if (expiry !== undefined && expiry < this.#now) await remove(this.#store, name, this.#tally);
      }
    }
  }
}

async function removeOldCatalogues(store: ObjectStore, grace: number, now: number, tally: Tally): Promise<void> {
  const versions: number[] = [];
  for await (const name of store.list(catalogueNames.prefix)) {
    const version = catalogueNames.versionOf(name);
    if (version !== undefined) versions.push(version);
  }
  versions.sort((a, b) => a - b);
  const newest = versions.at(-1);
  if (newest === undefined) return;
  await writeHint(store, catalogueNames.hint, newest);
  // The first stays: from it the newest is found where the hint is lost.
  let moved = false;
  for (const version of versions.slice(0, -1).filter((version) => version > 1)) {
    const name = catalogueNames.version(version);
    const stat = await store.stat(name);
    // A prefix of the chain only, so that no hint can point in front of a gap.
    if (stat && stat.modified > now - grace) break;
    if (!moved) await markMoved(store, newest);
    moved = true;
    await remove(store, name, tally);
  }
}

/** Files that a crash left before they had a name. */
async function removeStaged(store: ObjectStore, grace: number, now: number, tally: Tally): Promise<void> {
  for await (const name of store.list(stagingPrefix)) {
    const stat = await store.stat(name);
    if (stat && stat.modified <= now - Math.max(grace, defaultGrace)) await remove(store, name, tally);
  }
}

async function remove(store: ObjectStore, name: string, tally: Tally): Promise<void> {
  const stat = await store.stat(name);
  await store.delete(name);
  tally.objectsRemoved++;
  tally.bytesFreed += stat?.size ?? 0;
}
