// `timestamp(3)`, `interval day to second(2)`: types of times whose modifiers say what of a value is kept.
import { currentStyle, fail, parseInterval, type SqlType, types } from '../../core/index.js';
import type { TypeName } from '../../parser/index.js';
import { castToArray } from './bind-array.js';
import type { ExpressionBinder } from './bind-expression.js';
import { bindTypeName } from './bind-type-name.js';
import { placed } from './coerce.js';
import type { Scalar } from './scalar.js';

const kinds = new Set<SqlType['kind']>(['time', 'timetz', 'timestamp', 'timestamptz', 'interval']);
const mostDigits = 6;

/** `second` of `day to second`. */
const lastField = (fields: string): string => fields.split(' to ').at(-1)!;

/** The value with what its type's modifiers keep of it. */
export function withTimePrecision(binder: ExpressionBinder, scalar: Scalar, name: TypeName): Scalar {
  const { type, span = name.span } = scalar;
  const [modifier] = name.modifiers;
  if (!kinds.has(type.kind) || (!modifier && name.intervalFields === undefined)) return scalar;
  const digits = modifier ? (modifier.kind === 'number' ? Number(modifier.text) : Number.NaN) : mostDigits;
  if (!(digits >= 0))
    throw fail('invalid_parameter_value', `precision of type ${type.kind} must not be negative`, { span: name.span });
  // PostgreSQL warns, and keeps what it has.
  const kept: Scalar = { kind: 'literal', type: types.int4, value: Math.min(digits, mostDigits), span };
  const fields: Scalar = { kind: 'literal', type: types.text, value: lastField(name.intervalFields ?? 'second'), span };
  const call = binder.call(type.kind, type.kind === 'interval' ? [scalar, fields, kept] : [scalar, kept], span);
  if (call.kind !== 'call' || scalar.kind !== 'literal' || scalar.value === null) return call;
  const args = call.args.map((arg) => (arg as Extract<Scalar, { kind: 'literal' }>).value);
  const value = call.overload.fold!(args, { argTypes: call.args.map((arg) => arg.type), type });
  return { kind: 'literal', type, value, span };
}

/** `interval '1' day`: the fields say what a number without a unit counts, and which form `1:2` has. */
export function typedLiteral(binder: ExpressionBinder, text: Scalar, written: string, name: TypeName): Scalar {
  const type = bindTypeName(name);
  const { span } = text;
  const value: Scalar =
    name.intervalFields === undefined || name.dimensions > 0
      ? castToArray(text, type, true)
      : {
          kind: 'literal',
          type,
          value: placed(span, () => parseInterval(written, currentStyle(), name.intervalFields)),
          ...(span && { span }),
        };
  return withTimePrecision(binder, value, name);
}
