// DROP TABLE, VIEW, SCHEMA, INDEX: what depends on them goes with CASCADE, and stands in the way without.
import type { TableEntry } from '../../catalog/index.js';
import { DiagnosticError, fail } from '../../core/index.js';
import { type DropStatement, parseSql, type QualifiedName } from '../../parser/index.js';
import { findRelation, foldName, relationsMentioned, temporarySchema } from '../../planner/index.js';
import { changeDataset } from '../../store/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { dropIndex } from './create-index.js';
import { filesOf, schemaNamed, spelling } from './target.js';

export async function drop(
  session: Session,
  statement: DropStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const tag = `DROP ${statement.object.toUpperCase()}`;
  const together = new Set<string>();
  for (const name of statement.names) together.add(foldName(name.at(-1)!));
  for (const name of statement.names)
    if (statement.object === 'schema') await dropSchema(session, statement, name);
    else if (statement.object === 'index') await dropIndex(session, statement, name, options);
    else await dropRelation(session, statement, name, together);
  return { tag };
}

/** The work, or where the object is not there and need not be, a notice. */
async function unlessMissing<T>(
  session: Session,
  { ifExists, object }: DropStatement,
  name: QualifiedName,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    if (!['undefined_table', 'invalid_schema_name'].includes(error.diagnostic.condition)) throw error;
    const noSchema = error.diagnostic.condition === 'invalid_schema_name' || (await lacksSchema(session, name));
    const condition = noSchema ? 'invalid_schema_name' : 'undefined_table';
    const shown = name.length === 2 && noSchema ? name[0]! : name.at(-1)!;
    const what = noSchema ? 'schema' : object;
    if (!ifExists) {
      const label = what === 'schema' ? foldName(shown) : spelling(name);
      const { hint } = error.diagnostic;
      throw fail(condition, `${what} "${label}" does not exist`, { span: shown.span, hint });
    }
    session.notice('successful_completion', `${what} "${foldName(shown)}" does not exist, skipping`);
    return undefined;
  }
}

/** Where the schema is missing, DROP speaks of it; a query speaks of the relation. */
async function lacksSchema(session: Session, name: QualifiedName): Promise<boolean> {
  const schema = name.length === 2 ? foldName(name[0]!) : undefined;
  if (schema === undefined || schema === 'information_schema' || schema.startsWith('pg_')) return false;
  const names = await session.database.catalog.datasetNames();
  return !names.some((other) => other.toLowerCase() === schema.toLowerCase());
}

async function dropRelation(
  session: Session,
  statement: DropStatement,
  name: QualifiedName,
  together: ReadonlySet<string>,
): Promise<void> {
  const table = await unlessMissing(session, statement, name, () => session.lookup.relation(name));
  if (!table) return;
  const wanted = statement.object === 'view';
  if ((table.view !== undefined) !== wanted)
    throw fail('wrong_object_type', `"${table.path}" is not a ${statement.object}`, {
      span: name.at(-1)!.span,
      hint: `Use DROP ${wanted ? 'TABLE' : 'VIEW'} to remove a ${wanted ? 'table' : 'view'}.`,
    });
  await session.mayChange(table.dataset, `DROP ${statement.object.toUpperCase()}`);
  const dependent = await dependentViews(session, table);
  const what = `${statement.object} ${table.path}`;
  if (dependent.length > 0 && !statement.cascade) throw stillNeeded(what, dependent);
  const referencing = await referencingKeys(session, table, together);
  if (referencing.length > 0 && !statement.cascade)
    throw fail('dependent_objects_still_exist', `cannot drop ${what} because other objects depend on it`, {
      detail: referencing
        .flatMap(({ owner, keys }) => keys.map((key) => `constraint ${key} on table ${owner.path} depends on ${what}`))
        .join('\n'),
      hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
    });
  // What goes with CASCADE may be another dataset's.
  for (const { dataset } of [...dependent, ...referencing.map(({ owner }) => owner)])
    await session.mayChange(dataset, 'DROP');
  for (const { owner, keys } of referencing) await forgetKeys(session, owner, keys);
  for (const view of dependent) await remove(session, view);
  await remove(session, table);
}

