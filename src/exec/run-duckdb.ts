// A DuckDbExec node: its inputs go into temporary tables of a DuckDB session, one SELECT runs over them, its rows stream out.
import * as arrow from 'apache-arrow';
import { duckDbType } from '../core/index.js';
import { type Column, type DuckDbExec, outputColumns } from '../planner/index.js';
import { arrowSchema } from './columns.js';
import {
  columnName,
  type DuckDbSession,
  isRowWise,
  nothing,
  type QueryOptions,
  queryOptions,
  renderQuery,
} from './duckdb/index.js';
import { relabel } from './relabel.js';

/** Record batches are handed to DuckDB in Arrow streams of about this size. */
const streamBytes = 4 << 20;

export interface DuckDbInput {
  readonly columns: readonly Column[];
  readonly batches: AsyncIterable<arrow.RecordBatch>;
}

/** Inputs are read one after the other, as fast as DuckDB takes them. */
export async function* runDuckDb(
  { plan }: DuckDbExec,
  inputs: readonly DuckDbInput[],
  openSession: () => Promise<DuckDbSession>,
): AsyncGenerator<arrow.RecordBatch> {
  const sql = renderQuery(plan, inputTable);
  const options = queryOptions(plan);
  const schema = arrowSchema(outputColumns(plan));
  // The first input is read while the engine starts.
  const opening = openSession();
  opening.catch(() => {});
  const streams = inputs.map(ipcStreams);
  const [early] = streams;
  if (early) {
    const first = early.next();
    first.catch(() => {});
    streams[0] = resumed(first, early);
  }
  let session: DuckDbSession | undefined;
  try {
    session = await opening;
    if (inputs.length === 1 && isRowWise(plan)) {
      for await (const stream of streams[0]!) {
        await session.execute(createTable(0, inputs[0]!.columns));
        await session.insert(inputTable(0), stream);
        yield* results(session, sql, schema, options);
        await session.execute(`DROP TABLE ${inputTable(0)}`);
      }
      return;
    }
    for (const [index, input] of inputs.entries()) {
      await session.execute(createTable(index, input.columns));
      // The next stream is made while DuckDB takes this one.
      let taken: Promise<void> = Promise.resolve();
      for await (const stream of streams[index]!) {
        await taken;
        taken = session.insert(inputTable(index), stream);
        taken.catch(() => {});
      }
      await taken;
    }
    yield* results(session, sql, schema, options);
  } finally {
    await session?.close();
    await early?.return(undefined);
  }
}

/** The generator, whose first step is under way. */
async function* resumed<T>(first: Promise<IteratorResult<T>>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  for (let step = await first; !step.done; step = await rest.next()) yield step.value;
}

function inputTable(index: number): string {
  return `in_${index}`;
}

function createTable(index: number, columns: readonly Column[]): string {
  const definitions = columns.map((c) => `${columnName(c)} ${duckDbType(c.type)}`);
  return `CREATE TEMP TABLE ${inputTable(index)} (${definitions.join(', ') || `${nothing} BOOLEAN`})`;
}

async function* results(
  session: DuckDbSession,
  sql: string,
  schema: arrow.Schema,
  options: QueryOptions,
): AsyncGenerator<arrow.RecordBatch> {
  const { schema: header, messages } = await session.query(sql, options);
  for await (const portion of messages) {
    for (const batch of arrow.RecordBatchReader.from([header, ...portion])) {
      if (batch.numRows > 0) yield relabel(batch, schema);
    }
  }
}

/** The batches as complete IPC streams, end marker included, each in a buffer of its own. */
async function* ipcStreams({ columns, batches }: DuckDbInput): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const fields = arrowSchema(columns).fields.map((f, i) => f.clone({ name: columnName(columns[i]!) }));
  const schema = new arrow.Schema(fields.length > 0 ? fields : [new arrow.Field(nothing, new arrow.Bool(), true)]);
  let group: arrow.RecordBatch[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    if (batch.numRows === 0) continue;
    group.push(relabel(fields.length > 0 ? batch : placeholder(batch.numRows), schema));
    bytes += batch.data.byteLength;
    if (bytes >= streamBytes) {
      yield encode(schema, group);
      group = [];
      bytes = 0;
    }
  }
  if (group.length > 0) yield encode(schema, group);
}

function placeholder(rows: number): arrow.RecordBatch {
  const bits = arrow.makeData({
    type: new arrow.Bool(),
    length: rows,
    nullCount: 0,
    data: new Uint8Array((rows + 7) >> 3),
  });
  return new arrow.RecordBatch({ [nothing]: bits });
}

function encode(schema: arrow.Schema, batches: readonly arrow.RecordBatch[]): Uint8Array<ArrayBuffer> {
  const writer = new arrow.RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  for (const batch of batches) writer.write(batch);
  writer.finish();
  const bytes = writer.toUint8Array(true);
  // The buffer changes threads whole.
  return bytes.byteLength === bytes.buffer.byteLength ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
