// The expression grammar of both languages. Deliberately flat: operands and operators in a row; precedence is applied where the CST
// becomes an AST (src/parser/to-expr.ts), so a chain of any length is one node and an operand costs two rules, not twelve.
import { SpecialFunctionGrammar } from './special-function-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label, type Rule } from './type-grammar.js';

const part = label('part');
const field = label('field');
const lower = label('lower');
const upper = label('upper');
const operator = label('operator');
const name = label('name');

export abstract class ExpressionGrammar extends SpecialFunctionGrammar {
  /** `( SELECT … )`; only SQL has it. */
  protected abstract readonly subquery: Rule;

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
    { ALT: () => this.SUBRULE(this.lambdaHead) },
  ];

  private readonly primaries = [
    { ALT: () => this.SUBRULE(this.nameExpression) },
    { ALT: () => this.CONSUME(t.Constant) },
    { ALT: () => this.SUBRULE(this.parens) },
    { ALT: () => this.SUBRULE(this.subquery) },
    { ALT: () => this.SUBRULE(this.typeFuncCall) },
    { ALT: () => this.SUBRULE(this.caseExpression) },
    { ALT: () => this.SUBRULE(this.specialFunction) },
    { ALT: () => this.SUBRULE(this.typedConstant) },
    { ALT: () => this.SUBRULE(this.arrayConstructor) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.struct) },
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
          this.OR3([{ ALT: () => this.SUBRULE(this.parens) }, { ALT: () => this.SUBRULE(this.subquery) }]);
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
      { ALT: () => this.SUBRULE(this.subscript) },
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.OR1([{ ALT: () => this.CONSUME(t.ColLabel, field) }, { ALT: () => this.CONSUME(t.Star) }]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.OVERLAPS);
          this.SUBRULE(this.overlapsRow);
        },
      },
    ]);
  });

  readonly subscript = this.bracketed('subscript', () => {
    this.CONSUME(t.LBracket);
    this.OPTION1(() => this.SUBRULE1(this.expression, lower));
    this.OPTION2(() => {
      this.CONSUME(t.Colon);
      this.OPTION3(() => this.SUBRULE2(this.expression, upper));
    });
    this.CONSUME(t.RBracket);
  });

  readonly overlapsRow = this.bracketed(
    'overlapsRow',
    () => {
      this.OPTION(() => this.CONSUME(t.ROW_CALL));
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
      this.CONSUME(t.RParen);
    },
    2,
  );

  /** An expression in parentheses, a row, or the list of IN. */
  readonly parens = this.bracketed('parens', () => {
    this.CONSUME(t.ExprParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RParen);
  });

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

  readonly caseExpression = this.bracketed('caseExpression', () => {
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

  readonly list = this.bracketed('list', () => {
    this.CONSUME(t.LBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RBracket);
  });

  readonly struct = this.bracketed('struct', () => {
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

  /** The body is what follows, to the end of the expression: the loosest of the prefix operators. */
  readonly lambdaHead = this.RULE('lambdaHead', () => {
    this.CONSUME(t.LAMBDA);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.ColId, name) });
    this.CONSUME(t.Colon);
  });

  readonly row = this.bracketed(
    'row',
    () => {
      this.CONSUME(t.ROW_CALL);
      this.CONSUME(t.LParen);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
      this.CONSUME(t.RParen);
    },
    2,
  );

  readonly quantified = this.bracketed(
    'quantified',
    () => {
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
    },
    2,
  );

  readonly exists = this.RULE('exists', () => {
    this.CONSUME(t.EXISTS);
    this.SUBRULE(this.subquery);
  });
}
