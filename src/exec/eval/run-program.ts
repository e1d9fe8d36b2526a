// The one interpreter: runs a section's instructions over vectors, frame by frame.
import {
  castFlags,
  compareValues,
  constantFrame,
  fail,
  type Opcode,
  opcodes,
  type Register,
  type Span,
  type SqlType,
  types,
  type Value,
  whereModes,
} from '../../core/index.js';
import { arithmeticVecs, bitwiseVecs, signVec } from './arithmetic.js';
import { castVec } from './cast.js';
import { compareVecs, distinctVecs } from './compare.js';
import { isNullVec, logicalVecs, notVec } from './logic.js';
import { floatTestVec, mathVec } from './math.js';
import type { LocalInstruction } from './program.js';
import { reduceVec } from './reduce.js';
import { likeVec, textVec } from './text.js';
import { boxed, concat, flat, fromValues, gather, nullVec, slice, spread, trueVec, type Vec, valueAt } from './vec.js';

/** What a section runs over. */
export interface RunInput {
  readonly rows: number;
  /** The column's values at the rows of frame 0. */
  column(index: number, type: SqlType): Vec;
  /** `event_id` of the rows of frame 0. */
  entries?(): Vec;
  readonly file?: string;
  readonly fileOrdinal?: number;
}

interface Frame {
  readonly n: number;
  readonly parent: number;
  readonly maker: 'rows' | 'enter' | 'where';
  /** Of `enter`: where each parent position's elements lie, and which parent positions have a list. */
  readonly offsets?: Int32Array;
  readonly valid?: Uint8Array | undefined;
  /** Parent position of each position; absent where they are the same. */
  index?: Int32Array;
  /** Elements of the lists that were entered. */
  readonly elements?: ReadonlyMap<Register, Vec>;
}

/** A position in {@link RunInput}'s program that failed, to find its place in the statement. */
export class ProgramRun {
  private readonly registers: (Vec | undefined)[] = [];
  private readonly frames: Frame[];

  constructor(
    private readonly instructions: readonly LocalInstruction[],
    private readonly input: RunInput,
  ) {
    this.frames = [{ n: input.rows, parent: 0, maker: 'rows' }];
  }

  /** Runs every instruction in `needed` (all where absent). */
  run(needed?: Uint8Array): void {
    for (const [register, instruction] of this.instructions.entries()) {
      if (needed && needed[register] === 0) continue;
      this.registers[register] = this.step(instruction);
    }
  }

  /** The register's vector; constants stay constant. */
  get(register: Register): Vec {
    return this.registers[register]!;
  }

  /** The rows of frame 0 that a chain of `where` frames keeps. */
  rowsOf(frame: number): { readonly n: number; readonly index: Int32Array | undefined } {
    let index: Int32Array | undefined;
    const { n } = this.frames[frame]!;
    for (let at = frame; at !== 0; at = this.frames[at]!.parent) {
      const next = this.frames[at]!.index;
      if (next) index = index ? compose(next, index) : next;
    }
    return { n, index };
  }

  private step(instruction: LocalInstruction): Vec {
    const { op, type, frame, args, immediate } = instruction;
    const arg = (i: number): Vec => this.registers[args[i]!]!;
    if (op === 'fold')
      return this.over(instruction, (n) =>
        foldVec(
          instruction,
          args.map((a) => this.get(a)),
          n,
        ),
      );
    switch (opcodes[op].shape) {
      case 'leaf':
        return this.leaf(instruction);
      case 'column':
        return this.input.column(immediate as number, type);
      case 'enter':
        this.frames[frame] = this.enter(args, instruction.span);
        return trueVec;
      case 'where':
        this.frames[frame] = this.where(args[0]!, whereModes[immediate as number]!);
        return trueVec;
      case 'elements':
        return this.frames[frame]!.elements!.get(args[0]!)!;
      case 'bring': {
        if (this.instructions[args[0]!]!.frame === constantFrame) return spread(arg(0), this.frames[frame]!.n);
        const index = this.parentIndex(this.frames[frame]!);
        return index ? gather(arg(0), index) : arg(0);
      }
      case 'merge':
        return this.merge(args, type, this.frames[frame]!.n);
      case 'reduce':
      case 'collect': {
        const inner = this.instructions[args[0]!]!.frame;
        const lists = this.listsOf(inner);
        if (op !== 'collect') return reduceVec(op, arg(0), lists, type);
        const child = spread(arg(0), lists.offsets[lists.n]!);
        return { form: 'list', type, n: lists.n, valid: lists.valid, constant: false, offsets: lists.offsets, child };
      }
      case 'call':
        return this.over(instruction, (n) =>
          callVec(
            instruction,
            args.map((a) => this.get(a)),
            n,
          ),
        );
    }
  }

