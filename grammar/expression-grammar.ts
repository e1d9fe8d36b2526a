// The expression grammar of both languages. Deliberately flat: operands and operators in a row; precedence is applied where the CST
// becomes an AST (src/parser/to-expr.ts), so a chain of any length is one node and an operand costs two rules, not twelve.
import type { CstNode, ParserMethod, TokenType } from 'chevrotain';
import { CstParser } from './chevrotain.js';
import { OneTokenLookahead } from './one-token-lookahead.js';
import * as t from './tokens.js';
import { kw, vocabulary } from './tokens.js';

export type Rule = ParserMethod<[], CstNode>;

const label = (LABEL: string) => ({ LABEL });
const part = label('part');
const field = label('field');
const lower = label('lower');
const upper = label('upper');
const operator = label('operator');
const value = label('value');
const name = label('name');

export abstract class ExpressionGrammar extends CstParser {
  constructor(options: { skipValidations: boolean }) {
    super(vocabulary, {
      maxLookahead: 1,
      recoveryEnabled: false,
      lookaheadStrategy: new OneTokenLookahead(),
      nodeLocationTracking: 'onlyOffset',
      ...options,
    });
  }

  /** `( SELECT … )`; only SQL has it. */
  protected abstract readonly subquery: Rule;

  // ---- operators and operands ----------------------------------------------------------------------------------------

