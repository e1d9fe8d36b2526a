// Bit strings: texts of 0 and 1, whose order is that of texts.
import { fail } from '../diagnostic.js';
import { printSqlType, type SqlType } from '../sql-type.js';

/** @throws DiagnosticError invalid_text_representation */
export function bitsOf(digits: string, radix: 2 | 16): string {
  const bad = (radix === 2 ? /[^01]/ : /[^0-9A-Fa-f]/).exec(digits);
  if (bad)
    throw fail(
      'invalid_text_representation',
      `"${bad[0]}" is not a valid ${radix === 2 ? 'binary' : 'hexadecimal'} digit`,
    );
  if (radix === 2) return digits;
  return digits.replace(/./g, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'));
}

/** The text form: binary digits, or hexadecimal ones after an x. */
export function parseBits(text: string): string {
  if (/^[xX]/.test(text)) return bitsOf(text.slice(1), 16);
  return bitsOf(/^[bB]/.test(text) ? text.slice(1) : text, 2);
}

/** Put into a type with a length: cut or filled on the right where that was asked for. */
export function limitedBits(bits: string, to: SqlType, explicit: boolean): string {
  if ((to.kind !== 'bit' && to.kind !== 'varbit') || to.length === undefined) return bits;
  if (to.kind === 'varbit') {
    if (bits.length > to.length && !explicit)
      throw fail('string_data_right_truncation', `bit string too long for type ${printSqlType(to)}`);
    return bits.slice(0, to.length);
  }
  if (bits.length !== to.length && !explicit)
    throw fail(
      'string_data_length_mismatch',
      `bit string length ${bits.length} does not match type ${printSqlType(to)}`,
    );
  return bits.slice(0, to.length).padEnd(to.length, '0');
}

/** The lowest bits of an integer, its sign before them where there are more. */
export function bitsOfInteger(n: bigint, length = 1): string {
  return length === 0 ? '' : BigInt.asUintN(length, n).toString(2).padStart(length, '0');
}

/** @throws DiagnosticError numeric_value_out_of_range for more bits than the integer has */
export function integerOfBits(bits: string, width: 32 | 64): bigint {
  if (bits.length > width)
    throw fail('numeric_value_out_of_range', `${width === 32 ? 'integer' : 'bigint'} out of range`);
  return bits === '' ? 0n : BigInt.asIntN(width, BigInt(`0b${bits}`));
}

export function bytesOfBits(bits: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) if (bits[i] === '1') bytes[i >> 3]! |= 0x80 >> (i & 7);
  return bytes;
}
