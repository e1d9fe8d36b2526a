// What a statement of definition is about: a dataset, and a name in it.
import type { DatasetSnapshot, TableEntry } from '../../catalog/index.js';
import { DiagnosticError, fail } from '../../core/index.js';
import type { CreateTable, Name, QualifiedName } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import {
  type DatasetDefinitions,
  isTemporaryDataset,
  type Manifest,
  type ManifestFile,
  type SequenceDefinition,
  type TableDefinition,
} from '../../store/index.js';
import type { Session } from '../session.js';

export interface Target {
  readonly dataset: string;
  readonly snapshot: DatasetSnapshot;
  readonly name: string;
}

/**
 * Where something new goes.
 * @throws DiagnosticError invalid_schema_name, invalid_name
 */
export async function creationTarget(session: Session, written: QualifiedName, temporary: boolean): Promise<Target> {
  if (written.length > 2)
    throw fail('feature_not_supported', `cross-database references are not implemented: ${spelling(written)}`);
  const name = foldName(written.at(-1)!);
  const owner = written.length === 2 ? written[0]! : undefined;
  if (temporary && owner && foldName(owner) !== 'pg_temp')
    throw fail('invalid_table_definition', 'cannot create temporary relation in non-temporary schema', {
      span: owner.span,
    });
  if (/[/;]/.test(name) || name === '')
    throw fail('invalid_name', `a table cannot be called "${name}"`, {
      span: written.at(-1)!.span,
      hint: 'A name is not empty and has no "/" and no ";".',
    });
  if (temporary || (owner && foldName(owner) === 'pg_temp')) {
    const snapshot = await session.temporary.snapshot();
    return { dataset: snapshot.name, snapshot, name };
  }
  const snapshot = await (owner ? schemaToCreateIn(session, owner) : firstOfSearchPath(session, written));
  return { dataset: snapshot.name, snapshot, name };
}

/** @throws DiagnosticError invalid_schema_name with its place */
export async function schemaNamed(session: Session, name: Name): Promise<DatasetSnapshot> {
  try {
    // Other sessions' tables are there for nobody else, one's own only as pg_temp.
    if (isTemporaryDataset(name.text)) throw fail('invalid_schema_name', 'a temporary schema');
    return await session.database.catalog.dataset(name.text);
  } catch (error) {
    if (!(error instanceof DiagnosticError) || error.diagnostic.condition !== 'invalid_schema_name') throw error;
    throw fail('invalid_schema_name', `schema "${foldName(name)}" does not exist`, {
      span: name.span,
      hint: error.diagnostic.hint,
    });
  }
}

/** Every database of PostgreSQL has it; here it is made by the first that creates something in it. */
const usualSchema = 'public';

async function usualDataset(session: Session): Promise<DatasetSnapshot> {
  await session.mayChange(usualSchema, 'CREATE SCHEMA');
  try {
    await session.database.createDataset(usualSchema);
  } catch (error) {
    // Another session was first.
    if (!(error instanceof DiagnosticError) || error.diagnostic.condition !== 'duplicate_table') throw error;
  }
  await session.changed(usualSchema);
  return session.database.catalog.dataset(usualSchema);
}

async function schemaToCreateIn(session: Session, owner: Name): Promise<DatasetSnapshot> {
  if (foldName(owner) === usualSchema && !(await session.database.catalog.datasetNames()).includes(usualSchema))
    return usualDataset(session);
  return schemaNamed(session, owner);
}

async function firstOfSearchPath(session: Session, written: QualifiedName): Promise<DatasetSnapshot> {
  const names = await session.database.catalog.datasetNames();
  const { searchPath } = session.settings;
  const path = searchPath.length > 0 ? searchPath : [usualSchema];
  const first = path.find((name) => name === usualSchema || names.includes(name));
  if (first !== undefined && names.includes(first)) return session.database.catalog.dataset(first);
  if (first === usualSchema) return usualDataset(session);
  throw fail('invalid_schema_name', 'no schema has been selected to create in', {
    span: written[0]!.span,
    hint: `Name the dataset, as in: dataset.${spelling(written)}. CREATE SCHEMA makes one; TEMP keeps a table in the session.`,
  });
}

