// jsonpath text to tokens, by the rules of PostgreSQL's lexer.
import { fail } from '../../diagnostic.js';

export interface PathToken {
  readonly kind: 'symbol' | 'word' | 'string' | 'variable' | 'integer' | 'number' | 'end';
  /** Symbols as written; keywords in lower case where `keyword`. */
  readonly text: string;
  readonly keyword?: string;
}

const keywords = new Set([
  ...['is', 'to', 'abs', 'lax', 'flag', 'last', 'size', 'type', 'with', 'floor', 'double', 'exists', 'starts'],
  ...['strict', 'ceiling', 'unknown', 'datetime', 'keyvalue', 'like_regex'],
]);
/** In lower case only. */
const constants = new Set(['null', 'true', 'false']);

const blank = /(?:[ \t\n\r\f]|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)+/y;
const symbol = /\*\*|&&|\|\||==|<>|<=|!=|>=|[?%.[\]{}()|&!=<>@#,*:+\-/$]/y;
const number = /(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const plain = /[^?%$.[\]{}()|&!=<>@#,*:\-+/\\" \t\n\r\f]+/y;

export const pathSyntax = (detail: string): Error =>
  fail('syntax_error', 'invalid input syntax for type jsonpath', { detail });

export function scanJsonPath(text: string): PathToken[] {
  const tokens: PathToken[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };

  /** After a backslash. */
  const unescaped = (): string => {
    const letter = text[at];
    if (letter === undefined) throw pathSyntax('unexpected end after backslash');
    at++;
    switch (letter) {
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'v':
        return '\v';
      case 'x': {
        const hex = /^[0-9a-fA-F]{2}/.exec(text.slice(at, at + 2))?.[0];
        if (hex === undefined) throw pathSyntax('invalid hexadecimal character sequence');
        at += 2;
        return codeUnit(Number.parseInt(hex, 16));
      }
      case 'u': {
        const found = /^(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})/.exec(text.slice(at, at + 8));
        if (!found) throw pathSyntax('invalid Unicode escape sequence');
        at += found[0].length;
        return codeUnit(Number.parseInt(found[1] ?? found[2]!, 16));
      }
      default:
        return letter;
    }
  };

  const quoted = (): string => {
    let value = '';
    at++;
    for (;;) {
      const c = text[at];
      if (c === undefined) throw pathSyntax('unterminated quoted string');
      at++;
      if (c === '"') return wholeCharacters(value);
      value += c === '\\' ? unescaped() : c;
    }
  };

  /** The rest of a word, in which characters may be escaped. */
  const word = (): string => {
    let value = '';
    for (;;) {
      const part = match(plain);
      if (part !== undefined) {
        at += part.length;
        value += part;
      } else if (text[at] === '\\') {
        at++;
        value += unescaped();
      } else return wholeCharacters(value);
    }
  };

  for (;;) {
    at += match(blank)?.length ?? 0;
    const c = text[at];
    if (c === undefined) break;
    if (c === '"') tokens.push({ kind: 'string', text: quoted() });
    else if (c === '$' && text[at + 1] === '"') {
      at++;
      tokens.push({ kind: 'variable', text: quoted() });
    } else if (
      c === '$' &&
      text[at + 1] !== undefined &&
      /[^?%$.[\]{}()|&!=<>@#,*:\-+/\\" \t\n\r\f]|\\/.test(text[at + 1]!)
    ) {
      at++;
      tokens.push({ kind: 'variable', text: word() });
    } else {
      const digits = match(number);
      if (digits !== undefined) {
        at += digits.length;
        if (match(plain) !== undefined || text[at] === '\\') throw pathSyntax('trailing junk after numeric literal');
        tokens.push({ kind: /^[0-9]+$/.test(digits) ? 'integer' : 'number', text: digits });
        continue;
      }
      if (c === '/' && text[at + 1] === '*') throw pathSyntax('unexpected end of comment');
      const found = match(symbol);
      if (found !== undefined) {
        at += found.length;
        tokens.push({ kind: 'symbol', text: found });
      } else {
        const name = word();
        const lower = name.toLowerCase();
        const keyword = constants.has(name) ? name : keywords.has(lower) ? lower : undefined;
        tokens.push({ kind: 'word', text: name, ...(keyword !== undefined && { keyword }) });
      }
    }
  }
  tokens.push({ kind: 'end', text: 'end of input' });
  return tokens;
}

function codeUnit(code: number): string {
  if (code === 0)
    throw fail('untranslatable_character', 'unsupported Unicode escape sequence', {
      detail: '\\u0000 cannot be converted to text.',
    });
  if (code > 0x10ffff) throw pathSyntax('Unicode escape value out of range');
  return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
}

function wholeCharacters(text: string): string {
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text))
    throw fail('invalid_text_representation', 'invalid input syntax for type jsonpath', {
      detail: 'A Unicode high surrogate must be followed by a low surrogate, and a low one must follow it.',
    });
  return text;
}
