// The evaluator home of fragments: decodes the bytes and runs them over one partition's buffers, a chunk of rows after the other, so that
// what is in between stays in the processor's cache. Columns of the filter are read first, those of the output only where rows pass.
import { setImmediate } from 'node:timers/promises';
import {
  constantFrame,
  decodeFragment,
  type Fragment,
  fail,
  type Instruction,
  type Register,
  type SqlType,
} from '../../core/index.js';
import { type RangeReader, readColumns } from '../../store/index.js';
import { fromArrow } from '../eval/arrow-vec.js';
import { ProgramRun, type RunInput } from '../eval/run-program.js';
import { byteLength, flat, fromValues, gather, spread, type Vec, withType } from '../eval/vec.js';
import { makeSink, type Selection, type Sink } from './sink.js';

export interface FragmentResult {
  /** Rows, or groups. */
  readonly rows: number;
  /** Rows: the registers. Top-N: the registers, then the keys. Aggregate: the groups, then the states. */
  readonly columns: readonly Vec[];
  readonly rowsIn: number;
  readonly bytesRead: number;
}

/** A column of the partition in memory; its vectors are made chunk by chunk. */
export interface StoredColumn {
  rows(from: number, to: number): Vec;
}

/** Some of the fragment's columns, checked against their checksums. */
export type ReadColumns = (fragment: Fragment, columns: readonly number[]) => Promise<readonly StoredColumn[]>;

/** Rows of a chunk: fewer where rows are wide. */
const chunkRows = 16384;
const leastChunkRows = 64;
/** Bytes of a chunk's widest column. */
const chunkBytes = 1 << 20;
/** How long a fragment keeps the event loop from a cancellation. */
const sliceMillis = 30;

/**
 * @throws DiagnosticError data_corrupted for a malformed fragment or a damaged partition, program_limit_exceeded beyond the budget,
 * query_canceled on abort, and what the expressions raise
 */
export async function runFragment(bytes: Uint8Array, read: ReadColumns, signal?: AbortSignal): Promise<FragmentResult> {
  return new FragmentRun(decodeFragment(bytes), read, signal).run();
}

class FragmentRun {
  private readonly columns = new Map<number, StoredColumn>();
  private bytesRead = 0;
  private readonly deadline: number;
  private yieldAt: number;

  constructor(
    private readonly fragment: Fragment,
    private readonly read: ReadColumns,
    private readonly signal: AbortSignal | undefined,
  ) {
    const now = performance.now();
    this.deadline = now + fragment.budget.millis;
    this.yieldAt = now + sliceMillis;
  }

  async run(): Promise<FragmentResult> {
    const { rows, program } = this.fragment;
    const { filter, instructions, output, frame } = program;
    const sink = makeSink(program);
    const needed = reach(instructions, sink.registers, frame);
    const readsRows = needed.includes(1) || output.kind === 'top_n';
    const enough = frame === 0 && output.kind === 'rows' ? (output.limit ?? Infinity) : Infinity;
    const selections: Selection[] = [];
    let selected = 0;
    if (filter) {
      const all = reach(filter.instructions, [], filter.frame);
      await this.load(filter.instructions, all);
      for (const whole of this.chunks(this.rowsPerChunk())) {
        if (selected >= enough) break;
        await this.breathe();
        const run = new ProgramRun(filter.instructions, this.inputOf(whole));
        run.run(all);
        const { n, index } = run.rowsOf(filter.frame);
        if (n > 0) selections.push({ ...whole, n, index: readsRows ? index() : undefined });
        selected += n;
      }
    }
    if (!filter || selected > 0) {
      await this.load(instructions, needed);
      const passed = filter ? selections : this.chunks(isView(instructions, needed) ? rows : this.rowsPerChunk());
      let left = enough;
      for (const chunk of passed) {
        if (sink.full) break;
        // Rows beyond the limit are not looked at, so that none of them fails.
        await this.evaluate(sink, cut(chunk, left), sink.registers, needed);
        left -= chunk.n;
      }
    }
    const late = sink.late();
    if (late) {
      const wanted = reach(instructions, late.registers, frame);
      await this.load(instructions, wanted);
      for (const chunk of inChunks(late.rows, this.rowsPerChunk()))
        await this.evaluate(late, chunk, late.registers, wanted);
    }
    const result = sink.finish();
    this.checkResult(
      result.rows,
      result.columns.reduce((sum, vec) => sum + byteLength(vec), 0),
    );
    return { ...result, rowsIn: rows, bytesRead: this.bytesRead };
  }

  private async evaluate(
    sink: Pick<Sink, 'take'>,
    chunk: Selection,
    registers: readonly Register[],
    needed: Uint8Array,
  ): Promise<void> {
    await this.breathe();
    const { instructions, frame } = this.fragment.program;
    const run = new ProgramRun(instructions, this.inputOf(chunk));
    run.run(needed);
    const n = run.sizeOf(frame);
    if (n === 0) return;
    const { rows, bytes } = sink.take(
      registers.map((register) => withType(spread(run.get(register), n), instructions[register]!.type)),
      n,
      chunk,
    );
    this.checkResult(rows, bytes);
  }

  private checkResult(rows: number, bytes: number): void {
    const { budget } = this.fragment;
    if (rows > budget.rows) throw fail('program_limit_exceeded', `a fragment gives more than ${budget.rows} rows`);
    if (bytes > budget.bytes) throw fail('program_limit_exceeded', `a fragment gives more than ${budget.bytes} bytes`);
  }

