// Small manifest objects (roots, hints, intents) as JSON under a checksum: a flipped bit is an error, never an answer.
import { fail } from '../core/index.js';
import { crc32 } from './crc32.js';
import type { ObjectStore } from './object-store.js';

// Layout: "SKYHOOK1", kind (4 ASCII letters), length and CRC-32 of the body (little-endian), body.
const magic = 'SKYHOOK1';
const headerLength = magic.length + 12;

export type SealKind = 'root' | 'hint' | 'list' | 'plan' | 'pins';

export function seal(kind: SealKind, value: unknown): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(value));
  const bytes = new Uint8Array(headerLength + body.length);
  bytes.set(new TextEncoder().encode(magic + kind));
  const view = new DataView(bytes.buffer);
  view.setUint32(magic.length + 4, body.length, true);
  view.setUint32(magic.length + 8, crc32(body), true);
  bytes.set(body, headerLength);
  return bytes;
}

/**
 * The value inside; its shape is what this program wrote, which the checksum vouches for.
 * @throws DiagnosticError data_corrupted naming the object
 */
export function unseal<T>(kind: SealKind, bytes: Uint8Array, name: string, store: ObjectStore): T {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, magic.length + 4));
  const body = bytes.subarray(headerLength);
  const problem =
    bytes.length < headerLength
      ? `it has ${bytes.length} bytes`
      : head !== magic + kind
        ? 'its header is not what it should be'
        : view.getUint32(magic.length + 4, true) !== body.length
          ? 'its length is not what it should be'
          : view.getUint32(magic.length + 8, true) !== crc32(body)
            ? 'its checksum does not match'
            : undefined;
  if (problem !== undefined) throw corrupted(name, store, problem);
  return JSON.parse(new TextDecoder().decode(body)) as T;
}

export function corrupted(name: string, store: Pick<ObjectStore, 'url'>, problem: string) {
  return fail('data_corrupted', `object "${name}" of store ${store.url} is corrupted: ${problem}`);
}

/** @param what it held, which is lost with it */
export function missing(name: string, store: Pick<ObjectStore, 'url'>, what: string) {
  return fail('data_corrupted', `object "${name}" is not in store ${store.url}: it held ${what}`);
}
