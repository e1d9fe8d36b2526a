// What the grammars stand on: a parser that puts deep brackets aside and parses them later from a fresh stack, so that the depth of a
// statement costs no stack. Every cycle of the grammar passes through a rule made by `bracketed` (a test holds it).
import type { CstNode, IRecognitionException, ParserMethod } from 'chevrotain';
import { CstParser } from './chevrotain.js';
import { matchBrackets } from './match-brackets.js';
import { OneTokenLookahead } from './one-token-lookahead.js';
import * as t from './tokens.js';
import { kw, type Token, vocabulary } from './tokens.js';

export type Rule = ParserMethod<[], CstNode>;

export interface GrammarOptions {
  readonly skipValidations: boolean;
  readonly lookahead?: OneTokenLookahead;
}

/** A node whose children are still to be parsed: all of the tokens from `start` to `end`. */
interface Postponed {
  readonly rule: Rule;
  readonly node: CstNode;
  readonly start: number;
  readonly end: number;
}

/** Of Chevrotain's parser, what it does not declare. */
interface Internals {
  readonly CST_STACK: readonly CstNode[];
  exportLexerState(): number;
  importLexerState(position: number): void;
}

const opens: boolean[] = [];
for (const type of [t.LBracket, t.LBrace, kw.CASE]) opens[type.tokenTypeIdx!] = true;
const isRound: boolean[] = [];
for (const type of vocabulary) if (type.CATEGORIES?.includes(t.LParen)) isRound[type.tokenTypeIdx!] = true;

export abstract class BracketParser extends CstParser {
  /** How many brackets are parsed within one another before the next is put aside: a tenth of Node's default stack. */
  mostOpen = 20;
  /** The rules that can be put aside. */
  readonly bracketedRules = new Set<string>();
  private postponed: Postponed[] = [];
  private closeOf: ReadonlyMap<number, number> | undefined;
  private tokens: Token[] = [];
  /** Index of the first of the tokens that are being parsed. */
  private base = 0;
  private open = 0;

  constructor({ lookahead = new OneTokenLookahead(), skipValidations }: GrammarOptions) {
    super(vocabulary, {
      maxLookahead: 1,
      recoveryEnabled: false,
      lookaheadStrategy: lookahead,
      nodeLocationTracking: 'onlyOffset',
      skipValidations,
    });
  }

  /** A rule that ends where the bracket closes that opens at its first token, or up to its `reach`-th. */
  protected bracketed(name: string, body: () => void, reach = 1): Rule {
    this.bracketedRules.add(name);
    const rule: Rule = this.RULE(name, () => {
      if (this.open > this.mostOpen && this.postpone(rule, reach)) return;
      this.open++;
      body();
      this.open--;
    });
    return rule;
  }

  private postpone(rule: Rule, reach: number): boolean {
    const parser = this as unknown as Internals;
    const { CST_STACK } = parser;
    const start = this.base + parser.exportLexerState() + 1;
    this.closeOf ??= matchBrackets(this.tokens);
    for (let at = 1; at <= reach; at++) {
      const type = this.LA(at).tokenTypeIdx;
      if (!isRound[type] && !(at === 1 && opens[type])) continue;
      const end = this.closeOf.get(start + at - 1);
      if (end === undefined) return false;
      this.postponed.push({ rule, node: CST_STACK[CST_STACK.length - 1]!, start, end });
      parser.importLexerState(end - this.base);
      return true;
    }
    return false;
  }

  /** The tree of all the tokens, or the index of the first that cannot stand where it does (their number for the end). */
  parse(rule: Rule, tokens: Token[]): CstNode | number {
    this.tokens = tokens;
    this.closeOf = undefined;
    this.postponed = [];
    try {
      let failed = Number.POSITIVE_INFINITY;
      const root = this.run(rule, 0, tokens.length, (at) => {
        failed = at;
      });
      for (let next = this.postponed.pop(); next; next = this.postponed.pop()) {
        const { node, start, end } = next;
        if (start > failed) continue;
        const tree = this.run(next.rule, start, end + 1, (at) => {
          failed = Math.min(failed, at);
        });
        Object.assign(node.children, tree?.children);
      }
      return root && !Number.isFinite(failed) ? root : failed;
    } finally {
      this.input = [];
      this.tokens = [];
    }
  }

  private run(rule: Rule, start: number, end: number, fail: (at: number) => void): CstNode | undefined {
    // A copy: Chevrotain lengthens its input while it reads.
    const input = this.tokens.slice(start, end);
    this.base = start;
    this.open = 0;
    this.input = input;
    const cst: CstNode | undefined = rule.call(this);
    const [error] = this.errors;
    if (error) fail(start + indexOf(error, input));
    return cst;
  }
}

function indexOf(error: IRecognitionException, tokens: readonly Token[]): number {
  const at = (tokens as readonly unknown[]).indexOf(error.token);
  return at < 0 ? tokens.length : at;
}
