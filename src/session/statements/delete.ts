// DELETE and TRUNCATE: the table's files are replaced by one with what is left.
import type { RecordBatch } from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import type { DeleteStatement, Expr, TruncateStatement } from '../../parser/index.js';
import { bindUpdate } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import type { ChangeQuery } from './change-query.js';
import {
  aliased,
  aliasOf,
  always,
  byFlag,
  changedFlag,
  columnsAt,
  derived,
  flaggedColumns,
  type Given,
  item,
  otherRelations,
  refuseCursor,
  rowsAt,
  tableNamed,
  valuesOf,
} from './changed-rows.js';
import { columnOf, nameOf, selectOf } from './query-of.js';
import { replaceRows } from './replace-rows.js';
import { beforeCommit, type ReturnedRelation, Returning } from './returning.js';
import { noRows } from './write-rows.js';

export async function truncate(
  session: Session,
  statement: TruncateStatement,
  _: QueryOptions,
): Promise<StatementResult> {
  const tables: TableEntry[] = [];
  for (const { name } of statement.tables) {
    const table = await tableNamed(session, name, 'truncate');
    await session.mayChange(table.dataset, 'TRUNCATE TABLE');
    if (!tables.some((other) => other.dataset === table.dataset && other.path === table.path)) tables.push(table);
  }
  for (const table of tables) {
    const restarted = statement.restartIdentity;
    await replaceRows(session, table, { columns: table.columns, batches: noRows }, false, undefined, (current) => ({
      ...current,
      ...(restarted &&
        current.sequences && {
          sequences: current.sequences.map((s) => (s.table === table.path ? { ...s, next: 1 } : s)),
        }),
    }));
  }
  return { tag: 'TRUNCATE TABLE' };
}

export async function deleteRows(
  session: Session,
  statement: DeleteStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  if (statement.returning.length > 0) return deleteReturning(session, statement, options);
  const { table, query } = await deleteQuery(session, statement);
  await session.mayChange(table.dataset, 'DELETE');
  const result = await session.rows(query, options);
  try {
    const kept = await replaceRows(session, table, { columns: table.columns, batches: result.batches }, true, () =>
      beforeCommit(undefined, options),
    );
    return { tag: `DELETE ${table.rows - kept}` };
  } finally {
    await result.close();
  }
}

/** All rows are asked for: those that stay are written, those that go are told of. */
async function deleteReturning(
  session: Session,
  statement: DeleteStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const { table, query, bind, others } = await flaggedQuery(session, statement, valuesOf(options));
  await session.mayChange(table.dataset, 'DELETE');
  const relations = [{ alias: aliasOf(statement.table), columns: table.columns }, ...others];
  const returning = new Returning(session, statement.returning, relations, options);
  const { own, wanted, positions } = flaggedColumns(table.columns, relations);
  const result = await session.rows(query, options, bind);
  async function* rows(): AsyncGenerator<RecordBatch> {
    for await (const batch of result.batches) {
      const { yes, no } = byFlag(batch, own.length);
      if (yes.length > 0) returning.add(rowsAt(columnsAt(batch, positions), wanted, yes));
      if (no.length > 0) yield rowsAt(batch, own, no);
    }
  }
  try {
    const { columns } = table;
    await replaceRows(session, table, { columns, batches: rows() }, true, () => beforeCommit(returning, options));
    return { tag: 'DELETE', rows: returning.result() };
  } finally {
    await result.close();
  }
}

/** All rows, whether each is to go, and what RETURNING may name beside them. */
async function flaggedQuery(session: Session, statement: DeleteStatement, given: Given) {
  const { span, where, using } = statement;
  refuseCursor(statement);
  const table = await tableNamed(session, statement.table.name, 'delete from');
  const alias = aliasOf(statement.table);
  const columns = table.columns.map(({ name }) => columnOf([alias, nameOf(name, span)], span));
  const is = (arg: Expr): Expr => ({ kind: 'is', arg, test: 'true', negated: false, span });
  const clause = { ...(statement.with && { with: statement.with }) };
  const bound = (query: ReturnType<typeof selectOf>, others: readonly ReturnedRelation[]) => ({
    table,
    query,
    others,
    bind: (environment: Parameters<typeof bindUpdate>[1]) =>
      bindUpdate({ query, columns: table.columns, positions: [] }, environment),
  });
  if (using.length === 0) {
    const items = [...columns, is(where ?? always(span))].map(item);
    return bound({ ...selectOf(items, [statement.table], undefined, span), ...clause }, []);
  }
  const { relations, items } = await otherRelations(session, using, statement.with, given);
  const found = nameOf(changedFlag, span);
  const limit: Expr = { kind: 'number', text: '1', span };
  const inner = selectOf([aliased(always(span), changedFlag), ...items], using, where, span);
  const right = derived({ ...inner, limit }, found, true, span);
  const from = {
    kind: 'join',
    type: 'left',
    left: statement.table,
    right,
    natural: false,
    on: always(span),
    span,
  } as const;
  const flag = is(columnOf([found, nameOf(changedFlag, span)], span));
  const extra = items.map((each) => columnOf([found, (each as { alias: typeof found }).alias], span));
  return bound({ ...selectOf([...columns, flag, ...extra].map(item), [from], undefined, span), ...clause }, relations);
}

/** The rows that stay. */
export async function deleteQuery(session: Session, statement: DeleteStatement): Promise<ChangeQuery> {
  const { span, where } = statement;
  refuseCursor(statement);
  const table = await tableNamed(session, statement.table.name, 'delete from');
  // What makes the condition true goes; false and NULL stay.
  const found: Expr = { kind: 'exists', query: selectOf([], statement.using, where, span), span };
  const gone = statement.using.length > 0 ? found : (where ?? always(span));
  const stays: Expr = { kind: 'is', arg: gone, test: 'true', negated: true, span };
  const items = table.columns.map(({ name }) => item(columnOf([aliasOf(statement.table), nameOf(name, span)], span)));
  const query = { ...selectOf(items, [statement.table], stays, span), ...(statement.with && { with: statement.with }) };
  return { table, query };
}
