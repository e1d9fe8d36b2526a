// The logical plan as a tree of text, for EXPLAIN and golden files.
import { printStorageType, printTree, type TreeNode } from '../../core/index.js';
import type { Scalar } from '../bind/scalar.js';
import type { BoundQuery, LogicalPlan, Scan, WindowCall } from './logical-plan.js';
import { ColumnNumbers, printCall, printItem, printScalar, printSortKeys } from './print-scalar.js';
import { planInputs, planScalars } from './walk-plan.js';
import { scalarsOf } from './walk-scalar.js';

export function printLogicalPlan(query: BoundQuery): string {
  return printTree(logicalTree(query.plan, new ColumnNumbers()));
}

export const tableLabel = ({ table }: Pick<Scan, 'table'>): string =>
  table.cycle === undefined ? table.path : `${table.path};${table.cycle}`;

export function printWindow({ call, partitionBy, orderBy, frame }: WindowCall, numbers: ColumnNumbers): string {
  const parts = [
    partitionBy.length > 0 ? `partition by ${partitionBy.map((s) => printScalar(s, numbers)).join(', ')}` : '',
    orderBy.length > 0 ? `order by ${printSortKeys(orderBy, numbers)}` : '',
    frame ? `${frame.mode} ${frame.start.kind} to ${frame.end.kind}` : '',
  ];
  return `${printCall(call, numbers)} over (${parts.filter(Boolean).join(' ')})`;
}

/** Children are numbered before their parents, as columns are made. */
export function logicalTree(plan: LogicalPlan, numbers: ColumnNumbers): TreeNode {
  const inputs = planInputs(plan).map((input) => logicalTree(input, numbers));
  const subqueries = planScalars(plan)
    .flatMap(subqueryPlans)
    .map((subquery) => ({ text: 'Subquery', children: [logicalTree(subquery, numbers)] }));
  return { text: describe(plan, numbers), children: [...inputs, ...subqueries] };
}

function subqueryPlans(scalar: Scalar): readonly LogicalPlan[] {
  return [...scalarsOf(scalar)].flatMap((s) => (s.kind === 'subquery' ? [s.plan] : []));
}

function describe(plan: LogicalPlan, numbers: ColumnNumbers): string {
  const show = (s: Scalar): string => printScalar(s, numbers);
  const list = (scalars: readonly Scalar[]): string => scalars.map(show).join(', ');
  const items = (all: Parameters<typeof printItem>[0][]): string => all.map((i) => printItem(i, numbers)).join(', ');
  switch (plan.kind) {
    case 'scan': {
      const columns = plan.columns.map((c) => `${numbers.print(c.column)} ${printStorageType(c.column.type)}`);
      const filter = plan.filter.length > 0 ? ` filter ${plan.filter.map(show).join(' and ')}` : '';
      const limit = plan.limit === undefined ? '' : ` limit ${plan.limit}`;
      const files = plan.files ? ` files ${plan.files.join(', ')}` : '';
      return `Scan: ${tableLabel(plan)} (${columns.join(', ')})${filter}${limit}${files}`;
    }
    case 'values':
      return `Values: ${plan.rows.length} ${plan.rows.length === 1 ? 'row' : 'rows'} (${plan.columns.map((c) => numbers.print(c)).join(', ')})`;
    case 'project':
      return `Project: ${items([...plan.items])}`;
    case 'filter':
      return `Filter: ${show(plan.predicate)}`;
    case 'aggregate': {
      const aggregates = plan.aggregates.map(({ column, call }) => {
        const text = printCall(call, numbers);
        return `${numbers.print(column)} = ${text}`;
      });
      const groups = plan.groups.length > 0 ? ` by ${items([...plan.groups])}` : '';
      const sets = plan.sets ? ` sets ${plan.sets.map((s) => `(${s.map((i) => i + 1).join(', ')})`).join(', ')}` : '';
      const grouping = (plan.grouping ?? []).map(
        (g) => `${numbers.print(g.column)} = grouping(${g.groups.map((i) => i + 1).join(', ')})`,
      );
      return `Aggregate: ${[...aggregates, ...grouping].join(', ')}${groups}${sets}`.replace(
        ': ',
        aggregates.length > 0 ? ': ' : ':',
      );
    }
    case 'window': {
      const calls = plan.windows.map((w) => `${numbers.print(w.column)} = ${printWindow(w, numbers)}`);
      return `Window: ${calls.join(', ')}`;
    }
    case 'join':
      return `Join: ${plan.type}${plan.lateral ? ' lateral' : ''}${plan.on ? ` on ${show(plan.on)}` : ''}`;
    case 'sort':
      return `Sort: ${printSortKeys(plan.keys, numbers)}`;
    case 'top_n':
      return `TopN: ${plan.limit}${plan.offset > 0 ? ` offset ${plan.offset}` : ''} by ${printSortKeys(plan.keys, numbers)}`;
    case 'limit':
      return `Limit: ${plan.limit ? show(plan.limit) : 'all'}${plan.offset ? ` offset ${show(plan.offset)}` : ''}${plan.withTies ? ' with ties' : ''}`;
    case 'distinct':
      return `Distinct${plan.on ? `: on ${list(plan.on)}` : ''}`;
    case 'set':
      return `${plan.op[0]!.toUpperCase()}${plan.op.slice(1)}${plan.all ? ' all' : ''}: ${plan.columns.map((c) => numbers.print(c)).join(', ')}`;
    case 'table_function':
      return `TableFunction: ${plan.calls.map((c) => `${c.name}(${list(c.args)}) as ${c.columns.map((x) => numbers.print(x)).join(', ')}`).join(', ')}`;
    case 'project_set':
      return `ProjectSet: ${plan.items.map((i) => `${numbers.print(i.column)} = ${i.name}(${list(i.args)})`).join(', ')}`;
    case 'with':
      return `With: ${plan.ctes.map((c) => c.name).join(', ')}`;
    case 'cte_scan':
      return `CteScan: ${plan.name} (${plan.columns.map((c) => numbers.print(c)).join(', ')})`;
    case 'input':
      return `Input ${plan.index + 1}: ${plan.columns.map((c) => numbers.print(c)).join(', ')}`;
  }
}
