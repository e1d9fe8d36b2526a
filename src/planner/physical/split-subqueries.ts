// Subqueries inside expressions that only the evaluator has: a projection under the node computes them.
import type { Scalar } from '../bind/scalar.js';
import type { LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { outputColumns } from '../logical/walk-plan.js';
import { columnRef, conjunction, conjuncts, hasSubquery, mapScalarChildren } from '../logical/walk-scalar.js';
import type { Homes } from './lift-evaluated.js';

/**
 * `Project f((SELECT …))` becomes `Project f(t)` over `Project …, t = (SELECT …)`, and a filter likewise.
 * @returns the node itself where there is nothing to take out, or where CASE, COALESCE, AND and OR may skip it
 */
export function splitSubqueries(node: LogicalPlan, homes: Homes): LogicalPlan {
  if (node.kind !== 'project' && node.kind !== 'filter') return node;
  const splitter = new Splitter(homes);
  const over: LogicalPlan =
    node.kind === 'project'
      ? { ...node, items: node.items.map((i) => ({ ...i, expr: splitter.apart(i.expr) })) }
      : { ...node, predicate: conjunction(conjuncts(node.predicate).map((term) => splitter.apart(term))) };
  if (splitter.made.length === 0 || splitter.failed) return node;
  const kept = outputColumns(node.input).map((column) => ({ column, expr: columnRef(column) }));
  return { ...over, input: { kind: 'project', input: node.input, items: [...kept, ...splitter.made] } };
}

class Splitter {
  readonly made: ProjectItem[] = [];
  failed = false;

  constructor(private readonly homes: Homes) {}

  apart(scalar: Scalar): Scalar {
    if (!hasSubquery(scalar)) return scalar;
    if (this.homes.isRenderable(scalar)) {
      const column = this.homes.newColumn('computed', scalar.type);
      this.made.push({ column, expr: scalar });
      return columnRef(column);
    }
    switch (scalar.kind) {
      case 'case':
      case 'coalesce':
      case 'and':
      case 'or':
        this.failed = true;
        return scalar;
      case 'list_map':
      case 'list_filter': {
        const { body } = scalar;
        this.failed ||= hasSubquery(body);
        return mapScalarChildren(scalar, (child) => (child === body ? child : this.apart(child)));
      }
      default:
        return mapScalarChildren(scalar, (child) => this.apart(child));
    }
  }
}
