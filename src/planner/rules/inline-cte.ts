// A CTE that is read once, or that costs nothing, is put where it is read, so that filters and pruning reach into it.
// Before: With: m = (Scan …) ─ Filter: x > 5 ─ CteScan: m    After: Filter: x > 5 ─ Project ─ Scan …
import type { CtePlan, LogicalPlan } from '../logical/logical-plan.js';
import {
  forEachNode,
  mapPlanInputs,
  mapPlanScalars,
  mapSubqueries,
  outputColumns,
  planScalars,
} from '../logical/walk-plan.js';
import { columnRef, isVolatile } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const InlineCte = bottomUp('InlineCte', (node) => {
  if (node.kind !== 'with') return node;
  const cte = node.ctes.find((c) => isInlinable(c, node));
  if (!cte) return node;
  const visit = (plan: LogicalPlan): LogicalPlan => {
    if (plan.kind === 'cte_scan' && plan.cte === cte.id) {
      const columns = outputColumns(cte.plan);
      const items = plan.columns.map((column, i) => ({ column, expr: columnRef(columns[i]!) }));
      return { kind: 'project', input: cte.plan, items };
    }
    return mapPlanScalars(mapPlanInputs(plan, visit), (s) => mapSubqueries(s, visit));
  };
  const ctes = node.ctes.filter((c) => c !== cte).map((c) => ({ ...c, plan: visit(c.plan) }));
  const body = visit(node.body);
  return ctes.length === 0 ? body : { ...node, ctes, body };
});

/** Columns are unique in a statement, so a plan may be put in one place only. */
function isInlinable(cte: CtePlan, scope: LogicalPlan): boolean {
  if (cte.recursive || cte.materialized === true) return false;
  let references = 0;
  forEachNode(scope, (node) => {
    if (node.kind === 'cte_scan' && node.cte === cte.id) references++;
  });
  let volatile = false;
  forEachNode(cte.plan, (node) => {
    volatile ||= planScalars(node).some(isVolatile);
  });
  return references <= 1 && !volatile;
}
