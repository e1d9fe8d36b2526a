// DISTINCT over rows that differ anyway is left out: groups, distinct rows, the key of a table, one row.
// Before: Distinct ─ Project: run ─ Aggregate: count(*) by run    After: Project: run ─ Aggregate: count(*) by run
import { atMostOneRow, uniqueKeys } from './row-count.js';
import { bottomUp } from './rule.js';

export const EliminateDistinct = bottomUp('EliminateDistinct', (node) => {
  if (node.kind !== 'distinct' || node.on) return node;
  // All columns count, so that any key among them tells the rows apart.
  return atMostOneRow(node.input) || uniqueKeys(node.input).length > 0 ? node.input : node;
});
