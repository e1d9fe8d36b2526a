// The instruction set of fragments: what each operation takes and gives. The binder's registry names these in `Overload.kernel`;
// decoding checks every instruction against this table, so that no home meets a type it does not expect.
import { isDecimal, type SqlType, sameType, type TypeKind, types } from '../sql-type.js';

/**
 * How an instruction relates frames: `call` works position by position in one frame; `reduce` and `collect` take a value of a list's
 * elements to the frame the list lives in; the others are described at {@link Instruction}.
 */
export type Shape =
  | 'leaf'
  | 'column'
  | 'enter'
  | 'elements'
  | 'ordinal'
  | 'where'
  | 'bring'
  | 'merge'
  | 'call'
  | 'reduce'
  | 'collect';

type Rule = (args: readonly SqlType[], result: SqlType) => boolean;

interface OpcodeInfo {
  readonly code: number;
  readonly shape: Shape;
  /** Over argument types; for `reduce` and `collect` the first argument is the element. */
  readonly accepts: Rule;
  /** May raise an error on some value: lazily evaluated where SQL says so. */
  readonly fallible: boolean;
}

const integers: ReadonlySet<TypeKind> = new Set(['int2', 'int4', 'int8']);
const storedIntegers: ReadonlySet<TypeKind> = new Set([...integers, 'int1', 'uint1', 'uint2', 'uint4', 'uint8']);
const floats: ReadonlySet<TypeKind> = new Set(['float4', 'float8']);
const texts: ReadonlySet<TypeKind> = new Set(['text', 'varchar']);
const instants: ReadonlySet<TypeKind> = new Set(['date', 'time', 'timestamp', 'timestamptz']);
const everything: ReadonlySet<TypeKind> = new Set([
  ...storedIntegers,
  ...floats,
  ...texts,
  ...instants,
  'bool',
  'bytea',
  'uuid',
  'char',
  'json',
  'jsonb',
]);

/** Kinds whose values fragments pass on and do not look at. */
const carried: ReadonlySet<TypeKind> = new Set(['interval', 'timetz', 'bit', 'varbit']);

/** Types whose values fragments compute with: not those that are only carried, nor numerics that travel as text. */
export function isFragmentType(type: SqlType): boolean {
  if (type.kind === 'list') return !type.rectangular && isFragmentType(type.element);
  if (type.kind === 'struct') return type.fields.every((field) => isFragmentType(field.type));
  return type.kind === 'numeric' ? isDecimal(type) : everything.has(type.kind);
}

/** Types of columns that fragments can pass on: all but arrays of several dimensions. */
export function isColumnType(type: SqlType): boolean {
  if (type.kind === 'list') return !type.rectangular && isColumnType(type.element);
  if (type.kind === 'struct') return type.fields.every((field) => isColumnType(field.type));
  return type.kind === 'numeric' || everything.has(type.kind) || carried.has(type.kind);
}

const is = (type: SqlType | undefined, kinds: ReadonlySet<TypeKind>): boolean =>
  type !== undefined && kinds.has(type.kind);
const isBool = (type: SqlType | undefined): boolean => type?.kind === 'bool';
const rank: Partial<Record<TypeKind, number>> = { int2: 0, int4: 1, int8: 2, float4: 3, float8: 4 };

/** Both integers or both floats; the result the wider of the two. */
const arithmetic =
  (kinds: ReadonlySet<TypeKind>, arity: number): Rule =>
  (args, result) =>
    args.length === arity &&
    args.every((arg) => is(arg, kinds) && (is(arg, integers) ? is(result, integers) : is(result, floats))) &&
    Math.max(...args.map((arg) => rank[arg.kind] ?? 9)) === rank[result.kind];
const numbers = new Set([...integers, ...floats]);

/** Two types whose values {@link compareValues} orders alike in every home. */
export function comparable(a: SqlType, b: SqlType): boolean {
  for (const family of [integers, floats, texts]) if (is(a, family)) return is(b, family);
  if (is(a, instants) || a.kind === 'bool' || a.kind === 'bytea' || a.kind === 'uuid') return a.kind === b.kind;
  return a.kind === 'numeric' && b.kind === 'numeric' && isFragmentType(a) && isFragmentType(b);
}
const comparison: Rule = (args, result) => args.length === 2 && comparable(args[0]!, args[1]!) && isBool(result);
const unaryFloat: Rule = (args, result) => args.length === 1 && args[0]!.kind === 'float8' && result.kind === 'float8';
const binaryFloat: Rule = (args, result) =>
  args.length === 2 && args.every((arg) => arg.kind === 'float8') && result.kind === 'float8';
const floatTest: Rule = (args, result) => args.length === 1 && is(args[0], floats) && isBool(result);
const bools =
  (arity?: number): Rule =>
  (args, result) =>
    (arity === undefined ? args.length > 0 : args.length === arity) && args.every(isBool) && isBool(result);
