// A scalar subquery without FROM is its expression: `(SELECT x + 1)`; with a condition it is a CASE.
// Before: Project: (subquery: Project: 2 * a ─ Values) + 1    After: Project: 2 * a + 1
import type { Scalar, SubqueryScalar } from '../bind/scalar.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { isVolatile, rewriteScalar } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const InlineOneRowSubquery = bottomUp('InlineOneRowSubquery', (node) =>
  mapPlanScalars(node, (scalar) => rewriteScalar(scalar, inlined)),
);

function inlined(scalar: Scalar): Scalar {
  if (scalar.kind !== 'subquery' || scalar.mode !== 'scalar' || scalar.plan.kind !== 'project') return scalar;
  const { input, items } = scalar.plan;
  const [item] = items;
  // What is volatile is asked once for the statement.
  if (items.length !== 1 || isVolatile(item!.expr)) return scalar;
  if (isOneRow(input)) return placed(item!.expr, scalar);
  if (input.kind !== 'filter' || !isOneRow(input.input) || isVolatile(input.predicate)) return scalar;
  const { type } = scalar;
  return {
    kind: 'case',
    type,
    branches: [{ when: input.predicate, then: placed(item!.expr, scalar) }],
    otherwise: { kind: 'literal', type, value: null },
  };
}

const isOneRow = (plan: LogicalPlan): boolean =>
  plan.kind === 'values' && plan.columns.length === 0 && plan.rows.length === 1;

const placed = (expr: Scalar, { span }: SubqueryScalar): Scalar => (expr.span || !span ? expr : { ...expr, span });
