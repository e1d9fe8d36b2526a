// Casts to the names of catalogue objects: `'pg_class'::regclass` is an oid, `oid::regtype::text` a name.
import { typeOidByName } from '../../catalog/index.js';
import {
  fail,
  formatType,
  listOf,
  lookupFunction,
  oidOf,
  printSqlType,
  type Span,
  type SqlType,
  types,
} from '../../core/index.js';
import { type CastExpr, parseExpression } from '../../parser/index.js';
import { columnsOf } from '../logical/walk-scalar.js';
import type { ExpressionBinder } from './bind-expression.js';
import { bindTypeName, isTypeName } from './bind-type-name.js';
import { objectName, procedureNumber, typeNames } from './catalog-macros.js';
import { castScalar, widened } from './coerce.js';
import type { Scalar } from './scalar.js';

const shownTypes: Readonly<Record<string, SqlType>> = {
  regclass: types.regclass,
  regtype: types.regtype,
  regproc: types.regproc,
  regprocedure: types.regprocedure,
};

/** The numbers behind names: `prorettype::regtype <> 'trigger'::regtype` compares two oids. */
const numbers = new WeakMap<Scalar, Scalar>();

/** The oid that a scalar of type regclass, regtype… was made of; `undefined` for others. */
export function objectIdOf(scalar: Scalar): Scalar | undefined {
  return numbers.get(scalar);
}

/** The name that a literal's number stands for, where it is cast to text. */
const names = new WeakMap<Scalar, Scalar>();

export function objectNameOf(scalar: Scalar): Scalar | undefined {
  return names.get(scalar);
}

/** A type as SQL spells it: `'int'::regtype`. */
function typeNumber(text: string): bigint | undefined {
  try {
    const expr = parseExpression(`NULL::${text}`);
    return expr.kind === 'cast' && isTypeName(expr.type) ? BigInt(oidOf(bindTypeName(expr.type))) : undefined;
  } catch {
    return undefined;
  }
}

/** `pg_typeof`'s result, which is `type`'s name. Columns of the argument stay in it: the rules of grouping are theirs too. */
export function typeOfValue(arg: Scalar, type: SqlType, span: Span): Scalar {
  const fixed: Scalar = { kind: 'literal', type: types.regtype, value: printSqlType(type), span };
  const test: Scalar = { kind: 'is_null', type: types.bool, arg, span };
  const name: Scalar =
    columnsOf(arg).size === 0
      ? fixed
      : { kind: 'case', type: types.regtype, branches: [{ when: test, then: fixed }], otherwise: fixed, span };
  numbers.set(name, { kind: 'literal', type: types.oid, value: BigInt(oidOf(type)), span });
  return name;
}

/** `undefined` where the type is an ordinary one. @throws DiagnosticError 42704, 42P01 */
export function bindObjectCast(binder: ExpressionBinder, expr: CastExpr): Scalar | undefined {
  const written = expr.type.name.at(-1)!.text.toLowerCase();
  if (expr.type.dimensions === 1 && written === 'regtype') {
    const names = typeNames(binder, binder.operand(expr.arg));
    return { ...names, type: listOf(types.regtype) };
  }
  if (expr.type.dimensions > 0 || !/^reg(?:type|class|proc|procedure|namespace|role)$/.test(written)) return undefined;
  const { span } = expr;
  const arg = widened(binder.bind(expr.arg));
  const literal = arg.kind === 'literal' && (arg.type.kind === 'unknown' || arg.type.kind === 'text');
  if (literal && arg.value === null) {
    // A parameter: its text is looked up once it is known.
    const value = castScalar(arg, types.text, false);
    return castScalar({ ...value, type: types.text }, types.oid, true);
  }
  if (literal) {
    const text = String(arg.value);
    // Functions go by their names here.
    if (/^regproc/.test(written))
      return { kind: 'literal', type: types.regproc, value: text.replace(/^pg_catalog\./, ''), span };
    if (/^\d+$/.test(text)) return { kind: 'literal', type: types.oid, value: BigInt(text), span };
    const found =
      (written === 'regtype' ? (typeOidByName(text) ?? typeNumber(text)) : undefined) ??
      binder.host.context.environment.system?.oidOf(written, text);
    if (found === undefined || found === null)
      throw written === 'regclass'
        ? fail('undefined_table', `relation "${text}" does not exist`, { span })
        : fail('undefined_object', `${written === 'regtype' ? 'type' : 'object'} "${text}" does not exist`, { span });
    const number: Scalar = { kind: 'literal', type: types.oid, value: found, span };
    const shown = written === 'regtype' ? formatType(Number(found), -1) : undefined;
    if (shown !== undefined) names.set(number, { kind: 'literal', type: types.regtype, value: shown, span });
    return number;
  }
  const shown = shownTypes[written] ?? types.text;
  if (arg.type.kind === 'text') return { ...arg, type: shown };
  if (arg.type.kind !== 'int8') return castScalar(arg, types.oid, true);
  const name = { ...nameOf(binder, written, arg, span), type: shown };
  numbers.set(name, arg);
  return name;
}

function nameOf(binder: ExpressionBinder, written: string, oid: Scalar, span: Span): Scalar {
  if (written !== 'regtype') return objectName(binder, written, oid);
  const missing: Scalar = { kind: 'literal', type: types.int4, value: null, ...(oid.span && { span: oid.span }) };
  return binder.resolveCall(lookupFunction('format_type')!, [oid, missing], span);
}

/** `regproc::oid`: the number of the function of that name. */
export function procedureId(binder: ExpressionBinder, arg: Scalar): Scalar | undefined {
  const isProcedure = arg.type.kind === 'text' && 'as' in arg.type && arg.type.as === 'regproc';
  return isProcedure ? procedureNumber(binder, arg) : undefined;
}

/** Functions go by their names here; where there is none, a client asks for number 0: `typreceive <> 0`. */
export function withFunctionNames(operands: readonly Scalar[]): readonly Scalar[] {
  if (!operands.some(({ type }) => type.kind === 'text' && type.as === 'regproc')) return operands;
  return operands.map((operand) =>
    operand.kind === 'literal' && operand.type.kind === 'int4' && operand.value === 0
      ? { ...operand, type: types.text, value: '-' }
      : operand,
  );
}
