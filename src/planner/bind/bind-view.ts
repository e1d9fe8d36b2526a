// A view where a table may stand: its query, bound in the place where the view was made.
import type { TableEntry, ViewDefinition } from '../../catalog/index.js';
import { fail, type Span } from '../../core/index.js';
import { parseSql } from '../../parser/index.js';
import { markView } from '../logical/column-origins.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { QueryBinder } from './bind-query.js';
import { BindContext, type BindEnvironment, temporarySchema } from './environment.js';
import type { Column } from './scalar.js';

/** It sees the search path of its own statement, no CTE and no parameter of the query around it, and temporary tables only if it is temporary. */
export function bindView(
  context: BindContext,
  table: TableEntry,
  view: ViewDefinition,
  span: Span,
): { plan: LogicalPlan; columns: readonly Column[] } {
  if (context.views.some((other) => other.dataset === table.dataset && other.path === table.path))
    throw fail('invalid_object_definition', `infinite recursion detected in view "${view.name}"`, { span });
  const [statement] = parseSql(view.query);
  if (statement?.kind !== 'query_statement') throw new Error(`view ${view.name} is no query`);
  const { native: _, parameters: __, parameterTypes: ___, searchPath: ____, ...rest } = context.environment;
  const datasets = new Map(rest.datasets);
  if (table.dataset !== datasets.get(temporarySchema)?.name) datasets.delete(temporarySchema);
  const environment: BindEnvironment = {
    ...rest,
    datasets,
    ...(view.searchPath.length > 0 && { searchPath: view.searchPath }),
  };
  const binder = new QueryBinder(new BindContext(environment, 'sql', { within: context, view: table }));
  const { plan, columns } = binder.bindQuery(statement.query, undefined);
  if (columns.length < view.columns.length)
    throw fail('invalid_object_definition', `view "${view.name}" has lost columns of what it reads`, { span });
  markView(plan, { dataset: table.dataset, table: table.path }, columns);
  return { plan, columns: view.columns.map(({ name }, i) => ({ ...columns[i]!, name })) };
}
