// SELECT: FROM, WHERE, grouping, windows, the select list, DISTINCT, and the ORDER BY that may look into all of them.
import { type FunctionEntry, fail, oidOf, types } from '../../core/index.js';
import type { CallExpr, Expr, LockingClause, Select, SelectItem, SortItem } from '../../parser/index.js';
import { printExpr } from '../../parser/index.js';
import type { Aggregate, LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { columnRef, columnsOf, hasSubquery } from '../logical/walk-scalar.js';
import { aggregateArguments, aggregateOwner, bindAggregateCall } from './bind-aggregate.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { bindFromItem } from './bind-from.js';
import { type BoundGroups, bindGroups, itemSpelled, overGroups } from './bind-groups.js';
import { type BoundBody, byValue, outputNamed, type QueryBinder, sortKey } from './bind-query.js';
import { SetReturning } from './bind-set-returning.js';
import { WindowBinder } from './bind-window.js';
import { checkLocking } from './check-locking.js';
import { castScalar, requireEquality } from './coerce.js';
import { foldName, hintFor } from './environment.js';
import { labelOf } from './label-of.js';
import { placeOrderedArguments } from './place-ordered-arguments.js';
import { sameCall, sameScalar } from './same-scalar.js';
import type { AggregateCall, Column, ColumnId, Scalar, SortKey } from './scalar.js';
import { type AggregateOwner, Scope } from './scope.js';

export function bindSelect(
  binder: QueryBinder,
  select: Select,
  outer: Scope | undefined,
  orderBy: readonly SortItem[],
  locking: readonly LockingClause[],
): BoundBody {
  return new SelectBinder(binder, select, outer).bind(orderBy, locking);
}

interface Item {
  readonly label: string;
  readonly expr: Scalar;
  /** As it was written. */
  readonly ast?: Expr;
}

/** A sort item: a result column, or an expression over the input. */
type SortTarget = { readonly item: number } | { readonly expr: Scalar };

class SelectBinder implements AggregateOwner {
  readonly #binder: QueryBinder;
  readonly #select: Select;
  readonly #scope: Scope;
  readonly #outer: Scope | undefined;
  readonly #aggregates: { column: Column; call: AggregateCall }[] = [];
  readonly #groupings: { column: Column; args: readonly Scalar[]; call: CallExpr }[] = [];
  readonly #windows: WindowBinder;
  readonly #series: SetReturning;
  /** False in WHERE and GROUP BY: there an aggregate over this query's columns, even in a subquery, makes no sense. */
  #aggregatesAllowed = false;
  /** Subqueries of DISTINCT ON and ORDER BY by their text: each has columns of its own, so that only spelling says they are the same. */
  readonly #asked = new Map<string, Scalar>();
  /** Aggregates of this query whose arguments are being bound. */
  #inArguments = 0;

  constructor(binder: QueryBinder, select: Select, outer: Scope | undefined) {
    this.#binder = binder;
    this.#select = select;
    this.#scope = new Scope(outer);
    this.#scope.owner = this;
    this.#outer = outer;
    this.#windows = new WindowBinder(binder.context, select.windows);
    this.#series = new SetReturning(binder.context);
  }

  bind(orderBy: readonly SortItem[], locking: readonly LockingClause[]): BoundBody {
    const select = this.#select;
    let input = this.#from();
    if (select.where) {
      const predicate = new ExpressionBinder(this.#binder.host('WHERE', this), this.#scope).predicate(
        select.where,
        'WHERE',
      );
      input = { kind: 'filter', input, predicate };
    }
    this.#aggregatesAllowed = true;
    const expressions = new ExpressionBinder(this.#host(), this.#scope);
    const items = this.#items(expressions);
    const having = select.having && expressions.predicate(select.having, 'HAVING');
    const distinctOn = Array.isArray(select.distinct)
      ? select.distinct.map((e: Expr) => this.#target(e, expressions, items, 'DISTINCT ON'))
      : undefined;
    const sorts = orderBy.map((item) => ({ item, target: this.#target(item.expr, expressions, items, 'ORDER BY') }));
    this.#windows.checkNamed(new ExpressionBinder(this.#windowHost(), this.#scope));
    this.#aggregatesAllowed = false;
    const made = {
      aggregates: this.#aggregates.length > 0,
      windows: !this.#windows.isEmpty,
      series: !this.#series.isEmpty,
    };
    checkLocking(locking, select, made, (name) => this.#binder.isCte(name));
    const groups = bindGroups(
      select,
      {
        host: {
          ...this.#binder.host('GROUP BY', this),
          setReturning: (call, entry, args) => this.#series.add(call, entry, args),
        },
        scope: this.#scope,
        context: this.#binder.context,
        isAggregate: (column) => this.#aggregates.some((a) => a.column === column),
      },
      items,
    );
    const grouped =
      groups.items.length > 0 ||
      groups.sets !== undefined ||
      this.#aggregates.length > 0 ||
      having !== undefined ||
      this.#groupings.length > 0 ||
      select.groupBy.length > 0;
    for (const { call } of this.#aggregates) this.#checkDirectArguments(call, groups);
    const grouping = this.#groupings.map(({ column, args, call }) => ({
      column,
      groups: this.#groupingArgs(args, groups, call),
    }));
    const place = (scalar: Scalar) => (grouped ? this.#overGroups(scalar, groups) : scalar);

    // Rows: FROM and WHERE, functions in GROUP BY, groups, HAVING, windows, the other set-returning functions.
    const inGroups = columnsOf(...groups.items.map((g) => g.expr));
    let plan = this.#series.over(input, (item) => inGroups.has(item.column.id));
    if (grouped) {
      const aggregate: Aggregate = {
        kind: 'aggregate',
        ...placeOrderedArguments(plan, this.#aggregates, this.#binder.context),
        groups: groups.items,
        ...(groups.sets && { sets: groups.sets }),
        ...(grouping.length > 0 && { grouping }),
      };
      plan = aggregate;
      if (having) plan = { kind: 'filter', input: plan, predicate: place(having) };
    }
    plan = this.#windows.over(plan, place);
    plan = this.#series.over(plan, (item) => !inGroups.has(item.column.id), place);

    const projected: ProjectItem[] = items.map(({ label, expr }) => {
      const placed = place(expr);
      return { column: this.#column(label, placed, groups), expr: unknownAsText(placed) };
    });
    const columns = projected.map((p) => p.column);
    const extra: ProjectItem[] = [];
    /** The column that has a sort or DISTINCT ON target; one of the select list where it has it. */
    const columnOf = (target: SortTarget): Column => {
      if ('item' in target) return columns[target.item]!;
      const expr = place(target.expr);
      const known = [...projected, ...extra].find((p) => sameScalar(p.expr, expr));
      if (known) return known.column;
      const column = this.#binder.context.column('?column?', expr.type.kind === 'unknown' ? types.text : expr.type);
      extra.push({ column, expr: unknownAsText(expr) });
      return column;
    };
    const keys: SortKey[] = sorts.map(({ item, target }) => sortKey(item, columnRef(columnOf(target))));
    const on = distinctOn?.map((target) => columnOf(target));
    if (select.distinct === true && extra.length > 0) {
      const at = sorts.find(({ target }) => extra.some((e) => e.column === columnOf(target)))!;
      throw fail('invalid_column_reference', 'for SELECT DISTINCT, ORDER BY expressions must appear in select list', {
        span: at.item.expr.span,
      });
    }
    if (on && keys.length > 0) this.#checkDistinctOn(on, keys, sorts);
    plan = { kind: 'project', input: plan, items: [...projected, ...extra] };
    if (select.distinct === true || on) for (const c of on ?? columns) requireEquality(c.type, select.span);
    if (select.distinct === true) plan = { kind: 'distinct', input: plan };
    if (keys.length > 0) plan = { kind: 'sort', input: plan, keys: keys.map(byValue) };
    if (on) plan = { kind: 'distinct', input: plan, on: on.map(columnRef) };
    return { plan, columns, scope: this.#scope, ...(extra.length > 0 && { trim: true }) };
  }

  /** PostgreSQL keeps the first row of each group in the order asked for, so the order must begin with what groups. */
  #checkDistinctOn(on: readonly Column[], keys: readonly SortKey[], sorts: readonly { item: SortItem }[]): void {
    const wanted = new Set(on.map((c) => c.id));
    let found = 0;
    for (const [i, key] of keys.entries()) {
      if (found === wanted.size) return;
      if (key.expr.kind !== 'column' || !wanted.has(key.expr.column.id))
        throw fail(
          'invalid_column_reference',
          'SELECT DISTINCT ON expressions must match initial ORDER BY expressions',
          {
            span: sorts[i]!.item.expr.span,
          },
        );
      found = new Set(keys.slice(0, i + 1).map((k) => (k.expr.kind === 'column' ? k.expr.column.id : 0))).size;
    }
  }

  /** A bare column keeps its identity, so that a projection of columns is no computation; one from outside gets its own. */
  #column(label: string, expr: Scalar, groups: BoundGroups): Column {
    // `oid::regclass as oid` is a column of another type.
    if (expr.kind === 'column' && expr.column.name === label && oidOf(expr.type) === oidOf(expr.column.type)) {
      const { column } = expr;
      const own = this.#scope.owns(column.id) || this.#isMade(column) || groups.items.some((g) => g.column === column);
      if (own) return column;
    }
    return this.#binder.context.column(label, expr.type.kind === 'unknown' ? types.text : expr.type);
  }

  #from(): LogicalPlan {
    let plan: LogicalPlan | undefined;
    for (const item of this.#select.from) {
      const visible = new Scope(this.#outer);
      visible.owner = this;
      visible.relations.push(...this.#scope.relations);
      const bound = bindFromItem(this.#binder, item, visible);
      for (const relation of bound.relations) {
        if (
          relation.name &&
          this.#scope.relations.some((r) => r.name === relation.name && r.dataset === relation.dataset)
        ) {
          throw fail('duplicate_alias', `table name "${relation.name}" specified more than once`, { span: item.span });
        }
      }
      this.#scope.relations.push(...bound.relations);
      const lateral = item.kind === 'function_ref' || (item.kind === 'query_ref' && item.lateral);
      plan = plan ? { kind: 'join', type: 'cross', left: plan, right: bound.plan, lateral } : bound.plan;
    }
    return plan ?? { kind: 'values', columns: [], rows: [[]] };
  }

  #items(expressions: ExpressionBinder): Item[] {
    const native = this.#binder.context.language === 'native';
    return this.#select.items.flatMap((item): Item[] => {
      if (item.kind !== 'expr')
        return this.#star(item).map((column) => ({ label: column.name, expr: columnRef(column) }));
      if (item.expr.kind === 'field' && !item.expr.field) return expressions.fields(item.expr.arg, item.expr.span);
      const expr = expressions.bind(item.expr);
      return [
        {
          label: item.alias ? (native ? item.alias.text : foldName(item.alias)) : labelOf(item.expr, expr),
          expr,
          ast: item.expr,
        },
      ];
    });
  }

  #star(item: Exclude<SelectItem, { kind: 'expr' }>): readonly Column[] {
    if (this.#select.from.length === 0)
      throw fail('syntax_error', 'SELECT * with no tables specified is not valid', { span: item.span });
    const visible =
      item.qualifier.length === 0
        ? this.#scope.starColumns()
        : this.#scope
            .relation(item.qualifier, item.span)
            .columns.filter((c) => !c.hidden)
            .map((c) => c.column);
    if (item.kind === 'star') return visible;
    const pattern = new RegExp(`^${item.pattern.text.split('*').map(escapeRegExp).join('.*')}$`, 's');
    const matches = visible.filter((c) => pattern.test(c.name));
    if (matches.length === 0) {
      const near = hintFor(
        item.pattern.text.replaceAll('*', ''),
        visible.map((c) => c.name),
      );
      throw fail('undefined_column', `no column matches "${item.pattern.text}"`, {
        span: item.pattern.span,
        hint: near,
      });
    }
    return matches;
  }

  #host(): ExpressionHost {
    return {
      ...this.#binder.host('the select list', this),
      aggregate: (call, entry, scope) => this.#aggregate(call, entry, scope),
      setReturning: (call, entry, args) => this.#series.add(call, entry, args),
      grouping: (call, args) => {
        const column = this.#binder.context.column('grouping', types.int4);
        this.#groupings.push({ column, args, call });
        return { ...columnRef(column), span: call.span };
      },
    };
  }

  #aggregate(call: CallExpr, entry: FunctionEntry, scope: Scope): Scalar {
    const inside = new ExpressionBinder(this.#binder.host(aggregateArguments, this), scope);
    const over = call.over !== undefined;
    // A window function's arguments are over the groups, so they may hold aggregates.
    const args = over ? new ExpressionBinder(this.#windowHost(), scope) : inside;
    if (!over) this.#inArguments++;
    const aggregate = bindAggregateCall(call, entry, args, inside);
    if (!over) this.#inArguments--;
    if (over) return this.#windows.add(call, aggregate, args);
    if (entry.kind === 'window' && !aggregate.overload.orderedSet)
      throw fail('wrong_object_type', `window function ${entry.name} requires an OVER clause`, { span: call.span });
    return (aggregateOwner(aggregate, scope) ?? this).addAggregate(aggregate);
  }

  makesAggregate(id: ColumnId): boolean {
    return this.#aggregates.some((a) => a.column.id === id);
  }

  addAggregate(call: AggregateCall): Scalar {
    if (this.#inArguments > 0)
      throw fail('grouping_error', 'aggregate function calls cannot be nested', { span: call.span });
    if (!this.#aggregatesAllowed)
      throw fail('grouping_error', 'aggregate functions are not allowed in this clause of the query they belong to', {
        span: call.span,
      });
    const at = call.span ? { span: call.span } : {};
    const known = this.#aggregates.find((a) => sameCall(a.call, call));
    if (known) return { ...columnRef(known.column), ...at };
    const column = this.#binder.context.column(call.name, call.type);
    this.#aggregates.push({ column, call });
    return { ...columnRef(column), ...at };
  }

  #windowHost(): ExpressionHost {
    const { setReturning: _, ...host } = this.#host();
    return {
      ...host,
      aggregate: (call, entry, scope) => {
        if (call.over || entry.kind === 'window')
          throw fail('windowing_error', 'window function calls cannot be nested', { span: call.span });
        return this.#aggregate(call, entry, scope);
      },
    };
  }

  /** ORDER BY and DISTINCT ON: an output column by position or name first, as SQL-92 has it; else an expression over the input. */
  #target(expr: Expr, expressions: ExpressionBinder, items: readonly Item[], clause: string): SortTarget {
    const found = outputNamed(
      expr,
      items.map((i) => i.label),
      clause,
      (a, b) => sameScalar(items[a]!.expr, items[b]!.expr),
    );
    if (found !== undefined) return { item: found };
    const scalar = expressions.operand(expr);
    if (!hasSubquery(scalar)) return { expr: scalar };
    const text = printExpr(expr);
    const item = itemSpelled(text, items);
    if (item >= 0) return { item };
    const known = this.#asked.get(text);
    if (!known) this.#asked.set(text, scalar);
    return { expr: known ?? scalar };
  }

  #groupingArgs(args: readonly Scalar[], groups: BoundGroups, call: CallExpr): number[] {
    return args.map((arg) => {
      const index = groups.items.findIndex((g) => sameScalar(g.expr, arg));
      if (index < 0)
        throw fail(
          'grouping_error',
          'arguments to GROUPING must be grouping expressions of the associated query level',
          {
            span: arg.span ?? call.span,
          },
        );
      return index;
    });
  }

  /** What an ordered-set aggregate is given beside its rows is one value for the group. */
  #checkDirectArguments({ overload, args, orderBy, span }: AggregateCall, groups: BoundGroups): void {
    if (!overload.orderedSet) return;
    for (const arg of args.slice(0, args.length - orderBy.length)) {
      const over = columnsOf(this.#overGroups(arg, groups));
      // Each set would see another value of it: NULL where the set leaves it out.
      if (groups.items.some(({ column }, i) => over.has(column.id) && groups.sets?.some((set) => !set.includes(i))))
        throw fail('feature_not_supported', 'direct arguments that not all grouping sets have are not supported', {
          span: arg.span ?? span,
        });
    }
  }

  #overGroups(scalar: Scalar, groups: BoundGroups): Scalar {
    return overGroups(scalar, {
      groups,
      context: this.#binder.context,
      scope: this.#scope,
      isMade: (column) => this.#isMade(column),
    });
  }

  /** A column of an aggregate, a window function, … of this query. */
  #isMade(column: Column): boolean {
    return (
      this.#aggregates.some((a) => a.column === column) ||
      this.#groupings.some((g) => g.column === column) ||
      this.#windows.has(column) ||
      this.#series.has(column)
    );
  }
}

const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function unknownAsText(expr: Scalar): Scalar {
  if (expr.type.kind !== 'unknown') return expr;
  if (expr.kind !== 'literal') return castScalar(expr, types.text, false);
  const { parameter, ...plain } = expr;
  parameter?.inferWeakly(types.text);
  const text = castScalar(plain, types.text, false);
  return text.kind === 'literal' ? { ...text, untyped: true, ...(parameter && { parameter }) } : text;
}
