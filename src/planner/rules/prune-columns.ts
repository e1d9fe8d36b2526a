// Columns nobody reads are not made: scans read fewer branches, projections and aggregates compute less.
// Before: Project: a ─ Scan: (a, b, c)    After: Project: a ─ Scan: (a)
// Ids are unique in a statement, so what is needed is found once, over the whole of it.
import type { Column, ColumnId, Scalar } from '../bind/scalar.js';
import type { Aggregate, LogicalPlan } from '../logical/logical-plan.js';
import {
  forEachNode,
  mapPlanInputs,
  mapPlanScalars,
  mapSubqueries,
  outputColumns,
  planScalars,
} from '../logical/walk-plan.js';
import { columnRef, columnsOf, isVolatile } from '../logical/walk-scalar.js';
import type { Rule } from './rule.js';

export const PruneColumns: Rule = {
  name: 'PruneColumns',
  apply(query) {
    const plan = pruneColumns(
      query.plan,
      query.output.map((o) => o.column),
    );
    return plan === query.plan ? query : { ...query, plan };
  },
};

/** `plan` without what neither it nor a reader of `output` needs. */
export function pruneColumns(plan: LogicalPlan, output: readonly Column[]): LogicalPlan {
  const needed = neededColumns(plan, output);
  const visit = (node: LogicalPlan): LogicalPlan => {
    const inner = mapPlanInputs(pruneNode(node, needed), visit);
    const whole = mapPlanScalars(inner, (s) => mapSubqueries(s, (p) => keepShape(p, visit(p))));
    return restoreShapes(node, whole);
  };
  return visit(plan);
}

/** What is computed only if its column is read. */
const optionalExprs = (node: LogicalPlan): readonly { readonly column: Column; readonly uses: readonly Scalar[] }[] => {
  switch (node.kind) {
    case 'project':
      return node.items.map((i) => ({ column: i.column, uses: [i.expr] }));
    case 'aggregate':
      return node.aggregates.map(({ column, call }) => ({
        column,
        uses: [...call.args, ...call.orderBy.map((k) => k.expr), ...(call.filter ? [call.filter] : [])],
      }));
    default:
      return [];
  }
};

export function neededColumns(root: LogicalPlan, output: readonly Column[]): ReadonlySet<ColumnId> {
  const needed = new Set<ColumnId>();
  const uses = new Map<ColumnId, readonly Scalar[]>();
  const waiting: ColumnId[] = [];
  const need = (id: ColumnId): void => {
    if (needed.has(id)) return;
    needed.add(id);
    waiting.push(id);
  };
  const needAll = (columns: Iterable<Column>): void => {
    for (const column of columns) need(column.id);
  };
  needAll(output);
  forEachNode(root, (node) => {
    const optional = optionalExprs(node);
    for (const { column, uses: scalars } of optional) {
      // A projection that passes a column on, or gives it back its name over a CTE, has its id again.
      uses.set(column.id, [...(uses.get(column.id) ?? []), ...scalars]);
      if (scalars.some(isVolatile)) need(column.id);
    }
    const lazy = new Set(optional.flatMap((o) => o.uses));
    for (const scalar of planScalars(node)) {
      if (!lazy.has(scalar)) needAll(columnsOf(scalar).values());
      needAll(subqueryOutputs(scalar));
    }
    // By position, or by whole rows.
    if (node.kind === 'set') for (const input of node.inputs) needAll(outputColumns(input));
    if (node.kind === 'with') for (const cte of node.ctes) needAll(outputColumns(cte.plan));
    if (node.kind === 'distinct' && !node.on) needAll(outputColumns(node.input));
  });
  while (waiting.length > 0) for (const scalar of uses.get(waiting.pop()!) ?? []) needAll(columnsOf(scalar).values());
  return needed;
}

function subqueryOutputs(scalar: Scalar): readonly Column[] {
  const columns: Column[] = [];
  mapSubqueries(scalar, (plan) => {
    columns.push(...outputColumns(plan));
    return plan;
  });
  return columns;
}

function pruneNode(node: LogicalPlan, needed: ReadonlySet<ColumnId>): LogicalPlan {
  const keep = <T extends { readonly column: Column }>(items: readonly T[]): readonly T[] => {
    const kept = items.filter((i) => needed.has(i.column.id));
    return kept.length === items.length ? items : kept;
  };
  switch (node.kind) {
    case 'scan': {
      const columns = keep(node.columns);
      return columns === node.columns ? node : { ...node, columns };
    }
    case 'values': {
      if (!node.isLiteral || node.columns.every((c) => needed.has(c.id))) return node;
      // A relation without columns would lose count of its rows.
      const places = node.columns.flatMap((c, i) => (needed.has(c.id) ? [i] : []));
      if (places.length === 0) places.push(0);
      const columns = places.map((i) => node.columns[i]!);
      return { ...node, columns, rows: node.rows.map((row) => places.map((i) => row[i]!)) };
    }
    case 'project': {
      const items = keep(node.items);
      return items === node.items ? node : { ...node, items };
    }
    case 'aggregate': {
      const aggregates = keep(node.aggregates);
      if (aggregates === node.aggregates) return node;
      return aggregates.length > 0 || node.groups.length > 0 ? { ...node, aggregates } : rowsAlone(node);
    }
    case 'window': {
      const windows = keep(node.windows);
      if (windows === node.windows) return node;
      return windows.length === 0 ? node.input : { ...node, windows };
    }
    default:
      return node;
  }
}

/** An aggregation without groups whose results nobody reads: a row for each grouping set, whatever the input. */
function rowsAlone({ sets }: Aggregate): LogicalPlan {
  return { kind: 'values', columns: [], rows: (sets ?? [[]]).map(() => []) };
}

/** Where columns count by position, an input that lost its shape gets it back. */
function restoreShapes(before: LogicalPlan, after: LogicalPlan): LogicalPlan {
  if (before.kind === 'set' && after.kind === 'set') {
    const inputs = after.inputs.map((input, i) => keepShape(before.inputs[i]!, input));
    return inputs.every((input, i) => input === after.inputs[i]) ? after : { ...after, inputs };
  }
  return after;
}

function keepShape(before: LogicalPlan, after: LogicalPlan): LogicalPlan {
  const wanted = outputColumns(before);
  const have = outputColumns(after);
  if (wanted.length === have.length && wanted.every((c, i) => c.id === have[i]!.id)) return after;
  return { kind: 'project', input: after, items: wanted.map((column) => ({ column, expr: columnRef(column) })) };
}
