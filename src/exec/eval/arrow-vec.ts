// Between Arrow data and the evaluator's vectors.
import { type Data, type DataType, makeData } from 'apache-arrow';
import {
  decimalDigits,
  fail,
  type IntervalValue,
  isDecimal,
  type NumericValue,
  parseNumeric,
  printNumeric,
  printSqlType,
  type SqlType,
  type StructValue,
  toArrowType,
  type Value,
} from '../../core/index.js';
import {
  type BytesOfRows,
  boxed,
  type FlatArray,
  flat,
  ofBytes,
  physicalOf,
  type Vec,
  valueAt,
  withType,
} from './vec.js';

/** Bits to one byte each. */
function bytesOfBits(bits: Uint8Array, offset: number, n: number): Uint8Array {
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const at = offset + i;
    out[i] = (bits[at >> 3]! >> (at & 7)) & 1;
  }
  return out;
}

function bitsOfBytes(bytes: ArrayLike<number>, n: number): Uint8Array {
  const out = new Uint8Array((n + 7) >> 3);
  for (let i = 0; i < n; i++) if (bytes[i]) out[i >> 3]! |= 1 << (i & 7);
  return out;
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);

/** Rows [from, to) of Arrow data laid out as `toArrowType(type)` as a vector. */
export function fromArrow(data: Data, type: SqlType, from = 0, to = data.length): Vec {
  const n = to - from;
  const valid = data.nullCount > 0 ? bytesOfBits(data.nullBitmap, data.offset + from, n) : undefined;
  if (type.kind === 'list') {
    const child = data.children[0]!;
    if (n === 0)
      return {
        form: 'list',
        type,
        n,
        valid,
        constant: false,
        offsets: new Int32Array(1),
        child: fromArrow(child, type.element, 0, 0),
      };
    let offsets = (data.valueOffsets as Int32Array).subarray(from, to + 1);
    const base = offsets[0]!;
    const end = offsets[n]!;
    if (base !== 0) {
      const rebased = new Int32Array(n + 1);
      for (let i = 0; i <= n; i++) rebased[i] = offsets[i]! - base;
      offsets = rebased;
    }
    return { form: 'list', type, n, valid, constant: false, offsets, child: fromArrow(child, type.element, base, end) };
  }
  switch (physicalOf(type)) {
    case 'bool':
      return flat(type, bytesOfBits(data.values as Uint8Array, data.offset + from, n), valid);
    case 'i32': {
      const values = (data.values as Int32Array).subarray(from, to);
      return flat(type, values instanceof Int32Array ? values : Int32Array.from(values), valid);
    }
    case 'f32':
      return flat(type, (data.values as Float32Array).subarray(from, to), valid);
    case 'f64':
      return flat(type, (data.values as Float64Array).subarray(from, to), valid);
    case 'wide':
      return wideVec(type, data.values as WideArray, from, n, valid);
    case 'boxed': {
      if (isBytes(type))
        return ofBytes(
          type,
          { offsets: offsetsOf(data, from, to), data: (data.values as Uint8Array | undefined) ?? nothing },
          valid,
        );
      const read = boxedReader(data, type, from, to);
      const values: Value[] = new Array(n);
      for (let i = 0; i < n; i++) values[i] = valid && valid[i] === 0 ? null : read(i);
      return boxed(type, values);
    }
  }
}

/** Kinds of types whose values lie in Arrow as texts or byte strings. */
const isBytes = ({ kind }: SqlType): boolean => !['numeric', 'interval', 'struct', 'unknown'].includes(kind);

/** A column without rows may come without offsets or bytes. */
const nothing = new Uint8Array(0);
const offsetsOf = ({ valueOffsets }: Data, from: number, to: number): Int32Array =>
  to === from ? new Int32Array(1) : (valueOffsets as Int32Array).subarray(from, to + 1);

type WideArray = BigInt64Array | BigUint64Array | Uint32Array | Int32Array;

