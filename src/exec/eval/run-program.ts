// The one interpreter: runs a section's instructions over vectors, frame by frame.
import {
  castFlags,
  compareValues,
  constantFrame,
  type Opcode,
  opcodes,
  type Register,
  type Span,
  type SqlType,
  types,
  type Value,
  type WhereMode,
  whereModes,
} from '../../core/index.js';
import { arithmeticVecs, bitwiseVecs, signVec } from './arithmetic.js';
import { castVec } from './cast.js';
import { compareVecs, distinctVecs } from './compare.js';
import { compose, enterFrame, type Frame, ordinals, rowsFrame, whereFrame } from './frame.js';
import { isNullVec, logicalVecs, notVec } from './logic.js';
import { floatTestVec, mathVec } from './math.js';
import type { LocalInstruction } from './program.js';
import { type Lists, reduceVec } from './reduce.js';
import { likeVec, textVec } from './text.js';
import {
  boxed,
  concat,
  flat,
  fromValues,
  gather,
  gatherOrNull,
  nullVec,
  spread,
  trueVec,
  type Vec,
  valueAt,
} from './vec.js';

/** What a section runs over. */
export interface RunInput {
  readonly rows: number;
  /** The column's values at the rows of frame 0. */
  column(index: number, type: SqlType): Vec;
  /** `event_id` of the rows of frame 0. */
  entries?(type: SqlType): Vec;
  readonly file?: string;
  readonly fileOrdinal?: number;
  /** Called before each instruction; throws where the budget is spent. */
  check?(): void;
}

/** One section, run over one chunk of rows. */
export class ProgramRun {
  private readonly registers: (Vec | undefined)[] = [];
  private readonly frames: Frame[];

  constructor(
    private readonly instructions: readonly LocalInstruction[],
    private readonly input: RunInput,
  ) {
    this.frames = [rowsFrame(input.rows)];
  }

  /** Runs every instruction in `needed` (all where absent). */
  run(needed?: Uint8Array): void {
    for (const [register, instruction] of this.instructions.entries()) {
      if (needed && needed[register] === 0) continue;
      this.input.check?.();
      this.registers[register] = this.step(instruction);
    }
  }

  /** The register's vector; constants stay constant. */
  get(register: Register): Vec {
    return this.registers[register]!;
  }

  sizeOf(frame: number): number {
    return this.frames[frame]!.n;
  }

  /** The rows of frame 0 that a chain of `where` frames keeps; the same position for each where there is no index. */
  rowsOf(frame: number): { readonly n: number; readonly index: () => Int32Array | undefined } {
    return { n: this.sizeOf(frame), index: () => this.chain(frame, (at) => at === 0) };
  }

  /** Positions, in the frame where `stop` says so, of the positions of a frame below it. */
  private chain(frame: number, stop: (at: number) => boolean): Int32Array | undefined {
    let index: Int32Array | undefined;
    for (let at = frame; !stop(at); at = this.frames[at]!.parent) index = compose(this.frames[at]!.index(), index);
    return index;
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
        this.frames[frame] = this.enter(args, op === 'enter_padded', instruction.span);
        return trueVec;
      case 'where':
        this.frames[frame] = this.where(args[0]!, whereModes[immediate as number]!);
        return trueVec;
      case 'elements':
        return this.frames[frame]!.elements!.get(args[0]!)!;
      case 'ordinal':
        return flat(type, ordinals(this.frames[frame]!));
      case 'bring': {
        if (this.instructions[args[0]!]!.frame === constantFrame) return spread(arg(0), this.frames[frame]!.n);
        const index = this.frames[frame]!.index();
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
  private over({ frame, args, type }: LocalInstruction, run: (n: number) => Vec): Vec {
    if (frame === constantFrame) return { ...run(1), constant: true };
    const n = this.frames[frame]!.n;
    if (n === 0) return fromValues(type, []);
    if (args.length > 0 && args.every((a) => this.get(a).constant)) {
      return { ...run(1), constant: true };
    }
    return run(n);
  }

  private leaf({ op, type, immediate }: LocalInstruction): Vec {
    switch (op) {
      case 'constant':
        return fromValues(type, [(immediate as { value: Value }).value], true);
      case 'entry':
        return this.input.entries!(type);
      case 'file':
        return boxed(type, [this.input.file!], true);
      default:
        return fromValues(type, [this.input.fileOrdinal!], true);
    }
  }

  private enter(args: readonly Register[], padded: boolean, span: Span | undefined): Frame {
    const parent = this.instructions[args[0]!]!.frame;
    const n = this.sizeOf(parent);
    const lists = args.map((a) => {
      const vec = spread(this.get(a), n);
      if (vec.form !== 'list') throw new Error('enter takes lists');
      return vec;
    });
    return enterFrame(lists, args, padded, parent, n, span);
  }

  private where(condition: Register, mode: WhereMode): Frame {
    const parent = this.instructions[condition]!.frame;
    const n = this.sizeOf(parent);
    const vec = spread(this.get(condition), n);
    if (vec.form !== 'flat') throw new Error('a condition is flat');
    return whereFrame(vec, mode, parent, n);
  }

  /** The lists of the nearest `enter` at or above `frame`, with what the `where` frames between leave of them. */
  private listsOf(frame: number): Lists {
    let top = frame;
    while (this.frames[top]!.maker === 'where') top = this.frames[top]!.parent;
    const index = this.chain(frame, (at) => at === top);
    const { parent, offsets: all, valid } = this.frames[top]!;
    const n = this.sizeOf(parent);
    if (!index) return { n, offsets: all!, valid };
    const offsets = new Int32Array(n + 1);
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const end = all![i + 1]!;
      while (kept < index.length && index[kept]! < end) kept++;
      offsets[i + 1] = kept;
    }
    return { n, offsets, valid };
  }

  /** Each part's values at its positions; NULL where no part has any. */
  private merge(args: readonly Register[], type: SqlType, n: number): Vec {
    const parts = args.map((a) => {
      const frame = this.frames[this.instructions[a]!.frame]!;
      return { vec: spread(this.get(a), frame.n), index: frame.index() };
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
      return subscriptVec(a, b, n);
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
function subscriptVec(list: Vec, position: Vec, n: number): Vec {
  const lists = spread(list, n);
  if (lists.form !== 'list') throw new Error('subscript takes a list');
  const index = new Int32Array(n);
  const { offsets, valid } = lists;
  const constant = position.constant ? Number(valueAt(position, 0) ?? 0) : undefined;
  for (let i = 0; i < n; i++) {
    const at = constant ?? Number(valueAt(position, i) ?? 0);
    const start = offsets[i]!;
    const inside = at >= 1 && at <= offsets[i + 1]! - start && (!valid || valid[i] === 1);
    index[i] = inside ? start + at - 1 : -1;
  }
  return gatherOrNull(lists.child, index);
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
