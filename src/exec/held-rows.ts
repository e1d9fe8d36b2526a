// Operators that hold their input, for rows that are few or in memory already: SORT and DISTINCT by the evaluator.
import type * as arrow from 'apache-arrow';
import { equalityKey } from '../core/index.js';
import type { Column, Scalar, SortKey } from '../planner/index.js';
import { compileScalars, fromBatch, toBatch } from './eval/index.js';
import { concat, gather, type Vec, valueAt } from './eval/vec.js';
import { topRows } from './fragment/index.js';

/** Rows of one batch that goes out. */
export const batchRows = 1 << 16;

export interface SortOrder {
  readonly keys: readonly SortKey[];
  readonly limit?: number;
  readonly offset: number;
}

/** Ties keep the input's order. */
export async function* sort(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  { keys, limit, offset }: SortOrder,
): AsyncGenerator<arrow.RecordBatch> {
  if (limit === 0) return;
  const held = await hold(
    batches,
    columns,
    keys.map((key) => key.expr),
  );
  const wanted = Math.min(held.rows, limit === undefined ? held.rows : offset + limit);
  yield* rowsAt(held, topRows(held.values, keys, held.rows, wanted).subarray(offset));
}

/** The first row of each group of rows that agree in `on`. */
export async function* distinct(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  on: readonly Scalar[],
): AsyncGenerator<arrow.RecordBatch> {
  const held = await hold(batches, columns, on);
  const seen = new Set<string>();
  const first: number[] = [];
  for (let i = 0; i < held.rows; i++) {
    const key = held.values.map((vec) => equalityKey(valueAt(vec, i), vec.type)).join();
    if (seen.has(key)) continue;
    seen.add(key);
    first.push(i);
  }
  yield* rowsAt(held, Int32Array.from(first));
}

export interface HeldRows {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly vecs: readonly Vec[];
  /** The values of the expressions. */
  readonly values: readonly Vec[];
}

export async function hold(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  exprs: readonly Scalar[],
): Promise<HeldRows> {
  const evaluate = compileScalars(columns, exprs);
  const parts: (readonly Vec[])[] = [];
  const valueParts: (readonly Vec[])[] = [];
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.numRows;
    const vecs = fromBatch(batch, columns);
    parts.push(vecs);
    valueParts.push(evaluate(vecs, batch.numRows));
  }
  const joined = (of: readonly (readonly Vec[])[], types: readonly { readonly type: Column['type'] }[]): Vec[] =>
    types.map(({ type }, c) =>
      concat(
        of.map((vecs) => vecs[c]!),
        type,
      ),
    );
  return { rows, columns, vecs: joined(parts, columns), values: joined(valueParts, exprs) };
}

function* rowsAt({ columns, vecs }: HeldRows, index: Int32Array): Generator<arrow.RecordBatch> {
  for (let at = 0; at < index.length; at += batchRows) {
    const some = index.subarray(at, at + batchRows);
    yield toBatch(
      columns,
      vecs.map((vec) => gather(vec, some)),
      some.length,
    );
  }
}