/** Eight-byte integers as doubles where all are safe, read by their halves, which is several times faster than as bigints. */
function wideVec(type: SqlType, values: WideArray, from: number, n: number, valid: Uint8Array | undefined): Vec {
  const out = new Float64Array(n);
  if (values instanceof Uint32Array || values instanceof Int32Array) {
    for (let i = 0; i < n; i++) out[i] = values[from + i]!;
    return flat(type, out, valid);
  }
  const halves = new Int32Array(values.buffer, values.byteOffset + from * 8, n * 2);
  let beyond = 0;
  for (let i = 0; i < n; i++) {
    const high = halves[2 * i + 1]!;
    beyond |= high ^ (high >> 31);
    out[i] = high * 4294967296 + (halves[2 * i]! >>> 0);
  }
  // The largest high half of a safe integer; -2^53 itself is let go.
  const unsafe = beyond >= 0x200000 || (type.kind === 'uint8' && halves.some((half, i) => i % 2 === 1 && half < 0));
  if (!unsafe) return flat(type, out, valid);
  return boxed(
    type,
    Array.from(values.subarray(from, from + n), (value, i) => (valid && valid[i] === 0 ? null : value)),
  );
}

/** Values of 128 bits, read by their halves. */
function int128Reader(words: Uint32Array): (i: number) => bigint {
  const aligned = words.byteOffset % 8 === 0 ? words : words.slice();
  const low = new BigUint64Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
  const high = new BigInt64Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
  return (i) => {
    const top = high[2 * i + 1]!;
    // Most fit 64 bits.
    return top === 0n ? low[2 * i]! : top === -1n && high[2 * i]! < 0n ? high[2 * i]! : (top << 64n) | low[2 * i]!;
  };
}

/** Of the values from row `from` on. */
function boxedReader(data: Data, type: SqlType, from: number, to: number): (i: number) => Value {
  const { values } = data;
  switch (type.kind) {
    case 'numeric': {
      if (!isDecimal(type)) {
        const bytes = values as Uint8Array;
        const place = (data.valueOffsets as Int32Array).subarray(from);
        return (i) => parseNumeric(latin1(bytes, place[i]!, place[i + 1]!))!;
      }
      const { scale } = data.type as unknown as { scale: number };
      const read = int128Reader(values as Uint32Array);
      return (i): NumericValue => ({ unscaled: read(from + i), scale });
    }
    case 'interval': {
      const words = values as Int32Array;
      return (i): IntervalValue => {
        const at = (from + i) * 4;
        const nanos = (BigInt(words[at + 3]!) << 32n) | BigInt(words[at + 2]! >>> 0);
        return { months: words[at]!, days: words[at + 1]!, micros: nanos / 1000n };
      };
    }
    case 'struct': {
      const fields = type.fields.map((field, f) => fromArrow(data.children[f]!, field.type, from, to));
      return (i): StructValue => ({ fields: fields.map((field) => valueAt(field, i)) });
    }
    default:
      return () => null;
  }
}

/** `n` values as Arrow data of `toArrowType(type)`. */
export function toArrow(vec: Vec, n: number, type = vec.type): Data {
  return arrowOf(type === vec.type ? vec : withType(vec, type), n, toArrowType(type));
}

