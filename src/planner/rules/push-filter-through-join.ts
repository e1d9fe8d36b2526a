// Terms over one side of a join move to that side; terms over both become the condition of an inner join.
// Before: Filter: a.x > 1 and a.id = b.id ─ Join: cross ─ (A, B)    After: Join: inner on a.id = b.id ─ (Filter: a.x > 1 ─ A, B)
// Below an outer join only the preserved side may be filtered.
import type { Scalar } from '../bind/scalar.js';
import type { Join, LogicalPlan } from '../logical/logical-plan.js';
import { outputIds } from '../logical/walk-plan.js';
import { conjunction, conjuncts, coveredBy, hasSubquery, isVolatile } from '../logical/walk-scalar.js';
import { filterOver, splitFilter } from './push-filter-down.js';
import { topDown } from './rule.js';

export const PushFilterThroughJoin = topDown('PushFilterThroughJoin', (node) => {
  if (node.kind === 'filter' && node.input.kind === 'join') return fromFilter(node.predicate, node.input);
  return node.kind === 'join' ? fromCondition(node) : node;
});

function fromFilter(predicate: Scalar, join: Join): LogicalPlan {
  const filter = { kind: 'filter', input: join, predicate } as const;
  const left = outputIds(join.left);
  const right = outputIds(join.right);
  const both = new Set([...left, ...right]);
  const inner = join.type === 'inner' || join.type === 'cross';
  const keepsLeft = inner || join.type === 'left' || join.type === 'semi' || join.type === 'anti';
  const toLeft = (t: Scalar): boolean => keepsLeft && coveredBy(t, left);
  const toRight = (t: Scalar): boolean => !join.lateral && (inner || join.type === 'right') && coveredBy(t, right);
  const split = splitFilter(filter, (t) => toLeft(t) || toRight(t) || (inner && !join.lateral && coveredBy(t, both)));
  if (!split) return filter;
  const leftTerms = split.moved.filter(toLeft);
  const rightTerms = split.moved.filter((t) => !toLeft(t) && toRight(t));
  const onTerms = split.moved.filter((t) => !toLeft(t) && !toRight(t));
  const on = [...(join.on ? [join.on] : []), ...onTerms];
  const moved: Join = {
    ...join,
    type: on.length > 0 && join.type === 'cross' ? 'inner' : join.type,
    left: filterOver(join.left, leftTerms),
    right: filterOver(join.right, rightTerms),
    ...(on.length > 0 && { on: conjunction(on.flatMap(conjuncts)) }),
  };
  return filterOver(moved, split.kept);
}

/** An inner join's one-sided condition terms filter that side; an outer join's filter the side that is not preserved. */
function fromCondition(join: Join): LogicalPlan {
  if (!join.on || join.lateral || join.type === 'full' || join.type === 'cross') return join;
  const left = outputIds(join.left);
  const right = outputIds(join.right);
  const free = (t: Scalar): boolean => !hasSubquery(t) && !isVolatile(t);
  // Rows of the left that fail the condition are kept by a left and an anti join.
  const leftMayDrop = join.type !== 'left' && join.type !== 'anti';
  const leftTerms: Scalar[] = [];
  const rightTerms: Scalar[] = [];
  const kept: Scalar[] = [];
  for (const term of conjuncts(join.on)) {
    if (free(term) && leftMayDrop && coveredBy(term, left)) leftTerms.push(term);
    else if (free(term) && join.type !== 'right' && coveredBy(term, right)) rightTerms.push(term);
    else kept.push(term);
  }
  if (leftTerms.length + rightTerms.length === 0) return join;
  const { on: _, ...rest } = join;
  const sides = { left: filterOver(join.left, leftTerms), right: filterOver(join.right, rightTerms) };
  if (kept.length > 0) return { ...rest, ...sides, on: conjunction(kept) };
  return join.type === 'inner' ? { ...rest, ...sides, type: 'cross' } : { ...rest, ...sides, on: conjunction([]) };
}
