// Subqueries beside an operator: IN, ANY, ALL, and rows compared with a query's one row.
import { fail, lookupOperator, printSqlType, type Span, sqlTypeOf, types } from '../../core/index.js';
import type { Expr, Query } from '../../parser/index.js';
import { quantified } from '../logical/quantified.js';
import { columnRef } from '../logical/walk-scalar.js';
import type { ExpressionBinder } from './bind-expression.js';
import { compareFields } from './bind-row.js';
import { castScalar } from './coerce.js';
import { resolveOverload } from './resolve-overload.js';
import type { Scalar } from './scalar.js';

export function inQuery(binder: ExpressionBinder, arg: Expr, query: Query, span: Span): Scalar {
  return compareWithRows(binder, '=', 'any', arg, query, span);
}

export function quantifiedQuery(binder: ExpressionBinder, expr: Extract<Expr, { kind: 'quantified_query' }>): Scalar {
  return compareWithRows(binder, expr.op, expr.quantifier, expr.left, expr.query, expr.span);
}

function compareWithRows(
  binder: ExpressionBinder,
  op: string,
  mode: 'any' | 'all',
  left: Expr,
  query: Query,
  span: Span,
): Scalar {
  const operands = left.kind === 'row' ? binder.rowFields(left) : [binder.operand(left)];
  const { plan, columns } = binder.subquery(query);
  checkWidth(columns.length, operands.length, span);
  const { context } = binder.host;
  if (operands.length > 1 && !(op === '=' && mode === 'any') && !(op === '<>' && mode === 'all')) {
    if (!rowComparisons.has(op))
      throw fail('feature_not_supported', `row comparison by ${op} with a subquery's rows is not supported`, { span });
    const test = compareFields(binder, op, operands, columns.map(columnRef), span, span);
    const one = quantified(mode, plan, test, (name, type) => context.column(name, type));
    return { kind: 'subquery', type: types.bool, mode: 'scalar', plan: one, span };
  }
  const pairs = operands.map((operand, i) => {
    const from = columns[i]!;
    const right = sqlTypeOf(from.type);
    const entry = lookupOperator(op, 2);
    const resolved = entry && resolveOverload(entry.overloads, [operand.type, right]);
    if (!resolved || resolved === 'ambiguous')
      throw fail(
        'undefined_function',
        `operator does not exist: ${printSqlType(operand.type)} ${op} ${printSqlType(right)}`,
        { span, hint: 'No operator matches these types. Explicit casts might help.' },
      );
    const column = context.column(from.name, resolved.argTypes[1]!);
    return {
      item: { column, expr: castScalar(columnRef(from), resolved.argTypes[1]!, false) },
      left: castScalar(operand, resolved.argTypes[0]!, false),
      overload: resolved.overload,
    };
  });
  // `<> ALL` of rows is NOT IN: rows differ where any field does.
  const inverted = operands.length > 1 && op === '<>';
  const overloads = inverted ? pairs.map((p) => equality(p.left, p.item.expr, span)) : pairs.map((p) => p.overload);
  const test: Scalar = {
    kind: 'subquery',
    type: types.bool,
    mode: inverted ? 'any' : mode,
    plan: { kind: 'project', input: plan, items: pairs.map((p) => p.item) },
    left: pairs.map((p) => p.left),
    comparison: { name: inverted ? '=' : op, overloads },
    span,
  };
  return inverted ? { kind: 'not', type: types.bool, arg: test, span } : test;
}

const rowComparisons = new Set(['=', '<>', '<', '<=', '>', '>=']);

function equality(left: Scalar, right: Scalar, span: Span) {
  const resolved = resolveOverload(lookupOperator('=', 2)!.overloads, [left.type, right.type]);
  if (!resolved || resolved === 'ambiguous') throw fail('undefined_function', 'operator does not exist: =', { span });
  return resolved.overload;
}

function checkWidth(found: number, wanted: number, span: Span): void {
  if (found === wanted) return;
  throw fail('syntax_error', `subquery has too ${found > wanted ? 'many' : 'few'} columns`, { span });
}

/** `(a, b) = (SELECT x, y …)`: a scalar subquery per field, all over the same query. */
export function compareWithQuery(
  binder: ExpressionBinder,
  op: string,
  left: Extract<Expr, { kind: 'row' }>,
  right: Extract<Expr, { kind: 'scalar_query' }>,
  opSpan: Span,
  span: Span,
): Scalar {
  const fields = binder.rowFields(left);
  return compareFields(binder, op, fields, queryFields(binder, right.query, fields.length, right.span), opSpan, span);
}

/** Each field by a subquery of its own: columns are unique in a statement, so the query is bound anew. */
function queryFields(binder: ExpressionBinder, query: Query, width: number, span: Span): Scalar[] {
  return Array.from({ length: width }, (_, i) => {
    const { plan, columns } = binder.subquery(query);
    checkWidth(columns.length, width, span);
    const column = columns[i]!;
    const items = [{ column, expr: columnRef(column) }];
    const type = column.type;
    return {
      kind: 'subquery',
      type,
      mode: 'scalar',
      plan: { kind: 'project', input: plan, items },
      span,
    } satisfies Scalar;
  });
}
