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

/** Along a chain of operators without recursion. */
function fingerprint(node: Scalar | AggregateCall): string {
  const spine: Extract<Scalar, { kind: 'call' }>[] = [];
  let bottom: Scalar | AggregateCall = node;
  while ('kind' in bottom && bottom.kind === 'call' && bottom.args.length > 0 && !fingerprints.has(bottom)) {
    spine.push(bottom);
    bottom = bottom.args[0]!;
  }
  let known = ownFingerprint(bottom);
  for (let call = spine.pop(); call; call = spine.pop()) {
    const { args, ...own } = call;
    known = `${JSON.stringify([own, args.slice(1)], spelled)}(${known})`;
    fingerprints.set(call, known);
  }
  return known;
}

function ownFingerprint(node: object): string {
  let known = fingerprints.get(node);
  if (known === undefined) {
    known = JSON.stringify(node, spelled);
    fingerprints.set(node, known);
  }
  return known;
}

function spelled(key: string, value: unknown): unknown {
  if (key === 'span') return undefined;
  if (key === 'overload') return (value as { op: string }).op;
  // Every subquery has columns of its own: it is like itself only.
  if (key === 'plan') return numberOf(value as object);
  if (typeof value === 'bigint') return `${value}n`;
  return Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0' : value;
}

function numberOf(plan: object): number {
  let number = subqueries.get(plan);
  if (number === undefined) {
    number = ++lastSubquery;
    subqueries.set(plan, number);
  }
  return number;
}
