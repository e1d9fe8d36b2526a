// Bytes of a parameter or of a copied column → the value.
import {
  arrayOf,
  baseOf,
  fail,
  isArray,
  literalDimensions,
  oidOf,
  parseValue,
  printSqlType,
  type SqlType,
  type Value,
} from '../../core/index.js';
import type { CellFormat } from './cell-source.js';
import { decodeText } from './decode-text.js';
import { checkedText, decodeValue } from './value-binary.js';

/** Bytes in which an array's first braces are, and bounds before them. */
const longestHead = 256;

/**
 * The type of a parameter, told its value: an array has as many dimensions as came, whatever its declared type says.
 * Arrays of PostgreSQL have one type for all dimensions.
 */
export function typeOfCell(bytes: Buffer | null, format: CellFormat, type: SqlType): SqlType {
  if (bytes === null || !isArray(type)) return type;
  const base = baseOf(type);
  if (format === 'text') return arrayOf(base, literalDimensions(bytes.toString('latin1', 0, longestHead)));
  const dimensions = bytes.length < 4 ? 1 : bytes.readInt32BE(0);
  return arrayOf(base, Math.min(6, Math.max(1, dimensions)));
}

/** @throws DiagnosticError 22P02 and its like for text, 22P03 and 08P01 for binary, 22021 */
export function decodeCell(bytes: Buffer | null, format: CellFormat, type: SqlType, oid = oidOf(type)): Value {
  if (bytes === null) return null;
  if (format === 'binary') return decodeValue(bytes, type, oid);
  const text = checkedText(decodeText(bytes));
  if (type.kind === 'struct') throw fail('feature_not_supported', `no input function for type ${printSqlType(type)}`);
  return parseValue(text, type);
}
