// Of each input of UNION ALL no more rows are needed than of the whole.
// Before: Limit: 10 offset 5 ─ Union all ─ (A, B)    After: Limit: 10 offset 5 ─ Union all ─ (Limit: 15 ─ A, Limit: 15 ─ B)
import { types } from '../../core/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { topDown } from './rule.js';
import { constantBounds } from './top-n.js';

export const PushLimitThroughUnion = topDown('PushLimitThroughUnion', (node) => {
  if (node.kind !== 'limit' || node.withTies || node.input.kind !== 'set') return node;
  const union = node.input;
  const bounds = constantBounds(node);
  if (union.op !== 'union' || !union.all || bounds?.limit === undefined) return node;
  const rows = bounds.limit + bounds.offset;
  if (union.inputs.every((input) => mostRows(input) <= rows)) return node;
  const limit = { kind: 'literal', type: types.int8, value: BigInt(rows) } as const;
  const inputs = union.inputs.map(
    (input): LogicalPlan => (mostRows(input) <= rows ? input : { kind: 'limit', input, limit, withTies: false }),
  );
  return { ...node, input: { ...union, inputs } };
});

/** What a limit on top of a plan leaves of it. */
function mostRows(plan: LogicalPlan): number {
  switch (plan.kind) {
    case 'limit':
      return plan.withTies ? Infinity : (constantBounds(plan)?.limit ?? Infinity);
    case 'top_n':
      return plan.limit;
    case 'scan':
      return plan.limit ?? Infinity;
    case 'values':
      return plan.rows.length;
    case 'project':
      return mostRows(plan.input);
    default:
      return Infinity;
  }
}
