// An Arrow IPC stream. Batches are encoded one at a time, since Arrow's own writer queues all that it is given.
import { type RecordBatch, RecordBatchStreamWriter, type Schema, Table, tableToIPC } from 'apache-arrow';
import { fail } from '../../core/index.js';
import type { QueryResult } from '../../session/index.js';
import type { Output } from './output.js';

/** A stream ends with the continuation mark and a length of zero. */
const endMark = 8;

const emptyStream = (schema: Schema): Uint8Array => tableToIPC(new Table(schema), 'stream');

export async function writeArrow(result: QueryResult, out: Output): Promise<void> {
  if (out.width !== undefined) {
    throw fail('invalid_parameter_value', 'an Arrow stream is not for a terminal', {
      hint: 'Redirect it: … --format arrow > result.arrows',
    });
  }
  const whole = (batch: RecordBatch) => RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
  const empty = emptyStream(result.schema);
  const schemaEnd = empty.length - endMark;
  await out.write(empty.subarray(0, schemaEnd));
  for await (const batch of result.batches) {
    const stream = whole(batch);
    await out.write(stream.subarray(emptyStream(batch.schema).length - endMark, stream.length - endMark));
  }
  await out.write(empty.subarray(schemaEnd));
}
