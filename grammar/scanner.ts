// Text to tokens, by PostgreSQL's rules (its scan.l): the first stage of both languages. Written by hand since it is twice as fast
// as regular expressions in turn, and since operators, nested comments and joined literals are no regular expressions anyway.
import type { TokenType } from 'chevrotain';
import { fail } from '../src/core/index.js';
import { continuation, decodeEscapes, decodeUnicodeEscapes } from './scan-literal.js';
import * as t from './tokens.js';
import { Token } from './tokens.js';

export type Language = 'sql' | 'native';

const isDigit = 1;
const isWordStart = 2;
const isWord = 4;
const isOperator = 8;
const isSpace = 16;

/** Classes of the ASCII characters; everything above is a letter, as in PostgreSQL. */
const classes = new Uint8Array(128);
for (const char of '0123456789') classes[char.charCodeAt(0)] = isDigit | isWord;
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')
  classes[char.charCodeAt(0)] = isWordStart | isWord;
classes['$'.charCodeAt(0)] = isWord;
for (const char of '~!@#^&|`?+-*/%<>=') classes[char.charCodeAt(0)] = isOperator;
for (const char of ' \t\n\r\f\v') classes[char.charCodeAt(0)] = isSpace;

const single = new Array<TokenType | undefined>(128);
for (const [char, type] of Object.entries({
  '(': t.ExprParen,
  ')': t.RParen,
  '[': t.LBracket,
  ']': t.RBracket,
  '{': t.LBrace,
  '}': t.RBrace,
  ',': t.Comma,
  ';': t.Semicolon,
  '+': t.Plus,
  '-': t.Minus,
  '*': t.Star,
  '/': t.Slash,
  '%': t.Percent,
  '^': t.Caret,
  '<': t.Less,
  '>': t.Greater,
  '=': t.Equals,
}))
  single[char.charCodeAt(0)] = type;

const operators: Readonly<Record<string, TokenType>> = {
  '<=': t.LessEquals,
  '>=': t.GreaterEquals,
  '<>': t.NotEquals,
  '!=': t.NotEquals,
  '=>': t.EqualsGreater,
};

const number =
  /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const treeCycle = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*(?:\/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)*;\d+/y;
