// `memory:` and `memory:NAME`: objects in this process, for tests and throw-away work.
import { fail } from '../../core/index.js';
import type { ByteRange, ObjectStat, ObjectStore } from '../object-store.js';

interface MemoryObject {
  readonly bytes: Uint8Array;
  readonly modified: number;
}

const shared = new Map<string, Map<string, MemoryObject>>();

/** Readers get copies: what they read may be handed on to a worker thread, which takes the buffer away. */
export class MemoryStore implements ObjectStore {
  readonly url: string;
  readonly #objects: Map<string, MemoryObject>;

  /** Without a name the store is private; with one, all in this process see the same objects while it runs. */
  constructor(name = '') {
    this.url = `memory:${name}`;
    const known = name === '' ? undefined : shared.get(name);
    this.#objects = known ?? new Map();
    if (name !== '') shared.set(name, this.#objects);
  }

  async read(name: string): Promise<Uint8Array> {
    return this.#object(name).bytes.slice();
  }

  async readRanges(name: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    const { bytes } = this.#object(name);
    return ranges.map(({ offset, length }) => {
      if (offset + length > bytes.length)
        throw fail(
          'data_corrupted',
          `object "${name}" of store ${this.url} ends before byte ${offset + length}: it is truncated`,
        );
      return bytes.slice(offset, offset + length);
    });
  }

  async stat(name: string): Promise<ObjectStat | undefined> {
    const object = this.#objects.get(name);
    return object && { size: object.bytes.length, modified: object.modified };
  }

  async write(name: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    this.#objects.set(name, { bytes: copyOf(bytes), modified: Date.now() });
  }

  async create(name: string, bytes: Uint8Array): Promise<boolean> {
    if (this.#objects.has(name)) return false;
    this.#objects.set(name, { bytes: copyOf(bytes), modified: Date.now() });
    return true;
  }

  async delete(name: string): Promise<void> {
    this.#objects.delete(name);
  }

  async *list(prefix: string): AsyncIterable<string> {
    for (const name of [...this.#objects.keys()]) if (name.startsWith(prefix)) yield name;
  }

  async close(): Promise<void> {}

  #object(name: string): MemoryObject {
    const object = this.#objects.get(name);
    if (!object) throw fail('undefined_file', `object "${name}" is not in store ${this.url}`);
    return object;
  }
}

function copyOf(bytes: Uint8Array | readonly Uint8Array[]): Uint8Array {
  // Not `slice`, which for a Buffer is a view.
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  const whole = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
