// ROOT files into a dataset: open, check against what is there, cut into partitions, write, commit in one step.
import * as fs from 'node:fs/promises';
import { type DiagnosticError, fail, printStorageType, type SqlType } from '../core/index.js';
import {
  DatasetWriter,
  type FileAttributes,
  type FileRecord,
  type ObjectStore,
  type RefusedColumn,
  SegmentBuilder,
  type WriteMode,
  type WrittenPartition,
  type WrittenTree,
} from '../store/index.js';
import { type MemoryPlan, memoryPlan, partitionSize } from './memory-plan.js';
import { planPartitions } from './plan-partitions.js';
import { type EncodedRange, type TreeColumn, TreeEncoder, treeColumns } from './read-tree.js';
import { type ColumnReader, openRootFile, type RootFile } from './root/index.js';
import { fileName, sourceName } from './source-name.js';
import { IngestWorkers } from './worker-pool.js';

export interface IngestOptions {
  /** Default `create`. */
  readonly mode?: WriteMode | undefined;
  /** Every cycle of each tree, not the highest alone. */
  readonly allCycles?: boolean | undefined;
  /** Bytes a partition aims at. Default 48 MiB, less where the memory budget wants it. */
  readonly partitionBytes?: number | undefined;
  /** Worker threads; 0 reads in this thread. Default: one per processor, at most 4, and none for small trees. */
  readonly threads?: number | undefined;
  /** Bytes that ingest may add to the process, over all threads: see `memoryPlan`. Default 1 GiB. */
  readonly memoryBudget?: number | undefined;
  readonly onProgress?: ((progress: IngestProgress) => void) | undefined;
  /** Aborting leaves the dataset as it was; `ingest` fails with query_canceled. */
  readonly signal?: AbortSignal | undefined;
  /** For tests: see `openIntent`. */
  readonly intentLifetime?: number | undefined;
}

export interface IngestProgress {
  /** The file being read. */
  readonly source: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Of the files opened so far. */
  readonly rowsDone: number;
  readonly rowsTotal: number;
  /** Compressed bytes of the columns, in the files opened so far. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface IngestReport {
  readonly dataset: string;
  readonly version: number;
  readonly files: number;
  /** Trees written, over all files. */
  readonly tables: number;
  readonly partitions: number;
  readonly rows: number;
  /** Compressed bytes of the columns that were read. */
  readonly bytesRead: number;
  /** Bytes of the partitions. */
  readonly bytesWritten: number;
  readonly refused: readonly (RefusedColumn & { readonly source: string })[];
  readonly notices: readonly string[];
  readonly seconds: number;
}

/** Files per manifest segment are limited by this many partitions × columns, which the builder keeps in memory. */
const cellsPerSegment = 500_000;

/** Below this, uncompressed, starting threads takes longer than reading. */
const worthThreads = 16 << 20;

const noTree = 'no tree was found';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads `sources` (paths, `file:` and `http(s):` URLs) in order. All of them become visible at once, or none.
 * @throws DiagnosticError whatever `DatasetWriter` and `openRootFile` throw; datatype_mismatch naming file, column and types;
 * query_canceled
 */
export async function ingest(
  store: ObjectStore,
  dataset: string,
  sources: readonly string[],
  options: IngestOptions = {},
): Promise<IngestReport> {
  const began = performance.now();
  const mode = options.mode ?? 'create';
  const named = distinctSources(sources);
  checkAbort(options.signal);
  const writer = await DatasetWriter.open(store, dataset, mode, { intentLifetime: options.intentLifetime });
  const run = new IngestRun(writer, options, named.length);
  const stop = () => void run.close();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    for (const [source, url] of named) await run.addFile(source, url);
    if (run.report.tables === 0) throw nothingToIngest(run.report.notices);
    await run.flush();
    checkAbort(options.signal);
    const version = await writer.commit();
    return { ...run.report, dataset, version, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    await writer.abandon();
    throw options.signal?.aborted ? canceled() : error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await run.close();
  }
}

/** Files without trees may stand beside others (histograms do), but alone they are no dataset. */
function nothingToIngest(notices: readonly string[]): DiagnosticError {
  const reasons = notices.filter((notice) => !notice.endsWith(noTree));
  return fail(
    reasons.length > 0 ? 'feature_not_supported' : 'undefined_table',
    'there is no tree to ingest',
    reasons.length > 0
      ? { detail: reasons.join('\n') }
      : { hint: 'A dataset is made of TTrees; these files hold none.' },
  );
}

