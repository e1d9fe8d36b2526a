// Expressions that only the evaluator has, taken out of a node that DuckDB runs: a projection under the node computes them.
import { types } from '../../core/index.js';
import { sameScalar } from '../bind/same-scalar.js';
import type { Column, ColumnId, Scalar } from '../bind/scalar.js';
import type { Join, LogicalPlan, ProjectItem, TableFunction } from '../logical/logical-plan.js';
import { mapCall, mapPlanInputs, mapPlanScalars, outputColumns, outputIds, planInputs } from '../logical/walk-plan.js';
import {
  columnRef,
  columnsOf,
  conjunction,
  conjuncts,
  coveredBy,
  mapScalarChildren,
  mapShared,
  rewriteScalar,
} from '../logical/walk-scalar.js';

export interface Homes {
  isEvaluable(scalar: Scalar): boolean;
  /** Of the expression itself; plans of its subqueries are looked at node by node. */
  isRenderable(scalar: Scalar): boolean;
  newColumn(name: string, type: Scalar['type']): Column;
  /** Whether the evaluator can run over it: it names nothing of queries around it that are not made yet. */
  standsAlone(plan: LogicalPlan): boolean;
}

/**
 * `Join on a.x = f(b.y)` becomes `Join on a.x = t` over `Project b.*, t = f(b.y)`; an inner join's condition over both sides becomes a
 * filter above it.
 * @returns `undefined` where nothing can be taken out
 */
export function liftEvaluated(node: LogicalPlan, homes: Homes): LogicalPlan | undefined {
  if (node.kind === 'table_function') return overOneRow(node, homes);
  const inputs = planInputs(node);
  if (node.kind === 'with' || node.kind === 'set' || inputs.length === 0) return undefined;
  // A projection that is the evaluator's whole, where no plan of its own may stand, is not helped by another under it.
  if (node.kind === 'project' && node.items.every((i) => homes.isEvaluable(i.expr))) return undefined;
  const lifter = new Lifter(inputs, homes);
  const rewritten = rewriteScalars(node, lifter);
  if (!rewritten) return undefined;
  if (lifter.isEmpty) return rewritten === node ? undefined : rewritten;
  let index = 0;
  const over = mapPlanInputs(rewritten, (input) => lifter.under(input, index++));
  return passesColumns(over) ? trimmed(over, outputColumns(node)) : over;
}

/** Constant arguments, as columns of one row before it. */
function overOneRow(node: TableFunction, homes: Homes): LogicalPlan | undefined {
  const items: ProjectItem[] = [];
  const right = mapPlanScalars(node, (expr) => {
    if (homes.isRenderable(expr) || !homes.isEvaluable(expr) || columnsOf(expr).size > 0) return expr;
    const column = homes.newColumn('computed', expr.type);
    items.push({ column, expr });
    return columnRef(column);
  });
  if (items.length === 0) return undefined;
  const left: LogicalPlan = { kind: 'project', input: { kind: 'values', columns: [], rows: [[]] }, items };
  return trimmed({ kind: 'join', type: 'cross', left, right, lateral: true }, outputColumns(node));
}

class Lifter {
  private readonly made: ProjectItem[][];
  private readonly ids: readonly ReadonlySet<ColumnId>[];

  constructor(
    inputs: readonly LogicalPlan[],
    readonly homes: Homes,
  ) {
    this.made = inputs.map(() => []);
    // Nothing is computed over what does not stand alone.
    this.ids = inputs.map((input) => (homes.standsAlone(input) ? outputIds(input) : new Set<ColumnId>()));
  }

  get isEmpty(): boolean {
    return this.made.every((items) => items.length === 0);
  }

  /** @param guard where it is not true, the expression is not evaluated */
  lift(scalar: Scalar, guard?: Scalar): Scalar {
    if (this.homes.isRenderable(scalar)) return scalar.kind === 'subquery' ? this.inside(scalar) : this.below(scalar);
    const at = this.homes.isEvaluable(scalar) ? this.ids.findIndex((ids) => coveredBy(scalar, ids)) : -1;
    if (at < 0) return this.below(scalar);
    const useful = guard && this.homes.isEvaluable(guard) && coveredBy(guard, this.ids[at]!) ? guard : undefined;
    const expr: Scalar = useful
      ? {
          kind: 'case',
          type: scalar.type,
          branches: [{ when: useful, then: scalar }],
          otherwise: { kind: 'literal', type: scalar.type, value: null },
        }
      : scalar;
    const items = this.made[at]!;
    let item = items.find((i) => sameScalar(i.expr, expr));
    if (!item) {
      item = { column: this.homes.newColumn('computed', scalar.type), expr };
      items.push(item);
    }
    return columnRef(item.column);
  }

