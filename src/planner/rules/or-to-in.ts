// Equalities of one value with constants become one IN, which engines look up in a set.
// Before: run = 1 or run = 2 or pt > 5    After: run in (1, 2) or pt > 5
import type { LiteralScalar, LogicalScalar, Scalar } from '../bind/scalar.js';
import { ColumnNumbers, printScalar } from '../logical/print-scalar.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { hasSubquery, isVolatile, rewriteScalar } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const OrToIn = bottomUp('OrToIn', (node) => mapPlanScalars(node, orToIn));

export const orToIn = (scalar: Scalar): Scalar =>
  rewriteScalar(scalar, (inner) => (inner.kind === 'or' ? joinEqualities(inner) : inner));

interface Membership {
  readonly arg: Scalar;
  readonly list: readonly Scalar[];
}

function joinEqualities(or: LogicalScalar): Scalar {
  const numbers = new ColumnNumbers();
  const groups = new Map<string, { first: number; arg: Scalar; list: Scalar[]; terms: number }>();
  const keys = or.args.map((term, position) => {
    const member = membership(term);
    if (!member || hasSubquery(member.arg) || isVolatile(member.arg)) return undefined;
    const key = printScalar(member.arg, numbers);
    const group = groups.get(key);
    if (group) {
      group.list.push(...member.list);
      group.terms++;
    } else groups.set(key, { first: position, arg: member.arg, list: [...member.list], terms: 1 });
    return key;
  });
  if (![...groups.values()].some((g) => g.terms > 1)) return or;
  const args = or.args.flatMap((term, position): Scalar[] => {
    const group = groups.get(keys[position] ?? '');
    if (!group || group.terms === 1) return [term];
    return group.first === position ? [{ kind: 'in', type: or.type, arg: group.arg, list: group.list }] : [];
  });
  return args.length === 1 ? args[0]! : { ...or, args };
}

/** `x = 1`, `1 = x`, `x in (1, 2)`: where both sides have the type, as IN wants. */
function membership(term: Scalar): Membership | undefined {
  if (term.kind === 'in') return term.list.every((item) => item.kind === 'literal') ? term : undefined;
  if (term.kind !== 'call' || term.name !== '=' || term.args.length !== 2) return undefined;
  const [a, b] = term.args as [Scalar, Scalar];
  const of = (arg: Scalar, literal: LiteralScalar): Membership | undefined =>
    arg.kind !== 'literal' &&
    arg.type.kind === literal.type.kind &&
    arg.type.kind !== 'char' &&
    arg.type.kind !== 'list'
      ? { arg, list: [literal] }
      : undefined;
  if (b.kind === 'literal') return of(a, b);
  return a.kind === 'literal' ? of(b, a) : undefined;
}
