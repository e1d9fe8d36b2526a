// RETURNING: rows that a change has made or taken, staged in memory and asked by an ordinary query before the change is committed.
import * as arrow from 'apache-arrow';
import { fail, lookupFunction, type SqlType, toArrowType, types } from '../../core/index.js';
import type { CallExpr, Expr, FromItem, Name, Query, SelectItem } from '../../parser/index.js';
import { bindStatement, foldName } from '../../planner/index.js';
import { type QueryResult, queryResult, type ResultColumn } from '../query-result.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { columnOf, nameOf, selectOf } from './query-of.js';

/** A relation whose columns RETURNING may name. */
export interface ReturnedRelation {
  readonly alias: Name;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

const stage = 'staged rows';

export class Returning {
  readonly #session: Session;
  readonly #items: readonly SelectItem[];
  readonly #relations: readonly ReturnedRelation[];
  readonly #options: QueryOptions;
  readonly #batches: arrow.RecordBatch[] = [];
  #answer: { readonly columns: readonly ResultColumn[]; readonly batches: readonly arrow.RecordBatch[] } | undefined;

  /** @param relations side by side, as the rows have their columns */
  constructor(
    session: Session,
    items: readonly SelectItem[],
    relations: readonly ReturnedRelation[],
    options: QueryOptions,
  ) {
    this.#session = session;
    this.#items = items;
    this.#relations = relations;
    this.#options = options;
    for (const item of items) if (item.kind === 'expr') refuseAggregates(item.expr);
  }

  add(batch: arrow.RecordBatch): void {
    if (batch.numRows > 0) this.#batches.push(batch);
  }

  /** All rows are there. @throws DiagnosticError what the expressions say: then nothing is to be changed */
  async evaluate(): Promise<void> {
    const { database } = this.#session;
    const name = database.temporaryName();
    const columnTypes = this.#relations
      .flatMap(({ columns }) => columns)
      .map(({ type }) => (type.kind === 'unknown' ? types.text : type));
    const schema = new arrow.Schema(columnTypes.map((type, i) => new arrow.Field(` ${i} `, toArrowType(type), true)));
    try {
      const batches = this.#batches.map((batch) => relabelled(batch, schema));
      await database.writeRows(
        name,
        stage,
        { schema, batches },
        { mode: 'create', types: columnTypes, temporary: true, source: stage },
      );
      const snapshot = await database.catalog.dataset(name);
      const query = this.#query();
      const result = await this.#session.rows(query, this.#options, (environment) => {
        const datasets = new Map(environment.datasets);
        datasets.set(stage, snapshot);
        return bindStatement(
          { kind: 'query_statement', language: 'sql', query, span: query.span },
          { ...environment, datasets },
        );
      });
      const answered: arrow.RecordBatch[] = [];
      for await (const batch of result.batches) answered.push(batch);
      this.#answer = { columns: result.columns, batches: answered };
    } finally {
      await database.tidyTemporary(name);
    }
  }

  result(): QueryResult {
    const { columns, batches } = this.#answer!;
    return queryResult(
      columns,
      (async function* () {
        yield* batches;
      })(),
    );
  }

  #query(): Query {
    const { span } = this.#items[0]!;
    const staged = nameOf(stage, span);
    const from: FromItem[] = [{ kind: 'table', name: [staged, staged], only: false, span }];
    let at = 0;
    const derived = this.#relations.map(({ alias, columns }): FromItem => {
      const items = columns.map(
        ({ name }): SelectItem => ({
          kind: 'expr',
          expr: columnOf([staged, nameOf(` ${at++} `, span)], span),
          alias: nameOf(name, span),
          span,
        }),
      );
      const only = this.#relations.length === 1;
      const query = selectOf(items, only ? from : [], undefined, span);
      return { kind: 'query_ref', query, lateral: !only, alias: { name: alias, columns: [], span }, span };
    });
    const items = this.#items.flatMap((item): readonly SelectItem[] =>
      item.kind === 'star' && item.qualifier.length === 0
        ? this.#relations.map(({ alias }) => ({ kind: 'star', qualifier: [alias], span: item.span }))
        : [item],
    );
    return selectOf(items, this.#relations.length === 1 ? derived : [...from, ...derived], undefined, span);
  }
}

/** A change has all its rows: what is to happen before it commits. */
export async function beforeCommit(returning: Returning | undefined, options: QueryOptions): Promise<void> {
  await returning?.evaluate();
  await options.beforeCommit?.(returning?.result());
}

/** @throws DiagnosticError 42803, 42P20, 0A000 */
function refuseAggregates(expr: Expr): void {
  const pending: unknown[] = [expr];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null || typeof node !== 'object') continue;
    const { kind, name, over, span } = node as Partial<CallExpr>;
    // Subqueries may do as they like.
    if ((kind as string) === 'query') continue;
    const entry = kind === 'call' && name ? lookupFunction(foldName(name.at(-1)!)) : undefined;
    if (over) throw fail('windowing_error', 'window functions are not allowed in RETURNING', { span });
    if (entry?.kind === 'aggregate')
      throw fail('grouping_error', 'aggregate functions are not allowed in RETURNING', { span });
    if (entry?.kind === 'table')
      throw fail('feature_not_supported', 'set-returning functions are not allowed in RETURNING', { span });
    for (const child of Object.values(node)) pending.push(child);
  }
}

function relabelled(batch: arrow.RecordBatch, schema: arrow.Schema): arrow.RecordBatch {
  const type = new arrow.Struct(schema.fields);
  const children = batch.data.children.slice(0, schema.fields.length);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: batch.numRows, nullCount: 0, children }));
}
