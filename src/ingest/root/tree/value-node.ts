// Values that are not plain numbers side by side (strings, nested containers, classes): read one by one into growing Arrow columns.
import { isAscii, isUtf8 } from 'node:buffer';
import * as arrow from 'apache-arrow';
import { type Cursor, readVersion } from '../container/cursor.js';
import { Malformed } from '../container/malformed.js';
import type { Primitive, TextType } from '../object/type-name.js';

/** Reads one value after the other from streamed bytes and keeps them; `finish` gives them all as Arrow data. */
export interface ValueNode {
  readonly type: arrow.DataType;
  readonly length: number;
  read(cursor: Cursor): void;
  /** The number read last, where this is a counter of its class's pointer arrays. */
  readonly last?: number;
  finish(): arrow.Data;
}

type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

interface PrimitiveSpec {
  readonly size: number;
  readonly arrow: () => arrow.DataType;
  readonly make: (length: number) => Numbers;
  readonly wrap: (buffer: ArrayBuffer, offset: number, length: number) => Numbers;
}

const spec = <A extends Numbers>(
  size: number,
  type: () => arrow.DataType,
  ctor: { new (length: number): A; new (buffer: ArrayBuffer, offset: number, length: number): A },
): PrimitiveSpec => ({
  size,
  arrow: type,
  make: (length) => new ctor(length),
  wrap: (buffer, offset, length) => new ctor(buffer, offset, length),
});

export const primitiveSpecs: Record<Primitive, PrimitiveSpec> = {
  bool: spec(1, () => new arrow.Bool(), Uint8Array),
  int8: spec(1, () => new arrow.Int8(), Int8Array),
  uint8: spec(1, () => new arrow.Uint8(), Uint8Array),
  int16: spec(2, () => new arrow.Int16(), Int16Array),
  uint16: spec(2, () => new arrow.Uint16(), Uint16Array),
  int32: spec(4, () => new arrow.Int32(), Int32Array),
  uint32: spec(4, () => new arrow.Uint32(), Uint32Array),
  int64: spec(8, () => new arrow.Int64(), BigInt64Array),
  uint64: spec(8, () => new arrow.Uint64(), BigUint64Array),
  float32: spec(4, () => new arrow.Float32(), Float32Array),
  float64: spec(8, () => new arrow.Float64(), Float64Array),
};

/** One bit per value, least significant first. */
export function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

export function primitiveData(type: Primitive, values: Numbers): arrow.Data {
  const dataType = primitiveSpecs[type].arrow();
  const data = type === 'bool' ? packBits(values as Uint8Array) : values;
  return arrow.makeData({
    type: dataType as arrow.Float64,
    length: values.length,
    nullCount: 0,
    data: data as Float64Array,
  });
}

export function listType(element: arrow.DataType): arrow.List {
  return new arrow.List(new arrow.Field('item', element, true));
}

export function listData(child: arrow.Data, offsets: Int32Array): arrow.Data {
  return arrow.makeData({
    type: listType(child.type),
    length: offsets.length - 1,
    nullCount: 0,
    valueOffsets: offsets,
    child,
  });
}

/** Big-endian bytes to host order, in place. */
export function swapBytes(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
}

/** Bytes collected, then swapped at once. */
class ByteColumn {
  bytes = Buffer.allocUnsafeSlow(256);
  used = 0;

  append(from: Buffer, start: number, length: number): void {
    if (this.used + length > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + length));
      this.bytes.copy(grown, 0, 0, this.used);
      this.bytes = grown;
    }
    from.copy(this.bytes, this.used, start, start + length);
    this.used += length;
  }
}

export class PrimitiveNode implements ValueNode {
  readonly type: arrow.DataType;
  readonly #primitive: Primitive;
  readonly #size: number;
  readonly #column = new ByteColumn();

  constructor(primitive: Primitive) {
    this.#primitive = primitive;
    this.#size = primitiveSpecs[primitive].size;
    this.type = primitiveSpecs[primitive].arrow();
  }

  get length(): number {
    return this.#column.used / this.#size;
  }

  get last(): number {
    const { bytes, used } = this.#column;
    return used < this.#size || this.#size === 8 ? 0 : bytes.readIntBE(used - this.#size, this.#size);
  }

  read(cursor: Cursor): void {
    this.readMany(cursor, 1);
  }

  readMany(cursor: Cursor, count: number): void {
    const length = count * this.#size;
    this.#column.append(cursor.bytes, cursor.take(length), length);
  }

