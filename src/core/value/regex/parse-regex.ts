// Regular expressions, text → tree: PostgreSQL's advanced (ARE), extended (ERE) and basic (BRE) flavours, options and directors.
import { fail } from '../../diagnostic.js';
import { casesOf, characterClasses, collatingNames } from './character-class.js';
import { type Assertion, type CharTest, isWord, type RegexNode } from './regex-node.js';
import { type RegexOptions, withOption } from './regex-options.js';

export interface ParsedRegex {
  readonly node: RegexNode;
  readonly groups: number;
  readonly backrefs: boolean;
}

const invalid = (what: string) => fail('invalid_regular_expression', `invalid regular expression: ${what}`);
const infinity = Number.POSITIVE_INFINITY;
const mostRepeats = 255;
/** Groups inside groups: the parser recurses. */
const deepest = 500;

/** A character, escape, class or constraint that the pattern holds next. */
type Piece =
  | { readonly char: number }
  | { readonly test: CharTest }
  | { readonly assertion: Assertion }
  | { readonly group: number };

export function parseRegex(pattern: string, options: RegexOptions): ParsedRegex {
  let text = pattern;
  let chosen = options;
  if (chosen.flavour === 'advanced' || chosen.flavour === 'extended') {
    const director = /^\*\*\*([:=])/.exec(text);
    if (director) {
      text = text.slice(4);
      chosen = { ...chosen, flavour: director[1] === '=' ? 'literal' : 'advanced' };
    } else if (text.startsWith('***')) throw invalid('invalid argument to regex function');
  }
  if (chosen.flavour === 'advanced') {
    const embedded = /^\(\?([a-z]+)\)/.exec(text);
    if (embedded) {
      for (const letter of embedded[1]!) {
        const changed = withOption(chosen, letter);
        if (!changed) throw invalid('invalid embedded option');
        chosen = changed;
      }
      text = text.slice(embedded[0].length);
    }
  }
  return new RegexParser(text, chosen).parse();
}

class RegexParser {
  readonly #chars: readonly string[];
  readonly #options: RegexOptions;
  #at = 0;
  #groups = 0;
  #depth = 0;
  #backrefs = false;
  /** Groups that are closed, which a back reference may name. */
  readonly #closed = new Set<number>();

  constructor(text: string, options: RegexOptions) {
    this.#chars = [...text];
    this.#options = options;
  }

  parse(): ParsedRegex {
    if (this.#options.flavour === 'literal') {
      const items = this.#chars.map((c) => this.#char(c.codePointAt(0)!));
      return { node: { kind: 'sequence', items }, groups: 0, backrefs: false };
    }
    const node = this.#options.flavour === 'basic' ? this.#basicBranch(false) : this.#choice(false, false);
    if (this.#at < this.#chars.length) throw invalid('parentheses () not balanced');
    return { node, groups: this.#groups, backrefs: this.#backrefs };
  }

  get #advanced(): boolean {
    return this.#options.flavour === 'advanced';
  }

  #looking(text: string): boolean {
    return this.#chars.slice(this.#at, this.#at + text.length).join('') === text;
  }

