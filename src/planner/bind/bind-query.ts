// Queries: WITH, set operations, VALUES, ORDER BY and LIMIT around the bodies that bind-select makes.
import {
  fail,
  lookupFunction,
  lookupOperator,
  printSqlType,
  type Span,
  sameType,
  sqlTypeOf,
  types,
} from '../../core/index.js';
import type {
  CallExpr,
  Cte,
  Expr,
  Name,
  QualifiedName,
  Query,
  QueryBody,
  QueryStatement,
  SetOperation,
  SortItem,
  TypeName,
  Values,
  With,
} from '../../parser/index.js';
import type { BoundQuery, CtePlan, LogicalPlan } from '../logical/logical-plan.js';
import { valuesPlan } from '../logical/walk-plan.js';
import { columnRef, columnsOf, hasSubquery, isImmutable } from '../logical/walk-scalar.js';
import { aggregateArguments, aggregateOwner, bindAggregateCall } from './bind-aggregate.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { nativeRelation } from './bind-native.js';
import { bindRecursive } from './bind-recursive.js';
import { bindSelect } from './bind-select.js';
import { isTypeName } from './bind-type-name.js';
import { checkBodyLocking } from './check-locking.js';
import { castScalar, coerce, commonType, requireEquality, typesToMatch } from './coerce.js';
import { type BindContext, type BindEnvironment, foldName, inContext } from './environment.js';
import { inStyle } from './in-style.js';
import { resolveOverload } from './resolve-overload.js';
import type { Column, Scalar, SortKey } from './scalar.js';
import { type AggregateOwner, Scope } from './scope.js';
import { checkSearchAndCycle } from './search-cycle.js';

export interface BoundBody {
  readonly plan: LogicalPlan;
  readonly columns: readonly Column[];
  /** `plan` has further columns, which only its ORDER BY needed: they are cut off above LIMIT. */
  readonly trim?: boolean;
  /** What a SELECT's clauses see. */
  readonly scope?: Scope;
}

interface VisibleCte {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Its own recursive term is being bound: how often it may still be read there. */
  recursion?: { references: number };
}

/** @throws DiagnosticError as PostgreSQL would, with the place in the statement */
export function bindStatement(statement: QueryStatement, environment: BindEnvironment): BoundQuery {
  return inStyle(environment, () => {
    const { plan, columns } = inContext(environment, statement.language, (context) =>
      new QueryBinder(context).bindQuery(statement.query, undefined),
    );
    return { plan, output: columns.map((column) => ({ column, label: column.name, type: column.type })) };
  });
}

export class QueryBinder {
  readonly context: BindContext;
  readonly #ctes: VisibleCte[] = [];

  constructor(context: BindContext) {
    this.context = context;
  }

  findCte(name: Name): VisibleCte | undefined {
    const found = this.#ctes.findLast((c) => c.name === foldName(name));
    if (found?.recursion) found.recursion.references++;
    return found;
  }

  isCte(name: Name): boolean {
    return this.#ctes.some((c) => c.name === foldName(name));
  }

