// Reading and rewriting bound expressions: one place that knows the children of each kind.
import { types } from '../../core/index.js';
import type { Column, ColumnId, LiteralScalar, Scalar } from '../bind/scalar.js';
import { freeColumns } from './walk-plan.js';

export const trueLiteral: LiteralScalar = { kind: 'literal', type: types.bool, value: true };

/** Direct subexpressions; the plan of a subquery is not among them. */
export function scalarChildren(scalar: Scalar): readonly Scalar[] {
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
      return scalar.args;
    case 'cast':
    case 'not':
    case 'is_null':
    case 'field':
      return [scalar.arg];
    case 'case':
      return [...scalar.branches.flatMap((b) => [b.when, b.then]), scalar.otherwise];
    case 'in':
      return [scalar.arg, ...scalar.list];
    case 'list':
      return scalar.elements;
    case 'struct':
      return scalar.fields;
    case 'list_map':
      return [...scalar.params.map((p) => p.list), scalar.body];
    case 'list_filter':
      return [scalar.list, scalar.body];
    case 'subquery':
      return scalar.left ?? [];
  }
}

/** The array itself where `f` changes nothing. */
export function mapShared<T>(items: readonly T[], f: (item: T) => T): readonly T[] {
  let out: T[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const mapped = f(item);
    if (mapped !== item) out ??= items.slice();
    if (out) out[i] = mapped;
  }
  return out ?? items;
}

/** `scalar` with its direct subexpressions rewritten; itself where nothing changes. */
export function mapScalarChildren(scalar: Scalar, f: (child: Scalar) => Scalar): Scalar {
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return scalar;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce': {
      const args = mapShared(scalar.args, f);
      return args === scalar.args ? scalar : { ...scalar, args };
    }
    case 'cast':
    case 'not':
    case 'is_null':
    case 'field': {
      const arg = f(scalar.arg);
      return arg === scalar.arg ? scalar : { ...scalar, arg };
    }
    case 'case': {
      const branches = mapShared(scalar.branches, (branch) => {
        const when = f(branch.when);
        const then = f(branch.then);
        return when === branch.when && then === branch.then ? branch : { when, then };
      });
      const otherwise = f(scalar.otherwise);
      return branches === scalar.branches && otherwise === scalar.otherwise
        ? scalar
        : { ...scalar, branches, otherwise };
    }
    case 'in': {
      const arg = f(scalar.arg);
      const list = mapShared(scalar.list, f);
      return arg === scalar.arg && list === scalar.list ? scalar : { ...scalar, arg, list };
    }
    case 'list': {
      const elements = mapShared(scalar.elements, f);
      return elements === scalar.elements ? scalar : { ...scalar, elements };
    }
    case 'struct': {
      const fields = mapShared(scalar.fields, f);
      return fields === scalar.fields ? scalar : { ...scalar, fields };
    }
    case 'list_map': {
      const params = mapShared(scalar.params, (param) => {
        const list = f(param.list);
        return list === param.list ? param : { ...param, list };
      });
      const body = f(scalar.body);
      return params === scalar.params && body === scalar.body ? scalar : { ...scalar, params, body };
    }
    case 'list_filter': {
      const list = f(scalar.list);
      const body = f(scalar.body);
      return list === scalar.list && body === scalar.body ? scalar : { ...scalar, list, body };
    }
    case 'subquery': {
      if (!scalar.left) return scalar;
      const left = mapShared(scalar.left, f);
      return left === scalar.left ? scalar : { ...scalar, left };
    }
  }
}

type CallScalar = Extract<Scalar, { kind: 'call' }>;

/**
 * The calls from `scalar` down along first arguments, and what is below the last: `a + b + c` is as deep as it is long, so that walkers
 * go along this spine by loops and recurse into everything else.
 */
export function spineOf(scalar: Scalar): { readonly calls: readonly CallScalar[]; readonly bottom: Scalar } {
  const calls: CallScalar[] = [];
  let bottom = scalar;
  while (bottom.kind === 'call' && bottom.args.length > 0) {
    calls.push(bottom);
    bottom = bottom.args[0]!;
  }
  return { calls, bottom };
}

/**
 * Rewrites subexpressions, then what is made of them: `f` sees every node with its children rewritten.
 * @param stop gives a node's replacement, below which nothing is looked at
 */
