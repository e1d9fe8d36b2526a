// Which of DuckDB's optimizers a plan must do without: its filter pushdown takes time exponential in nested subqueries and long joins.
import { forEachNode, type LogicalPlan, subqueryLevels } from '../../planner/index.js';

/** Measured: 20 levels or 60 joins take seconds, each further one a third longer or twice as long. */
const mostLevels = 6;
const mostJoins = 20;

/** For the setting `disabled_optimizers`. Filters have been pushed down by the planner's rules already. */
export function optimizersOff(plan: LogicalPlan): string | undefined {
  let joins = 0;
  forEachNode(plan, (node) => {
    if (node.kind === 'join') joins++;
  });
  return joins > mostJoins || subqueryLevels(plan) > mostLevels ? 'filter_pushdown' : undefined;
}
