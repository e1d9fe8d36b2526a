// One tree of one ROOT file into partitions: read a range of entries, encode, split what came out too large.
import type { Data } from 'apache-arrow';
import { DiagnosticError, fail, fromArrowType, type SqlType, toArrowType } from '../core/index.js';
import { largestPartitionBytes, PartitionEncoder, type PartitionRecord } from '../store/index.js';
import { nullData } from './null-data.js';
import type { EntryRange } from './plan-partitions.js';
import type { ColumnReader, RootColumn } from './root/index.js';

export interface TreeColumn {
  readonly column: RootColumn;
  readonly type: SqlType;
}

/** The columns that have a type in the dialect, and the others with the reason. */
export function treeColumns(tree: ColumnReader) {
  const columns: TreeColumn[] = [];
  const refused: { branch: string; reason: string }[] = tree.refused.map(({ name, reason }) => ({
    branch: name,
    reason,
  }));
  for (const column of tree.columns) {
    const type = fromArrowType(column.type);
    if (type) columns.push({ column, type });
    else refused.push({ branch: column.name, reason: `no column type for ${column.type}` });
  }
  return { columns, refused };
}

export interface EncodedRange {
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly record: PartitionRecord;
}

export class TreeEncoder {
  readonly #tree: ColumnReader;
  readonly #columns: readonly TreeColumn[];
  readonly #encoder: PartitionEncoder;
  /** Columns that turned out unreadable, with the reason. */
  readonly unreadable = new Map<string, string>();

  constructor(tree: ColumnReader, columns: readonly TreeColumn[], source: string) {
    this.#tree = tree;
    this.#columns = columns;
    this.#encoder = new PartitionEncoder(
      columns.map(({ column, type }) => ({ name: column.name, type })),
      new Map([
        ['skyhook.source', source],
        ['skyhook.tree', `${tree.path};${tree.cycle}`],
      ]),
    );
  }

  /** One partition, or several where one would exceed the limit. */
  async *encode({ start, stop }: EntryRange): AsyncIterable<EncodedRange> {
    const data = await this.#read(start, stop);
    yield* this.#split(start, stop - start, data);
  }

  *#split(start: number, rows: number, data: readonly Data[]): Iterable<EncodedRange> {
    const prepared = this.#encoder.prepare(rows, data);
    if (prepared.bytes <= largestPartitionBytes) {
      yield { start, ...this.#encoder.encode(prepared) };
      return;
    }
    if (rows === 1)
      throw fail('program_limit_exceeded', `entry ${start} of tree "${this.#tree.path}" has ${prepared.bytes} bytes`, {
        detail: `A partition holds at most ${largestPartitionBytes} bytes.`,
      });
    const half = rows >> 1;
    const part = (from: number, count: number) => data.map((column) => column.slice(from, count));
    yield* this.#split(start, half, part(0, half));
    yield* this.#split(start + half, rows - half, part(half, rows - half));
  }

  /** A column that cannot be read is left out of the table; its place is held by NULLs, for positions are those of the layout. */
  async #read(start: number, stop: number): Promise<Data[]> {
    const readable = this.#columns.filter(({ column }) => !this.unreadable.has(column.name));
    let data: Data[];
    try {
      data = await this.#tree.read(
        readable.map(({ column }) => column),
        start,
        stop,
      );
    } catch (error) {
      if (!isColumnFailure(error)) throw error;
      data = [];
      for (const { column, type } of readable) data.push(await this.#readOne(column, type, start, stop));
      if (this.unreadable.size === this.#columns.length) throw error;
    }
    let next = 0;
    const failed = new Set(this.#columns.filter((column) => !readable.includes(column)));
    return this.#columns.map((column) =>
      failed.has(column) ? nullData(toArrowType(column.type), stop - start) : data[next++]!,
    );
  }

  async #readOne(column: RootColumn, type: SqlType, start: number, stop: number): Promise<Data> {
    try {
      return (await this.#tree.read([column], start, stop))[0]!;
    } catch (error) {
      if (!isColumnFailure(error)) throw error;
      this.unreadable.set(column.name, error.message);
      return nullData(toArrowType(type), stop - start);
    }
  }
}

function isColumnFailure(error: unknown): error is DiagnosticError {
  return (
    error instanceof DiagnosticError &&
    ['data_corrupted', 'feature_not_supported', 'program_limit_exceeded'].includes(error.diagnostic.condition)
  );
}
