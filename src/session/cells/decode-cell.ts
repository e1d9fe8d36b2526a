// Bytes of a parameter or of a copied column → the value.
import { fail, oidOf, parseValue, printSqlType, type SqlType, type Value } from '../../core/index.js';
import type { CellFormat } from './cell-source.js';
import { decodeText } from './decode-text.js';
import { checkedText, decodeValue } from './value-binary.js';

/** @throws DiagnosticError 22P02 and its like for text, 22P03 and 08P01 for binary, 22021 */
export function decodeCell(bytes: Buffer | null, format: CellFormat, type: SqlType, oid = oidOf(type)): Value {
  if (bytes === null) return null;
  if (format === 'binary') return decodeValue(bytes, type, oid);
  const text = checkedText(decodeText(bytes));
  if (type.kind === 'struct') throw fail('feature_not_supported', `no input function for type ${printSqlType(type)}`);
  return parseValue(text, type);
}
