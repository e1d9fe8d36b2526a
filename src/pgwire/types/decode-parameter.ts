// A parameter's bytes → the value that the binder takes.
import { fail, oidOf, parseValue, printSqlType, type SqlType, type Value } from '../../core/index.js';
import { decodeText, type Format } from '../codec/index.js';
import { checkedText, decodeValue } from './value-binary.js';

/** @throws DiagnosticError 22P02 and its like for text, 22P03 and 08P01 for binary, 22021 */
export function decodeParameter(bytes: Buffer | null, format: Format, type: SqlType, oid = oidOf(type)): Value {
  if (bytes === null) return null;
  if (format === 'binary') return decodeValue(bytes, type, oid);
  const text = checkedText(decodeText(bytes));
  if (type.kind === 'struct') throw fail('feature_not_supported', `no input function for type ${printSqlType(type)}`);
  return parseValue(text, type);
}
