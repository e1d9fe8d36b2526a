// INSERT: rows of a query or of VALUES as a new file of the table.

import { fail, type Span } from '../../core/index.js';
import type { Expr, InsertStatement, Query } from '../../parser/index.js';
import { bindInsert, foldName, type InsertSource } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { QueryOptions, Session } from '../session.js';
import type { ChangeQuery } from './change-query.js';
import { columnOf, nameOf, queryOf, selectOf } from './query-of.js';
import { manifestHas, missing } from './target.js';
import { writeRows } from './write-rows.js';

export async function insert(
  session: Session,
  statement: InsertStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const { table, query, bind } = await insertQuery(session, statement);
  await session.mayChange(table.dataset, 'INSERT');
  const result = await session.rows(query, options, bind);
  try {
    const columns = result.columns.map(({ label, type }) => ({ name: label, type }));
    const written = await writeRows(
      session,
      table.dataset,
      table.path,
      { columns, batches: result.batches },
      {
        check: (current) => {
          if (!manifestHas(current, table.path)) throw missing(table.path);
        },
      },
    );
    if (statement.returning.length === 0) return { tag: `INSERT 0 ${written.rows}` };
    return { tag: 'INSERT 0', rows: await session.rows(returningQuery(statement, written.source), options) };
  } finally {
    await result.close();
  }
}

/** The rows that come in, as the table has them. */
export async function insertQuery(session: Session, statement: InsertStatement): Promise<ChangeQuery> {
  const { span } = statement;
  if (statement.onConflict?.target || statement.onConflict?.update)
    throw fail(
      'invalid_column_reference',
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
      {
        span: statement.onConflict.span,
      },
    );
  const table = await session.relation(statement.table);
  if (table.view) throw fail('object_not_in_prerequisite_state', `cannot insert into view "${table.path}"`, { span });
  const positions = statement.columns.map(({ column, path, span: place }) => {
    if (path.length > 0) throw fail('feature_not_supported', 'parts of columns cannot be assigned', { span: place });
    const name = foldName(column);
    const exact = table.columns.findIndex((c) => c.name === column.text);
    const at = exact >= 0 ? exact : table.columns.findIndex((c) => c.name.toLowerCase() === name.toLowerCase());
    if (at < 0)
      throw fail('undefined_column', `column "${name}" of relation "${table.path}" does not exist`, {
        span: column.span,
      });
    return at;
  });
  for (const [i, at] of positions.entries())
    if (positions.indexOf(at) < i)
      throw fail('duplicate_column', `column "${table.columns[at]!.name}" specified more than once`, {
        span: statement.columns[i]!.span,
      });
  const listed = positions.length > 0;
  const query = statement.source && {
    ...statement.source,
    ...(statement.with && { with: statement.with }),
  };
  const source: InsertSource = {
    ...(query && { query }),
    columns: table.columns,
    positions: listed ? positions : table.columns.map((_, i) => i),
    listed,
    span,
  };
  return { table, query: query ?? noQuery(span), bind: (environment) => bindInsert(source, environment) };
}

/** RETURNING: the rows are read again, by the file they went into. */
export function returningQuery({ alias, table, returning, span }: InsertStatement, file: string): Query {
  const from = {
    kind: 'table',
    name: table,
    ...(alias && { alias: { name: alias, columns: [], span } }),
    only: false,
    span,
  } as const;
  const where: Expr = {
    kind: 'binary',
    op: '=',
    opSpan: span,
    left: columnOf([nameOf('_file', span)], span),
    right: { kind: 'string', value: file, span },
    span,
  };
  return selectOf(returning, [from], where, span);
}

/** What DEFAULT VALUES has in the place of a query: it mentions no relation. */
const noQuery = (span: Span): Query => queryOf({ kind: 'values', rows: [[{ kind: 'null', span }]], span }, span);
