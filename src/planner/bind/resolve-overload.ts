// Which variant of a function or operator a call means: PostgreSQL's rules (its manual, chapter 10).
import {
  arrayLike,
  baseOf,
  castKind,
  commonNumericType,
  currentStyle,
  fail,
  holdsPart,
  isDefaultStyle,
  isOid,
  namingOverload,
  numericTypeOf,
  type Overload,
  objectTypeOf,
  type Polymorphic,
  type Span,
  type SqlType,
  sameType,
  styledOverload,
  type TypePattern,
  types,
} from '../../core/index.js';

export interface Resolved {
  readonly overload: Overload;
  /** What each argument is cast to. */
  readonly argTypes: readonly SqlType[];
}

const category: Partial<Record<SqlType['kind'], string>> = {
  int2: 'N',
  int4: 'N',
  int8: 'N',
  float4: 'N',
  float8: 'N',
  numeric: 'N',
  bool: 'B',
  text: 'S',
  varchar: 'S',
  char: 'S',
  date: 'D',
  time: 'D',
  timetz: 'D',
  timestamp: 'D',
  timestamptz: 'D',
  interval: 'T',
  bit: 'V',
  varbit: 'V',
  list: 'A',
};
const preferred = new Set<SqlType['kind']>(['float8', 'text', 'bool', 'timestamptz', 'interval', 'varbit']);

/** The pattern of argument `i`; a variadic one repeats. */
function patternAt(overload: Overload, i: number): TypePattern | undefined {
  if (i < overload.args.length) return overload.args[i];
  return overload.variadic ? overload.args.at(-1) : undefined;
}

function accepts(overload: Overload, count: number): boolean {
  return overload.variadic ? count >= overload.args.length : count === overload.args.length;
}

const isRecord = (pattern: TypePattern): boolean =>
  typeof pattern === 'object' && pattern.kind === 'struct' && pattern.fields.length === 0;
const isPolymorphic = (pattern: TypePattern): pattern is Polymorphic => typeof pattern === 'string';

const exact = new Set<SqlType['kind']>(['int2', 'int4', 'int8', 'numeric']);
/** Exact numbers of which one at least is a numeric: each keeps its own scale. */
const areNumerics = (a: SqlType, b: SqlType): boolean =>
  exact.has(a.kind) && exact.has(b.kind) && (a.kind === 'numeric' || b.kind === 'numeric');

/** The types to which all arguments of a candidate go, or undefined where they do not fit. */
function fitTypes(overload: Overload, found: readonly SqlType[]): SqlType[] | undefined {
  let element: SqlType | undefined;
  let compatible: SqlType | undefined;
  for (const [i, type] of found.entries()) {
    const pattern = patternAt(overload, i);
    if (pattern === undefined || !isPolymorphic(pattern) || type.kind === 'unknown' || pattern === 'any') continue;
    const isArray = pattern === 'anyarray' || pattern === 'anycompatiblearray';
    if (isArray && type.kind !== 'list') return undefined;
    if (pattern === 'anynonarray' && type.kind === 'list') return undefined;
    const part = isArray ? baseOf(type) : type;
    if (pattern.startsWith('anycompatible')) {
      if (compatible !== undefined && areNumerics(compatible, part)) compatible = commonNumericType([compatible, part]);
      else if (compatible === undefined || sameType(compatible, part) || castKind(compatible, part) === 'implicit')
        compatible = part;
      else if (castKind(part, compatible) !== 'implicit') return undefined;
    } else if (element === undefined) element = part;
    else if (element.kind === 'numeric' && part.kind === 'numeric')
      element = sameType(element, part) ? part : types.numeric;
    else if (!sameType(element, part)) return undefined;
  }
  const result: SqlType[] = [];
  for (const [i, type] of found.entries()) {
    const pattern = patternAt(overload, i)!;
    if (isPolymorphic(pattern)) {
      const base = pattern.startsWith('anycompatible') ? compatible : element;
      // An object is seen by its name.
      if (pattern === 'any') result.push(type.kind === 'unknown' || objectTypeOf(type) ? types.text : type);
      else if (pattern === 'anyarray' || pattern === 'anycompatiblearray')
        result.push(arrayLike(type, base ?? types.text));
      else result.push(base ?? types.text);
    } else if (type.kind === 'unknown' || sameType(type, pattern)) result.push(type.kind === 'int8' ? type : pattern);
    else if (type.kind === pattern.kind && type.kind !== 'list' && type.kind !== 'struct') result.push(type);
    // A pattern without fields is any record; several are of the same fields.
    else if (
      isRecord(pattern) &&
      type.kind === 'struct' &&
      found.every((f) => f.kind !== 'struct' || sameType(f, type))
    )
      result.push(type);
    // An integer becomes a numeric of its own digits, so that `1 + 1.5` has the scale of 1.5.
    else if (castKind(type, pattern) === 'implicit')
      result.push(pattern.kind === 'numeric' && pattern.precision === undefined ? numericTypeOf(type) : pattern);
    // PostgreSQL's array types are of any number of dimensions.
    else if (type.kind === 'list' && pattern.kind === 'list' && castKind(baseOf(type), pattern.element) === 'implicit')
      result.push(arrayLike(type, pattern.element));
    else return undefined;
  }
  return result;
}