const allLikeResult: Rule = (args, result) => args.length > 0 && args.every((arg) => sameType(arg, result));
const ordered = (type: SqlType): boolean => comparable(type, type);
const textTest: Rule = (args, result) => args.length === 2 && args.every((arg) => is(arg, texts)) && isBool(result);

/** Lossless or range-checked conversions with one meaning everywhere; text and numeric-with-fraction casts are not among them. */
export function kernelCasts(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true;
  if (from.kind === 'list') return to.kind === 'list' && kernelCasts(from.element, to.element);
  if (is(from, texts)) return to.kind === 'text';
  if (is(from, storedIntegers)) {
    if (to.kind === 'numeric') return (to.scale ?? 0) === 0 && isFragmentType(to);
    return is(to, storedIntegers) || is(to, floats) || (to.kind === 'bool' && from.kind === 'int4');
  }
  if (is(from, floats)) return is(to, floats) || is(to, integers);
  if (from.kind === 'bool') return to.kind === 'int4';
  return from.kind === 'date' && to.kind === 'timestamp';
}

const rules = {
  // Leaves.
  constant: { shape: 'leaf', accepts: (args: readonly SqlType[]) => args.length === 0 },
  column: { shape: 'column', accepts: (args: readonly SqlType[]) => args.length === 0 },
  entry: { shape: 'leaf', accepts: (args, result) => args.length === 0 && result.kind === 'int8' },
  file: { shape: 'leaf', accepts: (args, result) => args.length === 0 && result.kind === 'text' },
  file_ordinal: { shape: 'leaf', accepts: (args, result) => args.length === 0 && result.kind === 'int4' },
  // Frames.
  enter: {
    shape: 'enter',
    accepts: (args, result) => args.length > 0 && args.every((arg) => arg.kind === 'list') && isBool(result),
    fallible: true,
  },
  elements: {
    shape: 'elements',
    accepts: (args, result) => args.length === 1 && args[0]!.kind === 'list' && sameType(args[0]!.element, result),
  },
  where: { shape: 'where', accepts: (args, result) => args.length === 1 && isBool(args[0]) && isBool(result) },
  bring: { shape: 'bring', accepts: (args, result) => args.length === 1 && sameType(args[0]!, result) },
  merge: { shape: 'merge', accepts: allLikeResult },
  collect: {
    shape: 'collect',
    accepts: (args, result) => args.length === 1 && result.kind === 'list' && sameType(args[0]!, result.element),
  },
  // Logic, choice, nested values.
  and: { accepts: bools() },
  or: { accepts: bools() },
  not: { accepts: bools(1) },
  is_null: { accepts: (args, result) => args.length === 1 && isBool(result) },
  select: {
    accepts: (args, result) =>
      args.length === 3 && isBool(args[0]) && sameType(args[1]!, result) && sameType(args[2]!, result),
  },
  coalesce: { accepts: allLikeResult },
  in: { accepts: (args, result) => args.length === 1 && ordered(args[0]!) && isBool(result) },
  cast: { accepts: (args, result) => args.length === 1 && kernelCasts(args[0]!, result), fallible: true },
  make_list: {
    accepts: (args, result) => result.kind === 'list' && args.every((arg) => sameType(arg, result.element)),
  },
  make_struct: {
    accepts: (args, result) =>
      result.kind === 'struct' &&
      args.length === result.fields.length &&
      args.every((arg, i) => sameType(arg, result.fields[i]!.type)),
  },
  field: { accepts: (args) => args.length === 1 && args[0]!.kind === 'struct' },
  subscript: {
    accepts: (args, result) =>
      args.length === 2 && args[0]!.kind === 'list' && sameType(args[0]!.element, result) && is(args[1], integers),
  },
  // Arithmetic.
  add: { accepts: arithmetic(numbers, 2), fallible: true },
  sub: { accepts: arithmetic(numbers, 2), fallible: true },
  mul: { accepts: arithmetic(numbers, 2), fallible: true },
  div: { accepts: arithmetic(numbers, 2), fallible: true },
  mod: { accepts: arithmetic(integers, 2), fallible: true },
  neg: { accepts: arithmetic(numbers, 1), fallible: true },
  abs: { accepts: arithmetic(numbers, 1), fallible: true },
  bit_and: { accepts: arithmetic(integers, 2) },
  bit_or: { accepts: arithmetic(integers, 2) },
  bit_xor: { accepts: arithmetic(integers, 2) },
  bit_not: { accepts: arithmetic(integers, 1) },
  // Comparison.
  eq: { accepts: comparison },
  ne: { accepts: comparison },
  lt: { accepts: comparison },
  le: { accepts: comparison },
  gt: { accepts: comparison },
  ge: { accepts: comparison },
  is_distinct: { accepts: comparison },
  is_not_distinct: { accepts: comparison },
  least: { accepts: (args, result) => allLikeResult(args, result) && ordered(result) },
  greatest: { accepts: (args, result) => allLikeResult(args, result) && ordered(result) },
  is_nan: { accepts: floatTest },
  is_inf: { accepts: floatTest },
  is_finite: { accepts: floatTest },
  // Mathematics, float8.
  sqrt: { accepts: unaryFloat, fallible: true },
  cbrt: { accepts: unaryFloat },
  exp: { accepts: unaryFloat, fallible: true },
  ln: { accepts: unaryFloat, fallible: true },
  log10: { accepts: unaryFloat, fallible: true },
  log2: { accepts: unaryFloat, fallible: true },
  sin: { accepts: unaryFloat, fallible: true },
  cos: { accepts: unaryFloat, fallible: true },
  tan: { accepts: unaryFloat, fallible: true },
  asin: { accepts: unaryFloat, fallible: true },
  acos: { accepts: unaryFloat, fallible: true },
  atan: { accepts: unaryFloat },
  sinh: { accepts: unaryFloat },
  cosh: { accepts: unaryFloat },
  tanh: { accepts: unaryFloat },
  asinh: { accepts: unaryFloat },
  acosh: { accepts: unaryFloat, fallible: true },
  atanh: { accepts: unaryFloat, fallible: true },
  floor: { accepts: unaryFloat },
  ceil: { accepts: unaryFloat },
  round: { accepts: unaryFloat },
  trunc: { accepts: unaryFloat },
  sign: { accepts: unaryFloat },
  degrees: { accepts: unaryFloat, fallible: true },
  radians: { accepts: unaryFloat },
  pow: { accepts: binaryFloat, fallible: true },
  atan2: { accepts: binaryFloat },
  hypot: { accepts: binaryFloat, fallible: true },
  // Text, by bytes of UTF-8.
  like: { accepts: textTest, fallible: true },
  ilike: { accepts: textTest, fallible: true },
  starts_with: { accepts: textTest },
  length: { accepts: (args, result) => args.length === 1 && is(args[0], texts) && result.kind === 'int4' },
  // Reductions of a list's elements.
  list_any: { shape: 'reduce', accepts: bools(1) },
  list_all: { shape: 'reduce', accepts: bools(1) },
  list_count: { shape: 'reduce', accepts: (args, result) => args.length === 1 && is(result, integers) },
  list_len: { shape: 'reduce', accepts: (args, result) => args.length === 1 && is(result, integers) },
  list_sum: {
    shape: 'reduce',
    accepts: (args, result) =>
      args.length === 1 &&
      ((is(args[0], integers) && is(result, integers)) || (is(args[0], floats) && is(result, floats))),
    fallible: true,
  },
  list_product: {
    shape: 'reduce',
    accepts: (args, result) => args.length === 1 && is(args[0], numbers) && result.kind === 'float8',
    fallible: true,
  },
  list_avg: {
    shape: 'reduce',
    accepts: (args, result) => args.length === 1 && is(args[0], numbers) && result.kind === 'float8',
    fallible: true,
  },
  list_min: { shape: 'reduce', accepts: (args, result) => allLikeResult(args, result) && ordered(result) },
  list_max: { shape: 'reduce', accepts: (args, result) => allLikeResult(args, result) && ordered(result) },
  list_argmin: {
    shape: 'reduce',
    accepts: (args, result) => args.length === 1 && ordered(args[0]!) && is(result, integers),
  },
  list_argmax: {
    shape: 'reduce',
    accepts: (args, result) => args.length === 1 && ordered(args[0]!) && is(result, integers),
  },
  // Rows of elements.
  enter_padded: {
    shape: 'enter',
    accepts: (args, result) => args.length > 0 && args.every((arg) => arg.kind === 'list') && isBool(result),
  },
  ordinal: { shape: 'ordinal', accepts: (args, result) => args.length === 0 && result.kind === 'int8' },
} satisfies Record<string, { shape?: Shape; accepts: Rule; fallible?: boolean }>;

