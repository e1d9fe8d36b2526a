// A store that counts what passes through it: for `EXPLAIN ANALYZE`, and for tests that assert objects and bytes.
import type { ByteRange, ObjectStat, ObjectStore } from '../object-store.js';

export interface StoreTraffic {
  /** Names of the objects that were read, each once. */
  readonly objectsRead: ReadonlySet<string>;
  /** Calls of `read` and `readRanges`. */
  readonly readOperations: number;
  readonly bytesRead: number;
  /** Calls of `stat`: probes that move no data. */
  readonly probes: number;
  /** Calls of `write` and `create`. */
  readonly writeOperations: number;
  readonly bytesWritten: number;
  readonly deletions: number;
  readonly listings: number;
  /** Fragments run where their object is, with the bytes they returned. */
  readonly fragments: number;
  readonly fragmentBytes: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Counters extends Mutable<Omit<StoreTraffic, 'objectsRead'>> {
  objectsRead: Set<string>;
}

const nothing = (): Counters => ({
  objectsRead: new Set(),
  readOperations: 0,
  bytesRead: 0,
  probes: 0,
  writeOperations: 0,
  bytesWritten: 0,
  deletions: 0,
  listings: 0,
  fragments: 0,
  fragmentBytes: 0,
});

export class MeteredStore implements ObjectStore {
  readonly #inner: ObjectStore;
  #traffic = nothing();
  readonly execute?: NonNullable<ObjectStore['execute']>;

  constructor(inner: ObjectStore) {
    this.#inner = inner;
    const execute = inner.execute?.bind(inner);
    if (execute)
      this.execute = async (name, fragment, options) => {
        const answer = await execute(name, fragment, options);
        this.#traffic.fragments++;
        this.#traffic.fragmentBytes += answer.length;
        return answer;
      };
  }

  get url(): string {
    return this.#inner.url;
  }

  /** What has passed since the last {@link reset}. */
  get traffic(): StoreTraffic {
    return this.#traffic;
  }

  reset(): void {
    this.#traffic = nothing();
  }

  async read(name: string, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
    const bytes = await this.#inner.read(name, options);
    this.#count(name, bytes.length);
    return bytes;
  }

  async readRanges(
    name: string,
    ranges: readonly ByteRange[],
    options?: { signal?: AbortSignal },
  ): Promise<Uint8Array[]> {
    const parts = await this.#inner.readRanges(name, ranges, options);
    this.#count(
      name,
      parts.reduce((sum, part) => sum + part.length, 0),
    );
    return parts;
  }

  #count(name: string, bytes: number): void {
    this.#traffic.objectsRead.add(name);
    this.#traffic.readOperations++;
    this.#traffic.bytesRead += bytes;
  }

  stat(name: string): Promise<ObjectStat | undefined> {
    this.#traffic.probes++;
    return this.#inner.stat(name);
  }

  write(name: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    this.#traffic.writeOperations++;
    this.#traffic.bytesWritten +=
      bytes instanceof Uint8Array ? bytes.length : bytes.reduce((sum, part) => sum + part.length, 0);
    return this.#inner.write(name, bytes);
  }

  create(name: string, bytes: Uint8Array): Promise<boolean> {
    this.#traffic.writeOperations++;
    this.#traffic.bytesWritten += bytes.length;
    return this.#inner.create(name, bytes);
  }

  delete(name: string): Promise<void> {
    this.#traffic.deletions++;
    return this.#inner.delete(name);
  }

  list(prefix: string): AsyncIterable<string> {
    this.#traffic.listings++;
    return this.#inner.list(prefix);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
