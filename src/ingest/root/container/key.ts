// TFile's outer structure: the file header, keys, and directories.
import type { ByteSource } from '../source/byte-source.js';
import { Cursor } from './cursor.js';
import { decompress } from './decompress.js';
import { Malformed } from './malformed.js';

export interface FileHeader {
  readonly begin: number;
  readonly end: number;
  readonly nbytesName: number;
  readonly seekInfo: number;
  readonly nbytesInfo: number;
}

/** TKey: a named record. Lengths and positions in bytes. */
export interface Key {
  readonly nbytes: number;
  readonly objlen: number;
  readonly keylen: number;
  readonly cycle: number;
  readonly seek: number;
  readonly className: string;
  readonly name: string;
  readonly title: string;
}

export interface Directory {
  readonly nbytesKeys: number;
  readonly nbytesName: number;
  readonly seekDir: number;
  readonly seekKeys: number;
}

export const magic = 'root';

/** `bytes`: the start of the file, 64 or more (or all there is). */
export function readFileHeader(bytes: Buffer): FileHeader {
  const cursor = new Cursor(bytes, magic.length);
  const big = cursor.i4() >= 1_000_000;
  const begin = cursor.i4();
  const end = big ? cursor.i8() : cursor.u4();
  cursor.take(big ? 8 : 4); // fSeekFree
  cursor.take(8); // fNbytesFree, nfree
  const nbytesName = cursor.i4();
  cursor.take(5); // fUnits, fCompress
  const seekInfo = big ? cursor.i8() : cursor.u4();
  const nbytesInfo = cursor.i4();
  return { begin, end, nbytesName, seekInfo, nbytesInfo };
}

export function readKey(cursor: Cursor): Key {
  const nbytes = cursor.i4();
  const big = cursor.i2() > 1000;
  const objlen = cursor.i4();
  cursor.take(4); // fDatime
  const keylen = cursor.i2();
  const cycle = cursor.i2();
  const seek = big ? cursor.i8() : cursor.u4();
  cursor.take(big ? 8 : 4); // fSeekPdir
  const className = cursor.string();
  const name = cursor.string();
  const title = cursor.string();
  if (objlen < 0 || keylen < 0) throw new Malformed(`key "${name}" has a negative length`);
  return { nbytes, objlen, keylen, cycle, seek, className, name, title };
}

/** The streamed part of a TDirectory. */
export function readDirectory(cursor: Cursor): Directory {
  const big = cursor.i2() > 1000;
  cursor.take(8); // fDatimeC, fDatimeM
  const nbytesKeys = cursor.i4();
  const nbytesName = cursor.i4();
  const seekDir = big ? cursor.i8() : cursor.u4();
  cursor.take(big ? 8 : 4); // fSeekParent
  const seekKeys = big ? cursor.i8() : cursor.u4();
  return { nbytesKeys, nbytesName, seekDir, seekKeys };
}

/** The keys of a directory, in file order; deleted ones left out. */
export async function readKeyList(source: ByteSource, directory: Directory): Promise<Key[]> {
  if (directory.seekKeys === 0 || directory.nbytesKeys === 0) return [];
  const bytes = await readChecked(source, directory.seekKeys, directory.nbytesKeys, 'key list');
  const cursor = new Cursor(bytes);
  const header = readKey(cursor);
  cursor.moveTo(header.keylen);
  const count = cursor.i4();
  const keys: Key[] = [];
  for (let i = 0; i < count; i++) {
    const key = readKey(cursor);
    if (key.nbytes > 0) keys.push(key);
  }
  return keys;
}

/** The record of a key, without its header, expanded. */
export async function readPayload(source: ByteSource, key: Key): Promise<Buffer> {
  if (key.nbytes < key.keylen) throw new Malformed(`key "${key.name};${key.cycle}" is shorter than its header`);
  const bytes = await readChecked(source, key.seek, key.nbytes, `key "${key.name};${key.cycle}"`);
  const body = bytes.subarray(key.keylen);
  return body.length === key.objlen ? body : decompress(body, key.objlen);
}

export async function readChecked(source: ByteSource, offset: number, length: number, what: string): Promise<Buffer> {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) {
    throw new Malformed(`${what} lies at bytes ${offset} to ${offset + length}, the file has ${source.size}`);
  }
  return source.read(offset, length);
}
