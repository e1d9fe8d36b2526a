// Rows of COPY … TO as bytes, for what is no wire: the API, the command line.
import type { QueryResult } from '../query-result.js';
import type { CopyFormat } from './copy-options.js';
import { CopyWriter } from './copy-writer.js';

export interface CopyOut {
  /** Leaving the loop early ends the query. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many rows have gone out so far. */
  readonly rows: () => number;
}

export function copyOut(format: CopyFormat, result: QueryResult): CopyOut {
  let rows = 0;
  const writer = new CopyWriter(format, result.columns, false, result.style);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const begin = writer.begin();
    if (begin) yield begin;
    for await (const batch of result.batches) {
      rows += batch.numRows;
      yield* writer.encode(batch);
    }
    const end = writer.end();
    if (end) yield end;
  }
  return { bytes: bytes(), rows: () => rows };
}
