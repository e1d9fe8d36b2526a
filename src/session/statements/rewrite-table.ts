// UPDATE, DELETE, TRUNCATE: the table's files are replaced by one with what is left.
import type { RecordBatch } from 'apache-arrow';
import * as arrow from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import { fail, type Span } from '../../core/index.js';
import type {
  DeleteStatement,
  Expr,
  FromItem,
  Name,
  Query,
  SelectItem,
  TableRef,
  TruncateStatement,
  UpdateStatement,
} from '../../parser/index.js';
import { bindUpdate, foldName } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { QueryOptions, Session } from '../session.js';
import type { ChangeQuery } from './change-query.js';
import { columnOf, nameOf, selectOf } from './query-of.js';
import { filesOf, missing } from './target.js';
import { type NewRows, noRows, writeRows } from './write-rows.js';

/** No name of a column: blanks at the ends do not occur in branches. */
const changed = ' changed ';

export async function truncate(
  session: Session,
  statement: TruncateStatement,
  _: QueryOptions,
): Promise<StatementResult> {
  for (const { name } of statement.tables) {
    const table = await tableNamed(session, name, 'truncate');
    await session.mayChange(table.dataset, 'TRUNCATE TABLE');
    await replace(session, table, { columns: table.columns, batches: noRows }, false);
  }
  return { tag: 'TRUNCATE TABLE' };
}

export async function deleteRows(
  session: Session,
  statement: DeleteStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const { table, query } = await deleteQuery(session, statement);
  await session.mayChange(table.dataset, 'DELETE');
  const returning = deleteReturning(statement);
  // Of the version before: a result keeps it.
  const gone = returning && (await session.rows(returning, options));
  const result = await session.rows(query, options);
  try {
    const kept = await replace(session, table, { columns: table.columns, batches: result.batches }, true);
    return gone ? { tag: 'DELETE', rows: gone } : { tag: `DELETE ${table.rows - kept}` };
  } catch (error) {
    await gone?.close();
    throw error;
  } finally {
    await result.close();
  }
}

/** The rows that go, as RETURNING shows them. */
export function deleteReturning({ table, using, where, returning, span, ...rest }: DeleteStatement): Query | undefined {
  if (returning.length === 0) return undefined;
  if (using.length > 0)
    throw fail('feature_not_supported', 'DELETE … USING … RETURNING is not supported', { span: returning[0]!.span });
  return { ...selectOf(returning, [table], where, span), ...(rest.with && { with: rest.with }) };
}

/** The rows that stay. */
export async function deleteQuery(session: Session, statement: DeleteStatement): Promise<ChangeQuery> {
  const { span, where } = statement;
  refuse(statement);
  const table = await tableNamed(session, statement.table.name, 'delete from');
  // What makes the condition true goes; false and NULL stay.
  const found: Expr = { kind: 'exists', query: selectOf([], statement.using, where, span), span };
  const gone = statement.using.length > 0 ? found : (where ?? always(span));
  const stays: Expr = { kind: 'is', arg: gone, test: 'true', negated: true, span };
  const items = table.columns.map(({ name }) => item(columnOf([aliasOf(statement.table), nameOf(name, span)], span)));
  const query = { ...selectOf(items, [statement.table], stays, span), ...(statement.with && { with: statement.with }) };
  return { table, query };
}

export async function update(
  session: Session,
  statement: UpdateStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const { table, query, bind } = await updateQuery(session, statement);
  await session.mayChange(table.dataset, 'UPDATE');
  const result = await session.rows(query, options, bind);
  try {
    const count = { rows: 0 };
    const batches = withoutFlag(result.batches, count);
    await replace(session, table, { columns: table.columns, batches }, true);
    return { tag: `UPDATE ${count.rows}` };
  } finally {
    await result.close();
  }
}

/** All rows as they will be, and whether each is another one. */
export async function updateQuery(session: Session, statement: UpdateStatement): Promise<ChangeQuery> {
  const { span, where } = statement;
  refuse(statement);
  const table = await tableNamed(session, statement.table.name, 'update');
  const set = assignments(table, statement);
  const alias = aliasOf(statement.table);
  const columns = table.columns.map(({ name }) => columnOf([alias, nameOf(name, span)], span));
  const is = (arg: Expr): Expr => ({ kind: 'is', arg, test: 'true', negated: false, span });
  const aliased = (expr: Expr, text: string): SelectItem => ({ ...item(expr), alias: nameOf(text, span) });
  const derived = (query: Query, name: Name, lateral: boolean): FromItem => ({
    kind: 'query_ref',
    query,
    lateral,
    alias: { name, columns: [], span },
    span,
  });
  let from: FromItem;
  let flag = columnOf([alias, nameOf(changed, span)], span);
  let values: Expr[];
  if (statement.from.length === 0) {
    const items = [...columns.map(item), aliased(is(where ?? always(span)), changed)];
    from = derived(selectOf(items, [statement.table], undefined, span), alias, false);
    // What a row that stays would give may be an error, and does not matter.
    values = set.map(
      ({ value }): Expr =>
        isConstant(value) ? value : { kind: 'case', branches: [{ when: flag, then: value }], span },
    );
  } else {
    // Of several rows that go with one, any gives the values.
    const found = nameOf(changed, span);
    const items = [aliased(always(span), changed), ...set.map(({ value }, i) => aliased(value, ` ${i} `))];
    const limit: Expr = { kind: 'number', text: '1', span };
    const right = derived({ ...selectOf(items, statement.from, where, span), limit }, found, true);
    from = { kind: 'join', type: 'left', left: statement.table, right, natural: false, on: always(span), span };
    flag = is(columnOf([found, nameOf(changed, span)], span));
    values = set.map(({ value }, i) => (isConstant(value) ? value : columnOf([found, nameOf(` ${i} `, span)], span)));
  }
  const query = {
    ...selectOf([...columns, ...values, flag].map(item), [from], undefined, span),
    ...(statement.with && { with: statement.with }),
  };
  const positions = set.map(({ position }) => position);
  return { table, query, bind: (environment) => bindUpdate({ query, columns: table.columns, positions }, environment) };
}

