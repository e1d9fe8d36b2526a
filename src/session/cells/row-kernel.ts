// The home of rows.wasm (kernel/rows, C++), which writes rows of Arrow columns as PostgreSQL's bytes: its memory, and how columns are laid out there.
import { readFileSync } from 'node:fs';
import { fail } from '../../core/index.js';
import { kernelFile } from '../../exec/index.js';

/** `Kind` in kernel/rows/rows.h. */
export const cellKinds = {
  null: 0,
  boolText: 1,
  boolBinary: 2,
  bytesText: 3,
  bytesBinary: 4,
  bytesHex: 5,
  int8Text: 6,
  uint8Text: 7,
  int16Text: 8,
  uint16Text: 9,
  int32Text: 10,
  uint32Text: 11,
  int64Text: 12,
  uint64Text: 13,
  float32Text: 14,
  float64Text: 15,
  int8Binary: 16,
  uint8Binary: 17,
  int16Binary: 18,
  uint16Binary: 19,
  int32Binary: 20,
  uint32Binary: 21,
  word64Binary: 22,
  listText: 23,
  listBinary: 24,
} as const;
export type CellKind = keyof typeof cellKinds;

/** `Layout` in kernel/rows/rows.h. */
const layouts = { rows: 0, text: 1, csv: 2, binary: 3 } as const;

/** What separates the cells of a line, and what stands for NULL. */
export interface LineFormat {
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly nullText: Uint8Array;
  /** Columns whose cells are quoted whatever they hold. */
  readonly forced: readonly boolean[];
}

export interface RowLayout {
  /** DataRow messages, or the rows of a COPY. */
  readonly kind: keyof typeof layouts;
  /** Each row is a message. */
  readonly framed: boolean;
  /** Of text and CSV. */
  readonly line?: LineFormat;
}

/** A column of some rows in the kernel's memory; addresses, 0 for what is not there. */
export interface CellColumn {
  readonly kind: CellKind;
  readonly values?: number;
  readonly offsets?: number;
  /** The offset that `values` begin at. */
  readonly base?: number;
  readonly validity?: number;
  /** The first row's bit there. */
  readonly validityBit?: number;
  /** The first row's bit in the truth values. */
  readonly valueBit?: number;
  readonly element?: CellColumn;
  /** jsonb's binary form begins with its version. */
  readonly versioned?: boolean;
  /** Of a list's elements. */
  readonly oid?: number;
}

interface RowExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  rows_memory(): number;
  rows_encode(request: number): number;
}

const columnWords = 10;
const requestWords = 9;
const [forceQuote, versioned] = [1, 2] as const;
/** The kernel copies 16 bytes at a time. */
const slack = 16;
const page = 65536;
/** Memory that grew larger is given back: WebAssembly's never shrinks. */
const keptBytes = 16 << 20;
/** Of one row, before it is written: a message's length has 31 bits. */
export const longestRow = 0x7fff0000;

export class RowKernel {
  readonly #exports: RowExports;
  readonly #start: number;
  #at: number;
  #bytes: Uint8Array;

  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module).exports as unknown as RowExports;
    this.#exports._initialize();
    this.#start = this.#at = this.#exports.rows_memory();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
  }

  get isLarge(): boolean {
    return this.#bytes.length > keptBytes;
  }

  /** Forgets what was laid out. */
  clear(): void {
    this.#at = this.#start;
  }

  /** Bytes of it, where the kernel reads and may read a little further. */
  copy(bytes: Uint8Array): number {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
    return at;
  }

  #take(size: number): number {
    const at = (this.#at + 15) & ~15;
    const end = (at >>> 0) + size + slack;
    if (end > this.#bytes.length) {
      try {
        this.#exports.memory.grow(Math.ceil((end - this.#bytes.length) / page));
      } catch {
        throw fail('out_of_memory', 'out of memory', { detail: `A row of about ${size} bytes could not be written.` });
      }
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    }
    this.#at = end;
    return at >>> 0;
  }

  encode(layout: RowLayout, rows: number, columns: readonly CellColumn[], bound: number): Buffer {
    const { line } = layout;
    const described = this.#describe(columns, line);
    const nullText = line ? this.copy(line.nullText) : 0;
    const request = this.#take(4 * requestWords);
    const out = this.#take(bound);
    const words = new Uint32Array(this.#exports.memory.buffer, request, requestWords);
    words.set([layouts[layout.kind], layout.framed ? 1 : 0, rows, columns.length, described, out]);
    if (line) {
      words.set([nullText, line.nullText.length], 6);
      this.#bytes.set([line.delimiter, line.quote, line.escape], request + 32);
    }
    const end = this.#exports.rows_encode(request) >>> 0;
    // A zero byte ends a text in every client.
    if (end === 0) throw fail('character_not_in_repertoire', 'invalid byte sequence for encoding "UTF8": 0x00');
    if (end > out + bound) throw new Error('rows are larger than was foreseen');
    const written = Buffer.allocUnsafeSlow(end - out);
    written.set(this.#bytes.subarray(out, end));
    return written;
  }

  #describe(columns: readonly CellColumn[], line?: LineFormat): number {
    const elements = columns.map(({ element }) => (element ? this.#describe([element]) : 0));
    const at = this.#take(4 * columnWords * columns.length);
    const words = new Uint32Array(this.#exports.memory.buffer, at, columnWords * columns.length);
    for (const [i, column] of columns.entries())
      words.set(
        [
          cellKinds[column.kind],
          column.values ?? 0,
          column.offsets ?? 0,
          column.base ?? 0,
          column.validity ?? 0,
          column.validityBit ?? 0,
          column.valueBit ?? 0,
          elements[i]!,
          (line?.forced[i] ? forceQuote : 0) | (column.versioned ? versioned : 0),
          column.oid ?? 0,
        ],
        columnWords * i,
      );
    return at;
  }
}

let module: WebAssembly.Module | undefined;
let kernel: RowKernel | undefined;

/**
 * Rows as bytes, by this thread's kernel.
 * @param bound bytes that they do not exceed
 * @param lay copies the columns into the kernel's memory
 * @throws DiagnosticError 22021 where a text holds a zero byte, 53200
 */
export function encodeRows(
  layout: RowLayout,
  rows: number,
  bound: number,
  lay: (kernel: RowKernel) => readonly CellColumn[],
): Buffer {
  module ??= new WebAssembly.Module(readFileSync(kernelFile('rows.wasm')));
  kernel ??= new RowKernel(module);
  const used = kernel;
  used.clear();
  try {
    return used.encode(layout, rows, lay(used), bound);
  } finally {
    if (used.isLarge) kernel = undefined;
  }
}
