// Queries: WITH, set operations, VALUES, ORDER BY and LIMIT around the bodies that bind-select makes.
import { fail, lookupOperator, printSqlType, type Span, sameType, sqlTypeOf, types } from '../../core/index.js';
import type {
  Expr,
  Name,
  QualifiedName,
  Query,
  QueryBody,
  QueryStatement,
  SetOperation,
  SortItem,
  Values,
} from '../../parser/index.js';
import type { BoundQuery, CtePlan, LogicalPlan } from '../logical/logical-plan.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { foldName } from './bind-from.js';
import { bindSelect } from './bind-select.js';
import { castScalar, commonType } from './coerce.js';
import { BindContext, type BindEnvironment } from './environment.js';
import { resolveOverload } from './resolve-overload.js';
import type { Column, Scalar, SortKey } from './scalar.js';
import { Scope } from './scope.js';

export interface BoundBody {
  readonly plan: LogicalPlan;
  readonly columns: readonly Column[];
  /** For ORDER BY: binds an expression over what the body selects from, adding it to the body; absent where only output columns may be named. */
  readonly sortable?: (expr: Expr) => Column;
  /** The body with what `sortable` added, to be cut off again above the sort. */
  readonly extended?: () => LogicalPlan;
}

interface VisibleCte {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly Column[];
}

/** @throws DiagnosticError as PostgreSQL would, with the place in the statement */
export function bindStatement(statement: QueryStatement, environment: BindEnvironment): BoundQuery {
  const binder = new QueryBinder(new BindContext(environment, statement.language));
  const { plan, columns } = binder.bindQuery(statement.query, undefined);
  return { plan, output: columns.map((column) => ({ column, label: column.name, type: column.type })) };
}

export class QueryBinder {
  readonly context: BindContext;
  readonly #ctes: VisibleCte[] = [];

  constructor(context: BindContext) {
    this.context = context;
  }

  findCte(name: Name): VisibleCte | undefined {
    return this.#ctes.findLast((c) => c.name === foldName(name));
  }

  /** An expression host for a clause in which no aggregate may stand. */
  host(clause: string): ExpressionHost {
    return {
      context: this.context,
      subquery: (query, scope) => this.bindQuery(query, scope),
      aggregate: (call, entry) => {
        const what = call.over || entry.kind === 'window' ? 'window' : 'aggregate';
        throw fail(
          what === 'window' ? 'windowing_error' : 'grouping_error',
          `${what} functions are not allowed in ${clause}`,
          { span: call.span },
        );
      },
    };
  }

  equal(left: Scalar, right: Scalar, span: Span): Scalar {
    const resolved = resolveOverload(lookupOperator('=', 2)!.overloads, [left.type, right.type]);
    if (!resolved || resolved === 'ambiguous')
      throw fail(
        'undefined_function',
        `operator does not exist: ${printSqlType(left.type)} = ${printSqlType(right.type)}`,
        { span },
      );
    const args = [left, right].map((s, i) => castScalar(s, resolved.argTypes[i]!, false));
    return { kind: 'call', type: types.bool, name: '=', overload: resolved.overload, args, span };
  }

  /** `outer`: scope of the enclosing query, whose columns are visible. */
  bindQuery(query: Query, outer: Scope | undefined): { plan: LogicalPlan; columns: readonly Column[] } {
    const before = this.#ctes.length;
    const ctes = (query.with?.ctes ?? []).map((cte): CtePlan => {
      if (query.with!.recursive && mentions(cte.query, foldName(cte.name))) {
        throw fail('feature_not_supported', 'WITH RECURSIVE queries that refer to themselves are not supported yet', {
          span: cte.name.span,
        });
      }
      const bound = this.bindQuery(cte.query, outer);
      const columns = bound.columns.map((c, i) => ({ ...c, name: cte.columns[i] ? foldName(cte.columns[i]) : c.name }));
      const id = this.context.cteId();
      this.#ctes.push({ id, name: foldName(cte.name), columns });
      return {
        id,
        name: foldName(cte.name),
        plan: bound.plan,
        recursive: false,
        ...(cte.materialized !== undefined && { materialized: cte.materialized }),
      };
    });
    const body = this.#body(query.body, outer);
    let plan = this.#sorted(query, body);
    plan = this.#limited(query, plan);
    this.#ctes.length = before;
    if (ctes.length > 0) plan = { kind: 'with', ctes, body: plan };
    return { plan, columns: body.columns };
  }

