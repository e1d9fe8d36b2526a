// Correlated plans made plain: rows for all outer rows at once, told apart by further columns (Neumann and Kemper, "Unnesting Arbitrary
// Queries"). DuckDB does so by itself; here it is done where an expression over both sides is the evaluator's, which needs a plain plan.
import { lookupFunction, lookupOperator, types } from '../../core/index.js';
import type { Column, ColumnId, Scalar, SortKey } from '../bind/scalar.js';
import type { Aggregate, CteScan, Join, Limit, LogicalPlan, WindowCall } from '../logical/logical-plan.js';
import { freeColumns, freeCtes, mapPlanInputs, mapPlanScalars, outputColumns } from '../logical/walk-plan.js';
import { columnRef, columnsOf, conjunction, rewriteScalar, trueLiteral } from '../logical/walk-scalar.js';

export interface Names {
  newColumn(name: string, type: Scalar['type']): Column;
  newCte(): number;
}

/** A plan with the domain's columns beside its own. */
interface Dependent {
  readonly plan: LogicalPlan;
  readonly domain: readonly Column[];
}

type Replacements = ReadonlyMap<ColumnId, Scalar>;

export class Decorrelator {
  /** CTEs inside the plan that have the domain's columns as their last. */
  readonly #ctes = new Set<number>();

  /**
   * @param outer the columns of outer rows that the plan may read
   * @param domain the CTE of their distinct values
   */
  constructor(
    readonly outer: readonly Column[],
    readonly domain: number,
    readonly names: Names,
  ) {}

  plain(plan: LogicalPlan): Dependent {
    if (!this.#isDependent(plan)) return this.#withDomain(plan);
    switch (plan.kind) {
      case 'scan': {
        // Terms that fragments cannot run in this place, and with them a limit on what passes.
        const { limit, filter, ...bare } = plan;
        const filtered: LogicalPlan = {
          kind: 'filter',
          input: { ...bare, filter: filter.filter((t) => !this.#reads(t)) },
          predicate: conjunction(filter.filter((t) => this.#reads(t))),
        };
        if (limit === undefined) return this.plain(filtered);
        const count: Scalar = { kind: 'literal', type: types.int8, value: BigInt(limit) };
        return this.plain({ kind: 'limit', input: filtered, limit: count, withTies: false });
      }
      case 'values':
        return this.#values(plan.columns, plan.rows);
      case 'project': {
        const below = this.plain(plan.input);
        const by = this.#by(below.domain);
        const items = plan.items.map((i) => ({ ...i, expr: substituteDeep(i.expr, by) }));
        return { ...below, plan: { kind: 'project', input: below.plan, items: [...items, ...passed(below.domain)] } };
      }
      case 'aggregate':
        return this.#aggregate(plan);
      case 'window': {
        const below = this.plain(plan.input);
        const by = this.#by(below.domain);
        const over = mapPlanScalars({ ...plan, input: below.plan }, (s) => substituteDeep(s, by));
        if (over.kind !== 'window') return { ...below, plan: over };
        const windows = over.windows.map((w) => ({
          ...w,
          partitionBy: [...below.domain.map(columnRef), ...w.partitionBy],
        }));
        return { ...below, plan: { ...over, windows } };
      }
      case 'join':
        return this.#join(plan);
      case 'limit':
        return this.#limit(plan);
      case 'top_n': {
        const { keys, limit, offset } = plan;
        const count = (n: number): Scalar => ({ kind: 'literal', type: types.int8, value: BigInt(n) });
        const sorted: LogicalPlan = { kind: 'sort', input: plan.input, keys };
        return this.#limit({
          kind: 'limit',
          input: sorted,
          limit: count(limit),
          offset: count(offset),
          withTies: false,
        });
      }
      case 'distinct': {
        const below = this.#over(plan);
        if (below.plan.kind !== 'distinct' || !below.plan.on) return below;
        return { ...below, plan: { ...below.plan, on: [...below.domain.map(columnRef), ...below.plan.on] } };
      }
      case 'set': {
        const inputs = plan.inputs.map((input) => {
          const { plan: made, domain } = this.plain(input);
          const columns = [...outputColumns(input), ...domain];
          return { kind: 'project', input: made, items: passed(columns) } as const;
        });
        const domain = this.#fresh();
        return { plan: { ...plan, inputs, columns: [...plan.columns, ...domain] }, domain };
      }
      case 'table_function': {
        const domain = this.#fresh();
        const by = this.#by(domain);
        const right = mapPlanScalars(plan, (s) => substituteDeep(s, by));
        return { plan: { kind: 'join', type: 'cross', left: this.#scan(domain), right, lateral: true }, domain };
      }
      case 'with': {
        const ctes = plan.ctes.map((cte) => {
          if (!this.#isDependent(cte.plan)) return cte;
          this.#ctes.add(cte.id);
          const { plan: made, domain } = this.plain(cte.plan);
          const items = passed([...outputColumns(cte.plan), ...domain]);
          return { ...cte, plan: made.kind === 'set' ? made : ({ kind: 'project', input: made, items } as const) };
        });
        const { plan: body, domain } = this.plain(plan.body);
        return { plan: { ...plan, ctes, body }, domain };
      }
      case 'cte_scan': {
        const domain = this.#fresh();
        return { plan: { ...plan, columns: [...plan.columns, ...domain] }, domain };
      }
      case 'input':
        return this.#withDomain(plan);
      case 'filter':
      case 'sort':
      case 'project_set':
        return this.#over(plan);
    }
  }

  /** A node that passes its input's columns on. */
  #over(plan: Extract<LogicalPlan, { readonly input: LogicalPlan }>): Dependent {
    const below = this.plain(plan.input);
    const by = this.#by(below.domain);
    return { ...below, plan: mapPlanScalars({ ...plan, input: below.plan }, (s) => substituteDeep(s, by)) };
  }

  #reads(scalar: Scalar): boolean {
    const used = columnsOf(scalar);
    return this.outer.some((c) => used.has(c.id));
  }

  #isDependent(plan: LogicalPlan): boolean {
    const free = freeColumns(plan);
    if (this.outer.some((c) => free.has(c.id))) return true;
    return this.#ctes.size > 0 && [...freeCtes(plan)].some((id) => this.#ctes.has(id));
  }

  #fresh(): Column[] {
    return this.outer.map((c) => this.names.newColumn(c.name, c.type));
  }

  #scan(columns: readonly Column[]): CteScan {
    return { kind: 'cte_scan', cte: this.domain, name: 'domain', columns };
  }

  #by(domain: readonly Column[]): Replacements {
    return new Map(this.outer.map((c, i) => [c.id, columnRef(domain[i]!)]));
  }

