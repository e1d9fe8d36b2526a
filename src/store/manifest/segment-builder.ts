// Collects what ingest has written and turns the partitions' records, row by row, into a segment's columns.
import { DataType } from 'apache-arrow';
import { type SqlType, toArrowType } from '../../core/index.js';
import { bufferCountOf } from '../partition/flat-array.js';
import { figureNames, type PartitionColumn, type PartitionRecord } from '../partition/partition-encoder.js';
import { quantileCount } from '../partition/quantiles.js';
import type { ColumnStats, PartitionIndex, PlacesBlock, SegmentFile, SegmentVariantColumn } from './segment.js';
import type { ColumnSource, SegmentSource, TableSource } from './segment-writer.js';
import { widenType } from './widen-type.js';

/** A partition that has been written. */
export interface WrittenPartition {
  readonly number: number;
  readonly firstEntry: number;
  readonly record: PartitionRecord;
}

export interface WrittenColumn extends PartitionColumn {
  readonly title: string;
  /** Position in the partition objects. */
  readonly index: number;
}

/** One tree of one file. */
export interface WrittenTree {
  readonly path: string;
  readonly cycle: number;
  readonly title: string;
  readonly classType: string;
  readonly entries: number;
  /** All that the partition objects hold, in stored order: needed to find a column's buffers. */
  readonly stored: readonly SqlType[];
  /** What of it can be asked for. */
  readonly columns: readonly WrittenColumn[];
  /** In entry order. */
  readonly partitions: readonly WrittenPartition[];
}

interface GrowingTable {
  readonly path: string;
  readonly cycle: number;
  readonly title: string;
  readonly classType: string;
  readonly columns: { name: string; title: string; type: SqlType }[];
  readonly positions: Map<string, number>;
  readonly variants: { readonly columns: SegmentVariantColumn[]; readonly firstBuffer: readonly number[] }[];
  readonly variantIds: Map<string, number>;
  readonly files: { file: number[]; variant: number[]; entries: number[]; partitions: number[] };
  readonly partitions: { readonly variant: number; readonly written: WrittenPartition }[];
}

export class SegmentBuilder {
  readonly #writer: string;
  readonly #files: SegmentFile[] = [];
  readonly #tables = new Map<string, GrowingTable>();
  #cells = 0;

  /** `writer`: id of the intent under which the partitions were written. */
  constructor(writer: string) {
    this.#writer = writer;
  }

  /** Partitions times columns: what the builder's memory grows with, about 150 bytes each. */
  get cells(): number {
    return this.#cells;
  }

  get fileCount(): number {
    return this.#files.length;
  }

  /**
   * Files in dataset order.
   * @throws DiagnosticError never: the caller has united the columns with those before (see `uniteTables`)
   */
  addFile(file: Omit<SegmentFile, 'storedBytes'>, trees: readonly WrittenTree[]): void {
    const number = this.#files.length;
    let storedBytes = 0;
    for (const tree of trees) {
      const table = this.#table(tree);
      const variant = variantOf(table, tree);
      table.files.file.push(number);
      table.files.variant.push(variant);
      table.files.entries.push(tree.entries);
      table.files.partitions.push(tree.partitions.length);
      for (const written of tree.partitions) {
        table.partitions.push({ variant, written });
        storedBytes += written.record.bytes;
        this.#cells += tree.stored.length;
      }
    }
    this.#files.push({ ...file, storedBytes });
  }

  #table({ path, cycle, title, classType }: WrittenTree): GrowingTable {
    const key = `${path};${cycle}`;
    let table = this.#tables.get(key);
    if (!table) {
      table = {
        path,
        cycle,
        title,
        classType,
        columns: [],
        positions: new Map(),
        variants: [],
        variantIds: new Map(),
        files: { file: [], variant: [], entries: [], partitions: [] },
        partitions: [],
      };
      this.#tables.set(key, table);
    }
    return table;
  }

  /** What {@link writeSegment} takes; the builder may be dropped once that has written it. */
  source(): SegmentSource {
    return { files: this.#files, writers: [this.#writer], tables: [...this.#tables.values()].map(tableSource) };
  }
}

function variantOf(table: GrowingTable, tree: WrittenTree): number {
  for (const { name, title, type } of tree.columns) {
    const position = table.positions.get(name);
    if (position === undefined) {
      table.positions.set(name, table.columns.length);
      table.columns.push({ name, title, type });
    } else {
      const column = table.columns[position]!;
      column.type = widenType(column.type, type) ?? column.type;
    }
  }
  const key = JSON.stringify([tree.stored, tree.columns.map(({ name, index, type }) => [name, index, type])]);
  let id = table.variantIds.get(key);
  if (id === undefined) {
    id = table.variants.length;
    table.variantIds.set(key, id);
    const firstBuffer: number[] = [];
    let next = 0;
    for (const type of tree.stored) {
      firstBuffer.push(next);
      next += bufferCountOf(toArrowType(type));
    }
    const columns = tree.columns.map(
      ({ name, index, type }): SegmentVariantColumn => [table.positions.get(name)!, index, type],
    );
    table.variants.push({ columns, firstBuffer });
  }
  return id;
}

