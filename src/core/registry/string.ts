// Strings. Positions and lengths count characters (code points).
import { createHash } from 'node:crypto';
import { fail } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import {
  checkTextLength,
  countCharacters,
  fillCharacters,
  longestText,
  reverseCharacters,
  sliceCharacters,
  translateCharacters,
} from '../value/characters.js';
import { lowerCase, upperCase } from '../value/letter-case.js';
import { printValue } from '../value/print.js';
import { quoteIdent, quoteLiteral } from '../value/quote.js';
import { chapter, type Draft, on, values } from './define.js';
import { raise } from './duckdb/errors.js';
import type { FunctionEntry, RenderContext, Value } from './overload.js';

const scalar = chapter('string', 'scalar');
const operator = chapter('string', 'operator');
const text = types.text;

/** `substring(s from start for length)`: positions before the first take from the length. */
function substring(s: string, start: number, length?: number): string {
  if (length !== undefined && length < 0) throw fail('substring_error', 'negative substring length not allowed');
  const end = length === undefined ? Infinity : start + length;
  return sliceCharacters(s, Math.max(0, start - 1), Math.max(0, end - 1));
}

const escaped = (set: string) => [...set].map((c) => c.replace(/[\\\]^-]/g, '\\$&')).join('');
const trimmed =
  (side: 'left' | 'right' | 'both') =>
  (s: string, set = ' ') => {
    if (set === '') return s;
    const left = side === 'right' ? s : s.replace(new RegExp(`^[${escaped(set)}]+`, 'u'), '');
    return side === 'left' ? left : left.replace(new RegExp(`[${escaped(set)}]+$`, 'u'), '');
  };
const trims = (name: string, duckdb: string, side: 'left' | 'right' | 'both'): FunctionEntry =>
  scalar(name, `The text without leading and/or trailing characters of a set, which is a blank by default (${side}).`, [
    on([text], text, { duckdb: `${duckdb}($1, ' ')`, fold: values(trimmed(side)) }),
    on([text, text], text, {
      duckdb: `(CASE WHEN $2 = '' THEN $1 ELSE ${duckdb}($1, $2) END)`,
      fold: values(trimmed(side)),
    }),
  ]);

const fitsSql = (length: string) =>
  `WHEN ${length} > ${longestText} THEN ${raise('program_limit_exceeded', 'requested length too large')}`;

function pad(s: string, length: number, fill: string, side: 'left' | 'right'): string {
  checkTextLength(length);
  const there = countCharacters(s);
  if (there >= length) return sliceCharacters(s, 0, Math.max(0, length));
  if (fill === '') return s;
  const added = fillCharacters(fill, length - there);
  return side === 'left' ? added + s : s + added;
}
const pads = (name: 'lpad' | 'rpad', side: 'left' | 'right'): FunctionEntry =>
  scalar(name, `The text brought to a length: filled on the ${side}, or cut on the right.`, [
    on([text, types.int4], text, {
      duckdb: `(CASE WHEN $1 IS NULL THEN NULL ${fitsSql('$2')} WHEN $2 < 0 THEN '' ELSE ${name}($1, $2, ' ') END)`,
      fold: values((s: string, n: number) => pad(s, n, ' ', side)),
    }),
    on([text, types.int4, text], text, {
      duckdb: `(CASE WHEN $1 IS NULL OR $3 IS NULL THEN NULL ${fitsSql('$2')} WHEN $2 < 0 THEN '' WHEN $3 = '' THEN left($1, $2) ELSE ${name}($1, $2, $3) END)`,
      fold: values((s: string, n: number, fill: string) => pad(s, n, fill, side)),
    }),
  ]);

function splitPart(s: string, separator: string, n: number): string {
  if (n === 0) throw fail('invalid_parameter_value', 'field position must not be zero');
  const parts = separator === '' ? [s] : s.split(separator);
  return (n > 0 ? parts[n - 1] : parts[parts.length + n]) ?? '';
}

/** What `||` and concat make of a value that is not text. */
const shown = (value: Value, type: SqlType): string => printValue(value, type);
const isText = (type: SqlType) => type.kind === 'text' || type.kind === 'varchar' || type.kind === 'unknown';
const allText = ({ argTypes }: RenderContext) => argTypes.every(isText);

