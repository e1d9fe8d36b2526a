// Scripts of nothing but queries: the SQL grammar without its other statements, which take as long to build as all the rest.
import type { GrammarOptions } from './bracket-parser.js';
import { QueryGrammar } from './query-grammar.js';
import type { Token } from './tokens.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';

const queryStarts = new Set([kw.SELECT, kw.WITH, t.WITH_LA, kw.TABLE, t.VALUES, t.QueryParen]);

/** Whether {@link SelectGrammar} says of these tokens what the whole grammar would. */
export function isSelectScript(tokens: readonly Token[]): boolean {
  let isStart = true;
  for (const { tokenType } of tokens) {
    if (tokenType === t.ChangeParen) return false;
    if (isStart && tokenType !== t.Semicolon && !queryStarts.has(tokenType)) return false;
    isStart = tokenType === t.Semicolon;
  }
  return true;
}

export class SelectGrammar extends QueryGrammar {
  constructor(options: GrammarOptions = { skipValidations: true }) {
    super(options);
    this.performSelfAnalysis();
  }

  readonly script = this.RULE('script', () => {
    this.OPTION1(() => this.SUBRULE1(this.statement));
    this.MANY(() => {
      this.CONSUME(t.Semicolon);
      this.OPTION2(() => this.SUBRULE2(this.statement));
    });
  });

  readonly statement = this.RULE('statement', () => {
    this.SUBRULE(this.query);
  });

  protected readonly changeInParens = this.RULE('changeInParens', () => {
    this.CONSUME(t.ChangeParen);
    this.CONSUME(t.RParen);
  });
}