  /** Runs over the instruction's frame; over one position where all arguments are constant. */
  private over({ frame, args }: LocalInstruction, run: (n: number) => Vec): Vec {
    if (frame === constantFrame) return { ...run(1), constant: true };
    const n = this.frames[frame]!.n;
    if (args.length > 0 && n > 0 && args.every((a) => this.get(a).constant)) {
      return { ...run(1), constant: true };
    }
    return run(n);
  }

  private leaf({ op, type, immediate }: LocalInstruction): Vec {
    switch (op) {
      case 'constant':
        return fromValues(type, [(immediate as { value: Value }).value], true);
      case 'entry':
        return this.input.entries!();
      case 'file':
        return boxed(type, [this.input.file!], true);
      default:
        return fromValues(type, [this.input.fileOrdinal!], true);
    }
  }

  private enter(args: readonly Register[], span: Span | undefined): Frame {
    const parent = this.instructions[args[0]!]!.frame;
    const n = this.frames[parent]!.n;
    const lists = args.map((a) => {
      const vec = spread(this.get(a), n);
      if (vec.form !== 'list') throw new Error('enter takes lists');
      return vec;
    });
    const anyNull = lists.some((list) => list.valid);
    const [first] = lists;
    if (!anyNull && lists.length === 1) {
      const base = first!.offsets[0]!;
      const offsets = base === 0 ? first!.offsets : first!.offsets.map((offset) => offset - base);
      const elements = slice(first!.child, base, first!.offsets[n]!);
      return { n: offsets[n]!, parent, maker: 'enter', offsets, elements: new Map([[args[0]!, elements]]) };
    }
    const valid = anyNull ? new Uint8Array(n).fill(1) : undefined;
    const offsets = new Int32Array(n + 1);
    for (let i = 0; i < n; i++) {
      for (const list of lists) if (list.valid && list.valid[i] === 0) valid![i] = 0;
      let length = 0;
      if (!valid || valid[i] === 1)
        for (const [l, list] of lists.entries()) {
          const own = list.offsets[i + 1]! - list.offsets[i]!;
          if (l > 0 && own !== length)
            throw fail('array_subscript_error', `lists of different lengths: ${length} and ${own}`, { span });
          length = own;
        }
      offsets[i + 1] = offsets[i]! + length;
    }
    const total = offsets[n]!;
    const elements = new Map<Register, Vec>();
    for (const [l, list] of lists.entries()) {
      const index = new Int32Array(total);
      for (let i = 0; i < n; i++) {
        const shift = list.offsets[i]! - offsets[i]!;
        for (let k = offsets[i]!; k < offsets[i + 1]!; k++) index[k] = k + shift;
      }
      elements.set(args[l]!, gather(list.child, index));
    }
    return { n: total, parent, maker: 'enter', offsets, valid, elements };
  }

  private where(condition: Register, mode: (typeof whereModes)[number]): Frame {
    const parent = this.instructions[condition]!.frame;
    const { n } = this.frames[parent]!;
    const vec = spread(this.get(condition), n);
    if (vec.form !== 'flat') throw new Error('a condition is flat');
    const { data, valid } = vec;
    const index = new Int32Array(n);
    let count = 0;
    if (mode === 'true' && !valid)
      for (let i = 0; i < n; i++) {
        index[count] = i;
        count += data[i]!;
      }
    else
      for (let i = 0; i < n; i++) {
        const known = !valid || valid[i] === 1;
        const yes = known && data[i] === 1;
        const keeps =
          mode === 'true' ? yes : mode === 'not_true' ? !yes : mode === 'null' ? !known : !known || data[i] === 1;
        if (keeps) index[count++] = i;
      }
    if (count === n) return { n, parent, maker: 'where' };
    return { n: count, parent, maker: 'where', index: index.subarray(0, count) };
  }

