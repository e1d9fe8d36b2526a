// One column of a batch, as the row kernel takes it: by what lies in Arrow's buffers, what type the client was told, and the format it asked for.
import { type Data, DataType } from 'apache-arrow';
import {
  isArray,
  isInternalChar,
  isOid,
  isProcedureName,
  objectTypeOf,
  oidOf,
  printValue,
  type SqlType,
  type Value,
} from '../../core/index.js';
import { valueReader } from '../row-reader.js';
import type { CellColumn, CellKind, RowKernel } from './row-kernel.js';
import { encodeValue } from './value-binary.js';

/** PostgreSQL's two forms of a value. */
export type CellFormat = 'text' | 'binary';

/** Row numbers count from the batch's start. */
export interface CellSource {
  /** Bytes that the cells of some rows do not exceed, without their length words. */
  bound(from: number, to: number): number;
  /** Copies what the cells of some rows are made of. */
  lay(kernel: RowKernel, from: number, to: number): CellColumn;
}

/** Where NULLs are; absent where there are none. */
interface Nulls {
  readonly bitmap: Uint8Array;
  readonly offset: number;
}

function nullsOf({ nullBitmap, nullCount, offset }: Data): Nulls | undefined {
  return nullCount === 0 || !nullBitmap || nullBitmap.length === 0 ? undefined : { bitmap: nullBitmap, offset };
}

/** Bits of some rows: the address of the bytes they lie in, and the place of the first. */
function layBits(kernel: RowKernel, bits: Uint8Array, from: number, to: number): readonly [at: number, bit: number] {
  return [kernel.copy(bits.subarray(from >> 3, (to + 7) >> 3)), from & 7];
}

function layNulls(kernel: RowKernel, nulls: Nulls | undefined, from: number, to: number) {
  if (!nulls || from === to) return {};
  const [validity, validityBit] = layBits(kernel, nulls.bitmap, from + nulls.offset, to + nulls.offset);
  return { validity, validityBit };
}

const nothing: CellSource = { bound: () => 0, lay: () => ({ kind: 'null' }) };

class Bools implements CellSource {
  constructor(
    private readonly kind: CellKind,
    private readonly bits: Uint8Array,
    private readonly offset: number,
    private readonly nulls: Nulls | undefined,
  ) {}

  bound(from: number, to: number): number {
    return to - from;
  }

  lay(kernel: RowKernel, from: number, to: number): CellColumn {
    const [values, valueBit] = layBits(kernel, this.bits, from + this.offset, to + this.offset);
    return { kind: this.kind, values, valueBit, ...layNulls(kernel, this.nulls, from, to) };
  }
}

type Numbers = Exclude<NodeJS.TypedArray, Uint8ClampedArray>;

class NumberCells implements CellSource {
  constructor(
    private readonly kind: CellKind,
    private readonly values: Numbers,
    private readonly longest: number,
    private readonly nulls: Nulls | undefined,
  ) {}

  bound(from: number, to: number): number {
    return (to - from) * this.longest;
  }

  lay(kernel: RowKernel, from: number, to: number): CellColumn {
    const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = this.values;
    const values = kernel.copy(new Uint8Array(buffer, byteOffset + from * size, (to - from) * size));
    return { kind: this.kind, values, ...layNulls(kernel, this.nulls, from, to) };
  }
}

function layOffsets(kernel: RowKernel, offsets: Int32Array, from: number, to: number): number {
  return kernel.copy(new Uint8Array(offsets.buffer, offsets.byteOffset + 4 * from, 4 * (to - from + 1)));
}

class Bytes implements CellSource {
  constructor(
    private readonly kind: 'bytesText' | 'bytesBinary' | 'bytesHex',
    private readonly bytes: Uint8Array,
    private readonly offsets: Int32Array,
    private readonly nulls: Nulls | undefined,
    private readonly versioned = false,
  ) {}

  bound(from: number, to: number): number {
    const size = this.offsets[to]! - this.offsets[from]!;
    return this.kind === 'bytesHex' ? 2 * size + 2 * (to - from) : size + (to - from);
  }

  lay(kernel: RowKernel, from: number, to: number): CellColumn {
    const base = this.offsets[from]!;
    return {
      kind: this.kind,
      values: kernel.copy(this.bytes.subarray(base, this.offsets[to]!)),
      offsets: layOffsets(kernel, this.offsets, from, to),
      base,
      versioned: this.versioned,
      ...layNulls(kernel, this.nulls, from, to),
    };
  }
}

class Lists implements CellSource {
  constructor(
    private readonly binary: boolean,
    private readonly element: CellSource,
    private readonly oid: number,
    private readonly offsets: Int32Array,
    private readonly nulls: Nulls | undefined,
  ) {}

  bound(from: number, to: number): number {
    const [start, end] = [this.offsets[from]!, this.offsets[to]!];
    // Each cell has braces or a header, each element `NULL`, a comma or its length.
    return 20 * (to - from) + this.element.bound(start, end) + 5 * (end - start);
  }

  lay(kernel: RowKernel, from: number, to: number): CellColumn {
    const base = this.offsets[from]!;
    return {
      kind: this.binary ? 'listBinary' : 'listText',
      element: this.element.lay(kernel, base, this.offsets[to]!),
      offsets: layOffsets(kernel, this.offsets, from, to),
      base,
      oid: this.oid,
      ...layNulls(kernel, this.nulls, from, to),
    };
  }
}

