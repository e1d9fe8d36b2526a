// Statements that define things: CREATE TABLE, VIEW, SCHEMA and INDEX, DROP, COMMENT.
import { DataGrammar } from './data-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

const name = label('name');

export abstract class DefinitionGrammar extends DataGrammar {
  readonly create = this.RULE('create', () => {
    this.CONSUME(kw.CREATE);
    this.OPTION1(() => {
      this.CONSUME(kw.OR);
      this.CONSUME(kw.REPLACE);
    });
    this.OPTION2(() => this.OR1(this.words('scope', [kw.GLOBAL, kw.LOCAL])));
    this.OPTION3(() => this.OR2(this.words('persistence', [kw.TEMP, kw.TEMPORARY, kw.UNLOGGED])));
    this.OR3([
      { ALT: () => this.SUBRULE(this.createTable) },
      { ALT: () => this.SUBRULE(this.createView) },
      { ALT: () => this.SUBRULE(this.createSchema) },
      { ALT: () => this.SUBRULE(this.createIndex) },
    ]);
  });

  readonly ifNotExists = this.RULE('ifNotExists', () => {
    this.CONSUME(t.IF_EXISTS);
    this.CONSUME(kw.NOT);
    this.CONSUME(t.ColNameWord, label('word'));
  });

  readonly createTable = this.RULE('createTable', () => {
    this.CONSUME(kw.TABLE);
    this.OPTION1(() => this.SUBRULE(this.ifNotExists));
    this.SUBRULE(this.anyName);
    this.OPTION2(() => {
      this.CONSUME(t.LParen);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.tableElement) });
      this.CONSUME(t.RParen);
    });
    this.OPTION3(() => this.SUBRULE(this.storageOptions));
    this.OPTION4(() => {
      this.CONSUME(kw.ON);
      this.CONSUME(kw.COMMIT);
      this.OR1([
        { ALT: () => this.CONSUME(kw.DROP, label('onCommit')) },
        {
          ALT: () => {
            this.OR2(this.words('onCommit', [kw.DELETE, kw.PRESERVE]));
            this.CONSUME(kw.ROWS);
          },
        },
      ]);
    });
    this.OPTION5(() => {
      this.CONSUME1(kw.AS);
      this.OR3([{ ALT: () => this.SUBRULE(this.query) }, { ALT: () => this.SUBRULE(this.execute) }]);
      this.OPTION6(() => {
        this.CONSUME1(kw.WITH);
        this.OPTION7(() => this.CONSUME(kw.NO));
        this.CONSUME(kw.DATA);
      });
    });
  });

  /** `WITH (fillfactor = 70)` and `WITHOUT OIDS`. */
  readonly storageOptions = this.RULE('storageOptions', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw.WITH);
          this.CONSUME(t.LParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.storageOption) });
          this.CONSUME(t.RParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.WITHOUT);
          this.CONSUME(kw.OIDS);
        },
      },
    ]);
  });

  readonly storageOption = this.RULE('storageOption', () => {
    this.CONSUME(t.ColLabel, name);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.plainValue);
    });
  });

  readonly tableElement = this.RULE('tableElement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.tableConstraint) },
      {
        ALT: () => {
          this.CONSUME(kw.LIKE);
          this.SUBRULE(this.anyName);
          this.MANY1(() => {
            this.OR1(this.words('likeMode', [kw.INCLUDING, kw.EXCLUDING]));
            this.CONSUME(t.ColLabel, label('likeWhat'));
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.ColId, name);
          this.OPTION(() => this.SUBRULE(this.typeName));
          this.MANY2(() => this.SUBRULE(this.columnConstraint));
        },
      },
    ]);
  });

  readonly constraintName = this.RULE('constraintName', () => {
    this.CONSUME(kw.CONSTRAINT);
    this.CONSUME(t.ColId, name);
  });

  readonly columnConstraint = this.RULE('columnConstraint', () => {
    this.OPTION1(() => this.SUBRULE(this.constraintName));
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(kw.NOT);
          this.OR2([{ ALT: () => this.CONSUME1(kw.NULL) }, { ALT: () => this.CONSUME1(kw.DEFERRABLE) }]);
        },
      },
      { ALT: () => this.CONSUME2(kw.NULL) },
      { ALT: () => this.CONSUME2(kw.DEFERRABLE) },
      {
        ALT: () => {
          this.CONSUME(kw.INITIALLY);
          this.OR3(this.words('initially', [kw.DEFERRED, kw.IMMEDIATE]));
        },
      },
      { ALT: () => this.SUBRULE(this.uniqueHead) },
      { ALT: () => this.SUBRULE(this.check) },
      {
        ALT: () => {
          this.CONSUME(kw.DEFAULT);
          this.SUBRULE(this.plainExpression);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.GENERATED);
          this.OR4([
            { ALT: () => this.CONSUME(kw.ALWAYS) },
            {
              ALT: () => {
                this.CONSUME(kw.BY);
                this.CONSUME2(kw.DEFAULT);
              },
            },
          ]);
          this.CONSUME(kw.AS);
          this.OR5([
            { ALT: () => this.CONSUME(kw.IDENTITY) },
            {
              ALT: () => {
                this.CONSUME(t.LParen);
                this.SUBRULE(this.expression);
                this.CONSUME(t.RParen);
                this.CONSUME(kw.STORED);
              },
            },
          ]);
        },
      },
      { ALT: () => this.SUBRULE(this.references) },
      {
        ALT: () => {
          this.CONSUME(kw.COLLATE);
          this.SUBRULE(this.anyName);
        },
      },
    ]);
  });

  /** UNIQUE or PRIMARY KEY. */
  readonly uniqueHead = this.RULE('uniqueHead', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw.UNIQUE);
          this.OPTION1(() => {
            this.CONSUME(t.UnreservedWord, label('nulls'));
            this.OPTION2(() => this.CONSUME(kw.NOT));
            this.CONSUME(kw.DISTINCT);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.PRIMARY);
          this.CONSUME(kw.KEY);
        },
      },
    ]);
  });

  readonly check = this.RULE('check', () => {
    this.CONSUME(kw.CHECK);
    this.CONSUME(t.LParen);
    this.SUBRULE(this.expression);
    this.CONSUME(t.RParen);
    this.OPTION(() => {
      this.CONSUME(kw.NO);
      this.CONSUME(kw.INHERIT);
    });
  });

  readonly references = this.RULE('references', () => {
    this.CONSUME(kw.REFERENCES);
    this.SUBRULE(this.anyName);
    this.OPTION1(() => this.SUBRULE(this.nameList));
    this.OPTION2(() => {
      this.CONSUME(kw.MATCH);
      this.OR1(this.words('match', [kw.FULL, kw.PARTIAL, kw.SIMPLE]));
    });
    this.MANY(() => {
      this.CONSUME(kw.ON);
      this.OR2(this.words('event', [kw.DELETE, kw.UPDATE]));
      this.SUBRULE(this.referenceAction);
    });
  });

  readonly referenceAction = this.RULE('referenceAction', () => {
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(kw.NO);
          this.CONSUME(kw.ACTION);
        },
      },
      { ALT: () => this.CONSUME(kw.RESTRICT) },
      { ALT: () => this.CONSUME(kw.CASCADE) },
      {
        ALT: () => {
          this.CONSUME(kw.SET);
          this.OR2([{ ALT: () => this.CONSUME(kw.NULL) }, { ALT: () => this.CONSUME(kw.DEFAULT) }]);
          this.OPTION(() => this.SUBRULE(this.nameList));
        },
      },
    ]);
  });

  readonly tableConstraint = this.RULE('tableConstraint', () => {
    this.OPTION1(() => this.SUBRULE(this.constraintName));
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.uniqueHead);
          this.SUBRULE1(this.nameList);
        },
      },
      { ALT: () => this.SUBRULE(this.check) },
      {
        ALT: () => {
          this.CONSUME(kw.FOREIGN);
          this.CONSUME(kw.KEY);
          this.SUBRULE2(this.nameList);
          this.SUBRULE(this.references);
        },
      },
    ]);
    this.MANY(() => this.SUBRULE(this.constraintAttribute));
  });

  readonly constraintAttribute = this.RULE('constraintAttribute', () => {
    this.OR1([
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(kw.NOT));
          this.CONSUME(kw.DEFERRABLE);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.INITIALLY);
          this.OR2(this.words('initially', [kw.DEFERRED, kw.IMMEDIATE]));
        },
      },
    ]);
  });

  readonly createView = this.RULE('createView', () => {
    this.OPTION1(() => this.CONSUME(kw.RECURSIVE));
    this.CONSUME(kw.VIEW);
    this.SUBRULE(this.anyName);
    this.OPTION2(() => this.SUBRULE(this.nameList));
    this.OPTION3(() => this.SUBRULE(this.storageOptions));
    this.CONSUME(kw.AS);
    this.SUBRULE(this.query);
    this.OPTION4(() => {
      this.CONSUME(kw.WITH);
      this.OPTION5(() => this.OR(this.words('checkScope', [kw.CASCADED, kw.LOCAL])));
      this.CONSUME(kw.CHECK);
      this.CONSUME(kw.OPTION);
    });
  });

  readonly createSchema = this.RULE('createSchema', () => {
    this.CONSUME(kw.SCHEMA);
    this.OPTION1(() => this.SUBRULE(this.ifNotExists));
    this.OR([
      {
        ALT: () => {
          this.CONSUME1(t.ColId, name);
          this.OPTION2(() => this.SUBRULE1(this.authorization));
        },
      },
      { ALT: () => this.SUBRULE2(this.authorization) },
    ]);
  });

  readonly createIndex = this.RULE('createIndex', () => {
    this.OPTION1(() => this.CONSUME(kw.UNIQUE));
    this.CONSUME(kw.INDEX);
    this.OPTION2(() => this.CONSUME(kw.CONCURRENTLY));
    this.OPTION3(() => this.SUBRULE(this.ifNotExists));
    this.OPTION4(() => this.CONSUME1(t.ColId, name));
    this.CONSUME(kw.ON);
    this.OPTION5(() => this.CONSUME(kw.ONLY));
    this.SUBRULE(this.anyName);
    this.OPTION6(() => {
      this.CONSUME(kw.USING);
      this.CONSUME2(t.ColId, label('method'));
    });
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.sortItem) });
    this.CONSUME(t.RParen);
    this.OPTION7(() => {
      this.CONSUME(t.UnreservedWord, label('nulls'));
      this.OPTION8(() => this.CONSUME(kw.NOT));
      this.CONSUME(kw.DISTINCT);
    });
    this.OPTION9(() => this.SUBRULE(this.storageOptions));
    this.OPTION(() => {
      this.CONSUME(kw.WHERE);
      this.SUBRULE(this.expression, label('where'));
    });
  });

  readonly authorization = this.RULE('authorization', () => {
    this.CONSUME(kw.AUTHORIZATION);
    this.SUBRULE(this.role);
  });

  readonly role = this.RULE('role', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.ColId, name) },
      { ALT: () => this.CONSUME(kw.CURRENT_USER, name) },
      { ALT: () => this.CONSUME(kw.CURRENT_ROLE, name) },
      { ALT: () => this.CONSUME(kw.SESSION_USER, name) },
    ]);
  });

  readonly drop = this.RULE('drop', () => {
    this.CONSUME(kw.DROP);
    this.OR(this.words('object', [kw.TABLE, kw.VIEW, kw.SCHEMA, kw.INDEX]));
    this.OPTION1(() => {
      this.CONSUME(t.IF_EXISTS);
      this.CONSUME(t.ColNameWord, label('word'));
    });
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.anyName) });
    this.OPTION2(() => this.SUBRULE(this.dropBehavior));
  });

  readonly comment = this.RULE('comment', () => {
    this.CONSUME(kw.COMMENT);
    this.CONSUME(kw.ON);
    this.OR1(this.words('object', [kw.TABLE, kw.VIEW, kw.COLUMN, kw.SCHEMA, kw.DATABASE]));
    this.SUBRULE(this.anyName);
    this.CONSUME(kw.IS);
    this.OR2([
      { ALT: () => this.CONSUME(t.StringConstant, label('text')) },
      { ALT: () => this.CONSUME(kw.NULL, label('text')) },
    ]);
  });

  /** `EXECUTE name (…)`; CREATE TABLE AS takes one too. */
  readonly execute = this.RULE('execute', () => {
    this.CONSUME(kw.EXECUTE);
    this.CONSUME(t.ColId, name);
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
      this.CONSUME(t.RParen);
    });
  });
}
