// Which datasets a statement may mean: what the session fetches before the binder, which does not wait, looks for names.
import { type DatasetSnapshot, systemSchemaOf, type TableEntry } from '../catalog/index.js';
import { DiagnosticError, holdsPart, objectTypeOf } from '../core/index.js';
import { parseSql, type QualifiedName, type QueryStatement } from '../parser/index.js';
import { catalogMacros, namesMentioned, relationsMentioned, temporarySchema } from '../planner/index.js';
import { isTemporaryDataset } from '../store/index.js';
import type { ReadView } from './read-view.js';
import { onlyStatement } from './statement-kinds.js';

export interface WhereToLook {
  /** For tables without a dataset; empty: all datasets. */
  readonly searchPath: readonly string[];
  /** The dataset of the session's own tables. */
  readonly temporary: string | undefined;
  /** Others in memory that may be read, by name. */
  readonly staged: ReadonlySet<string>;
  readonly storeUrl: string;
}

/**
 * The datasets a statement may mean: those it names, or all in the search path where a table stands alone. Names of others are
 * looked up only where one is not found as it is written: each costs two operations.
 */
export async function wantedDatasets(
  relations: readonly QualifiedName[],
  view: ReadView,
  { searchPath, temporary, staged, storeUrl }: WhereToLook,
) {
  const datasets = new Map<string, DatasetSnapshot>();
  let datasetNames: readonly string[] = [];
  const add = async (name: string) => {
    if (!datasets.has(name)) datasets.set(name, await view.dataset(name));
  };
  // As PostgreSQL's schemas: a search path may name what does not exist.
  const known = async (path: readonly string[]) => {
    const names = await view.names();
    return path.filter((name) => names.includes(name));
  };
  if (temporary !== undefined) datasets.set(temporarySchema, await view.dataset(temporary));
  const own = (relation: QualifiedName) => !systemSchemaOf(relation.at(-2)?.text, relation.at(-1)!.text);
  const pending = relations.filter(own).map((relation) => ({ relation, searchPath }));
  const seen = new Set<TableEntry>();
  /** Whether a view among them reads what is kept of the catalogue. */
  let ofCatalogue = false;
  for (const { relation, searchPath } of pending) {
    const written = relation.at(-2)?.text;
    const name = relation.at(-1)!.text.toLowerCase();
    const isOwn =
      written === temporarySchema ||
      (written !== undefined && isTemporaryDataset(written)) ||
      (written === undefined && datasets.get(temporarySchema)?.tables.some((t) => t.path.toLowerCase() === name));
    try {
      if (written !== undefined && staged.has(written)) await add(written);
      else if (isOwn) {
        // It is there.
      } else if (written !== undefined) await add(written);
      else for (const path of searchPath.length > 0 ? await known(searchPath) : await view.names()) await add(path);
    } catch (error) {
      // The binder says what is wrong, and where.
      if (written === undefined || !isUnknownDataset(error)) throw error;
      datasetNames = await view.names();
      for (const path of datasetNames) if (path.toLowerCase() === written.toLowerCase()) await add(path);
    }
    // What it may be a view of is wanted too, by the view's own search path.
    for (const { tables } of datasets.values())
      for (const table of tables) {
        if (!table.view || table.path.toLowerCase() !== name || seen.has(table)) continue;
        seen.add(table);
        const query = onlyStatement(parseSql(table.view.query)) as QueryStatement;
        ofCatalogue ||= needsNames(query);
        for (const inner of relationsMentioned(query))
          if (own(inner)) pending.push({ relation: inner, searchPath: table.view.searchPath });
      }
  }
  const isEmpty = relations.length > 0 && datasets.size === 0 && (await view.names()).length === 0;
  return { datasets, datasetNames, ofCatalogue, ...(isEmpty && { emptyStore: storeUrl }) };
}

/** Whether a statement is about the catalogue: reads one of its relations, or casts to the name of an object. */
export function needsNames(statement: QueryStatement): boolean {
  return (
    relationsMentioned(statement).some((r) => systemSchemaOf(r.at(-2)?.text, r.at(-1)!.text) !== undefined) ||
    [...namesMentioned(statement)].some((name) => /^reg[a-z]+$/.test(name) || catalogMacros.has(name))
  );
}

const objectTables = new WeakMap<TableEntry, boolean>();

/** Whether a table has a column of a type like regclass, which is read and written by name. */
export function holdObjects(
  relations: readonly QualifiedName[],
  datasets: ReadonlyMap<string, DatasetSnapshot>,
): boolean {
  const names = new Set(relations.map((relation) => relation.at(-1)!.text.toLowerCase()));
  const holds = (table: TableEntry) => {
    let known = objectTables.get(table);
    if (known === undefined) {
      known = table.columns.some(({ type }) => holdsPart(type, (part) => objectTypeOf(part) !== undefined));
      objectTables.set(table, known);
    }
    return known;
  };
  return [...datasets.values()].some(({ tables }) =>
    tables.some((table) => names.has(table.path.toLowerCase()) && holds(table)),
  );
}

function isUnknownDataset(error: unknown): boolean {
  return (
    error instanceof DiagnosticError && ['invalid_schema_name', 'ambiguous_column'].includes(error.diagnostic.condition)
  );
}
