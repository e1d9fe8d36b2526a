// Casts to the names of catalogue objects: `'pg_class'::regclass` is an oid, `oid::regtype::text` a name.
import { typeOidByName } from '../../catalog/index.js';
import {
  type Condition,
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

const shownTypes = {
  regclass: types.regclass,
  regtype: types.regtype,
  regproc: types.regproc,
  regprocedure: types.regprocedure,
  regoper: types.regoper,
  regoperator: types.regoperator,
  regnamespace: types.regnamespace,
  regrole: types.regrole,
  regcollation: types.regcollation,
  regconfig: types.regconfig,
  regdictionary: types.regdictionary,
} as const satisfies Readonly<Record<string, SqlType>>;

type Written = keyof typeof shownTypes;

const isObjectType = (name: string): name is Written => Object.hasOwn(shownTypes, name);

/** What PostgreSQL says of a name that means none. */
const missing: Readonly<Record<Written, readonly [Condition, (name: string) => string]>> = {
  regclass: ['undefined_table', (name) => `relation "${name}" does not exist`],
  regtype: ['undefined_object', (name) => `type "${name}" does not exist`],
  regproc: ['undefined_function', (name) => `function "${name}" does not exist`],
  regprocedure: ['undefined_function', (name) => `function "${name}" does not exist`],
  regoper: ['undefined_function', (name) => `operator does not exist: ${name}`],
  regoperator: ['undefined_function', (name) => `operator does not exist: ${name}`],
  regnamespace: ['invalid_schema_name', (name) => `schema "${name}" does not exist`],
  regrole: ['undefined_object', (name) => `role "${name}" does not exist`],
  regcollation: ['undefined_object', (name) => `collation "${name}" for encoding "UTF8" does not exist`],
  regconfig: ['undefined_object', (name) => `text search configuration "${name}" does not exist`],
  regdictionary: ['undefined_object', (name) => `text search dictionary "${name}" does not exist`],
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

/** `abs(int)` as `abs(integer)`. */
const withTypeNames = (text: string): string =>
  text.replace(/\((.*)\)\s*$/s, (_, args: string) => {
    const oids = args.split(',').map((arg) => typeOidByName(arg) ?? typeNumber(arg));
    return `(${oids.map((oid, i) => (oid ? formatType(Number(oid), -1) : args.split(',')[i])).join(',')})`;
  });

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
  if (expr.type.dimensions > 0 || !isObjectType(written)) return undefined;
  const { span } = expr;
  const arg = widened(binder.bind(expr.arg));
  const shown = shownTypes[written];
  if (arg.kind === 'literal' && (arg.type.kind === 'unknown' || (arg.type.kind === 'text' && !arg.type.as)))
    return arg.value === null
      ? parameterNumber(written, arg, span)
      : namedNumber(binder, written, String(arg.value), span);
  if (arg.type.kind === 'text') return { ...arg, type: shown };
  if (arg.kind === 'literal' && arg.type.kind === 'int4' && arg.value !== null)
    return namedNumber(binder, written, String(arg.value), span);
  if (arg.type.kind !== 'int8') return castScalar(arg, types.oid, true);
  const name = { ...nameOf(binder, written, arg, span), type: shown };
  numbers.set(name, arg);
  return name;
}

/** NULL, or a parameter whose text is looked up once it is known. */
function parameterNumber(written: Written, arg: Scalar, span: Span): Scalar {
  const value = castScalar(arg, types.text, false);
  const number = castScalar({ ...value, type: types.text }, types.oid, true);
  names.set(number, { kind: 'literal', type: shownTypes[written], value: null, span });
  return number;
}

/** The number of a name that is written down. @throws DiagnosticError 42P01, 42704, 42883 … where there is none */
function namedNumber(binder: ExpressionBinder, written: Written, text: string, span: Span): Scalar {
  const { system } = binder.host.context.environment;
  const isNumber = /^\d+$/.test(text);
  const asked = written === 'regprocedure' ? withTypeNames(text) : text;
  const found = isNumber
    ? BigInt(text)
    : text === '-'
      ? 0n
      : ((written === 'regtype' ? (typeOidByName(text) ?? typeNumber(text)) : undefined) ??
        system?.oidOf(written, asked));
  if (found === undefined || found === null) {
    // There are functions in pg_catalog alone: of others a client is told nothing, and no error.
    if (/^regproc/.test(written) && /^(?!pg_catalog\.)[^.(]+\./.test(text))
      return { kind: 'literal', type: types.oid, value: null, span };
    const [condition, message] = missing[written];
    throw fail(condition, message(text), { span });
  }
  const number: Scalar = { kind: 'literal', type: types.oid, value: found as bigint, span };
  const shown = written === 'regtype' ? formatType(Number(found), -1) : system?.nameOf(written, found as bigint);
  const value = found === 0n ? '-' : (shown ?? text.replace(/^pg_catalog\./, ''));
  const name: Scalar = { kind: 'literal', type: shownTypes[written], value, span };
  // Functions go by their names here.
  if ((written === 'regproc' || written === 'regprocedure') && !isNumber) {
    numbers.set(name, number);
    return name;
  }
  names.set(number, name);
  return number;
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
