// A column of values in the form the evaluator's loops want: typed arrays with one validity byte per value, lists by offsets.
import { isAscii } from 'node:buffer';
import { type SqlType, types, type Value } from '../../core/index.js';

export type FlatArray = Float64Array | Float32Array | Int32Array | Uint8Array;

interface Base {
  readonly type: SqlType;
  /** Values; 1 where `constant`. */
  readonly n: number;
  /** 1 where not NULL; absent where nothing is NULL. */
  readonly valid: Uint8Array | undefined;
  /** One value that stands for any number of equal ones. */
  readonly constant: boolean;
}
/** bool as bytes, up to four byte integers and dates as Int32, wider integers and instants as doubles while all are safe integers. */
export interface FlatVec extends Base {
  readonly form: 'flat';
  readonly data: FlatArray;
}
/** Everything else: text, numeric, 8-byte integers beyond 2^53, structs, … `null` where NULL. */
export interface BoxedVec extends Base {
  readonly form: 'boxed';
  readonly values: readonly Value[];
  /** The same in Arrow's layout, where it comes from there: what is only passed on is never made into values. */
  readonly bytes?: BytesOfRows;
}
/** `n + 1` positions; those of a NULL do not count. */
export interface BytesOfRows {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}
export interface ListVec extends Base {
  readonly form: 'list';
  /** n + 1 positions in `child`. A NULL list may span elements: they do not count. */
  readonly offsets: Int32Array;
  readonly child: Vec;
}
export type Vec = FlatVec | BoxedVec | ListVec;

type Physical = 'bool' | 'i32' | 'wide' | 'f32' | 'f64' | 'boxed';

export function physicalOf(type: SqlType): Physical {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'int1':
    case 'int2':
    case 'int4':
    case 'uint1':
    case 'uint2':
    case 'date':
      return 'i32';
    case 'int8':
    case 'uint4':
    case 'uint8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return 'wide';
    case 'float4':
      return 'f32';
    case 'float8':
      return 'f64';
    default:
      return 'boxed';
  }
}

export function allocate(type: SqlType, n: number): FlatArray {
  switch (physicalOf(type)) {
    case 'bool':
      return new Uint8Array(n);
    case 'i32':
      return new Int32Array(n);
    case 'f32':
      return new Float32Array(n);
    default:
      return new Float64Array(n);
  }
}

/** Whether values of the type have a flat form; 8-byte integers beyond 2^53 are boxed all the same. */
export const isFlatType = (type: SqlType): boolean => physicalOf(type) !== 'boxed' && type.kind !== 'list';

/** The vector written out over `n` positions in its type's own array; `undefined` where it is not flat. */
export function toFlat(vec: Vec, n: number): FlatVec | undefined {
  const whole = spread(vec, n);
  if (whole.form !== 'flat') return undefined;
  const like = allocate(vec.type, 0);
  if (whole.data.constructor === like.constructor) return whole;
  const data = allocate(vec.type, n);
  data.set(whole.data);
  return { ...whole, data };
}

export function flat(type: SqlType, data: FlatArray, valid?: Uint8Array, constant = false): FlatVec {
  return { form: 'flat', type, n: data.length, valid, constant, data };
}

export function boxed(type: SqlType, values: readonly Value[], constant = false): BoxedVec {
  let valid: Uint8Array | undefined;
  for (let i = 0; i < values.length; i++)
    if (values[i] === null) {
      valid ??= new Uint8Array(values.length).fill(1);
      valid[i] = 0;
    }
  return { form: 'boxed', type, n: values.length, valid, constant, values };
}

/** So many bytes become one string, of which values are slices that keep it alive. */
const mostAtOnce = 1 << 22;

