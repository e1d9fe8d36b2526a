// Work of this thread in turns: other clients, cancellations and timeouts are heard while a long plan computes.
import { setImmediate } from 'node:timers/promises';
import type * as arrow from 'apache-arrow';

/** Milliseconds that others may have to wait. */
const turn = 10;
/** Rows that the evaluator does in about a turn. */
const turnRows = 1 << 14;

export class Breath {
  private since = performance.now();

  /** Lets others have their turn where this one has lasted. */
  async take(): Promise<void> {
    if (performance.now() - this.since < turn) return;
    await setImmediate();
    this.since = performance.now();
  }
}

/** The same rows, a turn's at a time. */
export async function* inTurns(batches: AsyncIterable<arrow.RecordBatch>): AsyncGenerator<arrow.RecordBatch> {
  const breath = new Breath();
  for await (const batch of batches) {
    if (batch.numRows <= turnRows) yield batch;
    else
      for (let at = 0; at < batch.numRows; at += turnRows) {
        yield batch.slice(at, at + turnRows);
        await breath.take();
      }
    await breath.take();
  }
}
