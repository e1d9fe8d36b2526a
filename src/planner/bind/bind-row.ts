// Row values: made of fields, compared field by field.
import { fail, type Span, type SqlType, types } from '../../core/index.js';
import type { Expr } from '../../parser/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { compareWithQuery } from './bind-subquery.js';
import { castScalar } from './coerce.js';
import type { Scalar, StructScalar } from './scalar.js';

/** `names` of a table's columns; those of ROW(…) are f1, f2, … */
export function bindRow(fields: readonly Scalar[], span: Span, names?: readonly string[]): StructScalar {
  const typed = fields.map((f) => (f.type.kind === 'unknown' ? castScalar(f, types.text, false) : f));
  const type: SqlType = {
    kind: 'struct',
    row: true,
    fields: typed.map((f, i) => ({ name: names?.[i] ?? `f${i + 1}`, type: f.type })),
  };
  return { kind: 'struct', type, fields: typed, span };
}

const orders = new Set(['<', '<=', '>', '>=']);
const comparisons = new Set(['=', '<>', ...orders, 'is distinct from']);

/** `left op right`, where either side may be a row; what is no comparison of rows is an operator like any other. */
export function bindComparison(
  binder: ExpressionBinder,
  op: string,
  left: Expr,
  right: Expr,
  opSpan: Span,
  span: Span,
): Scalar {
  if (comparisons.has(op) && left.kind === 'row' && right.kind === 'scalar_query')
    return compareWithQuery(binder, op, left, right, opSpan, span);
  if (!comparisons.has(op) || left.kind !== 'row' || right.kind !== 'row')
    return binder.operator(op, opSpan, [binder.operand(left), binder.operand(right)], span);
  return compareFields(binder, op, binder.rowFields(left), binder.rowFields(right), opSpan, span);
}

export function compareFields(
  binder: ExpressionBinder,
  op: string,
  left: readonly Scalar[],
  right: readonly Scalar[],
  opSpan: Span,
  span: Span,
): Scalar {
  if (left.length !== right.length)
    throw fail('syntax_error', 'unequal number of entries in row expressions', { span: opSpan });
  if (left.length === 0) throw fail('feature_not_supported', 'cannot compare rows of zero length', { span: opSpan });
  const field = (symbol: string, i: number) => binder.operator(symbol, opSpan, [left[i]!, right[i]!], span);
  const join = (kind: 'and' | 'or', args: readonly Scalar[]): Scalar =>
    args.length === 1 ? args[0]! : { kind, type: types.bool, args, span };
  const places = left.map((_, i) => i);
  if (op === '=')
    return join(
      'and',
      places.map((i) => field('=', i)),
    );
  if (!orders.has(op))
    return join(
      'or',
      places.map((i) => field(op, i)),
    );
  // The first pair that differs decides, the last with the operator itself.
  const strict = op[0]!;
  return places.reduceRight<Scalar | undefined>((rest, i) => {
    if (rest === undefined) return field(op, i);
    return join('or', [field(strict, i), join('and', [field('=', i), rest])]);
  }, undefined)!;
}

/** A row is NULL where all its fields are, and NOT NULL where none is. */
export function rowIsNull(fields: readonly Scalar[], negated: boolean, span: Span): Scalar {
  const args = fields.map((arg): Scalar => {
    const test: Scalar = { kind: 'is_null', type: types.bool, arg, span };
    return negated ? { kind: 'not', type: types.bool, arg: test, span } : test;
  });
  if (args.length === 0) return { kind: 'literal', type: types.bool, value: true, span };
  return args.length === 1 ? args[0]! : { kind: 'and', type: types.bool, args, span };
}
