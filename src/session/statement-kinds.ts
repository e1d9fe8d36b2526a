// What a statement is to the session: a query, a change, the end of a block.
import { fail } from '../core/index.js';
import type { CopyStatement, ExplainStatement, Query, QueryStatement, Statement } from '../parser/index.js';

/** What changes data or definitions, by its command's name. */
export const changes: Partial<Record<Statement['kind'], string>> = {
  insert: 'INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  create_table: 'CREATE TABLE',
  create_table_as: 'CREATE TABLE AS',
  alter_table: 'ALTER TABLE',
  create_view: 'CREATE VIEW',
  create_schema: 'CREATE SCHEMA',
  create_index: 'CREATE INDEX',
  drop: 'DROP',
  comment: 'COMMENT',
  truncate: 'TRUNCATE TABLE',
};

export function endsBlock(statement: Statement): boolean {
  return (
    (statement.kind === 'transaction' && statement.action !== 'begin') ||
    (statement.kind === 'savepoint' && statement.action === 'rollback to')
  );
}

export const isQuery = (statement: Statement): statement is QueryStatement | ExplainStatement | CopyStatement =>
  ['query_statement', 'explain', 'copy'].includes(statement.kind);

/** What it does is seen by who gets its rows, and by nobody else. */
export function onlyReads(statement: Statement): boolean {
  switch (statement.kind) {
    case 'query_statement':
      return readsOnly(statement.query);
    case 'explain':
      return onlyReads(statement.statement);
    case 'copy':
      if (statement.direction === 'from' || 'change' in statement.source) return false;
      return 'table' in statement.source || readsOnly(statement.source.query);
    default:
      return false;
  }
}

/** A WITH that changes rows stands at the top. */
const readsOnly = (query: Query): boolean => !query.with?.ctes.some(({ change }) => change);

/** Statements that are parsed but have no handler yet. */
export function asQuery(statement: Statement): QueryStatement {
  if (statement.kind === 'query_statement') return statement;
  if (statement.kind === 'copy')
    throw fail('feature_not_supported', 'COPY wants a stream of bytes beside it', {
      span: statement.span,
      hint: 'Session.copyIn and copyOut, the Postgres server, or \\copy on the command line.',
    });
  const words = statement.kind.replaceAll('_', ' ').toUpperCase();
  throw fail('feature_not_supported', `${words} is not supported`, { span: statement.span });
}

export function onlyStatement(statements: readonly Statement[]): Statement {
  if (statements.length !== 1) throw fail('syntax_error', `one statement is expected, there are ${statements.length}`);
  return statements[0]!;
}