export const spelling = (name: QualifiedName): string => name.map(({ text }) => text).join('.');

/** A table of that very name, or a view. */
export const relationNamed = (snapshot: DatasetSnapshot, name: string): TableEntry | undefined =>
  snapshot.tables.find((table) => table.path === name && table.cycle === undefined);

export const manifestHas = (manifest: Manifest | undefined, name: string): boolean =>
  manifest !== undefined &&
  (manifest.tables.some(({ path }) => path === name) ||
    (manifest.root.definitions?.views.some((view) => view.name === name) ?? false));

export const duplicate = (name: string) => fail('duplicate_table', `relation "${name}" already exists`);

export const missing = (name: string) => fail('undefined_table', `relation "${name}" does not exist`);

/**
 * @param own files that other parts of the statement at hand have written or taken
 * @throws DiagnosticError undefined_table; serialization_failure where its rows matter and are others now
 */
export function stillAsRead(
  current: Manifest | undefined,
  table: TableEntry,
  asRead: boolean,
  own: ReadonlySet<string> = new Set(),
): void {
  if (!current || !manifestHas(current, table.path)) throw missing(table.path);
  if (!asRead) return;
  const others = (files: readonly { readonly source?: string }[]) =>
    files.flatMap(({ source }) => (source !== undefined && own.has(source) ? [] : [source])).join();
  if (others(filesOf(current, table.path)) !== others(table.files))
    throw fail('serialization_failure', `table "${table.path}" was changed by another writer`, {
      hint: 'run it again',
    });
}

/**
 * The files that a table consists of.
 * @throws DiagnosticError feature_not_supported where one of them holds other tables too
 */
export function filesOf(manifest: Manifest, name: string): ManifestFile[] {
  const holders = new Set<number>();
  const others = new Set<number>();
  for (const { path, cycle, files } of manifest.tables)
    if (cycle === undefined) for (const { file } of files) (path === name ? holders : others).add(file);
  const shared = manifest.files.find(({ ordinal }) => holders.has(ordinal) && others.has(ordinal));
  if (shared)
    throw fail(
      'feature_not_supported',
      `table "${name}" is part of file "${shared.source}", which holds other tables too`,
      {
        hint: 'DROP SCHEMA … CASCADE drops the whole dataset.',
      },
    );
  return manifest.files.filter(({ ordinal }) => holders.has(ordinal));
}

/** Names of all that a dataset defines. */
export const namesIn = ({ tables, definitions }: DatasetSnapshot): ReadonlySet<string> =>
  new Set([
    ...tables.map(({ path }) => path),
    ...(definitions?.sequences ?? []).map(({ name }) => name),
    ...(definitions?.tables ?? []).flatMap(({ constraints }) =>
      constraints.flatMap((c) => (c.kind === 'check' || c.kind === 'foreign key' ? [] : [c.name])),
    ),
  ]);

/** The definitions with those of one table, instead of any it had. */
export function defined(
  current: DatasetDefinitions,
  table: TableDefinition,
  sequences: readonly SequenceDefinition[],
): DatasetDefinitions {
  const isEmpty = table.columns.length === 0 && table.constraints.length === 0 && !table.onCommit;
  return {
    ...current,
    tables: [...(current.tables ?? []).filter(({ name }) => name !== table.name), ...(isEmpty ? [] : [table])],
    sequences: [...(current.sequences ?? []).filter((s) => s.table !== table.name), ...sequences],
  };
}

/** @throws DiagnosticError invalid_table_definition */
export function checkOnCommit({ onCommit, span }: Pick<CreateTable, 'onCommit' | 'span'>, temporary: boolean): void {
  if (onCommit && !temporary)
    throw fail('invalid_table_definition', 'ON COMMIT can only be used on temporary tables', { span });
}
