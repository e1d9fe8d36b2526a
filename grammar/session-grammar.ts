// Statements about the session: settings, transactions, prepared statements, cursors, notifications.
import type { TokenType } from 'chevrotain';
import { AlterGrammar } from './alter-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

const name = label('name');

/** After these a word is the setting's name, whatever it is: `SET session = 1`. */
const followsName = new Set<TokenType>([kw.TO, t.Equals, t.Dot]);

export abstract class SessionGrammar extends AlterGrammar {
  private namesSetting(): boolean {
    return followsName.has(this.LA(2).tokenType);
  }

  /** Nothing comes after the next token. */
  private isLast(): boolean {
    const type = this.LA(2).tokenType;
    return type.name === 'EOF' || type === t.Semicolon;
  }

  // ---- settings ------------------------------------------------------------------------------------------------------

  readonly set = this.RULE('set', () => {
    this.CONSUME(kw.SET);
    this.OPTION1({
      GATE: () => !this.namesSetting(),
      DEF: () => this.OR1(this.words('scope', [kw.SESSION, kw.LOCAL])),
    });
    this.OR2([
      {
        GATE: () => this.namesSetting(),
        ALT: () => {
          this.SUBRULE(this.settingName);
          this.OR3([{ ALT: () => this.CONSUME(kw.TO) }, { ALT: () => this.CONSUME(t.Equals) }]);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.plainValue) });
        },
      },
      { ALT: () => this.SUBRULE(this.setTransaction) },
      {
        ALT: () => {
          this.CONSUME(t.TIME_ZONE);
          this.CONSUME(kw.ZONE);
          this.OR4([{ ALT: () => this.SUBRULE(this.typedConstant) }, { ALT: () => this.SUBRULE2(this.plainValue) }]);
        },
      },
      { ALT: () => this.OR5(this.wordSettings) },
    ]);
  });

  private readonly wordSettings = [
    {
      ALT: () => {
        this.CONSUME(kw.ROLE);
        this.SUBRULE3(this.plainValue);
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.AUTHORIZATION);
        this.SUBRULE4(this.plainValue);
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.SCHEMA);
        this.SUBRULE5(this.plainValue);
      },
    },
    {
      ALT: () => {
        this.CONSUME(kw.NAMES);
        this.OPTION2(() => this.SUBRULE6(this.plainValue));
      },
    },
  ];

  readonly setTransaction = this.RULE('setTransaction', () => {
    this.OR([
      { ALT: () => this.CONSUME1(kw.TRANSACTION) },
      {
        ALT: () => {
          this.CONSUME(kw.CHARACTERISTICS);
          this.CONSUME(kw.AS);
          this.CONSUME2(kw.TRANSACTION);
        },
      },
    ]);
    this.SUBRULE(this.transactionModes);
  });

  readonly settingName = this.RULE('settingName', () => {
    this.CONSUME1(t.ColId, name);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME2(t.ColId, name);
    });
  });

  /** SHOW and RESET. */
  readonly showOrReset = this.RULE('showOrReset', () => {
    this.OR1(this.words('verb', [kw.SHOW, kw.RESET]));
    this.OR2([
      { ALT: () => this.CONSUME(kw.ALL) },
      {
        ALT: () => {
          this.CONSUME(t.TIME_ZONE);
          this.CONSUME(kw.ZONE);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.settingName);
          this.OPTION(() =>
            this.OR3([
              { ALT: () => this.CONSUME(kw.AUTHORIZATION) },
              {
                ALT: () => {
                  this.CONSUME(kw.ISOLATION);
                  this.CONSUME(kw.LEVEL);
                },
              },
            ]),
          );
        },
      },
    ]);
  });

  // ---- transactions --------------------------------------------------------------------------------------------------

  readonly transactionModes = this.RULE('transactionModes', () => {
    this.SUBRULE1(this.transactionMode);
    this.MANY(() => {
      this.OPTION(() => this.CONSUME(t.Comma));
      this.SUBRULE2(this.transactionMode);
    });
  });

  readonly transactionMode = this.RULE('transactionMode', () => {
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(kw.ISOLATION);
          this.CONSUME(kw.LEVEL);
          this.OR2([
            { ALT: () => this.CONSUME(kw.SERIALIZABLE, label('level')) },
            {
              ALT: () => {
                this.CONSUME1(kw.REPEATABLE, label('level'));
                this.CONSUME1(kw.READ);
              },
            },
            {
              ALT: () => {
                this.CONSUME2(kw.READ);
                this.OR3(this.words('level', [kw.COMMITTED, kw.UNCOMMITTED]));
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME3(kw.READ);
          this.OR4(this.words('access', [kw.ONLY, kw.WRITE]));
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(kw.NOT));
          this.CONSUME(kw.DEFERRABLE);
        },
      },
    ]);
  });

  readonly begin = this.RULE('begin', () => {
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(kw.BEGIN);
          this.OPTION1(() => this.OR2(this.words('noise', [kw.WORK, kw.TRANSACTION])));
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.START);
          this.CONSUME2(kw.TRANSACTION);
        },
      },
    ]);
    this.OPTION2(() => this.SUBRULE(this.transactionModes));
  });

  /** COMMIT, END, ABORT, ROLLBACK; only the last may go back to a savepoint. */
  readonly finish = this.RULE('finish', () => {
    this.OR1(this.words('verb', [kw.COMMIT, kw.END, kw.ABORT, kw.ROLLBACK]));
    this.OPTION1(() => this.OR2(this.words('noise', [kw.WORK, kw.TRANSACTION])));
    this.OPTION2(() =>
      this.OR3([
        {
          ALT: () => {
            this.CONSUME(kw.TO);
            this.SUBRULE(this.savepointName);
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw.AND);
            this.OPTION3(() => this.CONSUME(kw.NO));
            this.CONSUME(kw.CHAIN);
          },
        },
      ]),
    );
  });

  readonly savepointName = this.RULE('savepointName', () => {
    this.OPTION({ GATE: () => !this.isLast(), DEF: () => this.CONSUME(kw.SAVEPOINT) });
    this.CONSUME(t.ColId, name);
  });

  readonly savepoint = this.RULE('savepoint', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw.SAVEPOINT);
          this.CONSUME(t.ColId, name);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.RELEASE);
          this.SUBRULE(this.savepointName);
        },
      },
    ]);
  });

  // ---- prepared statements and cursors -------------------------------------------------------------------------------

  readonly prepare = this.RULE('prepare', () => {
    this.CONSUME(kw.PREPARE);
    this.CONSUME(t.ColId, name);
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.typeName) });
      this.CONSUME(t.RParen);
    });
    this.CONSUME(kw.AS);
    this.OR([{ ALT: () => this.SUBRULE(this.dataChange) }, { ALT: () => this.SUBRULE(this.query) }]);
  });

  readonly deallocate = this.RULE('deallocate', () => {
    this.CONSUME(kw.DEALLOCATE);
    this.OPTION({ GATE: () => !this.isLast(), DEF: () => this.CONSUME(kw.PREPARE) });
    this.OR([{ ALT: () => this.CONSUME(t.ColId, name) }, { ALT: () => this.CONSUME(kw.ALL) }]);
  });

  readonly declare = this.RULE('declare', () => {
    this.CONSUME(kw.DECLARE);
    this.CONSUME(t.ColId, name);
    this.MANY(() =>
      this.OR1([
        { ALT: () => this.CONSUME(kw.BINARY) },
        { ALT: () => this.CONSUME(kw.INSENSITIVE) },
        { ALT: () => this.CONSUME(kw.ASENSITIVE) },
        {
          ALT: () => {
            this.OPTION1(() => this.CONSUME(kw.NO));
            this.CONSUME(kw.SCROLL);
          },
        },
      ]),
    );
    this.CONSUME(kw.CURSOR);
    this.OPTION2(() => {
      this.OR2(this.words('hold', [kw.WITH, kw.WITHOUT]));
      this.CONSUME(kw.HOLD);
    });
    this.CONSUME(kw.FOR);
    this.SUBRULE(this.query);
  });

  readonly fetchCursor = this.RULE('fetchCursor', () => {
    this.OR1(this.words('verb', [kw.FETCH, kw.MOVE]));
    this.OPTION1({ GATE: () => !this.isLast(), DEF: () => this.SUBRULE(this.fetchDirection) });
    this.OPTION2(() => this.OR2([{ ALT: () => this.CONSUME(kw.FROM) }, { ALT: () => this.CONSUME(kw.IN) }]));
    this.CONSUME(t.ColId, name);
  });

  readonly fetchDirection = this.RULE('fetchDirection', () => {
    this.OR1([
      { ALT: () => this.OR2(this.words('step', [kw.NEXT, kw.PRIOR, kw.FIRST, kw.LAST])) },
      {
        ALT: () => {
          this.OR3(this.words('to', [kw.ABSOLUTE, kw.RELATIVE]));
          this.SUBRULE1(this.signedInteger);
        },
      },
      {
        ALT: () => {
          this.OR4(this.words('way', [kw.FORWARD, kw.BACKWARD]));
          this.OPTION(() =>
            this.OR5([{ ALT: () => this.CONSUME1(kw.ALL) }, { ALT: () => this.SUBRULE2(this.signedInteger) }]),
          );
        },
      },
      { ALT: () => this.CONSUME2(kw.ALL) },
      { ALT: () => this.SUBRULE3(this.signedInteger) },
    ]);
  });

  readonly signedInteger = this.RULE('signedInteger', () => {
    this.OPTION(() => this.OR(this.words('sign', [t.Minus, t.Plus])));
    this.CONSUME(t.Integer);
  });

  readonly close = this.RULE('close', () => {
    this.CONSUME(kw.CLOSE);
    this.OR([{ ALT: () => this.CONSUME(t.ColId, name) }, { ALT: () => this.CONSUME(kw.ALL) }]);
  });

  // ---- the rest ------------------------------------------------------------------------------------------------------

  readonly discard = this.RULE('discard', () => {
    this.CONSUME(kw.DISCARD);
    this.OR(this.words('what', [kw.ALL, kw.PLANS, kw.SEQUENCES, kw.TEMP, kw.TEMPORARY]));
  });

  readonly listen = this.RULE('listen', () => {
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(kw.LISTEN);
          this.CONSUME1(t.ColId, name);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.UNLISTEN);
          this.OR2([{ ALT: () => this.CONSUME2(t.ColId, name) }, { ALT: () => this.CONSUME(t.Star) }]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.NOTIFY);
          this.CONSUME3(t.ColId, name);
          this.OPTION(() => {
            this.CONSUME(t.Comma);
            this.CONSUME(t.StringConstant);
          });
        },
      },
    ]);
  });

  readonly analyze = this.RULE('analyze', () => {
    this.CONSUME(kw.ANALYZE);
    this.OPTION1(() => this.CONSUME(kw.VERBOSE));
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        this.SUBRULE(this.relation);
        this.OPTION2(() => this.SUBRULE(this.nameList));
      },
    });
  });
}