  /** Blanks and comments of the expanded syntax; comments `(?#…)` of any. */
  #skip(): void {
    if (!this.#advanced) return;
    for (;;) {
      const c = this.#chars[this.#at];
      if (this.#looking('(?#')) {
        while (this.#at < this.#chars.length && this.#chars[this.#at] !== ')') this.#at++;
        this.#at++;
      } else if (this.#options.expanded && c !== undefined && /\s/.test(c)) this.#at++;
      else if (this.#options.expanded && c === '#')
        while (this.#at < this.#chars.length && this.#chars[this.#at] !== '\n') this.#at++;
      else return;
    }
  }

  #choice(inGroup: boolean, inLook: boolean): RegexNode {
    if (++this.#depth > deepest) throw fail('statement_too_complex', 'regular expression is nested too deeply');
    const items = [this.#branch(inGroup, inLook)];
    while (this.#chars[this.#at] === '|') {
      this.#at++;
      items.push(this.#branch(inGroup, inLook));
    }
    this.#depth--;
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  #branch(inGroup: boolean, inLook: boolean): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      this.#skip();
      const c = this.#chars[this.#at];
      if (c === undefined || c === '|' || (c === ')' && inGroup)) break;
      items.push(this.#quantified(inLook));
    }
    return items.length === 0 ? { kind: 'empty' } : { kind: 'sequence', items };
  }

  #quantified(inLook: boolean): RegexNode {
    const atom = this.#atom(inLook);
    this.#skip();
    // A constraint takes no quantifier: it would be one without an operand.
    if (atom.kind === 'assert' || atom.kind === 'look') return atom;
    const bounds = this.#bounds();
    if (!bounds) return atom;
    const [min, max, chooses] = bounds;
    let longer = true;
    if (this.#advanced && this.#chars[this.#at] === '?') {
      this.#at++;
      longer = false;
    }
    this.#skip();
    return { kind: 'repeat', item: atom, min, max, ...(chooses && { prefers: longer ? 'longer' : 'shorter' }) };
  }

  #bounds(): readonly [min: number, max: number, chooses: boolean] | undefined {
    switch (this.#chars[this.#at]) {
      case '*':
        this.#at++;
        return [0, infinity, true];
      case '+':
        this.#at++;
        return [1, infinity, true];
      case '?':
        this.#at++;
        return [0, 1, true];
      case '{':
        if (!/\d/.test(this.#chars[this.#at + 1] ?? '')) {
          if (this.#options.flavour === 'extended') throw invalid('invalid repetition count(s)');
          return undefined;
        }
        this.#at++;
        return this.#counts('}');
      default:
        return undefined;
    }
  }

  /** `m}`, `m,}` or `m,n}` after the opening brace. */
  #counts(end: string): readonly [number, number, boolean] {
    const number = (): number => {
      let n = 0;
      while (/\d/.test(this.#chars[this.#at] ?? '') && n <= mostRepeats) n = n * 10 + Number(this.#chars[this.#at++]);
      if (n > mostRepeats) throw invalid('invalid repetition count(s)');
      return n;
    };
    const min = number();
    let max = min;
    let chooses = false;
    if (this.#chars[this.#at] === ',') {
      this.#at++;
      max = /\d/.test(this.#chars[this.#at] ?? '') ? number() : infinity;
      chooses = true;
      if (min > max) throw invalid('invalid repetition count(s)');
    }
    if (!this.#looking(end))
      throw invalid(this.#at >= this.#chars.length ? 'braces {} not balanced' : 'invalid repetition count(s)');
    this.#at += end.length;
    return [min, max, chooses];
  }

  #atom(inLook: boolean): RegexNode {
    const c = this.#chars[this.#at]!;
    switch (c) {
      case '(':
        return this.#group(inLook);
      case ')':
        if (this.#advanced) throw invalid('parentheses () not balanced');
        this.#at++;
        return this.#char(41);
      case '*':
      case '+':
      case '?':
        throw invalid('quantifier operand invalid');
      case '{':
        if (/\d/.test(this.#chars[this.#at + 1] ?? '')) throw invalid('quantifier operand invalid');
        this.#at++;
        return this.#char(123);
      case '^':
        this.#at++;
        return { kind: 'assert', assertion: this.#options.newlineAnchors ? 'line_start' : 'text_start' };
      case '$':
        this.#at++;
        return { kind: 'assert', assertion: this.#options.newlineAnchors ? 'line_end' : 'text_end' };
      case '.':
        this.#at++;
        return { kind: 'char', test: this.#options.newlineStops ? (point) => point !== 10 : () => true };
      case '[':
        return this.#bracket();
      case '\\':
        return this.#nodeOf(this.#escape(), inLook);
      default:
        this.#at++;
        return this.#char(c.codePointAt(0)!);
    }
  }

  #nodeOf(piece: Piece, inLook: boolean): RegexNode {
    if ('assertion' in piece) return { kind: 'assert', assertion: piece.assertion };
    if ('test' in piece) return { kind: 'char', test: piece.test };
    if ('char' in piece) return this.#char(piece.char);
    if (inLook || !this.#closed.has(piece.group)) throw invalid('invalid backreference number');
    this.#backrefs = true;
    return { kind: 'backref', group: piece.group };
  }

  #group(inLook: boolean): RegexNode {
    this.#at++;
    const close = () => {
      if (this.#chars[this.#at] !== ')') throw invalid('parentheses () not balanced');
      this.#at++;
    };
    if (this.#advanced && this.#chars[this.#at] === '?') {
      const opening = ['?:', '?=', '?!', '?<=', '?<!'].find((o) => this.#looking(o));
      if (!opening) throw invalid('quantifier operand invalid');
      this.#at += opening.length;
      if (opening === '?:') {
        const node = this.#choice(true, inLook);
        close();
        return node.kind === 'sequence' || node.kind === 'empty' ? { kind: 'choice', items: [node] } : node;
      }
      const node = this.#choice(true, true);
      close();
      return { kind: 'look', node, behind: opening.includes('<'), negated: opening.endsWith('!') };
    }
    // Inside a constraint parentheses capture nothing.
    const group = inLook ? 0 : ++this.#groups;
    const item = this.#choice(true, inLook);
    close();
    if (inLook) return { kind: 'choice', items: [item] };
    this.#closed.add(group);
    return { kind: 'capture', group, item };
  }

  /** After a backslash. @throws DiagnosticError for letters and digits that mean nothing */
  #escape(): Piece {
    this.#at++;
    const c = this.#chars[this.#at++];
    if (c === undefined) throw invalid('invalid escape \\ sequence');
    if (!this.#advanced || !/[A-Za-z0-9]/.test(c)) return { char: c.codePointAt(0)! };
    switch (c) {
      case 'a':
        return { char: 7 };
      case 'A':
        return { assertion: 'text_start' };
      case 'b':
        return { char: 8 };
      case 'B':
        return { char: 92 };
      case 'c':
        return { char: (this.#chars[this.#at++]?.codePointAt(0) ?? Number.NaN) & 0o37 };
      case 'd':
        return { test: characterClasses['digit']! };
      case 'D':
        return { test: this.#complement(characterClasses['digit']!) };
      case 'e':
        return { char: 27 };
      case 'f':
        return { char: 12 };
      case 'm':
        return { assertion: 'word_start' };
      case 'M':
        return { assertion: 'word_end' };
      case 'n':
        return { char: 10 };
      case 'r':
        return { char: 13 };
      case 's':
        return { test: characterClasses['space']! };
      case 'S':
        return { test: this.#complement(characterClasses['space']!) };
      case 't':
        return { char: 9 };
      case 'u':
        return { char: this.#digits(16, 4, 4) };
      case 'U':
        return { char: this.#digits(16, 8, 8) };
      case 'v':
        return { char: 11 };
      case 'w':
        return { test: isWord };
      case 'W':
        return { test: this.#complement(isWord) };
      case 'x':
        return { char: this.#digits(16, 1, 255) };
      case 'y':
        return { assertion: 'word_edge' };
      case 'Y':
        return { assertion: 'no_word_edge' };
      case 'Z':
        return { assertion: 'text_end' };
      case '0':
        this.#at--;
        return { char: this.#octal() };
    }
    if (!/[1-9]/.test(c)) throw invalid('invalid escape \\ sequence');
    const start = --this.#at;
    const number = this.#digits(10, 1, 255);
    if (this.#at === start + 1 || number <= this.#groups) return { group: number };
    this.#at = start;
    return { char: this.#octal() };
  }

  #octal(): number {
    const start = this.#at;
    const value = this.#digits(8, 1, 3);
    if (value <= 255) return value;
    this.#at = start + 2;
    return value >> 3;
  }

  #digits(base: 8 | 10 | 16, least: number, most: number): number {
    const digit = base === 16 ? /[0-9A-Fa-f]/ : base === 8 ? /[0-7]/ : /\d/;
    let value = 0;
    let count = 0;
    while (count < most && digit.test(this.#chars[this.#at] ?? '')) {
      value = value * base + Number.parseInt(this.#chars[this.#at++]!, base);
      count++;
      if (value > 0x10ffff) throw invalid('invalid escape \\ sequence');
    }
    if (count < least) throw invalid('invalid escape \\ sequence');
    return value;
  }

  #complement(test: CharTest): CharTest {
    return this.#options.newlineStops ? (point) => point !== 10 && !test(point) : (point) => !test(point);
  }

  #char(point: number): RegexNode {
    if (!this.#options.ignoreCase) return { kind: 'char', test: (p) => p === point };
    const cases = new Set(casesOf(point));
    return { kind: 'char', test: (p) => cases.has(p) };
  }

  #bracket(): RegexNode {
    for (const [spelt, assertion] of [
      ['[[:<:]]', 'word_start'],
      ['[[:>:]]', 'word_end'],
    ] as const)
      if (this.#looking(spelt)) {
        this.#at += spelt.length;
        return { kind: 'assert', assertion };
      }
    this.#at++;
    const negated = this.#chars[this.#at] === '^';
    if (negated) this.#at++;
    const points = new Set<number>();
    const tests: CharTest[] = [];
    for (let first = true; ; first = false) {
      const c = this.#chars[this.#at];
      if (c === undefined) throw invalid('brackets [] not balanced');
      if (c === ']' && !first) break;
      if (c === '-' && !first && this.#chars[this.#at + 1] !== ']') throw invalid('invalid character range');
      const start = this.#bracketItem();
      if (typeof start !== 'number') {
        tests.push(start);
        continue;
      }
      if (this.#chars[this.#at] !== '-' || this.#chars[this.#at + 1] === ']') {
        points.add(start);
        continue;
      }
      this.#at++;
      const end = this.#bracketItem();
      if (typeof end !== 'number' || end < start) throw invalid('invalid character range');
      tests.push((point) => point >= start && point <= end);
    }
    this.#at++;
    const plain: CharTest = (point) => points.has(point) || tests.some((test) => test(point));
    const test: CharTest = this.#options.ignoreCase ? (point) => casesOf(point).some(plain) : plain;
    return { kind: 'char', test: negated ? this.#complement(test) : test };
  }

  /** One character, or a class of them. */
  #bracketItem(): number | CharTest {
    const special = /^\[([:.=])/.exec(this.#chars.slice(this.#at, this.#at + 2).join(''))?.[1];
    if (special) {
      this.#at += 2;
      const start = this.#at;
      while (this.#at < this.#chars.length && !this.#looking(`${special}]`)) this.#at++;
      const name = this.#chars.slice(start, this.#at).join('');
      if (this.#at >= this.#chars.length) throw invalid('brackets [] not balanced');
      this.#at += 2;
      if (special === ':') {
        const folded = this.#options.ignoreCase && /^(?:upper|lower)$/.test(name) ? 'alpha' : name;
        const known = Object.hasOwn(characterClasses, folded) ? characterClasses[folded] : undefined;
        if (!known) throw invalid('invalid character class');
        return known;
      }
      const named = [...name].length === 1 ? name : collatingNames[name];
      if (named === undefined) throw invalid('invalid collating element');
      return named.codePointAt(0)!;
    }
    const c = this.#chars[this.#at];
    if (c === undefined) throw invalid('brackets [] not balanced');
    if (c !== '\\' || !this.#advanced) {
      this.#at++;
      return c.codePointAt(0)!;
    }
    const piece = this.#escape();
    if ('char' in piece) return piece.char;
    if ('test' in piece) return piece.test;
    throw invalid('invalid escape \\ sequence');
  }

  /** POSIX's basic flavour: `\( \) \{ \}`, `*`; anchors at the ends only. */
  #basicBranch(inGroup: boolean): RegexNode {
    if (++this.#depth > deepest) throw fail('statement_too_complex', 'regular expression is nested too deeply');
    const items: RegexNode[] = [];
    for (let first = true; this.#at < this.#chars.length; first = false) {
      if (this.#looking('\\)')) {
        if (!inGroup) throw invalid('parentheses () not balanced');
        break;
      }
      const c = this.#chars[this.#at]!;
      const next = this.#chars[this.#at + 1];
      if (c === '^' && first) {
        this.#at++;
        items.push({ kind: 'assert', assertion: this.#options.newlineAnchors ? 'line_start' : 'text_start' });
        // A star after it is a star.
        if (this.#chars[this.#at] === '*') {
          this.#at++;
          items.push(this.#basicRepeat(this.#char(42)));
        }
      } else if (c === '$' && (next === undefined || (next === '\\' && this.#chars[this.#at + 2] === ')'))) {
        this.#at++;
        items.push({ kind: 'assert', assertion: this.#options.newlineAnchors ? 'line_end' : 'text_end' });
      } else items.push(this.#basicRepeat(this.#basicAtom(c, next)));
    }
    this.#depth--;
    return items.length === 0 ? { kind: 'empty' } : { kind: 'sequence', items };
  }

  #basicAtom(c: string, next: string | undefined): RegexNode {
    if (c === '[') return this.#bracket();
    if (c === '\\') {
      this.#at += 2;
      if (next === undefined) throw invalid('invalid escape \\ sequence');
      if (next === '(') {
        const group = ++this.#groups;
        const item = this.#basicBranch(true);
        if (!this.#looking('\\)')) throw invalid('parentheses () not balanced');
        this.#at += 2;
        this.#closed.add(group);
        return { kind: 'capture', group, item };
      }
      if (next === '<' || next === '>') return { kind: 'assert', assertion: next === '<' ? 'word_start' : 'word_end' };
      if (/[1-9]/.test(next)) return this.#nodeOf({ group: Number(next) }, false);
      return this.#char(next.codePointAt(0)!);
    }
    this.#at++;
    if (c === '.') return { kind: 'char', test: this.#options.newlineStops ? (point) => point !== 10 : () => true };
    return this.#char(c.codePointAt(0)!);
  }

  #basicRepeat(atom: RegexNode): RegexNode {
    if (atom.kind === 'assert') return atom;
    if (this.#chars[this.#at] === '*') {
      this.#at++;
      return { kind: 'repeat', item: atom, min: 0, max: infinity, prefers: 'longer' };
    }
    if (!this.#looking('\\{')) return atom;
    this.#at += 2;
    const [min, max, chooses] = this.#counts('\\}');
    return { kind: 'repeat', item: atom, min, max, ...(chooses && { prefers: 'longer' as const }) };
  }
}
