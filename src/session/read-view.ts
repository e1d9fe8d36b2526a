// What a statement, a transaction or an open cursor sees: each dataset in the version that was newest when it was first
// asked for, held until the last of them lets go.
import type { DatasetCatalog, DatasetSnapshot, HeldSnapshot } from '../catalog/index.js';
import { isTemporaryDataset } from '../store/index.js';
import { denied, type Rights } from './rights.js';

export class ReadView {
  readonly #catalog: DatasetCatalog;
  readonly #rights: Rights;
  readonly #held = new Map<string, Promise<HeldSnapshot>>();
  #names: Promise<readonly string[]> | undefined;
  readonly #past: Promise<HeldSnapshot>[] = [];
  #users = 1;

  /** Its maker is its first user. */
  constructor(catalog: DatasetCatalog, rights: Rights) {
    this.#catalog = catalog;
    this.#rights = rights;
  }

  /** Names of all datasets that may be read. */
  names(): Promise<readonly string[]> {
    this.#names ??= this.#catalog.datasetNames().then((names) => names.filter((name) => this.#rights.mayRead(name)));
    return this.#names;
  }

  /** @throws DiagnosticError invalid_schema_name, ambiguous_column, insufficient_privilege */
  async dataset(name: string): Promise<DatasetSnapshot> {
    let held = this.#held.get(name);
    if (!held) {
      held = this.#catalog.hold(name);
      this.#held.set(name, held);
      // Not found now may be found later in the same transaction.
      held.catch(() => this.#held.delete(name));
    }
    const { snapshot } = await held;
    if (!isTemporaryDataset(snapshot.name) && !this.#rights.mayRead(snapshot.name)) throw denied(snapshot.name);
    if (snapshot.name === name) return snapshot;
    // Another spelling of a name that is held already.
    const exact = this.#held.get(snapshot.name);
    if (exact) return (await exact).snapshot;
    this.#held.set(snapshot.name, held);
    return snapshot;
  }

  /** Another statement of the same transaction has changed it: it is looked up anew, and results still read keep what they have. */
  forget(name: string): void {
    for (const [key, held] of [...this.#held]) {
      if (key.toLowerCase() !== name.toLowerCase()) continue;
      this.#held.delete(key);
      this.#past.push(held);
    }
    this.#names = undefined;
  }

  retain(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users > 0) return;
    for (const held of [...this.#held.values(), ...this.#past])
      held.then(
        ({ release }) => release(),
        () => undefined,
      );
    this.#held.clear();
    this.#past.length = 0;
  }
}
