// `memory:` and `memory:NAME`: objects in this process, for tests and throw-away work.
import { fail } from '../../core/index.js';
import type { ByteRange, ObjectStat, ObjectStore } from '../object-store.js';
import { copiesOf } from './shared-object.js';

interface MemoryObject {
  /** Threads that run fragments read it where it lies. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly modified: number;
}

const shared = new Map<string, Map<string, MemoryObject>>();

/** Readers get copies: what they read may be handed on to a worker thread, which takes the buffer away; libraries take no shared ones. */
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
    return copiesOf(ranges, this.#object(name).bytes, name, this.url);
  }

  shared(name: string): SharedArrayBuffer | undefined {
    return this.#objects.get(name)?.bytes.buffer;
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

function copyOf(bytes: Uint8Array | readonly Uint8Array[]): Uint8Array<SharedArrayBuffer> {
  const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
  const whole = new Uint8Array(new SharedArrayBuffer(parts.reduce((sum, part) => sum + part.length, 0)));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