/** Reads texts: of ASCII, as most are, slices of one string, since decoding value by value costs ten times as much. */
function textReader({ offsets, data }: BytesOfRows): (i: number) => string {
  const first = offsets[0]!;
  const end = offsets.at(-1)!;
  if (end - first <= mostAtOnce && isAscii(data.subarray(first, end))) {
    const all = Buffer.from(data.buffer, data.byteOffset + first, end - first).toString('latin1');
    return (i) => all.substring(offsets[i]! - first, offsets[i + 1]! - first);
  }
  // A byte order mark is a character like others.
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return (i) => bytes.toString('utf8', offsets[i], offsets[i + 1]);
}

/** Texts or byte strings as they lie in Arrow; they become values when somebody asks for one. */
export function ofBytes(type: SqlType, bytes: BytesOfRows, valid: Uint8Array | undefined): BoxedVec {
  const { offsets, data } = bytes;
  const n = offsets.length - 1;
  let values: Value[] | undefined;
  const readAll = (): Value[] => {
    const read =
      type.kind === 'bytea' ? (i: number) => data.slice(offsets[i]!, offsets[i + 1]!) : textReader({ offsets, data });
    const all: Value[] = new Array(n);
    for (let i = 0; i < n; i++) all[i] = valid && valid[i] === 0 ? null : read(i);
    return all;
  };
  return {
    form: 'boxed',
    type,
    n,
    valid,
    constant: false,
    bytes,
    get values() {
      values ??= readAll();
      return values;
    },
  };
}

function gatherRows({ offsets, data }: BytesOfRows, index: Int32Array): BytesOfRows {
  const n = index.length;
  const places = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) places[i + 1] = places[i]! + offsets[index[i]! + 1]! - offsets[index[i]!]!;
  const out = new Uint8Array(places[n]!);
  for (let i = 0; i < n; i++) {
    const from = offsets[index[i]!]!;
    const end = offsets[index[i]! + 1]!;
    let at = places[i]!;
    if (end - from > 48) out.set(data.subarray(from, end), at);
    else for (let k = from; k < end; k++) out[at++] = data[k]!;
  }
  return { offsets: places, data: out };
}

function concatRows(parts: readonly BytesOfRows[], n: number): BytesOfRows {
  const offsets = new Int32Array(n + 1);
  const taken = parts.map(({ offsets, data }) => data.subarray(offsets[0]!, offsets.at(-1)!));
  const data = new Uint8Array(taken.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  let base = 0;
  for (const [p, part] of parts.entries()) {
    const start = part.offsets[0]!;
    for (let i = 1; i < part.offsets.length; i++) offsets[at + i] = part.offsets[i]! - start + base;
    data.set(taken[p]!, base);
    at += part.offsets.length - 1;
    base += taken[p]!.length;
  }
  return { offsets, data };
}

/** In the best form the values fit. */
export function fromValues(type: SqlType, values: readonly Value[], constant = false): Vec {
  const n = values.length;
  if (type.kind === 'list') {
    const offsets = new Int32Array(n + 1);
    const elements: Value[] = [];
    let valid: Uint8Array | undefined;
    for (let i = 0; i < n; i++) {
      const list = values[i] as readonly Value[] | null;
      if (list === null) {
        valid ??= new Uint8Array(n).fill(1);
        valid[i] = 0;
      } else for (const element of list) elements.push(element);
      offsets[i + 1] = elements.length;
    }
    return { form: 'list', type, n, valid, constant, offsets, child: fromValues(type.element, elements) };
  }
  const physical = physicalOf(type);
  if (physical === 'boxed') return boxed(type, values, constant);
  const data = allocate(type, n);
  let valid: Uint8Array | undefined;
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    if (value === null) {
      valid ??= new Uint8Array(n).fill(1);
      valid[i] = 0;
    } else if (typeof value === 'bigint') {
      if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
        return boxed(type, values, constant);
      data[i] = Number(value);
    } else data[i] = value === true ? 1 : (value as number);
  }
  return flat(type, data, valid, constant);
}

export function isValid(vec: Vec, i: number): boolean {
  return vec.valid === undefined || vec.valid[vec.constant ? 0 : i] === 1;
}