function arrowOf(vec: Vec, n: number, type: DataType): Data {
  let nullCount = 0;
  if (vec.valid) {
    if (vec.constant) nullCount = vec.valid[0] === 0 ? n : 0;
    else for (let i = 0; i < n; i++) nullCount += 1 - vec.valid[i]!;
  }
  const validBytes = vec.constant && nullCount > 0 ? new Uint8Array(n) : vec.valid;
  const base = {
    length: n,
    nullCount,
    nullBitmap: nullCount > 0 ? bitsOfBytes(validBytes!, n) : null,
  };
  const make = (more: object): Data =>
    makeData({ type, ...base, ...more } as unknown as Parameters<typeof makeData>[0]);
  const at = (i: number): number => (vec.constant ? 0 : i);
  const sqlType = vec.type;
  if (vec.form === 'list') {
    const elementType = (sqlType as Extract<SqlType, { kind: 'list' }>).element;
    if (vec.constant) {
      const values = Array.from({ length: n }, () => valueAt(vec, 0) as readonly Value[] | null);
      const offsets = new Int32Array(n + 1);
      for (const [i, list] of values.entries()) offsets[i + 1] = offsets[i]! + (list?.length ?? 0);
      const child = boxed(
        elementType,
        values.flatMap((list) => list ?? []),
      );
      return make({ valueOffsets: offsets, child: toArrow(child, child.n) });
    }
    return make({ valueOffsets: vec.offsets.subarray(0, n + 1), child: toArrow(vec.child, vec.child.n) });
  }
  if (vec.form === 'flat') {
    if (sqlType.kind === 'bool') {
      const data = vec.constant ? new Uint8Array(n).fill(vec.data[0]!) : vec.data;
      return make({ data: bitsOfBytes(data, n) });
    }
    const { ArrayType } = type as unknown as { ArrayType: { BYTES_PER_ELEMENT: number; new (n: number): FlatArray } };
    if (vec.data.constructor === ArrayType && !vec.constant) return make({ data: vec.data.subarray(0, n) });
    if (physicalOf(sqlType) === 'wide' && sqlType.kind !== 'uint4') return make({ data: wideData(vec.data, n, at) });
    const data = new ArrayType(n);
    for (let i = 0; i < n; i++) data[i] = vec.data[at(i)]!;
    return make({ data });
  }
  if (vec.bytes) return make(whole(vec.bytes, n));
  return make(boxedBuffers(vec.values, n, at, sqlType, type));
}

/** The first `n` rows, from position 0 on. */
function whole({ offsets, data }: BytesOfRows, n: number): object {
  const [base, end] = [offsets[0]!, offsets[n]!];
  const valueOffsets = offsets.subarray(0, n + 1);
  return {
    valueOffsets: base === 0 ? valueOffsets : valueOffsets.map((at) => at - base),
    data: data.subarray(base, end),
  };
}

function wideData(from: FlatArray, n: number, at: (i: number) => number): BigInt64Array {
  const out = new BigInt64Array(n);
  const halves = new Int32Array(out.buffer);
  for (let i = 0; i < n; i++) {
    const value = from[at(i)]!;
    halves[2 * i] = value | 0;
    // ToInt32 wraps the low half; the high half is what is left.
    halves[2 * i + 1] = Math.floor(value / 4294967296);
  }
  return out;
}

/** 10^k. */
const powerOfTen = (k: number): bigint => 10n ** BigInt(k);

/** The first number that a decimal of 128 bits does not take. */
const decimalBound = powerOfTen(decimalDigits);

