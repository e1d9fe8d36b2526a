// The logical plan placed: what fragments do at the partitions, what merges their results, and what is left for DuckDB.
import type { TableEntry, TableStats } from '../../catalog/index.js';
import { comparable, fail, printSqlType } from '../../core/index.js';
import type { Column, ColumnId, Scalar, SortKey } from '../bind/scalar.js';
import type {
  Aggregate,
  BoundQuery,
  CtePlan,
  Distinct,
  LogicalPlan,
  ProjectItem,
  Scan,
  WindowCall,
  WindowPlan,
  WithPlan,
} from '../logical/logical-plan.js';
import {
  forEachNode,
  freeColumns,
  freeCtes,
  mapCall,
  mapPlanInputs,
  mapPlanScalars,
  mapSubqueries,
  outputColumns,
  planScalars,
  subqueryLevels,
} from '../logical/walk-plan.js';
import {
  columnRef,
  conjunction,
  conjuncts,
  hasSubquery,
  isVolatile,
  someScalar,
  substitute,
} from '../logical/walk-scalar.js';
import { pruneColumns } from '../rules/prune-columns.js';
import { constantBounds } from '../rules/top-n.js';
import { addTieBreakers } from './add-tie-breakers.js';
import type { Names } from './decorrelate.js';
import type { StoreSpeed } from './fragment-cost.js';
import { hasPlainKeys, isEvaluable, isRenderable, isRenderableCall, isRenderableNode } from './homes.js';
import { isKernel, kernelVerdict, whyNotKernelAggregate } from './kernel-verdict.js';
import { type Homes, liftEvaluated } from './lift-evaluated.js';
import { physicalColumns } from './physical-columns.js';
import type { Gather, PhysicalPlan, PushedPredicate, ResidualPredicate } from './physical-plan.js';
import { placeFragments } from './place-fragments.js';
import { filterElements, unnested } from './place-unnest.js';
import { prunePartitions } from './prune-partitions.js';
import { isLongSeries, seriesOf } from './series.js';
import { projected, shape } from './shape.js';
import { isQuadratic, splitJoin } from './split-join.js';
import { splitSubqueries } from './split-subqueries.js';
import { trimInputs } from './trim-inputs.js';
import { unnestSubqueries } from './unnest-subqueries.js';

export interface PhysicalEnvironment {
  readonly stats: ReadonlyMap<TableEntry, TableStats>;
  readonly settings: { readonly pushdown: 'auto' | 'on' | 'off'; readonly kernel: 'on' | 'evaluator' | 'off' };
  /** Whether the store can run fragments itself. */
  readonly storeExecutes: boolean;
  /** How fast the store has been lately, for EXPLAIN. */
  readonly speed?: StoreSpeed;
  /** Ordinals of the files a native query over a dataset answers one by one. */
  readonly byFile?: readonly number[];
}

/**
 * The root gives exactly `query.output`, in order.
 * @throws DiagnosticError feature_not_supported for a function that no engine has where it stands
 */
export function planPhysical(query: BoundQuery, env: PhysicalEnvironment): PhysicalPlan {
  const planner = new PhysicalPlanner(env, lastIds(query));
  const wanted = query.output.map((o) => o.column);
  const root = placeFragments(shape(planner.place(query.plan), wanted), env);
  return env.byFile ? { kind: 'gather_by_file', input: root, files: env.byFile } : root;
}

function lastIds(query: BoundQuery): { last: number; lastCte: number } {
  const ids = { last: 0, lastCte: 0 };
  forEachNode(query.plan, (node) => {
    for (const column of outputColumns(node)) ids.last = Math.max(ids.last, column.id);
    if (node.kind === 'with') for (const cte of node.ctes) ids.lastCte = Math.max(ids.lastCte, cte.id);
  });
  return ids;
}

/** Beyond, DuckDB sorts, which starts in a second and is faster from then on. */
const mostLocalRows = 100_000;

const mostLevelsAtOnce = 4;

class PhysicalPlanner {
  private readonly env: PhysicalEnvironment;
  private readonly kernel: boolean;
  private readonly ids: { last: number; lastCte: number };
  /** Those that the plan at hand may name. */
  private ctes: readonly CtePlan[] = [];

  constructor(env: PhysicalEnvironment, ids: { last: number; lastCte: number }) {
    this.env = env;
    this.ids = ids;
    this.kernel = env.settings.kernel !== 'off';
  }

