// A sort whose order nothing observes is left out: below an aggregate, another sort, DISTINCT, a join, EXISTS or IN.
// Before: Aggregate: count(*) ─ Sort: pt ─ Scan    After: Aggregate: count(*) ─ Scan
// Aggregates that gather values in order keep it, as does a LIMIT, for which the order is a choice of rows.
import type { Scalar } from '../bind/scalar.js';
import type { Aggregate, LogicalPlan } from '../logical/logical-plan.js';
import { mapPlanInputs, mapPlanScalars } from '../logical/walk-plan.js';
import { isVolatile, rewriteScalar } from '../logical/walk-scalar.js';
import { atMostOneRow } from './row-count.js';
import { bottomUp } from './rule.js';

export const EliminateSort = bottomUp('EliminateSort', (node) => {
  const inner = mapPlanScalars(node, unsortedSubqueries);
  if ((inner.kind === 'sort' || inner.kind === 'top_n') && inner.keys.some((k) => k.expr.kind === 'literal')) {
    const keys = inner.keys.filter((k) => k.expr.kind !== 'literal');
    if (keys.length > 0) return { ...inner, keys };
    if (inner.kind === 'sort') return inner.input;
  }
  if (inner.kind === 'sort' && atMostOneRow(inner.input)) return inner.input;
  return ignoresOrder(inner) ? mapPlanInputs(inner, unsorted) : inner;
});

/** Without the sorts at its top, through what keeps rows in their order. */
function unsorted(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'sort':
      return unsorted(plan.input);
    case 'project':
      return plan.items.some((i) => isVolatile(i.expr)) ? plan : mapPlanInputs(plan, unsorted);
    case 'filter':
      return isVolatile(plan.predicate) ? plan : mapPlanInputs(plan, unsorted);
    default:
      return plan;
  }
}

function ignoresOrder(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'aggregate':
      return plan.aggregates.every(isOrderFree);
    case 'sort':
    case 'top_n':
    case 'join':
      return true;
    case 'distinct':
      return !plan.on;
    case 'set':
      return !(plan.op === 'union' && plan.all);
    default:
      return false;
  }
}

/** Gives the same for the rows in any order; float sums do, as they are rounded once. */
const orderFree: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every']);
const isOrderFree = ({ call }: Aggregate['aggregates'][number]): boolean =>
  orderFree.has(call.name) || call.orderBy.length > 0;

/** EXISTS, IN, ANY and ALL ask whether there is a row. */
function unsortedSubqueries(scalar: Scalar): Scalar {
  return rewriteScalar(scalar, (inner) => {
    if (inner.kind !== 'subquery' || inner.mode === 'scalar' || inner.mode === 'array') return inner;
    const plan = unsorted(inner.plan);
    return plan === inner.plan ? inner : { ...inner, plan };
  });
}