export function valueAt(vec: Vec, position: number): Value {
  const i = vec.constant ? 0 : position;
  if (vec.valid && vec.valid[i] === 0) return null;
  switch (vec.form) {
    case 'boxed':
      return vec.values[i]!;
    case 'list': {
      const list: Value[] = [];
      for (let k = vec.offsets[i]!; k < vec.offsets[i + 1]!; k++) list.push(valueAt(vec.child, k));
      return list;
    }
    case 'flat': {
      const value = vec.data[i]!;
      if (vec.type.kind === 'bool') return value !== 0;
      return physicalOf(vec.type) === 'wide' && vec.type.kind !== 'uint4' ? BigInt(value) : value;
    }
  }
}

function gatherBytes(from: Uint8Array | undefined, index: Int32Array): Uint8Array | undefined {
  if (!from) return undefined;
  const out = new Uint8Array(index.length);
  for (let i = 0; i < index.length; i++) out[i] = from[index[i]!]!;
  return out;
}

/** The values at some positions. */
export function gather(vec: Vec, index: Int32Array): Vec {
  if (vec.constant) return vec;
  const valid = gatherBytes(vec.valid, index);
  const n = index.length;
  switch (vec.form) {
    case 'flat': {
      const data = allocate(vec.type, n);
      const from = vec.data;
      for (let i = 0; i < n; i++) data[i] = from[index[i]!]!;
      return flat(vec.type, data, valid);
    }
    case 'boxed': {
      if (vec.bytes) return ofBytes(vec.type, gatherRows(vec.bytes, index), valid);
      const values: Value[] = new Array(n);
      for (let i = 0; i < n; i++) values[i] = vec.values[index[i]!]!;
      return { form: 'boxed', type: vec.type, n, valid, constant: false, values };
    }
    case 'list': {
      const offsets = new Int32Array(n + 1);
      for (let i = 0; i < n; i++) {
        const at = index[i]!;
        offsets[i + 1] = offsets[i]! + (valid && valid[i] === 0 ? 0 : vec.offsets[at + 1]! - vec.offsets[at]!);
      }
      const elements = new Int32Array(offsets[n]!);
      for (let i = 0; i < n; i++) {
        const from = vec.offsets[index[i]!]! - offsets[i]!;
        for (let k = offsets[i]!; k < offsets[i + 1]!; k++) elements[k] = from + k;
      }
      return { form: 'list', type: vec.type, n, valid, constant: false, offsets, child: gather(vec.child, elements) };
    }
  }
}

/** Like {@link gather}; NULL where the position is negative. */
export function gatherOrNull(vec: Vec, index: Int32Array): Vec {
  let missing = 0;
  for (let i = 0; i < index.length; i++) missing |= index[i]!;
  if (missing >= 0) return gather(vec, index);
  const n = index.length;
  if (vec.n === 0) return fromValues(vec.type, new Array<Value>(n).fill(null));
  const clamped = new Int32Array(n);
  for (let i = 0; i < n; i++) clamped[i] = index[i]! & ~(index[i]! >> 31);
  const found = vec.constant ? spread(vec, n) : gather(vec, clamped);
  const valid = found.valid ?? new Uint8Array(n).fill(1);
  for (let i = 0; i < n; i++) if (index[i]! < 0) valid[i] = 0;
  if (found.form !== 'boxed') return { ...found, valid };
  if (found.bytes) return ofBytes(found.type, found.bytes, valid);
  return { ...found, valid, values: found.values.map((value, i) => (valid[i] === 0 ? null : value)) };
}

