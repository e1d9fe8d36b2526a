// jsonpath tokens to trees, by PostgreSQL's grammar.
import { fail } from '../../diagnostic.js';
import { negateNumeric, parseNumeric } from '../numeric.js';
import {
  type ArithmeticOperator,
  type ComparisonOperator,
  isPredicate,
  type JsonPath,
  lastLevel,
  type PathMethod,
  type PathStep,
  type Steps,
} from './jsonpath.js';
import { likeRegex } from './like-regex.js';
import { type PathToken, pathSyntax, scanJsonPath } from './scan-jsonpath.js';

/** The parser and what walks its trees recurse. */
const mostLevels = 500;

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['==', '=='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
const methods = new Set<string>(['type', 'size', 'double', 'ceiling', 'floor', 'abs', 'keyvalue']);

/** @throws DiagnosticError syntax_error */
export function parseJsonPath(text: string): JsonPath {
  const tokens = scanJsonPath(text);
  if (tokens.length === 1)
    throw fail('invalid_text_representation', `invalid input syntax for type jsonpath: "${text}"`);
  return new PathParser(tokens).whole();
}

class PathParser {
  private at = 0;
  private depth = 0;
  private filters = 0;
  private subscripts = 0;

  constructor(private readonly tokens: readonly PathToken[]) {}

  whole(): JsonPath {
    const strict = this.takeWord('strict');
    if (!strict) this.takeWord('lax');
    const steps = this.disjunction();
    if (this.token.kind !== 'end') throw this.unexpected();
    return { lax: !strict, steps };
  }

  private get token(): PathToken {
    return this.tokens[this.at]!;
  }

  private isSymbol(text: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === text;
  }
  private takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.at++;
    return true;
  }
  private expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.unexpected();
  }
  private takeWord(keyword: string): boolean {
    if (this.token.kind !== 'word' || this.token.keyword !== keyword) return false;
    this.at++;
    return true;
  }
  private unexpected(): Error {
    return pathSyntax(`syntax error at or near "${this.token.text}"`);
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > mostLevels)
      throw fail('statement_too_complex', `a jsonpath is nested more than ${mostLevels} levels deep`);
    const result = read();
    this.depth--;
    return result;
  }

  private disjunction(): Steps {
    let left = this.conjunction();
    while (this.isSymbol('||')) left = this.joined('or', left, () => this.conjunction());
    return left;
  }

  private conjunction(): Steps {
    let left = this.comparison();
    while (this.isSymbol('&&')) left = this.joined('and', left, () => this.comparison());
    return left;
  }

  private joined(kind: 'and' | 'or', left: Steps, read: () => Steps): Steps {
    if (!isPredicate(left)) throw this.unexpected();
    this.at++;
    const right = read();
    if (!isPredicate(right)) throw this.unexpected();
    return [{ kind, left, right }];
  }

  private comparison(): Steps {
    const left = this.sum();
    const op = this.token.kind === 'symbol' ? comparisons.get(this.token.text) : undefined;
    const isTest =
      op !== undefined || (this.token.kind === 'word' && ['starts', 'like_regex'].includes(this.token.keyword ?? ''));
    if (!isTest) return left;
    if (isPredicate(left)) throw this.unexpected();
    if (op !== undefined) {
      this.at++;
      const right = this.sum();
      if (isPredicate(right)) throw this.unexpected();
      return [{ kind: 'comparison', op, left, right }];
    }
    if (this.takeWord('starts')) {
      if (!this.takeWord('with')) throw this.unexpected();
      const { kind, text } = this.token;
      if (kind !== 'string' && kind !== 'variable') throw this.unexpected();
      this.at++;
      return [{ kind: 'starts_with', left, right: [initial(kind, text)] }];
    }
    this.at++;
    const pattern = this.takeString();
    const flags = this.takeWord('flag') ? checkedFlags(this.takeString()) : '';
    likeRegex(pattern, flags);
    return [{ kind: 'like_regex', arg: left, pattern, flags }];
  }

  private takeString(): string {
    if (this.token.kind !== 'string') throw this.unexpected();
    return this.tokens[this.at++]!.text;
  }

  private sum(): Steps {
    return this.arithmetic(['+', '-'], () => this.arithmetic(['*', '/', '%'], () => this.signed()));
  }

  private arithmetic(ops: readonly ArithmeticOperator[], read: () => Steps): Steps {
    let left = read();
    for (;;) {
      const op = this.token.kind === 'symbol' ? ops.find((o) => o === this.token.text) : undefined;
      if (op === undefined) return left;
      if (isPredicate(left)) throw this.unexpected();
      this.at++;
      const right = read();
      if (isPredicate(right)) throw this.unexpected();
      left = [{ kind: 'arithmetic', op, left, right }];
    }
  }

  private signed(): Steps {
    const op = this.isSymbol('-') ? '-' : this.isSymbol('+') ? '+' : undefined;
    if (op === undefined) return this.accessed();
    this.at++;
    const arg = this.nested(() => this.signed());
    if (isPredicate(arg)) throw this.unexpected();
    const [only] = arg;
    if (arg.length === 1 && only!.kind === 'number')
      return op === '+' ? arg : [{ kind: 'number', value: negateNumeric(only!.value) }];
    return [{ kind: 'sign', op, arg }];
  }

  private accessed(): Steps {
    const steps: PathStep[] = [...this.primary()];
    for (;;) {
      const step = this.accessor();
      if (!step) return steps;
      steps.push(step);
    }
  }

  private primary(): Steps {
    const token = this.token;
    switch (token.kind) {
      case 'string':
      case 'variable':
        this.at++;
        return [initial(token.kind, token.text)];
      case 'integer':
      case 'number':
        this.at++;
        return [{ kind: 'number', value: parseNumeric(token.text)! }];
      case 'word':
        return this.wordPrimary(token);
    }
    if (this.takeSymbol('$')) return [{ kind: 'root' }];
    if (this.takeSymbol('@')) {
      if (this.filters === 0) throw fail('syntax_error', '@ is not allowed in root expressions');
      return [{ kind: 'current' }];
    }
    if (this.takeSymbol('!')) {
      const isDelimited = this.isSymbol('(') || (this.token.kind === 'word' && this.token.keyword === 'exists');
      if (!isDelimited) throw this.unexpected();
      const arg = this.nested(() => this.primary());
      if (!isPredicate(arg)) throw this.unexpected();
      return [{ kind: 'not', arg }];
    }
    if (this.takeSymbol('(')) {
      const inner = this.nested(() => this.disjunction());
      this.expectSymbol(')');
      if (isPredicate(inner) && this.takeWord('is')) {
        if (!this.takeWord('unknown')) throw this.unexpected();
        return [{ kind: 'is_unknown', arg: inner }];
      }
      return inner;
    }
    throw this.unexpected();
  }

  private wordPrimary({ keyword }: PathToken): Steps {
    switch (keyword) {
      case 'null':
        this.at++;
        return [{ kind: 'null' }];
      case 'true':
      case 'false':
        this.at++;
        return [{ kind: 'boolean', value: keyword === 'true' }];
      case 'last':
        if (this.subscripts === 0) throw fail('syntax_error', 'LAST is allowed only in array subscripts');
        this.at++;
        return [{ kind: 'last' }];
      case 'exists': {
        this.at++;
        this.expectSymbol('(');
        const arg = this.nested(() => this.disjunction());
        this.expectSymbol(')');
        if (isPredicate(arg)) throw this.unexpected();
        return [{ kind: 'exists', arg }];
      }
      default:
        throw this.unexpected();
    }
  }

  private accessor(): PathStep | undefined {
    if (this.takeSymbol('?')) {
      this.expectSymbol('(');
      this.filters++;
      const arg = this.nested(() => this.disjunction());
      this.filters--;
      if (!isPredicate(arg)) throw this.unexpected();
      this.expectSymbol(')');
      return { kind: 'filter', arg };
    }
    if (this.isSymbol('[')) return this.elements();
    if (!this.takeSymbol('.')) return undefined;
    if (this.takeSymbol('*')) return { kind: 'any_key' };
    if (this.takeSymbol('**')) return this.levels();
    const { kind, text, keyword } = this.token;
    if (kind === 'string') {
      this.at++;
      return { kind: 'key', name: text };
    }
    if (kind !== 'word') throw this.unexpected();
    this.at++;
    if (!this.isSymbol('(')) return { kind: 'key', name: text };
    this.at++;
    if (keyword === 'datetime') {
      const template = this.token.kind === 'string' ? this.takeString() : undefined;
      this.expectSymbol(')');
      return { kind: 'datetime', ...(template !== undefined && { template }) };
    }
    this.expectSymbol(')');
    if (keyword === undefined || !methods.has(keyword)) throw this.unexpected();
    return { kind: 'method', method: keyword as PathMethod };
  }

  private elements(): PathStep {
    this.at++;
    if (this.takeSymbol('*')) {
      this.expectSymbol(']');
      return { kind: 'any_element' };
    }
    const position = (): Steps => {
      const steps = this.nested(() => this.disjunction());
      if (isPredicate(steps)) throw this.unexpected();
      return steps;
    };
    const ranges: { from: Steps; to?: Steps }[] = [];
    this.subscripts++;
    do {
      const from = position();
      ranges.push(this.takeWord('to') ? { from, to: position() } : { from });
    } while (this.takeSymbol(','));
    this.subscripts--;
    this.expectSymbol(']');
    return { kind: 'elements', ranges };
  }

  private levels(): PathStep {
    if (!this.takeSymbol('{')) return { kind: 'levels', first: 0, last: lastLevel };
    const level = (): number => {
      if (this.takeWord('last')) return lastLevel;
      if (this.token.kind !== 'integer') throw this.unexpected();
      return Number(this.tokens[this.at++]!.text);
    };
    const first = level();
    const last = this.takeWord('to') ? level() : first;
    this.expectSymbol('}');
    return { kind: 'levels', first, last };
  }
}

function initial(kind: 'string' | 'variable', text: string): PathStep {
  return kind === 'string' ? { kind, value: text } : { kind, name: text };
}

/** In the order in which PostgreSQL prints them. */
function checkedFlags(flags: string): string {
  const unknown = /[^ismxq]/.exec(flags);
  if (unknown)
    throw fail('syntax_error', 'invalid input syntax for type jsonpath', {
      detail: `Unrecognized flag character "${unknown[0]}" in LIKE_REGEX predicate.`,
    });
  if (flags.includes('x') && !flags.includes('q'))
    throw fail('feature_not_supported', 'XQuery "x" flag (expanded regular expressions) is not implemented');
  return [...'ismxq'].filter((letter) => flags.includes(letter)).join('');
}
