// Statements that change data or definitions, each with its handler: a kind without one does not compile.
import type { Statement } from '../../parser/index.js';
import type { ParameterTypes } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { ResultColumn } from '../query-result.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { alterTable } from './alter-table.js';
import { comment } from './comment.js';
import { createIndex } from './create-index.js';
import { createSchema } from './create-schema.js';
import { createTable } from './create-table.js';
import { createTableAs } from './create-table-as.js';
import { createView } from './create-view.js';
import { deleteQuery, deleteRows, truncate } from './delete.js';
import { drop } from './drop.js';
import { insert, insertQuery, returningQuery } from './insert.js';
import { conflictExpressions } from './on-conflict.js';
import { selectOf } from './query-of.js';
import { update, updateQuery } from './update.js';

export type Change = Extract<
  Statement,
  {
    readonly kind:
      | 'insert'
      | 'update'
      | 'delete'
      | 'create_table'
      | 'create_table_as'
      | 'alter_table'
      | 'create_view'
      | 'create_schema'
      | 'create_index'
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
  alter_table: alterTable,
  create_view: createView,
  create_schema: createSchema,
  create_index: createIndex,
  drop,
  comment,
  truncate,
};

export const isChange = (statement: Statement): statement is Change => statement.kind in handlers;

export function runChange(session: Session, statement: Change, options: QueryOptions): Promise<StatementResult> {
  return (handlers[statement.kind] as Handler<Change>)(session, statement, options);
}

/** The columns it gives, and on the way the types of its parameters. */
export async function describeChange(
  session: Session,
  statement: Change,
  parameterTypes: ParameterTypes,
): Promise<readonly ResultColumn[] | undefined> {
  switch (statement.kind) {
    case 'insert': {
      const { table, query, bind } = await insertQuery(session, statement);
      await session.lookup.describe(query, { parameterTypes, ...(bind && { bind }) });
      const { onConflict } = statement;
      if (onConflict?.update) await conflictExpressions(session, table, statement, { parameterTypes });
      if (statement.returning.length === 0) return undefined;
      return session.lookup.describe(returningQuery(statement), { parameterTypes });
    }
    case 'update':
    case 'delete': {
      const { query, bind } = await (statement.kind === 'update'
        ? updateQuery(session, statement, { parameterTypes })
        : deleteQuery(session, statement));
      await session.lookup.describe(query, { parameterTypes, ...(bind && { bind }) });
      if (statement.returning.length === 0) return undefined;
      const beside = statement.kind === 'update' ? statement.from : statement.using;
      const returning = selectOf(statement.returning, [statement.table, ...beside], undefined, statement.span);
      return session.lookup.describe(
        { ...returning, ...(statement.with && { with: statement.with }) },
        { parameterTypes },
      );
    }
    case 'create_table_as':
      if (statement.source.kind === 'query') await session.lookup.describe(statement.source, { parameterTypes });
      return undefined;
    default:
      return undefined;
  }
}
