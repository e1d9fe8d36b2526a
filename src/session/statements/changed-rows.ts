// UPDATE and DELETE as queries: all rows of the table, whether each is meant, and what RETURNING wants of the other relations.
import * as arrow from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import { fail, type Span } from '../../core/index.js';
import { fromBatch, gather, toBatch } from '../../exec/index.js';
import type {
  DeleteStatement,
  Expr,
  FromItem,
  Name,
  Query,
  SelectItem,
  TableRef,
  UpdateStatement,
} from '../../parser/index.js';
import type { BindEnvironment, Column } from '../../planner/index.js';
import type { ResultColumn } from '../query-result.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { columnOf, nameOf, selectOf } from './query-of.js';
import type { ReturnedRelation } from './returning.js';

/** No name of a column: blanks at the ends do not occur in branches. */
export const changedFlag = ' changed ';

export const item = (expr: Expr): SelectItem & { readonly kind: 'expr' } => ({ kind: 'expr', expr, span: expr.span });

export const always = (span: Span): Expr => ({ kind: 'boolean', value: true, span });

export const aliasOf = ({ alias, name }: TableRef): Name => alias?.name ?? name.at(-1)!;

export const derived = (query: Query, name: Name, lateral: boolean, span: Span): FromItem => ({
  kind: 'query_ref',
  query,
  lateral,
  alias: { name, columns: [], span },
  span,
});

export const aliased = (expr: Expr, text: string): SelectItem => ({ ...item(expr), alias: nameOf(text, expr.span) });

export function refuseCursor({ cursor }: UpdateStatement | DeleteStatement): void {
  if (cursor) throw fail('feature_not_supported', 'WHERE CURRENT OF is not supported', { span: cursor.span });
}

/** @throws DiagnosticError object_not_in_prerequisite_state, wrong_object_type for a view */
export async function tableNamed(session: Session, name: TableRef['name'], verb: string): Promise<TableEntry> {
  const table = await session.lookup.relation(name);
  if (table.view)
    throw fail(
      verb === 'truncate' ? 'wrong_object_type' : 'object_not_in_prerequisite_state',
      verb === 'truncate' ? `"${table.path}" is not a table` : `cannot ${verb} view "${table.path}"`,
      { span: name.at(-1)!.span },
    );
  return table;
}

/** What a statement's parameters are: their values, or types that are being found. */
export type Given = Pick<BindEnvironment, 'parameters' | 'parameterTypes'>;

export const valuesOf = ({ parameters }: QueryOptions): Given => ({ ...(parameters && { parameters }) });

/** The relations of FROM or USING with their columns, and the items of a query over them that give those columns, in order. */
export async function otherRelations(
  session: Session,
  from: readonly FromItem[],
  withClause: UpdateStatement['with'],
  given: Given,
): Promise<{ readonly relations: readonly ReturnedRelation[]; readonly items: readonly SelectItem[] }> {
  const relations: ReturnedRelation[] = [];
  const items: SelectItem[] = [];
  for (const alias of from.flatMap(aliasesOf)) {
    const { span } = alias;
    const query: Query = {
      ...selectOf([{ kind: 'star', qualifier: [alias], span }], from, undefined, span),
      ...(withClause && { with: withClause }),
    };
    const columns: readonly ResultColumn[] = await session.lookup.describe(query, given);
    for (const { label } of columns)
      items.push(aliased(columnOf([alias, nameOf(label, span)], span), ` ${relations.length}.${label} `));
    relations.push({ alias, columns: columns.map(({ label, type }) => ({ name: label, type })) });
  }
  return { relations, items };
}

function aliasesOf(from: FromItem): readonly Name[] {
  if (from.kind === 'join' && !from.alias) return [...aliasesOf(from.left), ...aliasesOf(from.right)];
  if (from.alias) return [from.alias.name];
  if (from.kind === 'table') return [from.name.at(-1)!];
  if (from.kind === 'function_ref') return [from.calls[0]!.name.at(-1)!];
  return [];
}

/** Column `position` is the flag: rows where it is true, and the others, as numbers. */
export function byFlag(
  batch: arrow.RecordBatch,
  position: number,
): { readonly yes: Int32Array; readonly no: Int32Array } {
  const flags = batch.getChildAt(position)!;
  const yes: number[] = [];
  const no: number[] = [];
  for (let row = 0; row < batch.numRows; row++) (flags.get(row) === true ? yes : no).push(row);
  return { yes: Int32Array.from(yes), no: Int32Array.from(no) };
}

/** Some rows of some columns of a batch. */
export function rowsAt(batch: arrow.RecordBatch, columns: readonly Column[], rows: Int32Array): arrow.RecordBatch {
  return toBatch(
    columns,
    fromBatch(batch, columns).map((vec) => gather(vec, rows)),
    rows.length,
  );
}

/** The columns at some positions. */
export function columnsAt(batch: arrow.RecordBatch, positions: readonly number[]): arrow.RecordBatch {
  const schema = new arrow.Schema(positions.map((p) => batch.schema.fields[p]!));
  const children = positions.map((p) => batch.data.children[p]!);
  const type = new arrow.Struct(schema.fields);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: batch.numRows, nullCount: 0, children }));
}

/**
 * Where what RETURNING may name stands in a batch: the table's columns, then the flag, then the other relations' columns.
 * `wanted` are all but the flag, at `positions`; `own` the table's.
 */
export function flaggedColumns(table: readonly ReturnedColumn[], relations: readonly ReturnedRelation[]) {
  const asColumns = (columns: readonly ReturnedColumn[]) =>
    columns.map((column, id) => ({ ...column, id }) as unknown as Column);
  const own = asColumns(table);
  const wanted = asColumns(relations.flatMap(({ columns }) => columns));
  return { own, wanted, positions: wanted.map((_, i) => (i < own.length ? i : i + 1)) };
}

type ReturnedColumn = ReturnedRelation['columns'][number];
