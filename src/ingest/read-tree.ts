// One tree of one ROOT file into partitions: each column goes from its baskets into the partition's buffer, one after the other.
import { type Data, DataType, util } from 'apache-arrow';
import { DiagnosticError, fail, fromArrowType, type SqlType, toArrowType } from '../core/index.js';
import {
  type EncodedPartition,
  largestPartitionBytes,
  PartitionEncoder,
  type PartitionRecord,
} from '../store/index.js';
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

export interface EncodedRange extends EntryRange {
  /** The object, in the buffer that was given. */
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

  /**
   * As many entries of the range as `limit` bytes hold, at least one, as a partition. `buffer` has that size and may be a used one; an
   * entry that is larger gets a buffer of its own.
   */
  async encode({ start, stop }: EntryRange, buffer: ArrayBuffer, limit = buffer.byteLength): Promise<EncodedRange> {
    for (let rows = stop - start; ; rows = (rows + 1) >> 1) {
      const room =
        rows === 1 && buffer.byteLength < largestPartitionBytes
          ? new Uint8Array(largestPartitionBytes)
          : new Uint8Array(buffer, 0, rows === 1 ? buffer.byteLength : limit);
      const encoded = await this.#fill(start, start + rows, room);
      if (encoded) return { start, stop: start + rows, ...encoded };
      if (rows > 1) continue;
      throw fail('program_limit_exceeded', `entry ${start} of tree "${this.#tree.path}" is too large`, {
        detail: `A partition holds at most ${largestPartitionBytes} bytes.`,
      });
    }
  }

  /** Nothing where it does not fit. */
  async #fill(start: number, stop: number, room: Uint8Array<ArrayBuffer>): Promise<EncodedPartition | undefined> {
    const partition = this.#encoder.begin(stop - start, room);
    let next = 0;
    let failure: DiagnosticError | undefined;
    /** Fills in for the columns that cannot be read, up to column `end`: positions are those of the layout. */
    const addMissing = (end: number): boolean => {
      for (; next < end; next++)
        if (!partition.add(nullData(toArrowType(this.#columns[next]!.type), stop - start))) return false;
      return true;
    };
    const wanted = [...this.#columns.entries()].filter(([, { column }]) => !this.unreadable.has(column.name));
    let full = false;
    await this.#tree.readEach(
      wanted.map(([, { column }]) => column),
      start,
      stop,
      (i, data) => {
        const [index, { column, type }] = wanted[i]!;
        const fitted = data instanceof DiagnosticError ? data : asType(data, toArrowType(type));
        if (fitted instanceof DiagnosticError) {
          if (!columnFailures.has(fitted.diagnostic.condition)) throw fitted;
          failure = fitted;
          this.unreadable.set(column.name, fitted.message);
          return true;
        }
        full = !(addMissing(index) && partition.add(fitted));
        next = index + 1;
        return !full;
      },
    );
    if (failure && this.unreadable.size === this.#columns.length) throw failure;
    return full || !addMissing(this.#columns.length) ? undefined : partition.finish();
  }
}

const columnFailures: ReadonlySet<string> = new Set([
  'data_corrupted',
  'feature_not_supported',
  'program_limit_exceeded',
]);

/** Bytes as text, where text was expected: the buffers are the same, and the statistics tell that the column is to be `bytea`. */
function asType(data: Data, type: DataType): Data | DiagnosticError {
  if (DataType.isBinary(data.type) && DataType.isUtf8(type)) return data.clone(type);
  if (!DataType.isList(data.type) || !DataType.isList(type)) {
    return DataType.isStruct(data.type) && !util.compareTypes(data.type, type)
      ? fail('feature_not_supported', 'its class holds text that is not UTF-8')
      : data;
  }
  const child = asType(data.children[0]!, type.valueType);
  if (child instanceof DiagnosticError || child === data.children[0])
    return child instanceof DiagnosticError ? child : data;
  return data.clone(type, data.offset, data.length, data.nullCount, data.buffers, [child]);
}