/** Whatever has no faster way: value by value. */
class Values implements CellSource {
  /** Rows that were encoded last, their bytes and where each ends. */
  private from = 0;
  private to = 0;
  private ends = new Int32Array(1);
  private scratch = Buffer.alloc(0);

  constructor(
    private readonly binary: boolean,
    private readonly read: (row: number) => Value,
    private readonly encode: (value: Exclude<Value, null>) => string | Uint8Array,
    private readonly nulls: Nulls | undefined,
  ) {}

  bound(from: number, to: number): number {
    if (from !== this.from || to > this.to) this.encodeRows(from, to);
    return this.ends[to - from]!;
  }

  lay(kernel: RowKernel, from: number, to: number): CellColumn {
    return {
      kind: this.binary ? 'bytesBinary' : 'bytesText',
      values: kernel.copy(this.scratch.subarray(0, this.bound(from, to))),
      offsets: layOffsets(kernel, this.ends, 0, to - from),
      ...layNulls(kernel, this.nulls, from, to),
    };
  }

  private encodeRows(from: number, to: number): void {
    this.from = from;
    this.to = to;
    if (this.ends.length <= to - from) this.ends = new Int32Array(to - from + 1);
    let at = 0;
    for (let row = from; row < to; row++) {
      const value = this.read(row);
      if (value !== null) {
        const encoded = this.encode(value);
        this.reserve(at + 3 * encoded.length, at);
        if (typeof encoded === 'string') at += this.scratch.write(encoded, at);
        else {
          this.scratch.set(encoded, at);
          at += encoded.length;
        }
      }
      this.ends[row - from + 1] = at;
    }
  }

  private reserve(end: number, used: number): void {
    if (end <= this.scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * end);
    this.scratch.copy(larger, 0, 0, used);
    this.scratch = larger;
  }
}

interface NumberForm {
  /** What the values lie in. */
  readonly array: unknown;
  readonly text: readonly [CellKind, longest: number];
  readonly binary?: readonly [CellKind, size: number];
}

const numbers: Readonly<Partial<Record<SqlType['kind'], NumberForm>>> = {
  int1: { array: Int8Array, text: ['int8Text', 4], binary: ['int8Binary', 2] },
  uint1: { array: Uint8Array, text: ['uint8Text', 3], binary: ['uint8Binary', 2] },
  int2: { array: Int16Array, text: ['int16Text', 6], binary: ['int16Binary', 2] },
  uint2: { array: Uint16Array, text: ['uint16Text', 5], binary: ['uint16Binary', 4] },
  int4: { array: Int32Array, text: ['int32Text', 11], binary: ['int32Binary', 4] },
  uint4: { array: Uint32Array, text: ['uint32Text', 10], binary: ['uint32Binary', 8] },
  int8: { array: BigInt64Array, text: ['int64Text', 20], binary: ['word64Binary', 8] },
  // A numeric on the wire.
  uint8: { array: BigUint64Array, text: ['uint64Text', 20] },
  float4: { array: Float32Array, text: ['float32Text', 15], binary: ['int32Binary', 4] },
  float8: { array: Float64Array, text: ['float64Text', 25], binary: ['word64Binary', 8] },
};

/** Columns whose buffers the kernel reads as they are. */
function plainSource(data: Data, type: SqlType, format: CellFormat): CellSource | undefined {
  const nulls = nullsOf(data);
  const { values, offset } = data;
  const binary = format === 'binary';
  const arrowType: DataType = data.type;
  if (DataType.isNull(arrowType)) return nothing;
  switch (type.kind) {
    case 'bool':
      return new Bools(binary ? 'boolBinary' : 'boolText', values as Uint8Array, offset, nulls);
    case 'unknown':
    case 'text':
    case 'varchar':
    case 'char':
    case 'json':
    case 'jsonb':
    case 'jsonpath':
    case 'numeric':
    case 'uuid':
      if (!DataType.isUtf8(arrowType)) return undefined;
      // A "char" has one byte, a zero where it is empty.
      if (binary && (type.kind === 'numeric' || type.kind === 'uuid' || isProcedureName(type) || isInternalChar(type)))
        return undefined;
      return new Bytes('bytesText', values, data.valueOffsets, nulls, binary && /^json[bp]/.test(type.kind));
    case 'bytea':
      if (!DataType.isBinary(arrowType)) return undefined;
      return new Bytes(binary ? 'bytesBinary' : 'bytesHex', values, data.valueOffsets, nulls);
    case 'list': {
      if (type.as || !isArray(type) || !(type.element.kind in numbers || type.element.kind === 'bool'))
        return undefined;
      const element = plainSource(data.children[0]!, type.element, format);
      return element && new Lists(binary, element, oidOf(type.element), data.valueOffsets, nulls);
    }
    default: {
      const form = numbers[type.kind];
      if (!form || form.array !== values?.constructor) return undefined;
      // An oid has four bytes, and an object a name.
      if (isOid(type) && (binary || objectTypeOf(type))) return undefined;
      const chosen = form[format];
      return chosen && new NumberCells(chosen[0], values as Numbers, chosen[1], nulls);
    }
  }
}

export function cellSource(data: Data, type: SqlType, format: CellFormat): CellSource {
  const plain = plainSource(data, type, format);
  if (plain) return plain;
  const encode =
    format === 'binary'
      ? (value: Exclude<Value, null>) => encodeValue(value, type)
      : (value: Exclude<Value, null>) => printValue(value, type);
  return new Values(format === 'binary', valueReader(data, type), encode, nullsOf(data));
}