  private check(): void {
    if (performance.now() > this.deadline)
      throw fail('program_limit_exceeded', `a fragment took longer than ${this.fragment.budget.millis} ms`);
  }

  private async breathe(): Promise<void> {
    this.check();
    if (performance.now() > this.yieldAt) {
      await setImmediate();
      this.yieldAt = performance.now() + sliceMillis;
    }
    if (this.signal?.aborted) throw fail('query_canceled', 'canceling statement due to user request');
  }

  private async load(instructions: readonly Instruction[], needed: Uint8Array): Promise<void> {
    const wanted = new Set<number>();
    for (const [i, { op, immediate }] of instructions.entries())
      if (op === 'column' && needed[i] === 1 && !this.columns.has(immediate as number)) wanted.add(immediate as number);
    if (wanted.size === 0) return;
    const list = [...wanted];
    const { columns, budget } = this.fragment;
    for (const c of list) for (const { length } of columns[c]!.buffers) this.bytesRead += length;
    if (this.bytesRead > budget.bytes)
      throw fail('program_limit_exceeded', `a fragment would read ${this.bytesRead} bytes`);
    for (const [i, column] of (await this.read(this.fragment, list)).entries()) this.columns.set(list[i]!, column);
  }

  /** Of the columns read so far. */
  private rowsPerChunk(): number {
    const { columns, rows } = this.fragment;
    let widest = 0;
    for (const c of this.columns.keys()) {
      const bytes = columns[c]!.buffers.reduce((sum, { length }) => sum + length, 0);
      widest = Math.max(widest, bytes / Math.max(rows, 1));
    }
    return Math.max(leastChunkRows, Math.min(chunkRows, Math.floor(chunkBytes / Math.max(widest, 1))));
  }

  private *chunks(size: number): Generator<Selection> {
    const { rows } = this.fragment;
    for (let from = 0; from < rows; from += size) {
      const to = Math.min(rows, from + size);
      yield { from, to, n: to - from, index: undefined };
    }
  }

  private inputOf({ from, to, n, index }: Selection): RunInput {
    const { file, fileOrdinal, firstEntry } = this.fragment;
    return {
      rows: n,
      column: (c) => {
        const whole = this.columns.get(c)!.rows(from, to);
        return index ? gather(whole, index) : whole;
      },
      entries: (type) => entriesOf(type, firstEntry + from, n, index),
      file,
      fileOrdinal,
      check: () => this.check(),
    };
  }
}

/** The first `n` of its rows. */
function cut(chunk: Selection, n: number): Selection {
  const { from, index } = chunk;
  if (chunk.n <= n) return chunk;
  return index ? { ...chunk, n, index: index.subarray(0, n) } : { from, to: from + n, n, index };
}

/** Nothing but columns as they are: no chunks, no copies. */
function isView(instructions: readonly Instruction[], needed: Uint8Array): boolean {
  return instructions.every(({ op }, i) => needed[i] === 0 || op === 'column');
}

/** Ascending rows of the partition, by the chunk they lie in. */
function* inChunks(rows: Int32Array, size: number): Generator<Selection> {
  for (let at = 0; at < rows.length; ) {
    const from = rows[at]! - (rows[at]! % size);
    let end = at;
    while (end < rows.length && rows[end]! < from + size) end++;
    const last = rows[end - 1]!;
    yield { from, to: last + 1, n: end - at, index: rows.subarray(at, end).map((row) => row - from) };
    at = end;
  }
}

function entriesOf(type: SqlType, first: number, n: number, index: Int32Array | undefined): Vec {
  if (first + n > Number.MAX_SAFE_INTEGER) {
    const values = Array.from({ length: n }, (_, i) => BigInt(first) + BigInt(index ? index[i]! : i));
    return fromValues(type, values);
  }
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = first + (index ? index[i]! : i);
  return flat(type, out);
}

/** The instructions some registers rest on, with the makers of the frames they live in, and of `frame`. */
function reach(instructions: readonly Instruction[], registers: readonly Register[], frame: number): Uint8Array {
  const needed = new Uint8Array(instructions.length);
  const makers = new Map<number, Register>();
  for (const [i, { op, frame: made }] of instructions.entries())
    if (op === 'enter' || op === 'enter_padded' || op === 'where') makers.set(made, i);
  const open = [...registers];
  if (frame !== 0) open.push(makers.get(frame)!);
  for (let r = open.pop(); r !== undefined; r = open.pop()) {
    if (needed[r] === 1) continue;
    needed[r] = 1;
    const { args, frame: own } = instructions[r]!;
    open.push(...args);
    const maker = own === constantFrame ? undefined : makers.get(own);
    if (maker !== undefined && maker !== r) open.push(maker);
  }
  return needed;
}

/** Reads from the object that holds the partition. */
export function columnsFrom(store: RangeReader, object: string, signal?: AbortSignal): ReadColumns {
  return async ({ rows, columns }, wanted) => {
    const data = await readColumns(
      store,
      { object, rows, columns: new Map(wanted.map((c) => [c, columns[c]!.buffers])) },
      wanted.map((c) => ({ name: `${c}`, type: columns[c]!.type, index: c })),
      signal ? { signal } : {},
    );
    return data.map((column, i) => {
      const { type } = columns[wanted[i]!]!;
      return { rows: (from, to) => fromArrow(column, type, from, to) };
    });
  };
}
