// Arguments of EXECUTE: constants as they are written.
import { castValue, fail, type SqlType, types, type Value } from '../core/index.js';
import type { Expr } from '../parser/index.js';

/** @throws DiagnosticError 0A000 for anything else */
export function constantArgument(expr: Expr, type: SqlType): Value {
  switch (expr.kind) {
    case 'null':
      return null;
    case 'string':
      return castValue(expr.value, types.text, type);
    case 'number':
      return castValue(expr.text, types.text, type);
    case 'boolean':
      return castValue(expr.value, types.bool, type);
    case 'unary':
      if (expr.op === '-' && expr.arg.kind === 'number') return castValue(`-${expr.arg.text}`, types.text, type);
  }
  throw fail('feature_not_supported', 'arguments of EXECUTE must be constants', { span: expr.span });
}
