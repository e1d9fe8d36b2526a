// A comparison of a widened value with a constant becomes one in the value's own type: no cast per element, and statistics apply.
// Before: cast(pt as double precision) > 0.1    After: pt >= 0.10000000149011612
// Exact for every value of the type: the widening keeps the order, so the values that pass are a range of the type's values, whose
// ends are found by bisection over the reference meaning of cast and comparison. A range that is everything or nothing leaves
// `x is not null or NULL`, `x is null and NULL`.
import {
  castValue,
  compareValues,
  integerRanges,
  isFloatType,
  isIntegerType,
  lookupOperator,
  type SqlType,
  sqlTypeOf,
  types,
  type Value,
} from '../../core/index.js';
import type { LiteralScalar, Scalar } from '../bind/scalar.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { rewriteScalar } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const NarrowComparisons = bottomUp('NarrowComparisons', (node) => mapPlanScalars(node, narrowComparisons));

export const narrowComparisons = (scalar: Scalar): Scalar => rewriteScalar(scalar, narrowNode);

function narrowNode(inner: Scalar): Scalar {
  if (inner.kind === 'in') return narrowIn(inner);
  if (inner.kind !== 'call' || inner.args.length !== 2 || !isComparison(inner.name)) return inner;
  const [a, b] = inner.args as [Scalar, Scalar];
  if (b.kind === 'literal') return narrow(inner, a, inner.name, b) ?? inner;
  if (a.kind === 'literal') return narrow(inner, b, flipped[inner.name], a) ?? inner;
  return inner;
}

type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';
const flipped = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
const isComparison = (name: string): name is Comparison => Object.hasOwn(flipped, name);

function narrow(whole: Scalar, value: Scalar, op: Comparison, { value: constant }: LiteralScalar): Scalar | undefined {
  if (constant === null || value.kind !== 'cast') return undefined;
  const widened = widening(value);
  if (!widened) return undefined;
  const { narrowed, domain, order, literal } = widened;
  const least = firstWhere(domain, (i) => order(i, constant) >= 0);
  const above = firstWhere(domain, (i) => order(i, constant) > 0);
  const hits = least < above;
  const compare = (name: Comparison, index: bigint): Scalar | undefined =>
    comparison(name, narrowed, literal(index), whole);
  const always = (truth: boolean): Scalar => unlessNull(truth, narrowed);
  switch (op) {
    case '>':
      if (above > domain.last) return always(false);
      if (above === domain.first) return always(true);
      return hits ? compare('>', above - 1n) : compare('>=', above);
    case '>=':
      if (least > domain.last) return always(false);
      return least === domain.first ? always(true) : compare('>=', least);
    case '<':
      if (least === domain.first) return always(false);
      if (least > domain.last) return always(true);
      return hits ? compare('<', least) : compare('<=', least - 1n);
    case '<=':
      if (above === domain.first) return always(false);
      return above > domain.last ? always(true) : compare('<=', above - 1n);
    case '=':
    case '<>':
      if (!hits) return always(op === '<>');
      // Several values widen to the constant: no single one stands for it.
      return above - least === 1n ? compare(op, least) : undefined;
  }
}

/** Items that no value of the type equals are left out; NULL stays. */
function narrowIn(scalar: Scalar & { readonly kind: 'in' }): Scalar {
  const { arg, list } = scalar;
  if (arg.kind !== 'cast' || !list.every((item) => item.kind === 'literal')) return scalar;
  const widened = widening(arg);
  if (!widened) return scalar;
  const { narrowed, domain, order, literal } = widened;
  const items: Scalar[] = [];
  for (const item of list as readonly LiteralScalar[]) {
    const { value } = item;
    if (value === null) {
      items.push({ ...item, type: narrowed.type });
      continue;
    }
    const least = firstWhere(domain, (i) => order(i, value) >= 0);
    const above = firstWhere(domain, (i) => order(i, value) > 0);
    if (above - least > 1n) return scalar;
    if (least < above) items.push(literal(least));
  }
  return items.length === 0 ? unlessNull(false, narrowed) : { ...scalar, arg: narrowed, list: items };
}

