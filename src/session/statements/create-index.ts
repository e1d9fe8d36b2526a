// CREATE INDEX and DROP INDEX. Storage prunes by statistics of its own: an index is kept for tools to see, and a unique one is kept up as a key.
import type { TableEntry } from '../../catalog/index.js';
import { fail } from '../../core/index.js';
import type { CreateIndex, DropStatement, QualifiedName } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { changeTable } from './alter-table.js';
import { duplicate, namesIn, schemaNamed, spelling } from './target.js';

export async function createIndex(
  session: Session,
  statement: CreateIndex,
  options: QueryOptions,
): Promise<StatementResult> {
  const { name, span } = statement;
  const tag = 'CREATE INDEX';
  const table = await session.lookup.relation(statement.table);
  if (table.view)
    throw fail('wrong_object_type', `cannot create index on relation "${table.path}"`, {
      span: statement.table.at(-1)!.span,
      detail: 'This operation is not supported for views.',
    });
  await session.mayChange(table.dataset, tag);
  const wanted = name && foldName(name);
  if (wanted !== undefined && namesIn(await session.database.catalog.dataset(table.dataset)).has(wanted)) {
    if (!statement.ifNotExists) throw duplicate(wanted);
    session.notice('duplicate_table', `relation "${wanted}" already exists, skipping`);
    return { tag };
  }
  await changeTable(session, table, { actions: [{ kind: 'add_index', index: statement }], span }, options);
  return { tag };
}

export async function dropIndex(
  session: Session,
  { ifExists, span }: DropStatement,
  written: QualifiedName,
  options: QueryOptions,
): Promise<void> {
  const name = foldName(written.at(-1)!);
  const owner = await ownerOf(session, written, name);
  if (!owner) {
    const message = `index "${spelling(written)}" does not exist`;
    if (!ifExists) throw fail('undefined_object', message, { span: written.at(-1)!.span });
    session.notice('successful_completion', `${message}, skipping`);
    return;
  }
  await session.mayChange(owner.dataset, 'DROP INDEX');
  const rule = owner.definition!.constraints.find((constraint) => constraint.name === name)!;
  if (rule.kind !== 'index')
    throw fail(
      'dependent_objects_still_exist',
      `cannot drop index ${name} because constraint ${name} on table ${owner.path} requires it`,
      { span, hint: `You can drop constraint ${name} on table ${owner.path} instead.` },
    );
  await changeTable(session, owner, { actions: [{ kind: 'drop_index', name }], span }, options);
}

/** The table whose index it is: in the schema that is named, else along the search path. */
async function ownerOf(session: Session, written: QualifiedName, name: string): Promise<TableEntry | undefined> {
  const { catalog } = session.database;
  const own = session.temporary.dataset === undefined ? [] : [await session.temporary.snapshot()];
  const { searchPath } = session.settings;
  const known = await catalog.datasetNames();
  const names = searchPath.length > 0 ? searchPath.filter((path) => known.includes(path)) : known;
  const snapshots =
    written.length > 1
      ? [foldName(written[0]!) === 'pg_temp' ? own[0] : await schemaNamed(session, written[0]!)]
      : [...own, ...(await Promise.all(names.map((path) => catalog.dataset(path))))];
  return snapshots
    .flatMap((snapshot) => snapshot?.tables ?? [])
    .find(({ cycle, definition }) =>
      definition?.constraints.some(
        (rule) => cycle === undefined && rule.name === name && rule.kind !== 'check' && rule.kind !== 'foreign key',
      ),
    );
}