  #withDomain(plan: LogicalPlan): Dependent {
    const domain = this.#fresh();
    return { plan: { kind: 'join', type: 'cross', left: this.#scan(domain), right: plan, lateral: false }, domain };
  }

  #values(columns: readonly Column[], rows: readonly (readonly Scalar[])[]): Dependent {
    const one = (made: readonly Column[], row: readonly Scalar[]): Dependent => {
      const domain = this.#fresh();
      const by = this.#by(domain);
      const items = row.map((expr, i) => ({ column: made[i]!, expr: substituteDeep(expr, by) }));
      return { plan: { kind: 'project', input: this.#scan(domain), items: [...items, ...passed(domain)] }, domain };
    };
    if (rows.length === 1) return one(columns, rows[0]!);
    const inputs = rows.map(
      (row) =>
        one(
          columns.map((c) => this.names.newColumn(c.name, c.type)),
          row,
        ).plan,
    );
    const domain = this.#fresh();
    return { plan: { kind: 'set', op: 'union', all: true, inputs, columns: [...columns, ...domain] }, domain };
  }

  #aggregate(plan: Aggregate): Dependent {
    const below = this.plain(plan.input);
    const by = this.#by(below.domain);
    const inner = mapPlanScalars({ ...plan, input: below.plan }, (s) => substituteDeep(s, by)) as Aggregate;
    const isTotal = plan.groups.length === 0 && !plan.sets;
    if (!isTotal) {
      const totals = plan.sets?.filter((set) => set.length === 0).length ?? 0;
      if (totals > 0) return this.#withTotals(plan, totals);
      const groups = [...inner.groups, ...passed(below.domain)];
      const added = below.domain.map((_, i) => inner.groups.length + i);
      const sets = inner.sets?.map((set) => [...set, ...added]);
      return { ...below, plan: reordered({ ...inner, groups, ...(sets && { sets }) }, plan, below.domain) };
    }
    // One row for every outer row, also where nothing is aggregated: its aggregates are those of no rows.
    const domain = this.#fresh();
    const here = this.names.newColumn('here', types.bool);
    const rows: LogicalPlan = {
      kind: 'project',
      input: inner.input,
      items: [...passed(outputColumns(inner.input)), { column: here, expr: trueLiteral }],
    };
    const input: LogicalPlan = {
      kind: 'join',
      type: 'left',
      left: this.#scan(domain),
      right: rows,
      on: sameRow(domain, below.domain),
      lateral: false,
    };
    const aggregates = inner.aggregates.map((a) => {
      const { filter } = a.call;
      return { ...a, call: { ...a.call, filter: filter ? conjunction([columnRef(here), filter]) : columnRef(here) } };
    });
    return { plan: reordered({ ...inner, input, groups: passed(domain), aggregates }, plan, domain), domain };
  }

  /** The grand total is there for every outer row: an aggregate of its own beside the other sets. */
  #withTotals(plan: Aggregate, totals: number): Dependent {
    const { groups, grouping, sets, ...rest } = plan;
    const others = sets!.filter((set) => set.length > 0);
    const total: LogicalPlan = {
      kind: 'project',
      input: { ...rest, groups: [] },
      items: outputColumns(plan).map((column) => {
        const bits = grouping?.find((g) => g.column === column)?.groups.length;
        if (bits !== undefined)
          return { column, expr: { kind: 'literal', type: column.type, value: 2 ** bits - 1 } as const };
        const isGroup = groups.some((g) => g.column === column);
        return {
          column,
          expr: isGroup ? ({ kind: 'literal', type: column.type, value: null } as const) : columnRef(column),
        };
      }),
    };
    const inputs = [
      ...(others.length > 0 ? [{ ...plan, sets: others }] : []),
      ...Array.from({ length: totals }, () => total),
    ];
    return this.plain({ kind: 'set', op: 'union', all: true, inputs, columns: outputColumns(plan) });
  }

