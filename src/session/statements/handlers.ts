// Statements that change data or definitions, each with its handler: a kind without one does not compile.
import type { Statement } from '../../parser/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { QueryOptions, Session } from '../session.js';
import { comment } from './comment.js';
import { createSchema } from './create-schema.js';
import { createTable } from './create-table.js';
import { createTableAs } from './create-table-as.js';
import { createView } from './create-view.js';
import { drop } from './drop.js';
import { insert } from './insert.js';
import { deleteRows, truncate, update } from './rewrite-table.js';

export type Change = Extract<
  Statement,
  {
    readonly kind:
      | 'insert'
      | 'update'
      | 'delete'
      | 'create_table'
      | 'create_table_as'
      | 'create_view'
      | 'create_schema'
      | 'drop'
      | 'comment'
      | 'truncate';
  }
>;

type Handler<S> = (session: Session, statement: S, options: QueryOptions) => Promise<StatementResult>;

const handlers: { readonly [K in Change['kind']]: Handler<Extract<Change, { readonly kind: K }>> } = {
  insert,
  update,
  delete: deleteRows,
  create_table: createTable,
  create_table_as: createTableAs,
  create_view: createView,
  create_schema: createSchema,
  drop,
  comment,
  truncate,
};

export const isChange = (statement: Statement): statement is Change => statement.kind in handlers;

export function runChange(session: Session, statement: Change, options: QueryOptions): Promise<StatementResult> {
  return (handlers[statement.kind] as Handler<Change>)(session, statement, options);
}