export function rewriteScalar(
  scalar: Scalar,
  f: (inner: Scalar) => Scalar,
  stop?: (scalar: Scalar) => Scalar | undefined,
): Scalar {
  const calls: CallScalar[] = [];
  let bottom = scalar;
  let stopped = stop?.(bottom);
  while (!stopped && bottom.kind === 'call' && bottom.args.length > 0) {
    calls.push(bottom);
    bottom = bottom.args[0]!;
    stopped = stop?.(bottom);
  }
  let result = stopped ?? f(mapScalarChildren(bottom, (child) => rewriteScalar(child, f, stop)));
  for (let call = calls.pop(); call; call = calls.pop()) {
    const [first, ...others] = call.args;
    const rest = mapShared(others, (child) => rewriteScalar(child, f, stop));
    result = f(result === first && rest === others ? call : { ...call, args: [result, ...rest] });
  }
  return result;
}

/** Every subexpression, parents first, children in order. */
export function* scalarsOf(scalar: Scalar): Generator<Scalar> {
  const waiting: Scalar[] = [scalar];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const children = scalarChildren(next);
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i]!);
  }
}

export function someScalar(scalar: Scalar, test: (s: Scalar) => boolean): boolean {
  for (const s of scalarsOf(scalar)) if (test(s)) return true;
  return false;
}

/** Levels of nodes above one another, counted up to `most`. */
export function isDeeper(scalar: Scalar, most: number): boolean {
  const waiting: [Scalar, number][] = [[scalar, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [s, depth] = next;
    if (depth > most) return true;
    for (const child of scalarChildren(s)) waiting.push([child, depth + 1]);
  }
  return false;
}

export const hasSubquery = (scalar: Scalar): boolean => someScalar(scalar, (s) => s.kind === 'subquery');

/** Evaluating it twice, or not at all, may be seen: it must stay where it is. */
export const isVolatile = (scalar: Scalar): boolean =>
  someScalar(scalar, (s) => s.kind === 'call' && s.overload.volatility === 'volatile');

/** It has one value, whenever it is asked. */
export const isImmutable = (scalar: Scalar): boolean =>
  !someScalar(scalar, (s) => s.kind === 'subquery' || (s.kind === 'call' && s.overload.volatility !== 'immutable'));

/** Columns that an expression takes from outside itself, those of subqueries' enclosing scopes included. */
export function collectColumns(scalar: Scalar, into: Map<ColumnId, Column>): void {
  const { calls, bottom } = spineOf(scalar);
  if (bottom.kind === 'column') into.set(bottom.column.id, bottom.column);
  else if (bottom.kind === 'subquery')
    for (const column of freeColumns(bottom.plan).values()) into.set(column.id, column);
  for (const child of scalarChildren(bottom)) collectColumns(child, into);
  if (bottom.kind === 'list_map') for (const param of bottom.params) into.delete(param.column.id);
  if (bottom.kind === 'list_filter') into.delete(bottom.param.id);
  for (let i = calls.length - 1; i >= 0; i--) for (const arg of calls[i]!.args.slice(1)) collectColumns(arg, into);
}

export function columnsOf(...scalars: readonly Scalar[]): ReadonlyMap<ColumnId, Column> {
  const columns = new Map<ColumnId, Column>();
  for (const scalar of scalars) collectColumns(scalar, columns);
  return columns;
}

export function coveredBy(scalar: Scalar, available: ReadonlySet<ColumnId>): boolean {
  for (const id of columnsOf(scalar).keys()) if (!available.has(id)) return false;
  return true;
}

/** Columns replaced by expressions; subqueries must have been looked for first, their plans stay as they are. */
export function substitute(scalar: Scalar, by: ReadonlyMap<ColumnId, Scalar>): Scalar {
  return rewriteScalar(scalar, (s) => (s.kind === 'column' ? (by.get(s.column.id) ?? s) : s));
}

export function conjuncts(predicate: Scalar): readonly Scalar[] {
  return predicate.kind === 'and' ? predicate.args.flatMap(conjuncts) : [predicate];
}

export function conjunction(terms: readonly Scalar[]): Scalar {
  return terms.length === 0
    ? trueLiteral
    : terms.length === 1
      ? terms[0]!
      : { kind: 'and', type: types.bool, args: terms };
}

export const columnRef = (column: Column): Scalar => ({ kind: 'column', type: column.type, column });

export const isTrue = (s: Scalar): boolean => s.kind === 'literal' && s.value === true;
/** Never lets a row pass. */
export const isNeverTrue = (s: Scalar): boolean => s.kind === 'literal' && s.type.kind === 'bool' && s.value !== true;
