// How DuckDB is to run a plan: without the optimizers whose time explodes on it, and watched where one step of it may take long.
import { forEachNode, type LogicalPlan, subqueryLevels } from '../../planner/index.js';
import type { QueryOptions } from './session.js';

/** Its filter pushdown takes time exponential in these. Measured: 20 levels or 60 joins take seconds, each further one a third longer or twice as long. */
const mostLevels = 6;
const mostJoins = 20;

export function queryOptions(plan: LogicalPlan): QueryOptions {
  let joins = 0;
  let multiplies = false;
  forEachNode(plan, ({ kind }) => {
    if (kind === 'join') joins++;
    if (kind === 'table_function' || kind === 'project_set') multiplies = true;
  });
  const levels = subqueryLevels(plan);
  return {
    // Filters have been pushed down by the planner's rules already.
    optimizersOff: joins > mostJoins || levels > mostLevels ? 'filter_pushdown' : '',
    // DuckDB listens after 100,000 rows of a source, of whom each may have as many partners.
    watched: joins > 0 || levels > 0 || multiplies,
  };
}