  place(plan: LogicalPlan): PhysicalPlan {
    const native = this.native(plan);
    if (native) return native;
    return this.engine(addTieBreakers(plan, this.ids, (node) => this.native(node) !== undefined));
  }

  /** A plan that needs no DuckDB; `undefined` where there is none. */
  private native(plan: LogicalPlan): PhysicalPlan | undefined {
    if (freeColumns(plan).size > 0) return undefined;
    switch (plan.kind) {
      case 'scan':
        return this.scan(plan);
      case 'values':
        return plan.rows.every((row) => row.every(isEvaluable)) ? plan : undefined;
      case 'project':
        return this.project(plan.input, plan.items);
      case 'filter':
        return this.filter(plan.input, plan.predicate);
      case 'limit': {
        const bounds = plan.withTies ? undefined : constantBounds(plan);
        const input = bounds && this.native(plan.input);
        return input && limited(input, bounds.limit, bounds.offset);
      }
      case 'top_n':
        return this.topN(plan) ?? this.sort(plan.input, plan.keys, plan.offset, plan.limit);
      case 'sort':
        return this.sort(plan.input, plan.keys, 0);
      case 'distinct':
        return this.distinct(plan);
      case 'aggregate':
        return this.aggregate(plan) ?? this.evalAggregate(plan);
      case 'window':
        return this.evalWindow(plan);
      case 'table_function':
        return seriesOf(plan);
      case 'join': {
        const left = plan.lateral ? this.rowsOf(plan.left) : undefined;
        return left && unnested(plan, left.gather);
      }
      default:
        return undefined;
    }
  }

  private project(input: LogicalPlan, items: readonly ProjectItem[]): PhysicalPlan | undefined {
    if (!items.every((i) => isEvaluable(i.expr))) return undefined;
    const below = this.native(input);
    if (!below) return undefined;
    const free = items.every((i) => !isVolatile(i.expr));
    return (free && this.kernel && projected(below, items)) || { kind: 'eval', input: below, filter: [], items };
  }

  private filter(input: LogicalPlan, predicate: Scalar): PhysicalPlan | undefined {
    const below = isEvaluable(predicate) ? this.native(input) : undefined;
    if (!below) return undefined;
    const elements = filterElements(below, predicate);
    if (elements?.rest.length === 0) return elements.gather;
    const items = physicalColumns(below).map((column) => ({ column, expr: columnRef(column) }));
    return {
      kind: 'eval',
      input: elements?.gather ?? below,
      filter: elements?.rest ?? conjuncts(predicate),
      items,
    };
  }

  /** A gather of the scan's columns; with residual terms, the evaluator above it. */
  private scan(scan: Scan): PhysicalPlan | undefined {
    if (!this.kernel) return scan.filter.length === 0 ? this.gather(scan, [], [], []) : undefined;
    const { pushed, residual } = this.verdicts(scan.filter);
    if (!residual.every((r) => isEvaluable(r.predicate))) return undefined;
    const gather = this.gather(scan, pushed, residual, scan.filter);
    if (residual.length === 0) return gather;
    const items = scan.columns.map(({ column }) => ({ column, expr: columnRef(column) }));
    const rest: PhysicalPlan = { kind: 'eval', input: gather, filter: residual.map((r) => r.predicate), items };
    return scan.limit === undefined ? rest : { kind: 'limit', input: rest, limit: scan.limit, offset: 0 };
  }

  private verdicts(filter: readonly Scalar[]): { pushed: PushedPredicate[]; residual: ResidualPredicate[] } {
    const pushed: PushedPredicate[] = [];
    const residual: ResidualPredicate[] = [];
    for (const predicate of filter) {
      const verdict = kernelVerdict(predicate);
      if (verdict.verdict === 'exact') pushed.push({ predicate, verdict: 'exact' });
      else {
        if (verdict.verdict === 'inexact') pushed.push({ predicate: verdict.weaker, verdict: 'inexact' });
        residual.push({ predicate, reason: verdict.reason });
      }
    }
    return { pushed, residual };
  }

