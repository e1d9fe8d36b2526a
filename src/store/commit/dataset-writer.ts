// One write to one dataset, from its intent to its commit: partitions and segments under fresh names, then the next root.
import { fail } from '../../core/index.js';
import { crc32 } from '../crc32.js';
import { loadManifest, type Manifest, type ManifestFile } from '../manifest/manifest.js';
import type { DetailsPlace, SegmentRef } from '../manifest/segment.js';
import { SegmentReader } from '../manifest/segment-reader.js';
import { type SegmentSource, writeSegment } from '../manifest/segment-writer.js';
import { checkDatasetName, datasetNames, isTemporaryDataset } from '../object-names.js';
import type { ObjectStore } from '../object-store.js';
import { updateCatalogue } from './catalogue.js';
import { compactSegments } from './compact-segments.js';
import { type DatasetDefinitions, noDefinitions } from './dataset-definitions.js';
import { createRoot, type DatasetRoot, isInDoubt, newestRoot, type RootSegment } from './dataset-root.js';
import { type Intent, openIntent } from './intent.js';

/**
 * `create`: the dataset must not be there. `append`: it must be, without these files. `replace-files`: it must be; files
 * it has take the place of the old ones. `replace`: whatever was there goes.
 */
export type WriteMode = 'create' | 'append' | 'replace-files' | 'replace';

/** Commits lost to other writers before this one gives up. */
const attempts = 50;

export interface WriterOptions {
  /** Milliseconds after the last sign of life until `gc` may clear away what was written. */
  readonly intentLifetime?: number | undefined;
  /** A session's own dataset: its name is reserved, and it is on no list. */
  readonly temporary?: boolean | undefined;
  /** Looks at the version that the commit goes on top of, before each attempt; throws where it does not fit. */
  readonly check?: ((current: Manifest | undefined) => void) | undefined;
  /** Files of that version which the commit takes away. */
  readonly remove?: ((current: Manifest) => readonly ManifestFile[]) | undefined;
  /** What the new version defines. */
  readonly define?: ((current: DatasetDefinitions) => DatasetDefinitions) | undefined;
}

export class DatasetWriter {
  readonly dataset: string;
  readonly mode: WriteMode;
  /** The dataset as it was when the write began; `undefined` where it was not there. */
  readonly base: Manifest | undefined;
  readonly #reader: SegmentReader;
  readonly #intent: Intent;
  readonly #segments: SegmentRef[] = [];
  readonly #options: WriterOptions;
  #partitions = 0;
  #sections = 0;
  #details = 0;
  /** The root was created, or may have been: what it points to stays. */
  #committed = false;

  private constructor(
    dataset: string,
    mode: WriteMode,
    base: Manifest | undefined,
    reader: SegmentReader,
    intent: Intent,
    options: WriterOptions,
  ) {
    this.#options = options;
    this.dataset = dataset;
    this.mode = mode;
    this.base = base;
    this.#reader = reader;
    this.#intent = intent;
  }

  /**
   * @throws DiagnosticError invalid_name, reserved_name, duplicate_table (mode `create`), invalid_schema_name (mode `append`)
   */
  static async open(
    store: ObjectStore,
    dataset: string,
    mode: WriteMode,
    options: WriterOptions = {},
  ): Promise<DatasetWriter> {
    if (!isTemporaryDataset(dataset) || !options.temporary) checkDatasetName(dataset);
    const reader = new SegmentReader(store);
    const root = await newestRoot(store, dataset);
    const live = root?.state === 'live' ? root : undefined;
    checkMode(dataset, mode, live);
    const base = live && (await loadManifest(reader, live));
    options.check?.(base);
    const intent = await openIntent(store, dataset, options.intentLifetime);
    return new DatasetWriter(dataset, mode, base, reader, intent, options);
  }

  get store(): ObjectStore {
    return this.#reader.store;
  }

  /** Names what this write makes; `SegmentBuilder` wants it. */
  get id(): string {
    return this.#intent.id;
  }

  /** @throws DiagnosticError duplicate_object, before anything of the file is read */
  checkAbsent(source: string): void {
    if (this.base?.files.some((file) => file.source === source)) throw alreadyThere(this.dataset, source);
  }

  nextPartition(): { readonly number: number; readonly name: string } {
    const number = this.#partitions++;
    return { number, name: datasetNames(this.dataset).partition(this.id, number) };
  }

  /** Keeps what belongs to files but is seldom asked for (layouts, refused branches) out of the manifest. */
  async writeDetails(details: readonly unknown[]): Promise<DetailsPlace[]> {
    const object = datasetNames(this.dataset).details(this.id, this.#details++);
    const parts = details.map((value) => new TextEncoder().encode(JSON.stringify(value)));
    let offset = 0;
    const places = parts.map((part) => {
      const place = { object, offset, length: part.length, checksum: crc32(part) };
      offset += part.length;
      return place;
    });
    await this.store.write(object, parts);
    return places;
  }

  async addSegment(source: SegmentSource): Promise<void> {
    const names = datasetNames(this.dataset);
    this.#segments.push(await writeSegment(this.store, () => names.segment(this.id, this.#sections++), source));
  }

  /**
   * Makes all of it visible in one step, on top of the newest version, whoever made that. Nothing is lost: where another writer
   * was first, the commit is tried again if both have a place, and fails otherwise.
   * @returns the version
   * @throws DiagnosticError duplicate_table, duplicate_object, datatype_mismatch, serialization_failure
   */
  async commit(): Promise<number> {
    const creating = this.base === undefined && !this.#options.temporary;
    if (creating) await updateCatalogue(this.store, { add: [this.dataset] });
    for (let attempt = 0; attempt < attempts; attempt++) {
      const newest = await newestRoot(this.store, this.dataset);
      await this.#intent.check();
      const next = await this.#on(newest).catch(async (error: unknown) => {
        // Where `gc` has taken what was written, that is the reason.
        await this.#intent.check();
        throw error;
      });
      // Once more, after the newest root was read: see `Collector.#fence`.
      await this.#intent.check();

      if (await this.#create(next)) {
        // A drop of the same name may have taken it off the list in between.
        if (creating) await updateCatalogue(this.store, { add: [this.dataset] });
        await this.#intent.release().catch(() => undefined);
        await compactSegments(this.#reader, this.dataset);
        return next.version;
      }
    }
    throw fail('serialization_failure', `dataset "${this.dataset}" is written by too many at once`, {
      hint: 'run it again',
    });
  }

