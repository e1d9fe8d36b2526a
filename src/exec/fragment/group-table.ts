// Group keys to group numbers, in order of first appearance.
import { equalityKey, type SqlType, type Value } from '../../core/index.js';
import { fromValues, type Vec, valueAt } from '../eval/vec.js';

export class GroupTable {
  private readonly numbers = new Map<unknown, number>();
  private readonly keys: Value[][];

  constructor(private readonly types: readonly SqlType[]) {
    this.keys = types.map(() => []);
  }

  /** Without keys there is one group, rows or not. */
  get size(): number {
    return this.types.length === 0 ? 1 : this.numbers.size;
  }

  /** The group of each of `n` positions. NaN is one group, so are -0 and 0, so are NULLs. */
  assign(vecs: readonly Vec[], n: number): Int32Array {
    const out = new Int32Array(n);
    if (vecs.length === 0) return out;
    const row: Value[] = new Array(vecs.length);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < vecs.length; k++) row[k] = valueAt(vecs[k]!, i);
      const key =
        vecs.length === 1
          ? simpleKey(row[0]!, this.types[0]!)
          : row.map((value, k) => equalityKey(value, this.types[k]!)).join();
      let group = this.numbers.get(key);
      if (group === undefined) {
        group = this.numbers.size;
        this.numbers.set(key, group);
        for (let k = 0; k < row.length; k++) this.keys[k]!.push(row[k]!);
      }
      out[i] = group;
    }
    return out;
  }

  keyVecs(): Vec[] {
    return this.keys.map((values, k) => fromValues(this.types[k]!, values));
  }
}

function simpleKey(value: Value, type: SqlType): unknown {
  return typeof value === 'object' && value !== null ? equalityKey(value, type) : value;
}
