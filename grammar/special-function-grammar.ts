// Functions with a syntax of their own: CAST, EXTRACT, TRIM, SUBSTRING, ….
import { CallGrammar } from './call-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label, type Rule } from './type-grammar.js';

const field = label('field');

export abstract class SpecialFunctionGrammar extends CallGrammar {
  /** PostgreSQL's b_expr. */
  protected abstract readonly plainExpression: Rule;

  private readonly casts = this.words('function', [kw.CAST, t.TRY_CAST, t.TREAT]);

  private readonly trimSides = this.words('side', [kw.BOTH, kw.LEADING, kw.TRAILING]);

  protected readonly normalForms = [kw.NFC, kw.NFD, kw.NFKC, kw.NFKD].map((type) => ({
    ALT: () => this.CONSUME(type, label('normalForm')),
  }));

  private readonly specialFunctions = [
    {
      ALT: () => {
        this.OR1(this.casts);
        this.CONSUME1(t.LParen);
        this.SUBRULE1(this.expression);
        this.CONSUME(kw.AS);
        this.SUBRULE(this.typeName);
        this.CONSUME1(t.RParen);
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.ListFunction, label('function'));
        this.CONSUME2(t.LParen);
        this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.expression) });
        this.CONSUME2(t.RParen);
      },
    },
    { ALT: () => this.CONSUME(t.ValueFunction, label('function')) },
    {
      ALT: () => {
        this.CONSUME(kw.CURRENT_SCHEMA, label('function'));
        this.OPTION6(() => this.SUBRULE(this.argumentList));
      },
    },
    { ALT: () => this.SUBRULE(this.collationFor) },
    {
      ALT: () => {
        this.CONSUME(t.TimeFunction, label('function'));
        this.OPTION1(() => {
          this.CONSUME3(t.LParen);
          this.CONSUME(t.Integer);
          this.CONSUME3(t.RParen);
        });
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.EXTRACT, label('function'));
        this.CONSUME4(t.LParen);
        this.OR2([{ ALT: () => this.CONSUME(t.ColId, field) }, { ALT: () => this.CONSUME(t.StringConstant, field) }]);
        this.CONSUME(kw.FROM);
        this.SUBRULE4(this.expression);
        this.CONSUME4(t.RParen);
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.NORMALIZE, label('function'));
        this.CONSUME5(t.LParen);
        this.SUBRULE5(this.expression);
        this.OPTION2(() => {
          this.CONSUME5(t.Comma);
          this.OR3(this.normalForms);
        });
        this.CONSUME5(t.RParen);
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.POSITION, label('function'));
        this.CONSUME6(t.LParen);
        this.SUBRULE1(this.plainExpression);
        this.CONSUME(kw.IN);
        this.SUBRULE2(this.plainExpression);
        this.CONSUME6(t.RParen);
      },
    },
    { ALT: () => this.SUBRULE(this.overlay) },
    { ALT: () => this.SUBRULE(this.substring) },
    {
      ALT: () => {
        this.CONSUME(t.TRIM, label('function'));
        this.CONSUME7(t.LParen);
        this.OPTION3(() => this.OR4(this.trimSides));
        this.OPTION4(() => this.SUBRULE7(this.expression, label('characters')));
        this.OPTION5(() => {
          this.OR5([{ ALT: () => this.CONSUME7(kw.FROM) }, { ALT: () => this.CONSUME7(t.Comma) }]);
          this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE8(this.expression) });
        });
        this.CONSUME7(t.RParen);
      },
    },
  ];

  /** Functions with a syntax of their own, CAST among them. */
  readonly specialFunction = this.bracketed('specialFunction', () => this.OR(this.specialFunctions), 2);

  readonly collationFor = this.bracketed(
    'collationFor',
    () => {
      this.CONSUME(t.COLLATION_FOR);
      this.CONSUME(kw.FOR);
      this.CONSUME(t.LParen);
      this.SUBRULE(this.expression);
      this.CONSUME(t.RParen);
    },
    3,
  );

  readonly overlay = this.RULE('overlay', () => {
    this.CONSUME(t.OVERLAY);
    this.CONSUME(t.LParen);
    this.OPTION(() => {
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
      this.OPTION1(() => {
        this.CONSUME(kw.PLACING);
        this.SUBRULE1(this.expression, label('placing'));
        this.CONSUME(kw.FROM);
        this.SUBRULE2(this.expression, label('from'));
        this.OPTION2(() => {
          this.CONSUME(kw.FOR);
          this.SUBRULE3(this.expression, label('for'));
        });
      });
    });
    this.CONSUME(t.RParen);
  });

  readonly substring = this.RULE('substring', () => {
    this.CONSUME(t.SUBSTRING);
    this.CONSUME(t.LParen);
    this.OPTION(() => {
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
      this.MANY(() =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(kw.FROM);
              this.SUBRULE1(this.expression, label('from'));
            },
          },
          {
            ALT: () => {
              this.CONSUME(kw.FOR);
              this.SUBRULE2(this.expression, label('for'));
            },
          },
          {
            ALT: () => {
              this.CONSUME(kw.SIMILAR);
              this.SUBRULE3(this.expression, label('similar'));
            },
          },
        ]),
      );
    });
    this.CONSUME(t.RParen);
  });
}
