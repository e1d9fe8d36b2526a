// Arguments of a call by position, by name, and as a list that VARIADIC spreads.
import { type FunctionEntry, fail, listOf, type Overload, type SqlType, types } from '../../core/index.js';
import type { CallExpr } from '../../parser/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { castScalar } from './coerce.js';
import { resolveOverload } from './resolve-overload.js';
import type { Scalar } from './scalar.js';

/** Arguments by position, then by name; the parameters left out have their defaults. */
export function orderedArguments(
  binder: ExpressionBinder,
  { args, span }: CallExpr,
  entry: FunctionEntry,
): readonly Scalar[] {
  if (entry.name === 'pg_listening_channels' && args.length === 0) {
    const { session, onMoment } = binder.host.context.environment;
    onMoment?.();
    return [{ kind: 'literal', type: listOf(types.text), value: session?.listening() ?? [], span }];
  }
  const { parameters } = entry;
  const named = args.find((a) => a.name);
  if (!parameters) {
    if (named)
      throw fail('undefined_function', `function ${entry.name} has no parameter "${named.name!.text}"`, {
        span: named.span,
      });
    return args.map((a) => binder.operand(a.value));
  }
  const unfit = (at = span) =>
    fail('undefined_function', `function ${entry.name} does not take these arguments`, { span: at });
  const given = new Map<number, Scalar>();
  for (const [i, arg] of args.entries()) {
    const at = arg.name ? parameters.findIndex((p) => p.name === arg.name!.text.toLowerCase()) : i;
    if (at < 0 || at >= parameters.length || given.has(at)) throw unfit(arg.span);
    given.set(at, binder.operand(arg.value));
  }
  const defaultTypes = entry.overloads[0]!.args;
  // The last may be left out where there is an overload without it.
  const most = Math.max(-1, ...given.keys()) + 1;
  const count = entry.overloads.some((o) => o.args.length === most) ? most : parameters.length;
  return parameters.slice(0, count).map((parameter, i): Scalar => {
    const found = given.get(i);
    if (found) return found;
    if (parameter.default === undefined) throw unfit();
    return { kind: 'literal', type: defaultTypes[i] as SqlType, value: parameter.default, span };
  });
}

/** `f(a, VARIADIC list)`: the elements of the list are the arguments from there on. */
export function bindVariadic(binder: ExpressionBinder, call: CallExpr, entry: FunctionEntry): Scalar {
  const { span } = call;
  const args = call.args.map((a) => binder.operand(a.value));
  const fixed = args.slice(0, -1);
  let list = args.at(-1)!;
  if (list.type.kind === 'unknown') list = castScalar(list, listOf(types.text), false);
  if (list.type.kind !== 'list')
    throw fail('datatype_mismatch', 'VARIADIC argument must be an array', { span: list.span ?? span });
  const { element } = list.type;
  // One element stands for all of them.
  const found = [...fixed.map((a) => a.type), element];
  const resolved = resolveOverload(
    entry.overloads.filter((o) => o.variadic),
    found,
  );
  if (!resolved || resolved === 'ambiguous' || !resolved.overload.fold)
    throw fail('undefined_function', `function ${entry.name} takes no VARIADIC argument of these types`, { span });
  const cast = [...fixed, castScalar(list, listOf(resolved.argTypes.at(-1)!), false)].map((arg, i) =>
    i < fixed.length ? castScalar(arg, resolved.argTypes[i]!, false) : arg,
  );
  const argTypes = cast.map((a) => a.type);
  const { returns } = resolved.overload;
  const type = typeof returns === 'function' ? returns(resolved.argTypes) : returns;
  if (typeof type === 'string')
    throw fail('feature_not_supported', `VARIADIC is not supported for ${entry.name}`, { span });
  return { kind: 'call', type, name: entry.name, overload: spread(resolved.overload, argTypes), args: cast, span };
}

/** The overload over a list in place of its last arguments. */
function spread(overload: Overload, args: readonly SqlType[]): Overload {
  const { duckdb: _, kernel: __, variadic: ___, fold, ...rest } = overload;
  return {
    ...rest,
    op: `${overload.op}[]`,
    args,
    fold: (given, context) => {
      const fixed = given.slice(0, -1);
      const list = given.at(-1) as readonly (typeof given)[number][] | null;
      if (list === null) return null;
      const last = context.argTypes.at(-1)!;
      const element = last.kind === 'list' ? last.element : last;
      const argTypes = [...context.argTypes.slice(0, -1), ...list.map(() => element)];
      return fold!([...fixed, ...list], { ...context, argTypes });
    },
  };
}