  /** An expression host for a clause in which no aggregate of `own`, the query at hand, may stand: only those of queries around it. */
  host(clause: string, own?: AggregateOwner): ExpressionHost {
    return {
      context: this.context,
      clause,
      subquery: (query, scope) => this.bindQuery(query, scope),
      aggregate: (call, entry, scope) => {
        const window = call.over !== undefined || entry.kind === 'window';
        if (!window && entry.kind === 'aggregate') {
          const args = new ExpressionBinder(this.host(aggregateArguments, own), scope);
          const aggregate = bindAggregateCall(call, entry, args, args);
          const owner = aggregateOwner(aggregate, scope);
          if (owner && owner !== own) return owner.addAggregate(aggregate);
        }
        if (clause === aggregateArguments)
          throw fail(
            'grouping_error',
            window
              ? 'aggregate function calls cannot contain window function calls'
              : 'aggregate function calls cannot be nested',
            { span: call.span },
          );
        throw fail(
          window ? 'windowing_error' : 'grouping_error',
          `${window ? 'window' : 'aggregate'} functions are not allowed in ${clause}`,
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
    const ctes = query.with ? this.#withClause(query.with, outer) : [];
    const body = this.#ordered(query, outer);
    let plan = this.#limited(query, body, outer);
    if (body.trim)
      plan = {
        kind: 'project',
        input: plan,
        items: body.columns.map((column) => ({ column, expr: columnRef(column) })),
      };
    this.#ctes.length = before;
    if (ctes.length > 0) plan = { kind: 'with', ctes, body: plan };
    return { plan, columns: body.columns };
  }

  #withClause(clause: With, outer: Scope | undefined): CtePlan[] {
    const names = new Set<string>();
    for (const { name } of clause.ctes) {
      if (names.has(foldName(name)))
        throw fail('duplicate_alias', `WITH query name "${name.text}" specified more than once`, { span: name.span });
      names.add(foldName(name));
    }
    const change = clause.ctes.find((cte) => cte.change)?.change;
    if (change)
      throw fail(
        'feature_not_supported',
        'WITH clause containing a data-modifying statement must be at the top level',
        { span: change.span },
      );
    const ordered = clause.recursive ? byDependence(clause.ctes) : clause.ctes;
    return ordered.map((cte): CtePlan => {
      const name = foldName(cte.name);
      const id = this.context.cteId();
      const recursive = clause.recursive && mentions(cte.query, name);
      checkSearchAndCycle(cte, recursive);
      const bound = recursive
        ? bindRecursive(this, cte, outer, (columns) => this.#open({ id, name, columns, recursion: { references: 0 } }))
        : this.bindQuery(cte.query, outer);
      this.#open({ id, name, columns: cteColumns(cte, bound.columns) });
      return {
        id,
        name,
        plan: bound.plan,
        recursive,
        ...(cte.materialized !== undefined && { materialized: cte.materialized }),
      };
    });
  }

  /** Makes a CTE visible; the function given back hides it again. */
  #open(cte: VisibleCte): () => number {
    this.#ctes.push(cte);
    return () => {
      this.#ctes.splice(this.#ctes.indexOf(cte), 1);
      return cte.recursion?.references ?? 0;
    };
  }

  /** The body in the order that the query asks for. */
  #ordered(query: Query, outer: Scope | undefined): BoundBody {
    if (query.body.kind === 'select') return bindSelect(this, query.body, outer, query.orderBy, query.locking);
    checkBodyLocking(query.locking, query.body);
    const body = this.bindBody(query.body, outer);
    if (query.orderBy.length === 0) return body;
    const labels = body.columns.map((c) => c.name);
    const keys = query.orderBy.map((item) => {
      const found = outputNamed(item.expr, labels, 'ORDER BY', () => false);
      if (found === undefined) throw this.#unsortable(item.expr, body.columns);
      return byValue(sortKey(item, columnRef(body.columns[found]!)));
    });
    return { plan: { kind: 'sort', input: body.plan, keys }, columns: body.columns };
  }

  /** A name that is no result column is unknown; an expression over those that are is what PostgreSQL does not do either. */
  #unsortable(expr: Expr, columns: readonly Column[]): Error {
    const scope = new Scope();
    scope.relations.push({ name: undefined, columns: columns.map((column) => ({ column })) });
    new ExpressionBinder(this.host('ORDER BY'), scope).bind(expr);
    return fail('feature_not_supported', 'invalid UNION/INTERSECT/EXCEPT ORDER BY clause', {
      span: expr.span,
      hint: 'Only result column names can be used, not expressions or functions. Move the UNION into a FROM clause.',
    });
  }

  bindBody(body: QueryBody, outer: Scope | undefined): BoundBody {
    switch (body.kind) {
      case 'select':
        return bindSelect(this, body, outer, [], []);
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
      this.context.column(`column${i + 1}`, commonType(typesToMatch(rows.map((r) => r[i]!)), 'VALUES', values.span)),
    );
    const cast = rows.map((r) => r.map((s, i) => castScalar(s, columns[i]!.type, false)));
    return { plan: valuesPlan(columns, cast), columns };
  }

