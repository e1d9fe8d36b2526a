// A statement bound to its values, and how far its rows were sent.
import type { RecordBatch } from 'apache-arrow';
import type { ClientEncoding } from '../../core/index.js';
import {
  CopyWriter,
  type Cursor,
  fromUtf8,
  type PreparedStatement,
  type QueryResult,
  RowEncoder,
  recodeTuples,
  type StatementResult,
  type TypedValue,
} from '../../session/index.js';
import type { Format } from '../codec/index.js';
import type { Channel } from './channel.js';

export interface Portal {
  readonly prepared: PreparedStatement;
  readonly text: string;
  readonly parameters: readonly TypedValue[];
  readonly formats: readonly Format[];
  /** Stops its query, whichever Execute is under way; made by the first. */
  running?: AbortController;
  /** What it is to FETCH and MOVE, where it has a name. */
  cursor?: Cursor;
  /** Once it has been executed for the first time. */
  rows?: RowSender;
  /** Its last row was sent, or it has failed. */
  done: boolean;
}

/** Rows that a cursor is asked for at once. */
const portion = 4096;
const nothing: AsyncIterator<RecordBatch> = { next: async () => ({ done: true, value: undefined }) };

export class RowSender {
  readonly #tag: string;
  readonly #rows: QueryResult;
  readonly #formats: readonly Format[];
  readonly #input: AsyncIterator<RecordBatch>;
  readonly #cursor: Cursor | undefined;
  #fetched: RecordBatch[] = [];
  readonly #encoder: RowEncoder | CopyWriter;
  readonly #copy: CopyWriter | undefined;
  readonly #copyFormat: Format;
  #batch: RecordBatch | undefined;
  #row = 0;
  /** By the last {@link send}: a tag counts the rows of one Execute. */
  #sent = 0;

  /** @param cursor reads the rows where SQL may move it too */
  constructor(result: StatementResult, rows: QueryResult, asked: readonly Format[], cursor?: Cursor) {
    this.#cursor = cursor;
    const { copy } = result;
    this.#copyFormat = copy?.format === 'binary' ? 'binary' : 'text';
    this.#copy = copy && new CopyWriter(copy, rows.columns, true, rows.style);
    this.#encoder = this.#copy ?? new RowEncoder(rows.columns, asked, rows.style);
    this.#tag = result.tag;
    this.#rows = rows;
    this.#formats = asked;
    this.#input = cursor ? nothing : rows.batches[Symbol.asyncIterator]();
  }

  get tag(): string {
    return this.#tag === 'SHOW' || this.#tag === 'EXPLAIN' ? this.#tag : `${this.#tag} ${this.#sent}`;
  }

  /** Sends at most `most` rows; false where more may follow. */
  async send(channel: Channel, most: number, signal: AbortSignal): Promise<boolean> {
    let left = most;
    this.#sent = 0;
    for (;;) {
      if (!this.#batch || this.#row >= this.#batch.numRows) {
        const next = await this.#next(left);
        if (!next) return true;
        this.#batch = next;
        this.#row = 0;
      }
      const to = Math.min(this.#batch.numRows, this.#row + left);
      for (const chunk of this.#encoder.encode(this.#batch, this.#row, to)) {
        channel.sendRows(this.#copy ? chunk : this.#recoded(chunk, channel.out.encoding));
        if (channel.isBusy) await channel.drain(signal);
        signal.throwIfAborted();
      }
      left -= to - this.#row;
      this.#sent += to - this.#row;
      this.#row = to;
      // As PostgreSQL: after exactly as many rows as were asked for it does not look whether there are more.
      if (left === 0) return false;
    }
  }

  /** COPY's rows have the encoding of their statement already. */
  #recoded(chunk: Buffer, encoding: ClientEncoding | undefined): Buffer {
    if (!encoding) return chunk;
    const types = this.#rows.columns.map(({ type }) => type);
    return recodeTuples(chunk, { types, formats: this.#formats, framed: true }, fromUtf8(encoding));
  }

  async #next(most: number): Promise<RecordBatch | undefined> {
    if (!this.#cursor) {
      const { done, value } = await this.#input.next();
      return done ? undefined : value;
    }
    if (this.#fetched.length === 0)
      this.#fetched = await this.#cursor.fetch({ direction: 'forward', count: Math.min(most, portion) });
    return this.#fetched.shift();
  }

  /** A COPY's rows, from its first message to its last. */
  async sendCopy(channel: Channel, signal: AbortSignal): Promise<void> {
    const { columns } = this.#rows;
    const copy = this.#copy!;
    channel.out.copyResponse('out', this.#copyFormat, columns.length);
    const begin = copy.begin();
    if (begin) channel.out.copyData(begin);
    await this.send(channel, Infinity, signal);
    const end = copy.end();
    if (end) channel.out.copyData(end);
    channel.out.copyDone();
  }

  /** What was stopped winds down by itself: the client is told at once. */
  close(stopped?: AbortSignal): Promise<void> | undefined {
    const closing = this.#cursor ? this.#cursor.close() : this.#rows.close();
    if (!stopped?.aborted) return closing;
    closing.catch(() => undefined);
    return undefined;
  }
}