  private gather(
    scan: Scan,
    pushed: readonly PushedPredicate[],
    residual: readonly ResidualPredicate[],
    prunes: readonly Scalar[],
  ): Gather {
    const limit = residual.length === 0 ? scan.limit : undefined;
    const stats = this.env.stats.get(scan.table);
    // One limit per file, where files are answered one by one.
    const pruning = prunePartitions(scan, prunes, stats, this.env.byFile ? undefined : limit);
    const items = scan.columns.map(({ column }) => ({ column, expr: columnRef(column) }));
    return {
      kind: 'gather',
      table: scan.table,
      fragment: {
        columns: scan.columns,
        filter: pushed.map((p) => p.predicate),
        output: { kind: 'rows', items, ...(limit !== undefined && { limit }) },
      },
      ...pruning,
      pushed,
      residual,
      // Until the plan is finished: `placeFragments`.
      placement: 'local',
      placementReason: '',
      ...(this.env.settings.kernel !== 'on' && { evaluator: true }),
      ...(limit !== undefined && { limit }),
    };
  }

  /** Rows of one gather without residual, as `topN` and `aggregate` build on them. */
  private rowsOf(plan: LogicalPlan): { readonly gather: Gather; readonly items: readonly ProjectItem[] } | undefined {
    if (!this.kernel) return undefined;
    const below = this.native(plan);
    if (below?.kind !== 'gather' || below.fragment.output.kind !== 'rows' || below.limit !== undefined)
      return undefined;
    return { gather: below, items: below.fragment.output.items };
  }

  private topN(plan: LogicalPlan & { readonly kind: 'top_n' }): PhysicalPlan | undefined {
    const below = this.rowsOf(plan.input);
    if (!below) return undefined;
    const { gather, items } = below;
    // Keys are among what the fragment gives, so that the merge can compare them too; it computes them as it does those.
    const by = new Map(items.map((i) => [i.column.id, i.expr]));
    const sortable = ({ expr }: SortKey): boolean =>
      expr.kind === 'column' && by.has(expr.column.id) && isKernel(expr) && comparable(expr.type, expr.type);
    if (!plan.keys.every(sortable)) return undefined;
    const keys = plan.keys.map((k) => ({ ...k, expr: substitute(k.expr, by) }));
    const output = { kind: 'top_n', items, keys, limit: plan.limit + plan.offset } as const;
    const input: Gather = { ...gather, fragment: { ...gather.fragment, output } };
    return { kind: 'merge_top_n', input, keys: plan.keys, limit: plan.limit, offset: plan.offset };
  }

  /** By the evaluator, where DuckDB would only have to start for few rows. */
  private sort(input: LogicalPlan, keys: readonly SortKey[], offset: number, limit?: number): PhysicalPlan | undefined {
    const below = keys.every((k) => isEvaluable(k.expr)) ? this.few(input) : undefined;
    return below && { kind: 'sort', input: below, keys, ...(limit !== undefined && { limit }), offset };
  }

  /** Grouped by the fragments where they can; else as {@link sort}. */
  private distinct({ input, on }: Distinct): PhysicalPlan | undefined {
    const columns = outputColumns(input);
    const items = columns.map((column) => ({ column, expr: columnRef(column) }));
    const grouped =
      on || columns.length === 0
        ? undefined
        : this.aggregate({ kind: 'aggregate', input, groups: items, aggregates: [] });
    if (grouped) return grouped;
    const keys = on ?? items.map((i) => i.expr);
    const below = keys.every(isEvaluable) ? this.few(input) : undefined;
    return below && { kind: 'distinct', input: below, on: keys };
  }

  /** A native plan whose rows are few, or held in memory by what makes them. */
  private few(plan: LogicalPlan): PhysicalPlan | undefined {
    const native = this.kernel ? this.native(plan) : undefined;
    return native && this.rowBound(native) <= mostLocalRows ? native : undefined;
  }

  /** Rows at most, beyond those in memory. */
  private rowBound(plan: PhysicalPlan): number {
    switch (plan.kind) {
      case 'merge_aggregate':
      case 'merge_top_n':
      case 'values':
      case 'sort':
      case 'distinct':
        return 0;
      case 'gather': {
        const rows = this.env.stats.get(plan.table)?.rows;
        const inAll = rows ? plan.partitions.reduce((sum, p) => sum + rows[p]!, 0) : Number.POSITIVE_INFINITY;
        return Math.min(inAll, plan.limit ?? Number.POSITIVE_INFINITY);
      }
      case 'limit':
        return Math.min(this.rowBound(plan.input), plan.offset + (plan.limit ?? Number.POSITIVE_INFINITY));
      case 'eval':
        return this.rowBound(plan.input);
      case 'aggregate':
      case 'window':
        return 0;
      case 'series':
      case 'duckdb':
      case 'gather_by_file':
        return Number.POSITIVE_INFINITY;
    }
  }

