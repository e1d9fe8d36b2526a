// Reading and rewriting logical plans: one place that knows the inputs, expressions and columns of each node.
import type { AggregateCall, Column, ColumnId, Scalar, SortKey } from '../bind/scalar.js';
import type { FrameBoundPlan, LogicalPlan, ProjectItem, ValuesPlan, WindowCall } from './logical-plan.js';
import { collectColumns, mapShared, rewriteScalar, scalarsOf, someScalar } from './walk-scalar.js';

/** The columns a node gives, in order. */
export function outputColumns(plan: LogicalPlan): readonly Column[] {
  switch (plan.kind) {
    case 'scan':
      return plan.columns.map((c) => c.column);
    case 'values':
    case 'set':
    case 'cte_scan':
    case 'input':
      return plan.columns;
    case 'project':
      return plan.items.map((i) => i.column);
    case 'filter':
    case 'sort':
    case 'limit':
    case 'top_n':
    case 'distinct':
      return outputColumns(plan.input);
    case 'aggregate':
      return [...plan.groups, ...plan.aggregates, ...(plan.grouping ?? [])].map((c) => c.column);
    case 'window':
      return [...outputColumns(plan.input), ...plan.windows.map((w) => w.column)];
    case 'join':
      if (plan.type === 'semi' || plan.type === 'anti') return outputColumns(plan.left);
      return [...outputColumns(plan.left), ...outputColumns(plan.right)];
    case 'table_function':
      return [...plan.calls.flatMap((c) => c.columns), ...(plan.ordinality ? [plan.ordinality] : [])];
    case 'project_set':
      return [...outputColumns(plan.input), ...plan.items.map((i) => i.column)];
    case 'with':
      return outputColumns(plan.body);
  }
}

export function valuesPlan(columns: readonly Column[], rows: readonly (readonly Scalar[])[]): ValuesPlan {
  const isLiteral = rows.every((row) => row.every((scalar) => scalar.kind === 'literal' && !scalar.parameter));
  return { kind: 'values', columns, rows, ...(isLiteral && { isLiteral }) };
}

export const outputIds = (plan: LogicalPlan): ReadonlySet<ColumnId> => new Set(outputColumns(plan).map((c) => c.id));

export function planInputs(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'table_function':
    case 'cte_scan':
    case 'input':
      return [];
    case 'join':
      return [plan.left, plan.right];
    case 'set':
      return plan.inputs;
    case 'with':
      return [...plan.ctes.map((c) => c.plan), plan.body];
    default:
      return [plan.input];
  }
}

function mapFrame(frame: NonNullable<WindowCall['frame']>, f: (scalar: Scalar) => Scalar): typeof frame {
  const bound = (b: FrameBoundPlan): FrameBoundPlan => {
    const offset = b.offset && f(b.offset);
    return offset === b.offset ? b : { ...b, ...(offset && { offset }) };
  };
  const start = bound(frame.start);
  const end = bound(frame.end);
  return start === frame.start && end === frame.end ? frame : { ...frame, start, end };
}

/** `plan` with its inputs rewritten; itself where nothing changes. Plans in subqueries are reached through {@link mapPlanScalars}. */
export function mapPlanInputs(plan: LogicalPlan, f: (input: LogicalPlan) => LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'table_function':
    case 'cte_scan':
    case 'input':
      return plan;
    case 'join': {
      const left = f(plan.left);
      const right = f(plan.right);
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case 'set': {
      const inputs = mapShared(plan.inputs, f);
      return inputs === plan.inputs ? plan : { ...plan, inputs };
    }
    case 'with': {
      const ctes = mapShared(plan.ctes, (cte) => {
        const inner = f(cte.plan);
        return inner === cte.plan ? cte : { ...cte, plan: inner };
      });
      const body = f(plan.body);
      return ctes === plan.ctes && body === plan.body ? plan : { ...plan, ctes, body };
    }
    default: {
      const input = f(plan.input);
      return input === plan.input ? plan : { ...plan, input };
    }
  }
}

type MapScalar = (scalar: Scalar) => Scalar;

const mapItems = <T extends { readonly expr: Scalar }>(items: readonly T[], f: MapScalar): readonly T[] =>
  mapShared(items, (item) => {
    const expr = f(item.expr);
    return expr === item.expr ? item : { ...item, expr };
  });

export function mapCall(call: AggregateCall, f: MapScalar): AggregateCall {
  const args = mapShared(call.args, f);
  const orderBy = mapItems(call.orderBy, f);
  const filter = call.filter && f(call.filter);
  if (args === call.args && orderBy === call.orderBy && filter === call.filter) return call;
  return { ...call, args, orderBy, ...(filter && { filter }) };
}

function mapWith<T extends { readonly call: AggregateCall }>(items: readonly T[], f: MapScalar): readonly T[] {
  return mapShared(items, (item) => {
    const call = mapCall(item.call, f);
    return call === item.call ? item : { ...item, call };
  });
}