  async #create(root: DatasetRoot): Promise<boolean> {
    try {
      this.#committed = await createRoot(this.store, root);
      return this.#committed;
    } catch (error) {
      this.#committed = isInDoubt(error);
      throw error;
    }
  }

  /**
   * Gives up. What was written is cleared away at once, as far as possible; `gc` finds the rest. After a commit that may have taken
   * place all of it stays, and the intent runs out: `gc` sees to it that a root which is not there by then never comes.
   */
  async abandon(): Promise<void> {
    if (this.#committed) return this.#intent.leave();
    const names = datasetNames(this.dataset);
    const made = [
      ...Array.from({ length: this.#partitions }, (_, n) => names.partition(this.id, n)),
      ...Array.from({ length: this.#sections }, (_, n) => names.segment(this.id, n)),
      ...Array.from({ length: this.#details }, (_, n) => names.details(this.id, n)),
    ];
    try {
      for (const name of made) await this.store.delete(name);
      await this.#intent.release();
    } catch {
      // A store that does not answer would be waited for once for each of them.
      await this.#intent.leave();
    }
  }

  /** The next root after `newest`, checked against it. */
  async #on(newest: DatasetRoot | undefined): Promise<DatasetRoot> {
    const live = newest?.state === 'live' ? newest : undefined;
    checkMode(this.dataset, this.mode, live);
    const changed = (live?.version ?? 0) !== (this.base?.version ?? 0);
    if (this.mode === 'replace' && changed) throw overtaken(this.dataset, 'the dataset has changed since');
    const current = live && this.mode !== 'replace' ? await loadManifest(this.#reader, live) : undefined;
    this.#options.check?.(current);

    const old = current?.root.segments.map((segment) => ({ ...segment, removed: [...(segment.removed ?? [])] })) ?? [];
    for (const file of (current && this.#options.remove?.(current)) ?? []) old[file.segment]!.removed.push(file.local);
    const added: RootSegment[] = [];
    let sequence = this.mode === 'replace' ? 0 : (newest?.nextSequence ?? 0);
    for (const segment of this.#segments) {
      const head = await this.#reader.head(segment);
      const moved: [number, number][] = [];
      for (const [f, { source }] of head.files.entries()) {
        const there = current?.files.find((file) => file.source === source);
        if (!there) continue;
        if (this.mode !== 'replace-files') throw alreadyThere(this.dataset, source);
        const before = this.base?.files.find((file) => file.source === source);
        if (before?.details.object !== there.details.object || before.details.offset !== there.details.offset)
          throw overtaken(this.dataset, `another writer has put in file "${source}" since`);
        old[there.segment]!.removed.push(there.local);
        moved.push([f, there.sequence]);
      }
      added.push({ ...segment, firstSequence: sequence, ...(moved.length > 0 && { moved }) });
      sequence += segment.files;
    }
    const kept = old
      .filter((segment) => segment.removed.length < segment.files)
      .map(({ removed, ...segment }): RootSegment => ({ ...segment, ...(removed.length > 0 && { removed }) }));
    const before = current?.root.definitions;
    const { define } = this.#options;
    const definitions = define ? define(before ?? noDefinitions) : before;
    const next: DatasetRoot = {
      format: 1,
      dataset: this.dataset,
      version: (newest?.version ?? 0) + 1,
      created: Date.now(),
      state: 'live',
      segments: [...kept, ...added],
      nextSequence: sequence,
      ...(definitions && { definitions }),
    };
    // Throws where the columns of the new files do not go with those of the newest version.
    await loadManifest(this.#reader, next);
    return next;
  }
}

function checkMode(dataset: string, mode: WriteMode, live: DatasetRoot | undefined): void {
  if (mode === 'create' && live)
    throw fail('duplicate_table', `dataset "${dataset}" already exists`, {
      hint: 'append files to it, replace some of its files, or replace it whole',
    });
  if ((mode === 'append' || mode === 'replace-files') && !live)
    throw fail('invalid_schema_name', `dataset "${dataset}" does not exist`);
}

function alreadyThere(dataset: string, source: string) {
  return fail('duplicate_object', `file "${source}" is already in dataset "${dataset}"`, {
    hint: 'replace it, or leave it out',
  });
}

function overtaken(dataset: string, why: string) {
  return fail('serialization_failure', `dataset "${dataset}" was changed by another writer`, {
    detail: `${why[0]!.toUpperCase()}${why.slice(1)}. Nothing was committed.`,
    hint: 'look at the dataset and run it again',
  });
}
