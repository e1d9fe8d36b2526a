// Arrays: constructors, subscripts and slices, and comparisons with ANY or ALL of their elements.
import {
  arrayOf,
  baseOf,
  dimensionsOf,
  fail,
  listOf,
  literalDimensions,
  printSqlType,
  type Span,
  type SqlType,
  types,
} from '../../core/index.js';
import type { ArrayExpr, Expr } from '../../parser/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { castScalar, commonType, typesToMatch, widened } from './coerce.js';
import type { Scalar } from './scalar.js';

/**
 * `ARRAY[x, y]`: of arrays an array of one dimension more. `[x, y]` of lists is a list of lists, whose parts may differ in length.
 * @param target what a cast around it makes of the elements
 */
export function bindArray(
  binder: ExpressionBinder,
  expr: ArrayExpr,
  target?: SqlType,
  isBare = expr.bare === true,
): Scalar {
  const { span } = expr;
  // Brackets inside those of ARRAY belong to it.
  const parts = expr.elements.map((e) =>
    e.kind === 'array' ? bindArray(binder, e, target, e.bare ? isBare : false) : binder.operand(e),
  );
  const elements = target ? parts.map((p) => (p.type.kind === 'list' ? p : castScalar(p, target, true))) : parts;
  if (elements.length === 0 && !target)
    throw fail('indeterminate_datatype', 'cannot determine type of empty array', {
      span,
      hint: 'Explicitly cast to the desired type, for example ARRAY[]::integer[].',
    });
  const type = elements.length === 0 ? target! : commonType(typesToMatch(elements), 'ARRAY', span);
  const list: Scalar = {
    kind: 'list',
    type: listOf(type),
    elements: elements.map((e) => castScalar(e, type, false)),
    span,
  };
  return isBare ? list : rowsAsArray(binder, list, span);
}

/** A list of arrays as the array that has them for its rows. */
export function rowsAsArray(binder: ExpressionBinder, list: Scalar, span: Span): Scalar {
  return list.type.kind === 'list' && list.type.element.kind === 'list'
    ? binder.call('array_of_arrays', [list], span)
    : list;
}

/** A literal is an array of as many dimensions as it has braces. */
export function castToArray(
  scalar: Scalar,
  type: SqlType,
  explicit: boolean,
  attempt = false,
  span = scalar.span,
): Scalar {
  const isLiteral = scalar.kind === 'literal' && scalar.type.kind === 'unknown' && typeof scalar.value === 'string';
  if (!isLiteral || type.kind !== 'list' || baseOf(type).kind === 'list')
    return castScalar(scalar, type, explicit, attempt, span);
  return castScalar(scalar, arrayOf(baseOf(type), literalDimensions(scalar.value as string)), explicit, attempt, span);
}

/** The type to which a cast to an array type brings a list: its base changes, its dimensions stay. */
export function arrayCastType(from: SqlType, to: SqlType): SqlType {
  if (from.kind !== 'list' || to.kind !== 'list') return to;
  const base = baseOf(to);
  const over = (type: SqlType): SqlType => (type.kind === 'list' ? { ...type, element: over(type.element) } : base);
  return base.kind === 'list' ? to : over(from);
}

type Step = Extract<Expr, { kind: 'subscript' | 'slice' }>;

/** `x[1]`, `x[1][2]`, `x[1:2][:]`, `j['key']`. */
export function bindSubscripts(binder: ExpressionBinder, expr: Step): Scalar {
  const steps: Step[] = [];
  let inner: Expr = expr;
  while (inner.kind === 'subscript' || inner.kind === 'slice') {
    steps.unshift(inner);
    const { apart, arg }: Step = inner;
    inner = arg;
    if (apart) break;
  }
  const arg = binder.operand(inner);
  if (arg.type.kind === 'jsonb') return jsonMember(binder, arg, steps, expr.span);
  if (arg.type.kind !== 'list')
    throw fail(
      'datatype_mismatch',
      `cannot subscript type ${printSqlType(arg.type)} because it does not support subscripting`,
      { span: expr.span },
    );
  // The parts of a list of lists are lists themselves.
  if (baseOf(arg.type).kind === 'list')
    return steps.reduce(
      (list, step) => (step.kind === 'slice' ? slice(binder, list, [step]) : subscript(binder, list, step)),
      arg,
    );
  if (steps.some((step) => step.kind === 'slice')) return slice(binder, arg, steps);
  const dimensions = dimensionsOf(arg.type);
  if (steps.length === dimensions) return steps.reduce((list, step) => subscript(binder, list, step), arg);
  for (const step of steps) if (step.kind === 'subscript') position(binder, step.index);
  return { kind: 'literal', type: baseOf(arg.type), value: null, span: expr.span };
}

