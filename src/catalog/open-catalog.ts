// Committed data as the planner sees it: snapshots, statistics and buffer places, from the manifests of a store.
import { DiagnosticError, fail, suggest } from '../core/index.js';
import {
  type BufferPlace,
  type ColumnStats,
  catalogueOf,
  type FileAttributes,
  type FileRecord,
  gatherIndex,
  gatherPlaces,
  gatherStats,
  isDatasetName,
  isTemporaryDataset,
  loadManifest,
  type Manifest,
  newestRoot,
  type ObjectStore,
  type PartitionIndex,
  partitionName,
  placesPerBlock,
  SegmentReader,
  type UnitedTable,
  type ViewDefinition,
} from '../store/index.js';
import type { Catalog, DatasetSnapshot, PartitionPlaces, TableEntry, TableStats } from './table.js';
import { type LeaseOptions, VersionLeases } from './version-leases.js';

/** What is known of one file besides its tables. */
export interface FileDetails extends FileRecord {
  readonly attributes: FileAttributes;
}

export interface DatasetSizes {
  /** Bytes of the files that were ingested. */
  readonly source: number;
  /** Bytes of the partitions made of them. */
  readonly stored: number;
}

/** The catalog, and what is asked for beside planning. */
export interface DatasetCatalog extends Catalog {
  /** One per file, in order: attributes, layout, refused branches, notices. */
  fileDetails(snapshot: DatasetSnapshot): Promise<readonly FileDetails[]>;
  sizes(snapshot: DatasetSnapshot): DatasetSizes;
  /**
   * The newest version of a dataset, which no `gc` of any process removes before it is let go.
   * @throws DiagnosticError as {@link Catalog.dataset}
   */
  hold(name: string): Promise<HeldSnapshot>;
  /** Lets go of all versions. */
  close(): Promise<void>;
}

export interface HeldSnapshot {
  readonly snapshot: DatasetSnapshot;
  release(): void;
}

export interface CatalogOptions extends LeaseOptions {
  readonly cacheBytes?: number;
}

interface KnownTable {
  readonly manifest: Manifest;
  readonly table: UnitedTable;
  readonly key: string;
}

export function openCatalog(store: ObjectStore, options: CatalogOptions = {}): DatasetCatalog {
  return new StoreCatalog(store, options);
}

/** Lookups that `gc` overtook before a version was read or held, until this gives up. */
const attempts = 20;

class StoreCatalog implements DatasetCatalog {
  readonly #store: ObjectStore;
  readonly #reader: SegmentReader;
  readonly #leases: VersionLeases;
  readonly #newest = new Map<string, { readonly manifest: Manifest; readonly snapshot: DatasetSnapshot }>();
  readonly #manifests = new WeakMap<DatasetSnapshot, Manifest>();
  readonly #tables = new WeakMap<TableEntry, KnownTable>();

  constructor(store: ObjectStore, options: CatalogOptions) {
    this.#store = store;
    this.#reader = new SegmentReader(store, options.cacheBytes);
    this.#leases = new VersionLeases(store, options);
  }

