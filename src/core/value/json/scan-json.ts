// JSON text to a tree of places in it, by PostgreSQL's lexer: numbers keep their digits, objects their order and repeated keys.
import { fail } from '../../diagnostic.js';

interface Place {
  readonly start: number;
  readonly end: number;
}
export interface JsonScalarNode extends Place {
  readonly kind: 'null' | 'boolean' | 'string' | 'number';
}
export interface JsonArrayNode extends Place {
  readonly kind: 'array';
  readonly elements: readonly JsonNode[];
}
export interface JsonMember {
  /** The key's place, quotes included. */
  readonly key: JsonScalarNode;
  readonly value: JsonNode;
}
export interface JsonObjectNode extends Place {
  readonly kind: 'object';
  readonly members: readonly JsonMember[];
}
export type JsonNode = JsonScalarNode | JsonArrayNode | JsonObjectNode;

/** Walks of JSON recurse; PostgreSQL's stack ends at some 6,000 levels. */
const mostLevels = 2000;

const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordForm = /[A-Za-z0-9_\u0080-\uffff]+/y;
const words = new Map<string, 'null' | 'boolean'>([
  ['null', 'null'],
  ['true', 'boolean'],
  ['false', 'boolean'],
]);

/** @throws DiagnosticError invalid_text_representation where the text is no JSON */
export function scanJson(text: string): JsonNode {
  return new JsonScanner(text).whole();
}

class JsonScanner {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): JsonNode {
    const node = this.value();
    this.blanks();
    if (this.at < this.text.length) throw this.unexpected('end of input');
    return node;
  }

  private blanks(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.at++;
    }
  }

  private value(): JsonNode {
    this.blanks();
    const start = this.at;
    switch (this.text[start]) {
      case '{':
        return this.nested(() => this.object(start));
      case '[':
        return this.nested(() => this.array(start));
      case '"':
        return this.string();
    }
    numberForm.lastIndex = start;
    const number = numberForm.exec(this.text)?.[0];
    if (number !== undefined) {
      this.at += number.length;
      // `01`, `1a`: a number ends before what is no letter or digit.
      if (this.word() !== '' || this.text[this.at] === '.') throw this.invalidToken(start);
      return { kind: 'number', start, end: this.at };
    }
    const word = this.word();
    const kind = words.get(word);
    if (kind === undefined) throw word === '' ? this.unexpected('JSON value') : this.invalidToken(start);
    return { kind, start, end: this.at };
  }

  private word(): string {
    wordForm.lastIndex = this.at;
    const word = wordForm.exec(this.text)?.[0] ?? '';
    this.at += word.length;
    return word;
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > mostLevels)
      throw fail('statement_too_complex', `JSON is nested more than ${mostLevels} levels deep`);
    const result = read();
    this.depth--;
    return result;
  }

  private object(start: number): JsonObjectNode {
    const members: JsonMember[] = [];
    this.at++;
    this.blanks();
    if (this.text[this.at] === '}') return { kind: 'object', start, end: ++this.at, members };
    for (;;) {
      this.blanks();
      if (this.text[this.at] !== '"') throw this.unexpected(members.length === 0 ? 'string or "}"' : 'string');
      const key = this.string();
      this.blanks();
      if (this.text[this.at] !== ':') throw this.unexpected('":"');
      this.at++;
      members.push({ key, value: this.value() });
      this.blanks();
      const next = this.text[this.at];
      if (next === '}') return { kind: 'object', start, end: ++this.at, members };
      if (next !== ',') throw this.unexpected('"," or "}"');
      this.at++;
    }
  }

  private array(start: number): JsonArrayNode {
    const elements: JsonNode[] = [];
    this.at++;
    this.blanks();
    if (this.text[this.at] === ']') return { kind: 'array', start, end: ++this.at, elements };
    for (;;) {
      elements.push(this.value());
      this.blanks();
      const next = this.text[this.at];
      if (next === ']') return { kind: 'array', start, end: ++this.at, elements };
      if (next !== ',') throw this.unexpected('"," or "]"');
      this.at++;
    }
  }

  private string(): JsonScalarNode {
    const start = this.at++;
    for (;;) {
      let code = this.text.charCodeAt(this.at);
      while (code >= 32 && code !== 34 && code !== 92) code = this.text.charCodeAt(++this.at);
      const c = this.text[this.at];
      if (c === '"') return { kind: 'string', start, end: ++this.at };
      if (c === undefined) throw this.invalidToken(start);
      if (c !== '\\') throw syntax(`Character with value 0x${code.toString(16).padStart(2, '0')} must be escaped.`);
      const letter = this.text[this.at + 1] ?? '';
      if (letter === 'u') {
        if (!/^[0-9a-f]{4}$/i.test(this.text.slice(this.at + 2, this.at + 6)))
          throw syntax('"\\u" must be followed by four hexadecimal digits.');
        this.at += 6;
      } else {
        if (letter === '' || !'"\\/bfnrt'.includes(letter)) throw syntax(`Escape sequence "\\${letter}" is invalid.`);
        this.at += 2;
      }
    }
  }

  private unexpected(wanted: string): Error {
    if (this.at >= this.text.length) return syntax('The input string ended unexpectedly.');
    return syntax(`Expected ${wanted}, but found "${this.text[this.at]}".`);
  }

  private invalidToken(start: number): Error {
    return syntax(`Token "${this.text.slice(start, start + 40)}" is invalid.`);
  }
}

function syntax(detail: string): Error {
  return fail('invalid_text_representation', 'invalid input syntax for type json', { detail });
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * What a string token stands for.
 * @throws DiagnosticError untranslatable_character on \u0000, invalid_text_representation on half of a surrogate pair
 */
export function stringOf(text: string, { start, end }: JsonScalarNode): string {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  const decoded = inner.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex: string | undefined, plain: string) => {
    if (hex === undefined) return escapes[plain] ?? plain;
    const code = Number.parseInt(hex, 16);
    if (code === 0)
      throw fail('untranslatable_character', 'unsupported Unicode escape sequence', {
        detail: '\\u0000 cannot be converted to text.',
      });
    return String.fromCharCode(code);
  });
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(decoded))
    throw syntax('A Unicode high surrogate must be followed by a low surrogate, and a low one must follow it.');
  return decoded;
}
