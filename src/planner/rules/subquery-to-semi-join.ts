// A filter by EXISTS or IN becomes a semi join, NOT EXISTS an anti join, so that both sides are filtered and pruned by the condition.
// Before: Filter: exists (Filter: b.id = a.id ─ B) ─ A    After: Join: semi on b.id = a.id ─ (A, B)
// Correlated terms must lie in filters at the top of the subquery. NOT IN, for which a NULL decides, stays.
import { sameType, types } from '../../core/index.js';
import type { Scalar, SubqueryScalar } from '../bind/scalar.js';
import type { Join, LogicalPlan } from '../logical/logical-plan.js';
import { freeColumns, outputColumns, outputIds } from '../logical/walk-plan.js';
import {
  columnRef,
  conjunction,
  conjuncts,
  coveredBy,
  hasSubquery,
  isVolatile,
  substitute,
} from '../logical/walk-scalar.js';
import { filterOver } from './push-filter-down.js';
import { bottomUp } from './rule.js';

export const SubqueryToSemiJoin = bottomUp('SubqueryToSemiJoin', (node) => {
  if (node.kind !== 'filter') return node;
  let input = node.input;
  const kept: Scalar[] = [];
  for (const term of conjuncts(node.predicate)) {
    const joined = joinOf(term, input);
    if (joined) input = joined;
    else kept.push(term);
  }
  return input === node.input ? node : filterOver(input, kept);
});

function joinOf(term: Scalar, left: LogicalPlan): Join | undefined {
  const negated = term.kind === 'not';
  const subquery = negated ? term.arg : term;
  if (subquery.kind !== 'subquery') return undefined;
  if (subquery.mode !== 'exists' && (negated || subquery.mode !== 'any')) return undefined;
  const sides = takeApart(subquery.plan);
  if (!sides || freeColumns(sides.plan).size > 0) return undefined;
  const compared = comparisons(subquery, sides);
  if (!compared) return undefined;
  const condition = [...sides.correlated, ...compared];
  const available = new Set([...outputIds(left), ...outputIds(sides.plan)]);
  if (!condition.every((t) => !hasSubquery(t) && !isVolatile(t) && coveredBy(t, available))) return undefined;
  // Without a condition the subquery is asked once, as it stands.
  if (condition.length === 0) return undefined;
  const type = negated ? 'anti' : 'semi';
  return { kind: 'join', type, left, right: sides.plan, on: conjunction(condition), lateral: false };
}

interface Sides {
  readonly plan: LogicalPlan;
  readonly correlated: readonly Scalar[];
  /** The subquery's columns, in terms of `plan`. */
  readonly columns: readonly Scalar[];
}

/** Splits off the correlated filters at the top, through projections. */
function takeApart(plan: LogicalPlan): Sides | undefined {
  switch (plan.kind) {
    case 'project': {
      const below = takeApart(plan.input);
      if (!below || plan.items.some((i) => hasSubquery(i.expr) || isVolatile(i.expr))) return undefined;
      const inputs = outputColumns(plan.input);
      const by = new Map(inputs.map((c, i) => [c.id, below.columns[i]!]));
      return { ...below, columns: plan.items.map((i) => substitute(i.expr, by)) };
    }
    case 'filter': {
      const below = takeApart(plan.input);
      if (!below) return undefined;
      const by = new Map(outputColumns(plan.input).map((c, i) => [c.id, below.columns[i]!]));
      const terms = conjuncts(plan.predicate);
      if (terms.some((t) => hasSubquery(t) || isVolatile(t))) return undefined;
      const substituted = terms.map((t) => substitute(t, by));
      const own = outputIds(below.plan);
      const isOwn = (t: Scalar): boolean => coveredBy(t, own);
      return {
        ...below,
        plan: filterOver(below.plan, substituted.filter(isOwn)),
        correlated: [...below.correlated, ...substituted.filter((t) => !isOwn(t))],
      };
    }
    default:
      return { plan, correlated: [], columns: outputColumns(plan).map(columnRef) };
  }
}

/** `left = column`, for IN; the column may be an expression by now. */
function comparisons(subquery: SubqueryScalar, { columns }: Sides): readonly Scalar[] | undefined {
  if (subquery.mode === 'exists') return [];
  const { left = [], comparison } = subquery;
  if (!comparison || columns.length !== left.length) return undefined;
  const terms: Scalar[] = [];
  for (const [i, value] of left.entries()) {
    const overload = comparison.overloads[i];
    const column = columns[i]!;
    if (!overload || !sameType(value.type, column.type)) return undefined;
    terms.push({ kind: 'call', type: types.bool, name: comparison.name, overload, args: [value, column] });
  }
  return terms;
}
