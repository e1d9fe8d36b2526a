// Two projections in a row are one, unless that would compute something twice.
// Before: Project: y = x + 1 ─ Project: x = a * 2    After: Project: y = a * 2 + 1
import type { ColumnId, Scalar } from '../bind/scalar.js';
import { hasSubquery, isVolatile, scalarChildren, spineOf, substitute } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const MergeProjects = bottomUp('MergeProjects', (node) => {
  if (node.kind !== 'project' || node.input.kind !== 'project') return node;
  const inner = node.input;
  const uses = new Map<ColumnId, number>();
  for (const item of node.items) countUses(item.expr, uses);
  const simple = (e: Scalar): boolean => e.kind === 'column' || e.kind === 'literal';
  const mergeable = inner.items.every(({ column, expr }) => {
    if (simple(expr)) return true;
    return !hasSubquery(expr) && !isVolatile(expr) && (uses.get(column.id) ?? 0) <= 1;
  });
  if (!mergeable || node.items.some((i) => hasSubquery(i.expr))) return node;
  const by = new Map(inner.items.map((i) => [i.column.id, i.expr]));
  const items = node.items.map((item) => ({ ...item, expr: substitute(item.expr, by) }));
  return { ...node, input: inner.input, items };
});

function countUses(scalar: Scalar, into: Map<ColumnId, number>): void {
  const { calls, bottom } = spineOf(scalar);
  // Inside a list_map or list_filter one occurrence runs once per element.
  const times = bottom.kind === 'list_map' || bottom.kind === 'list_filter' ? 2 : 1;
  if (bottom.kind === 'column') into.set(bottom.column.id, (into.get(bottom.column.id) ?? 0) + 1);
  for (let i = 0; i < times; i++) for (const child of scalarChildren(bottom)) countUses(child, into);
  for (const call of calls) for (const arg of call.args.slice(1)) countUses(arg, into);
}
