// An object in memory that threads share, read where it lies.
import { fail } from '../../core/index.js';
import type { ByteRange, RangeReader } from '../object-store.js';

export class SharedObject implements RangeReader {
  readonly url: string;
  readonly #bytes: Uint8Array;

  /** @param url of its store */
  constructor(url: string, buffer: SharedArrayBuffer) {
    this.url = url;
    this.#bytes = new Uint8Array(buffer);
  }

  async readRanges(name: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    return copiesOf(ranges, this.#bytes, name, this.url);
  }
}

/** Unshared, as libraries want them. @throws DiagnosticError data_corrupted where a range does not lie in the object */
export function copiesOf(ranges: readonly ByteRange[], bytes: Uint8Array, name: string, url: string): Uint8Array[] {
  return ranges.map(({ offset, length }) => {
    if (offset + length > bytes.length)
      throw fail(
        'data_corrupted',
        `object "${name}" of store ${url} ends before byte ${offset + length}: it is truncated`,
      );
    return bytes.slice(offset, offset + length);
  });
}
