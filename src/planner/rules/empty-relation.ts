// A filter that no row can pass leaves no rows to read.
// Before: Filter: false ─ Scan: Events (a:1)    After: Values: 0 rows (a:1)

import type { LogicalPlan } from '../logical/logical-plan.js';
import { outputColumns } from '../logical/walk-plan.js';
import { conjuncts, isNeverTrue } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const EmptyRelation = bottomUp('EmptyRelation', (node) => {
  const never =
    (node.kind === 'filter' && conjuncts(node.predicate).some(isNeverTrue)) ||
    (node.kind === 'scan' && (node.filter.some(isNeverTrue) || node.limit === 0));
  return never || isEmptied(node) ? { kind: 'values', columns: outputColumns(node), rows: [] } : node;
});

const isEmpty = (plan: LogicalPlan): boolean => plan.kind === 'values' && plan.rows.length === 0;

/** An empty input leaves the node empty. */
function isEmptied(node: LogicalPlan): boolean {
  switch (node.kind) {
    case 'project':
    case 'filter':
    case 'sort':
    case 'top_n':
    case 'limit':
    case 'distinct':
    case 'window':
    case 'project_set':
      return isEmpty(node.input);
    case 'join':
      if (node.type === 'inner' || node.type === 'cross' || node.type === 'semi')
        return isEmpty(node.left) || isEmpty(node.right);
      return (node.type === 'left' || node.type === 'anti') && isEmpty(node.left);
    default:
      return false;
  }
}