/** Whether it makes JSON of what holds numbers of objects, which go by their names. */
const printsObjects = ({ overload: { returns }, argTypes }: Resolved): boolean =>
  typeof returns === 'object' &&
  (returns.kind === 'json' || returns.kind === 'jsonb') &&
  argTypes.some((type) => holdsPart(type, (part) => objectTypeOf(part) !== undefined));

/** Undefined where none fits; several equally good ones are 'ambiguous'. */
export function resolveOverload(
  overloads: readonly Overload[],
  found: readonly SqlType[],
): Resolved | 'ambiguous' | undefined {
  const resolved = bestOverload(overloads, found);
  if (!resolved || resolved === 'ambiguous') return resolved;
  const style = currentStyle();
  if (style.objects && printsObjects(resolved))
    return { ...resolved, overload: namingOverload(resolved.overload, style) };
  if (resolved.overload.volatility !== 'stable') return resolved;
  return isDefaultStyle(style) ? resolved : { ...resolved, overload: styledOverload(resolved.overload, style) };
}

function bestOverload(overloads: readonly Overload[], found: readonly SqlType[]): Resolved | 'ambiguous' | undefined {
  let candidates = overloads.flatMap((overload) => {
    const argTypes = accepts(overload, found.length) ? fitTypes(overload, found) : undefined;
    return argTypes ? [{ overload, argTypes }] : [];
  });
  if (candidates.length <= 1) return candidates[0];
  // An unknown beside one known type of a binary operator is taken for that type.
  const known = found.filter((t) => t.kind !== 'unknown');
  // … and beside the number of an object for one, not for its name.
  const beside = (type: SqlType) => (type.kind === 'unknown' ? types.oid : type);
  if (found.length === 2 && known.length === 1) {
    const both = candidates.find((c) => c.argTypes.every((t) => sameType(t, known[0]!)));
    if (both) return isOid(known[0]!) ? { ...both, argTypes: found.map(beside) } : both;
  }
  const keepBest = (score: (candidate: Resolved) => number) => {
    const best = Math.max(...candidates.map(score));
    candidates = candidates.filter((c) => score(c) === best);
  };
  const count = (candidate: Resolved, test: (type: SqlType, i: number) => boolean) =>
    candidate.argTypes.filter(test).length;
  keepBest((c) => count(c, (t, i) => sameType(t, found[i]!) || t.kind === found[i]!.kind));
  if (candidates.length > 1) keepBest((c) => count(c, (t, i) => sameType(t, found[i]!) || preferred.has(t.kind)));
  if (candidates.length > 1) {
    for (const [i, type] of found.entries()) {
      if (type.kind !== 'unknown' || candidates.length === 1) continue;
      const categories = new Set(candidates.map((c) => category[c.argTypes[i]!.kind]));
      const chosen = categories.has('S') ? 'S' : categories.size === 1 ? [...categories][0] : undefined;
      if (chosen === undefined) continue;
      candidates = candidates.filter((c) => category[c.argTypes[i]!.kind] === chosen);
      const favourites = candidates.filter((c) => preferred.has(c.argTypes[i]!.kind));
      if (favourites.length > 0) candidates = favourites;
    }
  }
  if (candidates.length > 1) {
    // What is polymorphic yields to what is not.
    const plain = candidates.filter((c) => !c.overload.args.some(isPolymorphic));
    if (plain.length > 0) candidates = plain;
  }
  return candidates.length === 1 ? candidates[0] : 'ambiguous';
}

/** What is of any type takes that type from its arguments, and literals have none. */
export function refuseUnknown(overload: Overload, found: readonly SqlType[], span: Span | undefined): void {
  const open = found.filter((_, i) => {
    const pattern = patternAt(overload, i);
    return pattern !== undefined && isPolymorphic(pattern) && pattern !== 'any' && !pattern.startsWith('anycompatible');
  });
  if (open.length > 0 && open.every((type) => type.kind === 'unknown'))
    throw fail('datatype_mismatch', 'could not determine polymorphic type because input has type unknown', {
      span,
      hint: 'Cast it to the type that is meant.',
    });
}

/** The result type, polymorphism resolved from the arguments. */
export function resultType(
  overload: Overload,
  argTypes: readonly SqlType[],
  constants: Parameters<Extract<Overload['returns'], (...args: never[]) => unknown>>[1],
): SqlType {
  const { returns } = overload;
  if (typeof returns === 'function') return returns(argTypes, constants);
  if (!isPolymorphic(returns)) return returns;
  const wantsArray = returns === 'anyarray' || returns === 'anycompatiblearray';
  for (const [i, type] of argTypes.entries()) {
    const pattern = patternAt(overload, i)!;
    if (!isPolymorphic(pattern) || pattern === 'any') continue;
    const isArray = pattern === 'anyarray' || pattern === 'anycompatiblearray';
    if (wantsArray && isArray) return type;
    const element = isArray ? baseOf(type) : type;
    return wantsArray ? { kind: 'list', element } : element;
  }
  return wantsArray ? { kind: 'list', element: types.text } : types.text;
}
