// Reductions of list elements to one value per list. `offsets` are positions in the elements' frame.
import { compareValues, exactSum, fail, int8, type Opcode, type SqlType, types, type Value } from '../../core/index.js';
import { allocate, boxed, type FlatArray, flat, fromValues, spread, type Vec, valueAt } from './vec.js';

export interface Lists {
  /** Lists, NULL ones included. */
  readonly n: number;
  readonly offsets: Int32Array;
  readonly valid: Uint8Array | undefined;
}

/** NULL lists give NULL; NULL elements are passed over, but by `list_any` and `list_all`. */
export function reduceVec(op: Opcode, elements: Vec, lists: Lists, type: SqlType): Vec {
  const { n, offsets, valid } = lists;
  const total = offsets[n]!;
  const values = spread(elements, total);
  switch (op) {
    case 'list_any':
    case 'list_all':
      return truthOf(op, values, lists);
    case 'list_len': {
      const out = allocate(type, n);
      for (let i = 0; i < n; i++) out[i] = offsets[i + 1]! - offsets[i]!;
      return flat(type, out, valid);
    }
    case 'list_count':
      return countOf(values, lists, type);
    case 'list_sum':
    case 'list_avg':
    case 'list_product':
      return foldNumbers(op, values, lists, type);
    case 'list_min':
    case 'list_max':
    case 'list_argmin':
    case 'list_argmax':
      return extremeOf(op, values, lists, type);
    default:
      throw new Error(`${op} is not a reduction`);
  }
}

/** Three-valued: the deciding value wins, else a NULL among the elements makes it unknown. */
function truthOf(op: 'list_any' | 'list_all', values: Vec, { n, offsets, valid }: Lists): Vec {
  if (values.form !== 'flat') throw new Error('truth values are flat');
  const seek = op === 'list_any' ? 1 : 0;
  const other = 1 - seek;
  const { data } = values;
  const out = new Uint8Array(n);
  const known = values.valid ? (valid ? Uint8Array.from(valid) : new Uint8Array(n).fill(1)) : valid;
  let at = offsets[0]!;
  for (let i = 0; i < n; i++) {
    const end = offsets[i + 1]!;
    let found = 0;
    let unknown = 0;
    if (values.valid)
      for (; at < end; at++) {
        if (values.valid[at] === 0) unknown = 1;
        else if (data[at] === seek) found = 1;
      }
    else for (; at < end; at++) found |= data[at]! ^ other;
    out[i] = seek === 1 ? found : 1 - found;
    if (unknown === 1 && found === 0) known![i] = 0;
  }
  return flat(types.bool, out, known);
}

function countOf(values: Vec, { n, offsets, valid }: Lists, type: SqlType): Vec {
  const out = allocate(type, n);
  const truth = values.form === 'flat' && values.type.kind === 'bool' ? values.data : undefined;
  for (let i = 0; i < n; i++) {
    let count = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++)
      if ((!values.valid || values.valid[k] === 1) && (!truth || truth[k] === 1)) count++;
    out[i] = count;
  }
  return flat(type, out, valid);
}

function foldNumbers(op: 'list_sum' | 'list_avg' | 'list_product', values: Vec, lists: Lists, type: SqlType): Vec {
  const { n, offsets, valid } = lists;
  const kind = values.type.kind;
  const float = kind === 'float4' || kind === 'float8';
  if (!float) return foldIntegers(op, values, lists, type);
  if (values.form !== 'flat') throw new Error('floats are flat');
  const out = allocate(type, n);
  const has = new Uint8Array(n);
  const width = type.kind === 'float4' ? 4 : 8;
  for (let i = 0; i < n; i++) {
    if (valid && valid[i] === 0) continue;
    let { data } = values;
    let from = offsets[i]!;
    let to = offsets[i + 1]!;
    if (values.valid?.subarray(from, to).includes(0)) {
      data = data.subarray(from, to).filter((_, k) => values.valid![from + k] === 1);
      from = 0;
      to = data.length;
    }
    if (from === to) continue;
    has[i] = 1;
    if (op === 'list_product') out[i] = product(data, from, to);
    else if (op === 'list_sum') out[i] = exactSum(data, width, from, to);
    else out[i] = exactSum(data, 8, from, to) / (to - from);
  }
  return flat(type, out, has.includes(0) ? has : undefined);
}

function product(data: FlatArray, from: number, to: number): number {
  let result = 1;
  let finite = true;
  for (let k = from; k < to; k++) {
    result *= data[k]!;
    finite &&= Number.isFinite(data[k]!);
  }
  if (finite && Math.abs(result) === Infinity) throw fail('numeric_value_out_of_range', 'value out of range: overflow');
  return result;
}

function foldIntegers(op: 'list_sum' | 'list_avg' | 'list_product', values: Vec, lists: Lists, type: SqlType): Vec {
  const out: Value[] = [];
  for (let i = 0; i < lists.n; i++) {
    let sum = 0n;
    let product = 1;
    let count = 0;
    for (let k = lists.offsets[i]!; k < lists.offsets[i + 1]!; k++) {
      const value = valueAt(values, k);
      if (value === null) continue;
      if (op === 'list_product') product *= Number(value);
      else sum += BigInt(value as bigint);
      count++;
    }
    if (count === 0 || lists.valid?.[i] === 0) out.push(null);
    else if (op === 'list_product') out.push(product);
    else if (op === 'list_avg') out.push(Number(sum) / count);
    else out.push(type.kind === 'int8' ? int8(sum) : Number(sum));
  }
  return fromValues(type, out);
}

/** The first smallest or largest element, or its 1-based position; NaN is largest. */
function extremeOf(
  op: 'list_min' | 'list_max' | 'list_argmin' | 'list_argmax',
  values: Vec,
  { n, offsets, valid }: Lists,
  type: SqlType,
): Vec {
  const most = op === 'list_max' || op === 'list_argmax';
  const best = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    let at = -1;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      if (values.valid && values.valid[k] === 0) continue;
      if (at < 0) at = k;
      else if (values.form === 'flat') {
        const x = values.data[k]!;
        const y = values.data[at]!;
        const above = x > y || (!(x <= Infinity) && y <= Infinity);
        const below = x < y || (!(y <= Infinity) && x <= Infinity);
        if (most ? above : below) at = k;
      } else {
        const order = compareValues(valueAt(values, k), valueAt(values, at), values.type);
        if (most ? order > 0 : order < 0) at = k;
      }
    }
    best[i] = at;
  }
  const has = new Uint8Array(n);
  for (let i = 0; i < n; i++) has[i] = best[i]! >= 0 && (!valid || valid[i] === 1) ? 1 : 0;
  const mask = has.includes(0) ? has : undefined;
  const position = op === 'list_argmin' || op === 'list_argmax';
  if (!position && values.form !== 'flat')
    return boxed(
      type,
      Array.from(best, (at, i) => (has[i] === 1 ? valueAt(values, at) : null)),
    );
  const out = allocate(type, n);
  for (let i = 0; i < n; i++) {
    if (has[i] === 0) continue;
    if (position) out[i] = best[i]! - offsets[i]! + 1;
    else if (values.form === 'flat') out[i] = values.data[best[i]!]!;
  }
  return flat(type, out, mask);
}
