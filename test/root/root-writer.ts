// A small writer of ROOT files for tests: TTrees of plain branches, in layouts and sizes that no committed file has.
// It writes what ROOT 6 does (TTree 20, TBranch 13, TBasket 3), with the streamer information of a fixture.
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface WrittenLeaf {
  readonly name: string;
  /** As in ROOT's leaf lists, upper case; `F16` and `D32` are packed floats. */
  readonly type: 'O' | 'B' | 'S' | 'I' | 'L' | 'F' | 'D' | 'C' | 'F16' | 'D32';
  readonly unsigned?: boolean;
  /** Default: the name, with the counter in brackets. */
  readonly title?: string;
  readonly length?: number;
  /** Branch whose leaf counts the elements; it comes before. */
  readonly counter?: string;
}

export interface WrittenBasket {
  readonly entries: number;
  /** Entries one after the other, big-endian. */
  readonly data: Buffer;
  /** Where each entry starts in `data`. */
  readonly offsets?: readonly number[];
  /** Data and offsets as the record holds them, when they are compressed; see {@link basketBody}. */
  readonly packed?: Buffer;
  /** Streamed inside the tree, as a basket that was not full yet when the tree was written. */
  readonly embedded?: boolean;
}

export interface WrittenBranch {
  readonly name: string;
  readonly leaves: readonly WrittenLeaf[];
  readonly baskets: Iterable<WrittenBasket>;
  /** Where ROOT would look for the baskets. */
  readonly fileName?: string;
}

export interface WrittenTree {
  readonly name: string;
  readonly cycle?: number;
  readonly entries: number;
  readonly branches: readonly WrittenBranch[];
}

export interface WriteOptions {
  /** 64-bit positions, as in files beyond 2 GB. */
  readonly big?: boolean;
  /** Bytes left out before the first basket: a hole where the file system can. */
  readonly hole?: number;
}

const sizes = { O: 1, B: 1, S: 2, I: 4, L: 8, F: 4, D: 8, C: 1, F16: 3, D32: 4 } as const;
const begin = 100;

/** Bytes that grow; what has a length before it is patched when it ends. */
class Bytes {
  #bytes = Buffer.alloc(1 << 16);
  length = 0;

  /** The next `size` bytes. */
  #next(size: number): Buffer {
    const end = this.length + size;
    if (end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(2 * end)]);
    const next = this.#bytes.subarray(this.length, end);
    this.length = end;
    return next;
  }
  u1(...values: number[]): this {
    for (const value of values) this.#next(1).writeUInt8(value & 0xff);
    return this;
  }
  i2(value: number): this {
    this.#next(2).writeInt16BE(value);
    return this;
  }
  i4(...values: number[]): this {
    for (const value of values) this.#next(4).writeInt32BE(value | 0);
    return this;
  }
  i8(...values: number[]): this {
    for (const value of values) this.#next(8).writeBigInt64BE(BigInt(value));
    return this;
  }
  f8(value: number): this {
    this.#next(8).writeDoubleBE(value);
    return this;
  }
  raw(bytes: Uint8Array): this {
    this.#next(bytes.length).set(bytes);
    return this;
  }
  text(value: string): this {
    const bytes = Buffer.from(value);
    if (bytes.length < 255) this.u1(bytes.length);
    else this.u1(255).i4(bytes.length);
    return this.raw(bytes);
  }
  /** Byte count and version before what `body` writes. */
  object(version: number, body: () => void): this {
    const start = this.length;
    this.i4(0).i2(version);
    body();
    this.#bytes.writeUInt32BE((0x4000_0000 | (this.length - start - 4)) >>> 0, start);
    return this;
  }
  /** An object through a pointer: its class's name first. Returns where it starts. */
  pointer(className: string, body: () => void): number {
    const start = this.length;
    this.i4(0)
      .i4(-1)
      .raw(Buffer.from(`${className}\0`));
    body();
    this.#bytes.writeUInt32BE((0x4000_0000 | (this.length - start - 4)) >>> 0, start);
    return start;
  }
  objects(count: number, body: () => void): this {
    return this.object(3, () => {
      this.tobject().text('').i4(count, 0);
      body();
    });
  }
  tobject(): this {
    return this.i2(1).i4(0).i4(0x0300_0000);
  }
  named(name: string, title: string): this {
    return this.object(1, () => this.tobject().text(name).text(title));
  }
  finish(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}