const length: Draft = on([text], types.int4, {
  kernel: 'length',
  duckdb: 'CAST(length($1) AS INTEGER)',
  fold: values(countCharacters),
});
const substrings: readonly Draft[] = [
  on([text, types.int4], text, {
    duckdb: '(CASE WHEN $2 < 1 THEN $1 ELSE substring($1, $2) END)',
    fold: values((s: string, start: number) => substring(s, start)),
  }),
  on([text, types.int4, types.int4], text, { fold: values(substring) }),
];
const position = (whole: string, part: string): number => {
  const at = whole.indexOf(part);
  return at < 0 ? 0 : countCharacters(whole.slice(0, at)) + 1;
};
const positions: Draft = on([text, text], types.int4, {
  duckdb: 'CAST(strpos($1, $2) AS INTEGER)',
  fold: values(position),
});

/** The text with another in place of so many characters from a position on. */
function overlay(s: string, by: string, from: number, length = countCharacters(by)): string {
  if (from <= 0) throw fail('substring_error', 'negative substring length not allowed');
  if (from + length > 2147483647) throw fail('numeric_value_out_of_range', 'integer out of range');
  return substring(s, 1, from - 1) + by + substring(s, from + length);
}

function character(code: number): string {
  if (code === 0) throw fail('program_limit_exceeded', 'null character not permitted');
  if (code < 0) throw fail('invalid_parameter_value', 'character number must be positive');
  if (code > 0x10ffff) throw fail('program_limit_exceeded', 'requested character too large for encoding');
  return String.fromCodePoint(code);
}

