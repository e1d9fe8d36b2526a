// Decoded parts of manifests, kept while they fit in a budget of bytes.

interface Entry {
  readonly value: unknown;
  readonly bytes: number;
}

/** Least recently used first out. Concurrent requests for one key share one load; failed loads are not kept. */
export class ByteLru {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<Entry>>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A key always stands for the same value, so what `T` is follows from the key. */
  peek<T>(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value as T;
  }

  set<T>(key: string, value: T, bytes: number): T {
    const entry = { value, bytes };
    this.#bytes += bytes - (this.#entries.get(key)?.bytes ?? 0);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.#limit || oldest === key) break;
      this.#entries.delete(oldest);
      this.#bytes -= freed;
    }
    return value;
  }

  async get<T>(key: string, load: () => Promise<{ value: T; bytes: number }>): Promise<T> {
    const known = this.peek<T>(key);
    if (known !== undefined) return known;
    let loading = this.#loading.get(key);
    if (!loading) {
      loading = load()
        .then((entry) => {
          this.set(key, entry.value, entry.bytes);
          return entry;
        })
        .finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return (await loading).value as T;
  }
}
