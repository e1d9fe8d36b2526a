// Number literals, typed as PostgreSQL types constants.
import { fail, isDecimal, type NumericValue, type Span, types } from '../../core/index.js';
import { castScalar } from './coerce.js';
import type { Scalar } from './scalar.js';

/** int4 where it fits, then int8, then numeric with as many digits as are written. */
export function numberLiteral(text: string, span: Span): Scalar {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= -(2n ** 31n) && value < 2n ** 31n)
      return { kind: 'literal', type: types.int4, value: Number(value), span };
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return { kind: 'literal', type: types.int8, value, span };
  }
  const [, sign, whole, fraction, exponent] = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole ?? ''}${fraction ?? ''}`;
  if (digits === '') throw fail('invalid_text_representation', `invalid number "${text}"`, { span });
  const shift = Number(exponent ?? 0) - (fraction?.length ?? 0);
  if (Math.abs(shift) > 1000)
    return castScalar({ kind: 'literal', type: types.unknown, value: text, span }, types.float8, false);
  const unscaled = BigInt(digits) * (shift > 0 ? 10n ** BigInt(shift) : 1n);
  const value = { unscaled: sign === '-' ? -unscaled : unscaled, scale: shift < 0 ? -shift : 0 };
  return withDigits({ kind: 'literal', type: types.numeric, value, span });
}

/** A numeric constant as a type of exactly its digits: `1.50` is numeric(3,2); NaN as one of any. */
export function withDigits(scalar: Scalar): Scalar {
  const constant = scalar.kind === 'cast' ? scalar.arg : scalar;
  if (
    constant.kind === 'literal' &&
    isDecimal(scalar.type) &&
    (constant.value as NumericValue | null)?.special === 'NaN'
  )
    return { ...constant, type: types.numeric };
  if (scalar.kind !== 'literal' || scalar.type.kind !== 'numeric' || scalar.type.precision !== undefined) return scalar;
  const { value } = scalar;
  if (value === null || typeof value !== 'object' || !('unscaled' in value) || value.special) return scalar;
  const { unscaled, scale } = value;
  const digits = Math.max(String(unscaled < 0n ? -unscaled : unscaled).length, scale, 1);
  return digits > 38 ? scalar : { ...scalar, type: { kind: 'numeric', precision: digits, scale } };
}