const uescape = /uescape(?![\w$\u0080-\uffff])/iy;
/** Operators that may end in + or -. */
const keepsSign = /[~!@#^&|`?%]/;

const longestNear = 200;

/** What is between the ends of a comment that begins with a plus sign. */
export interface HintComment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

class Scanner {
  readonly tokens: Token[] = [];
  readonly hints: HintComment[] = [];
  private readonly text: string;
  private readonly native: boolean;
  private pos = 0;

  constructor(text: string, language: Language) {
    this.text = text;
    this.native = language === 'native';
  }

  scan(): Token[] {
    const { text } = this;
    const { length } = text;
    if (text.charCodeAt(0) === 0xfeff) this.pos = 1;
    while (this.pos < length) {
      const start = this.pos;
      const code = text.charCodeAt(start);
      const kind = code < 128 ? classes[code]! : isWordStart;
      if (kind & isSpace) this.pos++;
      else if (kind & isWordStart) this.word(start, code);
      else if (kind & isDigit) this.number(start);
      else if (kind & isOperator) this.operator(start, code);
      else this.punctuation(start, code);
    }
    return this.tokens;
  }

  private push(type: TokenType, start: number, end: number): void {
    const image = this.text.slice(start, end);
    this.tokens.push(new Token(type, image, start, end, image));
    this.pos = end;
  }

  private pushValue(type: TokenType, start: number, end: number, value: string): void {
    this.tokens.push(new Token(type, this.text.slice(start, end), start, end, value));
    this.pos = end;
  }

  private word(start: number, code: number): void {
    const { text } = this;
    if (this.prefixedLiteral(start, code)) return;
    if (this.native) {
      treeCycle.lastIndex = start;
      const match = treeCycle.exec(text);
      if (match) {
        this.push(t.TreeCycle, start, start + match[0].length);
        this.refuseJunk(start, 'a tree and its cycle');
        return;
      }
    }
    let end = start + 1;
    let mixed = code >= 65 && code <= 90 ? 1 : 2;
    for (; end < text.length; end++) {
      const next = text.charCodeAt(end);
      if (next >= 128) mixed = 4;
      else if (!(classes[next]! & isWord)) break;
      else if (next >= 65 && next <= 90) mixed |= 1;
      else if (next >= 97) mixed |= 2;
    }
    const image = text.slice(start, end);
    const type = t.typeOfKeyword.get(mixed === 3 ? image.toLowerCase() : image) ?? t.Identifier;
    this.tokens.push(new Token(type, image, start, end, image));
    this.pos = end;
  }

  /** `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`. */
  private prefixedLiteral(start: number, code: number): boolean {
    const { text } = this;
    const next = text.charCodeAt(start + 1);
    if (next === 39) {
      switch (code | 32) {
        case 101: // e
          this.quoted(start, start + 2, true, (body, end) =>
            this.pushValue(t.StringConstant, start, end, decodeEscapes(body, { start, end })),
          );
          return true;
        case 98: // b
          this.quoted(
            start,
            start + 2,
            false,
            (body, end) => this.pushValue(t.BitString, start, end, body),
            'unterminated bit string literal',
          );
          return true;
        case 120: // x
          this.quoted(
            start,
            start + 2,
            false,
            (body, end) => this.pushValue(t.BitString, start, end, body),
            'unterminated hexadecimal string literal',
          );
          return true;
        case 110: // n
          this.pushValue(t.TypeWord, start, start + 1, 'nchar');
          return true;
      }
    } else if (next === 38 && (code | 32) === 117) {
      const quote = text.charCodeAt(start + 2);
      if (quote === 39) {
        this.quoted(start, start + 3, false, (body, end) =>
          this.unicodeEscaped(t.StringConstant, start, end, body.replaceAll("''", "'")),
        );
        return true;
      }
      if (quote === 34) {
        const end = this.endOfName(start, start + 3);
        this.unicodeEscaped(t.QuotedIdentifier, start, end, text.slice(start + 3, end - 1).replaceAll('""', '"'));
        return true;
      }
    }
    return false;
  }

  /** Takes the `UESCAPE 'c'` that may follow. */
  private unicodeEscaped(type: TokenType, start: number, end: number, body: string): void {
    const { text } = this;
    let mark = '\\';
    let last = end;
    this.pos = end;
    this.skipBlanks();
    uescape.lastIndex = this.pos;
    if (uescape.test(text)) {
      this.pos = uescape.lastIndex;
      this.skipBlanks();
      const at = this.pos;
      if (text[at] !== "'") throw this.failAt('UESCAPE must be followed by a simple string literal', at, at + 1);
      const close = text.indexOf("'", at + 1);
      mark = text.slice(at + 1, close);
      if (close < 0 || mark.length !== 1 || /[0-9A-Fa-f+'" \t\n\r\f\v]/.test(mark))
        throw this.failAt('invalid Unicode escape character', at, close < 0 ? text.length : close + 1);
      last = close + 1;
    }
    this.pushValue(type, start, last, decodeUnicodeEscapes(body, mark, { start, end }));
  }

  private skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.pos);
      if (code < 128 && classes[code]! & isSpace) this.pos++;
      else if (code === 45 && text.charCodeAt(this.pos + 1) === 45) this.lineComment();
      else if (code === 47 && text.charCodeAt(this.pos + 1) === 42) this.blockComment();
      else return;
    }
  }

  /**
   * Finds the end of a quoted literal, continuations over newlines included, and hands on its body: quotes still doubled where
   * `escapes` (decoding undoes them), else as in the text too.
   */
  private quoted(
    start: number,
    bodyStart: number,
    escapes: boolean,
    take: (body: string, end: number) => void,
    unterminated = 'unterminated quoted string',
  ): void {
    const { text } = this;
    let body = '';
    let from = bodyStart;
    let at = bodyStart;
    for (;;) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) throw this.failAt(unterminated, start, text.length);
      if (code === 92 && escapes) at += 2;
      else if (code !== 39) at++;
      else if (text.charCodeAt(at + 1) === 39) at += 2;
      else {
        body += text.slice(from, at);
        continuation.lastIndex = at + 1;
        if (!continuation.test(text)) {
          take(body, at + 1);
          return;
        }
        at = continuation.lastIndex;
        from = at;
      }
    }
  }

  private string(start: number): void {
    const { text } = this;
    // Nearly every literal: one piece, no quote inside.
    const close = text.indexOf("'", start + 1);
    const next = text.charCodeAt(close + 1);
    if (
      close > 0 &&
      (Number.isNaN(next) || (next !== 39 && next !== 45 && next < 128 && !(classes[next]! & isSpace)))
    ) {
      this.pushValue(t.StringConstant, start, close + 1, text.slice(start + 1, close));
      return;
    }
    this.quoted(start, start + 1, false, (body, end) =>
      this.pushValue(t.StringConstant, start, end, body.includes("'") ? body.replaceAll("''", "'") : body),
    );
  }

  private endOfName(start: number, bodyStart: number): number {
    const { text } = this;
    let end = text.indexOf('"', bodyStart);
    while (end >= 0 && text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2);
    if (end < 0) throw this.failAt('unterminated quoted identifier', start, text.length);
    if (end === bodyStart) throw this.failAt('zero-length delimited identifier', start, end + 1);
    return end + 1;
  }

  private number(start: number): void {
    const { text } = this;
    // Nearly every number: a few digits.
    let end = start + 1;
    let code = text.charCodeAt(end);
    while (code >= 48 && code <= 57) code = text.charCodeAt(++end);
    if (code !== 46 && text.charCodeAt(start) !== 46 && (code >= 128 || !(classes[code]! & isWord))) {
      if (code < 128 || end === text.length) {
        this.push(t.Integer, start, end);
        return;
      }
    }
    number.lastIndex = start;
    const image = number.exec(text)![0];
    end = start + image.length;
    const plain = image.replaceAll('_', '');
    const isInteger = /^0[xob]/i.test(image) || /^[0-9_]+$/.test(image);
    this.pushValue(
      isInteger ? t.Integer : t.Decimal,
      start,
      end,
      /^0[xob]/i.test(plain) ? BigInt(plain).toString() : plain,
    );
    this.refuseJunk(start, 'numeric literal');
  }

  private refuseJunk(start: number, what: string): void {
    const code = this.text.charCodeAt(this.pos);
    if (code >= 128 || classes[code]! & isWordStart)
      throw this.failAt(`trailing junk after ${what}`, start, this.pos + 1);
  }

  private operator(start: number, code: number): void {
    const { text } = this;
    const next = text.charCodeAt(start + 1);
    if (!(next < 128 && classes[next]! & isOperator)) {
      const type = single[code] ?? t.Op;
      this.push(type, start, start + 1);
      return;
    }
    if (code === 45 && next === 45) {
      this.lineComment();
      return;
    }
    if (code === 47 && next === 42) {
      this.blockComment();
      return;
    }
    let end = start + 1;
    for (; end < text.length; end++) {
      const at = text.charCodeAt(end);
      if (at >= 128 || !(classes[at]! & isOperator)) break;
      const after = text.charCodeAt(end + 1);
      if ((at === 45 && after === 45) || (at === 47 && after === 42)) break;
    }
    // A trailing + or - belongs to what follows unless the operator has a character that SQL's own never have.
    if (end - start > 1 && !keepsSign.test(text.slice(start, end)))
      while (end - start > 1 && (text.charCodeAt(end - 1) === 43 || text.charCodeAt(end - 1) === 45)) end--;
    const image = text.slice(start, end);
    this.push(end - start === 1 ? (single[code] ?? t.Op) : (operators[image] ?? t.Op), start, end);
  }

  private lineComment(): void {
    const rest = /[\n\r]/g;
    rest.lastIndex = this.pos;
    const match = rest.exec(this.text);
    this.pos = match ? match.index : this.text.length;
  }

  private blockComment(): void {
    const { text } = this;
    const start = this.pos;
    const bounds = /\/\*|\*\//g;
    bounds.lastIndex = start + 2;
    for (let depth = 1; depth > 0; ) {
      const match = bounds.exec(text);
      if (!match) throw this.failAt('unterminated /* comment', start, text.length);
      depth += match[0] === '/*' ? 1 : -1;
    }
    this.pos = bounds.lastIndex;
    if (text.charCodeAt(start + 2) === 43)
      this.hints.push({ start: start + 3, end: this.pos - 2, text: text.slice(start + 3, this.pos - 2) });
  }

  private punctuation(start: number, code: number): void {
    const { text } = this;
    const next = text.charCodeAt(start + 1);
    switch (code) {
      case 39:
        this.string(start);
        return;
      case 34: {
        const end = this.endOfName(start, start + 1);
        const body = text.slice(start + 1, end - 1);
        this.pushValue(t.QuotedIdentifier, start, end, body.includes('"') ? body.replaceAll('""', '"') : body);
        return;
      }
      case 46:
        if (next >= 48 && next <= 57) {
          this.number(start);
          return;
        }
        if (next === 46) {
          this.push(t.DotDot, start, start + 2);
          return;
        }
        this.push(t.Dot, start, start + 1);
        return;
      case 58:
        if (next === 58) {
          this.push(t.TypeCast, start, start + 2);
          return;
        }
        if (next === 61) {
          this.push(t.ColonEquals, start, start + 2);
          return;
        }
        this.push(t.Colon, start, start + 1);
        return;
      case 36:
        this.dollar(start, next);
        return;
    }
    const type = code < 128 ? single[code] : undefined;
    if (!type) throw this.failAt('syntax error', start, start + 1);
    this.push(type, start, start + 1);
  }

  private dollar(start: number, next: number): void {
    const { text } = this;
    if (next >= 48 && next <= 57) {
      let end = start + 2;
      while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
      this.pushValue(t.Parameter, start, end, text.slice(start + 1, end));
      this.refuseJunk(start, 'parameter');
      return;
    }
    dollarTag.lastIndex = start;
    const tag = dollarTag.exec(text)?.[0];
    if (tag === undefined) throw this.failAt('syntax error', start, start + 1);
    const close = text.indexOf(tag, start + tag.length);
    if (close < 0) throw this.failAt('unterminated dollar-quoted string', start, text.length);
    this.pushValue(t.StringConstant, start, close + tag.length, text.slice(start + tag.length, close));
  }

  private failAt(message: string, start: number, end: number) {
    const near = this.text.slice(start, Math.min(end, start + longestNear));
    return fail('syntax_error', `${message} at or near "${near}"`, { span: { start, end } });
  }
}

/** Throws 42601 (or 22021, 22025 inside literals) with PostgreSQL's words where the text is no sequence of tokens. */
export function scan(text: string, language: Language): Token[] {
  return new Scanner(text, language).scan();
}

/** Of a text that {@link scan} has taken. */
export function hintComments(text: string, language: Language): readonly HintComment[] {
  if (!text.includes('/*+')) return [];
  const scanner = new Scanner(text, language);
  scanner.scan();
  return scanner.hints;
}
