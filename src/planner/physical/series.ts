// Rows of set-returning functions over constants: they are made here, since DuckDB would be given a literal for each.
import { unnesting } from '../bind/bind-set-returning.js';
import type { LogicalPlan, TableFunction } from '../logical/logical-plan.js';
import { columnsOf } from '../logical/walk-scalar.js';
import { isEvaluable } from './homes.js';
import type { SeriesExec } from './physical-plan.js';

/** `undefined` for rows of several lists, or of more than one column. */
export function seriesOf({ calls, ordinality }: TableFunction): SeriesExec | undefined {
  const [call] = calls;
  if (calls.length !== 1 || ordinality || call!.overload !== unnesting()) return undefined;
  const { args, columns } = call!;
  const [list] = args;
  const [column] = columns;
  if (columns.length !== 1 || list!.type.kind !== 'list') return undefined;
  // A record's fields are columns, also where there is one.
  if (list!.type.element.kind === 'struct' && list!.type.element.row) return undefined;
  return isEvaluable(list!) && columnsOf(list!).size === 0
    ? { kind: 'series', column: column!, list: list! }
    : undefined;
}

/** DuckDB's parser takes a second for 100,000 literals. */
const mostElements = 100;

export function isLongSeries(node: LogicalPlan): boolean {
  if (node.kind !== 'table_function') return false;
  return node.calls.some(
    ({ args: [list] }) => list?.kind === 'literal' && Array.isArray(list.value) && list.value.length > mostElements,
  );
}
