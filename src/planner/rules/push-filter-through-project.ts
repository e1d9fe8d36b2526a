// A filter moves below a projection, its columns replaced by what they are computed from.
// Before: Filter: x > 5 ─ Project: x = a + 1 ─ …    After: Project: x = a + 1 ─ Filter: a + 1 > 5 ─ …
import { columnsOf, hasSubquery, isVolatile, substitute } from '../logical/walk-scalar.js';
import { filterOver, splitFilter } from './push-filter-down.js';
import { topDown } from './rule.js';

export const PushFilterThroughProject = topDown('PushFilterThroughProject', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'project') return node;
  const project = node.input;
  const by = new Map(project.items.map((i) => [i.column.id, i.expr]));
  const split = splitFilter(node, (term) => {
    const used = [...columnsOf(term).keys()].map((id) => by.get(id));
    return used.every((expr) => expr === undefined || !(hasSubquery(expr) || isVolatile(expr)));
  });
  if (!split) return node;
  const moved = split.moved.map((term) => substitute(term, by));
  return filterOver({ ...project, input: filterOver(project.input, moved) }, split.kept);
});
