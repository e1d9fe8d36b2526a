// What the manifest knows of one column of one partition: counts, conservative bounds, an estimate of distinct values.
import { isUtf8 } from 'node:buffer';
import { DataType } from 'apache-arrow';
import type { FlatArray } from './flat-array.js';
import { quantilePositions, samplePlace, sampleSize } from './quantiles.js';

export interface ColumnStatistics {
  /** NULL rows. */
  readonly nulls: number;
  /** Of the values, or of a list's innermost elements, as doubles rounded outward; NaN where there are none or the type has no numeric order. */
  readonly min: number;
  readonly max: number;
  /** Whether a NaN occurs. */
  readonly nan: boolean;
  /** Shortest and longest list; 0 on other columns. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Innermost elements of lists, else rows. */
  readonly elements: number;
  /** Estimate of distinct innermost values. */
  readonly distinct: number;
  /** Between `min` and `max`; see {@link quantilePositions}. */
  readonly quantiles: Uint16Array;
  /** Of the lengths of lists that are not NULL. */
  readonly lengthQuantiles: Uint16Array;
  /** Byte-wise bounds of text, truncated outward to {@link longestBound} characters; absent where unknown. */
  readonly minText?: string;
  readonly maxText?: string;
  /** Text that is not UTF-8: the column must be read as bytes. */
  readonly binary: boolean;
}

const longestBound = 16;

export function columnStatistics(column: FlatArray): ColumnStatistics {
  let minLength = 0;
  let maxLength = 0;
  if (DataType.isList(column.type) && column.nullCount < column.length) {
    minLength = Number.POSITIVE_INFINITY;
    const offsets = column.offsets!;
    for (let i = 0; i < column.length; i++) {
      const length = offsets[i + 1]! - offsets[i]!;
      if (length > maxLength) maxLength = length;
      if (length < minLength && (column.nullCount === 0 || isSet(column.validity, i))) minLength = length;
    }
  }
  let leaf = column;
  while (DataType.isList(leaf.type)) leaf = leaf.children[0]!;
  const { type } = leaf;
  const text = DataType.isUtf8(type);
  const bounds = text || DataType.isBinary(type) ? noBounds : numericBounds(leaf);
  const binary = text && !isUtf8(leaf.values!);
  return {
    nulls: column.nullCount,
    ...bounds,
    minLength,
    maxLength,
    elements: leaf.length,
    distinct: estimateDistinct(leaf),
    quantiles: quantilePositions(leaf.length, bounds.min, bounds.max, () => valueReader(leaf)),
    lengthQuantiles: quantilePositions(column.length, minLength, maxLength, () => lengthReader(column)),
    ...(text && !binary && textBounds(leaf)),
    binary,
  };
}

/** For columns with bounds. */
function valueReader(leaf: FlatArray): (i: number) => number | undefined {
  const { type, nullCount, validity } = leaf;
  const width = leaf.values!.length / Math.max(1, leaf.length);
  const read = DataType.isBool(type) ? bitReader(leaf) : width === 8 ? wideReader(leaf) : numberReader(leaf, width);
  return nullCount === 0 ? read : (i) => (isSet(validity, i) ? read(i) : undefined);
}

function bitReader({ values }: FlatArray): (i: number) => number {
  const bits = values!;
  return (i) => (bits[i >> 3]! >> (i & 7)) & 1;
}

function numberReader(leaf: FlatArray, width: number): (i: number) => number {
  const values = numbersOf(leaf, width);
  return (i) => values[i]!;
}

/** Of 64 bits: BigInt is slow. */
function wideReader(leaf: FlatArray): (i: number) => number {
  if (DataType.isFloat(leaf.type)) return numberReader(leaf, 8);
  const words = view(leaf, Int32Array);
  const unsigned = DataType.isInt(leaf.type) && !leaf.type.isSigned;
  return (i) => (unsigned ? words[2 * i + 1]! >>> 0 : words[2 * i + 1]!) * 2 ** 32 + (words[2 * i]! >>> 0);
}

function lengthReader({ offsets, nullCount, validity }: FlatArray): (i: number) => number | undefined {
  const starts = offsets!;
  const read = (i: number): number => starts[i + 1]! - starts[i]!;
  return nullCount === 0 ? read : (i) => (isSet(validity, i) ? read(i) : undefined);
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly nan: boolean;
}
const noBounds: Bounds = { min: Number.NaN, max: Number.NaN, nan: false };

