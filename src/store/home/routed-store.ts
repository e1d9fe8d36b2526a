// A store with the sessions' own tables beside it, in memory: the names of their objects lead there.
import { fail } from '../../core/index.js';
import { temporaryPrefix } from '../object-names.js';
import type { ByteRange, ObjectStat, ObjectStore } from '../object-store.js';

export class RoutedStore implements ObjectStore {
  readonly #lasting: ObjectStore;
  readonly #temporary: ObjectStore;
  readonly execute?: NonNullable<ObjectStore['execute']>;

  constructor(lasting: ObjectStore, temporary: ObjectStore) {
    this.#lasting = lasting;
    this.#temporary = temporary;
    const execute = lasting.execute?.bind(lasting);
    if (execute)
      this.execute = (name, fragment, options) => {
        if (this.#of(name) === lasting) return execute(name, fragment, options);
        return Promise.reject(fail('feature_not_supported', 'temporary tables are not where fragments run'));
      };
  }

  get url(): string {
    return this.#lasting.url;
  }

  #of(name: string): ObjectStore {
    return name.startsWith(temporaryPrefix) ? this.#temporary : this.#lasting;
  }

  read(name: string, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
    return this.#of(name).read(name, options);
  }

  readRanges(name: string, ranges: readonly ByteRange[], options?: { signal?: AbortSignal }): Promise<Uint8Array[]> {
    return this.#of(name).readRanges(name, ranges, options);
  }

  shared(name: string): SharedArrayBuffer | undefined {
    return this.#of(name).shared?.(name);
  }

  stat(name: string): Promise<ObjectStat | undefined> {
    return this.#of(name).stat(name);
  }

  write(name: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    return this.#of(name).write(name, bytes);
  }

  create(name: string, bytes: Uint8Array): Promise<boolean> {
    return this.#of(name).create(name, bytes);
  }

  delete(name: string): Promise<void> {
    return this.#of(name).delete(name);
  }

  list(prefix: string): AsyncIterable<string> {
    return this.#of(prefix).list(prefix);
  }

  async close(): Promise<void> {
    await this.#temporary.close();
    await this.#lasting.close();
  }
}
