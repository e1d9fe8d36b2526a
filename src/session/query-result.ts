// What a statement answers: rows as they come, under the labels that the user sees.
import * as arrow from 'apache-arrow';
import { relationOid } from '../catalog/index.js';
import { type DateTimeStyle, oidOf, type SqlType, toArrowType, types } from '../core/index.js';
import { type BoundQuery, columnOrigins } from '../planner/index.js';

export interface ResultColumn {
  readonly label: string;
  readonly type: SqlType;
  /** The column that it shows as it is: its table's oid, and its number from 1. */
  readonly origin?: { readonly table: number; readonly column: number };
}

/** Whether who was told of the ones can read the others. */
export function sameTypes(a: readonly ResultColumn[], b: readonly ResultColumn[]): boolean {
  if (a === b) return true;
  // Digits and lengths may depend on the values of parameters.
  const same = (x: SqlType, y: SqlType) => x === y || oidOf(x) === oidOf(y);
  return a.length === b.length && a.every(({ type }, i) => same(type, b[i]!.type));
}

/** Rows as they come. Leaving the loop early ends the query. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly schema: arrow.Schema;
  /** Of a statement that is no query: `CREATE TABLE`, `INSERT 0 5`. */
  readonly tag?: string;
  readonly batches: AsyncIterable<arrow.RecordBatch>;
  /** All of its rows, where they are few and known before they are asked for. */
  readonly held?: readonly arrow.RecordBatch[];
  /** How its dates and times are written, where that is not the default way. */
  readonly style?: DateTimeStyle;
  /** Ends a query whose batches are not read, or not to the end, and lets go of what it holds. */
  close(): Promise<void>;
}

/**
 * Batches under the labels that the user sees instead of column names.
 * @param ended called once, when the rows have come to an end in whatever way
 */
export function queryResult(
  columns: readonly ResultColumn[],
  batches: AsyncIterable<arrow.RecordBatch>,
  ended: () => void = () => undefined,
): QueryResult {
  const schema = new arrow.Schema(columns.map((c) => new arrow.Field(c.label, toArrowType(c.type), true)));
  const rows = new LabelledBatches(schema, batches[Symbol.asyncIterator](), ended);
  return {
    columns,
    schema,
    batches: { [Symbol.asyncIterator]: () => rows },
    close: async () => {
      await rows.return();
    },
  };
}

/** Not a generator: that would not notice being left before it was begun. */
class LabelledBatches implements AsyncIterator<arrow.RecordBatch, undefined> {
  readonly #schema: arrow.Schema;
  readonly #inner: AsyncIterator<arrow.RecordBatch>;
  #ended: (() => void) | undefined;

  constructor(schema: arrow.Schema, inner: AsyncIterator<arrow.RecordBatch>, ended: () => void) {
    this.#schema = schema;
    this.#inner = inner;
    this.#ended = ended;
  }

  async next(): Promise<IteratorResult<arrow.RecordBatch, undefined>> {
    let result: IteratorResult<arrow.RecordBatch>;
    try {
      result = await this.#inner.next();
    } catch (error) {
      this.#end();
      throw error;
    }
    if (result.done) {
      this.#end();
      return { done: true, value: undefined };
    }
    const { numRows: length, data } = result.value;
    const type = new arrow.Struct(this.#schema.fields);
    const labelled = arrow.makeData({ type, length, nullCount: 0, children: data.children });
    return { done: false, value: new arrow.RecordBatch(this.#schema, labelled) };
  }

  async return(): Promise<IteratorResult<arrow.RecordBatch, undefined>> {
    try {
      await this.#inner.return?.();
    } finally {
      this.#end();
    }
    return { done: true, value: undefined };
  }

  #end(): void {
    this.#ended?.();
    this.#ended = undefined;
  }
}

/** The result with all its rows read; it can be read again and again. */
export async function heldResult(result: QueryResult): Promise<QueryResult> {
  const held: arrow.RecordBatch[] = [];
  for await (const batch of result.batches) held.push(batch);
  async function* batches() {
    yield* held;
  }
  return {
    ...result,
    held,
    batches: { [Symbol.asyncIterator]: batches },
    close: async () => undefined,
  };
}

/** What goes wrong while rows are read fails the transaction too. */
export function watchedResult(result: QueryResult, failed: () => void): QueryResult {
  const rows = result.batches[Symbol.asyncIterator]();
  const batches: AsyncIterator<arrow.RecordBatch> = {
    next: async () => {
      try {
        return await rows.next();
      } catch (error) {
        failed();
        throw error;
      }
    },
    return: async () => {
      await result.close();
      return { done: true, value: undefined };
    },
  };
  return { ...result, batches: { [Symbol.asyncIterator]: () => batches } };
}

/** Lines of text as rows of one column. */
export function textResult(label: string, lines: readonly string[]): QueryResult {
  return tableResult(
    [label],
    lines.map((line) => [line]),
  );
}

/** Rows of text. */
export function tableResult(labels: readonly string[], rows: readonly (readonly string[])[]): QueryResult {
  async function* batches() {
    const schema = new arrow.Schema(labels.map((label) => new arrow.Field(label, new arrow.Utf8(), true)));
    const children = labels.map(
      (_, i) =>
        arrow.vectorFromArray(
          rows.map((row) => row[i]!),
          new arrow.Utf8(),
        ).data[0]!,
    );
    yield new arrow.RecordBatch(
      schema,
      arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows.length, nullCount: 0, children }),
    );
  }
  return queryResult(
    labels.map((label) => ({ label, type: types.text })),
    batches(),
  );
}

/** What a plan's columns are called. */
export function resultColumns(query: BoundQuery): ResultColumn[] {
  const origins = columnOrigins(query);
  return query.output.map(({ label, type }, i) => {
    const from = origins[i];
    if (!from) return { label, type };
    return { label, type, origin: { table: relationOid(from.dataset, from.table), column: from.column } };
  });
}