  #body(body: QueryBody, outer: Scope | undefined): BoundBody {
    switch (body.kind) {
      case 'select':
        return bindSelect(this, body, outer);
      case 'set':
        return this.#setOperation(body, outer);
      case 'values':
        return this.#values(body, outer);
      case 'query':
        return this.bindQuery(body, outer);
    }
  }

  #values(values: Values, outer: Scope | undefined): BoundBody {
    const expressions = new ExpressionBinder(this.host('VALUES'), new Scope(outer));
    const rows = values.rows.map((row) => row.map((e) => expressions.operand(e)));
    const width = rows[0]!.length;
    if (rows.some((r) => r.length !== width))
      throw fail('syntax_error', 'VALUES lists must all be the same length', { span: values.span });
    const columns = Array.from({ length: width }, (_, i) =>
      this.context.column(
        `column${i + 1}`,
        commonType(
          rows.map((r) => r[i]!.type),
          'VALUES',
          values.span,
        ),
      ),
    );
    return {
      plan: { kind: 'values', columns, rows: rows.map((r) => r.map((s, i) => castScalar(s, columns[i]!.type, false))) },
      columns,
    };
  }

  #setOperation(set: SetOperation, outer: Scope | undefined): BoundBody {
    const name = set.op.toUpperCase();
    const inputs = set.inputs.map((input) => this.#body(input, outer));
    const first = inputs[0]!;
    for (const input of inputs) {
      if (input.columns.length !== first.columns.length)
        throw fail('syntax_error', `each ${name} query must have the same number of columns`, { span: set.span });
    }
    const columns = first.columns.map((c, i) => {
      const found = inputs.map((input) => input.columns[i]!.type);
      const type = found.every((t) => sameType(t, found[0]!))
        ? found[0]!
        : commonType(found.map(sqlTypeOf), name, set.span);
      return this.context.column(c.name, type);
    });
    return {
      plan: {
        kind: 'set',
        op: set.op,
        all: set.all,
        inputs: inputs.map((input) => this.#matched(input, columns)),
        columns,
      },
      columns,
    };
  }

  /** Casts an input's columns where a set operation needs another type. */
  #matched(input: BoundBody, columns: readonly Column[]): LogicalPlan {
    if (input.columns.every((c, i) => sameType(c.type, columns[i]!.type))) return input.plan;
    const items = input.columns.map((column, i) => ({
      column: this.context.column(column.name, columns[i]!.type),
      expr: castScalar({ kind: 'column', type: column.type, column }, columns[i]!.type, false),
    }));
    return { kind: 'project', input: input.plan, items };
  }

  #sorted(query: Query, body: BoundBody): LogicalPlan {
    if (query.orderBy.length === 0) return body.plan;
    const keys = query.orderBy.map((item) => sortKey(item, this.#sortExpr(item, body)));
    const input = body.extended?.() ?? body.plan;
    const sort: LogicalPlan = { kind: 'sort', input, keys };
    if (input === body.plan) return sort;
    return {
      kind: 'project',
      input: sort,
      items: body.columns.map((column) => ({ column, expr: { kind: 'column', type: column.type, column } })),
    };
  }

  /** An output column by name or position first, as SQL-92 has it; else an expression over the input. */
  #sortExpr(item: SortItem, body: BoundBody): Scalar {
    const { expr } = item;
    const output = (column: Column): Scalar => ({ kind: 'column', type: column.type, column, span: expr.span });
    if (expr.kind === 'number' && /^\d+$/.test(expr.text)) {
      const column = body.columns[Number(expr.text) - 1];
      if (!column)
        throw fail('invalid_column_reference', `ORDER BY position ${expr.text} is not in select list`, {
          span: expr.span,
        });
      return output(column);
    }
    if (expr.kind === 'column' && expr.parts.length === 1) {
      const name = foldName(expr.parts[0]!);
      const named = body.columns.filter((c) => c.name === name || c.name === expr.parts[0]!.text);
      if (named.length === 1) return output(named[0]!);
    }
    if (!body.sortable)
      throw fail('feature_not_supported', 'ORDER BY after a set operation takes names or positions of result columns', {
        span: expr.span,
      });
    return output(body.sortable(expr));
  }

  #limited(query: Query, plan: LogicalPlan): LogicalPlan {
    if (!query.limit && !query.offset) return plan;
    const expressions = new ExpressionBinder(this.host('LIMIT'), new Scope());
    const bound = (expr: Expr, clause: string) => {
      const scalar = expressions.operand(expr);
      if (scalar.kind === 'literal' && scalar.value !== null && Number(scalar.value) < 0) {
        throw fail(
          clause === 'LIMIT' ? 'invalid_row_count_in_limit_clause' : 'invalid_row_count_in_result_offset_clause',
          `${clause} must not be negative`,
          { span: expr.span },
        );
      }
      return castScalar(scalar, types.int8, false);
    };
    return {
      kind: 'limit',
      input: plan,
      ...(query.limit && { limit: bound(query.limit, 'LIMIT') }),
      ...(query.offset && { offset: bound(query.offset, 'OFFSET') }),
      withTies: query.withTies,
    };
  }
}

/** PostgreSQL's default: NULLs last when ascending, first when descending. */
export function sortKey(item: SortItem, expr: Scalar): SortKey {
  const descending = item.direction === 'desc';
  return { expr, descending, nullsFirst: item.nulls === undefined ? descending : item.nulls === 'first' };
}

/** Whether any relation of the query has this name: a CTE that refers to itself. */
function mentions(query: Query, name: string): boolean {
  return relationsOf(query).some((r) => r.length === 1 && foldName(r[0]!) === name);
}

/** Every name in a FROM, except those of CTEs: what the session fetches before binding. */
export function relationsMentioned(statement: QueryStatement): QualifiedName[] {
  return relationsOf(statement.query);
}

function relationsOf(root: Query): QualifiedName[] {
  const found: QualifiedName[] = [];
  const ctes = new Set<string>();
  // The AST is walked as plain data: a table reference may hide in any expression.
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null || typeof node !== 'object') continue;
    if (Array.isArray(node)) {
      for (const child of node) pending.push(child);
      continue;
    }
    const record = node as { kind?: unknown; name?: unknown; ctes?: unknown };
    if (record.kind === 'table' && Array.isArray(record.name)) found.push(record.name as QualifiedName);
    if (Array.isArray(record.ctes)) for (const cte of record.ctes as { name: Name }[]) ctes.add(foldName(cte.name));
    for (const child of Object.values(record)) pending.push(child);
  }
  return found.filter((name) => !(name.length === 1 && ctes.has(foldName(name[0]!))));
}