interface Key {
  readonly className: string;
  readonly name: string;
  readonly title: string;
  readonly cycle: number;
  readonly seek: number;
  readonly objlen: number;
  readonly nbytes: number;
}

function keyLength({ className, name, title }: Pick<Key, 'className' | 'name' | 'title'>, big: boolean): number {
  return (big ? 34 : 26) + [className, name, title].reduce((sum, s) => sum + Buffer.byteLength(s) + 1, 0);
}

function writeKey(out: Bytes, key: Key, keylen: number, big: boolean): void {
  out
    .i4(key.nbytes)
    .i2(big ? 1004 : 4)
    .i4(key.objlen)
    .i4(0)
    .i2(keylen)
    .i2(key.cycle);
  if (big) out.i8(key.seek, begin);
  else out.i4(key.seek, begin);
  out.text(key.className).text(key.name).text(key.title);
}

/** What a basket's record holds behind its header, before compression. `keylen`: see {@link basketKeyLength}. */
export function basketBody({ data, offsets }: WrittenBasket, keylen: number): Buffer {
  if (!offsets) return data;
  const out = new Bytes().raw(data).i4(offsets.length + 1);
  for (const offset of offsets) out.i4(offset + keylen);
  return out.i4(0).finish();
}

export const basketKeyLength = (branch: string, tree: string, big = false): number =>
  keyLength({ className: 'TBasket', name: branch, title: tree }, big) + 19;

/** A block as ROOT writes it: nine bytes, then what the codec made. */
export function rootBlock(codec: 'ZL' | 'XZ' | 'L4' | 'ZS', packed: Buffer, size: number): Buffer {
  const header = Buffer.from([codec.charCodeAt(0), codec.charCodeAt(1), codec === 'ZL' ? 8 : 1, 0, 0, 0, 0, 0, 0]);
  header.writeUIntLE(packed.length, 3, 3);
  header.writeUIntLE(size, 6, 3);
  return Buffer.concat([header, packed]);
}

function basketRecord(tree: string, branch: string, basket: WrittenBasket, seek: number, big: boolean): Buffer {
  const names = { className: 'TBasket', name: branch, title: tree };
  const keylen = basketKeyLength(branch, tree, big);
  const body = basketBody(basket, keylen);
  const stored = basket.packed ?? body;
  const out = new Bytes();
  const { offsets, entries, data, embedded } = basket;
  const nbytes = embedded ? keylen : keylen + stored.length;
  writeKey(out, { ...names, cycle: 1, seek, objlen: body.length, nbytes }, keylen, big);
  // How often entries start anew, or their size; then entries, end of data, and what follows here of offsets and data.
  out
    .i2(3)
    .i4(32_000)
    .i4(offsets ? 1000 : Math.max(1, data.length / entries))
    .i4(entries)
    .i4(keylen + data.length);
  out.u1(embedded ? (offsets ? 11 : 12) : 0);
  if (!embedded) return out.raw(stored).finish();
  if (offsets) out.i4(offsets.length).i4(...offsets.map((offset) => offset + keylen));
  // The buffer, with room for its key.
  return out.raw(Buffer.alloc(keylen)).raw(data).finish();
}

interface Written {
  readonly seeks: number[];
  readonly lengths: number[];
  readonly entries: number[];
  readonly embedded: (Buffer | undefined)[];
  total: number;
  zipped: number;
}

