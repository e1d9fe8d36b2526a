// Queries: PostgreSQL's SELECT on top of the shared expressions. Set operators are as flat as the others.
import { FromGrammar } from './from-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label, type Rule } from './type-grammar.js';

const aliasName = label('alias');
const name = label('name');

export abstract class QueryGrammar extends FromGrammar {
  /** `(INSERT … RETURNING …)`. */
  protected abstract readonly changeInParens: Rule;

  protected readonly subquery = this.bracketed('subquery', () => {
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
    this.SUBRULE(this.cteList);
  });

  readonly cteList = this.RULE('cteList', () => {
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
    this.OR2([{ ALT: () => this.SUBRULE(this.subquery) }, { ALT: () => this.SUBRULE(this.changeInParens) }]);
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

  readonly values = this.RULE('values', () => {
    this.CONSUME(t.VALUES);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.valuesRow) });
  });

  readonly valuesRow = this.bracketed('valuesRow', () => {
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RParen);
  });

  readonly select = this.RULE('select', () => {
    this.CONSUME(kw.SELECT);
    this.OPTION1(() => this.OR1(this.selectQuantifiers));
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.selectItem) });
    this.OPTION2(() => this.SUBRULE(this.into));
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

  /** `INTO [TEMP] [TABLE] name`: the words may be the name itself. */
  readonly into = this.RULE('into', () => {
    this.CONSUME(kw.INTO);
    this.OPTION1({
      GATE: () => this.nameFollows(),
      DEF: () => this.OR1(this.words('scope', [kw.GLOBAL, kw.LOCAL])),
    });
    this.OPTION2({
      GATE: () => this.nameFollows(),
      DEF: () => this.OR2(this.words('persistence', [kw.TEMP, kw.TEMPORARY, kw.UNLOGGED])),
    });
    this.OPTION3(() => this.CONSUME(kw.TABLE));
    this.SUBRULE(this.anyName);
  });

  private nameFollows(): boolean {
    const type = this.LA(2).tokenType;
    return type === kw.TABLE || type.CATEGORIES!.includes(t.ColId);
  }

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
      { IGNORE_AMBIGUITIES: true, ALT: () => this.SUBRULE(this.groupingSets) },
      {
        ALT: () => {
          this.CONSUME(t.EmptyParen);
          this.CONSUME3(t.RParen);
        },
      },
      { ALT: () => this.SUBRULE2(this.expression) },
    ]);
  });

  readonly groupingSets = this.bracketed(
    'groupingSets',
    () => {
      this.CONSUME(t.GROUPING_SETS);
      this.CONSUME(kw.SETS);
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.groupItem) });
      this.CONSUME(t.RParen);
    },
    3,
  );

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
}
