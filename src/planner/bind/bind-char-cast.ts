// Casts from and to `"char"`, PostgreSQL's type of one byte: a text by another name, but for what a cast keeps of it.
import { isInternalChar, type Span, type SqlType, types } from '../../core/index.js';
import type { ExpressionBinder } from './bind-expression.js';
import { castScalar } from './coerce.js';
import type { Scalar } from './scalar.js';

const isText = ({ kind }: SqlType): boolean => ['unknown', 'text', 'varchar', 'char'].includes(kind);

/** `undefined` where neither side is a `"char"`, or both. */
export function bindCharCast(binder: ExpressionBinder, arg: Scalar, to: SqlType, span: Span): Scalar | undefined {
  if (isInternalChar(arg.type) === isInternalChar(to)) return undefined;
  if (isInternalChar(arg.type)) return to.kind === 'int4' ? binder.call('ascii', [arg], span, 'int4') : undefined;
  const made =
    arg.type.kind === 'int4'
      ? binder.call('chr', [arg], span, '"char"')
      : isText(arg.type)
        ? binder.call(
            'left',
            [castScalar(arg, types.text, true), { kind: 'literal', type: types.int4, value: 1 }],
            span,
            '"char"',
          )
        : undefined;
  return made && { ...made, type: to };
}
