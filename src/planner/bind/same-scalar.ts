// Whether two bound expressions say the same: GROUP BY, DISTINCT and ORDER BY find their expressions again by it.
import { sameType } from '../../core/index.js';
import type { AggregateCall, Scalar } from './scalar.js';

/** The same expression, places aside. */
export function sameScalar(a: Scalar, b: Scalar): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !sameType(a.type, b.type)) return false;
  return fingerprint(a) === fingerprint(b);
}

export function sameCall(a: AggregateCall, b: AggregateCall): boolean {
  return a.name === b.name && fingerprint(a) === fingerprint(b);
}

export function sameArguments(a: readonly Scalar[], b: readonly Scalar[]): boolean {
  return a.length === b.length && a.every((s, i) => sameScalar(s, b[i]!));
}

const fingerprints = new WeakMap<object, string>();
const subqueries = new WeakMap<object, number>();
let lastSubquery = 0;

function fingerprint(node: object): string {
  let known = fingerprints.get(node);
  if (known === undefined) {
    known = JSON.stringify(node, (key, value: unknown) => {
      if (key === 'span') return undefined;
      if (key === 'overload') return (value as { op: string }).op;
      // Every subquery has columns of its own: it is like itself only.
      if (key === 'plan') return numberOf(value as object);
      if (typeof value === 'bigint') return `${value}n`;
      return Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0' : value;
    });
    fingerprints.set(node, known);
  }
  return known;
}

function numberOf(plan: object): number {
  let number = subqueries.get(plan);
  if (number === undefined) {
    number = ++lastSubquery;
    subqueries.set(plan, number);
  }
  return number;
}
