// Calls: functions that are syntax, what kind of function a name means, and named arguments.
import {
  castKind,
  type FunctionEntry,
  fail,
  lookupFunction,
  objectTypeOf,
  type Span,
  type SqlType,
  types,
  type Value,
} from '../../core/index.js';
import type { CallExpr } from '../../parser/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { bindLambdaCall, bindReduction } from './bind-list.js';
import { typeOfValue } from './bind-object-cast.js';
import { sessionFunction } from './bind-session-function.js';
import { bindTypeName, isTypeName } from './bind-type-name.js';
import { bindVariadic, orderedArguments } from './call-arguments.js';
import { bindMacro } from './catalog-macros.js';
import { castScalar, commonType, typesToMatch } from './coerce.js';
import type { Scalar } from './scalar.js';

const literal = (type: SqlType, value: Value, span: Span): Scalar => ({ kind: 'literal', type, value, span });

export function bindCallExpression(binder: ExpressionBinder, expr: CallExpr): Scalar {
  const { span } = expr;
  const name = expr.name.at(-1)!;
  const folded = name.quoted ? name.text : name.text.toLowerCase();
  const values = () => expr.args.map((a) => binder.operand(a.value));
  const known = sessionFunction(folded, values, binder.host.context, span);
  if (known) {
    binder.host.context.environment.onMoment?.();
    return known;
  }
  const expansion = bindMacro(
    binder,
    folded,
    expr.args.map((a) => a.value),
  );
  if (expansion) return expansion;
  switch (folded) {
    case 'coalesce':
    case 'greatest':
    case 'least': {
      const inner = folded === 'coalesce' ? binder.without('COALESCE') : binder;
      const args = expr.args.map((a) => inner.operand(a.value));
      const type = commonType(typesToMatch(args), folded.toUpperCase(), span);
      const cast = args.map((a) => castScalar(a, type, false));
      if (folded !== 'coalesce') return binder.resolveCall(lookupFunction(folded)!, cast, span);
      return { kind: 'coalesce', type, args: cast, span };
    }
    case 'nullif': {
      const [a, b] = values();
      if (!a || !b) throw fail('syntax_error', 'NULLIF takes two arguments', { span });
      const equal = binder.operator('=', span, [a, b], span);
      // The result has the type to which `=` brings the first argument.
      const first = equal.kind === 'call' ? equal.args[0]! : a;
      const plain = objectTypeOf(a.type) ? { ...a, type: types.oid } : a;
      const result = first.type.kind === 'numeric' || a.type.kind === 'unknown' ? first : plain;
      const { type } = result;
      return {
        kind: 'case',
        type,
        branches: [{ when: equal, then: literal(type, null, span) }],
        otherwise: result,
        span,
      };
    }
    case 'pg_typeof': {
      const [arg] = expr.args.map((a) => binder.operand(a.value));
      if (arg && expr.args.length === 1) return typeOfValue(arg, typeNameOf(arg.type), span);
      break;
    }
    case 'grouping': {
      const { grouping } = binder.host;
      if (!grouping)
        throw fail('grouping_error', `grouping operations are not allowed in ${binder.host.clause}`, { span });
      return grouping(
        expr,
        expr.args.map((a) => binder.bind(a.value)),
      );
    }
  }
  const entry = lookupFunction(folded);
  if (!entry) {
    const args = values();
    const cast = castCall(expr, args);
    if (cast) return cast;
    throw binder.unknownFunction(expr, args);
  }
  if (entry.kind === 'aggregate' || entry.kind === 'window' || expr.over)
    return binder.host.aggregate(expr, entry, binder.scope);
  if (entry.kind === 'table') {
    const { setReturning } = binder.host;
    if (!setReturning || binder.elements)
      throw fail('feature_not_supported', `set-returning functions are not allowed in ${binder.host.clause}`, { span });
    return setReturning(expr, entry, orderedArguments(binder, expr, entry));
  }
  refuseAggregateSyntax(expr, entry);
  if (expr.args.some((a) => a.value.kind === 'lambda') || folded === 'list_transform' || folded === 'list_filter')
    return bindLambdaCall(binder, expr, entry, folded);
  if (entry.reducesLists && !binder.elements) return bindReduction(binder, expr, entry);
  if (expr.args.at(-1)?.variadic) return bindVariadic(binder, expr, entry);
  return binder.resolveCall(entry, orderedArguments(binder, expr, entry), span);
}

/** `float8(x)`: a type's name in place of a function's is a cast. */
function castCall({ name, span }: CallExpr, [arg, ...more]: readonly Scalar[]): Scalar | undefined {
  const type = { name, modifiers: [], dimensions: 0, span };
  if (!arg || more.length > 0 || !isTypeName(type)) return undefined;
  const to = bindTypeName(type);
  const possible = arg.type.kind === 'unknown' || castKind(arg.type, to) !== undefined;
  return possible ? castScalar(arg, to, true, false, span) : undefined;
}

function refuseAggregateSyntax(expr: CallExpr, entry: FunctionEntry): void {
  const what = expr.distinct
    ? 'DISTINCT'
    : expr.filter
      ? 'FILTER'
      : expr.withinGroup
        ? 'WITHIN GROUP'
        : expr.orderBy.length > 0
          ? 'ORDER BY'
          : undefined;
  if (what)
    throw fail('wrong_object_type', `${what} specified, but ${entry.name} is not an aggregate function`, {
      span: expr.span,
    });
  if (expr.star)
    throw fail('wrong_object_type', `${entry.name}(*) specified, but ${entry.name} is not an aggregate function`, {
      span: expr.span,
    });
}

/** As `format_type` without a modifier. */
function typeNameOf(type: SqlType): SqlType {
  switch (type.kind) {
    case 'numeric':
    case 'varchar':
    case 'bit':
    case 'varbit':
    case 'char':
      return { kind: type.kind };
    case 'list':
      return type.as ? type : { ...type, element: typeNameOf(type.element) };
    default:
      return type;
  }
}
