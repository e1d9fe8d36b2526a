// HAVING terms over group keys alone filter the rows before they are grouped.
// Before: Filter: run > 5 ─ Aggregate: count(*) by run ─ …    After: Aggregate: count(*) by run ─ Filter: run > 5 ─ …
// Not with grouping sets, where a key may be NULL in the output alone, nor without keys, where the one group is always there.
import { columnsOf, hasSubquery, isVolatile, substitute } from '../logical/walk-scalar.js';
import { filterOver, splitFilter } from './push-filter-down.js';
import { topDown } from './rule.js';

export const PushFilterThroughAggregate = topDown('PushFilterThroughAggregate', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'aggregate') return node;
  const aggregate = node.input;
  if (aggregate.sets || aggregate.groups.length === 0) return node;
  const usable = aggregate.groups.filter((g) => !hasSubquery(g.expr) && !isVolatile(g.expr));
  const by = new Map(usable.map((g) => [g.column.id, g.expr]));
  const made = new Set([...aggregate.groups, ...aggregate.aggregates].map((c) => c.column.id));
  const split = splitFilter(node, (term) => {
    const ids = [...columnsOf(term).keys()];
    return ids.some((id) => by.has(id)) && ids.every((id) => by.has(id) || !made.has(id));
  });
  if (!split) return node;
  const moved = split.moved.map((t) => substitute(t, by));
  return filterOver({ ...aggregate, input: filterOver(aggregate.input, moved) }, split.kept);
});
