// Plans that DuckDB can run over its input piece by piece, so that neither side ever holds the whole.
import type { LogicalPlan, Scalar } from '../../planner/index.js';

/** Filters and projections over one input, in its order, without subqueries. */
export function isRowWise(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'input':
      return true;
    case 'filter':
      return isRowWise(plan.input) && !holdsSubquery(plan.predicate);
    case 'project':
      return isRowWise(plan.input) && !plan.items.some((item) => holdsSubquery(item.expr));
    case 'project_set':
      return isRowWise(plan.input) && !plan.items.some((item) => item.args.some(holdsSubquery));
    default:
      return false;
  }
}

function holdsSubquery(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return false;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
      return scalar.args.some(holdsSubquery);
    case 'cast':
    case 'not':
    case 'is_null':
    case 'field':
      return holdsSubquery(scalar.arg);
    case 'case':
      return (
        scalar.branches.some((b) => holdsSubquery(b.when) || holdsSubquery(b.then)) || holdsSubquery(scalar.otherwise)
      );
    case 'in':
      return holdsSubquery(scalar.arg) || scalar.list.some(holdsSubquery);
    case 'list':
      return scalar.elements.some(holdsSubquery);
    case 'struct':
      return scalar.fields.some(holdsSubquery);
    case 'list_map':
      return scalar.params.some((param) => holdsSubquery(param.list)) || holdsSubquery(scalar.body);
    case 'list_filter':
      return holdsSubquery(scalar.list) || holdsSubquery(scalar.body);
    case 'subquery':
      return true;
  }
}
