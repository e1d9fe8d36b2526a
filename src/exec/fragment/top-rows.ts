// The first N of some rows in the order of sort keys.
import { compareValues, type FragmentSortKey } from '../../core/index.js';
import { isValid, type Vec, valueAt } from '../eval/vec.js';

type Direction = Pick<FragmentSortKey, 'descending' | 'nullsFirst'>;

/** Negative where row `a` comes before row `b`; ties go by position. */
export function rowOrder(keys: readonly Vec[], directions: readonly Direction[]): (a: number, b: number) => number {
  const order = keyOrder(keys, directions);
  return (a, b) => order(a, b) || a - b;
}

/** As {@link rowOrder}; 0 for ties. */
export function keyOrder(keys: readonly Vec[], directions: readonly Direction[]): (a: number, b: number) => number {
  return (a, b) => {
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k]!;
      const { descending, nullsFirst } = directions[k]!;
      const validA = isValid(key, a);
      const validB = isValid(key, b);
      if (!validA || !validB) {
        if (validA === validB) continue;
        return validA === nullsFirst ? 1 : -1;
      }
      const order = orderOf(key, a, b);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
}

function orderOf(key: Vec, a: number, b: number): number {
  if (key.form !== 'flat') return compareValues(valueAt(key, a), valueAt(key, b), key.type);
  const x = key.data[key.constant ? 0 : a]!;
  const y = key.data[key.constant ? 0 : b]!;
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return 0;
  return Number.isNaN(x) ? (Number.isNaN(y) ? 0 : 1) : -1;
}

/** Positions of the first `limit` of `n` rows, in order: a heap of the best so far, its worst on top. */
export function topRows(keys: readonly Vec[], directions: readonly Direction[], n: number, limit: number): Int32Array {
  const order = rowOrder(keys, directions);
  if (limit === 0) return new Int32Array(0);
  if (limit >= n) return Int32Array.from({ length: n }, (_, i) => i).sort(order);
  const heap: number[] = [];
  const sink = (start: number): void => {
    for (let at = start; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && order(heap[child]!, heap[worst]!) > 0) worst = child;
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
      at = worst;
    }
  };
  // The worst first key so far: what is plainly worse needs no comparison of rows. NaN, and NULL, are never plainly worse.
  const [first] = keys;
  const data = first?.form === 'flat' && !first.constant ? first.data : undefined;
  const descending = directions[0]?.descending === true;
  const thresholdOf = (row: number): number => (data && isValid(first!, row) ? data[row]! : NaN);
  let threshold = NaN;
  for (let i = 0; i < n; i++) {
    if (data && (descending ? data[i]! < threshold : data[i]! > threshold) && isValid(first!, i)) continue;
    if (heap.length < limit) {
      heap.push(i);
      if (heap.length === limit) {
        for (let at = (limit >> 1) - 1; at >= 0; at--) sink(at);
        threshold = thresholdOf(heap[0]!);
      }
    } else if (order(i, heap[0]!) < 0) {
      heap[0] = i;
      sink(0);
      threshold = thresholdOf(heap[0]!);
    }
  }
  return Int32Array.from(heap).sort(order);
}