  #join(join: Join): Dependent {
    const { type } = join;
    if (join.lateral) {
      // The right side reads the left one's rows, among them now the outer columns.
      const left = this.plain(join.left);
      const by = this.#by(left.domain);
      const on = join.on && substituteDeep(join.on, by);
      return {
        ...left,
        plan: { ...join, left: left.plan, right: substitutePlan(join.right, by), ...(on && { on }) },
      };
    }
    const needsRight = this.#isDependent(join.right) || type === 'right' || type === 'full';
    const needsLeft = this.#isDependent(join.left) || !needsRight || type !== 'inner';
    const left = needsLeft && !(type === 'cross' && needsRight && !this.#isDependent(join.left));
    const leftSide = left ? this.plain(join.left) : undefined;
    const rightSide = needsRight ? this.plain(join.right) : undefined;
    const domain = (type === 'right' ? rightSide : (leftSide ?? rightSide))!.domain;
    const by = this.#by(domain);
    const terms = join.on ? [substituteDeep(join.on, by)] : [];
    if (leftSide && rightSide) terms.unshift(sameRow(leftSide.domain, rightSide.domain));
    const joined: Join = {
      ...join,
      type: type === 'cross' && terms.length > 0 ? 'inner' : type,
      left: leftSide?.plan ?? join.left,
      right: rightSide?.plan ?? join.right,
      ...(terms.length > 0 && { on: conjunction(terms) }),
    };
    if (type !== 'full') return { plan: joined, domain };
    const merged = this.#fresh();
    const items = merged.map((column, i) => ({
      column,
      expr: {
        kind: 'coalesce',
        type: column.type,
        args: [columnRef(leftSide!.domain[i]!), columnRef(rightSide!.domain[i]!)],
      } as const,
    }));
    return {
      plan: { kind: 'project', input: joined, items: [...passed(outputColumns(join)), ...items] },
      domain: merged,
    };
  }

