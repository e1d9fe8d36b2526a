// The SQL grammar: scripts, EXPLAIN, and PostgreSQL's SELECT on top of the shared expressions. Set operators are as flat as the others.
import { ExpressionGrammar } from './expression-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';

const label = (LABEL: string) => ({ LABEL });
const aliasName = label('alias');
const name = label('name');

export class SqlGrammar extends ExpressionGrammar {
  constructor(options = { skipValidations: true }) {
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
    this.OR([{ ALT: () => this.SUBRULE(this.query) }, { ALT: () => this.SUBRULE(this.explain) }]);
  });

  readonly explain = this.RULE('explain', () => {
    this.CONSUME(kw.EXPLAIN);
    this.OPTION1(() =>
      this.OR([
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
    this.SUBRULE(this.query);
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

  // ---- queries -------------------------------------------------------------------------------------------------------

  protected readonly subquery = this.RULE('subquery', () => {
    this.CONSUME(t.QueryParen);
    this.SUBRULE(this.query);
    this.CONSUME(t.RParen);
  });

  private readonly setOperators = [kw.UNION, kw.INTERSECT, kw.EXCEPT].map((type) => ({
    ALT: () => this.CONSUME(type, label('operator')),
  }));
  private readonly setQuantifiers = [kw.ALL, kw.DISTINCT].map((type) => ({
    ALT: () => this.CONSUME(type, label('quantifier')),
  }));
  private readonly tails = [
    { ALT: () => this.SUBRULE(this.limit) },
    { ALT: () => this.SUBRULE(this.offset) },
    { ALT: () => this.SUBRULE(this.fetch) },
    { ALT: () => this.SUBRULE(this.locking) },
  ];
  readonly query = this.RULE('query', () => {
    this.OPTION1(() => this.SUBRULE(this.withClause));
    this.SUBRULE1(this.queryTerm);
    this.MANY1(() => this.SUBRULE(this.setOperation));
    this.OPTION2(() => this.SUBRULE(this.orderBy));
    this.MANY2(() => this.OR(this.tails));
  });

  readonly setOperation = this.RULE('setOperation', () => {
    this.OR1(this.setOperators);
    this.OPTION(() => this.OR2(this.setQuantifiers));
    this.SUBRULE(this.queryTerm);
  });

  private readonly queryTerms = [
    { ALT: () => this.SUBRULE(this.select) },
    { ALT: () => this.SUBRULE(this.subquery) },
    { ALT: () => this.SUBRULE(this.values) },
    {
      ALT: () => {
        this.CONSUME(kw.TABLE);
        this.SUBRULE(this.relation);
      },
    },
  ];
  readonly queryTerm = this.RULE('queryTerm', () => {
    this.OR(this.queryTerms);
  });

  readonly withClause = this.RULE('withClause', () => {
    this.OR([{ ALT: () => this.CONSUME(kw.WITH) }, { ALT: () => this.CONSUME(t.WITH_LA) }]);
    this.OPTION({
      GATE: () => this.LA(1).tokenType === kw.RECURSIVE,
      DEF: () => this.CONSUME(kw.RECURSIVE),
    });
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.cte) });
  });

  readonly cte = this.RULE('cte', () => {
    this.CONSUME(t.ColId, name);
    this.OPTION1(() => this.SUBRULE(this.nameList));
    this.CONSUME(kw.AS);
    this.OPTION2(() => {
      this.OPTION3(() => this.CONSUME(kw.NOT));
      this.CONSUME(kw.MATERIALIZED);
    });
    this.SUBRULE(this.subquery);
    this.OPTION4(() => {
      this.CONSUME(kw.SEARCH);
      this.OR1([{ ALT: () => this.CONSUME(kw.DEPTH) }, { ALT: () => this.CONSUME(kw.BREADTH) }]);
      this.CONSUME(kw.FIRST);
      this.CONSUME(kw.BY);
      this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.CONSUME1(t.ColId, label('searchColumn')) });
      this.CONSUME1(kw.SET);
      this.CONSUME2(t.ColId, label('searchName'));
    });
    this.OPTION5(() => {
      this.CONSUME(kw.CYCLE);
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.CONSUME3(t.ColId, label('cycleColumn')) });
      this.CONSUME2(kw.SET);
      this.CONSUME4(t.ColId, label('cycleName'));
      this.OPTION6(() => {
        this.CONSUME(kw.TO);
        this.CONSUME1(t.Constant, label('mark'));
        this.CONSUME(kw.DEFAULT);
        this.CONSUME2(t.Constant, label('default'));
      });
      this.CONSUME(kw.USING);
      this.CONSUME5(t.ColId, label('path'));
    });
  });

  readonly nameList = this.RULE('nameList', () => {
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.ColId, name) });
    this.CONSUME(t.RParen);
  });

  readonly values = this.RULE('values', () => {
    this.CONSUME(t.VALUES);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.valuesRow) });
  });

  readonly valuesRow = this.RULE('valuesRow', () => {
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RParen);
  });

  readonly select = this.RULE('select', () => {
    this.CONSUME(kw.SELECT);
    this.OPTION1(() => this.OR1(this.selectQuantifiers));
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.selectItem) });
    this.OPTION2(() => {
      this.CONSUME(kw.INTO);
      this.SUBRULE(this.anyName);
    });
    this.OPTION3(() => {
      this.CONSUME(kw.FROM);
      this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.SUBRULE(this.joinTree) });
    });
    this.OPTION4(() => {
      this.CONSUME(kw.WHERE);
      this.SUBRULE1(this.expression, label('where'));
    });
    this.OPTION5(() => {
      this.CONSUME(kw.GROUP);
      this.CONSUME(kw.BY);
      this.OPTION6(() => this.OR2(this.setQuantifiers));
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.groupItem) });
    });
    this.OPTION7(() => {
      this.CONSUME(kw.HAVING);
      this.SUBRULE2(this.expression, label('having'));
    });
    this.OPTION8(() => {
      this.CONSUME(kw.WINDOW);
      this.AT_LEAST_ONE_SEP3({
        SEP: t.Comma,
        DEF: () => {
          this.CONSUME(t.ColId, name);
          this.CONSUME(kw.AS);
          this.SUBRULE(this.windowSpec);
        },
      });
    });
  });

  private readonly selectQuantifiers = [
    { ALT: () => this.CONSUME1(kw.ALL) },
    {
      ALT: () => {
        this.CONSUME1(kw.DISTINCT);
        this.OPTION9(() => {
          this.CONSUME(kw.ON);
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP4({ SEP: t.Comma, DEF: () => this.SUBRULE3(this.expression, label('distinctOn')) });
          this.CONSUME(t.RParen);
        });
      },
    },
  ];

  private readonly aliases = [
    {
      ALT: () => {
        this.CONSUME(kw.AS);
        this.CONSUME(t.ColLabel, aliasName);
      },
    },
    { ALT: () => this.CONSUME(t.BareColLabel, aliasName) },
  ];
  private readonly selectItems = [
    {
      ALT: () => {
        this.SUBRULE(this.expression);
        this.OPTION(() => this.OR1(this.aliases));
      },
    },
    { ALT: () => this.CONSUME(t.Star) },
  ];
  readonly selectItem = this.RULE('selectItem', () => {
    this.OR(this.selectItems);
  });

  readonly groupItem = this.RULE('groupItem', () => {
    this.OR([
      {
        IGNORE_AMBIGUITIES: true,
        ALT: () => {
          this.OR1([{ ALT: () => this.CONSUME(kw.ROLLUP) }, { ALT: () => this.CONSUME(kw.CUBE) }]);
          this.CONSUME1(t.LParen);
          this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.SUBRULE1(this.expression) });
          this.CONSUME1(t.RParen);
        },
      },
      {
        IGNORE_AMBIGUITIES: true,
        ALT: () => {
          this.CONSUME(t.GROUPING_SETS);
          this.CONSUME(kw.SETS);
          this.CONSUME2(t.LParen);
          this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.groupItem) });
          this.CONSUME2(t.RParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.EmptyParen);
          this.CONSUME3(t.RParen);
        },
      },
      { ALT: () => this.SUBRULE2(this.expression) },
    ]);
  });

  readonly limit = this.RULE('limit', () => {
    this.CONSUME(kw.LIMIT);
    this.OR([
      {
        IGNORE_AMBIGUITIES: true,
        GATE: () => this.LA(2).tokenType !== t.ExprParen && this.LA(2).tokenType !== t.QueryParen,
        ALT: () => this.CONSUME(kw.ALL),
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE1(this.expression, label('second'));
    });
  });

  readonly offset = this.RULE('offset', () => {
    this.CONSUME(kw.OFFSET);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(kw.ROW) }, { ALT: () => this.CONSUME(kw.ROWS) }]));
  });

  readonly fetch = this.RULE('fetch', () => {
    this.CONSUME(kw.FETCH);
    this.OR1([{ ALT: () => this.CONSUME(kw.FIRST) }, { ALT: () => this.CONSUME(kw.NEXT) }]);
    this.OPTION({
      GATE: () => this.LA(1).tokenType !== kw.ROW && this.LA(1).tokenType !== kw.ROWS,
      DEF: () => this.SUBRULE(this.operand),
    });
    this.OR2([{ ALT: () => this.CONSUME(kw.ROW) }, { ALT: () => this.CONSUME(kw.ROWS) }]);
    this.OR3([
      { ALT: () => this.CONSUME(kw.ONLY) },
      {
        ALT: () => {
          this.CONSUME(kw.WITH);
          this.CONSUME(kw.TIES);
        },
      },
    ]);
  });

  readonly locking = this.RULE('locking', () => {
    this.CONSUME(kw.FOR);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw.READ);
          this.CONSUME1(kw.ONLY);
        },
      },
      {
        ALT: () => {
          this.OR1([
            { ALT: () => this.CONSUME1(kw.UPDATE) },
            {
              ALT: () => {
                this.CONSUME(kw.NO);
                this.CONSUME1(kw.KEY);
                this.CONSUME2(kw.UPDATE);
              },
            },
            { ALT: () => this.CONSUME1(kw.SHARE) },
            {
              ALT: () => {
                this.CONSUME2(kw.KEY);
                this.CONSUME2(kw.SHARE);
              },
            },
          ]);
          this.OPTION1(() => {
            this.CONSUME(kw.OF);
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.anyName) });
          });
          this.OPTION2(() =>
            this.OR2([
              { ALT: () => this.CONSUME(kw.NOWAIT) },
              {
                ALT: () => {
                  this.CONSUME(kw.SKIP);
                  this.CONSUME(kw.LOCKED);
                },
              },
            ]),
          );
        },
      },
    ]);
  });

  // ---- FROM ----------------------------------------------------------------------------------------------------------

  /** One item of a FROM list. The right side of a join takes further joins as long as it waits for its own condition. */
  readonly joinTree = this.RULE('joinTree', () => {
    this.SUBRULE(this.tablePrimary);
    this.MANY(() => this.SUBRULE(this.join));
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
        this.SUBRULE1(this.joinTree);
        this.OR4(this.joinConditions);
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
  ];
  private readonly joinConditions = [
    {
      ALT: () => {
        this.CONSUME(kw.ON);
        this.SUBRULE(this.expression);
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
      },
    },
  ];
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
        this.CONSUME(t.ExprParen);
        this.SUBRULE(this.joinTree);
        this.CONSUME(t.RParen);
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
    this.OR([
      { ALT: () => this.CONSUME(t.ColId, label('method')) },
      { ALT: () => this.CONSUME(t.TypeFuncWord, label('method')) },
    ]);
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
}