export type Opcode = keyof typeof rules;

/** Position is the code in the encoding; never reorder, append only. */
export const opcodeNames = Object.keys(rules) as readonly Opcode[];

export const opcodes: Readonly<Record<Opcode, OpcodeInfo>> = Object.fromEntries(
  Object.entries<{ shape?: Shape; accepts: Rule; fallible?: boolean }>(rules).map(([name, info], code) => [
    name,
    { code, shape: info.shape ?? 'call', accepts: info.accepts, fallible: info.fallible ?? false },
  ]),
) as Record<Opcode, OpcodeInfo>;

export function isOpcode(name: string): name is Opcode {
  return Object.hasOwn(opcodes, name);
}

/** Whether fragments can run the operation `op` (an {@link Overload}'s `kernel`) on these types. List reductions take the list first. */
export function kernelSupports(op: string | undefined, argTypes: readonly SqlType[], result: SqlType): boolean {
  if (op === undefined || !isOpcode(op) || ![...argTypes, result].every(isFragmentType)) return false;
  const { shape, accepts } = opcodes[op];
  if (shape === 'call') return accepts(argTypes, result);
  if (shape !== 'reduce') return false;
  const [list, ...rest] = argTypes;
  return list?.kind === 'list' && accepts([list.element, ...rest], result);
}

/** The SQL type of `x IS NULL` and every other truth value in programs. */
export const truth: SqlType = types.bool;