class IngestRun {
  readonly #writer: DatasetWriter;
  readonly #options: IngestOptions;
  readonly #progress: Mutable<IngestProgress>;
  readonly #memory: MemoryPlan;
  #workers: IngestWorkers | undefined;
  /** Where partitions are made without threads. */
  #buffer: ArrayBuffer | undefined;
  #builder: SegmentBuilder;
  readonly report = {
    files: 0,
    tables: 0,
    partitions: 0,
    rows: 0,
    bytesRead: 0,
    bytesWritten: 0,
    refused: [] as (RefusedColumn & { source: string })[],
    notices: [] as string[],
  };

  constructor(writer: DatasetWriter, options: IngestOptions, filesTotal: number) {
    this.#writer = writer;
    this.#options = options;
    this.#builder = new SegmentBuilder(writer.id);
    this.#memory = memoryPlan(options);
    this.#progress = {
      source: '',
      filesDone: 0,
      filesTotal,
      rowsDone: 0,
      rowsTotal: 0,
      bytesDone: 0,
      bytesTotal: 0,
    };
  }

  async addFile(source: string, url: string): Promise<void> {
    if (this.#writer.mode === 'append') this.#writer.checkAbsent(source);
    checkAbort(this.#options.signal);
    const file = await openRootFile(url);
    try {
      await this.#addOpened(source, url, file);
    } finally {
      await file.close();
    }
  }

  async #addOpened(source: string, url: string, file: RootFile): Promise<void> {
    const refused: RefusedColumn[] = [];
    const notices = file.notices.map((notice) => `${source}: ${notice}`);
    const chosen = this.#options.allCycles ? file.trees : highestCycles(file.trees);
    const prepared = chosen.map((tree) => ({ tree, ...treeColumns(tree) }));
    this.#progress.source = source;
    for (const { tree, columns } of prepared) {
      this.#progress.rowsTotal += tree.entries;
      this.#progress.bytesTotal += compressedBytes(columns);
    }
    const trees: WrittenTree[] = [];
    for (const { tree, columns, refused: unsupported } of prepared) {
      const name = `${tree.path};${tree.cycle}`;
      refused.push(...unsupported.map(({ branch, reason }) => ({ tree: name, branch, reason })));
      if (columns.length === 0) {
        notices.push(`${source}: tree "${name}" is left out, none of its branches can be read`);
        continue;
      }
      const { written, unreadable } = await this.#writeTree(source, url, tree, columns);
      refused.push(...[...unreadable].map(([branch, reason]) => ({ tree: name, branch, reason })));
      trees.push(written);
    }
    if (trees.length === 0) notices.push(`${source}: ${noTree}`);
    const details: FileRecord = { layout: file.layout, refused, notices: [...file.notices] };
    const [place] = await this.#writer.writeDetails([details]);
    const attributes = await attributesOf(url, source, file.size);
    this.#builder.addFile({ source, name: fileName(source), attributes, details: place! }, trees);
    if (this.#builder.cells > cellsPerSegment) await this.flush();
    this.report.files++;
    this.report.tables += trees.length;
    this.report.refused.push(...refused.map((branch) => ({ source, ...branch })));
    this.report.notices.push(...notices);
    this.#progress.filesDone++;
    this.#options.onProgress?.({ ...this.#progress });
  }

  async #writeTree(source: string, url: string, tree: ColumnReader, columns: readonly TreeColumn[]) {
    const size = columns.reduce((sum, { column }) => sum + column.uncompressedBytes, 0);
    const compressed = compressedBytes(columns);
    const { threads, capacity } = this.#memory;
    const largest = columns.reduce((most, { column }) => Math.max(most, column.uncompressedBytes), 0);
    const { target, limit } = partitionSize(this.#memory, largest / size);
    const ranges = planPartitions(tree.entries, size, target, tree.clusterStarts);
    const unreadable = new Map<string, string>();
    // Ranges are done in any order, each in order.
    const written: WrittenPartition[][] = ranges.map(() => []);
    const take = async (r: number, { start, stop, bytes, record }: EncodedRange) => {
      checkAbort(this.#options.signal);
      const { number, name } = this.#writer.nextPartition();
      await this.#writer.store.write(name, bytes);
      written[r]!.push({ number, firstEntry: start, record });
      this.report.bytesWritten += record.bytes;
      this.report.partitions++;
      this.#progress.rowsDone += stop - start;
      this.#progress.bytesDone += (compressed * (stop - start)) / tree.entries;
      this.#options.onProgress?.({ ...this.#progress });
    };
    if (threads > 0 && ranges.length > 1 && (this.#options.threads !== undefined || size >= worthThreads)) {
      const { path, cycle } = tree;
      this.#workers ??= new IngestWorkers(threads, capacity);
      const tasks = ranges.map((range) => ({ url, source, path, cycle, limit, ...range }));
      await this.#workers.run(tasks, async (r, result) => {
        for (const [branch, reason] of result.unreadable) unreadable.set(branch, reason);
        await take(r, result.encoded);
      });
    } else {
      const encoder = new TreeEncoder(tree, columns, source);
      this.#buffer ??= new ArrayBuffer(capacity);
      for (const [r, { start, stop }] of ranges.entries()) {
        for (let at = start; at < stop; ) {
          checkAbort(this.#options.signal);
          const encoded = await encoder.encode({ start: at, stop }, this.#buffer, limit);
          await take(r, encoded);
          at = encoded.stop;
        }
      }
      for (const [branch, reason] of encoder.unreadable) unreadable.set(branch, reason);
    }
    this.report.rows += tree.entries;
    this.report.bytesRead += compressed;
    return { written: writtenTree(tree, columns, written.flat(), unreadable), unreadable };
  }

  async close(): Promise<void> {
    const workers = this.#workers;
    this.#workers = undefined;
    await workers?.close();
  }

  async flush(): Promise<void> {
    if (this.#builder.fileCount === 0) return;
    await this.#writer.addSegment(this.#builder.source());
    this.#builder = new SegmentBuilder(this.#writer.id);
  }
}

function writtenTree(
  tree: ColumnReader,
  columns: readonly TreeColumn[],
  partitions: readonly WrittenPartition[],
  unreadable: ReadonlyMap<string, string>,
): WrittenTree {
  const binary = new Set(partitions.flatMap(({ record }) => record.binaryColumns));
  const types = columns.map(({ type }, index) => (binary.has(index) ? asBinary(type) : type));
  return {
    path: tree.path,
    cycle: tree.cycle,
    title: tree.title,
    classType: tree.classType,
    entries: tree.entries,
    stored: types,
    columns: columns.flatMap(({ column }, index) =>
      unreadable.has(column.name) ? [] : [{ name: column.name, title: column.title, type: types[index]!, index }],
    ),
    partitions,
  };
}

/** Text that is not UTF-8 has the same buffers as bytes; only the type changes. */
function asBinary(type: SqlType): SqlType {
  if (type.kind === 'list') return { kind: 'list', element: asBinary(type.element) };
  if (type.kind === 'text') return { kind: 'bytea' };
  throw new Error(`${printStorageType(type)} is no text`);
}

function highestCycles(trees: readonly ColumnReader[]): ColumnReader[] {
  const highest = new Map<string, ColumnReader>();
  for (const tree of trees) if ((highest.get(tree.path)?.cycle ?? -1) < tree.cycle) highest.set(tree.path, tree);
  return [...highest.values()];
}

function compressedBytes(columns: readonly TreeColumn[]): number {
  return columns.reduce((sum, { column }) => sum + column.compressedBytes, 0);
}

async function attributesOf(url: string, source: string, size: number): Promise<FileAttributes> {
  if (url.includes('://') && !/^file:/i.test(url)) return { size, accessed: 0, modified: 0, changed: 0 };
  const { atimeMs, mtimeMs, ctimeMs } = await fs.stat(source);
  return { size, accessed: Math.round(atimeMs), modified: Math.round(mtimeMs), changed: Math.round(ctimeMs) };
}

/** Normalised name and what to open, in order. */
function distinctSources(sources: readonly string[]): [string, string][] {
  if (sources.length === 0) throw fail('invalid_parameter_value', 'no file to ingest');
  const named = new Map<string, string>();
  for (const url of sources) {
    const source = sourceName(url);
    if (named.has(source)) throw fail('duplicate_object', `file "${source}" is named twice`);
    named.set(source, url);
  }
  return [...named];
}

function canceled() {
  return fail('query_canceled', 'ingest was canceled', { detail: 'The dataset is as it was.' });
}

function checkAbort(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw canceled();
}
