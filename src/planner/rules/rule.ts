// What a rewrite rule is, and the two ways rules walk a plan.
import type { SqlType } from '../../core/index.js';
import type { Column } from '../bind/scalar.js';
import type { BoundQuery, LogicalPlan } from '../logical/logical-plan.js';
import { mapPlanInputs, mapPlanScalars, mapSubqueries } from '../logical/walk-plan.js';

export interface RuleContext {
  /** A column no other node of the statement has. */
  newColumn(name: string, type: SqlType): Column;
}

/** Keeps the meaning and the output columns; gives the query itself back where nothing matches. */
export interface Rule {
  readonly name: string;
  apply(query: BoundQuery, context: RuleContext): BoundQuery;
}

type Rewrite = (node: LogicalPlan, context: RuleContext) => LogicalPlan;

const changed = (query: BoundQuery, plan: LogicalPlan): BoundQuery =>
  plan === query.plan ? query : { ...query, plan };

/** Rewrites a node, then its inputs: for what moves down. Subqueries' plans are walked too. */
export function topDown(name: string, rewrite: Rewrite): Rule {
  return {
    name,
    apply(query, context) {
      const visit = (node: LogicalPlan): LogicalPlan => {
        const inner = mapPlanInputs(rewrite(node, context), visit);
        return mapPlanScalars(inner, (scalar) => mapSubqueries(scalar, visit));
      };
      return changed(query, visit(query.plan));
    },
  };
}

/** Rewrites inputs, then the node: for what folds up. */
export function bottomUp(name: string, rewrite: Rewrite): Rule {
  return {
    name,
    apply(query, context) {
      const visit = (node: LogicalPlan): LogicalPlan => {
        const inner = mapPlanInputs(node, visit);
        return rewrite(
          mapPlanScalars(inner, (scalar) => mapSubqueries(scalar, visit)),
          context,
        );
      };
      return changed(query, visit(query.plan));
    },
  };
}
