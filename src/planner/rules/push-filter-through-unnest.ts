// A condition on the elements of a list, below which the list is unnested, keeps only rows with such an element.
// Before: Filter: pt > 50 ─ Join: cross lateral ─ (Scan: Events, unnest(Muon_pt) as pt)
// After:  Filter: pt > 50 ─ Join: cross lateral ─ (Filter: list_any(Muon_pt > 50) ─ Scan: Events, unnest(Muon_pt) as pt)
// Runs once, when filters are where they belong. The filter on the elements stays; rows, and partitions by their statistics, drop out before it.
import { listOf, lookupFunction, sameType, types } from '../../core/index.js';
import type { Scalar } from '../bind/scalar.js';
import type { Join, TableFunction } from '../logical/logical-plan.js';
import { outputIds } from '../logical/walk-plan.js';
import { columnRef, columnsOf, conjuncts, hasSubquery, isVolatile, substitute } from '../logical/walk-scalar.js';
import { filterOver } from './push-filter-down.js';
import { type RuleContext, topDown } from './rule.js';

export const PushFilterThroughUnnest = topDown('PushFilterThroughUnnest', (node, context) => {
  if (node.kind !== 'filter' || node.input.kind !== 'join') return node;
  const join = node.input;
  if (!join.lateral || (join.type !== 'cross' && join.type !== 'inner') || join.right.kind !== 'table_function')
    return node;
  const terms = conjuncts(node.predicate).flatMap((term) =>
    elementTerm(term, join, join.right as TableFunction, context),
  );
  return terms.length === 0 ? node : { ...node, input: { ...join, left: filterOver(join.left, terms) } };
});

function elementTerm(term: Scalar, join: Join, unnest: TableFunction, context: RuleContext): readonly Scalar[] {
  if (hasSubquery(term) || isVolatile(term)) return [];
  const left = outputIds(join.left);
  for (const call of unnest.calls) {
    const [list] = call.args;
    const [column] = call.columns;
    if (call.name !== 'unnest' || !list || !column || call.args.length !== 1 || call.columns.length !== 1) continue;
    const used = [...columnsOf(term).keys()];
    // Beside a longer list this one is padded with NULL, of which the term would have to be true.
    if (unnest.calls.length > 1 || !used.includes(column.id)) continue;
    if (
      list.type.kind !== 'list' ||
      !sameType(list.type.element, column.type) ||
      !used.every((id) => id === column.id || left.has(id))
    )
      continue;
    const overload = lookupFunction('list_any')!.overloads[0]!;
    const element = context.newColumn(column.name, column.type);
    const body = substitute(term, new Map([[column.id, columnRef(element)]]));
    const map: Scalar = { kind: 'list_map', type: listOf(types.bool), params: [{ column: element, list }], body };
    return [{ kind: 'call', type: types.bool, name: 'list_any', overload, args: [map] }];
  }
  return [];
}
