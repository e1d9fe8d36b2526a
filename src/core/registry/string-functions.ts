// Strings beyond the common ones: formats, encodings, checksums, normal forms. The evaluator runs them.
import { createHash } from 'node:crypto';
import { fail } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import { castValue } from '../value/cast.js';
import { checkTextLength, countCharacters } from '../value/characters.js';
import { encodingOf } from '../value/encoding.js';
import { printValue } from '../value/print.js';
import { quoteIdent, quoteLiteral } from '../value/quote.js';
import { chapter, on, values } from './define.js';
import type { FunctionEntry, RenderContext, Value } from './overload.js';

const scalar = chapter('string', 'scalar');
const { text, bytea, int4 } = types;

/** As a cast to text gives it. */
const textOf = (value: Value, type: SqlType): string => castValue(value, type, text) as string;

const tooFew = () => fail('invalid_parameter_value', 'too few arguments for format()');

/** `%[n$][-][width]s`, I and L; `%%`. */
function format(args: readonly Value[], { argTypes }: RenderContext): string | null {
  if (args[0] === null) return null;
  let next = 0;
  const valueAt = (at: number): string | null => {
    if (at < 1) throw fail('invalid_parameter_value', 'format specifies argument 0, but arguments are numbered from 1');
    if (at >= args.length) throw tooFew();
    const value = args[at]!;
    return value === null ? null : printValue(value, argTypes[at] ?? argTypes.at(-1)!);
  };
  return (args[0] as string).replace(
    /%(?:(%)|(?:(\d+)\$)?(-?)(\d+|\*(?:(\d+)\$)?)?([\s\S])?)/g,
    (
      _,
      percent: string | undefined,
      position: string | undefined,
      minus: string,
      width: string | undefined,
      from: string | undefined,
      kind: string | undefined,
    ) => {
      if (percent) return '%';
      if (kind === undefined) throw fail('invalid_parameter_value', 'unterminated format() type specifier');
      if (!/[sIL]/.test(kind))
        throw fail('invalid_parameter_value', `unrecognized format() type specifier "${kind}"`, {
          hint: 'For a single "%" use "%%".',
        });
      let columns = Number(width ?? 0);
      let left = minus !== '';
      if (width?.startsWith('*')) {
        next = from === undefined ? next + 1 : Number(from);
        columns = Number(valueAt(next) ?? 0);
        if (columns < 0) left = true;
        columns = Math.abs(columns);
      }
      next = position === undefined ? next + 1 : Number(position);
      const value = valueAt(next);
      if (value === null && kind === 'I')
        throw fail('null_value_not_allowed', 'null values cannot be formatted as an SQL identifier');
      const shown =
        kind === 's'
          ? (value ?? '')
          : kind === 'I'
            ? quoteIdent(value!)
            : value === null
              ? 'NULL'
              : quoteLiteral(value);
      if (columns === 0) return shown;
      checkTextLength(columns);
      const missing = ' '.repeat(Math.max(0, columns - countCharacters(shown)));
      return left ? shown + missing : missing + shown;
    },
  );
}

const encodings = ['hex', 'base64', 'escape'];
function encoding(name: string): string {
  const known = encodings.find((e) => e === name.toLowerCase());
  if (!known) throw fail('invalid_parameter_value', `unrecognized encoding: "${name}"`);
  return known;
}

function encode(bytes: Uint8Array, name: string): string {
  const buffer = Buffer.from(bytes);
  switch (encoding(name)) {
    case 'hex':
      return buffer.toString('hex');
    case 'base64':
      return (buffer.toString('base64').match(/.{1,76}/g) ?? []).join('\n');
    default:
      return buffer
        .toString('latin1')
        .replace(/[\\\0\x80-\xff]/g, (c) =>
          c === '\\' ? '\\\\' : `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`,
        );
  }
}

