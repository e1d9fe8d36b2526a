// Calls: arguments, ORDER BY, FILTER, WITHIN GROUP, and windows with their frames.
import type { TokenType } from 'chevrotain';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label, TypeGrammar } from './type-grammar.js';

const part = label('part');
const operator = label('operator');
const value = label('value');
const name = label('name');

const startsWindowClause = new Set<TokenType>([kw.PARTITION, kw.ROWS, kw.RANGE, kw.GROUPS]);

export abstract class CallGrammar extends TypeGrammar {
  private readonly callTails = [
    {
      ALT: () => {
        this.SUBRULE(this.argumentList);
        this.OPTION1(() => this.CONSUME1(t.StringConstant));
        this.OPTION2(() => this.SUBRULE(this.withinGroup));
        this.OPTION3(() => this.SUBRULE(this.filter));
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

  readonly withinGroup = this.bracketed(
    'withinGroup',
    () => {
      this.CONSUME(kw.WITHIN);
      this.CONSUME(kw.GROUP);
      this.CONSUME(t.LParen);
      this.SUBRULE(this.orderBy);
      this.CONSUME(t.RParen);
    },
    3,
  );

  readonly filter = this.bracketed(
    'filter',
    () => {
      this.CONSUME(kw.FILTER);
      this.CONSUME(t.LParen);
      this.CONSUME(kw.WHERE);
      this.SUBRULE(this.expression);
      this.CONSUME(t.RParen);
    },
    2,
  );

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

  readonly argumentList = this.bracketed('argumentList', () => {
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

  readonly windowSpec = this.bracketed('windowSpec', () => {
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
}
