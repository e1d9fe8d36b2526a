// Statements that change or move rows: INSERT, UPDATE, DELETE, TRUNCATE, COPY.
import { QueryGrammar } from './query-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

const aliasName = label('alias');
const name = label('name');
const value = label('value');
const word = label('word');

export abstract class DataGrammar extends QueryGrammar {
  /** The retagger has marked a WITH that belongs to a change, so one token decides. */
  readonly dataChange = this.RULE('dataChange', () => {
    this.OPTION(() => {
      this.CONSUME(t.WITH_CHANGE);
      this.SUBRULE(this.cteList);
    });
    this.OR([
      { ALT: () => this.SUBRULE(this.insert) },
      { ALT: () => this.SUBRULE(this.update) },
      { ALT: () => this.SUBRULE(this.delete) },
    ]);
  });

  /** `(INSERT … RETURNING …)` as a CTE or the source of COPY. */
  readonly changeInParens = this.bracketed('changeInParens', () => {
    this.CONSUME(t.ChangeParen);
    this.SUBRULE(this.dataChange);
    this.CONSUME(t.RParen);
  });

  readonly insert = this.RULE('insert', () => {
    this.CONSUME(kw.INSERT);
    this.CONSUME(kw.INTO);
    this.SUBRULE(this.anyName);
    this.OPTION1(() => {
      this.CONSUME(kw.AS);
      this.CONSUME(t.ColId, aliasName);
    });
    this.OPTION2(() => {
      this.CONSUME(t.ExprParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.setTarget) });
      this.CONSUME(t.RParen);
    });
    this.OPTION3(() => {
      this.CONSUME(kw.OVERRIDING);
      this.OR1([
        { ALT: () => this.CONSUME(kw.USER, label('overriding')) },
        { ALT: () => this.CONSUME(kw.SYSTEM, label('overriding')) },
      ]);
      this.CONSUME(kw.VALUE);
    });
    this.OR2([
      { ALT: () => this.SUBRULE(this.query) },
      {
        ALT: () => {
          this.CONSUME(kw.DEFAULT);
          this.CONSUME(t.ColNameWord, word);
        },
      },
    ]);
    this.OPTION4(() => this.SUBRULE(this.onConflict));
    this.OPTION5(() => this.SUBRULE(this.returning));
  });

  readonly onConflict = this.RULE('onConflict', () => {
    this.CONSUME1(kw.ON);
    this.CONSUME(kw.CONFLICT);
    this.OPTION1(() =>
      this.OR1([
        {
          ALT: () => {
            this.CONSUME(t.LParen);
            this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.SUBRULE(this.conflictColumn) });
            this.CONSUME(t.RParen);
            this.OPTION2(() => {
              this.CONSUME1(kw.WHERE);
              this.SUBRULE1(this.expression, label('targetWhere'));
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME2(kw.ON);
            this.CONSUME(kw.CONSTRAINT);
            this.CONSUME(t.ColId, name);
          },
        },
      ]),
    );
    this.CONSUME(kw.DO);
    this.OR2([
      { ALT: () => this.CONSUME(kw.NOTHING) },
      {
        ALT: () => {
          this.CONSUME(kw.UPDATE);
          this.CONSUME(kw.SET);
          this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.setClause) });
          this.OPTION3(() => {
            this.CONSUME2(kw.WHERE);
            this.SUBRULE2(this.expression, label('where'));
          });
        },
      },
    ]);
  });

  readonly conflictColumn = this.RULE('conflictColumn', () => {
    this.SUBRULE(this.expression);
    this.OPTION1(() => this.SUBRULE(this.anyName));
  });

  readonly returning = this.RULE('returning', () => {
    this.CONSUME(kw.RETURNING);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.selectItem) });
  });

  readonly setTarget = this.RULE('setTarget', () => {
    this.CONSUME(t.ColId, name);
    this.MANY(() => this.SUBRULE(this.postfix));
  });

  readonly setClause = this.RULE('setClause', () => {
    this.OR([
      { ALT: () => this.SUBRULE1(this.setTarget) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.setTarget) });
          this.CONSUME(t.RParen);
        },
      },
    ]);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly changeAlias = this.RULE('changeAlias', () => {
    this.OPTION(() => this.CONSUME(kw.AS));
    this.CONSUME(t.ColId, aliasName);
  });

  readonly changeWhere = this.RULE('changeWhere', () => {
    this.CONSUME(kw.WHERE);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.CURRENT_OF);
          this.CONSUME(kw.OF);
          this.CONSUME(t.ColId, label('cursor'));
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  readonly update = this.RULE('update', () => {
    this.CONSUME(kw.UPDATE);
    this.SUBRULE(this.relation);
    this.OPTION1({ GATE: () => this.LA(1).tokenType !== kw.SET, DEF: () => this.SUBRULE(this.changeAlias) });
    this.CONSUME(kw.SET);
    this.AT_LEAST_ONE_SEP1({ SEP: t.Comma, DEF: () => this.SUBRULE(this.setClause) });
    this.OPTION2(() => {
      this.CONSUME(kw.FROM);
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.joinTree) });
    });
    this.OPTION3(() => this.SUBRULE(this.changeWhere));
    this.OPTION4(() => this.SUBRULE(this.returning));
  });

  readonly delete = this.RULE('delete', () => {
    this.CONSUME(kw.DELETE);
    this.CONSUME(kw.FROM);
    this.SUBRULE(this.relation);
    this.OPTION1(() => this.SUBRULE(this.changeAlias));
    this.OPTION2(() => {
      this.CONSUME(kw.USING);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.joinTree) });
    });
    this.OPTION3(() => this.SUBRULE(this.changeWhere));
    this.OPTION4(() => this.SUBRULE(this.returning));
  });

  readonly truncate = this.RULE('truncate', () => {
    this.CONSUME(kw.TRUNCATE);
    this.OPTION1(() => this.CONSUME(kw.TABLE));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.relation) });
    this.OPTION2(() => {
      this.OR([{ ALT: () => this.CONSUME(kw.RESTART) }, { ALT: () => this.CONSUME(kw.CONTINUE) }]);
      this.CONSUME(kw.IDENTITY);
    });
    this.OPTION3(() => this.SUBRULE(this.dropBehavior));
  });

  readonly dropBehavior = this.RULE('dropBehavior', () => {
    this.OR([{ ALT: () => this.CONSUME(kw.CASCADE) }, { ALT: () => this.CONSUME(kw.RESTRICT) }]);
  });

  // ---- COPY ----------------------------------------------------------------------------------------------------------

  readonly copy = this.RULE('copy', () => {
    this.CONSUME(kw.COPY);
    this.OR1([
      { ALT: () => this.SUBRULE(this.subquery) },
      { ALT: () => this.SUBRULE(this.changeInParens) },
      {
        ALT: () => {
          this.OPTION1(() => this.CONSUME(kw.BINARY));
          this.SUBRULE(this.anyName);
          this.OPTION2(() => this.SUBRULE(this.nameList));
        },
      },
    ]);
    this.OR2([{ ALT: () => this.CONSUME(kw.FROM) }, { ALT: () => this.CONSUME(kw.TO) }]);
    this.OPTION3(() => this.CONSUME(kw.PROGRAM));
    this.OR3([
      { ALT: () => this.CONSUME1(t.StringConstant, label('path')) },
      { ALT: () => this.CONSUME(kw.STDIN) },
      { ALT: () => this.CONSUME(kw.STDOUT) },
    ]);
    this.OPTION4(() => {
      this.OPTION5(() => this.CONSUME(kw.USING));
      this.CONSUME(kw.DELIMITERS);
      this.CONSUME2(t.StringConstant, label('delimiter'));
    });
    this.OPTION6(() => this.CONSUME(kw.WITH));
    this.OPTION7(() =>
      this.OR4([
        {
          ALT: () => {
            this.CONSUME(t.LParen);
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.copyOption) });
            this.CONSUME(t.RParen);
          },
        },
        { ALT: () => this.AT_LEAST_ONE(() => this.SUBRULE(this.oldCopyOption)) },
      ]),
    );
    this.OPTION8(() => {
      this.CONSUME(kw.WHERE);
      this.SUBRULE(this.expression);
    });
  });

  readonly copyOption = this.RULE('copyOption', () => {
    this.CONSUME1(t.ColLabel, name);
    this.OPTION(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.plainValue) },
        { ALT: () => this.CONSUME(t.Star) },
        {
          ALT: () => {
            this.CONSUME(t.LParen);
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.plainValue, label('list')) });
            this.CONSUME(t.RParen);
          },
        },
      ]),
    );
  });

  /** A word, a string or a signed number: what options and settings take. */
  readonly plainValue = this.RULE('plainValue', () => {
    this.OR1([
      { ALT: () => this.CONSUME(t.ColLabel, word) },
      { ALT: () => this.CONSUME(t.StringConstant, value) },
      {
        ALT: () => {
          this.OPTION(() => this.OR2(this.words('sign', [t.Minus, t.Plus])));
          this.OR3(this.words('value', [t.Integer, t.Decimal]));
        },
      },
    ]);
  });

  /** The options as they were before PostgreSQL 9.0, which clients still send. */
  readonly oldCopyOption = this.RULE('oldCopyOption', () => {
    this.OR1([
      { ALT: () => this.OR2(this.words('flag', [kw.BINARY, kw.FREEZE, kw.CSV, kw.HEADER])) },
      {
        ALT: () => {
          this.OR3(this.words('textOption', [kw.DELIMITER, kw.NULL, kw.QUOTE, kw.ESCAPE, kw.ENCODING]));
          this.OPTION1(() => this.CONSUME(kw.AS));
          this.CONSUME(t.StringConstant, value);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.FORCE);
          this.OR4([
            { ALT: () => this.CONSUME1(kw.QUOTE, label('force')) },
            {
              ALT: () => {
                this.OPTION2(() => this.CONSUME(kw.NOT));
                this.CONSUME1(kw.NULL, label('force'));
              },
            },
          ]);
          this.OR5([
            { ALT: () => this.CONSUME(t.Star) },
            { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.ColId, label('list')) }) },
          ]);
        },
      },
    ]);
  });
}
