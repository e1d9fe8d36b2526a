// FROM: tables, functions, joins.
import type { TokenType } from 'chevrotain';
import { ExpressionGrammar } from './expression-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

const aliasName = label('alias');
const name = label('name');

const isCondition = (type: TokenType) => type === kw.ON || type === kw.USING;

export abstract class FromGrammar extends ExpressionGrammar {
  /** Joins whose condition has not come yet. */
  private pendingJoins = 0;

  private readonly joinSteps = {
    GATE: () => this.pendingJoins > 0 || !isCondition(this.LA(1).tokenType),
    DEF: () => this.SUBRULE(this.join),
  };

  /** One item of a FROM list, as flat as expressions are: tables, joins and conditions in a row. */
  readonly joinTree = this.RULE('joinTree', () => {
    const outer = this.pendingJoins;
    this.pendingJoins = 0;
    this.SUBRULE(this.tablePrimary);
    this.MANY(this.joinSteps);
    if (this.pendingJoins > 0) this.CONSUME(kw.ON);
    this.pendingJoins = outer;
  });

  private readonly joinTypes = [
    { ALT: () => this.CONSUME(kw.INNER) },
    {
      ALT: () => {
        this.OR2([kw.LEFT, kw.RIGHT, kw.FULL].map((type) => ({ ALT: () => this.CONSUME(type, label('side')) })));
        this.OPTION1(() => this.CONSUME(kw.OUTER));
      },
    },
  ];

