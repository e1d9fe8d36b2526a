// Arrow batches → rows as PostgreSQL sends them, in chunks of one buffer each.
import type { RecordBatch } from 'apache-arrow';
import { type DateTimeStyle, fail, type SqlType, withStyle } from '../../core/index.js';
import { type CellFormat, type CellSource, cellSource } from './cell-source.js';
import { encodeRows, longestRow, type RowLayout } from './row-kernel.js';

/** Bytes of a chunk that are aimed at. */
const chunkBytes = 128 << 10;
/** Room for a chunk of several rows, reckoned as if each cell were as long as it can be. */
const mostRoom = 1 << 20;
const firstRows = 256;

export class RowEncoder {
  readonly #types: readonly SqlType[];
  readonly #formats: readonly CellFormat[];
  readonly #layout: RowLayout;
  readonly #style: DateTimeStyle | undefined;
  /** Rows of a chunk, by what the last one was like. */
  #rows = firstRows;

  /** @param formats one per column */
  constructor(
    columns: readonly { readonly type: SqlType }[],
    formats: readonly CellFormat[],
    style?: DateTimeStyle,
    layout: RowLayout = { kind: 'rows', framed: true },
  ) {
    this.#types = columns.map(({ type }) => type);
    this.#formats = formats;
    this.#layout = layout;
    this.#style = style;
  }

  /** Rows `from` to `to` of a batch. */
  *encode(batch: RecordBatch, from = 0, to = batch.numRows): Iterable<Buffer> {
    const columns = this.#types.map((type, i) => cellSource(batch.data.children[i]!, type, this.#formats[i]!));
    for (let row = from; row < to; ) {
      const most = Math.min(to, row + this.#rows);
      const { chunk, end } = this.#style
        ? withStyle(this.#style, () => this.#chunk(columns, row, most))
        : this.#chunk(columns, row, most);
      yield chunk;
      const perRow = chunk.length / (end - row);
      this.#rows = Math.max(1, Math.min(8 * this.#rows, Math.floor(chunkBytes / perRow)));
      row = end;
    }
  }

  #chunk(columns: readonly CellSource[], from: number, most: number): { chunk: Buffer; end: number } {
    let end = most;
    let room = this.#room(columns, from, end);
    while (room > mostRoom && end - from > 1) {
      end = from + ((end - from) >> 1);
      room = this.#room(columns, from, end);
    }
    if (room > longestRow)
      throw fail('program_limit_exceeded', 'out of memory', {
        detail: `A row of up to ${room} bytes is too long for a message.`,
      });
    const chunk = encodeRows(this.#layout, end - from, room, (kernel) =>
      columns.map((column) => column.lay(kernel, from, end)),
    );
    return { chunk, end };
  }

  #room(columns: readonly CellSource[], from: number, to: number): number {
    const { kind, line } = this.#layout;
    let cells = 0;
    for (const column of columns) cells += column.bound(from, to);
    const count = columns.length * (to - from);
    // A message's head; then each cell with its length word, or each character escaped, between quotes, behind a delimiter.
    const rows = 8 * (to - from);
    if (!line) return rows + cells + 4 * count;
    return rows + 2 * cells + (kind === 'csv' ? 3 : 1) * count + line.nullText.length * count;
  }
}