/** Without copying. */
export function slice(vec: Vec, from: number, to: number): Vec {
  if (vec.constant || (from === 0 && to === vec.n)) return vec;
  const valid = vec.valid?.subarray(from, to);
  const n = to - from;
  switch (vec.form) {
    case 'flat':
      return flat(vec.type, vec.data.subarray(from, to), valid);
    case 'boxed':
      if (vec.bytes)
        return ofBytes(vec.type, { ...vec.bytes, offsets: vec.bytes.offsets.subarray(from, to + 1) }, valid);
      return { ...vec, n, valid, values: vec.values.slice(from, to) };
    case 'list':
      return { ...vec, n, valid, offsets: vec.offsets.subarray(from, to + 1) };
  }
}

/** A constant written out `n` times; other vectors as they are. */
export function spread(vec: Vec, n: number): Vec {
  return vec.constant ? gather({ ...vec, constant: false }, new Int32Array(n)) : vec;
}

export function withType(vec: Vec, type: SqlType): Vec {
  if (vec.form === 'boxed' && vec.bytes) return ofBytes(type, vec.bytes, vec.valid);
  return { ...vec, type };
}

export const trueVec: Vec = flat(types.bool, Uint8Array.of(1), undefined, true);

export function nullVec(type: SqlType): Vec {
  return fromValues(type, [null], true);
}

/** About what the vector takes in Arrow's layout. */
export function byteLength(vec: Vec): number {
  const { n } = vec;
  const validity = vec.valid ? (n + 7) >> 3 : 0;
  switch (vec.form) {
    case 'flat':
      return validity + vec.data.byteLength;
    case 'list':
      return validity + 4 * (n + 1) + byteLength(vec.child);
    case 'boxed': {
      let bytes = validity + 4 * n;
      if (vec.bytes) return bytes + vec.bytes.offsets[n]! - vec.bytes.offsets[0]!;
      for (const value of vec.values)
        if (value !== null) bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 16;
      return bytes;
    }
  }
}

/** Positions where both are valid. */
export function bothValid(a: Vec, b: Vec, n: number): Uint8Array | undefined {
  const x = validBytes(a, n);
  const y = validBytes(b, n);
  if (!x || !y) return x ?? y;
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) out[i] = x[i]! & y[i]!;
  return out;
}

/** Validity over `n` positions, constants written out. */
export function validBytes(vec: Vec, n: number): Uint8Array | undefined {
  if (!vec.constant || !vec.valid) return vec.valid;
  return new Uint8Array(n).fill(vec.valid[0]!);
}

/** Vectors of one type one after the other. */
export function concat(parts: readonly Vec[], type: SqlType): Vec {
  if (parts.length === 1) return parts[0]!;
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const hasNulls = parts.some((part) => part.valid);
  const valid = hasNulls ? new Uint8Array(n).fill(1) : undefined;
  let at = 0;
  for (const part of parts) {
    if (part.valid) valid!.set(part.valid, at);
    at += part.n;
  }
  if (parts.every((part) => part.form === 'flat')) {
    const data = allocate(type, n);
    at = 0;
    for (const part of parts) {
      data.set(part.data, at);
      at += part.n;
    }
    return flat(type, data, valid);
  }
  if (type.kind === 'list' && parts.every((part) => part.form === 'list')) {
    const offsets = new Int32Array(n + 1);
    at = 0;
    let base = 0;
    const children: Vec[] = [];
    for (const part of parts) {
      const start = part.offsets[0] ?? 0;
      for (let i = 1; i <= part.n; i++) offsets[at + i] = part.offsets[i]! - start + base;
      at += part.n;
      base = offsets[at]!;
      children.push(slice(part.child, start, part.offsets[part.n] ?? start));
    }
    return { form: 'list', type, n, valid, constant: false, offsets, child: concat(children, type.element) };
  }
  const rows = parts.map((part) => (part.form === 'boxed' ? part.bytes : undefined));
  if (rows.every((part) => part !== undefined)) return ofBytes(type, concatRows(rows, n), valid);
  const values: Value[] = [];
  for (const part of parts) for (let i = 0; i < part.n; i++) values.push(valueAt(part, i));
  return fromValues(type, values);
}
