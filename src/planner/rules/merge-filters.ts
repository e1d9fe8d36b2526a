// Two filters in a row are one.
// Before: Filter: a ─ Filter: b ─ …    After: Filter: b and a ─ …
import { conjunction, conjuncts } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const MergeFilters = bottomUp('MergeFilters', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'filter') return node;
  const predicate = conjunction([...conjuncts(node.input.predicate), ...conjuncts(node.predicate)]);
  return { ...node, input: node.input.input, predicate };
});
