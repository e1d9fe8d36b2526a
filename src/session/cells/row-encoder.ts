// Arrow batches → DataRow messages, in chunks of one buffer each.
import type { RecordBatch } from 'apache-arrow';
import { type DateTimeStyle, type SqlType, withStyle } from '../../core/index.js';
import { type CellEncoder, type CellFormat, putInt32 } from './cell-encoder.js';
import { columnEncoder } from './column-encoder.js';

/** Bytes of a chunk that are aimed at. */
const chunkBytes = 128 << 10;
const firstRows = 256;

export class RowEncoder {
  readonly #types: readonly SqlType[];
  readonly #formats: readonly CellFormat[];
  readonly #style: DateTimeStyle | undefined;
  /** Rows of a chunk, by what the last one was like. */
  #rows = firstRows;

  /** @param formats one per column */
  constructor(types: readonly SqlType[], formats: readonly CellFormat[], style?: DateTimeStyle) {
    this.#style = style;
    this.#types = types;
    this.#formats = formats;
  }

  /** DataRow messages for rows `from` to `to` of a batch. */
  *encode(batch: RecordBatch, from = 0, to = batch.numRows): Iterable<Buffer> {
    const columns = this.#types.map((type, i) => columnEncoder(batch.data.children[i]!, type, this.#formats[i]!));
    for (let row = from; row < to; ) {
      const end = Math.min(to, row + this.#rows);
      const encoded = (): Buffer => encodeRows(columns, row, end);
      const chunk = this.#style ? withStyle(this.#style, encoded) : encoded();
      yield chunk;
      const perRow = chunk.length / (end - row);
      this.#rows = Math.max(1, Math.min(8 * this.#rows, Math.floor(chunkBytes / perRow)));
      row = end;
    }
  }
}

const header = 7;
const dataRow = 0x44;

function encodeRows(columns: readonly CellEncoder[], from: number, to: number): Buffer {
  const count = to - from;
  const sizes = new Int32Array(count).fill(header);
  for (const column of columns) column.measure(from, to, sizes);
  let total = 0;
  for (let i = 0; i < count; i++) total += sizes[i]!;
  const out = Buffer.allocUnsafe(total);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const size = sizes[i]!;
    out[at] = dataRow;
    putInt32(out, at + 1, size - 1);
    out[at + 5] = columns.length >>> 8;
    out[at + 6] = columns.length;
    // From here on: where the next cell of the row goes.
    sizes[i] = at + header;
    at += size;
  }
  for (const column of columns) column.write(from, to, out, sizes);
  return out;
}
