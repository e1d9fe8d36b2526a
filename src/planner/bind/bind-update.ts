// UPDATE as a query: every row of the table, with new values where the condition is true.
import { sqlTypeOf, types } from '../../core/index.js';
import type { Query } from '../../parser/index.js';
import type { BoundQuery, ProjectItem } from '../logical/logical-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { assigned, type InsertTarget } from './bind-insert.js';
import { literalsOf, QueryBinder } from './bind-query.js';
import { type BindContext, type BindEnvironment, inContext } from './environment.js';
import { inStyle } from './in-style.js';

export interface UpdateSource {
  /** Gives all columns of the table, the new values, whether they are to be set, and what else is wanted. */
  readonly query: Query;
  readonly columns: readonly InsertTarget[];
  /** Which column each new value is for. */
  readonly positions: readonly number[];
}

/** The table's columns, the flag, and the rest. */
export function bindUpdate(source: UpdateSource, environment: BindEnvironment): BoundQuery {
  return inStyle(environment, () => inContext(environment, 'sql', (context) => bindSource(source, context)));
}

function bindSource({ query, columns, positions }: UpdateSource, context: BindContext): BoundQuery {
  const { plan, columns: given } = new QueryBinder(context).bindQuery(query, undefined);
  const literals = literalsOf({ plan, columns: given });
  const flag = given[columns.length + positions.length]!;
  const items = columns.map(({ name, type }, c): ProjectItem => {
    const column = context.column(name, sqlTypeOf(type));
    const old = assigned(columnRef(given[c]!), column);
    const at = positions.indexOf(c);
    if (at < 0) return { column, expr: old };
    const value = given[columns.length + at]!;
    const then = assigned(literals.get(value) ?? columnRef(value), column);
    return {
      column,
      expr: { kind: 'case', type: column.type, branches: [{ when: columnRef(flag), then }], otherwise: old },
    };
  });
  items.push({ column: context.column(flag.name, types.bool), expr: columnRef(flag) });
  for (const column of given.slice(columns.length + positions.length + 1))
    items.push({ column: context.column(column.name, column.type), expr: columnRef(column) });
  return {
    plan: { kind: 'project', input: plan, items },
    output: items.map(({ column }) => ({ column, label: column.name, type: column.type })),
  };
}
