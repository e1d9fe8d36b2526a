// A filter over UNION, INTERSECT or EXCEPT filters each input.
// Before: Filter: x > 5 ─ Union ─ (A, B)    After: Union ─ (Filter: a > 5 ─ A, Filter: b > 5 ─ B)
import { outputColumns } from '../logical/walk-plan.js';
import { columnRef, substitute } from '../logical/walk-scalar.js';
import { filterOver, splitFilter } from './push-filter-down.js';
import { topDown } from './rule.js';

export const PushFilterThroughSet = topDown('PushFilterThroughSet', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'set') return node;
  const set = node.input;
  const split = splitFilter(node, () => true);
  if (!split) return node;
  const inputs = set.inputs.map((input) => {
    const columns = outputColumns(input);
    const by = new Map(set.columns.map((c, i) => [c.id, columnRef(columns[i]!)]));
    return filterOver(
      input,
      split.moved.map((t) => substitute(t, by)),
    );
  });
  return filterOver({ ...set, inputs }, split.kept);
});
