// What rules know of how many rows a plan gives, and which of its columns tell rows apart.
import type { ColumnId } from '../bind/scalar.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { outputIds } from '../logical/walk-plan.js';
import { constantBounds } from './top-n.js';

export function atMostOneRow(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'aggregate':
      return plan.groups.length === 0 && !plan.sets;
    case 'values':
      return plan.rows.length <= 1;
    case 'limit': {
      const bounds = plan.withTies ? undefined : constantBounds(plan);
      return (bounds?.limit ?? Infinity) <= 1 || atMostOneRow(plan.input);
    }
    case 'top_n':
      return plan.limit <= 1 || atMostOneRow(plan.input);
    case 'project':
    case 'filter':
    case 'sort':
    case 'distinct':
    case 'window':
      return atMostOneRow(plan.input);
    default:
      return false;
  }
}

/** Sets of output columns, no two rows equal in all columns of a set (NULLs being equal). */
export function uniqueKeys(plan: LogicalPlan): readonly ReadonlySet<ColumnId>[] {
  switch (plan.kind) {
    case 'scan': {
      const system = (name: string): ColumnId | undefined =>
        plan.columns.find((c) => c.source.kind === 'system' && c.source.name === name)?.column.id;
      const entry = system('event_id');
      const file = system('_file');
      return entry !== undefined && file !== undefined ? [new Set([entry, file])] : [];
    }
    case 'aggregate':
      return plan.sets ? [] : [new Set(plan.groups.map((g) => g.column.id))];
    case 'distinct':
      return plan.on ? uniqueKeys(plan.input) : [...uniqueKeys(plan.input), outputIds(plan.input)];
    case 'set':
      return plan.all ? [] : [new Set(plan.columns.map((c) => c.id))];
    case 'filter':
    case 'sort':
    case 'limit':
    case 'top_n':
    case 'window':
      return uniqueKeys(plan.input);
    case 'project': {
      const renamed = new Map<ColumnId, ColumnId>();
      for (const { column, expr } of plan.items) if (expr.kind === 'column') renamed.set(expr.column.id, column.id);
      return uniqueKeys(plan.input)
        .filter((key) => [...key].every((id) => renamed.has(id)))
        .map((key) => new Set([...key].map((id) => renamed.get(id)!)));
    }
    default:
      return [];
  }
}