  private aggregate(plan: Aggregate): PhysicalPlan | undefined {
    if (plan.sets || plan.grouping || plan.aggregates.some((a) => whyNotKernelAggregate(a.call) !== undefined))
      return undefined;
    const below = this.rowsOf(plan.input);
    if (!below) return undefined;
    const by = new Map(below.items.map((i) => [i.column.id, i.expr]));
    const groups = plan.groups.map((g) => ({ column: g.column, expr: substitute(g.expr, by) }));
    const aggregates = plan.aggregates.map(({ column, call }) => ({
      column,
      call: {
        ...call,
        args: call.args.map((a) => substitute(a, by)),
        ...(call.filter && { filter: substitute(call.filter, by) }),
      },
    }));
    const groupable = ({ expr }: ProjectItem): boolean => isKernel(expr) && comparable(expr.type, expr.type);
    if (!groups.every(groupable) || aggregates.some((a) => whyNotKernelAggregate(a.call) !== undefined))
      return undefined;
    const input: Gather = {
      ...below.gather,
      fragment: { ...below.gather.fragment, output: { kind: 'aggregate', groups, aggregates } },
    };
    return { kind: 'merge_aggregate', input, groups: groups.map((g) => g.column), aggregates };
  }

  /** By accumulators, where DuckDB has no such aggregate; what only DuckDB computes of their arguments stands under it. */
  private evalAggregate(plan: Aggregate): PhysicalPlan | undefined {
    const { groups, aggregates, sets, grouping } = plan;
    if (hasPlainKeys(plan) && aggregates.every((a) => isRenderableCall(a.call))) return undefined;
    if (!aggregates.every((a) => a.call.overload.accumulate)) return undefined;
    const made: ProjectItem[] = [];
    const asColumn = (expr: Scalar): Scalar => {
      if (isEvaluable(expr)) return expr;
      const column = this.newColumn('computed', expr.type);
      made.push({ column, expr });
      return columnRef(column);
    };
    const calls = aggregates.map((a) => ({ ...a, call: mapCall(a.call, asColumn) }));
    const keys = groups.map((g) => ({ ...g, expr: asColumn(g.expr) }));
    const kept = outputColumns(plan.input).map((column) => ({ column, expr: columnRef(column) }));
    const input: LogicalPlan =
      made.length === 0 ? plan.input : { kind: 'project', input: plan.input, items: [...kept, ...made] };
    const below = this.under(input);
    return (
      below && {
        kind: 'aggregate',
        input: below,
        groups: keys,
        ...(sets && { sets }),
        ...(grouping && { grouping }),
        aggregates: calls,
      }
    );
  }

  /** As {@link evalAggregate}, for window functions. */
  private evalWindow(plan: WindowPlan): PhysicalPlan | undefined {
    if (isRenderableNode(plan)) return undefined;
    const isPossible = ({ call, ignoreNulls }: WindowCall): boolean =>
      (call.overload.accumulate ?? call.overload.over) !== undefined && !ignoreNulls;
    if (!plan.windows.every(isPossible)) return undefined;
    const made: ProjectItem[] = [];
    const computed = mapPlanScalars(plan, (expr) => {
      if (isEvaluable(expr)) return expr;
      const column = this.newColumn('computed', expr.type);
      made.push({ column, expr });
      return columnRef(column);
    });
    if (computed.kind !== 'window') return undefined;
    const kept = outputColumns(plan.input).map((column) => ({ column, expr: columnRef(column) }));
    const input: LogicalPlan =
      made.length === 0 ? plan.input : { kind: 'project', input: plan.input, items: [...kept, ...made] };
    const below = this.under(input);
    const whole: PhysicalPlan | undefined = below && { ...computed, input: below };
    return whole && (made.length === 0 ? whole : shape(whole, outputColumns(plan)));
  }

