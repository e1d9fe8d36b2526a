// Binary strings: bytes cut, joined, searched and changed, and their conversion from and to texts. The evaluator runs them.
import { randomUUID } from 'node:crypto';
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { encodingOf } from '../value/encoding.js';
import { likeMatcher } from '../value/like.js';
import { chapter, type Draft, on, values } from './define.js';
import type { Accumulator, FunctionEntry } from './overload.js';
import { withBackslash } from './pattern.js';

const scalar = chapter('binary', 'scalar');
const operator = chapter('binary', 'operator');
const aggregate = chapter('aggregate', 'aggregate');
const { bytea, text, int4, int8, bool } = types;

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Positions from 1; those before the first take from the length. */
function slice(bytes: Uint8Array, start: number, length?: number): Uint8Array {
  if (length !== undefined && length < 0) throw fail('substring_error', 'negative substring length not allowed');
  const end = length === undefined ? bytes.length : start + length - 1;
  return bytes.slice(Math.max(0, start - 1), Math.max(0, end));
}

function overlay(bytes: Uint8Array, by: Uint8Array, from: number, length = by.length): Uint8Array {
  if (from <= 0) throw fail('substring_error', 'negative substring length not allowed');
  if (from + length > 2147483647) throw fail('numeric_value_out_of_range', 'integer out of range');
  return join(slice(bytes, 1, from - 1), by, slice(bytes, from + length));
}

const trimmed = (left: boolean, right: boolean) => (bytes: Uint8Array, set: Uint8Array) => {
  let [start, end] = [0, bytes.length];
  while (left && start < end && set.includes(bytes[start]!)) start++;
  while (right && end > start && set.includes(bytes[end - 1]!)) end--;
  return bytes.slice(start, end);
};

/** @throws DiagnosticError array_subscript_error */
function within(index: number | bigint, count: number): number {
  const at = Number(index);
  if (at < 0 || at >= count) throw fail('array_subscript_error', `index ${index} out of valid range, 0..${count - 1}`);
  return at;
}

/** Bits of a byte are counted from the least significant one. */
function getBit(bytes: Uint8Array, index: number | bigint): number {
  const at = within(index, 8 * bytes.length);
  return (bytes[at >> 3]! >> (at & 7)) & 1;
}

function setBit(bytes: Uint8Array, index: number | bigint, bit: number): Uint8Array {
  const at = within(index, 8 * bytes.length);
  if (bit !== 0 && bit !== 1) throw fail('invalid_parameter_value', 'new bit must be 0 or 1');
  const result = bytes.slice();
  const mask = 1 << (at & 7);
  result[at >> 3] = bit ? bytes[at >> 3]! | mask : bytes[at >> 3]! & ~mask;
  return result;
}

function setByte(bytes: Uint8Array, index: number, byte: number): Uint8Array {
  const at = within(index, bytes.length);
  const result = bytes.slice();
  result[at] = byte & 255;
  return result;
}

function bitCount(bytes: Uint8Array): bigint {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest; rest &= rest - 1) count++;
  return BigInt(count);
}

