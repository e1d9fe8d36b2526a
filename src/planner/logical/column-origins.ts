// Which column of which table a result column shows as it is: what RowDescription tells a client beside names and types.
import type { Column, ColumnId } from '../bind/scalar.js';
import type { BoundQuery, LogicalPlan, ProjectItem } from './logical-plan.js';
import { outputColumns, planInputs } from './walk-plan.js';

export interface ColumnOrigin {
  readonly dataset: string;
  /** Of a table or a view. */
  readonly table: string;
  /** From 1. */
  readonly column: number;
}

/** Plans that stand for a view: what they give comes from it, not from its tables. */
const views = new WeakMap<LogicalPlan, ReadonlyMap<ColumnId, ColumnOrigin>>();

export function markView(plan: LogicalPlan, view: Omit<ColumnOrigin, 'column'>, columns: readonly Column[]): void {
  views.set(plan, new Map(columns.map(({ id }, i) => [id, { ...view, column: i + 1 }])));
}

/** By position of the result; `undefined` for what is computed, for set operations and for system columns, as PostgreSQL has it. */
export function columnOrigins({ plan, output }: BoundQuery): readonly (ColumnOrigin | undefined)[] {
  const origins = new Map<ColumnId, ColumnOrigin>();
  const ctes = new Map<number, readonly (ColumnOrigin | undefined)[]>();
  const pass = (items: readonly ProjectItem[]) => {
    for (const { column, expr } of items) {
      const found = expr.kind === 'column' ? origins.get(expr.column.id) : undefined;
      if (found) origins.set(column.id, found);
    }
  };
  const visit = (node: LogicalPlan): void => {
    const view = views.get(node);
    if (view) {
      for (const [id, origin] of view) origins.set(id, origin);
      return;
    }
    switch (node.kind) {
      case 'scan': {
        const { dataset, path } = node.table;
        for (const { column, source } of node.columns)
          if (source.kind === 'branch') origins.set(column.id, { dataset, table: path, column: source.index + 1 });
        return;
      }
      case 'with':
        for (const cte of node.ctes) {
          if (cte.recursive) continue;
          visit(cte.plan);
          ctes.set(
            cte.id,
            outputColumns(cte.plan).map(({ id }) => origins.get(id)),
          );
        }
        visit(node.body);
        return;
      case 'cte_scan': {
        const found = ctes.get(node.cte);
        for (const [i, { id }] of node.columns.entries()) if (found?.[i]) origins.set(id, found[i]);
        return;
      }
      case 'set':
        return;
      default:
        for (const input of planInputs(node)) visit(input);
        if (node.kind === 'project') pass(node.items);
        if (node.kind === 'aggregate') pass(node.groups);
    }
  };
  visit(plan);
  return output.map(({ column }) => origins.get(column.id));
}
