// Sort and a constant limit become one node that keeps only the rows wanted.
// Before: Limit: 10 ─ Sort: pt desc ─ …    After: TopN: 10 by pt desc ─ …
import type { Limit, LogicalPlan } from '../logical/logical-plan.js';
import { bottomUp } from './rule.js';

export const TopN = bottomUp('TopN', (node) => {
  if (node.kind !== 'limit' || node.withTies) return node;
  const bounds = constantBounds(node);
  if (bounds?.limit === undefined) return node;
  const { limit, offset } = bounds;
  const make = (input: LogicalPlan): LogicalPlan | undefined => {
    if (input.kind === 'sort') return { kind: 'top_n', input: input.input, keys: input.keys, limit, offset };
    if (input.kind !== 'project') return undefined;
    const below = make(input.input);
    return below && { ...input, input: below };
  };
  return make(node.input) ?? node;
});

/** The numbers of a Limit, where they are literals that fit; an absent limit is none. */
export function constantBounds(node: Limit): { readonly limit?: number; readonly offset: number } | undefined {
  const number = (s: Limit['limit']): number | null | undefined => {
    if (s === undefined) return null;
    if (s.kind !== 'literal') return undefined;
    if (s.value === null) return null;
    const value = typeof s.value === 'bigint' || typeof s.value === 'number' ? Number(s.value) : Number.NaN;
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  };
  const limit = number(node.limit);
  const offset = number(node.offset);
  if (limit === undefined || offset === undefined) return undefined;
  return { ...(limit !== null && { limit }), offset: offset ?? 0 };
}