function tableSource(table: GrowingTable): TableSource {
  const { path, cycle, title, classType, files, partitions } = table;
  const index: PartitionIndex = {
    writer: new Uint32Array(partitions.length),
    number: Uint32Array.from(partitions, ({ written }) => written.number),
    firstEntry: Float64Array.from(partitions, ({ written }) => written.firstEntry),
    rows: Float64Array.from(partitions, ({ written }) => written.record.rows),
    bytes: Float64Array.from(partitions, ({ written }) => written.record.bytes),
  };
  return {
    path,
    cycle,
    title,
    classType,
    files,
    index,
    variants: table.variants.map((variant) => variant.columns),
    columns: table.columns.map((column, c) => columnSource(table, column, c)),
  };
}

function columnSource(
  table: GrowingTable,
  column: { readonly name: string; readonly title: string; readonly type: SqlType },
  c: number,
): ColumnSource {
  const { partitions } = table;
  const buffers = bufferCountOf(toArrowType(column.type));
  // Where this column lies in each layout: its place among the figures, and its first buffer.
  const stored = table.variants.map(({ columns }) => columns.find(([position]) => position === c)?.[1]);
  const first = table.variants.map(({ firstBuffer }, v) => (stored[v] === undefined ? -1 : firstBuffer[stored[v]]!));

  async function stats(): Promise<ColumnStats> {
    const n = partitions.length;
    const list = column.type.kind === 'list';
    const figures = figureNames.map(() => new Float64Array(n));
    const [nulls, min, max, nan, minLength, maxLength, elements, distinct] = figures;
    const bytes = new Float64Array(n);
    const quantiles = new Uint16Array(n * quantileCount);
    const lengthQuantiles = new Uint16Array(list ? n * quantileCount : 0);
    const minText: (string | undefined)[] = [];
    const maxText: (string | undefined)[] = [];
    for (const [p, { variant, written }] of partitions.entries()) {
      const { record } = written;
      const at = stored[variant];
      if (at === undefined) {
        nulls![p] = record.rows;
        min![p] = Number.NaN;
        max![p] = Number.NaN;
        continue;
      }
      for (const [f, figure] of figures.entries()) figure[p] = record.figures[at * figureNames.length + f]!;
      const from = 2 * at * quantileCount;
      quantiles.set(record.quantiles.subarray(from, from + quantileCount), p * quantileCount);
      if (list)
        lengthQuantiles.set(
          record.quantiles.subarray(from + quantileCount, from + 2 * quantileCount),
          p * quantileCount,
        );
      for (let b = 0; b < buffers; b++) bytes[p]! += record.places[3 * (first[variant]! + b) + 1]!;
      const bounds = record.textBounds.find(([index]) => index === at);
      if (bounds) [, minText[p], maxText[p]] = bounds;
    }
    const texts = isText(column.type);
    if (texts) minText.length = maxText.length = n;
    return {
      nulls: nulls!,
      min: min!,
      max: max!,
      nan: Uint8Array.from(nan!),
      distinct: distinct!,
      bytes,
      ...(min!.some((bound) => !Number.isNaN(bound)) && { quantiles }),
      ...(list && { minLength: minLength!, maxLength: maxLength!, elements: elements!, lengthQuantiles }),
      ...(texts && { minText: [...minText], maxText: [...maxText] }),
    };
  }

  async function places(from: number, stop: number): Promise<PlacesBlock> {
    const n = stop - from;
    const block: PlacesBlock = {
      buffers: Array.from({ length: buffers }, () => ({
        offset: new Uint32Array(n),
        length: new Uint32Array(n),
        checksum: new Uint32Array(n),
        codec: new Uint8Array(n),
      })),
    };
    for (let p = 0; p < n; p++) {
      const { variant, written } = partitions[from + p]!;
      if (first[variant]! < 0) continue;
      for (const [b, buffer] of block.buffers.entries()) {
        const at = 3 * (first[variant]! + b);
        buffer.offset[p] = written.record.places[at]!;
        buffer.length[p] = written.record.places[at + 1]!;
        buffer.checksum[p] = written.record.places[at + 2]!;
      }
    }
    return block;
  }

  return { ...column, stats, places };
}

function isText(type: SqlType): boolean {
  const arrow = toArrowType(type.kind === 'list' ? type.element : type);
  return DataType.isUtf8(arrow) || (type.kind === 'list' && isText(type.element));
}