function decodeBase64(s: string): Uint8Array {
  const symbols = s.replace(/[ \t\n\r]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(symbols);
  if (bad) throw fail('invalid_parameter_value', `invalid symbol "${bad[0]}" found while decoding base64 sequence`);
  const end = symbols.indexOf('=');
  if (end >= 0 && (end % 4 < 2 || !/^={1,2}$/.test(symbols.slice(end))))
    throw fail('invalid_parameter_value', 'unexpected "=" while decoding base64 sequence');
  if (symbols.length % 4 !== 0)
    throw fail('invalid_parameter_value', 'invalid base64 end sequence', {
      hint: 'Input data is missing padding, is truncated, or is otherwise corrupted.',
    });
  return new Uint8Array(Buffer.from(symbols, 'base64'));
}

function decode(s: string, name: string): Uint8Array {
  switch (encoding(name)) {
    case 'hex': {
      const digits = s.replace(/\s/g, '');
      const bad = /[^0-9a-f]/i.exec(digits);
      if (bad) throw fail('invalid_parameter_value', `invalid hexadecimal digit: "${bad[0]}"`);
      if (digits.length % 2 === 1)
        throw fail('invalid_parameter_value', 'invalid hexadecimal data: odd number of digits');
      return new Uint8Array(Buffer.from(digits, 'hex'));
    }
    case 'base64':
      return decodeBase64(s);
    default: {
      const source = Buffer.from(s);
      const bytes = new Uint8Array(source.length);
      let n = 0;
      for (let i = 0; i < source.length; i++) {
        if (source[i] !== 0x5c) {
          bytes[n++] = source[i]!;
          continue;
        }
        const octal = /^\\([0-3][0-7]{2})/.exec(source.toString('latin1', i, i + 4));
        if (octal) {
          bytes[n++] = Number.parseInt(octal[1]!, 8);
          i += 3;
        } else {
          if (source[++i] !== 0x5c) throw fail('invalid_text_representation', 'invalid input syntax for type bytea');
          bytes[n++] = 0x5c;
        }
      }
      return bytes.slice(0, n);
    }
  }
}

const forms = new Set(['NFC', 'NFD', 'NFKC', 'NFKD']);
function normalForm(form: string): string {
  if (!forms.has(form.toUpperCase())) throw fail('invalid_parameter_value', `invalid normalization form: ${form}`);
  return form.toUpperCase();
}

const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

function unescaped(s: string): string {
  let high = 0;
  const broken = () => fail('syntax_error', 'invalid Unicode surrogate pair');
  const out = s.replace(
    /\\(?:(\\)|u?([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6})|U([0-9A-Fa-f]{8})|([\s\S]|$))|[\s\S]/g,
    (whole, slash: string | undefined, four, six, eight, other: string | undefined) => {
      const digits: string | undefined = four ?? six ?? eight;
      if (other !== undefined)
        throw fail('syntax_error', 'invalid Unicode escape', {
          hint: 'Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.',
        });
      if (digits === undefined) {
        if (high !== 0) throw broken();
        return slash ?? whole;
      }
      const code = Number.parseInt(digits, 16);
      if (code > 0x10ffff || code === 0)
        throw fail('invalid_parameter_value', `invalid Unicode code point: ${code.toString(16).toUpperCase()}`);
      if (isLow(code) !== (high !== 0)) throw broken();
      if (isHigh(code)) {
        high = code;
        return '';
      }
      const point = high === 0 ? code : 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00);
      high = 0;
      return String.fromCodePoint(point);
    },
  );
  if (high !== 0) throw broken();
  return out;
}