  #setOperation(set: SetOperation, outer: Scope | undefined): BoundBody {
    const name = set.op.toUpperCase();
    const inputs = armsOf(set).map((input) => this.bindBody(input, outer));
    const first = inputs[0]!;
    for (const input of inputs) {
      if (input.columns.length !== first.columns.length)
        throw fail('syntax_error', `each ${name} query must have the same number of columns`, { span: set.span });
    }
    const columns = matchColumns(this.context, inputs, name, set.span);
    if (set.op !== 'union' || !set.all) for (const c of columns) requireEquality(c.type, set.span);
    return {
      plan: {
        kind: 'set',
        op: set.op,
        all: set.all,
        inputs: inputs.map((input) => this.matched(input, columns)),
        columns,
      },
      columns,
    };
  }

  /** Casts an input's columns where a set operation needs another type; a literal below takes the type itself. */
  matched(input: BoundBody, columns: readonly Column[]): LogicalPlan {
    if (input.columns.every((c, i) => sameType(c.type, columns[i]!.type))) return input.plan;
    const literals = literalsOf(input);
    const items = input.columns.map((column, i) => {
      const { type } = columns[i]!;
      return {
        column: this.context.column(column.name, type),
        expr: castScalar(literals.get(column) ?? columnRef(column), type, false),
      };
    });
    return { kind: 'project', input: input.plan, items };
  }

  #limited(query: Query, { plan, scope }: BoundBody, outer: Scope | undefined): LogicalPlan {
    if (!query.limit && !query.offset) return plan;
    if (query.withTies && query.orderBy.length === 0)
      throw fail('syntax_error', 'WITH TIES cannot be specified without ORDER BY clause', { span: query.span });
    const expressions = new ExpressionBinder(this.host('LIMIT'), scope ?? new Scope(outer));
    const bound = (expr: Expr, clause: string): Scalar => {
      const scalar = coerce(roundedToInteger(expressions.operand(expr)), types.int8, `argument of ${clause}`);
      for (const id of columnsOf(scalar).keys())
        if (scope?.owns(id))
          throw fail('invalid_column_reference', `argument of ${clause} must not contain variables`, {
            span: expr.span,
          });
      if (scalar.kind === 'literal' && scalar.value !== null && Number(scalar.value) < 0) {
        throw fail(
          clause === 'LIMIT' ? 'invalid_row_count_in_limit_clause' : 'invalid_row_count_in_result_offset_clause',
          `${clause} must not be negative`,
          { span: expr.span },
        );
      }
      if (query.withTies && clause === 'LIMIT' && scalar.kind === 'literal' && scalar.value === null)
        throw fail(
          'invalid_row_count_in_limit_clause',
          'row count cannot be null in FETCH FIRST ... WITH TIES clause',
          { span: expr.span },
        );
      if (isImmutable(scalar) || hasSubquery(scalar)) return scalar;
      // Asked once, by itself: it is no computation over the rows.
      const column = this.context.column(clause.toLowerCase(), scalar.type);
      const plan: LogicalPlan = {
        kind: 'project',
        input: { kind: 'values', columns: [], rows: [[]] },
        items: [{ column, expr: scalar }],
      };
      return { kind: 'subquery', mode: 'scalar', type: scalar.type, plan, span: expr.span };
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

/** Set operations of different kinds above one another; DuckDB's parser takes a few hundred. */
const mostSetLevels = 250;

/** `a EXCEPT b EXCEPT c` takes both from a; UNION and INTERSECT are n-ary from the parser on. */
function armsOf(set: SetOperation): readonly QueryBody[] {
  const arms: QueryBody[] = [];
  let levels = 0;
  let first: QueryBody = set;
  while (
    first.kind === 'set' &&
    first.op === set.op &&
    first.all === set.all &&
    (set.op === 'except' || first === set)
  ) {
    for (let i = first.inputs.length - 1; i > 0; i--) arms.push(first.inputs[i]!);
    first = first.inputs[0]!;
  }
  for (let at: QueryBody = first; at.kind === 'set'; at = at.inputs[0]!)
    if (++levels > mostSetLevels)
      throw fail('statement_too_complex', 'the statement is too complex', {
        span: at.span,
        hint: `At most ${mostSetLevels} set operations of different kinds follow one another; chains of one kind may be long.`,
      });
  return [first, ...arms.reverse()];
}

/** The columns of a set operation: the names of its first input, types to which all convert. */
export function matchColumns(
  context: BindContext,
  inputs: readonly BoundBody[],
  name: string,
  span: Span,
): readonly Column[] {
  return inputs[0]!.columns.map((c, i) => {
    const found = inputs.map((input) => {
      const column = input.columns[i]!;
      return literalsOf(input).has(column) ? types.unknown : column.type;
    });
    const type = found.every((t) => sameType(t, found[0]!) && t.kind !== 'unknown')
      ? found[0]!
      : commonType(found.map(sqlTypeOf), name, span);
    return context.column(c.name, type);
  });
}

/** Columns of an input that are nothing but text literals or NULL, still of no type in `SELECT 1 UNION SELECT '2'`. */
export function literalsOf({ plan, columns }: BoundBody): ReadonlyMap<Column, Scalar> {
  const found = new Map<Column, Scalar>();
  if (plan.kind !== 'project') return found;
  for (const { column, expr } of plan.items)
    if (expr.kind === 'literal' && expr.untyped && columns.includes(column))
      found.set(column, { ...expr, type: types.unknown });
  return found;
}

/** PostgreSQL's default: NULLs last when ascending, first when descending. */
export function sortKey(item: SortItem, expr: Scalar): SortKey {
  if (item.using !== undefined)
    throw fail('wrong_object_type', `operator ${item.using} is not a valid ordering operator`, {
      span: item.span,
      hint: 'Ordering operators must be "<" or ">" members of btree operator families.',
    });
  if (expr.type.kind === 'json')
    throw fail('undefined_function', 'could not identify an ordering operator for type json', {
      span: item.expr.span,
      hint: 'Sort by a part of it, as text: … ->> …',
    });
  const descending = item.direction === 'desc';
  return { expr, descending, nullsFirst: item.nulls === undefined ? descending : item.nulls === 'first' };
}

/** jsonb and timetz are text to the engines, and sorted by what they say. */
export function byValue(key: SortKey): SortKey {
  const { kind } = key.expr.type;
  if (kind !== 'jsonb' && kind !== 'timetz') return key;
  const name = `${kind}_sort_key`;
  const overload = lookupFunction(name)!.overloads[0]!;
  const type = kind === 'jsonb' ? types.bytea : types.text;
  return { ...key, expr: { kind: 'call', type, name, overload, args: [key.expr] } };
}

/** LIMIT 1.5 is LIMIT 2: the cast is one of assignment. */
function roundedToInteger(scalar: Scalar): Scalar {
  return ['numeric', 'float4', 'float8'].includes(scalar.type.kind) ? castScalar(scalar, types.int8, false) : scalar;
}

/**
 * Which result column a sort or group item means by its position or its name; undefined where it is an expression.
 * @param same whether two columns of one name say the same, so that either may be meant
 */
export function outputNamed(
  expr: Expr,
  labels: readonly string[],
  clause: string,
  same: (a: number, b: number) => boolean,
): number | undefined {
  const { span } = expr;
  if (expr.kind === 'number' && /^\d+$/.test(expr.text)) {
    const position = Number(expr.text);
    if (position < 1 || position > labels.length)
      throw fail('invalid_column_reference', `${clause} position ${expr.text} is not in select list`, { span });
    return position - 1;
  }
  if (expr.kind === 'number' || expr.kind === 'string')
    throw fail('syntax_error', `non-integer constant in ${clause}`, { span });
  if (expr.kind !== 'column' || expr.parts.length !== 1) return undefined;
  const [name] = expr.parts;
  const matches = labels.flatMap((label, i) => (label === foldName(name!) || label === name!.text ? [i] : []));
  if (matches.slice(1).some((i) => !same(matches[0]!, i)))
    throw fail('ambiguous_column', `${clause} "${name!.text}" is ambiguous`, { span });
  return matches[0];
}

/** The columns of a CTE, under the names it gives them. */
export function cteColumns(cte: Cte, columns: readonly Column[]): readonly Column[] {
  if (cte.columns.length > columns.length)
    throw fail(
      'invalid_column_reference',
      `WITH query "${cte.name.text}" has ${columns.length} columns available but ${cte.columns.length} columns specified`,
      { span: cte.columns.at(-1)!.span },
    );
  return columns.map((c, i) => ({ ...c, name: cte.columns[i] ? foldName(cte.columns[i]) : c.name }));
}

/** Of WITH RECURSIVE, any may name any; each comes after those that it names. */
function byDependence(ctes: readonly Cte[]): readonly Cte[] {
  const named = new Map(ctes.map((cte) => [foldName(cte.name), cte]));
  const ordered = new Set<Cte>();
  const visit = (cte: Cte, path: readonly Cte[]): void => {
    if (ordered.has(cte)) return;
    if (path.includes(cte))
      throw fail('feature_not_supported', 'mutual recursion between WITH items is not implemented', {
        span: cte.name.span,
      });
    for (const relation of relationsOf(cte.query)) {
      const other = relation.length === 1 ? named.get(foldName(relation[0]!)) : undefined;
      if (other && other !== cte) visit(other, [...path, cte]);
    }
    ordered.add(cte);
  };
  for (const cte of ctes) visit(cte, []);
  return [...ordered];
}

/** Whether any relation of the query has this name: a CTE that refers to itself. */
function mentions(query: Query, name: string): boolean {
  return relationsOf(query).some((r) => r.length === 1 && foldName(r[0]!) === name);
}

/** Every name in a FROM, except where it is a CTE's: what the session fetches before binding. */
export function relationsMentioned(statement: QueryStatement): readonly QualifiedName[] {
  let found = relationsByStatement.get(statement);
  if (!found) {
    found = relationsOf(statement.query);
    relationsByStatement.set(statement, found);
  }
  return found;
}

/** A prepared statement is asked again for each execution. */
const relationsByStatement = new WeakMap<QueryStatement, readonly QualifiedName[]>();
const namesByStatement = new WeakMap<QueryStatement, ReadonlySet<string>>();

/** Names of the types that a statement casts to, and of the functions that it calls; folded. */
export function namesMentioned(statement: QueryStatement): ReadonlySet<string> {
  const known = namesByStatement.get(statement);
  if (known) return known;
  const found = new Set<string>();
  namesByStatement.set(statement, found);
  const pending: unknown[] = [statement.query];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null || typeof node !== 'object') continue;
    const record = node as { kind?: unknown; type?: { name?: QualifiedName }; name?: QualifiedName };
    const name = record.kind === 'cast' ? record.type?.name : record.kind === 'call' ? record.name : undefined;
    if (name) found.add(name.at(-1)!.text.toLowerCase());
    for (const child of Object.values(node)) pending.push(child);
  }
  return found;
}

