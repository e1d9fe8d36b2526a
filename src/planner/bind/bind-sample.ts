// TABLESAMPLE: a filter that lets rows pass by chance. SYSTEM chooses row by row too: a partition is too large a block.
import { fail, lookupFunction, lookupOperator, type Span, types } from '../../core/index.js';
import type { Expr, TableRef } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { foldConstants } from '../rules/fold-constants.js';
import { ExpressionBinder } from './bind-expression.js';
import type { QueryBinder } from './bind-query.js';
import { coerce } from './coerce.js';
import { foldName } from './environment.js';
import type { Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

/** @param row the columns that tell rows apart, for REPEATABLE */
export function sampled(
  binder: QueryBinder,
  { sample, span }: TableRef,
  input: LogicalPlan,
  row: { readonly file: Column; readonly eventId: Column } | undefined,
): LogicalPlan {
  if (!sample) return input;
  const method = sample.method.at(-1)!;
  const name = foldName(method);
  if (name !== 'system' && name !== 'bernoulli')
    throw fail('undefined_object', `tablesample method ${name} does not exist`, { span: method.span });
  const [argument] = sample.args;
  if (!argument || sample.args.length > 1)
    throw fail(
      'invalid_tablesample_argument',
      `tablesample method ${name} requires 1 argument, not ${sample.args.length}`,
      { span: method.span },
    );
  const percentage = constant(binder, argument, types.float4);
  if (percentage === null)
    throw fail('invalid_tablesample_argument', 'TABLESAMPLE parameter cannot be null', { span: argument.span });
  if (!(percentage >= 0 && percentage <= 100))
    throw fail('invalid_tablesample_argument', 'sample percentage must be between 0 and 100', { span: argument.span });
  const seed = sample.repeatable && constant(binder, sample.repeatable, types.float8);
  if (seed === null)
    throw fail('invalid_tablesample_repeat', 'TABLESAMPLE REPEATABLE parameter cannot be null', {
      span: sample.repeatable!.span,
    });
  if (percentage === 100) return input;
  const chance =
    seed !== undefined && row
      ? call('sample_point', [columnRef(row.file), columnRef(row.eventId), float8(seed, span)], span)
      : call('random', [], span);
  const overload = lookupOperator('<', 2)!.overloads.find((o) => o.args.every((a) => a === types.float8))!;
  const predicate: Scalar = {
    kind: 'call',
    name: '<',
    overload,
    type: types.bool,
    args: [chance, float8(percentage / 100, span)],
    span,
  };
  return { kind: 'filter', input, predicate };
}

const float8 = (value: number, span: Span): Scalar => ({ kind: 'literal', type: types.float8, value, span });

function call(name: string, args: readonly Scalar[], span: Span): Scalar {
  return { kind: 'call', name, overload: lookupFunction(name)!.overloads[0]!, type: types.float8, args, span };
}

function constant(binder: QueryBinder, expr: Expr, type: typeof types.float4 | typeof types.float8): number | null {
  const bound = new ExpressionBinder(binder.host('TABLESAMPLE'), new Scope()).operand(expr);
  const value = foldConstants(coerce(bound, type, 'argument of TABLESAMPLE'));
  if (value.kind !== 'literal')
    throw fail('feature_not_supported', 'arguments of TABLESAMPLE must be constants', { span: expr.span });
  return value.value as number | null;
}
