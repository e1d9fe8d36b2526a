// UPDATE: the table's files are replaced by one with the new rows.
import type { RecordBatch } from 'apache-arrow';
import * as arrow from 'apache-arrow';
import type { Expr, FromItem, SelectItem, UpdateStatement } from '../../parser/index.js';
import { bindUpdate } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { assignments } from './assignments.js';
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
import { defaultsOf, RowRules } from './row-rules.js';

export async function update(
  session: Session,
  statement: UpdateStatement,
  options: QueryOptions,
): Promise<StatementResult> {
  const { table, query, bind, others } = await updateQuery(session, statement, valuesOf(options));
  await session.mayChange(table.dataset, 'UPDATE');
  const rules = await RowRules.of(session, table);
  const relations = [{ alias: aliasOf(statement.table), columns: table.columns }, ...others];
  const returning =
    statement.returning.length > 0 ? new Returning(session, statement.returning, relations, options) : undefined;
  const result = await session.rows(query, options, bind);
  const { own, wanted, positions } = flaggedColumns(table.columns, relations);
  const ownPositions = positions.slice(0, own.length);
  let changed = 0;
  async function* rows(): AsyncGenerator<RecordBatch> {
    for await (const batch of result.batches) {
      const stored = await rules.apply(columnsAt(batch, ownPositions));
      const { yes } = byFlag(batch, own.length);
      changed += yes.length;
      if (returning && yes.length > 0) returning.add(rowsAt(merged(stored, batch, positions), wanted, yes));
      yield stored;
    }
  }
  try {
    const { columns } = table;
    await replaceRows(session, table, { columns, batches: rows() }, true, () => beforeCommit(returning, options));
    return returning ? { tag: 'UPDATE', rows: returning.result() } : { tag: `UPDATE ${changed}` };
  } finally {
    await result.close();
  }
}

/** The columns of `stored`, then those of `batch` at the positions beyond. */
function merged(stored: RecordBatch, batch: RecordBatch, positions: readonly number[]): RecordBatch {
  const rest = columnsAt(batch, positions.slice(stored.numCols));
  return rest.numCols === 0 ? stored : joined(stored, rest);
}

function joined(left: RecordBatch, right: RecordBatch): RecordBatch {
  const fields = [...left.schema.fields, ...right.schema.fields];
  const children = [...left.data.children, ...right.data.children];
  const type = new arrow.Struct(fields);
  return new arrow.RecordBatch(
    new arrow.Schema(fields),
    arrow.makeData({ type, length: left.numRows, nullCount: 0, children }),
  );
}

export interface UpdateQuery extends ChangeQuery {
  /** Relations of FROM whose columns follow the flag. */
  readonly others: readonly ReturnedRelation[];
}

/** All rows as they will be, whether each is another one, and what RETURNING may name beside them. */
export async function updateQuery(session: Session, statement: UpdateStatement, given: Given): Promise<UpdateQuery> {
  const { span, where } = statement;
  refuseCursor(statement);
  const table = await tableNamed(session, statement.table.name, 'update');
  const set = assignments(table, statement, defaultsOf(table).expressions);
  const alias = aliasOf(statement.table);
  const columns = table.columns.map(({ name }) => columnOf([alias, nameOf(name, span)], span));
  const is = (arg: Expr): Expr => ({ kind: 'is', arg, test: 'true', negated: false, span });
  let from: FromItem;
  let flag = columnOf([alias, nameOf(changedFlag, span)], span);
  let values: Expr[];
  let others: UpdateQuery['others'] = [];
  let extra: readonly Expr[] = [];
  if (statement.from.length === 0) {
    const items = [...columns.map(item), aliased(is(where ?? always(span)), changedFlag)];
    from = derived(selectOf(items, [statement.table], undefined, span), alias, false, span);
    // What a row that stays would give may be an error, and does not matter.
    values = set.map(
      ({ value }): Expr =>
        isConstant(value) ? value : { kind: 'case', branches: [{ when: flag, then: value }], span },
    );
  } else {
    // Of several rows that go with one, any gives the values.
    const found = nameOf(changedFlag, span);
    const beside =
      statement.returning.length > 0
        ? await otherRelations(session, statement.from, statement.with, given)
        : { relations: [], items: [] };
    others = beside.relations;
    const items: SelectItem[] = [
      aliased(always(span), changedFlag),
      ...set.map(({ value }, i) => aliased(value, ` ${i} `)),
      ...beside.items,
    ];
    const limit: Expr = { kind: 'number', text: '1', span };
    const right = derived({ ...selectOf(items, statement.from, where, span), limit }, found, true, span);
    from = { kind: 'join', type: 'left', left: statement.table, right, natural: false, on: always(span), span };
    flag = is(columnOf([found, nameOf(changedFlag, span)], span));
    values = set.map(({ value }, i) => (isConstant(value) ? value : columnOf([found, nameOf(` ${i} `, span)], span)));
    extra = beside.items.map((each) => columnOf([found, (each as { alias: typeof found }).alias], span));
  }
  const query = {
    ...selectOf([...columns, ...values, flag, ...extra].map(item), [from], undefined, span),
    ...(statement.with && { with: statement.with }),
  };
  const positions = set.map(({ position }) => position);
  return {
    table,
    query,
    others,
    bind: (environment) => bindUpdate({ query, columns: table.columns, positions }, environment),
  };
}

const isConstant = ({ kind }: Expr): boolean => ['string', 'number', 'boolean', 'null', 'parameter'].includes(kind);
