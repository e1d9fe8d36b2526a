// What a join's condition makes equal passes the same comparisons with constants: both sides are filtered, and their partitions pruned.
// Before: Join: inner on a = b ─ (A, Scan: B filter b > 5)    After: Join: inner on a = b ─ (Filter: a > 5 ─ A, Scan: B filter b > 5)
// Terms travel through a tree of joins one join a round. An outer join filters the side that is not preserved.
import type { ColumnId, Scalar } from '../bind/scalar.js';
import type { Join, LogicalPlan } from '../logical/logical-plan.js';
import { ColumnNumbers, printScalar } from '../logical/print-scalar.js';
import { outputIds } from '../logical/walk-plan.js';
import { columnRef, columnsOf, conjuncts, coveredBy, substitute } from '../logical/walk-scalar.js';
import { filterOver } from './push-filter-down.js';
import { bottomUp } from './rule.js';

export const DeriveJoinPredicates = bottomUp('DeriveJoinPredicates', (node) => {
  if (node.kind !== 'join' || !node.on) return node;
  const derived = derive(node);
  if (derived.left.length + derived.right.length === 0) return node;
  return { ...node, left: filterOver(node.left, derived.left), right: filterOver(node.right, derived.right) };
});

function derive(join: Join): { readonly left: readonly Scalar[]; readonly right: readonly Scalar[] } {
  const sides = { left: outputIds(join.left), right: outputIds(join.right) };
  const known = { left: guaranteed(join.left), right: guaranteed(join.right) };
  const derived: { left: Scalar[]; right: Scalar[] } = { left: [], right: [] };
  const across = (from: 'left' | 'right', to: 'left' | 'right', a: Scalar, b: Scalar): void => {
    if (a.kind !== 'column' || !sides[from].has(a.column.id) || !coveredBy(b, sides[to])) return;
    const numbers = new ColumnNumbers();
    const there = new Set([...known[to], ...derived[to]].map((t) => printScalar(t, numbers)));
    for (const term of known[from]) {
      const columns = columnsOf(term);
      if (columns.size !== 1 || !columns.has(a.column.id) || !comparesWithConstants(term)) continue;
      const moved = substitute(term, new Map([[a.column.id, b]]));
      if (there.has(printScalar(moved, numbers))) continue;
      there.add(printScalar(moved, numbers));
      derived[to].push(moved);
    }
  };
  const toRight = join.type === 'inner' || join.type === 'left' || join.type === 'semi' || join.type === 'anti';
  const toLeft = join.type === 'inner' || join.type === 'right' || join.type === 'semi';
  for (const term of conjuncts(join.on!)) {
    if (term.kind !== 'call' || term.name !== '=' || term.args.length !== 2) continue;
    const [a, b] = term.args as [Scalar, Scalar];
    if (!isColumnOrCast(a) || !isColumnOrCast(b)) continue;
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      if (toRight && !join.lateral) across('left', 'right', x, y);
      if (toLeft) across('right', 'left', x, y);
    }
  }
  return derived;
}

const isColumnOrCast = (scalar: Scalar): boolean =>
  scalar.kind === 'column' || (scalar.kind === 'cast' && scalar.arg.kind === 'column');

/** Cannot fail, and says the same of equal values, be they -0.0 and 0.0. */
function comparesWithConstants(term: Scalar): boolean {
  switch (term.kind) {
    case 'and':
    case 'or':
      return term.args.every(comparesWithConstants);
    case 'not':
      return comparesWithConstants(term.arg);
    case 'in':
      return term.arg.kind === 'column' && term.list.every((item) => item.kind === 'literal');
    case 'call': {
      const [a, b] = term.args;
      if (!/^(?:=|<>|<=?|>=?)$/.test(term.name) || !a || !b) return false;
      return (a.kind === 'column' && b.kind === 'literal') || (a.kind === 'literal' && b.kind === 'column');
    }
    default:
      return false;
  }
}

/** Terms that are true of every row a plan gives. */
function guaranteed(plan: LogicalPlan): readonly Scalar[] {
  switch (plan.kind) {
    case 'scan':
      return plan.filter;
    case 'filter':
      return [...conjuncts(plan.predicate), ...guaranteed(plan.input)];
    case 'sort':
    case 'limit':
    case 'top_n':
    case 'distinct':
    case 'window':
      return guaranteed(plan.input);
    case 'project':
      return renamed(
        guaranteed(plan.input),
        plan.items.map((i) => [i.expr, columnRef(i.column)]),
      );
    case 'aggregate':
      if (plan.sets || plan.groups.length === 0) return [];
      return renamed(
        guaranteed(plan.input),
        plan.groups.map((g) => [g.expr, columnRef(g.column)]),
      );
    case 'join': {
      const left = plan.type === 'right' || plan.type === 'full' ? [] : guaranteed(plan.left);
      const right =
        plan.type === 'inner' || plan.type === 'cross' || plan.type === 'right' ? guaranteed(plan.right) : [];
      return [...left, ...right];
    }
    default:
      return [];
  }
}

/** The terms over what a node hands on, in the names it gives them. */
function renamed(terms: readonly Scalar[], names: readonly (readonly [Scalar, Scalar])[]): readonly Scalar[] {
  const by = new Map<ColumnId, Scalar>();
  for (const [from, to] of names) if (from.kind === 'column') by.set(from.column.id, to);
  return terms.filter((t) => [...columnsOf(t).keys()].every((id) => by.has(id))).map((t) => substitute(t, by));
}