function numericBounds(leaf: FlatArray): Bounds {
  const { type, length } = leaf;
  if (leaf.nullCount >= length || DataType.isStruct(type) || DataType.isDecimal(type) || DataType.isInterval(type))
    return noBounds;
  if (DataType.isBool(type)) return boolBounds(leaf);
  const bytes = leaf.values!;
  const width = bytes.length / length;
  const wide = DataType.isInt(type) ? type.bitWidth === 64 : !DataType.isFloat(type) && width === 8;
  if (wide) return wideBounds(leaf, DataType.isInt(type) && !type.isSigned);
  return DataType.isFloat(type) ? floatBounds(leaf, width) : intBounds(leaf, width);
}

function boolBounds(leaf: FlatArray): Bounds {
  let min = 1;
  let max = 0;
  for (let i = 0; i < leaf.length; i++) {
    if (leaf.nullCount > 0 && !isSet(leaf.validity, i)) continue;
    if (isSet(leaf.values!, i)) max = 1;
    else min = 0;
    if (min < max) break;
  }
  return { min, max, nan: false };
}

function intBounds(leaf: FlatArray, width: number): Bounds {
  const values = numbersOf(leaf, width);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const { nullCount, validity } = leaf;
  for (let i = 0; i < values.length; i++) {
    if (nullCount > 0 && !isSet(validity, i)) continue;
    const x = values[i]!;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  return { min, max, nan: false };
}

function numbersOf(leaf: FlatArray, width: number): ArrayLike<number> {
  const { type } = leaf;
  if (DataType.isFloat(type)) return width === 8 ? view(leaf, Float64Array) : view(leaf, Float32Array);
  const signed = !DataType.isInt(type) || type.isSigned;
  if (width === 4) return signed ? view(leaf, Int32Array) : view(leaf, Uint32Array);
  if (width === 2) return signed ? view(leaf, Int16Array) : view(leaf, Uint16Array);
  return signed ? view(leaf, Int8Array) : view(leaf, Uint8Array);
}

function floatBounds(leaf: FlatArray, width: number): Bounds {
  const values = width === 8 ? view(leaf, Float64Array) : view(leaf, Float32Array);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let nans = 0;
  let seen = 0;
  const { nullCount, validity } = leaf;
  for (let i = 0; i < values.length; i++) {
    if (nullCount > 0 && !isSet(validity, i)) continue;
    const x = values[i]!;
    seen++;
    if (x < min) min = x;
    if (x > max) max = x;
    if (Number.isNaN(x)) nans++;
  }
  return nans === seen ? { ...noBounds, nan: nans > 0 } : { min, max, nan: nans > 0 };
}

/** 64-bit integers, times and timestamps, compared as (high, low) words: BigInt is ten times slower. */
function wideBounds(leaf: FlatArray, unsigned: boolean): Bounds {
  const words = view(leaf, Int32Array);
  const flip = unsigned ? 0x80000000 | 0 : 0;
  const { nullCount, validity, length } = leaf;
  let minHigh = 0x7fffffff;
  let minLow = 0xffffffff;
  let maxHigh = -0x80000000;
  let maxLow = 0;
  for (let i = 0; i < length; i++) {
    if (nullCount > 0 && !isSet(validity, i)) continue;
    const high = words[2 * i + 1]! ^ flip;
    const low = words[2 * i]! >>> 0;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      minHigh = high;
      minLow = low;
    }
    if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      maxHigh = high;
      maxLow = low;
    }
  }
  const whole = (high: number, low: number) => {
    const bits = (BigInt(high ^ flip) << 32n) | BigInt(low);
    return unsigned ? BigInt.asUintN(64, bits) : BigInt.asIntN(64, bits);
  };
  return { min: roundedDown(whole(minHigh, minLow)), max: roundedUp(whole(maxHigh, maxLow)), nan: false };
}

/** The greatest double that is not above. */
export function roundedDown(value: bigint): number {
  const near = Number(value);
  return BigInt(near) > value ? neighbour(near, -1) : near;
}

/** The least double that is not below. */
export function roundedUp(value: bigint): number {
  const near = Number(value);
  return BigInt(near) < value ? neighbour(near, 1) : near;
}

/** The next double in a direction, for |x| ≥ 2^53. */
function neighbour(x: number, direction: 1 | -1): number {
  const bits = new BigInt64Array(new Float64Array([x]).buffer);
  bits[0]! += x > 0 === direction > 0 ? 1n : -1n;
  return new Float64Array(bits.buffer)[0]!;
}

