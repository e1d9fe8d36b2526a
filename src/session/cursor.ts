// The rows of a query, a few at a time: DECLARE and FETCH. A SCROLL cursor keeps what it has read, so that it can go back.
import type { RecordBatch } from 'apache-arrow';
import { type DateTimeStyle, fail } from '../core/index.js';
import type { FetchCursor } from '../parser/index.js';
import type { QueryResult, ResultColumn } from './query-result.js';

type Move = Pick<FetchCursor, 'direction' | 'count'>;

export class Cursor {
  readonly columns: readonly ResultColumn[];
  readonly style: DateTimeStyle | undefined;
  readonly hold: boolean;
  /** A simple query that fetches from it gets values in binary. */
  readonly binary: boolean;
  readonly #result: QueryResult;
  readonly #input: AsyncIterator<RecordBatch>;
  readonly #scroll: boolean;
  readonly #forwardOnly: boolean;
  /** A transaction that fails or is rolled back takes with it what it has declared: with HOLD only until it has committed. */
  kept: boolean;
  /** Savepoints that stood when it was declared: going back to one of them, or an earlier one, closes it. */
  level: number;
  /** Batches read: all of them with SCROLL, else the one under way. */
  #kept: RecordBatch[] = [];
  /** Rows before the first kept batch. */
  #dropped = 0;
  #read = 0;
  #atEnd = false;
  /** Its query was stopped or has failed. */
  #isBroken = false;
  /** Of the fetch under way. */
  #signal: AbortSignal | undefined;
  /** Rows before the cursor; it stands on row `#position`, 1 the first. */
  #position = 0;

  /** @param options `scroll`: false where NO SCROLL is written, undefined where nothing is */
  constructor(
    result: QueryResult,
    options: {
      readonly scroll?: boolean | undefined;
      readonly hold: boolean;
      readonly binary?: boolean;
      readonly kept: boolean;
      readonly level: number;
    },
  ) {
    this.columns = result.columns;
    this.style = result.style;
    this.hold = options.hold;
    this.binary = options.binary === true;
    this.#result = result;
    this.#input = result.batches[Symbol.asyncIterator]();
    this.#scroll = options.scroll === true;
    this.#forwardOnly = options.scroll === false;
    this.kept = options.kept;
    this.level = options.level;
  }

  async close(): Promise<void> {
    this.#kept = [];
    await this.#result.close();
  }

  /** Moves the cursor and gives the rows it passes over, in order. @param signal ends the wait for them, and with it the cursor */
  async fetch(command: Move, signal?: AbortSignal): Promise<RecordBatch[]> {
    const rows: RecordBatch[] = [];
    for await (const batch of this.rows(command, signal)) rows.push(batch);
    return rows;
  }

  /** The same, and on the way forward without SCROLL one batch after the other, as they are asked for. */
  async *rows(command: Move, signal?: AbortSignal): AsyncGenerator<RecordBatch> {
    if (this.#isBroken) throw fail('object_not_in_prerequisite_state', 'portal cannot be run');
    const { direction, count } = command;
    const isForward = direction === 'forward' && (count === 'all' || count > 0);
    const wanted = count === 'all' ? Infinity : this.#position + count;
    if (!isForward || this.#scroll) yield* await this.#during(signal, () => this.#fetch(command));
    else {
      while (this.#position < wanted) {
        const next = await this.#during(signal, () => this.#someForward(wanted));
        if (next.length === 0) return;
        yield* next;
      }
    }
  }

  async #during<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    this.#signal = signal;
    try {
      return await work();
    } finally {
      this.#signal = undefined;
    }
  }

  /** Rows up to the next batch's end, and not beyond `wanted`; none at the end. */
  async #someForward(wanted: number): Promise<RecordBatch[]> {
    const from = this.#position;
    await this.#readTo(from + 1);
    const to = Math.min(wanted, this.#read);
    this.#position = to > from ? to : this.#read + 1;
    return this.#slice(from, to);
  }

  async #fetch({ direction, count }: Move): Promise<RecordBatch[]> {
    const backward = direction === 'backward' ? count : typeof count === 'number' && count < 0 ? -count : undefined;
    switch (direction) {
      case 'forward':
      case 'backward':
        if (direction === 'backward' && typeof count === 'number' && count < 0) return this.#forward(-count);
        return backward === undefined ? this.#forward(count) : this.#backward(backward);
      case 'absolute':
      case 'relative': {
        const offset = count as number;
        if (direction === 'absolute' && offset < 0) {
          await this.#readTo(Infinity);
          return this.#single(this.#read + 1 + offset);
        }
        return this.#single(direction === 'absolute' ? offset : this.#position + offset);
      }
    }
  }

