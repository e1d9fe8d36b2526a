// The native API: connect, writeDataset, getDataset, runQuery, sql.
import * as arrow from 'apache-arrow';
import { fail } from '../core/index.js';
import {
  Database,
  type DatabaseOptions,
  type IngestOptions,
  type IngestReport,
  type QueryResult,
  type Session,
} from '../session/index.js';
import { Dataset, File } from './dataset.js';
import { type Parameter, toParameter } from './parameter.js';

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Whether storage computes what it can: `auto` is for Skyhook to decide. A hint in the text, `/*+ pushdown(off) *\/`, comes first. */
  readonly pushdown?: 'auto' | 'on' | 'off';
  /** Told what is left out of hints, and the like. */
  readonly onNotice?: (message: string) => void;
}

/** All batches of a result as one Arrow table, its schema kept where there are none. */
export async function toTable(result: QueryResult): Promise<arrow.Table> {
  const batches: arrow.RecordBatch[] = [];
  for await (const batch of result.batches) batches.push(batch);
  return new arrow.Table(result.schema, batches);
}

const storeAddress = /^(?:file|memory|rados):/;

/**
 * A connection to a store.
 *
 * ```ts
 * const sk = new SkyhookDM();
 * await sk.connect('file:./.skyhook');
 * await sk.writeDataset(['samples/events.root'], 'aod');
 * const dst = await sk.getDataset('aod');
 * const table = await sk.runQuery(dst.getFiles()[0]!, 'select event_id>5, project Events;75.Muon_phi');
 * ```
 *
 * Every failure is a `DiagnosticError` with a SQLSTATE in `code` and, where it lies in the text, the place.
 */
export class SkyhookDM {
  readonly #options: DatabaseOptions;
  #database: Database | undefined;
  /** Of all SQL statements: settings and temporary tables last from one to the next. */
  #session: Session | undefined;

  constructor(options: DatabaseOptions = {}) {
    this.#options = options;
  }

  /** `address`: a store, `file:PATH`, `rados://POOL` or `memory:`. */
  async connect(address: string): Promise<this> {
    if (!storeAddress.test(address)) {
      throw fail('connection_failure', `"${address}" is not the address of a store`, {
        hint: 'name a store: file:./.skyhook, rados://POOL or memory:',
      });
    }
    const database = await Database.open(address, this.#options);
    await this.close();
    this.#database = database;
    this.#session = database.session();
    return this;
  }

  #connected(): Database {
    if (!this.#database)
      throw fail('connection_failure', 'not connected', { hint: "Call connect('file:./.skyhook') first." });
    return this.#database;
  }

  /**
   * Ingests ROOT files (local paths or URLs) as a new dataset, or into one that exists with `mode`.
   * The files are only read.
   */
  async writeDataset(urls: readonly string[], name: string, options: IngestOptions = {}): Promise<IngestReport> {
    return this.#connected().ingest(name, urls, options);
  }

  /** Stores an Arrow table as a dataset of one file with one tree, both called `name`. */
  async write(table: arrow.Table, name: string): Promise<IngestReport> {
    return this.#connected().writeTable(name, table);
  }

  async getDataset(name: string): Promise<Dataset> {
    const { catalog } = this.#connected();
    const { snapshot, release } = await catalog.hold(name);
    try {
      const details = await catalog.fileDetails(snapshot);
      return new Dataset(
        snapshot.name,
        snapshot.files.map((file, i) => new File(snapshot.name, file, details[i]!)),
      );
    } finally {
      release();
    }
  }

  /** A native query: one table for a file, one table per file (in file order) for a dataset. */
  async runQuery(target: File, query: string, options?: RunOptions): Promise<arrow.Table>;
  async runQuery(target: Dataset, query: string, options?: RunOptions): Promise<arrow.Table[]>;
  async runQuery(
    target: File | Dataset,
    query: string,
    options: RunOptions = {},
  ): Promise<arrow.Table | arrow.Table[]> {
    const session = this.#connected().session();
    listen(session, options);
    if (target instanceof File) {
      return toTable(await session.native(query, { dataset: target.dataset, file: target.source }, options));
    }
    const tables: arrow.Table[] = [];
    for await (const result of session.nativeByFile(query, target.name, options)) tables.push(await toTable(result));
    return tables;
  }

  /**
   * A SQL statement; `$1` … take `parameters`. One that gives no rows gives a table without columns. Temporary tables and settings
   * last until the connection ends.
   */
  async sql(text: string, parameters: readonly Parameter[] = [], options: RunOptions = {}): Promise<arrow.Table> {
    this.#connected();
    listen(this.#session!, options);
    return toTable(await this.#session!.sql(text, { ...options, parameters: parameters.map(toParameter) }));
  }

  async close(): Promise<void> {
    await this.#session?.close();
    await this.#database?.close();
    this.#session = undefined;
    this.#database = undefined;
  }
}

function listen(session: Session, { onNotice }: RunOptions): void {
  session.onNotice = ({ message }) => onNotice?.(message);
}
