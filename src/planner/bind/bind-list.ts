// List reductions and lambdas: both become one walk over the elements, `list_map`.
import { type FunctionEntry, fail, isLambdaArgument, listOf, printSqlType, types } from '../../core/index.js';
import type { CallArg, CallExpr, LambdaExpr } from '../../parser/index.js';
import { type Elementwise, ExpressionBinder } from './bind-expression.js';
import { coerce, widened } from './coerce.js';
import type { Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

/** `list_any(pt > 20)`: the lists of the argument are walked in lock-step. */
export function bindReduction(binder: ExpressionBinder, expr: CallExpr, entry: FunctionEntry): Scalar {
  const args = expr.args.map((arg) => {
    if (arg.value.kind === 'column') return widened(binder.bind(arg.value));
    const elements: Elementwise = { params: [] };
    const body = new ExpressionBinder(binder.host, binder.scope, elements).operand(arg.value);
    if (elements.params.length === 0) return body;
    const params = elements.params.map(({ column, list }) => ({ column, list }));
    return { kind: 'list_map', type: listOf(body.type), params, body, span: arg.span } satisfies Scalar;
  });
  return binder.resolveCall(entry, args, expr.span);
}

/** A lambda's parameter stands for the elements of the list before it; further lists give further parameters. */
export function bindLambdaCall(outside: ExpressionBinder, expr: CallExpr, entry: FunctionEntry, name: string): Scalar {
  // Its lists are lists even inside a reduction, as in list_any(list_transform(pt, …)).
  const binder = outside.elements ? new ExpressionBinder(outside.host, outside.scope) : outside;
  const at = expr.args.findIndex((a) => a.value.kind === 'lambda');
  const lambda = expr.args[at]?.value;
  if (lambda?.kind !== 'lambda')
    throw fail('undefined_function', `${name} needs a lambda`, { span: expr.span, hint: `${name}(list, lambda x: …)` });
  if (!isLambdaArgument(name, at))
    throw fail('syntax_error', `argument ${at + 1} of ${name} is no lambda`, { span: lambda.span });
  const lists = expr.args.slice(0, at).map((a) => listArgument(binder, a));
  const { params, body } = bindLambda(binder, lambda, lists);
  if (name === 'list_filter') {
    const [only] = params;
    if (params.length !== 1 || !only) throw fail('syntax_error', 'list_filter takes one list', { span: expr.span });
    return {
      kind: 'list_filter',
      type: only.list.type,
      param: only.column,
      list: only.list,
      body: coerce(body, types.bool, 'the lambda of list_filter'),
      span: expr.span,
    };
  }
  const map: Scalar = { kind: 'list_map', type: listOf(body.type), params, body, span: expr.span };
  if (name === 'list_transform') return map;
  const rest = expr.args.slice(at + 1).map((a) => binder.operand(a.value));
  return binder.resolveCall(entry, [map, ...rest], expr.span);
}

function listArgument(binder: ExpressionBinder, arg: CallArg): Scalar {
  const list = binder.bind(arg.value);
  if (list.type.kind !== 'list') {
    throw fail('datatype_mismatch', `a list is needed before a lambda, not type ${printSqlType(list.type)}`, {
      span: arg.span,
    });
  }
  return list;
}

function bindLambda(
  binder: ExpressionBinder,
  lambda: LambdaExpr,
  lists: readonly Scalar[],
): { params: { column: Column; list: Scalar }[]; body: Scalar } {
  if (lambda.params.length !== lists.length) {
    throw fail('syntax_error', `the lambda has ${lambda.params.length} parameters for ${lists.length} lists`, {
      span: lambda.span,
    });
  }
  const scope = new Scope(binder.scope);
  const params = lists.map((list, i) => {
    const element = list.type.kind === 'list' ? list.type.element : list.type;
    const column = binder.host.context.column(lambda.params[i]!.text, element);
    scope.addParameter(column);
    return { column, list };
  });
  const { setReturning: _, ...host } = binder.host;
  return { params, body: new ExpressionBinder({ ...host, clause: 'a lambda' }, scope).operand(lambda.body) };
}