  private readonly continuations = [
    {
      ALT: () => {
        this.CONSUME(t.BinaryOperator, operator);
        this.SUBRULE1(this.operand);
      },
    },
    { ALT: () => this.SUBRULE(this.predicate) },
  ];
  readonly expression = this.RULE('expression', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => this.OR(this.continuations));
  });

  private readonly plainContinuations = [
    {
      ALT: () => {
        this.CONSUME(t.SymbolOperator, operator);
        this.SUBRULE1(this.operand);
      },
    },
    { ALT: () => this.SUBRULE(this.plainPredicate) },
  ];
  /** PostgreSQL's b_expr: without AND, OR, NOT, IN, LIKE, BETWEEN. */
  readonly plainExpression = this.RULE('plainExpression', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => this.OR(this.plainContinuations));
  });

  private readonly prefixes = [
    { ALT: () => this.CONSUME(t.PrefixOperator, label('prefix')) },
    { ALT: () => this.SUBRULE(this.qualifiedOperator) },
  ];
  private readonly primaries = [
    { ALT: () => this.SUBRULE(this.nameExpression) },
    { ALT: () => this.CONSUME(t.Constant) },
    {
      ALT: () => {
        this.CONSUME(t.ExprParen);
        this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
        this.CONSUME(t.RParen);
      },
    },
    { ALT: () => this.SUBRULE(this.subquery) },
    { ALT: () => this.SUBRULE(this.typeFuncCall) },
    { ALT: () => this.SUBRULE(this.caseExpression) },
    { ALT: () => this.SUBRULE(this.specialFunction) },
    { ALT: () => this.SUBRULE(this.typedConstant) },
    { ALT: () => this.SUBRULE(this.arrayConstructor) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.struct) },
    { ALT: () => this.SUBRULE(this.lambda) },
    { ALT: () => this.SUBRULE(this.row) },
    { ALT: () => this.SUBRULE(this.quantified) },
    { ALT: () => this.SUBRULE(this.exists) },
    { ALT: () => this.CONSUME(t.TreeCycle) },
  ];
  /** With its prefix operators, casts, subscripts and fields. ANY and ALL stand where a right operand does. */
  readonly operand = this.RULE('operand', () => {
    this.MANY1(() => this.OR1(this.prefixes));
    this.OR2(this.primaries);
    this.MANY2(() => this.SUBRULE(this.postfix));
  });

  readonly qualifiedOperator = this.RULE('qualifiedOperator', () => {
    this.CONSUME(t.OPERATOR);
    this.CONSUME(t.LParen);
    this.MANY(() => {
      this.CONSUME(t.ColId, part);
      this.CONSUME(t.Dot);
    });
    this.CONSUME(t.SymbolOperator, operator);
    this.CONSUME(t.RParen);
  });

  /** What continues an expression by a word: LIKE, BETWEEN, IN, IS, COLLATE, …, with its right operand. */
  readonly predicate = this.RULE('predicate', () => {
    this.OPTION(() => this.CONSUME(t.NOT_LA));
    this.OR([
      {
        ALT: () => {
          this.OR1([
            { ALT: () => this.CONSUME(kw.LIKE) },
            { ALT: () => this.CONSUME(kw.ILIKE) },
            {
              ALT: () => {
                this.CONSUME(t.SIMILAR_TO);
                this.CONSUME(kw.TO);
              },
            },
            { ALT: () => this.CONSUME(kw.ESCAPE) },
            {
              ALT: () => {
                this.CONSUME(kw.AT);
                this.CONSUME(t.TypeWord);
                this.CONSUME(kw.ZONE);
              },
            },
            { ALT: () => this.SUBRULE(this.qualifiedOperator) },
          ]);
          this.SUBRULE1(this.operand);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.BETWEEN);
          this.OPTION1(() =>
            this.OR2([{ ALT: () => this.CONSUME(kw.SYMMETRIC) }, { ALT: () => this.CONSUME(kw.ASYMMETRIC) }]),
          );
          this.SUBRULE(this.plainExpression);
          this.CONSUME(kw.AND);
          this.SUBRULE2(this.operand);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.IN);
          this.OR3([
            {
              ALT: () => {
                this.CONSUME(t.ExprParen);
                this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
                this.CONSUME(t.RParen);
              },
            },
            { ALT: () => this.SUBRULE(this.subquery) },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.IS);
          this.OPTION2(() => this.CONSUME(kw.NOT));
          this.OR4([
            { ALT: () => this.CONSUME(kw.NULL) },
            { ALT: () => this.CONSUME(kw.TRUE) },
            { ALT: () => this.CONSUME(kw.FALSE) },
            { ALT: () => this.CONSUME(kw.UNKNOWN) },
            { ALT: () => this.CONSUME(kw.DOCUMENT) },
            {
              ALT: () => {
                this.OPTION3(() => this.OR5(this.normalForms));
                this.CONSUME(kw.NORMALIZED);
              },
            },
            {
              ALT: () => {
                this.CONSUME(kw.DISTINCT);
                this.CONSUME(kw.FROM);
                this.SUBRULE3(this.operand);
              },
            },
          ]);
        },
      },
      { ALT: () => this.CONSUME(kw.ISNULL) },
      { ALT: () => this.CONSUME(kw.NOTNULL) },
      {
        ALT: () => {
          this.CONSUME(kw.COLLATE);
          this.SUBRULE(this.anyName);
        },
      },
    ]);
  });

  private readonly normalForms = [kw.NFC, kw.NFD, kw.NFKC, kw.NFKD].map((type) => ({
    ALT: () => this.CONSUME(type, label('normalForm')),
  }));

  readonly plainPredicate = this.RULE('plainPredicate', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw.IS);
          this.OPTION(() => this.CONSUME(kw.NOT));
          this.CONSUME(kw.DISTINCT);
          this.CONSUME(kw.FROM);
        },
      },
      { ALT: () => this.SUBRULE(this.qualifiedOperator) },
    ]);
    this.SUBRULE(this.operand);
  });

  readonly postfix = this.RULE('postfix', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.TypeCast);
          this.SUBRULE(this.typeName);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LBracket);
          this.OPTION1(() => this.SUBRULE1(this.expression, lower));
          this.OPTION2(() => {
            this.CONSUME(t.Colon);
            this.OPTION3(() => this.SUBRULE2(this.expression, upper));
          });
          this.CONSUME(t.RBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.OR1([{ ALT: () => this.CONSUME(t.ColLabel, field) }, { ALT: () => this.CONSUME(t.Star) }]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.OVERLAPS);
          this.OPTION4(() => this.CONSUME(t.ROW_CALL));
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE3(this.expression) });
          this.CONSUME(t.RParen);
        },
      },
    ]);
  });

  // ---- names and calls -----------------------------------------------------------------------------------------------

  private readonly fieldOrStar = [{ ALT: () => this.CONSUME(t.ColLabel, part) }, { ALT: () => this.CONSUME(t.Star) }];
  /** A column, a call, or a typed literal (`date '2024-01-01'`): told apart by what follows the name. */
  readonly nameExpression = this.RULE('nameExpression', () => {
    this.CONSUME(t.ColId, part);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.OR(this.fieldOrStar);
    });
    this.OPTION(() => this.SUBRULE(this.callTail));
  });

  readonly typeFuncCall = this.RULE('typeFuncCall', () => {
    this.CONSUME(t.TypeFuncWord, part);
    this.SUBRULE(this.callTail);
  });

  private readonly callTails = [
    {
      ALT: () => {
        this.SUBRULE(this.argumentList);
        this.OPTION1(() => this.CONSUME1(t.StringConstant));
        this.OPTION2(() => {
          this.CONSUME(kw.WITHIN);
          this.CONSUME(kw.GROUP);
          this.CONSUME1(t.LParen);
          this.SUBRULE(this.orderBy);
          this.CONSUME1(t.RParen);
        });
        this.OPTION3(() => {
          this.CONSUME(kw.FILTER);
          this.CONSUME2(t.LParen);
          this.CONSUME(kw.WHERE);
          this.SUBRULE(this.expression, label('filter'));
          this.CONSUME2(t.RParen);
        });
        this.OPTION4(() => {
          this.CONSUME(t.NullTreatment);
          this.CONSUME(t.UnreservedWord);
        });
        this.OPTION5(() => {
          this.CONSUME(kw.OVER);
          this.OR2([{ ALT: () => this.CONSUME(t.ColId, name) }, { ALT: () => this.SUBRULE(this.windowSpec) }]);
        });
      },
    },
    { ALT: () => this.CONSUME2(t.StringConstant) },
  ];
  readonly callTail = this.RULE('callTail', () => {
    this.OR(this.callTails);
  });

  private readonly argumentLists = [
    { ALT: () => this.CONSUME(t.Star) },
    {
      ALT: () => {
        this.OPTION1(() =>
          this.OR1([
            { ALT: () => this.CONSUME(kw.DISTINCT) },
            { ALT: () => this.CONSUME(kw.ALL), IGNORE_AMBIGUITIES: true },
          ]),
        );
        this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
        this.OPTION2(() => this.SUBRULE(this.orderBy));
        this.OPTION3(() => {
          this.CONSUME(t.NullTreatment);
          this.CONSUME(t.UnreservedWord);
        });
      },
    },
  ];
  readonly argumentList = this.RULE('argumentList', () => {
    this.CONSUME(t.LParen);
    this.OPTION(() => this.OR(this.argumentLists));
    this.CONSUME(t.RParen);
  });

  readonly argument = this.RULE('argument', () => {
    this.OPTION1(() => this.CONSUME(kw.VARIADIC));
    this.SUBRULE1(this.expression);
    this.OPTION2(() => {
      this.OR([{ ALT: () => this.CONSUME(t.EqualsGreater) }, { ALT: () => this.CONSUME(t.ColonEquals) }]);
      this.SUBRULE2(this.expression, value);
    });
  });

  readonly orderBy = this.RULE('orderBy', () => {
    this.CONSUME(kw.ORDER);
    this.CONSUME(kw.BY);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.sortItem) });
  });

  readonly sortItem = this.RULE('sortItem', () => {
    this.SUBRULE(this.expression);
    this.OPTION1(() =>
      this.OR1([
        { ALT: () => this.CONSUME(kw.ASC) },
        { ALT: () => this.CONSUME(kw.DESC) },
        {
          ALT: () => {
            this.CONSUME(kw.USING);
            this.OR2([
              { ALT: () => this.CONSUME(t.SymbolOperator, operator) },
              { ALT: () => this.SUBRULE(this.qualifiedOperator) },
            ]);
          },
        },
      ]),
    );
    this.OPTION2(() => {
      this.CONSUME(t.NULLS_LA);
      this.OR3([{ ALT: () => this.CONSUME(kw.FIRST) }, { ALT: () => this.CONSUME(kw.LAST) }]);
    });
  });

  readonly windowSpec = this.RULE('windowSpec', () => {
    this.CONSUME(t.LParen);
    // PostgreSQL too reads these words as the start of a clause, never as a window's name.
    this.OPTION1({
      GATE: () => !startsWindowClause.has(this.LA(1).tokenType),
      DEF: () => this.CONSUME(t.ColId, name),
    });
    this.OPTION2(() => {
      this.CONSUME(kw.PARTITION);
      this.CONSUME(kw.BY);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    });
    this.OPTION3(() => this.SUBRULE(this.orderBy));
    this.OPTION4(() => this.SUBRULE(this.frame));
    this.CONSUME(t.RParen);
  });

  readonly frame = this.RULE('frame', () => {
    this.OR1([
      { ALT: () => this.CONSUME(kw.ROWS) },
      { ALT: () => this.CONSUME(kw.RANGE) },
      { ALT: () => this.CONSUME(kw.GROUPS) },
    ]);
    this.OR2([
      {
        IGNORE_AMBIGUITIES: true,
        ALT: () => {
          this.CONSUME(kw.BETWEEN);
          this.SUBRULE1(this.frameBound);
          this.CONSUME(kw.AND);
          this.SUBRULE2(this.frameBound);
        },
      },
      { ALT: () => this.SUBRULE3(this.frameBound) },
    ]);
    this.OPTION(() => {
      this.CONSUME(kw.EXCLUDE);
      this.OR3([
        {
          ALT: () => {
            this.CONSUME(kw.CURRENT);
            this.CONSUME(kw.ROW);
          },
        },
        { ALT: () => this.CONSUME(kw.GROUP) },
        { ALT: () => this.CONSUME(kw.TIES) },
        {
          ALT: () => {
            this.CONSUME(kw.NO);
            this.CONSUME(kw.OTHERS);
          },
        },
      ]);
    });
  });

  readonly frameBound = this.RULE('frameBound', () => {
    this.OR1([
      {
        IGNORE_AMBIGUITIES: true,
        ALT: () => {
          this.CONSUME(kw.UNBOUNDED);
          this.OR2([{ ALT: () => this.CONSUME1(kw.PRECEDING) }, { ALT: () => this.CONSUME1(kw.FOLLOWING) }]);
        },
      },
      {
        IGNORE_AMBIGUITIES: true,
        ALT: () => {
          this.CONSUME(kw.CURRENT);
          this.CONSUME(kw.ROW);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.expression);
          this.OR3([{ ALT: () => this.CONSUME2(kw.PRECEDING) }, { ALT: () => this.CONSUME2(kw.FOLLOWING) }]);
        },
      },
    ]);
  });

  // ---- other operands ------------------------------------------------------------------------------------------------

  readonly caseExpression = this.RULE('caseExpression', () => {
    this.CONSUME(kw.CASE);
    this.OPTION1(() => this.SUBRULE1(this.expression, label('subject')));
    this.AT_LEAST_ONE(() => {
      this.CONSUME(kw.WHEN);
      this.SUBRULE2(this.expression, label('when'));
      this.CONSUME(kw.THEN);
      this.SUBRULE3(this.expression, label('then'));
    });
    this.OPTION2(() => {
      this.CONSUME(kw.ELSE);
      this.SUBRULE4(this.expression, label('otherwise'));
    });
    this.CONSUME(kw.END);
  });

  readonly arrayConstructor = this.RULE('arrayConstructor', () => {
    this.CONSUME(kw.ARRAY);
    this.OR([{ ALT: () => this.SUBRULE(this.list) }, { ALT: () => this.SUBRULE(this.subquery) }]);
  });

  readonly list = this.RULE('list', () => {
    this.CONSUME(t.LBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RBracket);
  });

  readonly struct = this.RULE('struct', () => {
    this.CONSUME(t.LBrace);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        this.OR([{ ALT: () => this.CONSUME(t.StringConstant, field) }, { ALT: () => this.CONSUME(t.ColLabel, field) }]);
        this.CONSUME(t.Colon);
        this.SUBRULE(this.expression);
      },
    });
    this.CONSUME(t.RBrace);
  });

  readonly lambda = this.RULE('lambda', () => {
    this.CONSUME(t.LAMBDA);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.ColId, name) });
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
  });

  readonly row = this.RULE('row', () => {
    this.CONSUME(t.ROW_CALL);
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RParen);
  });

  readonly quantified = this.RULE('quantified', () => {
    this.OR1([
      { ALT: () => this.CONSUME(kw.ANY) },
      { ALT: () => this.CONSUME(kw.SOME) },
      { ALT: () => this.CONSUME(kw.ALL) },
    ]);
    this.OR2([
      {
        ALT: () => {
          this.CONSUME(t.ExprParen);
          this.SUBRULE(this.expression);
          this.CONSUME(t.RParen);
        },
      },
      { ALT: () => this.SUBRULE(this.subquery) },
    ]);
  });

  readonly exists = this.RULE('exists', () => {
    this.CONSUME(t.EXISTS);
    this.SUBRULE(this.subquery);
  });

  private words(labelled: string, types: readonly TokenType[]) {
    return types.map((type) => ({ ALT: () => this.CONSUME(type, label(labelled)) }));
  }

  private readonly casts = this.words('function', [kw.CAST, t.TRY_CAST, t.TREAT]);
  private readonly trimSides = this.words('side', [kw.BOTH, kw.LEADING, kw.TRAILING]);
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
    {
      ALT: () => {
        this.CONSUME(t.COLLATION_FOR, label('function'));
        this.CONSUME(kw.FOR);
        this.CONSUME8(t.LParen);
        this.SUBRULE6(this.expression);
        this.CONSUME8(t.RParen);
      },
    },
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
  readonly specialFunction = this.RULE('specialFunction', () => {
    this.OR(this.specialFunctions);
  });

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

  // ---- types ---------------------------------------------------------------------------------------------------------

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

  readonly typeModifiers = this.RULE('typeModifiers', () => {
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

const startsWindowClause = new Set<TokenType>([kw.PARTITION, kw.ROWS, kw.RANGE, kw.GROUPS]);
