// What may follow a beginning of a sentence, read off the parsers' own decisions: of every question that is asked at the end of the
// tokens, the types that would have answered it. No second grammar, and one parse.
import type { BaseParser, IOrAlt, OptionalProductionType, Rule, TokenType } from 'chevrotain';
import { EOF } from './chevrotain.js';
import { NativeGrammar } from './native-grammar.js';
import { OneTokenLookahead } from './one-token-lookahead.js';
import type { StartRule } from './parse.js';
import { SqlGrammar } from './sql-grammar.js';
import type { Token } from './tokens.js';
import * as t from './tokens.js';

class RecordingLookahead extends OneTokenLookahead {
  asked: ReadonlySet<number>[] = [];

  override buildLookaheadForAlternation(options: { prodOccurrence: number; rule: Rule; hasPredicates: boolean }) {
    const decide = super.buildLookaheadForAlternation(options);
    const types = this.typesOf(options.rule, 'Alternation', options.prodOccurrence);
    const note = (parser: BaseParser) => this.note(parser, types);
    return function (this: BaseParser, alternatives?: IOrAlt<unknown>[]): number | undefined {
      note(this);
      return decide.call(this, alternatives);
    };
  }

  override buildLookaheadForOptional(options: {
    prodOccurrence: number;
    prodType: OptionalProductionType;
    rule: Rule;
  }) {
    const decide = super.buildLookaheadForOptional(options);
    const types = this.typesOf(options.rule, options.prodType, options.prodOccurrence);
    const note = (parser: BaseParser) => this.note(parser, types);
    return function (this: BaseParser): boolean {
      note(this);
      return decide.call(this);
    };
  }

  note(parser: BaseParser, types: ReadonlySet<number>): void {
    if ((parser as unknown as { LA(k: number): Token }).LA(1).tokenType === EOF) this.asked.push(types);
  }
}

type Parser = SqlGrammar | NativeGrammar;
const parsers = new Map<Parser['constructor'], { parser: Parser; lookahead: RecordingLookahead }>();

function recorder<P extends Parser>(
  make: new (options: { skipValidations: boolean; lookahead: OneTokenLookahead }) => P,
) {
  let found = parsers.get(make);
  if (!found) {
    const lookahead = new RecordingLookahead();
    const parser = new make({ skipValidations: true, lookahead });
    parser.mostOpen = Number.POSITIVE_INFINITY;
    const internals = parser as unknown as { consumeInternal: (type: TokenType, ...rest: unknown[]) => unknown };
    const consume = internals.consumeInternal;
    internals.consumeInternal = function (type, ...rest) {
      lookahead.note(parser as unknown as BaseParser, new Set([type.tokenTypeIdx!, ...(type.categoryMatches ?? [])]));
      return consume.call(this, type, ...rest);
    };
    found = { parser, lookahead };
    parsers.set(make, found);
  }
  return found as { parser: P; lookahead: RecordingLookahead };
}

/** Sets of token types, one per question; none where the tokens are no beginning of a sentence. */
export function expectedAfter(rule: StartRule, tokens: Token[]): readonly ReadonlySet<number>[] {
  const { lookahead, parser } = rule === 'nativeQuery' ? recorder(NativeGrammar) : recorder(SqlGrammar);
  lookahead.asked = [];
  const run =
    parser instanceof NativeGrammar ? parser.nativeQuery : parser[rule === 'expression' ? 'expression' : 'script'];
  try {
    const result = parser.parse(run, tokens);
    return typeof result === 'number' && result < tokens.length ? [] : lookahead.asked;
  } catch (error) {
    // Brackets are not put aside here: what fills the stack is not completed.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** Words by the type they have where they are expected. */
export const wordOfType: ReadonlyMap<number, string> = new Map([
  ...Object.entries(t.kw).map(([word, type]) => [type.tokenTypeIdx!, word.toLowerCase()] as const),
  ...(
    [
      [t.VALUES, 'values'],
      [t.EXISTS, 'exists'],
      [t.NOT_LA, 'not'],
      [t.SIMILAR_TO, 'similar'],
      [t.NULLS_LA, 'nulls'],
      [t.GROUPING_SETS, 'grouping'],
      [t.WITH_LA, 'with'],
      [t.WITH_CHANGE, 'with'],
      [t.PROJECT, 'project'],
      [t.IF_EXISTS, 'if'],
    ] as const
  ).map(([type, word]) => [type.tokenTypeIdx!, word] as const),
]);