  private parentIndex(frame: Frame): Int32Array | undefined {
    if (frame.index || frame.maker !== 'enter') return frame.index;
    const index = new Int32Array(frame.n);
    const offsets = frame.offsets!;
    for (let i = 0; i < offsets.length - 1; i++) index.fill(i, offsets[i]!, offsets[i + 1]!);
    frame.index = index;
    return index;
  }

  /** The lists of the nearest `enter` at or above `frame`, with what the `where` frames between leave of them. */
  private listsOf(frame: number): { n: number; offsets: Int32Array; valid: Uint8Array | undefined } {
    let index: Int32Array | undefined;
    let at = this.frames[frame]!;
    while (at.maker === 'where') {
      if (at.index) index = index ? compose(at.index, index) : at.index;
      at = this.frames[at.parent]!;
    }
    const n = this.frames[at.parent]!.n;
    const { valid } = at;
    if (!index) return { n, offsets: at.offsets!, valid };
    const offsets = new Int32Array(n + 1);
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const end = at.offsets![i + 1]!;
      while (kept < index.length && index[kept]! < end) kept++;
      offsets[i + 1] = kept;
    }
    return { n, offsets, valid };
  }

  /** Each part's values at its positions; NULL where no part has any. */
  private merge(args: readonly Register[], type: SqlType, n: number): Vec {
    const parts = args.map((a) => {
      const frame = this.frames[this.instructions[a]!.frame]!;
      return { vec: spread(this.get(a), frame.n), index: frame.index };
    });
    for (const { vec, index } of parts) if (!index && vec.n === n) return vec;
    const from = new Int32Array(n).fill(-1);
    let base = 0;
    for (const { vec, index } of parts) {
      for (let i = 0; i < vec.n; i++) from[index ? index[i]! : i] = base + i;
      base += vec.n;
    }
    const all = concat([...parts.map((part) => part.vec), { ...nullVec(type), constant: false }], type);
    for (let i = 0; i < n; i++) if (from[i]! < 0) from[i] = base;
    return gather(all, from);
  }
}

function compose(outer: Int32Array, inner: Int32Array): Int32Array {
  const out = new Int32Array(inner.length);
  for (let i = 0; i < inner.length; i++) out[i] = outer[inner[i]!]!;
  return out;
}

/** Row by row through the overload's reference meaning. */
function foldVec({ overload, context, type }: LocalInstruction, args: readonly Vec[], n: number): Vec {
  const { fold, strict } = overload!;
  const out: Value[] = new Array(n);
  const row: Value[] = new Array(args.length);
  for (let i = 0; i < n; i++) {
    let anyNull = false;
    for (let a = 0; a < args.length; a++) {
      row[a] = valueAt(args[a]!, i);
      if (row[a] === null) anyNull = true;
    }
    out[i] = strict && anyNull ? null : fold!([...row], context!);
  }
  return fromValues(type, out);
}

function callVec(instruction: LocalInstruction, args: readonly Vec[], n: number): Vec {
  const { op, type, immediate } = instruction;
  const [a, b, c] = args as [Vec, Vec, Vec];
  switch (op) {
    case 'and':
    case 'or':
      return logicalVecs(op, args, n);
    case 'not':
      return notVec(a, n);
    case 'is_null':
      return isNullVec(a, n);
    case 'select':
      return selectVec(a, b, c, type, n);
    case 'coalesce':
      return args.reduceRight((rest, value) => selectVec(notVec(isNullVec(value, n), n), value, rest, type, n));
    case 'in':
      return inVec(a, (immediate as { values: readonly Value[] }).values, n);
    case 'cast':
      return castVec(
        a,
        type,
        n,
        ((immediate as number) & castFlags.explicit) !== 0,
        ((immediate as number) & castFlags.attempt) !== 0,
      );
    case 'make_list': {
      const rows: Value[] = [];
      for (let i = 0; i < n; i++) rows.push(args.map((item) => valueAt(item, i)));
      return fromValues(type, rows);
    }
    case 'make_struct': {
      const rows: Value[] = [];
      for (let i = 0; i < n; i++) rows.push({ fields: args.map((item) => valueAt(item, i)) });
      return boxed(type, rows);
    }
    case 'field': {
      const rows: Value[] = [];
      for (let i = 0; i < n; i++) {
        const value = valueAt(a, i) as { readonly fields: readonly Value[] } | null;
        rows.push(value === null ? null : value.fields[immediate as number]!);
      }
      return fromValues(type, rows);
    }
    case 'subscript':
      return subscriptVec(a, b, type, n);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return arithmeticVecs(op, a, b, type, n);
    case 'neg':
    case 'abs':
      return signVec(op, a, type, n);
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
    case 'bit_not':
      return bitwiseVecs(op, args, type, n);
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return compareVecs(op, a, b, n);
    case 'is_distinct':
    case 'is_not_distinct':
      return distinctVecs(a, b, n, op === 'is_distinct');
    case 'least':
    case 'greatest':
      return extremeArgVec(op, args, type, n);
    case 'is_nan':
    case 'is_inf':
    case 'is_finite':
      return floatTestVec(op, a, n);
    case 'like':
    case 'ilike':
      return likeVec(op, a, b, n);
    case 'starts_with':
    case 'length':
      return textVec(op, args, type, n);
    default:
      return mathVec(op as Opcode, args, n);
  }
}

