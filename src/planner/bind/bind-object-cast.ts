// Casts to functions of the catalogue by name (`oid::regproc`), and what `pg_typeof` answers. Other objects are numbers; see core/value/object-names.
import { typeOidByName } from '../../catalog/index.js';
import {
  type Condition,
  fail,
  formatType,
  objectTypeOf,
  oidOf,
  type Span,
  type SqlType,
  types,
} from '../../core/index.js';
import type { CastExpr } from '../../parser/index.js';
import { columnsOf } from '../logical/walk-scalar.js';
import type { ExpressionBinder } from './bind-expression.js';
import { typeNumber } from './bind-type-name.js';
import { objectName, procedureNumber } from './catalog-macros.js';
import { castScalar, widened } from './coerce.js';
import type { Scalar } from './scalar.js';

const procedureTypes = {
  regproc: types.regproc,
  regprocedure: types.regprocedure,
  regoper: types.regoper,
  regoperator: types.regoperator,
} as const satisfies Readonly<Record<string, SqlType>>;

type Written = keyof typeof procedureTypes;

const isProcedureType = (name: string): name is Written => Object.hasOwn(procedureTypes, name);

/** What PostgreSQL says of a name that means none. */
const missing: Readonly<Record<Written, readonly [Condition, (name: string) => string]>> = {
  regproc: ['undefined_function', (name) => `function "${name}" does not exist`],
  regprocedure: ['undefined_function', (name) => `function "${name}" does not exist`],
  regoper: ['undefined_function', (name) => `operator does not exist: ${name}`],
  regoperator: ['undefined_function', (name) => `operator does not exist: ${name}`],
};

/** The numbers behind names: `prosupport::regproc <> 0` compares oids. */
const numbers = new WeakMap<Scalar, Scalar>();

/** The oid that a scalar of type regproc or regprocedure was made of; `undefined` for others. */
export function objectIdOf(scalar: Scalar): Scalar | undefined {
  return numbers.get(scalar);
}

/** `abs(int)` as `abs(integer)`. */
const withTypeNames = (text: string): string =>
  text.replace(/\((.*)\)\s*$/s, (_, args: string) => {
    const oids = args.split(',').map((arg) => typeOidByName(arg) ?? typeNumber(arg));
    return `(${oids.map((oid, i) => (oid ? formatType(Number(oid), -1) : args.split(',')[i])).join(',')})`;
  });

/** `pg_typeof`'s result, which is `type`'s number. Columns of the argument stay in it: the rules of grouping are theirs too. */
export function typeOfValue(arg: Scalar, type: SqlType, span: Span): Scalar {
  const number = type.kind === 'unknown' ? unknownOid : BigInt(oidOf(type));
  const fixed: Scalar = { kind: 'literal', type: types.regtype, value: number, span };
  const test: Scalar = { kind: 'is_null', type: types.bool, arg, span };
  return columnsOf(arg).size === 0
    ? fixed
    : { kind: 'case', type: types.regtype, branches: [{ when: test, then: fixed }], otherwise: fixed, span };
}

const unknownOid = 705n;

/** `undefined` where the type is an ordinary one. @throws DiagnosticError 42883 */
export function bindObjectCast(binder: ExpressionBinder, expr: CastExpr): Scalar | undefined {
  const written = expr.type.name.at(-1)!.text.toLowerCase();
  if (expr.type.dimensions > 0) return undefined;
  const { span } = expr;
  if (!isProcedureType(written)) return undefined;
  const arg = widened(binder.bind(expr.arg));
  const shown = procedureTypes[written];
  if (arg.kind === 'literal' && (arg.type.kind === 'unknown' || (arg.type.kind === 'text' && !arg.type.as)))
    return arg.value === null
      ? castScalar(castScalar(arg, types.text, false), shown, true)
      : namedNumber(binder, written, String(arg.value), span);
  if (arg.type.kind === 'text') return { ...arg, type: shown };
  if (arg.kind === 'literal' && arg.type.kind === 'int4' && arg.value !== null)
    return namedNumber(binder, written, String(arg.value), span);
  if (arg.type.kind !== 'int8') return castScalar(arg, types.oid, true);
  const name = { ...objectName(binder, written, arg), type: shown };
  numbers.set(name, arg);
  return name;
}

/** The number of a name that is written down. @throws DiagnosticError 42883 where there is none */
function namedNumber(binder: ExpressionBinder, written: Written, text: string, span: Span): Scalar {
  const { system } = binder.host.context.environment;
  const isNumber = /^\d+$/.test(text);
  const asked = written === 'regprocedure' ? withTypeNames(text) : text;
  const found = isNumber ? BigInt(text) : text === '-' ? 0n : system?.oidOf(written, asked);
  if (found === undefined) {
    // There are functions in pg_catalog alone: of others a client is told nothing, and no error.
    if (/^regproc/.test(written) && /^(?!pg_catalog\.)[^.(]+\./.test(text))
      return { kind: 'literal', type: types.oid, value: null, span };
    const [condition, message] = missing[written];
    throw fail(condition, message(text), { span });
  }
  const shown = system?.nameOf(written, found);
  const value = found === 0n ? '-' : (shown ?? text.replace(/^pg_catalog\./, ''));
  const name: Scalar = { kind: 'literal', type: procedureTypes[written], value, span };
  numbers.set(name, { kind: 'literal', type: types.oid, value: found, span });
  return name;
}

/** `regproc::oid`: the number of the function of that name. */
export function procedureId(binder: ExpressionBinder, arg: Scalar): Scalar | undefined {
  const isProcedure = arg.type.kind === 'text' && 'as' in arg.type && arg.type.as === 'regproc';
  return isProcedure ? procedureNumber(binder, arg) : undefined;
}

/** A parameter goes by its text, which is looked up once it is known. */
export function objectParameter(arg: Scalar, written: SqlType): Scalar {
  const isParameter = arg.kind === 'literal' && arg.type.kind === 'unknown' && arg.value === null;
  return isParameter && objectTypeOf(written) ? castScalar(arg, types.text, false) : arg;
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
