// Where a sort over one scan's rows leaves their order open, (file order, event_id) decides, so that placement never changes an answer.
import { types } from '../../core/index.js';
import type { Column, ColumnId, SortKey } from '../bind/scalar.js';
import type { LogicalPlan, ScanColumn } from '../logical/logical-plan.js';
import { mapPlanInputs, outputColumns } from '../logical/walk-plan.js';
import { columnRef } from '../logical/walk-scalar.js';

/**
 * @param ids highest column id of the statement, counted on
 * @param ordered nodes that break ties by themselves
 */
export function addTieBreakers(
  plan: LogicalPlan,
  ids: { last: number },
  ordered: (node: LogicalPlan) => boolean,
): LogicalPlan {
  const visit = (node: LogicalPlan): LogicalPlan => {
    if (node.kind === 'top_n' && ordered(node)) return node;
    // WITH TIES keeps rows that the keys do not tell apart: further keys would tell them apart.
    if (node.kind === 'limit' && node.withTies && node.input.kind === 'sort') {
      const below = visit(node.input.input);
      return below === node.input.input ? node : { ...node, input: { ...node.input, input: below } };
    }
    const inner = mapPlanInputs(node, visit);
    if (inner.kind !== 'sort' && inner.kind !== 'top_n') return inner;
    if (inner.keys.some(isTieBreaker)) return inner;
    const file: Column = { id: (ids.last + 1) as ColumnId, name: ordinalName, type: types.int4 };
    const entry: Column = { id: (ids.last + 2) as ColumnId, name: 'event_id', type: types.int8 };
    const input = carry(inner.input, [
      { column: file, source: { kind: 'system', name: '_file_ordinal' } },
      { column: entry, source: { kind: 'system', name: 'event_id' } },
    ]);
    if (!input) return inner;
    ids.last += 2;
    const key = (column: Column): SortKey => ({ expr: columnRef(column), descending: false, nullsFirst: false });
    const items = outputColumns(inner).map((column) => ({ column, expr: columnRef(column) }));
    return { kind: 'project', input: { ...inner, input, keys: [...inner.keys, key(file), key(entry)] }, items };
  };
  return visit(plan);
}

const ordinalName = '_file_ordinal';
const isTieBreaker = ({ expr }: SortKey): boolean => expr.kind === 'column' && expr.column.name === ordinalName;

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
