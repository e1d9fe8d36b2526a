// Where a sort over one scan's rows leaves their order open, (file order, event_id) decides, so that placement never changes an answer.
import { types } from '../../core/index.js';
import type { Column, ColumnId, SortKey } from '../bind/scalar.js';
import type { LogicalPlan, ScanColumn } from '../logical/logical-plan.js';
import { mapPlanInputs, outputColumns } from '../logical/walk-plan.js';
import { columnRef } from '../logical/walk-scalar.js';

/** @param lastId highest column id of the statement */
export function addTieBreakers(plan: LogicalPlan, lastId: number): LogicalPlan {
  let last = lastId;
  const visit = (node: LogicalPlan): LogicalPlan => {
    const inner = mapPlanInputs(node, visit);
    if (inner.kind !== 'sort' && inner.kind !== 'top_n') return inner;
    const file: Column = { id: (last + 1) as ColumnId, name: '_file_ordinal', type: types.int4 };
    const entry: Column = { id: (last + 2) as ColumnId, name: 'event_id', type: types.int8 };
    const input = carry(inner.input, [
      { column: file, source: { kind: 'system', name: '_file_ordinal' } },
      { column: entry, source: { kind: 'system', name: 'event_id' } },
    ]);
    if (!input) return inner;
    last += 2;
    const key = (column: Column): SortKey => ({ expr: columnRef(column), descending: false, nullsFirst: false });
    const items = outputColumns(inner).map((column) => ({ column, expr: columnRef(column) }));
    return { kind: 'project', input: { ...inner, input, keys: [...inner.keys, key(file), key(entry)] }, items };
  };
  return visit(plan);
}

/** The plan with two more columns of its only scan, or `undefined` where rows are not those of one scan. */
function carry(plan: LogicalPlan, columns: readonly ScanColumn[]): LogicalPlan | undefined {
  if (plan.kind === 'scan') return { ...plan, columns: [...plan.columns, ...columns] };
  if (plan.kind !== 'project' && plan.kind !== 'filter' && plan.kind !== 'window') return undefined;
  const input = carry(plan.input, columns);
  if (!input) return undefined;
  if (plan.kind !== 'project') return { ...plan, input };
  return {
    ...plan,
    input,
    items: [...plan.items, ...columns.map(({ column }) => ({ column, expr: columnRef(column) }))],
  };
}