  finish(): arrow.Data {
    const { bytes, used } = this.#column;
    swapBytes(bytes.subarray(0, used), this.#size);
    return primitiveData(
      this.#primitive,
      primitiveSpecs[this.#primitive].wrap(bytes.buffer, bytes.byteOffset, used / this.#size),
    );
  }
}

/** Text that is not UTF-8: the column must be read as bytes. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

/** Strings one after the other; `offsets` has one more entry than there are strings. */
export function textData(kind: TextType, bytes: Buffer, offsets: Int32Array): arrow.Data {
  const fields = { length: offsets.length - 1, nullCount: 0, valueOffsets: offsets, data: bytes };
  if (kind === 'binary') return arrow.makeData({ type: new arrow.Binary(), ...fields });
  if (!isAscii(bytes)) {
    if (!isUtf8(bytes)) throw new NotUtf8('text is not UTF-8');
    // All together they are; each is, unless one begins in the middle of a character.
    for (const offset of offsets) {
      if (offset < bytes.length && (bytes[offset]! & 0xc0) === 0x80) throw new NotUtf8('text is not UTF-8');
    }
  }
  return arrow.makeData({ type: new arrow.Utf8(), ...fields });
}

/** One byte, or 255 and 32 bits. */
export function stringLength(cursor: Cursor): number {
  const short = cursor.u1();
  return short === 255 ? cursor.i4() : short;
}

/** Offsets that grow. */
class Offsets {
  #values = new Int32Array(64);
  count = 1;

  push(offset: number): void {
    if (this.count === this.#values.length) {
      const grown = new Int32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.count++] = offset;
  }

  finish(): Int32Array {
    return this.#values.slice(0, this.count);
  }
}

/** How a string tells its length. */
export type StringForm =
  /** One byte, or 255 and four; `header`: byte count and version before it, as for a member of a class. */
  | { readonly kind: 'counted'; readonly header: boolean }
  /** `char*`: four bytes. */
  | { readonly kind: 'pointer' }
  /** `char x[size]`: always `size` bytes, the text up to the first NUL. */
  | { readonly kind: 'fixed'; readonly size: number };

export class StringNode implements ValueNode {
  readonly type: arrow.DataType;
  readonly #column = new ByteColumn();
  readonly #offsets = new Offsets();
  readonly #form: StringForm;
  readonly #kind: TextType;

  constructor(form: StringForm, kind: TextType) {
    this.#form = form;
    this.#kind = kind;
    this.type = kind === 'utf8' ? new arrow.Utf8() : new arrow.Binary();
  }

  get length(): number {
    return this.#offsets.count - 1;
  }

  read(cursor: Cursor): void {
    const form = this.#form;
    if (form.kind === 'counted' && form.header) readVersion(cursor);
    const stored = form.kind === 'counted' ? stringLength(cursor) : form.kind === 'pointer' ? cursor.i4() : form.size;
    const start = cursor.take(stored);
    const end = form.kind === 'fixed' ? cursor.bytes.indexOf(0, start) - start : -1;
    this.#column.append(cursor.bytes, start, end >= 0 && end < stored ? end : stored);
    this.#offsets.push(this.#column.used);
  }

  finish(): arrow.Data {
    return textData(this.#kind, this.#column.bytes.subarray(0, this.#column.used), this.#offsets.finish());
  }
}

/** How a list knows its length. */
export type ListLength =
  /** A 32-bit count comes first. */
  | { readonly kind: 'counted' /** Byte count and version before it. */; readonly header: boolean }
  /** Elements up to the end of the entry; with one header before them all where `header`. */
  | { readonly kind: 'rest'; readonly header: boolean }
  | { readonly kind: 'fixed'; readonly count: number }
  /** A pointer array: one byte tells whether it is there, a sibling how long it is. */
  | { readonly kind: 'pointer'; readonly count: () => number };

export class ListNode implements ValueNode {
  readonly type: arrow.DataType;
  readonly #child: ValueNode;
  readonly #length: ListLength;
  readonly #offsets = new Offsets();

  constructor(child: ValueNode, length: ListLength) {
    this.#child = child;
    this.#length = length;
    this.type = listType(child.type);
  }

  get length(): number {
    return this.#offsets.count - 1;
  }

  read(cursor: Cursor): void {
    const child = this.#child;
    switch (this.#length.kind) {
      case 'rest':
        if (this.#length.header && cursor.left > 0) {
          const { end, memberwise } = readVersion(cursor);
          if (end !== cursor.limit || memberwise)
            throw new Malformed('a collection member without the expected header');
        }
        while (cursor.left > 0) {
          const before = cursor.position;
          child.read(cursor);
          if (cursor.position === before) throw new Malformed('an element of no bytes');
        }
        break;
      case 'counted': {
        const header = this.#length.header ? readVersion(cursor) : undefined;
        if (header?.memberwise) this.#readMemberwise(cursor);
        else this.#readElements(cursor, cursor.i4());
        if (header?.end !== undefined && cursor.position !== header.end) {
          throw new Malformed(`a container ends at ${cursor.position}, its header says ${header.end}`);
        }
        break;
      }
      case 'fixed':
        this.#readElements(cursor, this.#length.count);
        break;
      case 'pointer':
        if (cursor.u1() !== 0) this.#readElements(cursor, this.#length.count());
        break;
    }
    this.#offsets.push(child.length);
  }

  #readElements(cursor: Cursor, count: number): void {
    const child = this.#child;
    if (count < 0 || (count > cursor.left && !(child instanceof StructNode && child.empty))) {
      throw new Malformed(`a list of ${count} elements in ${cursor.left} bytes`);
    }
    if (child instanceof PrimitiveNode) child.readMany(cursor, count);
    else for (let i = 0; i < count; i++) child.read(cursor);
  }

  #readMemberwise(cursor: Cursor): void {
    if (!(this.#child instanceof StructNode)) throw new Malformed('member-wise streaming of what is no class');
    const version = cursor.i2();
    if (version <= 0) cursor.take(4); // a check sum
    const count = cursor.i4();
    if (count < 0 || count > cursor.left) throw new Malformed(`a list of ${count} elements in ${cursor.left} bytes`);
    this.#child.readMemberwise(cursor, count);
  }

  finish(): arrow.Data {
    return listData(this.#child.finish(), this.#offsets.finish());
  }
}

export interface StructMember {
  /** Empty for a base class: its members join those of the class. */
  readonly name: string;
  readonly node: ValueNode | SkipNode;
}

/** Bytes that carry no value for the user (TObject's). */
export interface SkipNode {
  readonly skip: (cursor: Cursor) => void;
}

export class StructNode implements ValueNode {
  readonly type: arrow.DataType;
  readonly #members: readonly StructMember[];
  /** Version its layout was made from; undefined for pairs and others without a header. */
  readonly #version: number | undefined;
  #length = 0;

  constructor(members: readonly StructMember[], version: number | undefined) {
    this.#members = members;
    this.#version = version;
    this.type = new arrow.Struct(this.#fields());
  }

  get length(): number {
    return this.#length;
  }

  get empty(): boolean {
    return this.#members.length === 0 && this.#version === undefined;
  }

  #fields(): arrow.Field[] {
    return this.#members.flatMap(({ name, node }) => {
      if ('skip' in node) return [];
      return name === '' && node instanceof StructNode ? node.#fields() : [new arrow.Field(name, node.type, true)];
    });
  }

  read(cursor: Cursor): void {
    let end: number | undefined;
    if (this.#version !== undefined) {
      const header = readVersion(cursor);
      end = header.end;
      if (header.version <= 0)
        cursor.take(4); // a class without a version: its check sum
      else if (header.version !== this.#version) {
        throw new Malformed(`a class in version ${header.version}, the layout is known for ${this.#version}`);
      }
    }
    for (const { node } of this.#members) {
      if ('skip' in node) node.skip(cursor);
      else node.read(cursor);
    }
    if (end !== undefined && cursor.position !== end) {
      throw new Malformed(`an object ends at ${cursor.position}, its header says ${end}`);
    }
    this.#length++;
  }

  /** All objects' first members, then all their second ones, and so on. */
  readMemberwise(cursor: Cursor, count: number): void {
    for (const { name, node } of this.#members) {
      if ('skip' in node || name === '') throw new Malformed('member-wise streaming of a class with a base');
      // All keys, then all values of a map: those that are containers or strings stand behind one header.
      if (this.#version === undefined && (node instanceof StringNode || node instanceof ListNode)) readVersion(cursor);
      for (let i = 0; i < count; i++) node.read(cursor);
    }
    this.#length += count;
  }

  #children(): arrow.Data[] {
    return this.#members.flatMap(({ name, node }) => {
      if ('skip' in node) return [];
      return name === '' && node instanceof StructNode ? node.#children() : [node.finish()];
    });
  }

  finish(): arrow.Data {
    return arrow.makeData({
      type: this.type as arrow.Struct,
      length: this.#length,
      nullCount: 0,
      children: this.#children(),
    });
  }
}
