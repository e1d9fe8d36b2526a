// Casts to the names of catalogue objects: `'pg_class'::regclass` is an oid, `oid::regtype::text` a name.
import { typeOidByName } from '../../catalog/index.js';
import { fail, lookupFunction, types } from '../../core/index.js';
import type { CastExpr } from '../../parser/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { relationName } from './catalog-macros.js';
import { castScalar, widened } from './coerce.js';
import type { Scalar } from './scalar.js';

/** `undefined` where the type is an ordinary one. @throws DiagnosticError 42704, 42P01 */
export function bindObjectCast(binder: ExpressionBinder, expr: CastExpr): Scalar | undefined {
  const written = expr.type.name.at(-1)!.text.toLowerCase();
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
      written === 'regtype' ? typeOidByName(text) : binder.host.context.environment.system?.oidOf(written, text);
    if (found === undefined || found === null)
      throw written === 'regclass'
        ? fail('undefined_table', `relation "${text}" does not exist`, { span })
        : fail('undefined_object', `${written === 'regtype' ? 'type' : 'object'} "${text}" does not exist`, { span });
    return { kind: 'literal', type: types.oid, value: found, span };
  }
  const shown = { regclass: types.regclass, regtype: types.regtype, regproc: types.regproc }[written] ?? types.text;
  if (arg.type.kind === 'text') return { ...arg, type: shown };
  if (arg.type.kind !== 'int8') return castScalar(arg, types.oid, true);
  if (written === 'regclass') return binder.bind(relationName(expr.arg));
  if (written !== 'regtype') return castScalar(arg, shown, true);
  const missing: Scalar = { kind: 'literal', type: types.int4, value: null, span };
  return { ...binder.resolveCall(lookupFunction('format_type')!, [arg, missing], span), type: shown };
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
