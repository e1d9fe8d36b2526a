// The native grammar: `select <predicates or *>, project <paths>` over one tree. No subqueries; everything else of an expression.
import type { GrammarOptions } from './bracket-parser.js';
import { ExpressionGrammar } from './expression-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

export class NativeGrammar extends ExpressionGrammar {
  constructor(options: GrammarOptions = { skipValidations: true }) {
    super(options);
    this.performSelfAnalysis();
  }

  readonly nativeQuery = this.RULE('nativeQuery', () => {
    this.CONSUME(kw.SELECT);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () =>
        this.OR([
          { ALT: () => this.SUBRULE(this.expression) },
          { ALT: () => this.CONSUME(t.Star) },
          { ALT: () => this.SUBRULE(this.projection) },
        ]),
    });
    this.OPTION(() => this.CONSUME(t.Semicolon));
  });

  /** Takes the commas that follow it: nothing but paths comes after `project`. */
  readonly projection = this.RULE('projection', () => {
    this.CONSUME(t.PROJECT);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.path) });
  });

  /** `dir/Tree;75.Branch.SubBranch as name`; the scanner has made one token of a tree with its cycle. */
  readonly path = this.RULE('path', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.TreeCycle) },
      {
        ALT: () => {
          this.SUBRULE1(this.segment);
          this.MANY1(() => {
            this.CONSUME(t.Slash);
            this.SUBRULE2(this.segment);
          });
        },
      },
    ]);
    this.MANY2(() => {
      this.CONSUME(t.Dot);
      this.SUBRULE3(this.segment, label('branch'));
    });
    this.OPTION(() => {
      this.CONSUME(kw.AS);
      this.CONSUME(t.ColLabel, label('alias'));
    });
  });

  /** A name, or a pattern: `Muon_*`, `*_pt`, `*`. */
  readonly segment = this.RULE('segment', () => {
    this.OR([{ ALT: () => this.CONSUME1(t.ColLabel, label('name')) }, { ALT: () => this.CONSUME1(t.Star) }]);
    this.MANY(() =>
      this.OR1([{ ALT: () => this.CONSUME2(t.Star) }, { ALT: () => this.CONSUME2(t.ColId, label('name')) }]),
    );
  });

  protected readonly subquery = this.RULE('subquery', () => {
    this.CONSUME(t.QueryParen);
    this.CONSUME(t.RParen);
  });
}
