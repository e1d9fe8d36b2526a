// ROOT files into a dataset: open, check against what is there, cut into partitions, write, commit in one step.
import * as fs from 'node:fs/promises';
import { DiagnosticError, fail, printStorageType, type SqlType } from '../core/index.js';
import {
  DatasetWriter,
  type FileAttributes,
  type FileRecord,
  type ObjectStore,
  type RefusedColumn,
  SegmentBuilder,
  targetPartitionBytes,
  type WriteMode,
  type WrittenPartition,
  type WrittenTree,
} from '../store/index.js';
import { planPartitions } from './plan-partitions.js';
import { type TreeColumn, TreeEncoder, treeColumns } from './read-tree.js';
import { type ColumnReader, openRootFile, type RootFile } from './root/index.js';
import { fileName, sourceName } from './source-name.js';

export interface IngestOptions {
  /** Default `create`. */
  readonly mode?: WriteMode | undefined;
  /** Every cycle of each tree, not the highest alone. */
  readonly allCycles?: boolean | undefined;
  /** Bytes a partition aims at. Default 48 MiB. */
  readonly partitionBytes?: number | undefined;
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
  try {
    const run = new IngestRun(writer, options, named.length);
    for (const [source, url] of named) await run.addFile(source, url);
    await run.flush();
    checkAbort(options.signal);
    const version = await writer.commit();
    return { ...run.report, dataset, version, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    await writer.abandon();
    throw options.signal?.aborted && !(error instanceof DiagnosticError) ? canceled() : error;
  }
}

class IngestRun {
  readonly #writer: DatasetWriter;
  readonly #options: IngestOptions;
  readonly #progress: Mutable<IngestProgress>;
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
      const { written, unreadable } = await this.#writeTree(source, tree, columns);
      refused.push(...[...unreadable].map(([branch, reason]) => ({ tree: name, branch, reason })));
      trees.push(written);
    }
    if (trees.length === 0) notices.push(`${source}: no tree was found`);
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

  async #writeTree(source: string, tree: ColumnReader, columns: readonly TreeColumn[]) {
    const encoder = new TreeEncoder(tree, columns, source);
    const size = columns.reduce((sum, { column }) => sum + column.uncompressedBytes, 0);
    const compressed = compressedBytes(columns);
    const target = this.#options.partitionBytes ?? targetPartitionBytes;
    const partitions: WrittenPartition[] = [];
    for (const range of planPartitions(tree.entries, size, target, tree.clusterStarts)) {
      checkAbort(this.#options.signal);
      for await (const { start, bytes, record } of encoder.encode(range)) {
        const { number, name } = this.#writer.nextPartition();
        await this.#writer.store.write(name, bytes);
        partitions.push({ number, firstEntry: start, record });
        this.report.bytesWritten += record.bytes;
        this.report.partitions++;
      }
      const share = (compressed * (range.stop - range.start)) / tree.entries;
      this.#progress.rowsDone += range.stop - range.start;
      this.#progress.bytesDone += share;
      this.#options.onProgress?.({ ...this.#progress });
    }
    this.report.rows += tree.entries;
    this.report.bytesRead += compressed;
    return { written: writtenTree(tree, columns, partitions, encoder.unreadable), unreadable: encoder.unreadable };
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
