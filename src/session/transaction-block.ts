// Where a session stands: outside a transaction, in one, or in one that has failed. Savepoints are places to go back to.
import { fail } from '../core/index.js';
import type { TransactionModes } from '../parser/index.js';
import type { Settings } from './settings.js';

export type TransactionStatus = 'idle' | 'active' | 'failed';

type SettingValues = ReturnType<Settings['snapshot']>;

export class TransactionBlock {
  readonly #settings: Settings;
  #status: TransactionStatus = 'idle';
  #start = 0n;
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

  get readOnly(): boolean {
    return this.#status !== 'idle' && this.#settings.get('transaction_read_only') === 'on';
  }

  /** When it began; absent outside of one. */
  get startMicros(): bigint | undefined {
    return this.#status === 'idle' ? undefined : this.#start;
  }

  get savepointCount(): number {
    return this.#savepoints.length;
  }

  /** As they are now: what AND CHAIN goes on with. */
  get modes(): TransactionModes {
    return {
      isolation: this.#settings.get('transaction_isolation') as NonNullable<TransactionModes['isolation']>,
      readOnly: this.#settings.get('transaction_read_only') === 'on',
      deferrable: this.#settings.get('transaction_deferrable') === 'on',
    };
  }

  /** @param modes where they say nothing, the session's defaults count */
  begin(modes: TransactionModes): void {
    this.#status = 'active';
    this.#start = BigInt(Date.now()) * 1000n;
    this.#before = this.#settings.snapshot();
    this.#local.clear();
    this.#savepoints = [];
    const byDefault = (name: string) => this.#settings.get(`default_transaction_${name}`) === 'on';
    this.setModes({
      isolation: modes.isolation ?? (this.#settings.get('default_transaction_isolation') as never),
      readOnly: modes.readOnly ?? byDefault('read_only'),
      deferrable: modes.deferrable ?? byDefault('deferrable'),
    });
  }

  /** They end with the transaction. */
  setModes({ isolation, readOnly, deferrable }: TransactionModes): void {
    const set = (name: string, value: string | undefined) => {
      if (value === undefined) return;
      this.#settings.set(name, value);
      this.setLocal(name);
    };
    const word = (flag: boolean | undefined) => (flag === undefined ? undefined : flag ? 'on' : 'off');
    set('transaction_isolation', isolation);
    set('transaction_read_only', word(readOnly));
    set('transaction_deferrable', word(deferrable));
  }

  /** A statement in the transaction has failed. */
  fail(): void {
    if (this.#status === 'active') this.#status = 'failed';
  }

  /** A setting that goes back to what it was when the transaction ends. */
  setLocal(name: string): void {
    this.#local.add(name.toLowerCase());
  }

  /** One that stays. */
  setForSession(name: string): void {
    this.#local.delete(name.toLowerCase());
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
