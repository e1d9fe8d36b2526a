// A scan that feeds a limit reads no more rows than that.
// Before: Limit: 10 offset 5 ─ Project ─ Scan    After: Limit: 10 offset 5 ─ Project ─ Scan limit 15
import type { LogicalPlan } from '../logical/logical-plan.js';
import { hasSubquery } from '../logical/walk-scalar.js';
import { topDown } from './rule.js';
import { constantBounds } from './top-n.js';

export const PushLimitIntoScan = topDown('PushLimitIntoScan', (node) => {
  if (node.kind !== 'limit' || node.withTies) return node;
  const bounds = constantBounds(node);
  if (bounds?.limit === undefined) return node;
  const rows = bounds.limit + bounds.offset;
  const push = (input: LogicalPlan): LogicalPlan => {
    if (input.kind === 'scan') return (input.limit ?? Infinity) <= rows ? input : { ...input, limit: rows };
    if (input.kind !== 'project' || input.items.some((i) => hasSubquery(i.expr))) return input;
    const below = push(input.input);
    return below === input.input ? input : { ...input, input: below };
  };
  const input = push(node.input);
  return input === node.input ? node : { ...node, input };
});
