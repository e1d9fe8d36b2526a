// Character sets by PostgreSQL's names and aliases (chapter 24.3): bytes to text and back. Text itself is always UTF-8.
import iconv from 'iconv-lite';
import { type Condition, fail } from '../diagnostic.js';

export interface Encoding {
  /** PostgreSQL's: `LATIN1`. */
  readonly name: string;
  /** @throws DiagnosticError 22P05 where Unicode has no such character, 22021 where bytes are none, or zero */
  decode(bytes: Uint8Array): string;
  /** @throws DiagnosticError 22P05 */
  encode(text: string): Uint8Array;
}

/** Of a client that does not speak UTF-8. */
export interface ClientEncoding extends Encoding {
  /** The same as `encode`, with `?` for what it cannot say: for the words of an error. */
  encodeRoughly(text: string): Uint8Array;
  /** Texts that come in pieces, which may cut a character. */
  toUtf8(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer>;
}

/** PostgreSQL's name, iconv's, and other names in lower case without signs. */
const singleByte: readonly (readonly [name: string, iconv: string, ...aliases: string[]])[] = [
  ['LATIN1', 'iso-8859-1', 'iso88591'],
  ['LATIN2', 'iso-8859-2', 'iso88592'],
  ['LATIN3', 'iso-8859-3', 'iso88593'],
  ['LATIN4', 'iso-8859-4', 'iso88594'],
  ['LATIN5', 'iso-8859-9', 'iso88599'],
  ['LATIN6', 'iso-8859-10', 'iso885910'],
  ['LATIN7', 'iso-8859-13', 'iso885913'],
  ['LATIN8', 'iso-8859-14', 'iso885914'],
  ['LATIN9', 'iso-8859-15', 'iso885915'],
  ['LATIN10', 'iso-8859-16', 'iso885916'],
  ['ISO_8859_5', 'iso-8859-5'],
  ['ISO_8859_6', 'iso-8859-6'],
  ['ISO_8859_7', 'iso-8859-7'],
  ['ISO_8859_8', 'iso-8859-8'],
  ['KOI8R', 'koi8-r', 'koi8'],
  ['KOI8U', 'koi8-u'],
  ['WIN866', 'cp866', 'alt'],
  ['WIN874', 'win874', 'windows874'],
  ['WIN1250', 'win1250', 'windows1250'],
  ['WIN1251', 'win1251', 'windows1251', 'win'],
  ['WIN1252', 'win1252', 'windows1252'],
  ['WIN1253', 'win1253', 'windows1253'],
  ['WIN1254', 'win1254', 'windows1254'],
  ['WIN1255', 'win1255', 'windows1255'],
  ['WIN1256', 'win1256', 'windows1256'],
  ['WIN1257', 'win1257', 'windows1257'],
  ['WIN1258', 'win1258', 'windows1258', 'abc', 'tcvn', 'tcvn5712', 'vscii'],
];
const multiByte: typeof singleByte = [
  ['EUC_JP', 'euc-jp'],
  ['EUC_CN', 'gb2312'],
  ['EUC_KR', 'euc-kr'],
  ['SJIS', 'shift_jis', 'shiftjis', 'mskanji', 'windows932', 'win932'],
  ['BIG5', 'cp950', 'windows950', 'win950'],
  ['GBK', 'gbk', 'windows936', 'win936'],
  ['GB18030', 'gb18030'],
  ['UHC', 'cp949', 'windows949', 'win949'],
];
/** PostgreSQL has them too. */
const unsupported = new Map(
  ['EUC_TW', 'EUC_JIS_2004', 'SHIFT_JIS_2004', 'JOHAB', 'MULE_INTERNAL'].map((name) => [plain(name), name]),
);

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

const byName = new Map<string, { readonly name: string; readonly iconv: string; readonly single: boolean }>();
for (const [list, single] of [
  [singleByte, true],
  [multiByte, false],
] as const)
  for (const [name, iconvName, ...aliases] of list)
    for (const word of [plain(name), ...aliases]) byName.set(word, { name, iconv: iconvName, single });
const utf8Names = new Map([
  ['utf8', 'UTF8'],
  ['unicode', 'UTF8'],
  ['sqlascii', 'SQL_ASCII'],
]);

/** PostgreSQL's name of an encoding; `undefined` where there is none. @throws DiagnosticError 0A000 */
export function encodingName(given: string): string | undefined {
  const word = plain(given);
  const missing = unsupported.get(word);
  if (missing) throw fail('feature_not_supported', `encoding "${missing}" is not supported`, { hint: 'Use UTF8.' });
  return utf8Names.get(word) ?? byName.get(word)?.name;
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

const replacement = '\ufffd';

function otherEncoding(name: string, iconvName: string, single: boolean): ClientEncoding {
  const encodeRoughly = (text: string) => iconv.encode(text, iconvName);
  const decodePart = (bytes: Uint8Array) => iconv.decode(Buffer.from(bytes), iconvName);

  const undecodable = (bytes: Uint8Array) => {
    if (single)
      return untranslatable(
        bytes.filter((byte) => decodePart(Uint8Array.of(byte)) === replacement).subarray(0, 1),
        name,
        'UTF8',
      );
    // What decodes before it is encoded as it was.
    const text = decodePart(bytes);
    const at = encodeRoughly(text.slice(0, text.indexOf(replacement))).length;
    return invalidBytes(bytes.subarray(at, at + 2), name);
  };
  const checked = (text: string, bytes: Uint8Array) => {
    if (text.includes(replacement)) throw undecodable(bytes);
    if (text.includes('\0')) throw invalidBytes(Uint8Array.of(0), name);
    return text;
  };
  return {
    name,
    decode: (bytes) => checked(decodePart(bytes), bytes),
    encode(text) {
      const bytes = encodeRoughly(text);
      if (decodePart(bytes) === text) return bytes;
      const wrong = [...text].find((c) => decodePart(encodeRoughly(c)) !== c);
      throw untranslatable(Buffer.from(wrong ?? text), 'UTF8', name);
    },
    encodeRoughly,
    async *toUtf8(pieces) {
      const decoder = iconv.getDecoder(iconvName);
      for await (const piece of pieces) yield Buffer.from(checked(decoder.write(Buffer.from(piece)), piece));
      if (decoder.end()) throw fail('character_not_in_repertoire', `invalid byte sequence for encoding "${name}"`);
    },
  };
}

const others = new Map<string, ClientEncoding>();

/** By name; `undefined` where the bytes of UTF-8 go in and out as they are: UTF8 and SQL_ASCII. */
export function clientEncoding(name: string): ClientEncoding | undefined {
  const known = byName.get(plain(name));
  if (!known) return undefined;
  const found = others.get(known.name) ?? otherEncoding(known.name, known.iconv, known.single);
  others.set(known.name, found);
  return found;
}

/** @throws DiagnosticError `condition` with the message's beginning `what` for a name that is none */
export function encodingOf(
  name: string,
  what = 'invalid encoding name',
  condition: Condition = 'invalid_parameter_value',
  after = '',
): Encoding {
  const known = encodingName(name);
  if (known === undefined) throw fail(condition, after === '' ? `${what} "${name}"` : `${name} ${after}`);
  return (
    clientEncoding(known) ?? {
      name: known,
      decode: (bytes) => decodeUtf8(bytes, known),
      encode: (text) => Buffer.from(text),
    }
  );
}
