// A filter on what every window of a node partitions by drops whole partitions, before or after alike.
// Before: Filter: run = 1 ─ Window: rank() over (partition by run)    After: Window: … ─ Filter: run = 1
import { columnsOf } from '../logical/walk-scalar.js';
import { filterOver, splitFilter } from './push-filter-down.js';
import { topDown } from './rule.js';

export const PushFilterThroughWindow = topDown('PushFilterThroughWindow', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'window') return node;
  const { input: window } = node;
  const keys = window.windows.map(
    (w) => new Set(w.partitionBy.map((e) => (e.kind === 'column' ? e.column.id : undefined))),
  );
  const split = splitFilter(node, (term) => {
    const ids = [...columnsOf(term).keys()];
    return ids.length > 0 && ids.every((id) => keys.every((k) => k.has(id)));
  });
  return split ? filterOver({ ...window, input: filterOver(window.input, split.moved) }, split.kept) : node;
});