/** What stands for each character of an encoding from `from` on. */
const asciiTables: Readonly<Record<string, { readonly from: number; readonly letters: string }>> = {
  LATIN1: {
    from: 160,
    letters: '  cL Y  "Ca  -R     \'u .,      ?AAAAAAACEEEEIIII NOOOOOxOUUUUYTBaaaaaaaceeeeiiii nooooo/ouuuuyty',
  },
  LATIN2: {
    from: 160,
    letters: ' A L LS "SSTZ-ZZ a,l\'ls ,sstz"zzRAAAALCCCEEEEIIDDNNOOOOxRUUUUYTBraaaalccceeeeiiddnnoooo/ruuuuyt.',
  },
  LATIN9: {
    from: 160,
    letters: '  cL YS sCa  -R     Zu .z   EeY?AAAAAAACEEEEIIII NOOOOOxOUUUUYTBaaaaaaaceeeeiiii nooooo/ouuuuyty',
  },
  WIN1250: {
    from: 128,
    letters:
      '  \' "    %S<STZZ `\'"".--  s>stzz   L A  "CS  -RZ  ,l\'u .,as L"lzRAAAALCCCEEEEIIDDNNOOOOxRUUUUYTBraaaalccceeeeiiddnnoooo/ruuuuyt ',
  },
};
/** By PostgreSQL's numbers. */
const encodingNumbers: Readonly<Record<number, string>> = {
  6: 'UTF8',
  8: 'LATIN1',
  9: 'LATIN2',
  16: 'LATIN9',
  29: 'WIN1250',
};

/** Its bytes, taken for characters of an encoding, without their accents. */
function toAscii(s: string, name: string): string {
  const table = asciiTables[name];
  if (!table) throw fail('feature_not_supported', `encoding conversion from ${name} to ASCII not supported`);
  return Array.from(Buffer.from(s), (byte) =>
    byte < 128 ? String.fromCharCode(byte) : byte < table.from ? ' ' : table.letters[byte - table.from],
  ).join('');
}

function encodingByNumber(number: number): string {
  const name = encodingNumbers[number];
  if (!name) throw fail('undefined_object', `${number} is not a valid encoding code`);
  return name;
}

function parseIdent(s: string, strict: boolean): string[] {
  const parts: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*(\.)?/y;
  for (;;) {
    const start = part.lastIndex;
    const match = part.exec(s);
    if (!match)
      throw fail('invalid_parameter_value', `string is not a valid identifier: "${s}"`, {
        detail: start === 0 ? 'No valid identifier.' : 'No valid identifier after ".".',
      });
    parts.push(
      match[1] === undefined ? match[2]!.replace(/[A-Z]/g, (c) => c.toLowerCase()) : match[1].replaceAll('""', '"'),
    );
    if (match[3]) continue;
    if (part.lastIndex < s.length && strict)
      throw fail('invalid_parameter_value', `string is not a valid identifier: "${s}"`);
    return parts;
  }
}

const digest = (name: string) => values((bytes: Uint8Array) => new Uint8Array(createHash(name).update(bytes).digest()));

/** The parts between separators; of a NULL separator, the characters. */
export function* splitText(s: string | null, separator: Value, nullText: Value): Generator<Value> {
  if (s === null || s === '') return;
  const of = (part: string): Value => (part === nullText ? null : part);
  if (separator === null) {
    for (const character of s) yield of(character);
    return;
  }
  let from = 0;
  for (;;) {
    const at = separator === '' ? -1 : s.indexOf(separator as string, from);
    if (at < 0) break;
    yield of(s.slice(from, at));
    from = at + (separator as string).length;
  }
  yield of(s.slice(from));
}