function position(binder: ExpressionBinder, expr: Expr): Scalar {
  const index = binder.operand(expr);
  const { kind } = index.type;
  if (kind === 'unknown' || ['int2', 'numeric', 'float4', 'float8', 'int8'].includes(kind))
    return castScalar(index, types.int4, false);
  if (kind !== 'int4') throw fail('datatype_mismatch', 'array subscript must have type integer', { span: expr.span });
  return index;
}

const one = (span: Span): Scalar => ({ kind: 'literal', type: types.int4, value: 1, span });

function subscript(binder: ExpressionBinder, list: Scalar, step: Step): Scalar {
  if (list.type.kind !== 'list' || step.kind !== 'subscript')
    throw fail(
      'datatype_mismatch',
      `cannot subscript type ${printSqlType(list.type)} because it does not support subscripting`,
      { span: step.span },
    );
  const index = position(binder, step.index);
  // Vectors of the catalogue begin at 0.
  const place = list.type.as ? binder.operator('+', step.span, [index, one(step.span)], step.span) : index;
  const call = binder.call('array_subscript', [list, place], step.span, '[]');
  // A row of an array of several dimensions.
  return { ...call, type: list.type.element };
}

/** A bound that is left out is the list's own; a bound that is NULL makes the slice NULL. A position beside slices is `1:i`. */
function slice(binder: ExpressionBinder, list: Scalar, steps: readonly Step[]): Scalar {
  const { span } = steps.at(-1)!;
  const end = (e: Expr | undefined, open: number): Scalar =>
    e ? position(binder, e) : { kind: 'literal', type: types.int4, value: open, span };
  const bounds = steps.flatMap((step) =>
    step.kind === 'slice'
      ? [end(step.lower, 1), end(step.upper, 2147483647)]
      : [end(undefined, 1), position(binder, step.index)],
  );
  return binder.call('array_slice', [list, ...bounds], span, '[:]');
}

const keys = new Set<SqlType['kind']>(['int2', 'int4', 'unknown', 'text', 'varchar', 'char']);

/** `j['key'][0]` is `j #> ARRAY['key', '0']`. */
function jsonMember(binder: ExpressionBinder, arg: Scalar, steps: readonly Step[], span: Span): Scalar {
  const path = steps.map((step) => {
    if (step.kind === 'slice')
      throw fail('datatype_mismatch', 'jsonb subscript does not support slices', { span: step.span });
    const key = binder.operand(step.index);
    if (!keys.has(key.type.kind))
      throw fail('datatype_mismatch', `subscript type ${printSqlType(key.type)} is not supported`, {
        span: step.index.span,
        hint: 'jsonb subscript must be coercible to either integer or text.',
      });
    return castScalar(key, types.text, true);
  });
  return binder.operator('#>', span, [arg, { kind: 'list', type: listOf(types.text), elements: path, span }], span);
}

/** `x = ANY (array)` is `list_any` over the elements; ALL likewise. */
export function quantifiedArray(binder: ExpressionBinder, expr: Extract<Expr, { kind: 'quantified' }>): Scalar {
  const { span } = expr;
  const left = binder.operand(expr.left);
  let array = binder.operand(expr.array);
  if (array.type.kind === 'unknown') array = castToArray(array, listOf(left.type), false);
  if (array.type.kind !== 'list')
    throw fail('wrong_object_type', 'op ANY/ALL (array) requires array on right side', { span });
  if (array.type.rectangular) array = binder.call('array_elements', [array], span);
  const column = binder.host.context.column('element', baseOf(array.type));
  const element: Scalar = { kind: 'column', type: column.type, column };
  const body = binder.operator(expr.op, span, [left, widened(element)], span);
  const map: Scalar = { kind: 'list_map', type: listOf(types.bool), params: [{ column, list: array }], body };
  return binder.call(expr.quantifier === 'any' ? 'list_any' : 'list_all', [map], span);
}
