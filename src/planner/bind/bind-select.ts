// SELECT: FROM, WHERE, grouping, windows, the select list, DISTINCT.
import { type FunctionEntry, fail, sameType, types } from '../../core/index.js';
import type { CallExpr, Expr, Name, Select, SelectItem } from '../../parser/index.js';
import type { LogicalPlan, ProjectItem, WindowCall } from '../logical/logical-plan.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { bindFromItem, foldName } from './bind-from.js';
import { type BoundBody, type QueryBinder, sortKey } from './bind-query.js';
import { castScalar, coerce, widened } from './coerce.js';
import { hintFor } from './environment.js';
import { resolveOverload, resultType } from './resolve-overload.js';
import type { AggregateCall, Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

export function bindSelect(binder: QueryBinder, select: Select, outer: Scope | undefined): BoundBody {
  return new SelectBinder(binder, select, outer).bind();
}

const columnScalar = (column: Column): Scalar => ({ kind: 'column', type: column.type, column });

class SelectBinder {
  readonly #binder: QueryBinder;
  readonly #select: Select;
  readonly #scope: Scope;
  readonly #outer: Scope | undefined;
  readonly #groups: ProjectItem[] = [];
  readonly #aggregates: { column: Column; call: AggregateCall }[] = [];
  readonly #windows: WindowCall[] = [];

  constructor(binder: QueryBinder, select: Select, outer: Scope | undefined) {
    this.#binder = binder;
    this.#select = select;
    this.#scope = new Scope(outer);
    this.#outer = outer;
  }

  bind(): BoundBody {
    const select = this.#select;
    let plan = this.#from();
    if (select.where) {
      const predicate = new ExpressionBinder(this.#binder.host('WHERE'), this.#scope).predicate(select.where, 'WHERE');
      plan = { kind: 'filter', input: plan, predicate };
    }
    const expressions = new ExpressionBinder(this.#host(), this.#scope);
    const bound = this.#items(expressions);
    this.#bindGroups(expressions, bound);
    const having = select.having && expressions.predicate(select.having, 'HAVING');
    const grouped = this.#groups.length > 0 || this.#aggregates.length > 0 || having !== undefined;
    const place = (scalar: Scalar) => (grouped ? this.#overGroups(scalar) : scalar);
    const items = bound.map(({ label, expr }) => ({ label, expr: place(expr) }));
    if (grouped) {
      plan = { kind: 'aggregate', input: plan, groups: this.#groups, aggregates: this.#aggregates };
      if (having) plan = { kind: 'filter', input: plan, predicate: place(having) };
    }
    if (this.#windows.length > 0)
      plan = {
        kind: 'window',
        input: plan,
        windows: grouped ? this.#windows.map((w) => this.#windowOverGroups(w)) : this.#windows,
      };
    const projected: ProjectItem[] = items.map(({ label, expr }) => ({
      column: this.#column(label, expr),
      expr: unknownAsText(expr),
    }));
    const columns = projected.map((p) => p.column);
    const input = plan;
    const body: LogicalPlan = { kind: 'project', input, items: projected };
    if (select.distinct !== false) return this.#distinct(body, columns, expressions);
    const extra: ProjectItem[] = [];
    const aggregatesBefore = this.#aggregates.length;
    return {
      plan: body,
      columns,
      sortable: (expr) => {
        const scalar = place(expressions.operand(expr));
        if (this.#aggregates.length > aggregatesBefore && !grouped)
          throw fail('grouping_error', 'aggregate functions in ORDER BY need them in the query', { span: expr.span });
        const same = projected.find((p) => sameScalar(p.expr, scalar));
        if (same) return same.column;
        const item = { column: this.#column('?column?', scalar), expr: scalar };
        extra.push(item);
        return item.column;
      },
      extended: () => (extra.length === 0 ? body : { kind: 'project', input, items: [...projected, ...extra] }),
    };
  }

  /** A bare column keeps its identity, so that a projection of columns is no computation. */
  #column(label: string, expr: Scalar): Column {
    if (expr.kind === 'column' && expr.column.name === label) return expr.column;
    return this.#binder.context.column(label, expr.type.kind === 'unknown' ? types.text : expr.type);
  }

  #from(): LogicalPlan {
    let plan: LogicalPlan | undefined;
    for (const item of this.#select.from) {
      const visible = new Scope(this.#outer);
      visible.relations.push(...this.#scope.relations);
      const bound = bindFromItem(this.#binder, item, visible, this.#scope);
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

  #items(expressions: ExpressionBinder): { label: string; expr: Scalar }[] {
    const native = this.#binder.context.language === 'native';
    return this.#select.items.flatMap((item) => {
      if (item.kind !== 'expr')
        return this.#star(item).map((column) => ({ label: column.name, expr: columnScalar(column) }));
      const expr = expressions.bind(item.expr);
      return [
        { label: item.alias ? (native ? item.alias.text : foldName(item.alias)) : labelOf(item.expr, expr), expr },
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
    const plain = this.#binder.host('this clause');
    return { ...plain, aggregate: (call, entry, scope) => this.#aggregate(call, entry, scope) };
  }

  #aggregate(call: CallExpr, entry: FunctionEntry, scope: Scope): Scalar {
    const inside = new ExpressionBinder(this.#binder.host('aggregate arguments'), scope);
    const over = call.over !== undefined;
    // A window function's arguments are over the groups, so they may hold aggregates.
    const args = over ? new ExpressionBinder(this.#hostWithoutWindows(), scope) : inside;
    const sorted = call.withinGroup ?? call.orderBy;
    const values = call.star ? [] : call.args.map((a) => args.operand(a.value));
    if (call.withinGroup) values.push(...call.withinGroup.map((s) => args.operand(s.expr)));
    const resolved = resolveOverload(
      entry.overloads,
      values.map((v) => v.type),
    );
    if (!resolved || resolved === 'ambiguous') {
      // The same words as for any other function.
      new ExpressionBinder(this.#host(), scope).resolveCall(entry, values, call.span);
      throw fail('undefined_function', `function ${entry.name} does not take these arguments`, { span: call.span });
    }
    const cast = values.map((v, i) => castScalar(v, resolved.argTypes[i]!, false));
    const constants = cast.map((c) => (c.kind === 'literal' ? c.value : undefined));
    const type = resultType(resolved.overload, resolved.argTypes, constants);
    const aggregate: AggregateCall = {
      name: entry.name,
      overload: resolved.overload,
      args: cast,
      distinct: call.distinct,
      orderBy: sorted.map((s) => sortKey(s, args.operand(s.expr))),
      ...(call.filter && { filter: coerce(inside.bind(call.filter), types.bool, 'argument of FILTER') }),
      type,
      span: call.span,
    };
    if (over) return this.#window(call, aggregate, args);
    if (entry.kind === 'window')
      throw fail('wrong_object_type', `window function ${entry.name} requires an OVER clause`, { span: call.span });
    const known = this.#aggregates.find((a) => sameCall(a.call, aggregate));
    if (known) return { ...columnScalar(known.column), span: call.span };
    const column = this.#binder.context.column(entry.name, type);
    this.#aggregates.push({ column, call: aggregate });
    return { ...columnScalar(column), span: call.span };
  }

  #hostWithoutWindows(): ExpressionHost {
    return {
      ...this.#host(),
      aggregate: (call, entry, scope) => {
        if (call.over || entry.kind === 'window')
          throw fail('windowing_error', 'window function calls cannot be nested', { span: call.span });
        return this.#aggregate(call, entry, scope);
      },
    };
  }

  #window(call: CallExpr, aggregate: AggregateCall, args: ExpressionBinder): Scalar {
    const over = call.over!;
    const spec = 'partitionBy' in over ? over : this.#namedWindow(over);
    const base = spec.base && this.#namedWindow(spec.base);
    const column = this.#binder.context.column(aggregate.name, aggregate.type);
    const partitionBy = (base?.partitionBy ?? spec.partitionBy).map((e) => args.operand(e));
    const orderBy = (base && base.orderBy.length > 0 ? base.orderBy : spec.orderBy).map((s) =>
      sortKey(s, args.operand(s.expr)),
    );
    const frame = spec.frame && {
      mode: spec.frame.mode,
      start: {
        kind: spec.frame.start.kind,
        ...(spec.frame.start.offset && { offset: args.operand(spec.frame.start.offset) }),
      },
      end: spec.frame.end
        ? { kind: spec.frame.end.kind, ...(spec.frame.end.offset && { offset: args.operand(spec.frame.end.offset) }) }
        : { kind: 'current row' as const },
      ...(spec.frame.exclude && { exclude: spec.frame.exclude }),
    };
    this.#windows.push({
      column,
      call: aggregate,
      partitionBy,
      orderBy,
      ...(frame && { frame }),
      ignoreNulls: call.ignoreNulls ?? false,
    });
    return { ...columnScalar(column), span: call.span };
  }

  #namedWindow(name: Name) {
    const found = this.#select.windows.find((w) => foldName(w.name) === foldName(name));
    if (!found) throw fail('undefined_object', `window "${name.text}" does not exist`, { span: name.span });
    return found.spec;
  }

  #bindGroups(expressions: ExpressionBinder, items: readonly { label: string; expr: Scalar }[]): void {
    for (const item of this.#select.groupBy) {
      if (item.kind === 'empty') continue;
      if (item.kind !== 'expr')
        throw fail('feature_not_supported', 'GROUPING SETS, ROLLUP and CUBE are not supported yet', {
          span: item.span,
        });
      const expr = this.#groupExpr(item.expr, expressions, items);
      if (this.#groups.some((g) => sameScalar(g.expr, expr))) continue;
      const column =
        expr.kind === 'column' ? expr.column : this.#binder.context.column(labelOf(item.expr, expr), expr.type);
      this.#groups.push({
        column: expr.kind === 'column' ? this.#binder.context.column(column.name, column.type) : column,
        expr,
      });
    }
  }

  /** A position or, where no input column has that name, an output name; else an expression. */
  #groupExpr(expr: Expr, expressions: ExpressionBinder, items: readonly { label: string; expr: Scalar }[]): Scalar {
    if (expr.kind === 'number' && /^\d+$/.test(expr.text)) {
      const item = items[Number(expr.text) - 1];
      if (!item)
        throw fail('invalid_column_reference', `GROUP BY position ${expr.text} is not in select list`, {
          span: expr.span,
        });
      this.#refuseAggregate(item.expr, expr);
      return item.expr;
    }
    if (expr.kind === 'column' && expr.parts.length === 1) {
      const name = foldName(expr.parts[0]!);
      const isInput = this.#scope.relations.some((r) =>
        r.columns.some((c) => c.column.name.toLowerCase() === name.toLowerCase()),
      );
      const item = isInput ? undefined : items.find((i) => i.label === name);
      if (item) {
        this.#refuseAggregate(item.expr, expr);
        return item.expr;
      }
    }
    const before = this.#aggregates.length;
    const scalar = expressions.bind(expr);
    if (this.#aggregates.length > before)
      throw fail('grouping_error', 'aggregate functions are not allowed in GROUP BY', { span: expr.span });
    return scalar.kind === 'column' ? scalar : widened(scalar);
  }

  #refuseAggregate(scalar: Scalar, at: Expr): void {
    const ids = new Set(this.#aggregates.map((a) => a.column));
    if (someColumn(scalar, (c) => ids.has(c)))
      throw fail('grouping_error', 'aggregate functions are not allowed in GROUP BY', { span: at.span });
  }

  /** Replaces grouped expressions by the group's column; what is left over of the input is an error. */
  #overGroups(scalar: Scalar): Scalar {
    const group = this.#groups.find((g) => sameScalar(g.expr, scalar));
    if (group) return { ...columnScalar(group.column), ...(scalar.span && { span: scalar.span }) };
    if (scalar.kind === 'column') {
      const { column } = scalar;
      if (this.#aggregates.some((a) => a.column === column) || this.#windows.some((w) => w.column === column))
        return scalar;
      const own = this.#scope.relations.find((r) => r.columns.some((c) => c.column.id === column.id));
      if (own) {
        const name = own.name ? `${own.name}.${column.name}` : column.name;
        throw fail(
          'grouping_error',
          `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
          { span: scalar.span },
        );
      }
      return scalar;
    }
    return mapChildren(scalar, (child) => this.#overGroups(child));
  }

  #windowOverGroups(window: WindowCall): WindowCall {
    const place = (s: Scalar) => this.#overGroups(s);
    return {
      ...window,
      call: { ...window.call, args: window.call.args.map(place) },
      partitionBy: window.partitionBy.map(place),
      orderBy: window.orderBy.map((k) => ({ ...k, expr: place(k.expr) })),
    };
  }

  #distinct(body: LogicalPlan, columns: readonly Column[], expressions: ExpressionBinder): BoundBody {
    const { distinct } = this.#select;
    if (distinct === true || distinct === false) return { plan: { kind: 'distinct', input: body }, columns };
    if (body.kind !== 'project') return { plan: body, columns };
    const on = distinct.map((e) => {
      const scalar = expressions.operand(e);
      const same = body.items.find((p) => sameScalar(p.expr, scalar));
      if (!same)
        throw fail('feature_not_supported', 'DISTINCT ON takes expressions of the select list', { span: e.span });
      return columnScalar(same.column);
    });
    return { plan: { kind: 'distinct', input: body, on }, columns };
  }
}

const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function unknownAsText(expr: Scalar): Scalar {
  return expr.type.kind === 'unknown' ? castScalar(expr, types.text, false) : expr;
}

/** PostgreSQL's name of an unnamed result column; a branch's label is its own spelling. */
function labelOf(expr: Expr, scalar: Scalar): string {
  switch (expr.kind) {
    case 'column':
      return scalar.kind === 'column' ? scalar.column.name : expr.parts.at(-1)!.text;
    case 'call':
      return foldName(expr.name.at(-1)!);
    case 'cast': {
      const inner = labelOf(expr.arg, scalar.kind === 'cast' ? scalar.arg : scalar);
      return inner === '?column?' ? expr.type.name.at(-1)!.text.toLowerCase() : inner;
    }
    case 'case':
      return 'case';
    case 'array':
    case 'array_query':
      return 'array';
    case 'exists':
      return 'exists';
    case 'subscript':
      return labelOf(expr.arg, scalar.kind === 'call' ? scalar.args[0]! : scalar);
    case 'field':
      return expr.field?.text ?? '?column?';
    case 'boolean':
    case 'typed_literal':
      return expr.kind === 'boolean' ? 'bool' : expr.type.name.at(-1)!.text.toLowerCase();
    default:
      return '?column?';
  }
}

/** The same expression, places aside. */
export function sameScalar(a: Scalar, b: Scalar): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !sameType(a.type, b.type)) return false;
  return fingerprint(a) === fingerprint(b);
}

const fingerprints = new WeakMap<object, string>();

function fingerprint(node: object): string {
  let known = fingerprints.get(node);
  if (known === undefined) {
    known = JSON.stringify(node, (key, value) => {
      if (key === 'span') return undefined;
      if (key === 'overload') return (value as { op: string }).op;
      return typeof value === 'bigint' ? `${value}n` : Number.isNaN(value) ? 'NaN' : value;
    });
    fingerprints.set(node, known);
  }
  return known;
}

function sameCall(a: AggregateCall, b: AggregateCall): boolean {
  return a.name === b.name && fingerprint(a) === fingerprint(b);
}

function mapChildren(scalar: Scalar, f: (child: Scalar) => Scalar): Scalar {
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return scalar;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
      return { ...scalar, args: scalar.args.map(f) };
    case 'cast':
    case 'not':
    case 'is_null':
    case 'field':
      return { ...scalar, arg: f(scalar.arg) };
    case 'case':
      return {
        ...scalar,
        branches: scalar.branches.map((b) => ({ when: f(b.when), then: f(b.then) })),
        otherwise: f(scalar.otherwise),
      };
    case 'in':
      return { ...scalar, arg: f(scalar.arg), list: scalar.list.map(f) };
    case 'list':
      return { ...scalar, elements: scalar.elements.map(f) };
    case 'struct':
      return { ...scalar, fields: scalar.fields.map(f) };
    case 'list_map':
      return { ...scalar, params: scalar.params.map((p) => ({ ...p, list: f(p.list) })), body: f(scalar.body) };
    case 'list_filter':
      return { ...scalar, list: f(scalar.list), body: f(scalar.body) };
    case 'subquery':
      return scalar.left ? { ...scalar, left: scalar.left.map(f) } : scalar;
  }
}

function someColumn(scalar: Scalar, test: (column: Column) => boolean): boolean {
  let found = false;
  const visit = (s: Scalar): Scalar => {
    if (s.kind === 'column' && test(s.column)) found = true;
    return mapChildren(s, visit);
  };
  visit(scalar);
  return found;
}
