// The frames of a program as the evaluator holds them: rows, elements of lists, positions that satisfy a condition.
import { fail, type Register, type Span, type WhereMode } from '../../core/index.js';
import { type FlatVec, gatherOrNull, type ListVec, slice, type Vec } from './vec.js';

export interface Frame {
  readonly n: number;
  readonly parent: number;
  readonly maker: 'rows' | 'enter' | 'where';
  /** Of `enter`: where each parent position's elements lie, and which parent positions have a list. */
  readonly offsets?: Int32Array;
  readonly valid?: Uint8Array | undefined;
  /** Elements of the lists that were entered. */
  readonly elements?: ReadonlyMap<Register, Vec>;
  /** Parent position of each position, made when first asked for; `undefined` where they are the same. */
  index(): Int32Array | undefined;
}

export function rowsFrame(n: number): Frame {
  return { n, parent: 0, maker: 'rows', index: () => undefined };
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

export function whereFrame({ data, valid }: FlatVec, mode: WhereMode, parent: number, size: number): Frame {
  let n = 0;
  if (mode === 'true' && !valid) for (let i = 0; i < size; i++) n += data[i]!;
  else for (let i = 0; i < size; i++) n += keeps(mode, !valid || valid[i] === 1, data[i] === 1) ? 1 : 0;
  const make = (): Int32Array | undefined => {
    if (n === size) return undefined;
    // One more: without a branch, the last position that fails is written too.
    const index = new Int32Array(n + 1);
    let at = 0;
    if (mode === 'true' && !valid)
      for (let i = 0; i < size; i++) {
        index[at] = i;
        at += data[i]!;
      }
    else for (let i = 0; i < size; i++) if (keeps(mode, !valid || valid[i] === 1, data[i] === 1)) index[at++] = i;
    return index.subarray(0, n);
  };
  return { n, parent, maker: 'where', index: once(make) };
}

function keeps(mode: WhereMode, known: boolean, holds: boolean): boolean {
  switch (mode) {
    case 'true':
      return known && holds;
    case 'not_true':
      return !known || !holds;
    case 'not_false':
      return !known || holds;
    case 'null':
      return !known;
  }
}

/**
 * `padded`: the shorter of the lists at a position, and NULL ones, are filled up with NULLs. Otherwise they must be equally long, and a
 * NULL among them leaves the position without elements.
 */
export function enterFrame(
  lists: readonly ListVec[],
  registers: readonly Register[],
  padded: boolean,
  parent: number,
  size: number,
  span: Span | undefined,
): Frame {
  const offsets = new Int32Array(size + 1);
  const anyNull = lists.some((list) => list.valid);
  const valid = anyNull && !padded ? new Uint8Array(size).fill(1) : undefined;
  if (valid)
    for (const list of lists) if (list.valid) for (let i = 0; i < size; i++) valid[i] = valid[i]! & list.valid[i]!;
  const [first] = lists;
  if (lists.length === 1 && !anyNull) {
    const from = first!.offsets;
    const base = from[0]!;
    for (let i = 0; i <= size; i++) offsets[i] = from[i]! - base;
  } else if (padded)
    for (let i = 0; i < size; i++) {
      let longest = 0;
      for (const list of lists) longest = Math.max(longest, lengthAt(list, i));
      offsets[i + 1] = offsets[i]! + longest;
    }
  else
    for (let i = 0; i < size; i++) {
      if (valid && valid[i] === 0) {
        offsets[i + 1] = offsets[i]!;
        continue;
      }
      const length = first!.offsets[i + 1]! - first!.offsets[i]!;
      for (let l = 1; l < lists.length; l++) {
        const other = lists[l]!.offsets[i + 1]! - lists[l]!.offsets[i]!;
        if (other !== length)
          throw fail('array_subscript_error', `lists of different lengths: ${length} and ${other}`, { span });
      }
      offsets[i + 1] = offsets[i]! + length;
    }
  const elements = new Map(registers.map((register, l) => [register, elementsOf(lists[l]!, offsets, size)]));
  const parents = (): Int32Array => {
    const index = new Int32Array(offsets[size]!);
    for (let i = 0, k = 0; i < size; i++) for (const end = offsets[i + 1]!; k < end; k++) index[k] = i;
    return index;
  };
  return { n: offsets[size]!, parent, maker: 'enter', offsets, valid, elements, index: once(parents) };
}

const lengthAt = ({ offsets, valid }: ListVec, i: number): number =>
  valid && valid[i] === 0 ? 0 : offsets[i + 1]! - offsets[i]!;

/** The list's elements at `offsets`: a view of its child where they lie there one list after the other. */
function elementsOf(list: ListVec, offsets: Int32Array, size: number): Vec {
  const total = offsets[size]!;
  const base = list.offsets[0]!;
  let apart = 0;
  for (let i = 1; i <= size; i++) apart |= list.offsets[i]! - base - offsets[i]!;
  if (apart === 0) return slice(list.child, base, base + total);
  const index = new Int32Array(total).fill(-1);
  for (let i = 0; i < size; i++) {
    const from = list.offsets[i]!;
    const count = Math.min(lengthAt(list, i), offsets[i + 1]! - offsets[i]!);
    for (let k = 0; k < count; k++) index[offsets[i]! + k] = from + k;
  }
  return gatherOrNull(list.child, index);
}

/** 1-based position of each element in its list. */
export function ordinals({ offsets }: Frame): Float64Array {
  const n = offsets!.length - 1;
  const out = new Float64Array(offsets![n]!);
  for (let i = 0, k = 0; i < n; i++) for (let o = 1; k < offsets![i + 1]!; k++, o++) out[k] = o;
  return out;
}

/** `outer` at the positions `inner`. */
export function compose(outer: Int32Array | undefined, inner: Int32Array | undefined): Int32Array | undefined {
  if (!outer || !inner) return outer ?? inner;
  const out = new Int32Array(inner.length);
  for (let i = 0; i < inner.length; i++) out[i] = outer[inner[i]!]!;
  return out;
}