const item = (expr: Expr): SelectItem & { readonly kind: 'expr' } => ({ kind: 'expr', expr, span: expr.span });

const always = (span: Span): Expr => ({ kind: 'boolean', value: true, span });

const aliasOf = ({ alias, name }: TableRef): Name => alias?.name ?? name.at(-1)!;

const isConstant = ({ kind }: Expr): boolean => ['string', 'number', 'boolean', 'null', 'parameter'].includes(kind);

function refuse({ kind, cursor, returning, span }: UpdateStatement | DeleteStatement): void {
  if (cursor) throw fail('feature_not_supported', 'WHERE CURRENT OF is not supported', { span: cursor.span });
  if (kind === 'update' && returning.length > 0)
    throw fail('feature_not_supported', 'UPDATE … RETURNING is not supported', { span: returning[0]!.span ?? span });
}

async function tableNamed(session: Session, name: TableRef['name'], verb: string): Promise<TableEntry> {
  const table = await session.relation(name);
  if (table.view)
    throw fail(
      verb === 'truncate' ? 'wrong_object_type' : 'object_not_in_prerequisite_state',
      verb === 'truncate' ? `"${table.path}" is not a table` : `cannot ${verb} view "${table.path}"`,
      { span: name.at(-1)!.span },
    );
  return table;
}

function assignments(table: TableEntry, { set, span }: UpdateStatement) {
  const found = set.flatMap(({ targets, isRow, value }) => {
    const values = isRow && value.kind === 'row' ? value.fields : [value];
    if (values.length !== targets.length)
      throw fail(
        isRow && value.kind !== 'row' ? 'feature_not_supported' : 'syntax_error',
        'number of columns does not match number of values',
        {
          span: value.span,
        },
      );
    return targets.map(({ column, path, span: place }, i) => {
      if (path.length > 0) throw fail('feature_not_supported', 'parts of columns cannot be assigned', { span: place });
      const position = table.columns.findIndex(({ name }) => name === column.text || name === foldName(column));
      if (position < 0)
        throw fail('undefined_column', `column "${foldName(column)}" of relation "${table.path}" does not exist`, {
          span: column.span,
        });
      const given = values[i]!;
      return { position, value: given.kind === 'default' ? ({ kind: 'null', span } as const) : given };
    });
  });
  const twice = found.find(({ position }, i) => found.findIndex((other) => other.position === position) < i);
  if (twice)
    throw fail('syntax_error', `multiple assignments to same column "${table.columns[twice.position]!.name}"`, {
      span,
    });
  return found;
}

/** The last column says which rows were changed: they are counted, and it is left off. */
async function* withoutFlag(batches: AsyncIterable<RecordBatch>, count: { rows: number }): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) {
    const flags = batch.getChildAt(batch.numCols - 1)!;
    for (let row = 0; row < batch.numRows; row++) if (flags.get(row) === true) count.rows++;
    const schema = new arrow.Schema(batch.schema.fields.slice(0, -1));
    const children = batch.data.children.slice(0, -1);
    const type = new arrow.Struct(schema.fields);
    yield new arrow.RecordBatch(schema, arrow.makeData({ type, length: batch.numRows, nullCount: 0, children }));
  }
}

/**
 * One file in the place of all of a table.
 * @param asRead whether the rows come from the table, which then must not have changed meanwhile
 */
async function replace(session: Session, table: TableEntry, rows: NewRows, asRead: boolean): Promise<number> {
  const seen = table.files.map(({ source }) => source).join();
  const { rows: written } = await writeRows(session, table.dataset, table.path, rows, {
    check: (current) => {
      if (!current?.tables.some(({ path }) => path === table.path)) throw missing(table.path);
      const now = filesOf(current, table.path)
        .map(({ source }) => source)
        .join();
      if (asRead && now !== seen)
        throw fail('serialization_failure', `table "${table.path}" was changed by another writer`, {
          hint: 'run it again',
        });
    },
    remove: (current) => filesOf(current, table.path),
  });
  return written;
}
