// One basket of a branch: its header, its entries' bytes, and where each entry starts.
import { Cursor } from '../container/cursor.js';
import { decompress } from '../container/decompress.js';
import { readKey } from '../container/key.js';
import { Malformed } from '../container/malformed.js';

export interface Basket {
  readonly entries: number;
  /** The entries' bytes, one after the other. */
  readonly data: Buffer;
  /** Entry `i` is `data[offsets[i] … offsets[i + 1]]`; absent where entries are of one size, or counted elsewhere. */
  readonly offsets: Int32Array | undefined;
}

interface BasketHeader {
  readonly nbytes: number;
  readonly keylen: number;
  readonly objlen: number;
  readonly entries: number;
  /** End of the data, counted from the start of the key. */
  readonly last: number;
  readonly flag: number;
  readonly offsetsHere: boolean;
}

function readHeader(cursor: Cursor): BasketHeader {
  const key = readKey(cursor);
  cursor.take(2); // fVersion
  cursor.take(4); // fBufferSize
  if (cursor.i4() < 0) cursor.take(1); // fNevBufSize, with I/O bits behind it where negative
  const entries = cursor.i4();
  const last = cursor.i4();
  const flag = cursor.u1();
  if (entries < 0 || last < key.keylen) throw new Malformed(`a basket of ${entries} entries that ends at ${last}`);
  const { nbytes, keylen, objlen } = key;
  return { nbytes, keylen, objlen, entries, last, flag, offsetsHere: flag < 80 && flag !== 0 && flag % 10 !== 2 };
}

/** A record read from `fBasketSeek`. */
export function readBasket(record: Buffer): Basket {
  const header = readHeader(new Cursor(record));
  const { keylen, objlen, entries } = header;
  if (keylen > record.length || header.nbytes > record.length) throw new Malformed('a basket longer than its record');
  const packed = record.subarray(keylen, header.nbytes);
  const body = packed.length === objlen ? packed : decompress(packed, objlen);
  const border = header.last - keylen;
  if (border > body.length) throw new Malformed(`data ends at ${border} of ${body.length} bytes`);
  const data = body.subarray(0, border);
  if (body.length < border + 4 + entries * 4) return { entries, data, offsets: undefined };
  return { entries, data, offsets: entryOffsets(body, border + 4, entries, keylen, border) };
}

/** A basket that was still in memory when its tree was written, streamed inside it. */
export function readEmbeddedBasket(record: Buffer): Basket {
  const cursor = new Cursor(record);
  const { keylen, entries, last, flag, offsetsHere } = readHeader(cursor);
  let place = -1;
  if (offsetsHere && entries > 0) {
    const count = cursor.i4();
    if (count < entries) throw new Malformed(`${count} offsets for ${entries} entries`);
    place = cursor.take(count * 4);
    if (flag > 40) cursor.take(cursor.i4() * 4); // fDisplacement
  }
  if (flag !== 1 && flag <= 10) return { entries, data: Buffer.alloc(0), offsets: undefined };
  const buffer = cursor.slice(last);
  const data = buffer.subarray(keylen);
  const offsets = place < 0 ? undefined : entryOffsets(record, place, entries, keylen, data.length);
  return { entries, data, offsets };
}

function entryOffsets(bytes: Buffer, place: number, entries: number, keylen: number, border: number): Int32Array {
  const offsets = new Int32Array(entries + 1);
  const raw = Buffer.from(offsets.buffer, 0, entries * 4);
  bytes.copy(raw, 0, place, place + entries * 4);
  raw.swap32();
  let before = 0;
  // Differences are or-ed: one negative one leaves its sign.
  let signs = 0;
  for (let i = 0; i < entries; i++) {
    const offset = offsets[i]! - keylen;
    signs |= offset - before;
    offsets[i] = before = offset;
  }
  if (signs < 0 || before > border) throw new Malformed(`entry offsets that do not ascend within ${border} bytes`);
  offsets[entries] = border;
  return offsets;
}
