// A statement planned, and what its plan alone says of its rows.
import type { ObjectNames } from '../core/index.js';
import { type BoundQuery, isImmutable, type PhysicalPlan } from '../planner/index.js';

/** A statement planned: what `EXPLAIN` shows and what runs. */
export interface PlannedQuery {
  readonly bound: BoundQuery;
  /** Names of the rules that changed the plan, in order. */
  readonly fired: readonly string[];
  readonly optimized: BoundQuery;
  readonly physical: PhysicalPlan;
  /** What it calls objects of the catalogue, where it may show them. */
  readonly objects?: ObjectNames;
  /** That planning took. */
  readonly milliseconds: number;
}

const mostFixedRows = 100;

/** Its rows are computed of constants alone. */
export function isConstant(plan: PhysicalPlan): boolean {
  return plan.kind === 'values' || (plan.kind === 'eval' && isConstant(plan.input));
}

/** Of constants whose values never change, and few of them: they are computed once for all executions. */
export function isFixed(plan: PhysicalPlan): boolean {
  if (plan.kind === 'eval')
    return isFixed(plan.input) && plan.filter.every(isImmutable) && plan.items.every(({ expr }) => isImmutable(expr));
  return plan.kind === 'values' && plan.rows.length <= mostFixedRows && plan.rows.flat().every(isImmutable);
}