function convert(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const source = encodingOf(from, 'invalid source encoding name');
  const target = encodingOf(to, 'invalid destination encoding name');
  return target.encode(source.decode(bytes));
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const like = (op: string, negated: boolean): Draft =>
  on([bytea, bytea], bool, {
    op,
    fold: values(
      (bytes: Uint8Array, pattern: Uint8Array) => likeMatcher(latin(pattern)).test(latin(bytes)) !== negated,
    ),
  });

const substrings: readonly Draft[] = [
  on([bytea, int4], bytea, { fold: values(slice) }),
  on([bytea, int4, int4], bytea, { fold: values(slice) }),
];

/** Bytes that are not NULL, each after the first with its separator before it. */
function concatenation(): Accumulator {
  const parts: Uint8Array[] = [];
  let some = false;
  return {
    add([bytes, separator]) {
      if (bytes === null) return;
      if (some && separator !== null) parts.push(separator as Uint8Array);
      parts.push(bytes as Uint8Array);
      some = true;
    },
    result: () => (some ? join(...parts) : null),
  };
}

export const byteaFunctions: readonly FunctionEntry[] = [
  operator('||', 'Concatenation of bytes.', [on([bytea, bytea], bytea, { op: 'byteacat', fold: values(join) })]),
  operator('~~', 'What `LIKE` means of bytes.', [like('bytealike', false)]),
  operator('!~~', 'What `NOT LIKE` means of bytes.', [like('byteanlike', true)]),
  scalar('like_escape', 'The pattern of `LIKE … ESCAPE` with a backslash as its escape.', [
    on([bytea, bytea], bytea, {
      fold: values(
        (p: Uint8Array, e: Uint8Array) => new Uint8Array(Buffer.from(withBackslash(latin(p), latin(e)), 'latin1')),
      ),
    }),
  ]),
  scalar('overlay', 'The bytes with others in place of a part.', [
    on([bytea, bytea, int4], bytea, { fold: values(overlay) }),
    on([bytea, bytea, int4, int4], bytea, { fold: values(overlay) }),
  ]),
  scalar('position', 'First position of the second bytes in the first; 0 where they do not occur.', [
    on([bytea, bytea], int4, {
      fold: values((bytes: Uint8Array, part: Uint8Array) => Buffer.from(bytes).indexOf(part) + 1),
    }),
  ]),
  scalar('substring', 'Part of the bytes, from a position for a length.', substrings),
  scalar('substr', 'Part of the bytes, from a position for a length.', substrings),
  ...(['btrim', 'ltrim', 'rtrim'] as const).map((name) =>
    scalar(name, 'The bytes without leading and/or trailing ones of a set.', [
      on([bytea, bytea], bytea, { fold: values(trimmed(name !== 'rtrim', name !== 'ltrim')) }),
    ]),
  ),
  scalar('bit_count', 'Number of bits that are set.', [
    on([bytea], int8, { op: 'bit_count(bytea)', fold: values(bitCount) }),
  ]),
  scalar('get_bit', 'The bit at a position from 0, the least significant of each byte first.', [
    on([bytea, int8], int4, { op: 'get_bit(bytea)', fold: values(getBit) }),
  ]),
  scalar('set_bit', 'The bytes with one bit changed.', [
    on([bytea, int8, int4], bytea, { op: 'set_bit(bytea)', fold: values(setBit) }),
  ]),
  scalar('get_byte', 'The byte at a position from 0.', [
    on([bytea, int4], int4, { fold: values((b: Uint8Array, i: number) => b[within(i, b.length)]!) }),
  ]),
  scalar('set_byte', 'The bytes with one changed.', [on([bytea, int4, int4], bytea, { fold: values(setByte) })]),
  scalar('length', 'Number of characters of bytes in an encoding.', [
    on([bytea, text], int4, {
      fold: values((bytes: Uint8Array, name: string) => [...encodingOf(name).decode(bytes)].length),
    }),
  ]),
  scalar('convert', 'Bytes of one encoding in another.', [on([bytea, text, text], bytea, { fold: values(convert) })]),
  scalar('convert_from', 'The text of bytes in an encoding.', [
    on([bytea, text], text, {
      fold: values((bytes: Uint8Array, name: string) => encodingOf(name, 'invalid source encoding name').decode(bytes)),
    }),
  ]),
  scalar('convert_to', 'The bytes of a text in an encoding.', [
    on([text, text], bytea, {
      fold: values((s: string, name: string) => encodingOf(name, 'invalid destination encoding name').encode(s)),
    }),
  ]),
  aggregate('string_agg', 'All values that are not NULL, with a separator between.', [
    on([bytea, bytea], bytea, { op: 'string_agg(bytea)', strict: false, accumulate: concatenation }),
  ]),
  scalar('gen_random_uuid', 'A random UUID (version 4).', [
    on([], types.uuid, { volatility: 'volatile', fold: () => randomUUID() }),
  ]),
];
