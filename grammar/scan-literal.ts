// Decodes the bodies of string literals: E'' escapes, U&'' escapes, continuation over newlines. The scanner finds where they end.
import { fail, type Span } from '../src/core/index.js';

/** White space with a newline in it (comments too) between two quotes joins two literals into one. */
export const continuation = /(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;

const simpleEscapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Joins UTF-16 halves; a half alone is an error, as is anything that is no code point. */
class CodePoints {
  private high = 0;
  private readonly span: Span;
  text = '';

  constructor(span: Span) {
    this.span = span;
  }

  add(code: number): void {
    const isHigh = code >= 0xd800 && code < 0xdc00;
    const isLow = code >= 0xdc00 && code < 0xe000;
    if (isLow !== (this.high !== 0)) this.failPair();
    if (code === 0 || code > 0x10ffff) throw fail('syntax_error', 'invalid Unicode escape value', { span: this.span });
    if (isHigh) this.high = code;
    else if (isLow) {
      this.text += String.fromCharCode(this.high, code);
      this.high = 0;
    } else this.text += String.fromCodePoint(code);
  }

  addText(text: string): void {
    this.close();
    this.text += text;
  }

  close(): void {
    if (this.high !== 0) this.failPair();
  }

  private failPair(): never {
    throw fail('syntax_error', 'invalid Unicode surrogate pair', { span: this.span });
  }
}

/**
 * The value of an E'' body (quotes taken off, continuations joined): PostgreSQL manual 4.1.2.2. `span` is the literal's place.
 * Byte escapes must make valid UTF-8 (22021), Unicode escapes valid code points (42601, 22025).
 */
export function decodeEscapes(body: string, span: Span): string {
  const out = new CodePoints(span);
  let bytes: number[] = [];
  const flushBytes = () => {
    if (bytes.length === 0) return;
    try {
      out.addText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)));
    } catch {
      const shown = bytes.map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
      throw fail('character_not_in_repertoire', `invalid byte sequence for encoding "UTF8": ${shown}`, { span });
    }
    bytes = [];
  };
  const addByte = (byte: number) => {
    if (byte === 0)
      throw fail('character_not_in_repertoire', 'invalid byte sequence for encoding "UTF8": 0x00', { span });
    bytes.push(byte);
  };
  const pattern = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]))|''|[^\\']+/g;
  for (let match = pattern.exec(body); match; match = pattern.exec(body)) {
    const [all, octal, hex, unicode, long, other] = match;
    if (octal !== undefined || hex !== undefined) {
      addByte(octal !== undefined ? Number.parseInt(octal, 8) & 0xff : Number.parseInt(hex!, 16));
      continue;
    }
    flushBytes();
    if (unicode !== undefined || long !== undefined) out.add(Number.parseInt(unicode ?? long!, 16));
    else if (other !== undefined) {
      if (other === 'u' || other === 'U')
        throw fail('invalid_escape_sequence', 'invalid Unicode escape', {
          span,
          hint: 'Unicode escapes must be \\uXXXX or \\UXXXXXXXX.',
        });
      out.addText(simpleEscapes[other] ?? other);
    } else out.addText(all === "''" ? "'" : all);
  }
  flushBytes();
  out.close();
  return out.text;
}

/** The value of a U&'' or U&"" body after its doubled quotes are undone. `escapeCharacter` is the UESCAPE character. */
export function decodeUnicodeEscapes(body: string, escapeCharacter: string, span: Span): string {
  const out = new CodePoints(span);
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== escapeCharacter) {
      out.addText(body[i]!);
      continue;
    }
    if (body[i + 1] === escapeCharacter) {
      out.addText(escapeCharacter);
      i++;
      continue;
    }
    const long = body[i + 1] === '+';
    const digits = long ? body.slice(i + 2, i + 8) : body.slice(i + 1, i + 5);
    if (digits.length !== (long ? 6 : 4) || !/^[0-9A-Fa-f]+$/.test(digits))
      throw fail('syntax_error', 'invalid Unicode escapeCharacter', {
        span,
        hint: 'Unicode escapes must be \\XXXX or \\+XXXXXX.',
      });
    out.add(Number.parseInt(digits, 16));
    i += long ? 7 : 4;
  }
  out.close();
  return out.text;
}