  async #forward(count: number | 'all'): Promise<RecordBatch[]> {
    if (count === 0) return this.#again();
    const wanted = count === 'all' ? Infinity : this.#position + count;
    if (this.#scroll) {
      await this.#readTo(wanted);
      const from = this.#position;
      const to = Math.min(wanted, this.#read);
      this.#position = wanted > this.#read ? this.#read + 1 : to;
      return this.#slice(from, to);
    }
    const rows: RecordBatch[] = [];
    while (this.#position < wanted) {
      const next = await this.#someForward(wanted);
      if (next.length === 0) break;
      rows.push(...next);
    }
    return rows;
  }

  /** The row it stands on. */
  async #again(): Promise<RecordBatch[]> {
    if (this.#forwardOnly && this.#position > 0 && this.#position <= this.#read) this.#mustScroll();
    return this.#single(this.#position);
  }

  async #backward(count: number | 'all'): Promise<RecordBatch[]> {
    if (count === 0) return this.#again();
    this.#mustScroll();
    const from = Math.min(this.#position, this.#read + 1) - 1;
    const to = count === 'all' ? 0 : Math.max(0, from - count);
    this.#position = count === 'all' || from - count < 0 ? 0 : to + 1;
    const rows: RecordBatch[] = [];
    for (let row = from; row > to; row--) rows.push(...this.#slice(row - 1, row));
    return rows;
  }

  /** Moves to one row; beyond the ends there is none. */
  async #single(row: number): Promise<RecordBatch[]> {
    if (row < this.#position || (row === this.#position && row > 0 && row <= this.#dropped)) this.#mustScroll();
    await this.#readTo(row);
    this.#position = Math.max(0, Math.min(row, this.#read + 1));
    return row >= 1 && row <= this.#read ? this.#slice(row - 1, row) : [];
  }

  #mustScroll(): void {
    if (!this.#scroll)
      throw fail('object_not_in_prerequisite_state', 'cursor can only scan forward', {
        hint: 'Declare it with SCROLL option to enable backward scan.',
      });
  }

  /** Reads until `rows` rows were seen, or the end. */
  async #readTo(rows: number): Promise<void> {
    while (this.#read < rows && !this.#atEnd) {
      const next = await this.#next();
      if (next.done) {
        this.#atEnd = true;
        return;
      }
      if (!this.#scroll) {
        this.#dropped = this.#read;
        this.#kept = [];
      }
      this.#kept.push(next.value);
      this.#read += next.value.numRows;
    }
  }

  /** What its query gives next. It goes on by itself for a while where nobody waits any more: its rows are lost. */
  async #next(): Promise<IteratorResult<RecordBatch>> {
    const signal = this.#signal;
    if (!signal) return this.#input.next();
    let stop: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([aborted, this.#input.next()]);
    } catch (error) {
      this.#isBroken = true;
      this.#result.close().catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Rows `from` (0 the first) to `to`, all of them kept. */
  #slice(from: number, to: number): RecordBatch[] {
    const rows: RecordBatch[] = [];
    let start = this.#dropped;
    for (const batch of this.#kept) {
      const end = start + batch.numRows;
      const low = Math.max(from, start);
      const high = Math.min(to, end);
      if (low < high) rows.push(low === start && high === end ? batch : batch.slice(low - start, high - start));
      start = end;
    }
    return rows;
  }
}
