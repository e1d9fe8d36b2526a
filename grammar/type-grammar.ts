// Types and typed literals: the first chapter of the grammar. Each chapter is a class over the one before; Chevrotain wants one parser.
import type { TokenType } from 'chevrotain';
import { BracketParser, type Rule } from './bracket-parser.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';

export type { Rule };

/** The option that names a token or a node in the syntax tree by its role. */
export const label = (LABEL: string) => ({ LABEL });
const part = label('part');

export abstract class TypeGrammar extends BracketParser {
  protected abstract readonly expression: Rule;

  /** One alternative per token type, all under one label. */
  protected words(labelled: string, types: readonly TokenType[]) {
    return types.map((type) => ({ ALT: () => this.CONSUME(type, label(labelled)) }));
  }

  readonly typedConstant = this.RULE('typedConstant', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.keywordType) },
      {
        ALT: () => {
          this.CONSUME(t.INTERVAL);
          this.OPTION(() => this.SUBRULE(this.typeModifiers));
        },
      },
    ]);
    this.CONSUME(t.StringConstant);
    this.OPTION1(() => this.SUBRULE(this.intervalFields));
  });

  /** Types of more than one word. */
  readonly keywordType = this.RULE('keywordType', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.DOUBLE);
          this.CONSUME(kw.PRECISION);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.VaryingType);
          this.CONSUME1(kw.VARYING);
          this.OPTION1(() => this.SUBRULE1(this.typeModifiers));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.NATIONAL);
          this.OR1([
            { ALT: () => this.CONSUME(t.TypeWordAs) },
            {
              ALT: () => {
                this.CONSUME2(t.VaryingType);
                this.CONSUME2(kw.VARYING);
              },
            },
          ]);
          this.OPTION2(() => this.SUBRULE2(this.typeModifiers));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.TimeType);
          this.OPTION3(() => this.SUBRULE3(this.typeModifiers));
          this.OPTION4(() => {
            this.OR2([{ ALT: () => this.CONSUME(t.WITH_LA) }, { ALT: () => this.CONSUME(kw.WITHOUT) }]);
            this.CONSUME(t.TypeWord);
            this.CONSUME(kw.ZONE);
          });
        },
      },
    ]);
  });

  readonly typeModifiers = this.bracketed('typeModifiers', () => {
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RParen);
  });

  readonly intervalFields = this.RULE('intervalFields', () => {
    this.CONSUME1(t.IntervalField);
    this.OPTION1(() => this.SUBRULE1(this.typeModifiers));
    this.OPTION2(() => {
      this.CONSUME(kw.TO);
      this.CONSUME2(t.IntervalField);
      this.OPTION3(() => this.SUBRULE2(this.typeModifiers));
    });
  });

  private readonly types = [
    {
      ALT: () => {
        this.CONSUME(t.TypeStart, part);
        this.MANY1(() => {
          this.CONSUME(t.Dot);
          this.CONSUME(t.ColLabel, part);
        });
        this.OPTION1(() => this.SUBRULE1(this.typeModifiers));
      },
    },
    { ALT: () => this.SUBRULE(this.keywordType) },
    {
      ALT: () => {
        this.CONSUME(t.INTERVAL);
        this.OPTION2(() =>
          this.OR1([
            { ALT: () => this.SUBRULE2(this.typeModifiers) },
            { ALT: () => this.SUBRULE(this.intervalFields) },
          ]),
        );
      },
    },
  ];

  readonly typeName = this.RULE('typeName', () => {
    this.OR(this.types);
    this.OPTION3(() =>
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(kw.ARRAY);
            this.OPTION4(() => {
              this.CONSUME1(t.LBracket);
              this.CONSUME1(t.Integer);
              this.CONSUME1(t.RBracket);
            });
          },
        },
        {
          ALT: () =>
            this.AT_LEAST_ONE(() => {
              this.CONSUME2(t.LBracket);
              this.OPTION5(() => this.CONSUME2(t.Integer));
              this.CONSUME2(t.RBracket);
            }),
        },
      ]),
    );
  });

  readonly anyName = this.RULE('anyName', () => {
    this.CONSUME(t.ColId, part);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME(t.ColLabel, part);
    });
  });
}
