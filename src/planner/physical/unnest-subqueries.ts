// Subqueries taken out of the expressions they stand in: columns of a projection under the node, or, where they compute with the
// evaluator over both their own and the outer rows, of a join with the subquery's rows for all outer rows.
import { fail, lookupFunction, type Overload, raise, types } from '../../core/index.js';
import type { AggregateCall, Column, ColumnId, Scalar, SubqueryScalar } from '../bind/scalar.js';
import type { Join, LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { quantified } from '../logical/quantified.js';
import {
  freeColumns,
  mapPlanInputs,
  mapPlanScalars,
  outputColumns,
  outputIds,
  planInputs,
  planScalars,
} from '../logical/walk-plan.js';
import {
  columnRef,
  columnsOf,
  conjunction,
  coveredBy,
  hasSubquery,
  mapScalarChildren,
  someScalar,
  trueLiteral,
} from '../logical/walk-scalar.js';
import { Decorrelator, int8, type Names, passed, sameRow } from './decorrelate.js';
import { isRenderable, isRenderableCall } from './homes.js';

/** @returns `undefined` where DuckDB can do what is left */
export function unnestSubqueries(node: LogicalPlan, names: Names): LogicalPlan | undefined {
  if (node.kind === 'join' && node.lateral && (needsJoin(node.right) || !isLateralToDuckDb(node)))
    return lateralJoin(node, names);
  const inputs = planInputs(node);
  if (node.kind === 'with' || node.kind === 'set' || inputs.length === 0) return undefined;
  const unnester = new Unnester(inputs, node, names);
  const rewritten = mapPlanScalars(node, (s) => unnester.out(s, isRenderable(s)));
  if (!unnester.changed) return undefined;
  let index = 0;
  const over = mapPlanInputs(rewritten, () => unnester.inputs[index++]!);
  if (node.kind === 'project' || node.kind === 'aggregate') return over;
  return { kind: 'project', input: over, items: passed(outputColumns(node)) };
}

class Unnester {
  readonly inputs: LogicalPlan[];
  changed = false;
  readonly #ids: readonly ReadonlySet<ColumnId>[];
  readonly #outerJoin: boolean;

  constructor(
    inputs: readonly LogicalPlan[],
    node: LogicalPlan,
    readonly names: Names,
  ) {
    this.inputs = [...inputs];
    this.#ids = inputs.map(outputIds);
    this.#outerJoin = node.kind === 'join' && node.type !== 'inner' && node.type !== 'cross';
  }

  /** @param renderable whether what it stands in is DuckDB's, so that only what DuckDB cannot do leaves it */
  out(scalar: Scalar, renderable: boolean, guard: readonly Scalar[] = []): Scalar {
    if (!hasSubquery(scalar)) return scalar;
    if (scalar.kind === 'case') {
      const passedBy: Scalar[] = [];
      // What decides whether a subquery may fail must be known before it.
      const plain = renderable && ![...scalar.branches.map((b) => b.then), scalar.otherwise].some(holdsRisky);
      const branches = scalar.branches.map((b) => {
        const when = this.out(b.when, plain, [...guard, ...passedBy.map(isNotTrue)]);
        const then = this.out(b.then, renderable, [...guard, ...passedBy.map(isNotTrue), when]);
        passedBy.push(when);
        return when === b.when && then === b.then ? b : { when, then };
      });
      const otherwise = this.out(scalar.otherwise, renderable, [...guard, ...passedBy.map(isNotTrue)]);
      const same = otherwise === scalar.otherwise && branches.every((b, i) => b === scalar.branches[i]);
      return same ? scalar : { ...scalar, branches, otherwise };
    }
    if (scalar.kind === 'coalesce') {
      const before: Scalar[] = [];
      const plain = renderable && !scalar.args.slice(1).some(holdsRisky);
      const args = scalar.args.map((arg) => {
        const made = this.out(arg, plain, [...guard, ...before]);
        before.push({ kind: 'is_null', type: types.bool, arg: made });
        return made;
      });
      return args.every((a, i) => a === scalar.args[i]) ? scalar : { ...scalar, args };
    }
    const body = scalar.kind === 'list_map' || scalar.kind === 'list_filter' ? scalar.body : undefined;
    const inner = mapScalarChildren(scalar, (child) => (child === body ? child : this.out(child, renderable, guard)));
    if (inner.kind !== 'subquery') return inner;
    const guarded = guard.length > 0 && isRisky(inner);
    const joined = guarded || needsJoin(inner.plan) || inner.left?.some((l) => !isRenderable(l));
    if (renderable && !joined && !this.#outerJoin) return inner;
    const free = columnsOf(inner);
    const at = this.#ids.findIndex((ids) => [...free.keys()].every((id) => ids.has(id) || !this.#isOwn(id)));
    if (at < 0) return inner;
    this.changed = true;
    const input = this.inputs[at]!;
    if (joined) {
      const usable = guard.filter((g) => !hasSubquery(g) && coveredBy(g, outputIds(input)));
      const made = joinedWith(input, inner, usable, this.names);
      this.inputs[at] = made.plan;
      return made.value;
    }
    const column = this.names.newColumn('subquery', inner.type);
    this.inputs[at] = {
      kind: 'project',
      input,
      items: [...passed(outputColumns(input)), { column, expr: inner }],
    };
    return columnRef(column);
  }

  #isOwn(id: ColumnId): boolean {
    return this.#ids.some((ids) => ids.has(id));
  }
}

const isNotTrue = (s: Scalar): Scalar => ({
  kind: 'case',
  type: types.bool,
  branches: [{ when: s, then: { kind: 'literal', type: types.bool, value: false } }],
  otherwise: trueLiteral,
});

/** A subquery that CASE may skip where asking it would fail: DuckDB asks it for every row. */
function isRisky(subquery: SubqueryScalar): boolean {
  if (subquery.mode === 'scalar' && !isOneRow(subquery.plan)) return true;
  return someNode(subquery.plan, (node) => planScalars(node).some((s) => someScalar(s, mayFail)));
}

const holdsRisky = (scalar: Scalar): boolean => someScalar(scalar, (s) => s.kind === 'subquery' && isRisky(s));

/** Division, logarithms and the like; texts read as values. Overflows are left to chance. */
const mayFail = (s: Scalar): boolean =>
  (s.kind === 'call' && failing.has(s.name)) || (s.kind === 'cast' && s.arg.type.kind === 'text' && !s.attempt);
const failing = new Set(['/', '%', 'div', 'mod', '^', 'power', 'pow', 'sqrt', 'ln', 'log', 'log10', 'acos', 'asin']);

/** Whether DuckDB cannot run the plan beside its outer rows, also after all has been taken out that is of one side alone. */
export function needsJoin(plan: LogicalPlan): boolean {
  return freeColumns(plan).size > 0 && someNode(plan, isMixed);
}

function someNode(plan: LogicalPlan, test: (node: LogicalPlan) => boolean): boolean {
  if (test(plan) || planInputs(plan).some((input) => someNode(input, test))) return true;
  return planScalars(plan).some((s) => someScalar(s, (x) => x.kind === 'subquery' && someNode(x.plan, test)));
}

/** The evaluator's, over columns that are not all of one input that stands for itself. */
function isMixed(node: LogicalPlan): boolean {
  const own = new Set<ColumnId>(planInputs(node).flatMap((input) => [...outputIds(input)]));
  const plain = planInputs(node).flatMap((input) => (freeColumns(input).size === 0 ? [outputIds(input)] : []));
  const isForeign = (s: Scalar): boolean => !plain.some((ids) => coveredBy(s, ids));
  if (node.kind === 'window' && node.windows.some((w) => windowScalars(w).some((s) => !coveredBy(s, own)))) return true;
  // DuckDB takes no outer columns in windows, limits, and below joins that keep rows of the right side.
  if (node.kind === 'join' && (node.type === 'full' || node.type === 'right') && freeColumns(node).size > 0)
    return true;
  if (node.kind === 'limit' && [node.limit, node.offset].some((s) => s && columnsOf(s).size > 0)) return true;
  const calls = node.kind === 'aggregate' ? node.aggregates : node.kind === 'window' ? node.windows : [];
  if (calls.some((c) => !isRenderableCall(c.call))) return true;
  const mixed = (s: Scalar): boolean => {
    if (isRenderable(s) || !isForeign(s)) return false;
    switch (s.kind) {
      case 'cast':
      case 'not':
      case 'is_null':
      case 'field':
        return isRenderable({ ...s, arg: stub(s.arg) }) ? mixed(s.arg) : true;
      case 'call':
        return isRenderable({ ...s, args: s.args.map(stub) }) ? s.args.some(mixed) : true;
      case 'and':
        return s.args.some(mixed);
      default:
        return true;
    }
  };
  return planScalars(node).some(mixed);
}

const stub = (s: Scalar): Scalar =>
  s.kind === 'literal' ? s : columnRef({ id: 0 as ColumnId, name: '', type: s.type });

const windowScalars = (w: {
  readonly call: AggregateCall;
  readonly partitionBy: readonly Scalar[];
  readonly orderBy: readonly { readonly expr: Scalar }[];
}): readonly Scalar[] => [
  ...w.call.args,
  ...(w.call.filter ? [w.call.filter] : []),
  ...w.partitionBy,
  ...w.orderBy.map((k) => k.expr),
];

interface Source {
  /** The outer rows, under the names they had. */
  readonly rows: LogicalPlan;
  readonly wrap: (body: LogicalPlan) => LogicalPlan;
  readonly decorrelator: Decorrelator;
  readonly outer: readonly Column[];
}

/** Outer rows as a CTE, and the distinct values of what is read of them as another. */
function sourceOf(
  input: LogicalPlan,
  free: ReadonlyMap<ColumnId, Column>,
  guard: readonly Scalar[],
  names: Names,
): Source {
  const columns = outputColumns(input);
  const outer = columns.filter((c) => free.has(c.id));
  const rowsId = names.newCte();
  const domainId = names.newCte();
  const named = (): LogicalPlan => {
    const scanned = columns.map((c) => names.newColumn(c.name, c.type));
    return {
      kind: 'project',
      input: { kind: 'cte_scan', cte: rowsId, name: 'outer', columns: scanned },
      items: columns.map((column, i) => ({ column, expr: columnRef(scanned[i]!) })),
    };
  };
  const wanted: LogicalPlan =
    guard.length === 0 ? named() : { kind: 'filter', input: named(), predicate: inTurn(guard) };
  const domain: LogicalPlan = {
    kind: 'distinct',
    input: { kind: 'project', input: wanted, items: passed(outer) },
  };
  return {
    rows: named(),
    wrap: (body) => ({
      kind: 'with',
      ctes: [
        { id: rowsId, name: 'outer', plan: input, recursive: false, materialized: true },
        { id: domainId, name: 'domain', plan: domain, recursive: false, materialized: true },
      ],
      body,
    }),
    decorrelator: new Decorrelator(outer, domainId, names),
    outer,
  };
}

/** Each is asked only where those before it are true. */
function inTurn(guard: readonly Scalar[]): Scalar {
  const otherwise: Scalar = { kind: 'literal', type: types.bool, value: false };
  return guard.reduceRight<Scalar>(
    (rest, when) => ({ kind: 'case', type: types.bool, branches: [{ when, then: rest }], otherwise }),
    trueLiteral,
  );
}

function joinedWith(
  input: LogicalPlan,
  subquery: SubqueryScalar,
  guard: readonly Scalar[],
  names: Names,
): { plan: LogicalPlan; value: Scalar } {
  const asked = asRows(subquery, names);
  const source = sourceOf(input, freeColumns(asked), guard, names);
  const { plan: rows, domain } = source.decorrelator.plain(asked);
  const value = names.newColumn('subquery', subquery.type);
  const right: LogicalPlan =
    subquery.mode === 'exists'
      ? {
          kind: 'project',
          input: { kind: 'distinct', input: { kind: 'project', input: rows, items: passed(domain) } },
          items: [...passed(domain), { column: value, expr: trueLiteral }],
        }
      : oneRowEach(rows, outputColumns(asked)[0]!, value, domain, names, isOneRow(asked));
  const joined: Join = {
    kind: 'join',
    type: 'left',
    left: source.rows,
    right,
    on: sameRow(source.outer, domain),
    lateral: false,
  };
  const kept: LogicalPlan = {
    kind: 'project',
    input: joined,
    items: passed([...outputColumns(input), value]),
  };
  const found = columnRef(value);
  const result: Scalar =
    subquery.mode === 'exists'
      ? { kind: 'not', type: types.bool, arg: { kind: 'is_null', type: types.bool, arg: found } }
      : found;
  return { plan: source.wrap(kept), value: result };
}

/** What a scalar subquery or EXISTS asks for; ANY, ALL and ARRAY become aggregates. */
function asRows(subquery: SubqueryScalar, names: Names): LogicalPlan {
  const { plan, mode } = subquery;
  switch (mode) {
    case 'scalar':
    case 'exists':
      return plan;
    case 'any':
    case 'all': {
      const columns = outputColumns(plan);
      const { left = [], comparison } = subquery;
      const terms = left.map((l, i): Scalar => {
        const overload = comparison!.overloads[i] ?? comparison!.overloads[0]!;
        return { kind: 'call', type: types.bool, name: comparison!.name, overload, args: [l, columnRef(columns[i]!)] };
      });
      return quantified(mode, plan, conjunction(terms), (name, type) => names.newColumn(name, type));
    }
    case 'array':
      return asList(subquery, names);
  }
}

function asList({ plan, type }: SubqueryScalar, names: Names): LogicalPlan {
  // The sort and what only it reads are under a projection.
  let sorted = plan;
  let element: Scalar = columnRef(outputColumns(plan)[0]!);
  if (plan.kind === 'project' && plan.items[0]!.expr.kind === 'column') {
    sorted = plan.input;
    element = plan.items[0]!.expr;
  }
  const order = sorted.kind === 'limit' ? sorted.input : sorted;
  const orderBy = order.kind === 'sort' || order.kind === 'top_n' ? order.keys : [];
  const list = names.newColumn('array', type);
  const result = names.newColumn('array', type);
  const overload = lookupFunction('array_agg')!.overloads[element.type.kind === 'list' ? 1 : 0]!;
  const call: AggregateCall = { name: 'array_agg', overload, args: [element], distinct: false, orderBy, type };
  const none: Scalar = { kind: 'list', type, elements: [] };
  return {
    kind: 'project',
    input: { kind: 'aggregate', input: sorted, groups: [], aggregates: [{ column: list, call }] },
    items: [{ column: result, expr: { kind: 'coalesce', type, args: [columnRef(list), none] } }],
  };
}

function isOneRow(plan: LogicalPlan): boolean {
  if (plan.kind === 'project') return isOneRow(plan.input);
  if (plan.kind === 'values') return plan.rows.length === 1;
  if (plan.kind === 'top_n') return plan.limit <= 1;
  if (plan.kind === 'limit') return plan.limit?.kind === 'literal' && plan.limit.value === 1n;
  return plan.kind === 'aggregate' && plan.groups.length === 0 && !plan.sets;
}

const message = 'more than one row returned by a subquery used as an expression';
const moreThanOne: Overload = {
  op: 'more_than_one_row()',
  args: [],
  returns: types.text,
  strict: false,
  volatility: 'volatile',
  duckdb: () => raise('cardinality_violation', message),
  fold: () => {
    throw fail('cardinality_violation', message);
  },
};

function oneRowEach(
  rows: LogicalPlan,
  from: Column,
  value: Column,
  domain: readonly Column[],
  names: Names,
  isOne: boolean,
): LogicalPlan {
  const item = (expr: Scalar): readonly ProjectItem[] => [...passed(domain), { column: value, expr }];
  if (isOne) return { kind: 'project', input: rows, items: item(columnRef(from)) };
  const first = names.newColumn(from.name, from.type);
  const count = names.newColumn('count', types.int8);
  const aggregate = (name: string, args: readonly Scalar[], column: Column) => ({
    column,
    call: {
      name,
      overload: lookupFunction(name)!.overloads.find((o) => o.args.length === args.length)!,
      args,
      distinct: false,
      orderBy: [],
      type: column.type,
    },
  });
  const { type } = value;
  const more: Scalar = { kind: 'call', name: 'more_than_one_row', overload: moreThanOne, type, args: [] };
  const one: Scalar = { kind: 'literal', type: types.int8, value: 1n };
  return {
    kind: 'project',
    input: {
      kind: 'aggregate',
      input: rows,
      groups: passed(domain),
      aggregates: [aggregate('any_value', [columnRef(from)], first), aggregate('count', [], count)],
    },
    items: item({
      kind: 'case',
      type,
      branches: [{ when: int8('>', columnRef(count), one), then: more }],
      otherwise: columnRef(first),
    }),
  };
}

/** DuckDB takes no condition at an outer lateral join but comparisons. */
const isLateralToDuckDb = ({ type, on }: Join): boolean =>
  type === 'inner' || type === 'cross' || !on || (on.kind === 'literal' && on.value === true);

/** `L CROSS JOIN LATERAL R` by the rows of R for all distinct rows of L. */
function lateralJoin(join: Join, names: Names): LogicalPlan | undefined {
  if (join.type === 'right' || join.type === 'full') return undefined;
  const own = outputIds(join.left);
  const free = freeColumns(join.right);
  if (![...free.keys()].some((id) => own.has(id))) return { ...join, lateral: false };
  const source = sourceOf(join.left, free, [], names);
  const { plan: right, domain } = source.decorrelator.plain(join.right);
  const terms = [sameRow(source.outer, domain), ...(join.on ? [join.on] : [])];
  const joined: Join = {
    ...join,
    type: join.type === 'cross' ? 'inner' : join.type,
    left: source.rows,
    right,
    on: conjunction(terms),
    lateral: false,
  };
  return source.wrap({ kind: 'project', input: joined, items: passed(outputColumns(join)) });
}
