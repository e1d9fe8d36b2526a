// Calls of aggregates and window functions: overloads, sort keys and filters; and which query an aggregate belongs to.
import { type FunctionEntry, fail, type Overload, type SqlType, types } from '../../core/index.js';
import type { CallExpr } from '../../parser/index.js';
import { columnsOf } from '../logical/walk-scalar.js';
import type { ExpressionBinder } from './bind-expression.js';
import { byValue, sortKey } from './bind-query.js';
import { castScalar, coerce, commonType, requireEquality } from './coerce.js';
import { refuseUnknown, resolveOverload, resultType } from './resolve-overload.js';
import { sameScalar } from './same-scalar.js';
import type { AggregateCall } from './scalar.js';
import type { AggregateOwner, Scope } from './scope.js';

/** The clause inside an aggregate's parentheses. */
export const aggregateArguments = 'aggregate function calls';

/** An aggregate all of whose columns come from one enclosing query is that query's: `(SELECT max(outer.x))`. */
export function aggregateOwner(aggregate: AggregateCall, scope: Scope): AggregateOwner | undefined {
  const used = columnsOf(
    ...aggregate.args,
    ...aggregate.orderBy.map((k) => k.expr),
    ...(aggregate.filter ? [aggregate.filter] : []),
  );
  if (used.size === 0) return undefined;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const { owner } = at;
    if (owner && [...used.keys()].some((id) => owner.makesAggregate(id)))
      throw fail('grouping_error', 'aggregate function calls cannot be nested', { span: aggregate.span });
    for (const id of used.keys()) if (at.owns(id)) return owner;
  }
  return undefined;
}

/** The call of an aggregate or window function, its overload chosen. */
export function bindAggregateCall(
  call: CallExpr,
  entry: FunctionEntry,
  args: ExpressionBinder,
  inside: ExpressionBinder,
): AggregateCall {
  const { span } = call;
  if (entry.kind !== 'aggregate' && entry.kind !== 'window')
    throw fail(
      'wrong_object_type',
      `OVER specified, but ${entry.name} is not a window function nor an aggregate function`,
      { span },
    );
  if (call.distinct && (call.over || entry.kind === 'window'))
    throw fail('feature_not_supported', 'DISTINCT is not implemented for window functions', { span });
  const sorted = call.withinGroup ?? call.orderBy;
  const values = call.star ? [] : call.args.map((a) => args.operand(a.value));
  if (entry.name === 'count' && !call.star && values.length === 0)
    throw fail('wrong_object_type', 'count(*) must be used to call a parameterless aggregate function', { span });
  if (call.star && entry.name !== 'count')
    throw fail('undefined_function', `function ${entry.name}() does not exist`, { span });
  if (call.withinGroup) values.push(...call.withinGroup.map((s) => args.operand(s.expr)));
  const within = call.withinGroup !== undefined;
  const overloads = entry.overloads.filter((o) => (o.orderedSet ?? false) === within);
  if (overloads.length === 0) {
    // With its arguments and keys it may be no function at all.
    if (within && !call.star) args.resolveCall(entry, values, span);
    const message = within
      ? `${entry.name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP`
      : `WITHIN GROUP is required for ordered-set aggregate ${entry.name}`;
    throw fail('wrong_object_type', message, { span });
  }
  if (within && (call.over || call.distinct))
    throw fail(
      'feature_not_supported',
      `${call.over ? 'OVER' : 'DISTINCT'} is not supported for ordered-set aggregate ${entry.name}`,
      { span },
    );
  const resolved = resolveOverload(
    overloads,
    hypotheticalTypes(
      values.map((v) => v.type),
      overloads,
    ),
  );
  if (!resolved || resolved === 'ambiguous') {
    args.resolveCall(entry, values, span);
    throw fail('undefined_function', `function ${entry.name} does not take these arguments`, { span });
  }
  refuseUnknown(
    resolved.overload,
    values.map((v) => v.type),
    span,
  );
  const cast = values.map((v, i) => castScalar(v, resolved.argTypes[i]!, false));
  if (call.distinct) for (const a of cast) requireEquality(a.type, span);
  const constants = cast.map((c) => (c.kind === 'literal' ? c.value : undefined));
  const counted = { ntile: 0, nth_value: 1 }[entry.name];
  if (counted !== undefined && typeof constants[counted] === 'number' && constants[counted] < 1)
    throw fail(
      entry.name === 'ntile' ? 'invalid_argument_for_ntile_function' : 'invalid_argument_for_nth_value_function',
      `argument of ${entry.name} must be greater than zero`,
      { span },
    );
  const orderBy = sorted.map((s) => {
    const expr = args.operand(s.expr);
    // The sort key of a DISTINCT aggregate is one of its arguments, cast as that is.
    const same = values.findIndex((v) => sameScalar(v, expr));
    if (call.distinct && same < 0)
      throw fail(
        'invalid_column_reference',
        'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list',
        {
          span: s.expr.span,
        },
      );
    return byValue(sortKey(s, same < 0 ? expr : cast[same]!));
  });
  return {
    name: entry.name,
    overload: resolved.overload,
    args: cast,
    distinct: call.distinct,
    // PostgreSQL finds distinct values by sorting them, and users see that order in what lists them.
    orderBy:
      call.distinct && orderBy.length === 0 && entry.showsOrder
        ? [{ expr: cast[0]!, descending: false, nullsFirst: false }]
        : orderBy,
    ...(call.filter && { filter: coerce(inside.bind(call.filter), types.bool, 'argument of FILTER') }),
    type: resultType(resolved.overload, resolved.argTypes, constants),
    span,
  };
}

/** A hypothetical row has the types of the columns it would stand among. */
function hypotheticalTypes(found: readonly SqlType[], overloads: readonly Overload[]): readonly SqlType[] {
  const hypothetical = overloads.some((o) => o.orderedSet && o.args.length === found.length && o.args[0] === 'any');
  if (!hypothetical) return found;
  const half = found.length / 2;
  return found.map((type, i) => commonType([type, found[i < half ? i + half : i - half]!], 'WITHIN GROUP', undefined));
}
