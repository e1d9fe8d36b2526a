// Bound expressions → instructions over frames: the one translation behind fragments and the evaluator.
import {
  castFlags,
  comparable,
  constantFrame,
  fail,
  type Immediate,
  isOpcode,
  kernelSupports,
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
import type { ColumnId, Scalar } from '../../planner/index.js';
import type { LocalInstruction } from './program.js';

type Call = Extract<Scalar, { kind: 'call' }>;
type ListSource = Extract<Scalar, { kind: 'list_map' | 'list_filter' }>;

/** What a row's column is in the program: `builder.emit(…)` of whatever reads it. */
export type ColumnSource = (builder: ProgramBuilder) => Register;

interface More {
  readonly immediate?: Immediate;
  readonly span?: Span | undefined;
  readonly fold?: Call;
}

/** Builds one section. Equal instructions are emitted once. */
export class ProgramBuilder {
  readonly instructions: LocalInstruction[] = [];
  private readonly parents: number[] = [0];
  private readonly known = new Map<string, Register>();
  private readonly params = new Map<ColumnId, Register>();

  constructor(private readonly columns: (id: ColumnId) => ColumnSource | undefined) {}

  emit(op: LocalInstruction['op'], type: SqlType, frame: number, args: readonly Register[], more: More = {}): Register {
    const { immediate, span, fold } = more;
    const key =
      fold?.overload.volatility === 'volatile' ? undefined : keyOf(op, type, frame, args, immediate, fold?.overload.op);
    const found = key === undefined ? undefined : this.known.get(key);
    if (found !== undefined) return found;
    const makesFrame = op === 'enter' || op === 'enter_padded' || op === 'where';
    const register = this.instructions.push({
      op,
      type,
      frame: makesFrame ? this.parents.push(frame) - 1 : frame,
      args,
      ...(immediate !== undefined && { immediate }),
      ...(span && { span }),
      ...(fold && { overload: fold.overload, context: { argTypes: fold.args.map((a) => a.type), type } }),
    });
    if (key !== undefined) this.known.set(key, register - 1);
    return register - 1;
  }

  frameOf(register: Register): number {
    return this.instructions[register]!.frame;
  }

  constant(type: SqlType, value: Value): Register {
    return this.emit('constant', type, constantFrame, [], { immediate: { value } });
  }

  /** The register's value in a frame below its own. Constants go with every frame. */
  bring(register: Register, frame: number): Register {
    const from = this.frameOf(register);
    if (from === constantFrame || from === frame) return register;
    const outer = this.bring(register, this.parents[frame]!);
    return this.emit('bring', this.instructions[register]!.type, frame, [outer]);
  }

  /** Like {@link bring}, but a constant becomes a vector too. */
  private settle(register: Register, frame: number): Register {
    if (this.frameOf(register) !== constantFrame) return this.bring(register, frame);
    return this.emit('bring', this.instructions[register]!.type, frame, [register]);
  }

  where(condition: Register, mode: WhereMode, parent: number): number {
    const at = this.emit('where', types.bool, parent, [this.settle(condition, parent)], {
      immediate: whereModes.indexOf(mode),
    });
    return this.frameOf(at);
  }

  /** The register that holds `scalar` over `frame`, or over the constant frame. */
  compile(scalar: Scalar, frame: number): Register {
    const { type } = scalar;
    const arg = (child: Scalar): Register => this.compile(child, frame);
    const call = (op: LocalInstruction['op'], args: readonly Register[], more: More = {}): Register =>
      this.emitOver(scalar, frame, op, args, more);
    switch (scalar.kind) {
      case 'literal':
        return this.constant(type, scalar.value);
      case 'column': {
        const param = this.params.get(scalar.column.id);
        if (param !== undefined) return this.bring(param, frame);
        const source = this.columns(scalar.column.id);
        if (!source) throw new Error(`column ${scalar.column.name}:${scalar.column.id} is not in the input`);
        return this.bring(source(this), frame);
      }
      case 'call':
        return this.compileChain(scalar, frame);
      case 'cast': {
        const flags = (scalar.explicit ? castFlags.explicit : 0) | (scalar.attempt ? castFlags.attempt : 0);
        return call('cast', [arg(scalar.arg)], { immediate: flags });
      }
      case 'and':
      case 'or':
        return this.compileLogical(scalar.kind, scalar.args, frame);
      case 'not':
        return call('not', [arg(scalar.arg)]);
      case 'is_null':
        return call('is_null', [arg(scalar.arg)]);
      case 'case':
        return this.compileCase(scalar.branches, scalar.otherwise, type, frame);
      case 'in': {
        // None of no values, NULL included.
        if (scalar.list.length === 0) return this.constant(types.bool, false);
        const value = arg(scalar.arg);
        const values = scalar.list.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
        if (values.length === scalar.list.length && comparable(scalar.arg.type, scalar.arg.type))
          return call('in', [value], { immediate: { values } });
        const tests = scalar.list.map((item) => call('eq', [value, arg(item)]));
        return tests.length === 1 ? tests[0]! : call('or', tests);
      }
      case 'coalesce':
        return this.compileCoalesce(scalar.args, type, frame);
      case 'list':
        return call('make_list', scalar.elements.map(arg));
      case 'struct':
        return call('make_struct', scalar.fields.map(arg));
      case 'field':
        return call('field', [arg(scalar.arg)], { immediate: scalar.index });
      case 'list_map':
      case 'list_filter':
        return this.emit('collect', type, frame, [this.enterList(scalar, frame)]);
      case 'subquery':
        throw new Error('a subquery reached the evaluator');
    }
  }

  /** One instruction over its arguments' common frame. */
  private emitOver(
    { type, span }: Scalar,
    frame: number,
    op: LocalInstruction['op'],
    args: readonly Register[],
    more: More = {},
  ): Register {
    // What may fail belongs to its frame even if it is constant: no position, no error.
    const safe = op !== 'fold' && !opcodes[op].fallible;
    const constant = args.length > 0 && args.every((a) => this.frameOf(a) === constantFrame);
    return this.emit(op, type, safe && constant ? constantFrame : frame, args, { ...more, span });
  }

  /** Along first arguments without recursion, so that chains of operators may be long. */
  private compileChain(scalar: Call, frame: number): Register {
    const calls: Call[] = [scalar];
    for (let last = scalar; !isReduction(last) && last.args[0]?.kind === 'call'; ) {
      last = last.args[0];
      calls.push(last);
    }
    let first: Register | undefined;
    for (let call = calls.pop(); call; call = calls.pop()) first = this.compileCall(call, frame, first);
    return first!;
  }

  /** @param first the first argument, where it is compiled already */
  private compileCall(scalar: Call, frame: number, first: Register | undefined): Register {
    const { overload, args, type } = scalar;
    const argument = (arg: Scalar, i: number): Register =>
      i === 0 && first !== undefined ? first : this.compile(arg, frame);
    const call = (op: LocalInstruction['op'], registers: readonly Register[], more: More = {}): Register =>
      this.emitOver(scalar, frame, op, registers, more);
    const op = kernelOpOf(scalar);
    if (op !== undefined) {
      if (isReduction(scalar)) return this.compileReduction(op, scalar, frame);
      return call(op, args.map(argument));
    }
    if (!overload.fold)
      throw fail('feature_not_supported', `function ${scalar.name} cannot be evaluated here`, { span: scalar.span });
    const compiled = args.map(argument);
    // Without arguments, or volatile, there is one call for each row.
    if (overload.volatility === 'volatile') return this.emit('fold', type, frame, compiled, { fold: scalar });
    if (compiled.length === 0) return this.emit('fold', type, constantFrame, compiled, { fold: scalar });
    return call('fold', compiled, { fold: scalar });
  }

  private compileReduction(op: Opcode, scalar: Call, frame: number): Register {
    const list = scalar.args[0]!;
    const elements =
      list.kind === 'list_map' || list.kind === 'list_filter'
        ? this.enterList(list, frame)
        : this.elementsOf(this.compile(list, frame), frame);
    return this.emit(op, scalar.type, frame, [elements], { span: scalar.span });
  }

  private enter(
    lists: readonly Register[],
    frame: number,
    span?: Span,
    op: 'enter' | 'enter_padded' = 'enter',
  ): { inner: number; lists: readonly Register[] } {
    const settled = lists.map((list) => this.settle(list, frame));
    return { inner: this.frameOf(this.emit(op, types.bool, frame, settled, { span })), lists: settled };
  }

  /** The frame of the elements of lists of the row, side by side, and each list's elements. */
  unnest(lists: readonly Scalar[]): { readonly frame: number; readonly elements: readonly Register[] } {
    const compiled = lists.map((list) => this.compile(list, 0));
    const { inner, lists: entered } = this.enter(compiled, 0, undefined, lists.length > 1 ? 'enter_padded' : 'enter');
    return { frame: inner, elements: entered.map((list) => this.element(list, inner)) };
  }

  private element(list: Register, inner: number): Register {
    const { type } = this.instructions[list]!;
    if (type.kind !== 'list') throw new Error(`elements of ${type.kind}`);
    return this.emit('elements', type.element, inner, [list]);
  }

  private elementsOf(list: Register, frame: number): Register {
    const { inner, lists } = this.enter([list], frame);
    return this.element(lists[0]!, inner);
  }

  /** The body of a map, or the kept elements of a filter, over the elements' frame. */
  private enterList(scalar: ListSource, frame: number): Register {
    const params = scalar.kind === 'list_map' ? scalar.params : [{ column: scalar.param, list: scalar.list }];
    const { inner, lists } = this.enter(
      params.map((param) => this.compile(param.list, frame)),
      frame,
      scalar.span,
    );
    const outer = params.map(({ column }) => this.params.get(column.id));
    for (const [i, { column }] of params.entries()) this.params.set(column.id, this.element(lists[i]!, inner));
    const body = this.compile(scalar.body, inner);
    const first = this.params.get(params[0]!.column.id)!;
    for (const [i, { column }] of params.entries()) {
      const before = outer[i];
      if (before === undefined) this.params.delete(column.id);
      else this.params.set(column.id, before);
    }
    if (scalar.kind === 'list_map') return this.settle(body, inner);
    return this.bring(first, this.where(body, 'true', inner));
  }

  private compileLogical(op: 'and' | 'or', args: readonly Scalar[], frame: number): Register {
    const type = types.bool;
    const join = (parts: readonly Register[]): Register => {
      if (parts.length === 1) return parts[0]!;
      const constant = parts.every((part) => this.frameOf(part) === constantFrame);
      return this.emit(op, type, constant ? constantFrame : frame, parts);
    };
    let ready: Register[] = [];
    for (const arg of args) {
      if (ready.length === 0 || isPlain(arg)) {
        ready.push(this.compile(arg, frame));
        continue;
      }
      // The rest is asked only where the answer is open.
      const soFar = join(ready);
      const open = this.where(soFar, op === 'and' ? 'not_false' : 'not_true', frame);
      const rest = this.settle(this.compile(arg, open), open);
      ready = [soFar, this.emit('merge', type, frame, [rest])];
    }
    return join(ready);
  }

  private compileCase(
    branches: Extract<Scalar, { kind: 'case' }>['branches'],
    otherwise: Scalar,
    type: SqlType,
    frame: number,
  ): Register {
    if (branches.every(({ when, then }) => isPlain(when) && isPlain(then)) && isPlain(otherwise))
      return branches.reduceRight(
        (rest, { when, then }) => {
          const args = [this.compile(when, frame), this.compile(then, frame), rest];
          const constant = args.every((arg) => this.frameOf(arg) === constantFrame);
          return this.emit('select', type, constant ? constantFrame : frame, args);
        },
        this.compile(otherwise, frame),
      );
    const [first, ...more] = branches;
    if (!first) return this.compile(otherwise, frame);
    const condition = this.compile(first.when, frame);
    const yes = this.where(condition, 'true', frame);
    const no = this.where(condition, 'not_true', frame);
    const then = this.settle(this.compile(first.then, yes), yes);
    const rest = this.settle(this.compileCase(more, otherwise, type, no), no);
    return this.emit('merge', type, frame, [then, rest]);
  }

  private compileCoalesce(args: readonly Scalar[], type: SqlType, frame: number): Register {
    const [first, ...more] = args;
    const value = this.compile(first!, frame);
    if (more.length === 0) return value;
    const join = (rest: Register): Register => {
      const constant = [value, rest].every((part) => this.frameOf(part) === constantFrame);
      return this.emit('coalesce', type, constant ? constantFrame : frame, [value, rest]);
    };
    if (more.every(isPlain)) return join(this.compileCoalesce(more, type, frame));
    const missing = this.emit('is_null', types.bool, frame, [this.settle(value, frame)]);
    const open = this.where(missing, 'true', frame);
    const rest = this.settle(this.compileCoalesce(more, type, open), open);
    return join(this.emit('merge', type, frame, [rest]));
  }
}

/** The opcode that runs a call with its types, if there is one. */
function kernelOpOf({ overload, args, type }: Call): Opcode | undefined {
  const op = overload.kernel;
  const argTypes = args.map((a) => a.type);
  return op !== undefined && isOpcode(op) && kernelSupports(op, argTypes, type) ? op : undefined;
}

function isReduction(call: Call): boolean {
  const op = kernelOpOf(call);
  return op !== undefined && opcodes[op].shape === 'reduce';
}

function keyOf(
  op: string,
  type: SqlType,
  frame: number,
  args: readonly Register[],
  immediate: Immediate | undefined,
  fold: string | undefined,
): string {
  const spelled = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
      return Object.is(value, -0) ? '-0' : `${value}`;
    return value;
  };
  return JSON.stringify([op, type, frame, args, immediate, fold], spelled);
}