function comparison(name: Comparison, value: Scalar, literal: LiteralScalar, whole: Scalar): Scalar | undefined {
  const overload = lookupOperator(name, 2)?.overloads.find((o) => {
    const [first] = o.args;
    return typeof first === 'object' && first.kind === value.type.kind;
  });
  if (!overload) return undefined;
  const args = [value, literal];
  return { kind: 'call', type: types.bool, name, overload, args, ...(whole.span && { span: whole.span }) };
}

/** `truth` of every value, NULL of NULL. */
export function unlessNull(truth: boolean, value: Scalar): Scalar {
  const unknown: Scalar = { kind: 'literal', type: types.bool, value: null };
  const isNull: Scalar = { kind: 'is_null', type: types.bool, arg: value };
  return truth
    ? { kind: 'or', type: types.bool, args: [{ kind: 'not', type: types.bool, arg: isNull }, unknown] }
    : { kind: 'and', type: types.bool, args: [isNull, unknown] };
}

/** The values of a type in their order, by index. */
interface Domain {
  readonly first: bigint;
  readonly last: bigint;
  readonly at: (index: bigint) => Value;
}

interface Widening {
  /** What is left when the casts are taken off: of the narrowest type that expressions have. */
  readonly narrowed: Scalar;
  readonly domain: Domain;
  /** Sign of (value at the index, widened) - constant. */
  readonly order: (index: bigint, constant: Value) => number;
  /** The value at the index, of the type of `narrowed`. */
  readonly literal: (index: bigint) => LiteralScalar;
}

/** A tower of casts that keep the order of an enumerable type's values. */
function widening(cast: Scalar): Widening | undefined {
  const { type } = cast;
  const tower: SqlType[] = [];
  let narrowed = cast;
  let inner = cast;
  while (inner.kind === 'cast' && keepsOrder(inner.arg.type, inner.type)) {
    tower.unshift(inner.type);
    inner = inner.arg;
    // What ROOT stores and SQL lacks is compared as the SQL type that holds it.
    if (sqlTypeOf(inner.type) === inner.type) narrowed = inner;
  }
  const domain = domainOf(inner.type);
  if (!domain || narrowed === cast) return undefined;
  const base = inner.type;
  const climb = (index: bigint, to: readonly SqlType[]): Value => {
    let value = domain.at(index);
    let from = base;
    for (const next of to) {
      value = castValue(value, from, next);
      from = next;
    }
    return value;
  };
  const steps = tower.slice(0, tower.indexOf(narrowed.type) + 1);
  return {
    narrowed,
    domain,
    order: (index, constant) => compareValues(climb(index, tower), constant, type),
    literal: (index) => ({ kind: 'literal', type: narrowed.type, value: climb(index, steps) }),
  };
}

/** Total, and never turns two values around; rounding may make them equal. */
function keepsOrder(from: SqlType, to: SqlType): boolean {
  if (isIntegerType(from)) {
    const [least, greatest] = integerRanges[from.kind];
    if (isIntegerType(to)) return integerRanges[to.kind][0] <= least && greatest <= integerRanges[to.kind][1];
    if (to.kind !== 'numeric') return isFloatType(to);
    return to.precision === undefined || to.precision - (to.scale ?? 0) >= String(greatest).length;
  }
  if (from.kind === 'numeric') return isFloatType(to) || (to.kind === 'numeric' && to.precision === undefined);
  return from.kind === 'float4' && to.kind === 'float8';
}

const bits = new DataView(new ArrayBuffer(4));
/** Index of +Infinity: the bits of a float, without its sign, count up in its order. NaN is above. */
const infinity = 0x7f800000n;

function domainOf(type: SqlType): Domain | undefined {
  if (type.kind === 'float4')
    return {
      first: -infinity,
      last: infinity + 1n,
      at(index) {
        if (index > infinity) return Number.NaN;
        bits.setUint32(0, Number(index < 0n ? -index : index));
        return index < 0n ? -bits.getFloat32(0) : bits.getFloat32(0);
      },
    };
  if (!isIntegerType(type)) return undefined;
  const [first, last] = integerRanges[type.kind];
  const wide = type.kind === 'int8' || type.kind === 'uint8';
  return { first, last, at: wide ? (i) => i : Number };
}

/** The first index for which `holds`, which stays true from there on; one past the last where there is none. */
function firstWhere({ first, last }: Domain, holds: (index: bigint) => boolean): bigint {
  let low = first;
  let high = last + 1n;
  while (low < high) {
    const middle = (low + high) >> 1n;
    if (holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
