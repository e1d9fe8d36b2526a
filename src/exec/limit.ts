// LIMIT and OFFSET over a stream of batches.
import type * as arrow from 'apache-arrow';

/** Stops asking its input once it has enough. */
export async function* limit(
  batches: AsyncIterable<arrow.RecordBatch>,
  most: number | undefined,
  offset: number,
): AsyncGenerator<arrow.RecordBatch> {
  let skip = offset;
  let left = most ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for await (const batch of batches) {
    const from = Math.min(skip, batch.numRows);
    skip -= from;
    const to = Math.min(batch.numRows, from + left);
    if (to <= from) continue;
    left -= to - from;
    yield from === 0 && to === batch.numRows ? batch : batch.slice(from, to);
    if (left <= 0) return;
  }
}