  private readonly joins = [
    {
      ALT: () => {
        this.OPTION2(() => this.OR3(this.joinTypes));
        this.CONSUME1(kw.JOIN);
        this.SUBRULE1(this.tablePrimary);
        this.pendingJoins++;
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.CROSS);
        this.CONSUME2(kw.JOIN);
        this.SUBRULE2(this.tablePrimary);
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.NATURAL);
        this.OPTION3(() => this.SUBRULE(this.joinType));
        this.CONSUME3(kw.JOIN);
        this.SUBRULE3(this.tablePrimary);
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.ON);
        this.SUBRULE(this.expression);
        this.pendingJoins--;
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.USING);
        this.SUBRULE(this.nameList);
        this.OPTION4(() => {
          this.CONSUME(kw.AS);
          this.CONSUME(t.ColId, aliasName);
        });
        this.pendingJoins--;
      },
    },
  ];

  /** A join with its right side, or the condition of the last one that waits for its. */
  readonly join = this.RULE('join', () => {
    this.OR1(this.joins);
  });

  readonly joinType = this.RULE('joinType', () => {
    this.OR3(this.joinTypes);
  });

  private readonly tablePrimaries = [
    {
      ALT: () => {
        this.SUBRULE1(this.relationOrCall);
        this.OPTION2(() => this.SUBRULE2(this.alias));
        this.OPTION3(() => this.SUBRULE(this.sample));
      },
    },
    {
      ALT: () => {
        this.SUBRULE2(this.subquery);
        this.OPTION4(() => this.SUBRULE3(this.alias));
      },
    },
    {
      ALT: () => {
        this.SUBRULE(this.joinParens);
        this.OPTION5(() => this.SUBRULE4(this.alias));
      },
    },
    {
      ALT: () => {
        this.SUBRULE(this.onlyRelation);
        this.OPTION6(() => this.SUBRULE5(this.alias));
        this.OPTION7(() => this.SUBRULE1(this.sample));
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.LATERAL);
        this.OR1([
          { ALT: () => this.SUBRULE3(this.subquery) },
          { ALT: () => this.SUBRULE3(this.relationOrCall) },
          { ALT: () => this.SUBRULE3(this.functionSource) },
        ]);
        this.OPTION8(() => this.SUBRULE6(this.alias));
      },
    },
    {
      ALT: () => {
        this.SUBRULE4(this.functionSource);
        this.OPTION9(() => this.SUBRULE7(this.alias));
      },
    },
  ];

  readonly joinParens = this.bracketed('joinParens', () => {
    this.CONSUME(t.ExprParen);
    this.SUBRULE(this.joinTree);
    this.CONSUME(t.RParen);
  });

  readonly tablePrimary = this.RULE('tablePrimary', () => {
    this.OR(this.tablePrimaries);
  });

  /** `t`, `s.t *`, `f(x) WITH ORDINALITY`. */
  readonly relationOrCall = this.RULE('relationOrCall', () => {
    this.CONSUME(t.ColId, label('part'));
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME(t.ColLabel, label('part'));
    });
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.SUBRULE(this.argumentList);
            this.OPTION1(() => this.SUBRULE(this.ordinality));
          },
        },
        { ALT: () => this.CONSUME(t.Star) },
      ]),
    );
  });

  readonly ordinality = this.RULE('ordinality', () => {
    this.CONSUME(t.WITH_LA);
    this.CONSUME(kw.ORDINALITY);
  });

  /** Calls that do not start with a name. */
  readonly functionSource = this.RULE('functionSource', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.specialFunction) },
      {
        ALT: () => {
          this.CONSUME(t.TypeFuncWord);
          this.SUBRULE(this.argumentList);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.ROWS_FROM);
          this.CONSUME(kw.FROM);
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.rowsFromItem) });
          this.CONSUME(t.RParen);
        },
      },
    ]);
    this.OPTION2(() => this.SUBRULE(this.ordinality));
  });

  readonly rowsFromItem = this.RULE('rowsFromItem', () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.anyName);
          this.SUBRULE1(this.argumentList);
        },
      },
      { ALT: () => this.SUBRULE(this.specialFunction) },
      {
        ALT: () => {
          this.CONSUME(t.TypeFuncWord);
          this.SUBRULE2(this.argumentList);
        },
      },
    ]);
    this.OPTION(() => {
      this.CONSUME(kw.AS);
      this.SUBRULE(this.columnList);
    });
  });

  readonly relation = this.RULE('relation', () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.anyName);
          this.OPTION(() => this.CONSUME(t.Star));
        },
      },
      { ALT: () => this.SUBRULE(this.onlyRelation) },
    ]);
  });

  readonly onlyRelation = this.RULE('onlyRelation', () => {
    this.CONSUME(kw.ONLY);
    this.OR([
      { ALT: () => this.SUBRULE1(this.anyName) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.SUBRULE2(this.anyName);
          this.CONSUME(t.RParen);
        },
      },
    ]);
  });

  readonly alias = this.RULE('alias', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw.AS);
          this.OR1([
            {
              ALT: () => {
                this.CONSUME1(t.ColId, aliasName);
                this.OPTION1(() => this.SUBRULE1(this.columnList));
              },
            },
            { ALT: () => this.SUBRULE2(this.columnList) },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME2(t.ColId, aliasName);
          this.OPTION2(() => this.SUBRULE3(this.columnList));
        },
      },
    ]);
  });

  /** `(a, b)` or `(a int, b text)`. */
  readonly columnList = this.RULE('columnList', () => {
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.columnDef) });
    this.CONSUME(t.RParen);
  });

  readonly columnDef = this.RULE('columnDef', () => {
    this.CONSUME(t.ColId, name);
    this.OPTION1(() => this.SUBRULE(this.typeName));
    this.OPTION2(() => {
      this.CONSUME(kw.COLLATE);
      this.SUBRULE(this.anyName);
    });
  });

  readonly sample = this.RULE('sample', () => {
    this.CONSUME(kw.TABLESAMPLE);
    this.OR([{ ALT: () => this.SUBRULE(this.anyName) }, { ALT: () => this.CONSUME(t.TypeFuncWord, label('method')) }]);
    this.CONSUME1(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME1(t.RParen);
    this.OPTION(() => {
      this.CONSUME(kw.REPEATABLE);
      this.CONSUME2(t.LParen);
      this.SUBRULE1(this.expression, label('repeatable'));
      this.CONSUME2(t.RParen);
    });
  });

  readonly nameList = this.RULE('nameList', () => {
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.ColId, name) });
    this.CONSUME(t.RParen);
  });
}
