// The SQL grammar: scripts, statements and EXPLAIN.
import type { GrammarOptions } from './bracket-parser.js';
import { SessionGrammar } from './session-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

const name = label('name');

export class SqlGrammar extends SessionGrammar {
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

  private readonly statements = [
    { ALT: () => this.SUBRULE(this.dataChange) },
    { ALT: () => this.SUBRULE(this.query) },
    { ALT: () => this.SUBRULE(this.explain) },
    { ALT: () => this.SUBRULE(this.create) },
    { ALT: () => this.SUBRULE(this.alterTable) },
    { ALT: () => this.SUBRULE(this.drop) },
    { ALT: () => this.SUBRULE(this.comment) },
    { ALT: () => this.SUBRULE(this.truncate) },
    { ALT: () => this.SUBRULE(this.copy) },
    { ALT: () => this.SUBRULE(this.set) },
    { ALT: () => this.SUBRULE(this.showOrReset) },
    { ALT: () => this.SUBRULE(this.begin) },
    { ALT: () => this.SUBRULE(this.finish) },
    { ALT: () => this.SUBRULE(this.savepoint) },
    { ALT: () => this.SUBRULE(this.prepare) },
    { ALT: () => this.SUBRULE(this.execute) },
    { ALT: () => this.SUBRULE(this.deallocate) },
    { ALT: () => this.SUBRULE(this.declare) },
    { ALT: () => this.SUBRULE(this.fetchCursor) },
    { ALT: () => this.SUBRULE(this.close) },
    { ALT: () => this.SUBRULE(this.discard) },
    { ALT: () => this.SUBRULE(this.listen) },
    { ALT: () => this.SUBRULE(this.analyze) },
  ];
  readonly statement = this.RULE('statement', () => {
    this.OR(this.statements);
  });

  readonly explain = this.RULE('explain', () => {
    this.CONSUME(kw.EXPLAIN);
    this.OPTION1(() =>
      this.OR1([
        {
          ALT: () => {
            this.CONSUME(t.ExprParen);
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.explainOption) });
            this.CONSUME(t.RParen);
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw.ANALYZE);
            this.OPTION2(() => this.CONSUME1(kw.VERBOSE));
          },
        },
        { ALT: () => this.CONSUME2(kw.VERBOSE) },
      ]),
    );
    this.OR2([
      { ALT: () => this.SUBRULE(this.dataChange) },
      { ALT: () => this.SUBRULE(this.query) },
      { ALT: () => this.SUBRULE(this.create) },
      { ALT: () => this.SUBRULE(this.declare) },
      { ALT: () => this.SUBRULE(this.execute) },
    ]);
  });

  readonly explainOption = this.RULE('explainOption', () => {
    this.OR1([
      { ALT: () => this.CONSUME1(t.ColId, name) },
      { ALT: () => this.CONSUME1(t.TypeFuncWord, name) },
      { ALT: () => this.CONSUME(kw.ANALYZE, name) },
    ]);
    this.OPTION(() =>
      this.OR2([
        { ALT: () => this.CONSUME2(t.ColLabel, label('value')) },
        { ALT: () => this.CONSUME(t.StringConstant, label('value')) },
        {
          ALT: () => {
            this.OPTION1(() =>
              this.OR3([
                { ALT: () => this.CONSUME(t.Minus, label('sign')) },
                { ALT: () => this.CONSUME(t.Plus, label('sign')) },
              ]),
            );
            this.OR4([
              { ALT: () => this.CONSUME(t.Integer, label('value')) },
              { ALT: () => this.CONSUME(t.Decimal, label('value')) },
            ]);
          },
        },
      ]),
    );
  });
}