export const stringFunctions: readonly FunctionEntry[] = [
  scalar('chr', 'The character of a code point.', [on([types.int4], text, { fold: values(character) })]),
  scalar('bit_length', 'Number of bits.', [
    on([text], types.int4, { fold: values((s: string) => 8 * Buffer.byteLength(s)) }),
  ]),
  scalar('initcap', 'Each word with a capital and small letters.', [
    on([text], text, {
      fold: values((s: string) =>
        s.replace(/[\p{L}\p{N}]+/gu, (w) => {
          const first = String.fromCodePoint(w.codePointAt(0)!);
          return upperCase(first) + lowerCase(w.slice(first.length));
        }),
      ),
    }),
  ]),
  scalar('overlay', 'The text with another in place of a part.', [
    on([text, text, types.int4], text, { fold: values(overlay) }),
    on([text, text, types.int4, types.int4], text, { fold: values(overlay) }),
  ]),
  scalar('to_hex', "Hexadecimal digits, of the two's complement.", [
    on([types.int4], text, { fold: values((n: number) => (n >>> 0).toString(16)) }),
    on([types.int8], text, { fold: values((n: bigint) => BigInt.asUintN(64, n).toString(16)) }),
  ]),
  scalar('quote_ident', 'The text as an identifier.', [on([text], text, { fold: values(quoteIdent) })]),
  scalar('quote_literal', 'The text as a literal.', [on([text], text, { fold: values(quoteLiteral) })]),
  scalar('quote_nullable', 'The text as a literal, or NULL.', [
    on([text], text, { strict: false, fold: ([s]) => (s === null ? 'NULL' : quoteLiteral(s as string)) }),
  ]),
  operator('||', 'Concatenation of texts.', [
    on([text, text], text, { op: 'textcat', duckdb: '($1 || $2)', fold: values((a: string, b: string) => a + b) }),
  ]),
  scalar('length', 'Number of characters.', [length], { example: { sql: "length('jose')", result: '4' } }),
  scalar('char_length', 'Number of characters.', [{ ...length, op: 'char_length' }]),
  scalar('character_length', 'Number of characters.', [{ ...length, op: 'character_length' }]),
  scalar('octet_length', 'Number of bytes.', [
    on([text], types.int4, {
      duckdb: 'CAST(strlen($1) AS INTEGER)',
      fold: values((s: string) => Buffer.byteLength(s)),
    }),
  ]),
  scalar('lower', 'All letters in lower case.', [
    on([text], text, { duckdb: 'lower($1)', fold: values((s: string) => lowerCase(s)) }),
  ]),
  scalar('upper', 'All letters in upper case.', [
    on([text], text, { duckdb: 'upper($1)', fold: values((s: string) => upperCase(s)) }),
  ]),
  scalar('substring', 'Part of a text, from a position for a length.', substrings, {
    example: { sql: "substring('Thomas', 2, 3)", result: 'hom' },
  }),
  scalar('substr', 'Part of a text, from a position for a length.', substrings),
  scalar('position', 'First position of the second text in the first; 0 where it does not occur.', [positions]),
  scalar('strpos', 'First position of the second text in the first; 0 where it does not occur.', [positions]),
  scalar('replace', 'Every occurrence of the second text replaced by the third.', [
    on([text, text, text], text, {
      duckdb: 'replace($1, $2, $3)',
      fold: values((s: string, from: string, to: string) => (from === '' ? s : s.replaceAll(from, () => to))),
    }),
  ]),
  trims('btrim', 'trim', 'both'),
  trims('ltrim', 'ltrim', 'left'),
  trims('rtrim', 'rtrim', 'right'),
  scalar('left', 'The first n characters; of negative n, all but the last |n|.', [
    on([text, types.int4], text, {
      duckdb: 'left($1, $2)',
      fold: values((s: string, n: number) => sliceCharacters(s, 0, n)),
    }),
  ]),
  scalar('right', 'The last n characters; of negative n, all but the first |n|.', [
    on([text, types.int4], text, {
      duckdb: 'right($1, $2)',
      fold: values((s: string, n: number) => (n === 0 ? '' : sliceCharacters(s, -n))),
    }),
  ]),
  pads('lpad', 'left'),
  pads('rpad', 'right'),
  scalar('repeat', 'The text so many times.', [
    on([text, types.int4], text, {
      duckdb: `(CASE ${fitsSql('strlen($1) * CAST($2 AS BIGINT)')} WHEN $2 < 0 THEN left($1, 0) ELSE repeat($1, $2) END)`,
      fold: values((s: string, n: number) => {
        checkTextLength(Buffer.byteLength(s) * n);
        return s.repeat(Math.max(0, n));
      }),
    }),
  ]),
  scalar('reverse', 'The characters in reverse order.', [on([text], text, { fold: values(reverseCharacters) })]),
  scalar('split_part', 'The n-th part between separators; negative n counts from the end.', [
    on([text, text, types.int4], text, { fold: values(splitPart) }),
  ]),
  scalar('starts_with', 'Whether the text begins with the second.', [
    on([text, text], types.bool, {
      kernel: 'starts_with',
      duckdb: 'starts_with($1, $2)',
      fold: values((s: string, start: string) => s.startsWith(start)),
    }),
  ]),
  operator('^@', 'Whether the text begins with the second.', [
    on([text, text], types.bool, {
      op: '^@',
      kernel: 'starts_with',
      duckdb: 'starts_with($1, $2)',
      fold: values((s: string, start: string) => s.startsWith(start)),
    }),
  ]),
  scalar('concat', 'All arguments as text, NULLs left out.', [
    on(['any'], text, {
      strict: false,
      variadic: true,
      volatility: 'stable',
      duckdb: (args, context) => (allText(context) ? `concat(${args.join(', ')})` : undefined),
      fold: (args, { argTypes }) =>
        args.map((v, i) => (v === null ? '' : shown(v, argTypes[i] ?? argTypes.at(-1)!))).join(''),
    }),
  ]),
  scalar('concat_ws', 'The arguments after the first as text, with the first between them; NULLs left out.', [
    on([text, 'any'], text, {
      strict: false,
      variadic: true,
      volatility: 'stable',
      duckdb: (args, context) => (allText(context) ? `concat_ws(${args.join(', ')})` : undefined),
      fold: (args, { argTypes }) =>
        args[0] === null
          ? null
          : args
              .slice(1)
              .flatMap((v, i) => (v === null ? [] : [shown(v, argTypes[i + 1] ?? argTypes.at(-1)!)]))
              .join(args[0] as string),
    }),
  ]),
  scalar('ascii', 'Code point of the first character; 0 of an empty text.', [
    on([text], types.int4, {
      duckdb: "(CASE WHEN $1 = '' THEN 0 ELSE ascii($1) END)",
      fold: values((s: string) => s.codePointAt(0) ?? 0),
    }),
  ]),
  scalar('md5', 'MD5 checksum, in hexadecimal.', [
    on([text], text, { duckdb: 'md5($1)', fold: values((s: string) => createHash('md5').update(s).digest('hex')) }),
  ]),
  scalar('translate', 'Each character of the second text replaced by its fellow in the third, or removed.', [
    on([text, text, text], text, {
      fold: values(translateCharacters),
    }),
  ]),
  scalar('string_to_array', 'The parts between separators; of a NULL separator, the characters.', [
    on([text, text], listOf(text), {
      strict: false,
      fold: ([s, separator]) =>
        s === null
          ? null
          : s === ''
            ? []
            : separator === null
              ? [...(s as string)]
              : separator === ''
                ? [s!]
                : (s as string).split(separator as string),
    }),
  ]),
];