  /** A plan of its own, with the CTEs it names; `undefined` where one of them is just being made. */
  private under(plan: LogicalPlan): PhysicalPlan | undefined {
    const named = freeCtes(plan);
    if (named.size === 0) return this.place(plan);
    if ([...named].some((id) => !this.ctes.some((cte) => cte.id === id))) return undefined;
    const ctes = this.ctes;
    this.ctes = [];
    const placed = this.place({ kind: 'with', ctes, body: plan });
    this.ctes = ctes;
    return placed;
  }

  private newColumn(name: string, type: Scalar['type']): Column {
    this.ids.last++;
    return { id: this.ids.last as ColumnId, name, type };
  }

  private readonly homes: Homes & Names = {
    isEvaluable,
    isRenderable,
    newColumn: (name, type) => this.newColumn(name, type),
    standsAlone: (plan) =>
      freeColumns(plan).size === 0 && [...freeCtes(plan)].every((id) => this.ctes.some((cte) => cte.id === id)),
    newCte: () => ++this.ids.lastCte,
  };

  /** DuckDB runs what has no native form; native parts below it become its inputs. */
  private engine(whole: LogicalPlan): PhysicalPlan {
    refuseBeyondLimits(whole);
    const inputs: PhysicalPlan[] = [];
    const output = outputColumns(whole);
    // Inputs keep only what is needed, so nothing above them may mention more, also where the rule was left out.
    const plan = pruneColumns(whole, output);
    const asInput = (input: PhysicalPlan): LogicalPlan => {
      inputs.push(input);
      return { kind: 'input', index: inputs.length - 1, columns: physicalColumns(input) };
    };
    const cut = (node: LogicalPlan): LogicalPlan => {
      const unrenderable = !isRenderableNode(node);
      if (node.kind === 'scan') return this.scanInput(node, asInput);
      const native = unrenderable || reduces(node) || isLongSeries(node) ? this.native(node) : undefined;
      if (native && native.kind !== 'values') return asInput(native);
      if (node.kind === 'join' && !unrenderable && isQuadratic(node)) {
        const split = freeColumns(node).size === 0 ? splitJoin(node, this.homes) : undefined;
        if (split) return cut(split);
      }
      if (unrenderable || (node.kind === 'join' && node.lateral) || planScalars(node).some(hasSubquery)) {
        const split = unrenderable ? this.evalOver(node) : undefined;
        if (split) return asInput(split);
        const lifted = liftEvaluated(node, this.homes) ?? unnestSubqueries(node, this.homes);
        if (lifted) return cut(lifted);
        const whole = node.kind === 'join' ? splitJoin(node, this.homes) : undefined;
        if (whole) return cut(whole);
        if (unrenderable && !isRenderableNode(node, true)) throw unsupported(node);
      }
      if (node.kind === 'with') return this.withCtes(node, cut);
      const inner = mapPlanInputs(node, cut);
      return mapPlanScalars(inner, (s) =>
        mapSubqueries(s, (p) => (this.standsAlone(p) ? asInput(this.place(p)) : cut(p))),
      );
    };
    const root = isRenderableNode(plan) ? undefined : this.evalOver(plan);
    return root ?? trimInputs({ kind: 'duckdb', plan: cut(plan), inputs });
  }

  /** A subquery that the rows around it do not matter to, and deep: made on its own, since DuckDB's planner takes its time with depth. */
  private standsAlone(plan: LogicalPlan): boolean {
    return subqueryLevels(plan) >= mostLevelsAtOnce && freeColumns(plan).size === 0 && freeCtes(plan).size === 0;
  }

  private withCtes(node: WithPlan, cut: (plan: LogicalPlan) => LogicalPlan): LogicalPlan {
    const outside = this.ctes;
    const ctes = node.ctes.map((cte) => {
      const made = { ...cte, plan: cut(cte.plan) };
      this.ctes = [...this.ctes, cte];
      return made;
    });
    const body = cut(node.body);
    this.ctes = outside;
    return { ...node, ctes, body };
  }

