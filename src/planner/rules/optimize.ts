// The optimizer: named rules in order; the plan stays the same query after each.
import { type SqlType, sameType } from '../../core/index.js';
import type { Column, ColumnId } from '../bind/scalar.js';
import type { BoundQuery } from '../logical/logical-plan.js';
import { forEachNode, outputColumns } from '../logical/walk-plan.js';
import { AnyToIn } from './any-to-in.js';
import { DeriveJoinPredicates } from './derive-join-predicates.js';
import { EliminateDistinct } from './eliminate-distinct.js';
import { EliminateSort } from './eliminate-sort.js';
import { EmptyRelation } from './empty-relation.js';
import { FilterValues } from './filter-values.js';
import { FoldConstants } from './fold-constants.js';
import { InlineCte } from './inline-cte.js';
import { InlineOneRowSubquery } from './inline-one-row-subquery.js';
import { MergeFilters } from './merge-filters.js';
import { MergeProjects } from './merge-projects.js';
import { NarrowComparisons } from './narrow-comparisons.js';
import { OrToIn } from './or-to-in.js';
import { PruneColumns } from './prune-columns.js';
import { PushFilterIntoScan } from './push-filter-into-scan.js';
import { PushFilterThroughAggregate } from './push-filter-through-aggregate.js';
import { PushFilterThroughJoin } from './push-filter-through-join.js';
import { PushFilterThroughProject } from './push-filter-through-project.js';
import { PushFilterThroughSet } from './push-filter-through-set.js';
import { PushFilterThroughSort } from './push-filter-through-sort.js';
import { PushFilterThroughUnnest } from './push-filter-through-unnest.js';
import { PushFilterThroughWindow } from './push-filter-through-window.js';
import { PushLimitIntoScan } from './push-limit-into-scan.js';
import { PushLimitThroughProject } from './push-limit-through-project.js';
import { PushLimitThroughUnion } from './push-limit-through-union.js';
import { RemoveTrivialProject } from './remove-trivial-project.js';
import { RemoveUnusedCte } from './remove-unused-cte.js';
import type { Rule, RuleContext } from './rule.js';
import { SimplifyIn } from './simplify-in.js';
import { SimplifyPredicates } from './simplify-predicates.js';
import { SubqueryToSemiJoin } from './subquery-to-semi-join.js';
import { TopN } from './top-n.js';

const simplify: readonly Rule[] = [FoldConstants, AnyToIn, NarrowComparisons, SimplifyPredicates, OrToIn, SimplifyIn];
const placeFilters: readonly Rule[] = [
  MergeFilters,
  PushFilterThroughProject,
  PushFilterThroughJoin,
  PushFilterThroughAggregate,
  PushFilterThroughSet,
  PushFilterThroughWindow,
  PushFilterThroughSort,
  PushFilterIntoScan,
];

/** A batch runs until none of its rules fires, so that a filter passes any stack of nodes; one of PushFilterThroughUnnest once. */
const batches: readonly (readonly Rule[])[] = [
  [RemoveUnusedCte, InlineCte, InlineOneRowSubquery],
  simplify,
  [SubqueryToSemiJoin],
  placeFilters,
  [DeriveJoinPredicates, NarrowComparisons, SimplifyPredicates, ...placeFilters],
  [PushFilterThroughUnnest],
  placeFilters,
  simplify,
  [FilterValues],
  [EmptyRelation],
  [EliminateSort, EliminateDistinct],
  [MergeProjects, PushLimitThroughProject, PushLimitThroughUnion, TopN, PushLimitIntoScan],
  [PruneColumns, MergeProjects, RemoveTrivialProject],
];
const once: ReadonlySet<Rule> = new Set([PushFilterThroughUnnest]);

export const rules: readonly Rule[] = [...new Set(batches.flat())];

export interface Optimized {
  readonly query: BoundQuery;
  /** Names of the rules that changed the plan, each once, in order. */
  readonly fired: readonly string[];
}

const mostRounds = 20;

export function optimize(bound: BoundQuery, options: { readonly disabledRules?: ReadonlySet<string> } = {}): Optimized {
  const fired = new Set<string>();
  const context = ruleContext(bound);
  let query = bound;
  for (const batch of batches) {
    const rounds = batch.some((rule) => once.has(rule)) ? 1 : mostRounds;
    for (let round = 0; round < rounds; round++) {
      const before = query;
      for (const rule of batch) {
        if (options.disabledRules?.has(rule.name)) continue;
        const next = rule.apply(query, context);
        if (next === query) continue;
        if (process.env['NODE_ENV'] !== 'production') assertSameOutput(rule.name, next);
        fired.add(rule.name);
        query = next;
      }
      if (query === before) break;
    }
  }
  return { query, fired: [...fired] };
}

/** A rule that loses or retypes a result column is a bug. */
function assertSameOutput(rule: string, query: BoundQuery): void {
  const columns = new Map(outputColumns(query.plan).map((c) => [c.id, c]));
  for (const { column } of query.output) {
    const made = columns.get(column.id);
    if (!made || !sameType(made.type, column.type))
      throw new Error(`rule ${rule} changed output column ${column.name}`);
  }
}

function ruleContext(query: BoundQuery): RuleContext {
  let last: number | undefined;
  return {
    newColumn(name: string, type: SqlType): Column {
      if (last === undefined) {
        last = 0;
        forEachNode(query.plan, (node) => {
          for (const column of outputColumns(node)) last = Math.max(last!, column.id);
        });
      }
      return { id: ++last as ColumnId, name, type };
    },
  };
}