function boxedBuffers(
  values: readonly Value[],
  n: number,
  at: (i: number) => number,
  sqlType: SqlType,
  type: DataType,
): object {
  switch (sqlType.kind) {
    case 'numeric': {
      if (!isDecimal(sqlType)) {
        const printed = Array.from({ length: n }, (_, i) => {
          const value = values[at(i)] as NumericValue | null;
          return value && printNumeric(value);
        });
        return textBuffers(printed, n, (i) => i);
      }
      const { scale } = type as unknown as { scale: number };
      const halves = new BigInt64Array(n * 2);
      for (let i = 0; i < n; i++) {
        const value = values[at(i)] as NumericValue | null;
        if (!value) continue;
        if (value.special)
          throw fail('feature_not_supported', `${printSqlType(sqlType)} does not hold ${value.special} here`, {
            hint: 'numeric without a precision does.',
          });
        let { unscaled } = value;
        if (value.scale < scale) unscaled *= powerOfTen(scale - value.scale);
        else if (value.scale > scale) unscaled = roundHalfAway(unscaled, powerOfTen(value.scale - scale));
        if (unscaled >= decimalBound || unscaled <= -decimalBound)
          throw fail(
            'numeric_value_out_of_range',
            `a numeric has more than ${decimalDigits - scale} digits before the point`,
          );
        halves[2 * i] = unscaled;
        halves[2 * i + 1] = unscaled >> 64n;
      }
      return { data: new Uint32Array(halves.buffer) };
    }
    case 'interval': {
      const words = new Int32Array(n * 4);
      for (let i = 0; i < n; i++) {
        const value = values[at(i)] as IntervalValue | null;
        if (!value) continue;
        const nanos = value.micros * 1000n;
        // Arrow counts nanoseconds, so that an interval's time ends at 292 years.
        if (BigInt.asIntN(64, nanos) !== nanos) throw fail('datetime_field_overflow', 'interval out of range');
        words[i * 4] = value.months;
        words[i * 4 + 1] = value.days;
        words[i * 4 + 2] = Number(nanos & 0xffffffffn);
        words[i * 4 + 3] = Number(BigInt.asIntN(32, nanos >> 32n));
      }
      return { data: words };
    }
    case 'struct': {
      const children = sqlType.fields.map((field, f) => {
        const column: Value[] = [];
        for (let i = 0; i < n; i++) column.push((values[at(i)] as StructValue | null)?.fields[f] ?? null);
        return toArrow(boxed(field.type, column), n);
      });
      return { children };
    }
    case 'list':
    case 'bool':
      break;
    default: {
      if (physicalOf(sqlType) === 'boxed') return textBuffers(values, n, at);
      const { ArrayType } = type as unknown as { ArrayType: { new (n: number): BigInt64Array | FlatArray } };
      const data = new ArrayType(n) as { [i: number]: Value };
      for (let i = 0; i < n; i++) {
        const value = values[at(i)];
        if (value === null || value === undefined) continue;
        data[i] = data[i] !== undefined && typeof data[i] === 'bigint' ? BigInt(value as number) : Number(value);
      }
      return { data };
    }
  }
  if (sqlType.kind === 'bool') {
    const bytes = new Uint8Array(n);
    for (let i = 0; i < n; i++) bytes[i] = values[at(i)] === true ? 1 : 0;
    return { data: bitsOfBytes(bytes, n) };
  }
  const element = (sqlType as Extract<SqlType, { kind: 'list' }>).element;
  const offsets = new Int32Array(n + 1);
  const flatValues: Value[] = [];
  for (let i = 0; i < n; i++) {
    for (const item of (values[at(i)] as readonly Value[] | null) ?? []) flatValues.push(item);
    offsets[i + 1] = flatValues.length;
  }
  return { valueOffsets: offsets, child: toArrow(boxed(element, flatValues), flatValues.length) };
}

function roundHalfAway(value: bigint, by: bigint): bigint {
  const half = by / 2n;
  return value < 0n ? -((-value + half) / by) : (value + half) / by;
}

function textBuffers(values: readonly Value[], n: number, at: (i: number) => number): object {
  const offsets = new Int32Array(n + 1);
  let data = Buffer.allocUnsafe(Math.max(64, n * 16));
  let end = 0;
  const room = (bytes: number): void => {
    if (end + bytes <= data.length) return;
    const longer = Buffer.allocUnsafe(Math.max(end + bytes, data.length * 2));
    data.copy(longer, 0, 0, end);
    data = longer;
  };
  for (let i = 0; i < n; i++) {
    const value = values[at(i)];
    if (typeof value === 'string') {
      room(value.length * 3);
      end += writeText(data, value, end);
    } else if (value instanceof Uint8Array) {
      room(value.length);
      data.set(value, end);
      end += value.length;
    }
    offsets[i + 1] = end;
  }
  // An own copy: Buffer's pool is shared.
  return { valueOffsets: offsets, data: new Uint8Array(data.subarray(0, end)) };
}

/** Short ASCII by a loop, which calls nothing. */
function writeText(data: Buffer, text: string, at: number): number {
  if (text.length > 32) return data.write(text, at);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return data.write(text, at);
    data[at + i] = code;
  }
  return text.length;
}