/** Writes the file whole. Baskets are taken from their iterables one by one, so that large files need no memory. */
export async function writeRootFile(
  path: string,
  trees: readonly WrittenTree[],
  options: WriteOptions = {},
): Promise<void> {
  const { big = false, hole = 0 } = options;
  const file = await open(path, 'w');
  try {
    let at = begin;
    const put = async (bytes: Buffer) => {
      await writeAt(file, bytes, at);
      at += bytes.length;
    };
    const own = { className: 'TFile', name: 'test.root', title: '' };
    const nameLength = 'test.root'.length + 2;
    const topLength = keyLength(own, big) + nameLength;
    const directoryLength = 2 + 8 + 8 + (big ? 24 : 12) + 18;
    at += topLength + directoryLength;
    const info = await streamerInformation();
    const seekInfo = at;
    await put(info);
    at += hole;
    const keys: Key[] = [];
    for (const tree of trees) {
      const written = new Map<WrittenBranch, Written>();
      for (const branch of tree.branches) {
        const record: Written = { seeks: [], lengths: [], entries: [0], embedded: [], total: 0, zipped: 0 };
        for (const basket of branch.baskets) {
          const bytes = basketRecord(tree.name, branch.name, basket, at, big);
          record.entries.push(record.entries.at(-1)! + basket.entries);
          record.total += basket.data.length;
          record.embedded.push(basket.embedded ? bytes : undefined);
          record.seeks.push(basket.embedded ? 0 : at);
          record.lengths.push(basket.embedded ? 0 : bytes.length);
          if (basket.embedded) continue;
          record.zipped += bytes.length;
          await put(bytes);
        }
        written.set(branch, record);
      }
      const names = { className: 'TTree', name: tree.name, title: '' };
      const keylen = keyLength(names, big);
      const object = treeObject(tree, written, keylen);
      const key = { ...names, cycle: tree.cycle ?? 1, seek: at, objlen: object.length, nbytes: keylen + object.length };
      const head = new Bytes();
      writeKey(head, key, keylen, big);
      await put(Buffer.concat([head.finish(), object]));
      keys.push(key);
    }
    const list = new Bytes().i4(keys.length);
    for (const key of keys) writeKey(list, key, keyLength(key, big), big);
    const seekKeys = at;
    const listLength = keyLength(own, big);
    const listKey = { ...own, cycle: 1, seek: seekKeys, objlen: list.length, nbytes: listLength + list.length };
    const listHead = new Bytes();
    writeKey(listHead, listKey, listLength, big);
    await put(Buffer.concat([listHead.finish(), list.finish()]));

    const top = new Bytes()
      .raw(Buffer.from('root'))
      .i4(big ? 1_062_400 : 62_400)
      .i4(begin);
    if (big) top.i8(at, 0).i4(0, 0).i4(topLength).u1(8).i4(0).i8(seekInfo);
    else top.i4(at, 0).i4(0, 0).i4(topLength).u1(4).i4(0).i4(seekInfo);
    top.i4(info.length);
    top.raw(Buffer.alloc(begin - top.length));
    const objlen = nameLength + directoryLength;
    writeKey(
      top,
      { ...own, cycle: 1, seek: begin, objlen, nbytes: topLength + directoryLength },
      keyLength(own, big),
      big,
    );
    top.text('test.root').text('');
    top
      .i2(big ? 1005 : 5)
      .i4(0, 0)
      .i4(listKey.nbytes)
      .i4(topLength);
    if (big) top.i8(begin, 0, seekKeys);
    else top.i4(begin, 0, seekKeys);
    top.raw(Buffer.alloc(18));
    await writeAt(file, top.finish(), 0);
  } finally {
    await file.close();
  }
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** The record of a fixture, which describes the classes written here. */
async function streamerInformation(): Promise<Buffer> {
  const bytes = await readFile(join(import.meta.dirname, 'fixtures', 'files', 'none.root'));
  const big = bytes.readInt32BE(4) >= 1_000_000;
  const seek = big ? Number(bytes.readBigInt64BE(45)) : bytes.readInt32BE(37);
  return bytes.subarray(seek, seek + bytes.readInt32BE(big ? 53 : 41));
}

function treeObject(tree: WrittenTree, written: ReadonlyMap<WrittenBranch, Written>, keylen: number): Buffer {
  const out = new Bytes();
  /** Where each branch's first leaf starts, as references count: from the start of the key, plus 2. */
  const leaves = new Map<string, number>();
  const sum = (of: (record: Written) => number) => [...written.values()].reduce((total, r) => total + of(r), 0);
  out.object(20, () => {
    out.named(tree.name, '');
    out.object(2, () => out.i2(602).i2(1).i2(1)); // TAttLine
    out.object(2, () => out.i2(0).i2(1001)); // TAttFill
    out.object(2, () => out.i2(1).i2(1).i4(0x3f80_0000)); // TAttMarker
    out
      .i8(
        tree.entries,
        sum((r) => r.total),
        sum((r) => r.zipped),
        0,
        0,
      )
      .f8(1);
    out.i4(0, 25, 0, 1000, 0).i8(1e12, 1e12, 0, -3e8, -3e7, 1e6);
    out.u1(0, 0);
    features(out);
    out.objects(tree.branches.length, () => {
      for (const branch of tree.branches) branchObject(out, tree, branch, written.get(branch)!, keylen, leaves);
    });
    out.objects(leaves.size, () => out.i4(...leaves.values()));
    out.raw(Buffer.alloc(28));
  });
  return out.finish();
}

/** TIOFeatures, of a class without a version: its check sum. */
function features(out: Bytes): void {
  out.raw(Buffer.from([0x40, 0, 0, 7, 0, 0, 0x1a, 0xa1, 0x2f, 0x10, 0]));
}

function branchObject(
  out: Bytes,
  tree: WrittenTree,
  branch: WrittenBranch,
  { seeks, lengths, entries, embedded, total, zipped }: Written,
  keylen: number,
  leaves: Map<string, number>,
): void {
  out.pointer('TBranch', () =>
    out.object(13, () => {
      out.named(branch.name, branch.leaves.map((leaf) => leafTitle(leaf)).join(':'));
      out.object(2, () => out.i2(0).i2(1001)); // TAttFill
      out.i4(0, 32_000, 0, seeks.length).i8(tree.entries);
      features(out);
      out.i4(0, seeks.length + 1, 0).i8(entries.at(-1)!, 0, total, zipped);
      out.objects(0, () => {});
      out.objects(branch.leaves.length, () => {
        for (const leaf of branch.leaves) {
          const at = leafObject(out, leaf, leaf.counter === undefined ? 0 : leaves.get(leaf.counter)!);
          if (!leaves.has(branch.name)) leaves.set(branch.name, at + keylen + 2);
        }
      });
      const inside = embedded.some(Boolean);
      out.objects(inside ? embedded.length : 0, () => {
        if (!inside) return;
        for (const basket of embedded) {
          if (basket) out.pointer('TBasket', () => out.raw(basket));
          else out.i4(0);
        }
      });
      out.u1(1).i4(...lengths, 0);
      out.u1(1).i8(...entries);
      out.u1(1).i8(...seeks, 0);
      out.text(branch.fileName ?? '');
    }),
  );
}

const leafTitle = ({ name, title, counter, length = 1 }: WrittenLeaf): string =>
  title ?? `${name}${counter === undefined ? '' : `[${counter}]`}${length > 1 ? `[${length}]` : ''}`;

function leafObject(out: Bytes, leaf: WrittenLeaf, counter: number): number {
  return out.pointer(`TLeaf${leaf.type}`, () =>
    out.object(1, () => {
      out.object(2, () => {
        out.named(leaf.name, leafTitle(leaf));
        out
          .i4(leaf.length ?? 1, sizes[leaf.type], 0)
          .u1(0, leaf.unsigned ? 1 : 0)
          .i4(counter);
      });
      // Least and greatest value.
      const size = leaf.type === 'F16' ? 4 : leaf.type === 'D32' ? 8 : leaf.type === 'C' ? 4 : sizes[leaf.type];
      out.raw(Buffer.alloc(2 * size));
    }),
  );
}