/** `b` where `a` is true, else `c`. */
function selectVec(a: Vec, b: Vec, c: Vec, type: SqlType, n: number): Vec {
  const condition = spread(a, n);
  if (condition.form !== 'flat') throw new Error('a condition is flat');
  const index = new Int32Array(n);
  const yes = spread(b, n);
  const no = spread(c, n);
  for (let i = 0; i < n; i++)
    index[i] = condition.data[i] === 1 && (!condition.valid || condition.valid[i] === 1) ? i : n + i;
  return gather(concat([yes, no], type), index);
}

/** `= ANY` of constants: NULL where nothing matches and a NULL is among them. */
function inVec(a: Vec, values: readonly Value[], n: number): Vec {
  const known = values.filter((value) => value !== null);
  const out = new Uint8Array(n);
  let valid = a.valid && !a.constant ? Uint8Array.from(a.valid) : undefined;
  if (a.constant && a.valid) valid = new Uint8Array(n).fill(a.valid[0]!);
  if (a.form === 'flat') {
    const set = new Set(known.map((value) => (typeof value === 'boolean' ? Number(value) : Number(value as number))));
    for (let i = 0; i < n; i++) if (set.has(a.data[a.constant ? 0 : i]!)) out[i] = 1;
  } else {
    const simple = known.every((value) => typeof value === 'string' || typeof value === 'bigint');
    const set = simple ? new Set<Value>(known) : undefined;
    for (let i = 0; i < n; i++) {
      const value = valueAt(a, i);
      if (value === null) continue;
      if (set ? set.has(value) : known.some((other) => compareValues(value, other, a.type) === 0)) out[i] = 1;
    }
  }
  if (known.length < values.length) {
    valid ??= new Uint8Array(n).fill(1);
    for (let i = 0; i < n; i++) if (out[i] === 0) valid[i] = 0;
  }
  return flat(types.bool, out, valid);
}

/** 1-based; outside the list NULL. */
function subscriptVec(list: Vec, position: Vec, type: SqlType, n: number): Vec {
  const lists = spread(list, n);
  if (lists.form !== 'list') throw new Error('subscript takes a list');
  const index = new Int32Array(n);
  const nothing = lists.child.n;
  for (let i = 0; i < n; i++) {
    const at = Number(valueAt(position, i) ?? 0);
    const start = lists.offsets[i]!;
    const inside = at >= 1 && at <= lists.offsets[i + 1]! - start && (!lists.valid || lists.valid[i] === 1);
    index[i] = inside ? start + at - 1 : nothing;
  }
  return gather(concat([lists.child, { ...nullVec(type), constant: false }], type), index);
}

/** NULLs are passed over. */
function extremeArgVec(op: 'least' | 'greatest', args: readonly Vec[], type: SqlType, n: number): Vec {
  const out: Value[] = [];
  for (let i = 0; i < n; i++) {
    let best: Value = null;
    for (const arg of args) {
      const value = valueAt(arg, i);
      if (value === null) continue;
      const order = best === null ? 0 : compareValues(value, best, type);
      if (best === null || (op === 'least' ? order < 0 : order > 0)) best = value;
    }
    out.push(best);
  }
  return fromValues(type, out);
}
