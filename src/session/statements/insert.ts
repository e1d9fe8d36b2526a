// INSERT: rows of a query or of VALUES as a new file of the table.
import type { RecordBatch } from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import { type DiagnosticError, fail, type Span } from '../../core/index.js';
import type { InsertStatement, Query } from '../../parser/index.js';
import { bindInsert, foldName, type InsertSource } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import type { ChangeQuery } from './change-query.js';
import { arbitersOf, insertOrUpdate, withoutConflicts } from './on-conflict.js';
import { queryOf, selectOf, withCtes } from './query-of.js';
import { beforeCommit, Returning } from './returning.js';
import { defaultsOf, keysOf, RowRules, ruleOf } from './row-rules.js';
import { stillAsRead } from './target.js';
import { writeRows } from './write-rows.js';

export async function insert(
  session: Session,
  statement: InsertStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const { table, query, bind } = await insertQuery(session, statement);
  await session.mayChange(table.dataset, 'INSERT');
  const { onConflict } = statement;
  const arbiters = onConflict && arbitersOf(table, onConflict);
  const rules = await RowRules.of(session, table);
  const returning = returningOf(session, statement, table, options);
  const result = await session.rows(query, options, bind);
  try {
    async function* stored(): AsyncGenerator<RecordBatch> {
      for await (const batch of result.batches) yield await rules.apply(batch);
    }
    let rows: number;
    if (onConflict?.update) {
      rules.ignoreKeys(keysOf(table));
      const upsert = { table, statement, rows: stored(), arbiter: arbiters![0]!, returning };
      rows = await insertOrUpdate(session, upsert, options);
    } else {
      await rules.readKeys(options, arbiters ?? []);
      const fresh = arbiters ? withoutConflicts(session, table, stored(), arbiters, options) : stored();
      const { columns } = table;
      const keyed = rules.hasKeys || (arbiters ?? []).length > 0;
      const written = await writeRows(
        session,
        table.dataset,
        table.path,
        { columns, batches: withReturning(fresh, returning, options) },
        { check: (current) => stillAsRead(current, table, keyed, session.ownFiles) },
      );
      rows = written.rows;
    }
    return returning ? { tag: 'INSERT 0', rows: returning.result() } : { tag: `INSERT 0 ${rows}` };
  } finally {
    await result.close();
  }
}

/** The batches, and when all have gone by, what RETURNING says of them. */
async function* withReturning(
  batches: AsyncIterable<RecordBatch>,
  returning: Returning | undefined,
  options: QueryOptions,
): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) {
    returning?.add(batch);
    yield batch;
  }
  await beforeCommit(returning, options);
}

function returningOf(
  session: Session,
  { returning, alias, table: name }: InsertStatement,
  table: TableEntry,
  options: QueryOptions,
): Returning | undefined {
  if (returning.length === 0) return undefined;
  return new Returning(session, returning, [{ alias: alias ?? name.at(-1)!, columns: table.columns }], options);
}

/** The rows that come in, as the table has them. */
export async function insertQuery(session: Session, statement: InsertStatement): Promise<ChangeQuery> {
  const { span } = statement;
  const table = await session.lookup.relation(statement.table);
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
  const query = statement.source && withCtes(statement.source, statement.with);
  const { expressions, sequences } = defaultsOf(table);
  const source: InsertSource = {
    ...(query && { query }),
    columns: table.columns,
    positions: listed ? positions : table.columns.map((_, i) => i),
    listed,
    span,
    defaults: expressions,
    sequences,
    ...valuesRefused(table, statement),
  };
  return { table, query: query ?? noQuery(span), bind: (environment) => bindInsert(source, environment) };
}

/** Columns that take no values of the user's, and those whose values OVERRIDING ignores. */
function valuesRefused(table: TableEntry, { overriding }: InsertStatement) {
  const onlyDefault = new Map<number, () => DiagnosticError>();
  const ignored = new Set<number>();
  for (const [position, { name }] of table.columns.entries()) {
    const rule = ruleOf(table, name);
    const refused = (detail: string, hint?: string) => () =>
      fail('generated_always', `cannot insert a non-DEFAULT value into column "${name}"`, { detail, hint });
    if (rule?.generated !== undefined) onlyDefault.set(position, refused(`Column "${name}" is a generated column.`));
    else if (rule?.identity && overriding === 'user') ignored.add(position);
    else if (rule?.identity === 'always' && overriding !== 'system')
      onlyDefault.set(
        position,
        refused(
          `Column "${name}" is an identity column defined as GENERATED ALWAYS.`,
          'Use OVERRIDING SYSTEM VALUE to override.',
        ),
      );
  }
  return { onlyDefault, ignored };
}

/** RETURNING as a query over the table, for its types. */
export function returningQuery({ alias, table, returning, span }: InsertStatement): Query {
  const from = {
    kind: 'table',
    name: table,
    ...(alias && { alias: { name: alias, columns: [], span } }),
    only: false,
    span,
  } as const;
  return selectOf(returning, [from], undefined, span);
}

/** What DEFAULT VALUES has in the place of a query: it mentions no relation. */
const noQuery = (span: Span): Query => queryOf({ kind: 'values', rows: [[{ kind: 'null', span }]], span }, span);
