// COLLATE: all collations compare by code point here, so that only those are taken that do.
import { fail, printSqlType, type SqlType } from '../../core/index.js';
import type { CollateExpr, Expr } from '../../parser/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { foldName } from './environment.js';
import type { Scalar } from './scalar.js';

const known = new Set(['default', 'C', 'POSIX', 'ucs_basic']);
const collatable = new Set<SqlType['kind']>(['unknown', 'text', 'varchar', 'char']);

/** @throws DiagnosticError undefined_object, datatype_mismatch */
export function bindCollate(binder: ExpressionBinder, { arg, collation, span }: CollateExpr): Scalar {
  const bound = binder.bind(arg);
  const name = foldName(collation.at(-1)!);
  if (!known.has(name))
    throw fail('undefined_object', `collation "${name}" for encoding "UTF8" does not exist`, {
      span,
      hint: 'Texts are compared by code point, as collation "C" does.',
    });
  const { type } = bound;
  if (!collatable.has(type.kind === 'list' ? type.element.kind : type.kind))
    throw fail('datatype_mismatch', `collations are not supported by type ${printSqlType(type)}`, { span });
  return bound;
}

/** @throws DiagnosticError collation_mismatch where both sides name a collation, and not the same */
export function refuseCollations(left: Expr, right: Expr): void {
  if (left.kind !== 'collate' || right.kind !== 'collate') return;
  const [a, b] = [foldName(left.collation.at(-1)!), foldName(right.collation.at(-1)!)];
  if (a !== b)
    throw fail('collation_mismatch', `collation mismatch between explicit collations "${a}" and "${b}"`, {
      span: right.span,
    });
}
