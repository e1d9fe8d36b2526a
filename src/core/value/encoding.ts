// Character sets by PostgreSQL's names: bytes to text and back. UTF8 and the single-byte sets; text itself is always UTF-8.
import { type Condition, fail } from '../diagnostic.js';

/** PostgreSQL's name, and the label under which the platform decodes it. */
const charsets: readonly (readonly [name: string, label: string])[] = [
  ['UTF8', 'utf-8'],
  ['SQL_ASCII', 'utf-8'],
  ['LATIN1', 'latin1'],
  ['LATIN2', 'iso-8859-2'],
  ['LATIN3', 'iso-8859-3'],
  ['LATIN4', 'iso-8859-4'],
  ['LATIN5', 'iso-8859-9'],
  ['LATIN6', 'iso-8859-10'],
  ['LATIN7', 'iso-8859-13'],
  ['LATIN8', 'iso-8859-14'],
  ['LATIN9', 'iso-8859-15'],
  ['LATIN10', 'iso-8859-16'],
  ['ISO_8859_5', 'iso-8859-5'],
  ['ISO_8859_6', 'iso-8859-6'],
  ['ISO_8859_7', 'iso-8859-7'],
  ['ISO_8859_8', 'iso-8859-8'],
  ['KOI8R', 'koi8-r'],
  ['KOI8U', 'koi8-u'],
  ['WIN866', 'ibm866'],
  ['WIN874', 'windows-874'],
  ['WIN1250', 'windows-1250'],
  ['WIN1251', 'windows-1251'],
  ['WIN1252', 'windows-1252'],
  ['WIN1253', 'windows-1253'],
  ['WIN1254', 'windows-1254'],
  ['WIN1255', 'windows-1255'],
  ['WIN1256', 'windows-1256'],
  ['WIN1257', 'windows-1257'],
  ['WIN1258', 'windows-1258'],
];

const key = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const byName = new Map(charsets.map((charset) => [key(charset[0]), charset]));
for (const [alias, name] of [
  ['unicode', 'UTF8'],
  ['koi8', 'KOI8R'],
  ['alt', 'WIN866'],
  ['win', 'WIN1251'],
  ['iso88591', 'LATIN1'],
  ['iso88592', 'LATIN2'],
  ['iso88593', 'LATIN3'],
  ['iso88594', 'LATIN4'],
  ['iso88599', 'LATIN5'],
  ['iso885910', 'LATIN6'],
  ['iso885913', 'LATIN7'],
  ['iso885914', 'LATIN8'],
  ['iso885915', 'LATIN9'],
  ['iso885916', 'LATIN10'],
  ['windows1252', 'WIN1252'],
  ['windows1251', 'WIN1251'],
  ['windows1250', 'WIN1250'],
] as const)
  byName.set(alias, byName.get(key(name))!);

export interface Encoding {
  readonly name: string;
  decode(bytes: Uint8Array): string;
  encode(text: string): Uint8Array;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((b) => `0x${b.toString(16).padStart(2, '0')}`).join(' ');

function untranslatable(bytes: Uint8Array, from: string, to: string) {
  return fail(
    'untranslatable_character',
    `character with byte sequence ${hex(bytes)} in encoding "${from}" has no equivalent in encoding "${to}"`,
  );
}

const invalidBytes = (bytes: Uint8Array, name: string) =>
  fail('character_not_in_repertoire', `invalid byte sequence for encoding "${name}": ${hex(bytes)}`);

/** The bytes of one malformed sequence, as PostgreSQL shows it. */
function malformed(bytes: Uint8Array): Uint8Array {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const length = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 1;
    const part = bytes.subarray(at, at + length);
    try {
      if (first === 0) return part;
      decoder.decode(part);
    } catch {
      return part;
    }
    at += length;
  }
  return bytes.subarray(0, 1);
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw Object.assign(invalidBytes(malformed(bytes), name), { cause: error });
  }
  if (text.includes('\0')) throw invalidBytes(Uint8Array.of(0), name);
  return text;
}

/** What the platform decodes as Latin-1; a blank where a byte is no character. */
const windows1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** The characters of the 256 bytes; `undefined` where a byte is none. */
function tableOf(label: string): readonly (string | undefined)[] {
  const decoder = new TextDecoder(label);
  return Array.from({ length: 256 }, (_, byte) => {
    if (label === 'latin1') return String.fromCharCode(byte);
    if (label === 'windows-1252' && byte >= 0x80 && byte < 0xa0) return windows1252[byte - 0x80]?.trim() || undefined;
    const char = decoder.decode(Uint8Array.of(byte));
    return char === '\ufffd' ? undefined : char;
  });
}

function singleByte(name: string, label: string): Encoding {
  const chars = tableOf(label);
  const bytes = new Map(chars.flatMap((c, i) => (c === undefined ? [] : [[c, i] as const])));
  return {
    name,
    decode(source) {
      let text = '';
      for (const byte of source) {
        if (byte === 0) throw invalidBytes(Uint8Array.of(0), name);
        const char = chars[byte];
        if (char === undefined) throw untranslatable(Uint8Array.of(byte), name, 'UTF8');
        text += char;
      }
      return text;
    },
    encode(text) {
      const points = [...text];
      return Uint8Array.from(points, (c) => {
        const byte = bytes.get(c);
        if (byte === undefined) throw untranslatable(Buffer.from(c), 'UTF8', name);
        return byte;
      });
    },
  };
}

const encodings = new Map<string, Encoding>();

/** @throws DiagnosticError `condition` with the message's beginning `what` for a name that is none */
export function encodingOf(
  name: string,
  what = 'invalid encoding name',
  condition: Condition = 'invalid_parameter_value',
  after = '',
): Encoding {
  const charset = byName.get(key(name));
  if (!charset) throw fail(condition, after === '' ? `${what} "${name}"` : `${name} ${after}`);
  const [canonical, label] = charset;
  let encoding = encodings.get(canonical);
  if (!encoding) {
    encoding =
      label === 'utf-8'
        ? {
            name: canonical,
            decode: (bytes) => decodeUtf8(bytes, canonical),
            encode: (text) => new Uint8Array(Buffer.from(text)),
          }
        : singleByte(canonical, label);
    encodings.set(canonical, encoding);
  }
  return encoding;
}