/** Cannot fail and costs little: evaluated for every row, reached or not. */
export function isPlain(scalar: Scalar): boolean {
  let bottom = scalar;
  while (bottom.kind === 'call' && bottom.args.length > 0) {
    if (!isPlainCall(bottom) || !bottom.args.slice(1).every(isPlain)) return false;
    bottom = bottom.args[0]!;
  }
  return isPlainBottom(bottom);
}

/** Arguments aside. */
function isPlainCall(call: Call): boolean {
  const op = kernelOpOf(call);
  return op !== undefined && !opcodes[op].fallible && opcodes[op].shape === 'call';
}

function isPlainBottom(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return true;
    case 'call':
      return isPlainCall(scalar);
    case 'cast':
      return isWidening(scalar.arg.type, scalar.type) && isPlain(scalar.arg);
    case 'and':
    case 'or':
    case 'coalesce':
      return scalar.args.every(isPlain);
    case 'not':
    case 'is_null':
      return isPlain(scalar.arg);
    case 'in':
      return isPlain(scalar.arg) && scalar.list.every((item) => item.kind === 'literal');
    case 'case':
      return scalar.branches.every(({ when, then }) => isPlain(when) && isPlain(then)) && isPlain(scalar.otherwise);
    default:
      return false;
  }
}

const widths: Partial<Record<SqlType['kind'], number>> = {
  int1: 1,
  uint1: 1,
  int2: 2,
  uint2: 3,
  int4: 4,
  uint4: 5,
  int8: 6,
  uint8: 7,
  float4: 8,
  float8: 9,
};

function isWidening(from: SqlType, to: SqlType): boolean {
  if (from.kind === to.kind) return true;
  const a = widths[from.kind];
  const b = widths[to.kind];
  if (a === undefined || b === undefined || a >= b) return false;
  return to.kind.startsWith('uint') ? from.kind.startsWith('uint') : true;
}
