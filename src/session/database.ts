// One opened store with everything that works on it; sessions of all users share it.
import { randomUUID } from 'node:crypto';
import type { Schema, Table } from 'apache-arrow';
import * as arrow from 'apache-arrow';
import { type Backend, type DatasetCatalog, openCatalog } from '../catalog/index.js';
import { type SqlType, toArrowType } from '../core/index.js';
import { createEngine, type Engine } from '../exec/index.js';
import type { IngestOptions, IngestReport, TableBatches, WriteTableOptions } from '../ingest/index.js';
import {
  collectGarbage,
  DatasetWriter,
  dropDataset,
  type GarbageOptions,
  type GarbageReport,
  isTemporaryDataset,
  type ObjectStore,
  openStore,
  RoutedStore,
} from '../store/index.js';
import { NotificationHub } from './notifications.js';
import { type KnownDescription, type KnownPlan, PlanCache } from './plan-cache.js';
import type { Rights } from './rights.js';
import { Session } from './session.js';
import type { SessionSettings } from './session-options.js';
import { filesOf } from './statements/target.js';

export interface DatabaseOptions {
  /** Worker threads for fragments; the number of processors by default. */
  readonly threads?: number;
  /** DuckDB workers; 2 by default. */
  readonly duckdbWorkers?: number;
}

/** Loaded when first needed: queries do without the ROOT reader and its decompressors. */
const ingestRoom = () => import('../ingest/index.js');

export const defaultStore = 'file:./.skyhook';

export class Database {
  readonly store: ObjectStore;
  readonly catalog: DatasetCatalog;
  readonly engine: Engine;
  readonly plans = new PlanCache<KnownPlan>();
  readonly notifications = new NotificationHub();
  readonly descriptions = new PlanCache<KnownDescription>();

  /** Sessions that clients hold, by process id. */
  readonly backends = new Map<number, Backend>();

  /** Of the sessions' own tables. */
  readonly #temporary: ObjectStore;
  #sessions = 0;

  private constructor(store: ObjectStore, temporary: ObjectStore, options: DatabaseOptions) {
    this.#temporary = temporary;
    this.store = new RoutedStore(store, temporary);
    this.catalog = openCatalog(this.store);
    this.engine = createEngine({ store: this.store, catalog: this.catalog, ...options });
  }

  /** @throws DiagnosticError where the address is none of a store, or the store cannot be opened */
  static async open(url: string = defaultStore, options: DatabaseOptions = {}): Promise<Database> {
    return Database.over(await openStore(url), options);
  }

  /** On a store that is open already; closing the database closes it. */
  static async over(store: ObjectStore, options: DatabaseOptions = {}): Promise<Database> {
    return new Database(store, await openStore('memory:'), options);
  }

  session(settings: Partial<SessionSettings> = {}, rights?: Rights): Session {
    return new Session(this, settings, rights);
  }

  /** Reads ROOT files into a dataset; they become visible at once, or none of them. */
  async ingest(dataset: string, sources: readonly string[], options?: IngestOptions): Promise<IngestReport> {
    const { ingest } = await ingestRoom();
    return ingest(this.store, dataset, sources, options);
  }

  /** Stores an Arrow table as a dataset of one file with one tree, both called as the dataset. */
  async writeTable(name: string, table: Table): Promise<IngestReport> {
    const { writeTable } = await ingestRoom();
    return writeTable(this.store, name, name, table);
  }

  /** Rows that a statement makes, into a tree of a dataset. */
  async writeRows(
    dataset: string,
    table: string,
    rows: { readonly schema: Schema; readonly batches: TableBatches },
    options: WriteTableOptions,
  ): Promise<IngestReport> {
    const { writeTable } = await ingestRoom();
    return writeTable(this.store, dataset, table, rows, options);
  }

  /** Takes all rows of a table that is a tree of its own files. */
  async emptyTable(
    dataset: string,
    table: string,
    columns: readonly { readonly name: string; readonly type: SqlType }[],
  ): Promise<void> {
    const schema = new arrow.Schema(columns.map(({ name, type }) => new arrow.Field(name, toArrowType(type), true)));
    await this.writeRows(
      dataset,
      table,
      { schema, batches: [] },
      {
        mode: 'append',
        source: `sql:${table}/${randomUUID()}`,
        types: columns.map(({ type }) => type),
        temporary: isTemporaryDataset(dataset),
        remove: (current) => filesOf(current, table),
      },
    );
  }

  /** A dataset without files. */
  async createDataset(name: string, options: { readonly temporary?: boolean } = {}): Promise<void> {
    const writer = await DatasetWriter.open(this.store, name, 'create', options);
    try {
      await writer.commit();
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  /** For a session's own tables. */
  temporaryName(): string {
    return `pg_temp_${++this.#sessions}`;
  }

  /** What sessions have changed and nobody reads any more; `dropped`: a session has gone. */
  async tidyTemporary(dropped?: string): Promise<void> {
    if (dropped === undefined) await collectGarbage(this.#temporary, { grace: 0 });
    else for await (const name of this.#temporary.list(`datasets/${dropped}/`)) await this.#temporary.delete(name);
  }

  drop(dataset: string): Promise<void> {
    return dropDataset(this.store, dataset);
  }

  collectGarbage(options?: GarbageOptions): Promise<GarbageReport> {
    return collectGarbage(this.store, options);
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.catalog.close();
    await this.store.close();
  }
}
