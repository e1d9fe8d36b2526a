// Rows are dropped before they are sorted, or made distinct.
// Before: Filter: x > 5 ─ Sort: y ─ …    After: Sort: y ─ Filter: x > 5 ─ …
import { filterOver, splitFilter } from './push-filter-down.js';
import { topDown } from './rule.js';

export const PushFilterThroughSort = topDown('PushFilterThroughSort', (node) => {
  if (node.kind !== 'filter') return node;
  const { input } = node;
  if (input.kind !== 'sort' && !(input.kind === 'distinct' && !input.on)) return node;
  const split = splitFilter(node, () => true);
  return split ? filterOver({ ...input, input: filterOver(input.input, split.moved) }, split.kept) : node;
});