  /** The first rows of each outer row, by their number. */
  #limit(plan: Limit): Dependent {
    const { limit, offset, withTies } = plan;
    const keys = plan.input.kind === 'sort' ? plan.input.keys : [];
    const below = this.plain(plan.input);
    const by = this.#by(below.domain);
    const orderBy = keys.map((k) => ({ ...k, expr: substituteDeep(k.expr, by) }));
    const place = this.names.newColumn('place', types.int8);
    const tie = withTies ? this.names.newColumn('tie', types.int8) : place;
    const partitionBy = below.domain.map(columnRef);
    const windows = [windowCall('row_number', [], place, partitionBy, orderBy)];
    if (withTies) windows.push(windowCall('rank', [], tie, partitionBy, orderBy));
    const terms: Scalar[] = [];
    const skipped = offset && substituteDeep(offset, by);
    if (skipped) terms.push(orNull(skipped, int8('>', columnRef(place), skipped)));
    if (limit) {
      const count = substituteDeep(limit, by);
      const zero: Scalar = { kind: 'literal', type: types.int8, value: 0n };
      const from: Scalar = skipped ? { kind: 'coalesce', type: types.int8, args: [skipped, zero] } : zero;
      terms.push(orNull(count, int8('<=', int8('-', columnRef(tie), from), count)));
    }
    const filtered: LogicalPlan = {
      kind: 'filter',
      input: { kind: 'window', input: below.plan, windows },
      predicate: conjunction(terms),
    };
    return {
      ...below,
      plan: { kind: 'project', input: filtered, items: passed([...outputColumns(plan), ...below.domain]) },
    };
  }
}

export const passed = (columns: readonly Column[]) => columns.map((column) => ({ column, expr: columnRef(column) }));

/** Both sides are of one outer row. */
export function sameRow(left: readonly Column[], right: readonly Column[]): Scalar {
  const overload = lookupFunction('is_not_distinct_from')!.overloads[0]!;
  return conjunction(
    left.map((column, i) => ({
      kind: 'call',
      name: 'is_not_distinct_from',
      overload,
      type: types.bool,
      args: [columnRef(column), columnRef(right[i]!)],
    })),
  );
}

export function windowCall(
  name: string,
  args: readonly Scalar[],
  column: Column,
  partitionBy: readonly Scalar[],
  orderBy: readonly SortKey[] = [],
): WindowCall {
  const overload = lookupFunction(name)!.overloads[0]!;
  const call = { name, overload, args, distinct: false, orderBy: [], type: column.type };
  return { column, call, partitionBy, orderBy, ignoreNulls: false };
}

const orNull = (count: Scalar, test: Scalar): Scalar =>
  count.kind === 'literal' && count.value !== null
    ? test
    : { kind: 'or', type: types.bool, args: [{ kind: 'is_null', type: types.bool, arg: count }, test] };

export function int8(name: '<=' | '>' | '-' | '=', left: Scalar, right: Scalar): Scalar {
  const isInt8 = (arg: unknown): boolean => arg === types.int8;
  const overload = lookupOperator(name, 2)!.overloads.find((o) => o.args.length === 2 && o.args.every(isInt8))!;
  return { kind: 'call', name, overload, type: name === '-' ? types.int8 : types.bool, args: [left, right] };
}

/** The columns in the order they had, the domain's last. */
function reordered(made: Aggregate, before: Aggregate, domain: readonly Column[]): LogicalPlan {
  return { kind: 'project', input: made, items: passed([...outputColumns(before), ...domain]) };
}

/** Columns replaced, in the plans of subqueries too. */
function substituteDeep(scalar: Scalar, by: Replacements): Scalar {
  return rewriteScalar(scalar, (s) => {
    if (s.kind === 'column') return by.get(s.column.id) ?? s;
    if (s.kind !== 'subquery') return s;
    const plan = substitutePlan(s.plan, by);
    return plan === s.plan ? s : { ...s, plan };
  });
}

function substitutePlan(plan: LogicalPlan, by: Replacements): LogicalPlan {
  return mapPlanScalars(
    mapPlanInputs(plan, (input) => substitutePlan(input, by)),
    (s) => substituteDeep(s, by),
  );
}
