// `$1`: a value where values are given, a NULL of its type where the statement is only described.
import { fail, type SqlType, types } from '../../core/index.js';
import type { Parameter } from '../../parser/index.js';
import type { BindEnvironment } from './environment.js';
import type { Scalar } from './scalar.js';

/** @throws DiagnosticError 42P02 */
export function bindParameter({ index, span }: Parameter, environment: BindEnvironment): Scalar {
  const { parameters, parameterTypes } = environment;
  if (parameterTypes && index >= 1 && index <= 65535) {
    const type = parameterTypes.get(index);
    if (type && type.kind !== 'unknown') return { kind: 'literal', type, value: null, span };
    const slot = {
      infer: (found: SqlType) => parameterTypes.infer(index, found),
      inferWeakly: (found: SqlType) => parameterTypes.inferWeakly(index, found),
    };
    return { kind: 'literal', type: types.unknown, value: null, parameter: slot, span };
  }
  const parameter = parameters?.[index - 1];
  if (!parameter) throw fail('undefined_parameter', `there is no parameter $${index}`, { span });
  return { kind: 'literal', type: parameter.type, value: parameter.value, span };
}
