// Small batches put together to large ones, for what writes rows where each batch costs an object.
import type * as arrow from 'apache-arrow';
import type { Column } from '../planner/index.js';
import { fromBatch, toBatch } from './eval/index.js';
import { concat, type Vec } from './eval/vec.js';

/** Batches of about `bytes`; one that is larger passes as it is. */
export async function* coalesce(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  bytes: number,
): AsyncGenerator<arrow.RecordBatch> {
  let held: arrow.RecordBatch[] = [];
  let size = 0;
  for await (const batch of batches) {
    if (batch.numRows === 0) continue;
    held.push(batch);
    size += batch.data.byteLength;
    if (size < bytes) continue;
    yield joined(held, columns);
    held = [];
    size = 0;
  }
  if (held.length > 0) yield joined(held, columns);
}

function joined(batches: readonly arrow.RecordBatch[], columns: readonly Column[]): arrow.RecordBatch {
  if (batches.length === 1) return batches[0]!;
  const parts = batches.map((batch) => fromBatch(batch, columns));
  const rows = batches.reduce((sum, { numRows }) => sum + numRows, 0);
  const whole = columns.map(
    ({ type }, c): Vec =>
      concat(
        parts.map((vecs) => vecs[c]!),
        type,
      ),
  );
  return toBatch(columns, whole, rows);
}
