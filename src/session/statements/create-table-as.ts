// CREATE TABLE … AS, SELECT … INTO: the rows of a query become a table of a dataset, or of the session.
import { fail } from '../../core/index.js';
import type { CreateTableAs } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { QueryResult } from '../query-result.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { checkOnCommit, creationTarget, defined, duplicate, manifestHas, relationNamed } from './target.js';
import { noRows, writeRows } from './write-rows.js';

export async function createTableAs(
  session: Session,
  statement: CreateTableAs,
  options: QueryOptions,
): Promise<StatementResult> {
  const temporary = statement.persistence === 'temporary';
  checkOnCommit(statement, temporary);
  const { onCommit } = statement;
  const { dataset, snapshot, name } = await creationTarget(session, statement.name, temporary);
  await session.mayChange(dataset, 'CREATE TABLE AS');
  if (relationNamed(snapshot, name)) {
    if (!statement.ifNotExists) throw duplicate(name);
    session.notice('duplicate_table', `relation "${name}" already exists, skipping`);
    return { tag: 'CREATE TABLE AS' };
  }
  const result = await sourceOf(session, statement, options);
  try {
    const columns = result.columns.map(({ label, type }, i) => ({
      name: statement.columns[i] ? foldName(statement.columns[i]) : label,
      type,
    }));
    if (statement.columns.length > columns.length)
      throw fail('syntax_error', 'too many column names were specified', {
        span: statement.columns[columns.length]!.span,
      });
    checkColumns(columns);
    const check: Parameters<typeof writeRows>[4]['check'] = (current) => {
      if (manifestHas(current, name)) throw duplicate(name);
    };
    const batches = statement.withData ? result.batches : noRows;
    const { rows } = await writeRows(
      session,
      dataset,
      name,
      { columns, batches },
      {
        check,
        ...(onCommit &&
          onCommit !== 'preserve rows' && {
            define: (current) => defined(current, { name, columns: [], constraints: [], onCommit }, []),
          }),
      },
    );
    return { tag: statement.withData ? `SELECT ${rows}` : 'CREATE TABLE AS' };
  } finally {
    await result.close();
  }
}

async function sourceOf(session: Session, { source }: CreateTableAs, options: QueryOptions): Promise<QueryResult> {
  if (source.kind === 'query') return session.rows(source, options);
  const { rows } = await session.execute({ statement: source, parameterTypes: [], columns: undefined }, [], options);
  if (!rows) throw fail('wrong_object_type', 'prepared statement is not a SELECT', { span: source.span });
  return rows;
}

/** @throws DiagnosticError duplicate_column */
export function checkColumns(columns: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw fail('duplicate_column', `column "${name}" specified more than once`);
    seen.add(name);
  }
}