function textBounds(leaf: FlatArray): { minText?: string; maxText?: string } {
  const offsets = leaf.offsets!;
  const bytes = leaf.values!;
  let min = -1;
  let max = -1;
  const before = (a: number, b: number) => {
    const shared = Math.min(offsets[a + 1]! - offsets[a]!, offsets[b + 1]! - offsets[b]!);
    for (let k = 0; k < shared; k++) {
      const difference = bytes[offsets[a]! + k]! - bytes[offsets[b]! + k]!;
      if (difference !== 0) return difference < 0;
    }
    return offsets[a + 1]! - offsets[a]! < offsets[b + 1]! - offsets[b]!;
  };
  for (let i = 0; i < leaf.length; i++) {
    if (leaf.nullCount > 0 && !isSet(leaf.validity, i)) continue;
    if (min < 0 || before(i, min)) min = i;
    if (max < 0 || before(max, i)) max = i;
  }
  if (min < 0) return {};
  const decoder = new TextDecoder();
  const text = (i: number) => decoder.decode(bytes.subarray(offsets[i]!, offsets[i + 1]!));
  const maxText = truncatedUp(text(max));
  return { minText: [...text(min)].slice(0, longestBound).join(''), ...(maxText !== undefined && { maxText }) };
}

/** A text of at most {@link longestBound} characters that is not below; UTF-8 orders as its code points do. */
function truncatedUp(text: string): string | undefined {
  const characters = [...text];
  if (characters.length <= longestBound) return text;
  characters.length = longestBound;
  for (; characters.length > 0; characters.pop()) {
    const code = characters.at(-1)!.codePointAt(0)!;
    if (code >= 0x10ffff) continue;
    // Skip the surrogates, which are no characters.
    characters[characters.length - 1] = String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
    return characters.join('');
  }
  return undefined;
}

const slotShift = 20;
const slots = 2 ** (32 - slotShift);
const keys = new Int32Array(slots);
const stamps = new Int32Array(slots);
const repeated = new Uint8Array(slots);
let stamp = 0;

/**
 * GEE (Charikar, Chaudhuri, Motwani, Narasayya: "Towards estimation error guarantees for distinct values", PODS 2000) over an
 * evenly spaced sample: values seen once count sqrt(rows / sample) times, others once. Exact up to the sample's size.
 */
function estimateDistinct(leaf: FlatArray): number {
  const { length, type } = leaf;
  if (length === 0 || leaf.nullCount >= length || DataType.isStruct(type)) return 0;
  stamp++;
  const taken = Math.min(length, sampleSize);
  const hash = hasher(leaf);
  let distinct = 0;
  let once = 0;
  let valid = 0;
  for (let s = 0; s < taken; s++) {
    const i = samplePlace(s, taken, length);
    if (leaf.nullCount > 0 && !isSet(leaf.validity, i)) continue;
    valid++;
    const key = hash(i);
    // The product's high bits: floats of few digits have nothing in their low ones, and would all share a slot.
    let slot = Math.imul(key, 0x9e3779b1) >>> slotShift;
    while (stamps[slot] === stamp && keys[slot] !== key) slot = (slot + 1) % slots;
    if (stamps[slot] !== stamp) {
      stamps[slot] = stamp;
      keys[slot] = key;
      repeated[slot] = 0;
      distinct++;
      once++;
    } else if (repeated[slot] === 0) {
      repeated[slot] = 1;
      once--;
    }
  }
  if (valid === 0) return 1;
  const weight = Math.sqrt(length / taken);
  return Math.round(Math.min(length - leaf.nullCount, weight * once + (distinct - once)));
}

function hasher(leaf: FlatArray): (i: number) => number {
  const { type } = leaf;
  const bytes = leaf.values!;
  if (DataType.isBool(type)) return (i) => (isSet(bytes, i) ? 1 : 0);
  const { offsets } = leaf;
  if (offsets)
    return (i) => {
      // FNV-1a.
      let h = 0x811c9dc5;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) h = Math.imul(h ^ bytes[k]!, 0x01000193);
      return h;
    };
  const width = bytes.length / leaf.length;
  if (width === 4) {
    const words = view(leaf, Int32Array);
    return (i) => words[i]!;
  }
  if (width === 2) {
    const words = view(leaf, Int16Array);
    return (i) => words[i]!;
  }
  if (width === 1) return (i) => bytes[i]!;
  const words = view(leaf, Int32Array);
  const perValue = width / 4;
  return (i) => {
    let h = words[i * perValue]!;
    for (let k = 1; k < perValue; k++) h = Math.imul(h, 0x85ebca6b) ^ words[i * perValue + k]!;
    return h;
  };
}

function isSet(bits: Uint8Array, i: number): boolean {
  return ((bits[i >> 3]! >> (i & 7)) & 1) === 1;
}

interface TypedArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

function view<T>(leaf: FlatArray, Type: TypedArrayConstructor<T>): T {
  let bytes = leaf.values!;
  if (bytes.byteOffset % Type.BYTES_PER_ELEMENT !== 0) bytes = bytes.slice();
  return new Type(bytes.buffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT);
}