  /** A scan under DuckDB: fragments filter by what they can and keep columns; correlated and residual terms stay above it. */
  private scanInput(scan: Scan, asInput: (input: PhysicalPlan) => LogicalPlan): LogicalPlan {
    const { limit, ...unlimited } = scan;
    const pushed = this.kernel
      ? this.verdicts(scan.filter)
      : { pushed: [], residual: scan.filter.map((predicate) => ({ predicate, reason: 'kernel=off' })) };
    if (pushed.residual.length === 0) {
      return asInput(this.gather(scan, pushed.pushed, [], scan.filter));
    }
    const gather = this.gather(unlimited, pushed.pushed, pushed.residual, this.kernel ? scan.filter : []);
    const terms = pushed.residual.map((r) => r.predicate);
    const local = terms.filter((t) => !isRenderable(t));
    const items = scan.columns.map(({ column }) => ({ column, expr: columnRef(column) }));
    const input = asInput(local.length === 0 ? gather : { kind: 'eval', input: gather, filter: local, items });
    const rest = terms.filter(isRenderable);
    const filtered: LogicalPlan = rest.length === 0 ? input : { kind: 'filter', input, predicate: conjunction(rest) };
    if (limit === undefined) return filtered;
    const literal = { kind: 'literal', type: { kind: 'int8' }, value: BigInt(limit) } as const;
    return { kind: 'limit', input: filtered, limit: literal, withTies: false };
  }

  /** A projection or filter that DuckDB cannot do, by the evaluator over whatever is below it. */
  private evalOver(whole: LogicalPlan): PhysicalPlan | undefined {
    if (freeColumns(whole).size > 0) return undefined;
    const node = splitSubqueries(whole, this.homes);
    if (node.kind === 'project' && node.items.every((i) => isEvaluable(i.expr))) {
      const input = this.under(node.input);
      return input && { kind: 'eval', input, filter: [], items: node.items };
    }
    if (node.kind !== 'filter' || !isEvaluable(node.predicate)) return undefined;
    const input = this.under(node.input);
    if (!input) return undefined;
    const items = outputColumns(whole).map((column) => ({ column, expr: columnRef(column) }));
    return { kind: 'eval', input, filter: conjuncts(node.predicate), items };
  }
}

/** Worth making before DuckDB sees the rows: fewer of them, fewer columns, or lists unnested, which costs it a join. */
const reduces = (node: LogicalPlan): boolean =>
  node.kind === 'aggregate' ||
  node.kind === 'top_n' ||
  node.kind === 'limit' ||
  (node.kind === 'filter' ? reduces(node.input) : node.kind === 'join' && node.lateral);

/** What DuckDB's planner would take minutes for. */
const most = { joins: 500, intersections: 1000 } as const;

function refuseBeyondLimits(plan: LogicalPlan): void {
  let joins = 0;
  let intersections = 0;
  forEachNode(plan, (node) => {
    if (node.kind === 'join') joins++;
    if (node.kind === 'set' && node.op === 'intersect') intersections += node.inputs.length - 1;
  });
  const refuse = (hint: string) => fail('statement_too_complex', 'the statement is too complex', { hint });
  if (joins > most.joins) throw refuse(`A statement may have ${most.joins} joins.`);
  if (intersections > most.intersections) throw refuse(`A statement may have ${most.intersections} INTERSECTs.`);
}

function limited(input: PhysicalPlan, limit: number | undefined, offset: number): PhysicalPlan {
  if (offset === 0 && limit === undefined) return input;
  const already =
    input.kind === 'gather' && offset === 0 && input.limit !== undefined && input.limit <= (limit ?? Infinity);
  return already ? input : { kind: 'limit', input, ...(limit !== undefined && { limit }), offset };
}

function unsupported(node: LogicalPlan): Error {
  const calls = node.kind === 'aggregate' ? node.aggregates : node.kind === 'window' ? node.windows : [];
  for (const { call } of calls)
    if (!isRenderableCall(call))
      return fail('feature_not_supported', `${call.name} is not supported in this place`, {
        ...(call.span && { span: call.span }),
      });
  for (const scalar of planScalars(node)) {
    let name: string | undefined;
    someScalar(scalar, (s) => {
      if (isRenderable(s)) return false;
      if (s.kind === 'call') name = `function ${s.name}`;
      if (s.kind === 'cast') name = `the cast from ${printSqlType(s.arg.type)} to ${printSqlType(s.type)}`;
      return false;
    });
    if (name !== undefined)
      return fail('feature_not_supported', `${name} is not supported in this place`, {
        ...(scalar.span && { span: scalar.span }),
        hint: 'Compute it in the select list of a subquery.',
      });
  }
  return fail('feature_not_supported', 'an expression is not supported in this place');
}
