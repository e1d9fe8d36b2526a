// The session's own tables: a dataset in memory, and the versions of it that a transaction or a savepoint can go back to.
import type { DatasetSnapshot, HeldSnapshot } from '../catalog/index.js';
import { changeDataset, restoreVersion } from '../store/index.js';
import type { Database } from './database.js';
import { filesOf } from './statements/target.js';

export class TemporaryTables {
  readonly #database: Database;
  /** Once there are any. */
  #dataset: string | undefined;
  /** The first is that of the transaction's start, others are savepoints'. */
  #marks: { readonly savepoint: string | undefined; readonly held: HeldSnapshot | undefined }[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** The dataset they are in; `undefined` before the first. */
  get dataset(): string | undefined {
    return this.#dataset;
  }

  /** In their newest version; there is a dataset for them from now on. */
  async snapshot(): Promise<DatasetSnapshot> {
    if (this.#dataset === undefined) {
      const name = this.#database.temporaryName();
      await this.#database.createDataset(name, { temporary: true });
      this.#dataset = name;
    }
    return this.#database.catalog.dataset(this.#dataset);
  }

  /** A transaction is about to change them for the first time. */
  async markStart(): Promise<void> {
    if (this.#marks.length === 0) await this.mark(undefined);
  }

  /** A place to go back to: a savepoint's. */
  async mark(savepoint: string | undefined): Promise<void> {
    const held = this.#dataset === undefined ? undefined : await this.#database.catalog.hold(this.#dataset);
    this.#marks.push({ savepoint, held });
  }

  /**
   * As they were at a savepoint, or without one when the transaction began.
   * @returns whether they may be others now
   */
  async rollback(savepoint?: string): Promise<boolean> {
    const at = savepoint === undefined ? 0 : this.#marks.findLastIndex((mark) => mark.savepoint === savepoint);
    const mark = this.#marks[at];
    if (!mark) return false;
    if (this.#dataset !== undefined)
      await restoreVersion(this.#database.store, this.#dataset, mark.held?.snapshot.version);
    this.#letGo(savepoint === undefined ? 0 : at + 1);
    return this.#dataset !== undefined;
  }

  /** RELEASE, or without a savepoint the end of the transaction. */
  release(savepoint?: string): void {
    const at = savepoint === undefined ? 0 : this.#marks.findLastIndex((mark) => mark.savepoint === savepoint);
    // The first mark is the transaction's own too.
    if (at >= 0) this.#letGo(savepoint === undefined ? 0 : Math.max(1, at));
  }

  /** Those of a transaction that has come to its end: what ON COMMIT says. */
  async commit(): Promise<boolean> {
    const snapshot = this.#dataset === undefined ? undefined : await this.#database.catalog.dataset(this.#dataset);
    const marked = snapshot?.definitions?.tables?.filter(({ onCommit }) => onCommit) ?? [];
    if (!snapshot || marked.length === 0) return false;
    const dropped = new Set(marked.filter(({ onCommit }) => onCommit === 'drop').map(({ name }) => name));
    const emptied = snapshot.tables.filter(
      ({ path, rows }) => rows > 0 && marked.some(({ name }) => name === path) && !dropped.has(path),
    );
    await changeDataset(this.#database.store, snapshot.name, (manifest, definitions) => ({
      definitions: {
        ...definitions,
        comments: definitions.comments.filter(({ name }) => !dropped.has(name)),
        tables: (definitions.tables ?? []).filter(({ name }) => !dropped.has(name)),
        sequences: (definitions.sequences ?? []).filter(({ table }) => !dropped.has(table)),
      },
      remove: [...dropped].flatMap((name) => filesOf(manifest, name)),
    }));
    for (const { path, columns } of emptied) await this.#database.emptyTable(snapshot.name, path, columns);
    return true;
  }

  #letGo(from: number): void {
    for (const { held } of this.#marks.splice(from)) held?.release();
  }

  /** All of them go. */
  async close(): Promise<void> {
    this.release();
    if (this.#dataset !== undefined) await this.#database.tidyTemporary(this.#dataset);
    this.#dataset = undefined;
  }
}
