// ALTER TABLE.
import { DefinitionGrammar } from './definition-grammar.js';
import * as t from './tokens.js';
import { kw } from './tokens.js';
import { label } from './type-grammar.js';

const name = label('name');
const newName = label('newName');
const word = label('word');

export abstract class AlterGrammar extends DefinitionGrammar {
  readonly alterTable = this.RULE('alterTable', () => {
    this.CONSUME(kw.ALTER);
    this.CONSUME(kw.TABLE);
    this.OPTION(() => this.SUBRULE(this.ifExists));
    this.SUBRULE(this.relation);
    this.OR([
      { ALT: () => this.SUBRULE(this.rename) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.alterAction) }) },
    ]);
  });

  readonly ifExists = this.RULE('ifExists', () => {
    this.CONSUME(t.IF_EXISTS);
    this.CONSUME(t.ColNameWord, word);
  });

  readonly rename = this.RULE('rename', () => {
    this.CONSUME(kw.RENAME);
    this.OR([
      {
        ALT: () => {
          this.CONSUME1(kw.TO);
          this.CONSUME1(t.ColId, newName);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.CONSTRAINT);
          this.CONSUME2(t.ColId, name);
          this.CONSUME2(kw.TO);
          this.CONSUME3(t.ColId, newName);
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(kw.COLUMN));
          this.CONSUME4(t.ColId, name);
          this.CONSUME3(kw.TO);
          this.CONSUME5(t.ColId, newName);
        },
      },
    ]);
  });

  readonly alterAction = this.RULE('alterAction', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.addAction) },
      { ALT: () => this.SUBRULE(this.dropAction) },
      { ALT: () => this.SUBRULE(this.alterColumn) },
    ]);
  });

  readonly addAction = this.RULE('addAction', () => {
    this.CONSUME(kw.ADD);
    this.OR([
      { ALT: () => this.SUBRULE(this.tableConstraint) },
      {
        ALT: () => {
          this.OPTION1(() => this.CONSUME(kw.COLUMN));
          this.OPTION2(() => this.SUBRULE(this.ifNotExists));
          this.CONSUME(t.ColId, name);
          this.SUBRULE(this.typeName);
          this.MANY(() => this.SUBRULE(this.columnConstraint));
        },
      },
    ]);
  });

  readonly dropAction = this.RULE('dropAction', () => {
    this.CONSUME(kw.DROP);
    this.OPTION1(() => this.OR([{ ALT: () => this.CONSUME(kw.CONSTRAINT) }, { ALT: () => this.CONSUME(kw.COLUMN) }]));
    this.OPTION2(() => this.SUBRULE(this.ifExists));
    this.CONSUME(t.ColId, name);
    this.OPTION3(() => this.SUBRULE(this.dropBehavior));
  });

  readonly alterColumn = this.RULE('alterColumn', () => {
    this.CONSUME(kw.ALTER);
    this.OPTION1(() => this.CONSUME(kw.COLUMN));
    this.CONSUME(t.ColId, name);
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(kw.SET);
          this.OR2([
            {
              ALT: () => {
                this.CONSUME1(kw.DEFAULT);
                this.SUBRULE1(this.expression, label('value'));
              },
            },
            {
              ALT: () => {
                this.CONSUME1(kw.NOT);
                this.CONSUME1(kw.NULL);
              },
            },
            {
              ALT: () => {
                this.CONSUME(kw.DATA);
                this.SUBRULE1(this.newType);
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw.DROP);
          this.OR3([
            { ALT: () => this.CONSUME2(kw.DEFAULT) },
            {
              ALT: () => {
                this.CONSUME2(kw.NOT);
                this.CONSUME2(kw.NULL);
              },
            },
            {
              ALT: () => {
                this.OR4(this.words('generation', [kw.IDENTITY, kw.EXPRESSION]));
                this.OPTION2(() => this.SUBRULE(this.ifExists));
              },
            },
          ]);
        },
      },
      { ALT: () => this.SUBRULE2(this.newType) },
      {
        ALT: () => {
          this.CONSUME(kw.ADD);
          this.SUBRULE(this.columnConstraint);
        },
      },
    ]);
  });

  readonly newType = this.RULE('newType', () => {
    this.CONSUME(kw.TYPE);
    this.SUBRULE(this.typeName);
    this.OPTION1(() => {
      this.CONSUME(kw.COLLATE);
      this.SUBRULE(this.anyName);
    });
    this.OPTION2(() => {
      this.CONSUME(kw.USING);
      this.SUBRULE(this.expression);
    });
  });
}
