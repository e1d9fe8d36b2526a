// Group keys to group numbers, in order of first appearance.
import { equalityKey, fail, type SqlType, type Value } from '../../core/index.js';
import { type FlatVec, flat, fromValues, gather, isFlatType, toFlat, type Vec, valueAt } from '../eval/vec.js';
import { grown } from './grown.js';

/** Pairs of numbers below it have exact codes; a table of so many groups would not fit memory anyway. */
const maxGroups = 2 ** 26;

/** NaN is one group, so are -0 and 0, so are NULLs. */
export class GroupTable {
  private readonly columns: KeyColumn[];
  /** Of two columns and more: the number of each pair of numbers, column by column. */
  private readonly pairs: FlatKeys[];
  /** Of two columns and more: each group's key in each column. */
  private readonly parts: Int32Array[];
  private groups: number;

  constructor(types: readonly SqlType[]) {
    this.columns = types.map((type) => new KeyColumn(type));
    this.pairs = types.slice(1).map(() => new FlatKeys());
    this.parts = types.map(() => new Int32Array(16));
    // Without keys there is one group, rows or not.
    this.groups = types.length === 0 ? 1 : 0;
  }

  get size(): number {
    return this.groups;
  }

  /** The group of each of `n` positions; `undefined` without keys: group 0. */
  assign(vecs: readonly Vec[], n: number): Int32Array | undefined {
    if (vecs.length === 0) return undefined;
    const numbers = vecs.map((vec, k) => this.columns[k]!.number(vec, n));
    let out = numbers[0]!;
    for (const [k, pairs] of this.pairs.entries()) out = pairs.number(pairCodes(out, numbers[k + 1]!), undefined, n);
    if (vecs.length === 1) this.groups = this.columns[0]!.size;
    else
      for (let i = 0; i < n; i++) {
        if (out[i] !== this.groups) continue;
        for (const [k, part] of this.parts.entries()) {
          this.parts[k] = grown(part, this.groups + 1);
          this.parts[k]![this.groups] = numbers[k]![i]!;
        }
        this.groups++;
      }
    if (this.groups > maxGroups) throw fail('program_limit_exceeded', `more than ${maxGroups} groups`);
    return out;
  }

  keyVecs(): Vec[] {
    const keys = this.columns.map((column) => column.keys());
    if (keys.length < 2) return keys;
    return keys.map((vec, k) => gather(vec, this.parts[k]!.subarray(0, this.groups)));
  }
}

/** Szudzik's pairing: one code for each pair, small where both numbers are. */
function pairCodes(a: Int32Array, b: Int32Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    out[i] = x < y ? y * y + x : x * x + x + y;
  }
  return out;
}

/** One key column: its values to numbers. */
class KeyColumn {
  private flat: FlatKeys | undefined;
  private boxed: BoxedKeys | undefined;

  constructor(private readonly type: SqlType) {
    if (isFlatType(type)) this.flat = new FlatKeys();
    else this.boxed = new BoxedKeys(type);
  }
  get size(): number {
    return this.flat?.size ?? this.boxed!.size;
  }
  number(vec: Vec, n: number): Int32Array {
    const same = this.flat ? toFlat(vec, n) : undefined;
    if (this.flat && same) return this.flat.number(same.data, same.valid, n);
    // 8-byte integers beyond 2^53: from here on value by value.
    if (this.flat) {
      this.boxed = new BoxedKeys(this.type);
      const keys = this.keys();
      this.boxed.number(keys, keys.n);
      this.flat = undefined;
    }
    return this.boxed!.number(vec, n);
  }
  keys(): Vec {
    return this.flat ? this.flat.keys(this.type) : fromValues(this.type, this.boxed!.values);
  }
}

const windowLow = -4096;
const windowSize = 1 << 16;
const noGroup = -1;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Numbers of doubles: integers of a window around 0 by a table, all others by hashing. */
class FlatKeys {
  size = 0;
  private values: Float64Array = new Float64Array(16);
  private window: Int32Array | undefined;
  private slots = new Int32Array(64).fill(noGroup);
  private hashed = 0;
  private nan = noGroup;
  private null = noGroup;

  number(data: FlatVec['data'], valid: Uint8Array | undefined, n: number): Int32Array {
    const out = new Int32Array(n);
    this.window ??= new Int32Array(windowSize).fill(noGroup);
    const { window } = this;
    for (let i = 0; i < n; i++) {
      if (valid && valid[i] === 0) {
        if (this.null === noGroup) this.null = this.add(0);
        out[i] = this.null;
        continue;
      }
      const x = data[i]!;
      const at = (x | 0) - windowLow;
      if ((x | 0) === x && at >= 0 && at < windowSize) {
        let group = window[at]!;
        if (group === noGroup) {
          group = this.add(x);
          window[at] = group;
        }
        out[i] = group;
      } else out[i] = this.search(x);
    }
    return out;
  }

  private add(x: number): number {
    this.values = grown(this.values, this.size + 1);
    this.values[this.size] = x;
    return this.size++;
  }

  private search(x: number): number {
    if (Number.isNaN(x)) {
      if (this.nan === noGroup) this.nan = this.add(x);
      return this.nan;
    }
    let mask = this.slots.length - 1;
    let at = hash(x) & mask;
    for (let group = this.slots[at]!; group !== noGroup; group = this.slots[at]!) {
      if (this.values[group] === x) return group;
      at = (at + 1) & mask;
    }
    const group = this.add(x);
    this.slots[at] = group;
    if (++this.hashed * 2 > this.slots.length) {
      const old = this.slots;
      this.slots = new Int32Array(old.length * 4).fill(noGroup);
      mask = this.slots.length - 1;
      for (const moved of old) {
        if (moved === noGroup) continue;
        let free = hash(this.values[moved]!) & mask;
        while (this.slots[free] !== noGroup) free = (free + 1) & mask;
        this.slots[free] = moved;
      }
    }
    return group;
  }

  keys(type: SqlType): Vec {
    const valid = this.null === noGroup ? undefined : new Uint8Array(this.size).fill(1);
    if (valid) valid[this.null] = 0;
    return toFlatOf(type, this.values.subarray(0, this.size), valid);
  }
}

function toFlatOf(type: SqlType, values: Float64Array, valid: Uint8Array | undefined): Vec {
  const made = flat(type, values, valid);
  return toFlat(made, values.length)!;
}

function hash(x: number): number {
  double[0] = x;
  const h = Math.imul(words[0]! ^ Math.imul(words[1]!, 0x85ebca6b), 0x9e3779b1);
  return h ^ (h >>> 15);
}

class BoxedKeys {
  readonly values: Value[] = [];
  private readonly numbers = new Map<unknown, number>();

  constructor(private readonly type: SqlType) {}

  /** Texts of most types, and what is no object, are their own keys. */
  private get isPlain(): boolean {
    return this.type.kind !== 'char' && this.type.kind !== 'jsonb';
  }

  get size(): number {
    return this.values.length;
  }
  number(vec: Vec, n: number): Int32Array {
    const out = new Int32Array(n);
    const { isPlain } = this;
    for (let i = 0; i < n; i++) {
      const value = valueAt(vec, i);
      const key = value === null || (isPlain && typeof value !== 'object') ? value : equalityKey(value, this.type);
      let group = this.numbers.get(key);
      if (group === undefined) {
        group = this.values.push(value) - 1;
        this.numbers.set(key, group);
      }
      out[i] = group;
    }
    return out;
  }
}