/** Foreign keys of other tables that refer to it, but for those of tables that go with it. */
async function referencingKeys(session: Session, table: TableEntry, together: ReadonlySet<string>) {
  const { catalog } = session.database;
  const own = session.temporary.dataset;
  const names = table.dataset === own ? [table.dataset] : await catalog.datasetNames();
  const snapshots = await Promise.all(names.map((name) => catalog.dataset(name)));
  return snapshots
    .flatMap(({ tables }) => tables)
    .filter((owner) => !together.has(owner.path) && owner.cycle === undefined)
    .flatMap((owner) => {
      const keys = (owner.definition?.constraints ?? []).flatMap((constraint) => {
        if (constraint.kind !== 'foreign key') return [];
        const { references } = constraint;
        return references.dataset === table.dataset && references.table === table.path ? [constraint.name] : [];
      });
      return keys.length > 0 ? [{ owner, keys }] : [];
    });
}

async function forgetKeys(session: Session, owner: TableEntry, keys: readonly string[]): Promise<void> {
  await changeDataset(session.database.store, owner.dataset, (_, definitions) => ({
    definitions: {
      ...definitions,
      tables: (definitions.tables ?? []).map((table) =>
        table.name === owner.path
          ? { ...table, constraints: table.constraints.filter(({ name }) => !keys.includes(name)) }
          : table,
      ),
    },
  }));
  await session.changed(owner.dataset);
}

async function remove(session: Session, table: TableEntry): Promise<void> {
  await changeDataset(
    session.database.store,
    table.dataset,
    (manifest, { views, comments, tables = [], sequences = [] }) => ({
      definitions: {
        views: views.filter((view) => !table.view || view.name !== table.path),
        comments: comments.filter((comment) => comment.object === 'schema' || comment.name !== table.path),
        tables: tables.filter(({ name }) => name !== table.path),
        sequences: sequences.filter((sequence) => sequence.table !== table.path),
      },
      remove: table.view ? [] : filesOf(manifest, table.path),
    }),
  );
  await session.changed(table.dataset);
}

async function dropSchema(session: Session, statement: DropStatement, written: QualifiedName): Promise<void> {
  const [name] = written;
  const snapshot = await unlessMissing(session, statement, written, () => schemaNamed(session, name!));
  if (!snapshot) return;
  await session.mayChange(snapshot.name, 'DROP SCHEMA');
  if (!statement.cascade && snapshot.tables.length > 0) throw stillNeeded(`schema ${snapshot.name}`, snapshot.tables);
  const views: TableEntry[] = [];
  for (const table of snapshot.tables)
    for (const view of await dependentViews(session, table))
      if (view.dataset !== snapshot.name && !views.includes(view)) views.push(view);
  for (const { dataset } of views) await session.mayChange(dataset, 'DROP');
  for (const view of views) await remove(session, view);
  await session.database.drop(snapshot.name);
  await session.changed(snapshot.name);
}

function stillNeeded(what: string, dependent: readonly TableEntry[]) {
  const shown = dependent.filter(({ cycle }) => cycle === undefined);
  return fail('dependent_objects_still_exist', `cannot drop ${what} because other objects depend on it`, {
    detail: shown
      .map(({ dataset, path, view }) => `${view ? 'view' : 'table'} ${dataset}.${path} depends on ${what}`)
      .join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

/** Views of all datasets that read the table, themselves read by none before them. */
export async function dependentViews(session: Session, table: TableEntry): Promise<TableEntry[]> {
  const { catalog } = session.database;
  const lasting = await Promise.all((await catalog.datasetNames()).map((name) => catalog.dataset(name)));
  const own = session.temporary.dataset === undefined ? undefined : await session.temporary.snapshot();
  const snapshots = own ? [...lasting, own] : lasting;
  const datasets = new Map(lasting.map((snapshot) => [snapshot.name, snapshot]));
  const withOwn = own ? new Map([...datasets, [temporarySchema, own]]) : datasets;
  const views = snapshots.flatMap((snapshot) => snapshot.tables.filter(({ view }) => view));
  const reads = (view: TableEntry, wanted: TableEntry): boolean => {
    const { query, searchPath } = view.view!;
    const [parsed] = parseSql(query);
    if (parsed?.kind !== 'query_statement') return false;
    const seen = view.dataset === own?.name ? withOwn : datasets;
    const environment = { datasets: seen, datasetNames: [], ...(searchPath.length > 0 && { searchPath }) };
    return relationsMentioned(parsed).some((name) => {
      try {
        const found = findRelation(environment, name);
        return found.dataset === wanted.dataset && found.path === wanted.path;
      } catch (error) {
        if (error instanceof DiagnosticError) return false;
        throw error;
      }
    });
  };
  const found: TableEntry[] = [];
  const pending = [table];
  for (const wanted of pending)
    for (const view of views)
      if (view !== table && !found.includes(view) && reads(view, wanted)) {
        found.push(view);
        pending.push(view);
      }
  return found.reverse();
}