  /** Into what is evaluated for every row; what CASE, COALESCE, AND and OR may skip stays where it is. */
  private below(scalar: Scalar): Scalar {
    switch (scalar.kind) {
      case 'case':
      case 'coalesce':
      case 'and':
      case 'or':
        return mapScalarChildren(scalar, (child) => this.subqueriesOf(child));
      case 'list_map':
      case 'list_filter': {
        const { body } = scalar;
        return mapScalarChildren(scalar, (child) => (child === body ? this.subqueriesOf(child) : this.lift(child)));
      }
      default:
        return mapScalarChildren(scalar.kind === 'subquery' ? this.inside(scalar) : scalar, (child) =>
          this.lift(child),
        );
    }
  }

  private subqueriesOf(scalar: Scalar): Scalar {
    return rewriteScalar(scalar, (s) => this.inside(s));
  }

  /** What a subquery computes of this node's rows alone. */
  private inside(scalar: Scalar): Scalar {
    if (scalar.kind !== 'subquery') return scalar;
    const plan = this.correlated(scalar.plan);
    return plan === scalar.plan ? scalar : { ...scalar, plan };
  }

  correlated(plan: LogicalPlan): LogicalPlan {
    const outer = (scalar: Scalar): Scalar => {
      if (this.homes.isRenderable(scalar)) return mapScalarChildren(scalar, outer);
      // Constants stay below, where they can be made as well.
      if (columnsOf(scalar).size > 0) {
        const lifted = this.homes.isEvaluable(scalar) && this.ids.some((ids) => coveredBy(scalar, ids));
        if (lifted) return this.lift(scalar);
      }
      return mapScalarChildren(scalar, outer);
    };
    return mapPlanInputs(mapPlanScalars(plan, outer), (input) => this.correlated(input));
  }

  under(input: LogicalPlan, index: number): LogicalPlan {
    const items = this.made[index]!;
    if (items.length === 0) return input;
    const kept = outputColumns(input).map((column) => ({ column, expr: columnRef(column) }));
    return { kind: 'project', input, items: [...kept, ...items] };
  }
}

/** The node over the lifted columns; `undefined` where something is left that DuckDB cannot do. */
function rewriteScalars(node: LogicalPlan, lifter: Lifter): LogicalPlan | undefined {
  const { isRenderable } = lifter.homes;
  switch (node.kind) {
    case 'join':
      return rewriteJoin(node, lifter);
    case 'filter': {
      const terms = conjuncts(node.predicate);
      const lifted = terms.map((t) => lifter.lift(t));
      if (!lifted.every(isRenderable)) return undefined;
      return lifted.every((t, i) => t === terms[i]) ? node : { ...node, predicate: conjunction(lifted) };
    }
    case 'aggregate': {
      const aggregates = mapShared(node.aggregates, (a) => {
        const call = mapCall(a.call, (s) => lifter.lift(s, a.call.filter));
        return call === a.call ? a : { ...a, call };
      });
      const groups = mapShared(node.groups, (g) => {
        const expr = lifter.lift(g.expr);
        return expr === g.expr ? g : { ...g, expr };
      });
      return groups === node.groups && aggregates === node.aggregates ? node : { ...node, groups, aggregates };
    }
    default: {
      let left = false;
      const rewritten = mapPlanScalars(node, (s) => {
        const lifted = lifter.lift(s);
        left ||= !isRenderable(lifted);
        return lifted;
      });
      return left ? undefined : rewritten;
    }
  }
}

function rewriteJoin(join: Join, lifter: Lifter): LogicalPlan | undefined {
  const { isRenderable } = lifter.homes;
  const right = join.lateral ? lifter.correlated(join.right) : join.right;
  const lifted = (join.on ? conjuncts(join.on) : []).map((t) => lifter.lift(t));
  const within = lifted.filter(isRenderable);
  const above = lifted.filter((t) => !isRenderable(t));
  const isInner = join.type === 'inner' || join.type === 'cross';
  const same = right === join.right && lifted.every((t, i) => t === conjuncts(join.on!)[i]);
  // An outer join waits for the rest of its condition to be split off.
  if (same && (above.length === 0 || !isInner)) return above.length === 0 ? join : undefined;
  if (!isInner) return { ...join, right, on: conjunction(lifted) };
  const { on: _, ...rest } = join;
  const type = within.length === 0 ? 'cross' : join.type;
  const on = type === 'cross' ? {} : { on: within.length > 0 ? conjunction(within) : literalTrue };
  const joined: LogicalPlan = { ...rest, right, type, ...on };
  return above.length === 0 ? joined : { kind: 'filter', input: joined, predicate: conjunction(above) };
}

const literalTrue: Scalar = { kind: 'literal', type: types.bool, value: true };

const passesColumns = (node: LogicalPlan): boolean => node.kind !== 'project' && node.kind !== 'aggregate';

function trimmed(input: LogicalPlan, wanted: readonly Column[]): LogicalPlan {
  return { kind: 'project', input, items: wanted.map((column) => ({ column, expr: columnRef(column) })) };
}
