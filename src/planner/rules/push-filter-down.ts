// What the filter rules share: splitting a filter into the terms that may move below its input and those that stay.
import type { Scalar } from '../bind/scalar.js';
import type { Filter, LogicalPlan } from '../logical/logical-plan.js';
import { conjunction, conjuncts, hasSubquery, isVolatile } from '../logical/walk-scalar.js';

/** `undefined` where no term may move. */
export function splitFilter(
  filter: Filter,
  mayMove: (term: Scalar) => boolean,
): { readonly moved: readonly Scalar[]; readonly kept: readonly Scalar[] } | undefined {
  const moved: Scalar[] = [];
  const kept: Scalar[] = [];
  for (const term of conjuncts(filter.predicate))
    (!hasSubquery(term) && !isVolatile(term) && mayMove(term) ? moved : kept).push(term);
  return moved.length === 0 ? undefined : { moved, kept };
}

export function filterOver(input: LogicalPlan, terms: readonly Scalar[]): LogicalPlan {
  return terms.length === 0 ? input : { kind: 'filter', input, predicate: conjunction(terms) };
}