  async hold(name: string): Promise<HeldSnapshot> {
    for (let attempt = 1; ; attempt++) {
      const snapshot = await this.dataset(name);
      try {
        return { snapshot, release: await this.#leases.take(snapshot.name, snapshot.version) };
      } catch (error) {
        if (!isCondition(error, 'object_not_in_prerequisite_state') || attempt === attempts) throw error;
      }
    }
  }

  close(): Promise<void> {
    return this.#leases.close();
  }

  async datasetNames(): Promise<readonly string[]> {
    const { names } = await catalogueOf(this.#store);
    const live = await Promise.all(
      names.map(async (name) => (await newestRoot(this.#store, name, this.#newest.get(name)?.manifest.root))?.state),
    );
    return names.filter((_, i) => live[i] === 'live');
  }

  async dataset(name: string): Promise<DatasetSnapshot> {
    return (await this.#find(name)) ?? (await this.#findOtherwise(name));
  }

  async #find(name: string): Promise<DatasetSnapshot | undefined> {
    if (!isDatasetName(name) && !isTemporaryDataset(name)) return undefined;
    const known = this.#newest.get(name);
    const root = await newestRoot(this.#store, name, known?.manifest.root);
    if (root?.state !== 'live') {
      this.#newest.delete(name);
      return undefined;
    }
    if (known && known.manifest.version === root.version) return known.snapshot;
    let manifest: Manifest;
    try {
      manifest = await loadManifest(this.#reader, root);
    } catch (error) {
      if (!isCondition(error, 'undefined_file')) throw error;
      const now = await newestRoot(this.#store, name);
      // Overtaken by a writer and `gc`; else what the newest version needs is not there.
      if (now && now.version > root.version) return this.#find(name);
      throw fail('data_corrupted', error.message, { cause: error });
    }
    const snapshot = this.#snapshot(manifest);
    this.#newest.set(name, { manifest, snapshot });
    return snapshot;
  }

  /** The only dataset whose name differs in case alone, else an error. */
  async #findOtherwise(name: string): Promise<DatasetSnapshot> {
    const names = await this.datasetNames();
    const same = names.filter((other) => other.toLowerCase() === name.toLowerCase());
    if (same.length > 1)
      throw fail('ambiguous_column', `dataset name "${name}" is ambiguous`, {
        detail: `It could be ${same.map((other) => `"${other}"`).join(' or ')}.`,
      });
    const found = same.length === 1 ? await this.#find(same[0]!) : undefined;
    if (found) return found;
    const meant = suggest(name, names);
    throw fail('invalid_schema_name', `dataset "${name}" does not exist`, {
      hint:
        names.length === 0
          ? `The store at ${this.#store.url} is empty.`
          : meant === undefined
            ? undefined
            : `perhaps "${meant}"?`,
    });
  }

  #snapshot(manifest: Manifest): DatasetSnapshot {
    const comments = manifest.root.definitions?.comments ?? [];
    const titleOf = (table: string, column: string | undefined, title: string) =>
      comments.find((comment) => comment.name === table && comment.column === column)?.text ?? title;
    const tables = manifest.tables.map((table, id): TableEntry => {
      const definition = manifest.root.definitions?.tables?.find(({ name }) => name === table.path);
      const entry: TableEntry = {
        dataset: manifest.dataset,
        id,
        path: table.path,
        cycle: table.cycle,
        title: titleOf(table.path, undefined, table.title),
        rows: table.rows,
        columns:
          comments.length === 0
            ? table.columns
            : table.columns.map((column) => ({ ...column, title: titleOf(table.path, column.name, column.title) })),
        variants: table.variants.map((columns) => ({ columns })),
        files: table.files.map((file) => ({ ...file, source: manifest.files[file.file]!.source })),
        partitionCount: table.partitionCount,
        ...(definition && { definition }),
      };
      this.#tables.set(entry, { manifest, table, key: `${manifest.dataset}/${manifest.version}/${id}` });
      return entry;
    });
    for (const view of manifest.root.definitions?.views ?? [])
      tables.push(viewEntry(manifest.dataset, tables.length, view, titleOf));
    const snapshot: DatasetSnapshot = {
      name: manifest.dataset,
      version: manifest.version,
      files: manifest.files.map(({ ordinal, source, name, attributes }) => ({
        ordinal,
        source,
        name,
        bytes: attributes.size,
      })),
      tables,
      ...(manifest.root.definitions && { definitions: manifest.root.definitions }),
    };
    this.#manifests.set(snapshot, manifest);
    return snapshot;
  }

  async stats(entry: TableEntry, columns: readonly string[]): Promise<TableStats> {
    const known = this.#known(entry);
    const { cache } = this.#reader;
    const index = await this.#index(known);
    const file = await cache.get(`${known.key}/file`, async () => {
      const value = new Int32Array(entry.partitionCount);
      for (const [f, { firstPartition, partitionCount }] of entry.files.entries())
        value.fill(f, firstPartition, firstPartition + partitionCount);
      return { value, bytes: value.byteLength };
    });
    const gathered = await Promise.all(
      columns.map(async (name): Promise<readonly [string, ColumnStats]> => {
        const column = columnNamed(known.table, name);
        // A table of one run answers from the section itself; others are put together once.
        if (known.table.runs.length === 1) return [name, await gatherStats(this.#reader, known.table, column)];
        const stats = await cache.get(`${known.key}/stats/${name}`, async () => {
          const value = await gatherStats(this.#reader, known.table, column);
          return { value, bytes: 101 * entry.partitionCount };
        });
        return [name, stats];
      }),
    );
    return { table: entry, file, firstEntry: index.firstEntry, rows: index.rows, columns: new Map(gathered) };
  }

  async places(
    entry: TableEntry,
    partitions: readonly number[],
    columns: readonly string[],
  ): Promise<readonly PartitionPlaces[]> {
    const known = this.#known(entry);
    const { table, manifest } = known;
    const index = await this.#index(known);
    const writers = writersOf(table);
    const first = Math.min(...rangeEnds(partitions));
    const last = Math.max(...rangeEnds(partitions));
    const wanted = columns.map((name) => columnNamed(table, name));
    // Block by block, those that hold a partition asked for.
    const blocks = new Map<string, Awaited<ReturnType<typeof gatherPlaces>>>();
    for (const partition of partitions) {
      const b = Math.floor(partition / placesPerBlock);
      for (const column of wanted) {
        const key = `${b}/${column.name}`;
        if (blocks.has(key)) continue;
        const from = Math.max(first, b * placesPerBlock);
        const stop = Math.min(last + 1, (b + 1) * placesPerBlock);
        blocks.set(key, await gatherPlaces(this.#reader, table, column, from, stop));
      }
    }
    return partitions.map((partition): PartitionPlaces => {
      const file = fileOf(table, partition);
      const variant = table.variants[file.variant]!;
      const b = Math.floor(partition / placesPerBlock);
      const from = Math.max(first, b * placesPerBlock);
      const places = new Map<number, readonly BufferPlace[]>();
      for (const column of wanted) {
        const stored = variant[table.columns.indexOf(column)];
        if (!stored) continue;
        const block = blocks.get(`${b}/${column.name}`)!;
        places.set(
          stored.index,
          block.buffers.map(({ offset, length, checksum, codec }) => ({
            offset: offset[partition - from]!,
            length: length[partition - from]!,
            checksum: checksum[partition - from]!,
            codec: codec[partition - from]!,
          })),
        );
      }
      return {
        object: partitionName(manifest.dataset, writers[index.writer[partition]!]!, index.number[partition]!),
        rows: index.rows[partition]!,
        firstEntry: index.firstEntry[partition]!,
        file: file.file,
        variant: file.variant,
        columns: places,
      };
    });
  }

  async fileDetails(snapshot: DatasetSnapshot): Promise<readonly FileDetails[]> {
    const { files } = this.#manifest(snapshot);
    const details: FileDetails[] = [];
    for (const file of files)
      details.push({ ...(await this.#reader.details<FileRecord>(file.details)), attributes: file.attributes });
    return details;
  }

  sizes(snapshot: DatasetSnapshot): DatasetSizes {
    const { files } = this.#manifest(snapshot);
    return {
      source: files.reduce((sum, file) => sum + file.attributes.size, 0),
      stored: files.reduce((sum, file) => sum + file.storedBytes, 0),
    };
  }

  #index({ table, key }: KnownTable): Promise<PartitionIndex> {
    return this.#reader.cache.get(`${key}/index`, async () => {
      const writers = writersOf(table);
      const value = await gatherIndex(this.#reader, table, (writer) => writers.indexOf(writer));
      return { value, bytes: 32 * table.partitionCount + 64 };
    });
  }

  #known(entry: TableEntry): KnownTable {
    const known = this.#tables.get(entry);
    if (!known) throw new Error(`table ${entry.dataset}.${entry.path} is not of this catalog`);
    return known;
  }

  #manifest(snapshot: DatasetSnapshot): Manifest {
    const manifest = this.#manifests.get(snapshot);
    if (!manifest) throw new Error(`dataset ${snapshot.name} is not of this catalog`);
    return manifest;
  }
}

/** `titleOf`: what a comment says, else the title given. */
function viewEntry(
  dataset: string,
  id: number,
  view: ViewDefinition,
  titleOf: (table: string, column: string | undefined, title: string) => string,
): TableEntry {
  const columns = view.columns.map((column) => ({ ...column, title: titleOf(view.name, column.name, '') }));
  const title = titleOf(view.name, undefined, '');
  const nothing = { cycle: undefined, title, rows: 0, variants: [], files: [], partitionCount: 0 };
  return { ...nothing, dataset, id, path: view.name, columns, view };
}

function isCondition(error: unknown, condition: string): error is DiagnosticError {
  return error instanceof DiagnosticError && error.diagnostic.condition === condition;
}

function writersOf(table: UnitedTable): readonly string[] {
  return [...new Set(table.runs.flatMap((run) => run.head.writers))];
}

function columnNamed(table: UnitedTable, name: string) {
  const column = table.columns.find((other) => other.name === name);
  if (!column) throw new Error(`table ${table.path} has no column ${name}`);
  return column;
}

function rangeEnds(partitions: readonly number[]): readonly number[] {
  let least = Number.POSITIVE_INFINITY;
  let greatest = -1;
  for (const partition of partitions) {
    least = Math.min(least, partition);
    greatest = Math.max(greatest, partition);
  }
  return greatest < 0 ? [0] : [least, greatest];
}

/** Files are in partition order; those without partitions share their neighbour's start. */
function fileOf(table: UnitedTable, partition: number) {
  let low = 0;
  let high = table.files.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { firstPartition, partitionCount } = table.files[middle]!;
    if (partition >= firstPartition + partitionCount) low = middle + 1;
    else high = middle;
  }
  return table.files[low]!;
}
