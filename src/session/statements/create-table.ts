// CREATE TABLE with a list of columns: a file without rows.
import { fail } from '../../core/index.js';
import type { ColumnDefinition, CreateTable } from '../../parser/index.js';
import { bindTypeName, foldName } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { QueryOptions, Session } from '../session.js';
import { checkColumns } from './create-table-as.js';
import { creationTarget, duplicate, manifestHas, relationNamed } from './target.js';
import { noRows, writeRows } from './write-rows.js';

export async function createTable(session: Session, statement: CreateTable, _: QueryOptions): Promise<StatementResult> {
  if (statement.onCommit && statement.onCommit !== 'preserve rows')
    throw fail('feature_not_supported', `ON COMMIT ${statement.onCommit.toUpperCase()} is not supported`, {
      span: statement.span,
    });
  const temporary = statement.persistence === 'temporary';
  const { dataset, snapshot, name } = await creationTarget(session, statement.name, temporary);
  await session.mayChange(dataset, 'CREATE TABLE');
  if (relationNamed(snapshot, name)) {
    if (!statement.ifNotExists) throw duplicate(name);
    session.notice('duplicate_table', `relation "${name}" already exists, skipping`);
    return { tag: 'CREATE TABLE' };
  }
  const copied = await Promise.all(
    statement.likes.map(async ({ table }) =>
      (await session.relation(table)).columns.map((column) => ({ name: column.name, type: column.type })),
    ),
  );
  const columns = [...copied.flat(), ...statement.columns.map(columnOf)];
  checkColumns(columns);
  const [constraint] = statement.constraints;
  if (constraint) throw unsupported(constraint.rule.kind, constraint.span);
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
    },
  );
  return { tag: 'CREATE TABLE' };
}

/** What is not kept up is not accepted either. */
function columnOf({ name, type, constraints }: ColumnDefinition) {
  const constraint = constraints.find(({ kind }) => kind !== 'null' && kind !== 'collate');
  if (constraint) throw unsupported(constraint.kind, constraint.span);
  return { name: foldName(name), type: bindTypeName(type) };
}

function unsupported(kind: string, span: ColumnDefinition['span']) {
  const words = kind.replaceAll('_', ' ').toUpperCase();
  return fail('feature_not_supported', `${words} constraints are not supported`, { span });
}