/** `plan` with the expressions of this node rewritten; itself where nothing changes. */
export function mapPlanScalars(plan: LogicalPlan, f: MapScalar): LogicalPlan {
  switch (plan.kind) {
    case 'cte_scan':
    case 'input':
    case 'set':
    case 'with':
      return plan;
    case 'scan': {
      const filter = mapShared(plan.filter, f);
      return filter === plan.filter ? plan : { ...plan, filter };
    }
    case 'values': {
      if (plan.isLiteral) return plan;
      const rows = mapShared(plan.rows, (row) => mapShared(row, f));
      return rows === plan.rows ? plan : { ...plan, rows };
    }
    case 'project': {
      const items = mapItems<ProjectItem>(plan.items, f);
      return items === plan.items ? plan : { ...plan, items };
    }
    case 'filter': {
      const predicate = f(plan.predicate);
      return predicate === plan.predicate ? plan : { ...plan, predicate };
    }
    case 'aggregate': {
      const groups = mapItems<ProjectItem>(plan.groups, f);
      const aggregates = mapWith(plan.aggregates, f);
      return groups === plan.groups && aggregates === plan.aggregates ? plan : { ...plan, groups, aggregates };
    }
    case 'window': {
      const windows = mapShared(mapWith(plan.windows, f), (w) => {
        const partitionBy = mapShared(w.partitionBy, f);
        const orderBy = mapItems<SortKey>(w.orderBy, f);
        const frame = w.frame && mapFrame(w.frame, f);
        if (partitionBy === w.partitionBy && orderBy === w.orderBy && frame === w.frame) return w;
        return { ...w, partitionBy, orderBy, ...(frame && { frame }) };
      });
      return windows === plan.windows ? plan : { ...plan, windows };
    }
    case 'join': {
      const on = plan.on && f(plan.on);
      return !on || on === plan.on ? plan : { ...plan, on };
    }
    case 'sort':
    case 'top_n': {
      const keys = mapItems<SortKey>(plan.keys, f);
      return keys === plan.keys ? plan : { ...plan, keys };
    }
    case 'limit': {
      const limit = plan.limit && f(plan.limit);
      const offset = plan.offset && f(plan.offset);
      if (limit === plan.limit && offset === plan.offset) return plan;
      return { ...plan, ...(limit && { limit }), ...(offset && { offset }) };
    }
    case 'distinct': {
      const on = plan.on && mapShared(plan.on, f);
      return !on || on === plan.on ? plan : { ...plan, on };
    }
    case 'table_function': {
      const calls = mapShared(plan.calls, (call) => {
        const args = mapShared(call.args, f);
        return args === call.args ? call : { ...call, args };
      });
      return calls === plan.calls ? plan : { ...plan, calls };
    }
    case 'project_set': {
      const items = mapShared(plan.items, (item) => {
        const args = mapShared(item.args, f);
        return args === item.args ? item : { ...item, args };
      });
      return items === plan.items ? plan : { ...plan, items };
    }
  }
}

/** All expressions of this node. */
export function planScalars(plan: LogicalPlan): readonly Scalar[] {
  const scalars: Scalar[] = [];
  mapPlanScalars(plan, (s) => {
    scalars.push(s);
    return s;
  });
  if (plan.kind === 'window')
    for (const { frame } of plan.windows)
      for (const bound of [frame?.start, frame?.end]) if (bound?.offset) scalars.push(bound.offset);
  return scalars;
}

/** By expression: every rule asks, and most expressions hold none. */
const knownSubqueries = new WeakMap<Scalar, boolean>();

function hasSubquery(scalar: Scalar): boolean {
  let known = knownSubqueries.get(scalar);
  if (known === undefined) {
    known = someScalar(scalar, (s) => s.kind === 'subquery');
    knownSubqueries.set(scalar, known);
  }
  return known;
}

/** Plans of the subqueries inside an expression, rewritten. */
export function mapSubqueries(scalar: Scalar, f: (plan: LogicalPlan) => LogicalPlan): Scalar {
  if (!hasSubquery(scalar)) return scalar;
  return rewriteScalar(scalar, (s) => {
    if (s.kind !== 'subquery') return s;
    const plan = f(s.plan);
    return plan === s.plan ? s : { ...s, plan };
  });
}

/** Every node, subqueries' included, parents first. */
export function forEachNode(plan: LogicalPlan, visit: (node: LogicalPlan) => void): void {
  visit(plan);
  for (const scalar of planScalars(plan))
    for (const s of scalarsOf(scalar)) if (s.kind === 'subquery') forEachNode(s.plan, visit);
  for (const input of planInputs(plan)) forEachNode(input, visit);
}

/** Columns that a plan takes from outside: what makes a subquery or a lateral side correlated. */
export function freeColumns(plan: LogicalPlan): ReadonlyMap<ColumnId, Column> {
  const used = new Map<ColumnId, Column>();
  const made = new Set<ColumnId>();
  const visit = (node: LogicalPlan): void => {
    for (const scalar of planScalars(node)) collectColumns(scalar, used);
    for (const column of outputColumns(node)) made.add(column.id);
    for (const input of planInputs(node)) visit(input);
  };
  visit(plan);
  for (const id of made) used.delete(id);
  return used;
}

/** CTEs that a plan names and does not make. */
export function freeCtes(plan: LogicalPlan): ReadonlySet<number> {
  const free = new Set<number>();
  const made = new Set<number>();
  forEachNode(plan, (node) => {
    if (node.kind === 'cte_scan') free.add(node.cte);
    if (node.kind === 'with') for (const { id } of node.ctes) made.add(id);
  });
  for (const id of made) free.delete(id);
  return free;
}

const levels = new WeakMap<LogicalPlan, number>();

/** How deep subqueries stand in subqueries. */
export function subqueryLevels(plan: LogicalPlan): number {
  let known = levels.get(plan);
  if (known === undefined) {
    known = Math.max(0, ...planInputs(plan).map(subqueryLevels));
    for (const scalar of planScalars(plan))
      for (const s of scalarsOf(scalar)) if (s.kind === 'subquery') known = Math.max(known, 1 + subqueryLevels(s.plan));
    levels.set(plan, known);
  }
  return known;
}