export const moreStringFunctions: readonly FunctionEntry[] = [
  scalar(
    'format',
    'The template with `%s`, `%I` and `%L` in place of arguments: as text, identifier or literal.',
    [
      on([text], text, { op: 'format(text)', strict: false, fold: format }),
      on([text, 'any'], text, {
        op: 'format(text, any)',
        strict: false,
        variadic: true,
        volatility: 'stable',
        fold: format,
      }),
    ],
    { example: { sql: "format('Hello %s', 'World')", result: 'Hello World' } },
  ),
  scalar('encode', 'Bytes as text: hex, base64 or escape.', [on([bytea, text], text, { fold: values(encode) })]),
  scalar('decode', 'The bytes of a text: hex, base64 or escape.', [on([text, text], bytea, { fold: values(decode) })]),
  scalar('md5', 'MD5 checksum, in hexadecimal.', [
    on([bytea], text, { op: 'md5(bytea)', fold: values((b: Uint8Array) => createHash('md5').update(b).digest('hex')) }),
  ]),
  ...['sha224', 'sha256', 'sha384', 'sha512'].map((name) =>
    scalar(name, `${name.toUpperCase()} checksum.`, [on([bytea], bytea, { fold: digest(name) })]),
  ),
  scalar('length', 'Number of bytes.', [
    on([bytea], int4, { op: 'length(bytea)', fold: values((b: Uint8Array) => b.length) }),
  ]),
  scalar('octet_length', 'Number of bytes.', [
    on([bytea], int4, { op: 'octet_length(bytea)', fold: values((b: Uint8Array) => b.length) }),
  ]),
  scalar('bit_length', 'Number of bits.', [
    on([bytea], int4, { op: 'bit_length(bytea)', fold: values((b: Uint8Array) => 8 * b.length) }),
  ]),
  scalar('normalize', 'The Unicode normal form, NFC where none is named.', [
    on([text], text, { fold: values((s: string) => s.normalize('NFC')) }),
    on([text, text], text, { fold: values((s: string, form: string) => s.normalize(normalForm(form))) }),
  ]),
  scalar('is_normalized', 'What `IS NORMALIZED` means.', [
    on([text, text], types.bool, {
      fold: values((s: string, form: string) => s.normalize(normalForm(form)) === s),
    }),
  ]),
  scalar('to_ascii', 'The text without accents, its bytes taken for characters of an encoding.', [
    on([text], text, { fold: values((s: string) => toAscii(s, 'UTF8')) }),
    on([text, text], text, {
      fold: values((s: string, name: string) =>
        toAscii(s, encodingOf(name, '', 'undefined_object', 'is not a valid encoding name').name),
      ),
    }),
    on([text, int4], text, { fold: values((s: string, n: number) => toAscii(s, encodingByNumber(n))) }),
  ]),
  scalar('octet_length', 'Number of bytes; of blank-padded text, its blanks among them.', [
    on([types.char], int4, { op: 'bpcharoctetlen', fold: values((s: string) => Buffer.byteLength(s)) }),
  ]),
  scalar('unistr', 'Unicode escapes as the characters they mean.', [on([text], text, { fold: values(unescaped) })]),
  scalar(
    'parse_ident',
    'The parts of a qualified name; what follows them is an error unless strict is false.',
    [on([text, types.bool], listOf(text), { fold: values(parseIdent) })],
    { parameters: [{ name: 'str' }, { name: 'strict', default: true }] },
  ),
  scalar('pg_client_encoding', 'The encoding of texts.', [on([], types.name, { fold: () => 'UTF8' })]),
  scalar('string_to_array', 'The parts between separators; those equal to the third argument are NULL.', [
    on([text, text, text], listOf(text), {
      strict: false,
      fold: ([s, separator, nullText]) => (s === null ? null : [...splitText(s as string, separator!, nullText!)]),
    }),
  ]),
  scalar('quote_literal', 'The value as a literal.', [
    on(['anyelement'], text, {
      op: 'quote_literal(any)',
      volatility: 'stable',
      fold: ([v], { argTypes }) => quoteLiteral(textOf(v!, argTypes[0]!)),
    }),
  ]),
  scalar('quote_nullable', 'The value as a literal, or NULL.', [
    on(['anyelement'], text, {
      op: 'quote_nullable(any)',
      strict: false,
      volatility: 'stable',
      fold: ([v], { argTypes }) => (v === null ? 'NULL' : quoteLiteral(textOf(v!, argTypes[0]!))),
    }),
  ]),
];
