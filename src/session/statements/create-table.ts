// CREATE TABLE with a list of columns: a file without rows.
import { fail } from '../../core/index.js';
import type { CreateTable } from '../../parser/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { shapeOf } from './table-shape.js';
import { checkOnCommit, creationTarget, defined, duplicate, manifestHas, namesIn, relationNamed } from './target.js';
import { noRows, writeRows } from './write-rows.js';

export async function createTable(session: Session, statement: CreateTable, _: QueryOptions): Promise<StatementResult> {
  const temporary = statement.persistence === 'temporary';
  checkOnCommit(statement, temporary);
  const { dataset, snapshot, name } = await creationTarget(session, statement.name, temporary);
  await session.mayChange(dataset, 'CREATE TABLE');
  if (relationNamed(snapshot, name)) {
    if (!statement.ifNotExists) throw duplicate(name);
    session.notice('duplicate_table', `relation "${name}" already exists, skipping`);
    return { tag: 'CREATE TABLE' };
  }
  const { columns, definition, sequences } = await shapeOf(session, statement, {
    dataset,
    name,
    taken: namesIn(snapshot),
  });
  if (columns.length === 0)
    throw fail('feature_not_supported', 'a table without columns is not supported', { span: statement.span });
  await writeRows(
    session,
    dataset,
    name,
    { columns, batches: noRows },
    {
      check: (current) => {
        if (manifestHas(current, name)) throw duplicate(name);
      },
      define: (current) => defined(current, definition, sequences),
    },
  );
  return { tag: 'CREATE TABLE' };
}