/** What is no type may be a table, whose rows are meant. */
const mayBeRow = (type: TypeName): boolean => !isTypeName(type) && !type.name.at(-1)!.text.startsWith('reg');

function relationsOf(root: Query): QualifiedName[] {
  const found: QualifiedName[] = [];
  // The AST is walked as plain data: a table reference may hide in any expression.
  const pending: { node: unknown; ctes: ReadonlySet<string> }[] = [{ node: root, ctes: new Set() }];
  while (pending.length > 0) {
    const { node, ctes } = pending.pop()!;
    if (node === null || typeof node !== 'object') continue;
    if (Array.isArray(node)) {
      for (const child of node) pending.push({ node: child, ctes });
      continue;
    }
    const record = node as { kind?: unknown; name?: unknown; with?: unknown; type?: TypeName };
    if (record.kind === 'cast' && record.type && mayBeRow(record.type)) found.push(record.type.name);
    if (record.kind === 'table' && Array.isArray(record.name)) {
      const name = record.name as QualifiedName;
      if (name.length !== 1 || !ctes.has(foldName(name[0]!))) found.push(name);
    }
    const native = record.kind === 'call' ? nativeRelation(node as CallExpr) : undefined;
    if (native) found.push(native);
    let visible = ctes;
    if (record.kind === 'query' && record.with) {
      const clause = record.with as With;
      for (const cte of clause.ctes) {
        const inner: ReadonlySet<string> = clause.recursive
          ? new Set([...ctes, ...clause.ctes.map((c) => foldName(c.name)).filter((n) => n !== foldName(cte.name))])
          : visible;
        pending.push({ node: cte.query, ctes: inner });
        visible = new Set([...visible, foldName(cte.name)]);
      }
    }
    for (const [key, child] of Object.entries(record)) if (key !== 'with') pending.push({ node: child, ctes: visible });
  }
  return found;
}
