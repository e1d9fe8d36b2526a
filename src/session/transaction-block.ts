// Where a session stands: outside a transaction, in one, or in one that has failed. Savepoints are places to go back to.
import { fail } from '../core/index.js';
import type { Settings } from './settings.js';

export type TransactionStatus = 'idle' | 'active' | 'failed';

type SettingValues = ReturnType<Settings['snapshot']>;

export class TransactionBlock {
  readonly #settings: Settings;
  #status: TransactionStatus = 'idle';
  readOnly = false;
  /** Settings as they were at BEGIN, for ROLLBACK; and as they are after COMMIT, without those that were set LOCAL. */
  #before: SettingValues = new Map();
  #local = new Set<string>();
  #savepoints: { readonly name: string; readonly settings: SettingValues }[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get status(): TransactionStatus {
    return this.#status;
  }

  begin(readOnly: boolean): void {
    this.#status = 'active';
    this.readOnly = readOnly;
    this.#before = this.#settings.snapshot();
    this.#local.clear();
    this.#savepoints = [];
  }

  /** A statement in the transaction has failed. */
  fail(): void {
    if (this.#status === 'active') this.#status = 'failed';
  }

  /** A setting that goes back to what it was when the transaction ends. */
  setLocal(name: string): void {
    this.#local.add(name.toLowerCase());
  }

  end(commit: boolean): void {
    if (this.#status === 'idle') return;
    if (!commit || this.#status === 'failed') this.#settings.restore(this.#before);
    else if (this.#local.size > 0) {
      const values = new Map(this.#settings.snapshot());
      for (const name of this.#local) {
        const before = this.#before.get(name);
        if (before === undefined) values.delete(name);
        else values.set(name, before);
      }
      this.#settings.restore(values);
    }
    this.#status = 'idle';
    this.readOnly = false;
    this.#savepoints = [];
  }

  savepoint(name: string): void {
    this.#savepoints.push({ name, settings: this.#settings.snapshot() });
  }

  /** @throws DiagnosticError 3B001 */
  release(name: string): void {
    this.#savepoints.length = this.#find(name);
  }

  /** @throws DiagnosticError 3B001 */
  rollbackTo(name: string): void {
    const at = this.#find(name);
    this.#settings.restore(this.#savepoints[at]!.settings);
    this.#savepoints.length = at + 1;
    this.#status = 'active';
  }

  #find(name: string): number {
    const at = this.#savepoints.findLastIndex((s) => s.name === name);
    if (at < 0) throw fail('invalid_savepoint_specification', `savepoint "${name}" does not exist`);
    return at;
  }
}
