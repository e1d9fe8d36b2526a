// A row range of one tree as one object: a valid Arrow IPC file of one record batch, its buffers' places known.
import { type Data, type DataType, Field, MetadataVersion, Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { BufferRegion, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { type SqlType, toArrowType } from '../../core/index.js';
import { crc32 } from '../crc32.js';
import { type ColumnStatistics, columnStatistics } from './column-statistics.js';
import { bufferCountOf, buffersOf, type FlatArray, flattenData } from './flat-array.js';
import { quantileCount } from './quantiles.js';

/** Buffers start at multiples of this, in the file and so in memory when a file is mapped. */
export const bufferAlignment = 64;
/** What a partition aims at, and what it never exceeds: one RADOS write takes at most 90 MiB. */
export const targetPartitionBytes = 48 << 20;
export const largestPartitionBytes = 90 << 20;

export interface PartitionColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** What the manifest keeps of one partition; plain arrays, so that it passes between threads. */
export interface PartitionRecord {
  readonly rows: number;
  /** Size of the object. */
  readonly bytes: number;
  /** {@link figureNames} per column. */
  readonly figures: Float64Array;
  /** Per column {@link quantileCount} of its values and as many of its lengths. */
  readonly quantiles: Uint16Array;
  /** Offset, length and checksum per buffer, columns in order. */
  readonly places: Uint32Array;
  /** `[column, least, greatest]`, for text. */
  readonly textBounds: readonly (readonly [number, string | undefined, string | undefined])[];
  /** Text columns that hold bytes that are not UTF-8. */
  readonly binaryColumns: readonly number[];
}

export const figureNames = [
  'nulls',
  'min',
  'max',
  'nan',
  'minLength',
  'maxLength',
  'elements',
  'distinct',
] as const satisfies readonly (keyof ColumnStatistics)[];

/** Columns ready to be measured, and written or split. */
export interface PreparedPartition {
  readonly rows: number;
  readonly columns: readonly FlatArray[];
  /** Size of the object it will make, at most. */
  readonly bytes: number;
}

export interface EncodedPartition {
  /** The object; it may be the first part of a larger buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly record: PartitionRecord;
}

const aligned = (n: number) => Math.ceil(n / bufferAlignment) * bufferAlignment;
const magic = new TextEncoder().encode('ARROW1');
/** Behind the body: end of stream, the footer's length, the magic again. */
const tailLength = 8 + 4 + magic.length;

/** What is the same for all partitions of one layout. */
interface Layout {
  readonly schema: Schema;
  /** Magic and schema message. */
  readonly head: Uint8Array;
  /** The record batch's message and the footer have one length whatever their numbers: they are flatbuffers of fixed-size structs. */
  readonly batchLength: number;
  readonly footerLength: number;
}

/** Encodes partitions of one layout: the schema message and the footer's schema are made once. */
export class PartitionEncoder {
  readonly #layout: Layout;

  /** `metadata` goes into the file's schema, for whoever opens a partition with another Arrow library. */
  constructor(columns: readonly PartitionColumn[], metadata: ReadonlyMap<string, string> = new Map()) {
    const schema = new Schema(
      columns.map((column) => new Field(column.name, toArrowType(column.type), true)),
      new Map(metadata),
      undefined,
      MetadataVersion.V5,
    );
    const lead = new Uint8Array(8);
    lead.set(magic);
    const head = joined([lead, framed(Message.encode(Message.from(schema)), lead.length)]);
    const count = (of: (type: DataType) => number) => schema.fields.reduce((sum, field) => sum + of(field.type), 0);
    // No number is 0, since flatbuffers leave zeros out.
    const nodes = Array.from({ length: count(nodeCountOf) }, () => new FieldNode(1, 1));
    const regions = Array.from({ length: count(bufferCountOf) }, () => new BufferRegion(64, 64));
    const batch = framed(batchMessage(1, nodes, regions, 64), head.length);
    const footerLength = footerMessage(schema, 64, 64, 64).length;
    this.#layout = { schema, head, batchLength: batch.length, footerLength };
  }

  prepare(rows: number, columns: readonly Data[]): PreparedPartition {
    const flat = columns.map(flattenData);
    let bytes = this.#overhead;
    for (const column of flat) bytes += bodyBytes(column);
    return { rows, columns: flat, bytes };
  }

  /**
   * The object's bytes and its manifest record. `allocate` may hand out a used buffer of at least the size asked for.
   */
  encode(
    partition: PreparedPartition,
    allocate: (size: number) => ArrayBuffer = (size) => new ArrayBuffer(size),
  ): EncodedPartition {
    const builder = this.begin(partition.rows, new Uint8Array(allocate(partition.bytes)));
    for (const column of partition.columns) builder.addFlat(column);
    return builder.finish();
  }

  /** A partition made column by column in `room`, used memory or fresh, from the start of its buffer. */
  begin(rows: number, room: Uint8Array<ArrayBuffer>): PartitionBuilder {
    return new PartitionBuilder(this.#layout, rows, room);
  }

  get #overhead(): number {
    const { head, batchLength, footerLength } = this.#layout;
    return head.length + batchLength + footerLength + tailLength;
  }
}

/** One partition under way: each column is copied to its place as it comes, so that no two copies of all of them are ever held. */
export class PartitionBuilder {
  readonly #layout: Layout;
  readonly #rows: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #bodyStart: number;
  readonly #nodes: FieldNode[] = [];
  readonly #regions: BufferRegion[] = [];
  readonly #places: number[] = [];
  readonly #statistics: ColumnStatistics[] = [];
  #at: number;

  constructor(layout: Layout, rows: number, room: Uint8Array<ArrayBuffer>) {
    this.#layout = layout;
    this.#rows = rows;
    this.#bytes = room;
    this.#bodyStart = layout.head.length + layout.batchLength;
    this.#at = this.#bodyStart;
  }

  /** The next column; false where the buffer has no room for it, and the partition is to be begun anew with fewer rows. */
  add(data: Data): boolean {
    const flat = flattenData(data);
    if (this.#at + bodyBytes(flat) + this.#layout.footerLength + tailLength > this.#bytes.length) return false;
    this.addFlat(flat);
    return true;
  }

  addFlat(column: FlatArray): void {
    nodesOf(column, this.#nodes);
    for (const buffer of buffersOf(column)) {
      const at = this.#at;
      this.#bytes.set(buffer, at);
      this.#at = at + aligned(buffer.length);
      this.#bytes.fill(0, at + buffer.length, this.#at);
      this.#regions.push(new BufferRegion(at - this.#bodyStart, buffer.length));
      this.#places.push(at, buffer.length, crc32(buffer));
    }
    this.#statistics.push(columnStatistics(column));
  }

  finish(): EncodedPartition {
    const { schema, head, batchLength, footerLength } = this.#layout;
    const bytes = this.#bytes;
    const bodyLength = this.#at - this.#bodyStart;
    bytes.set(head);
    const message = batchMessage(this.#rows, this.#nodes, this.#regions, bodyLength);
    bytes.set(framed(message, head.length, batchLength), head.length);
    const footer = footerMessage(schema, batchLength, bodyLength, head.length);
    if (footer.length > footerLength) throw new Error(`a footer of ${footer.length} bytes, not ${footerLength}`);
    const view = new DataView(bytes.buffer);
    view.setUint32(this.#at, 0xffffffff, true); // end of stream: continuation, then length 0
    view.setUint32(this.#at + 4, 0, true);
    bytes.set(footer, this.#at + 8);
    view.setUint32(this.#at + 8 + footer.length, footer.length, true);
    bytes.set(magic, this.#at + 12 + footer.length);
    const size = this.#at + footer.length + tailLength;
    return {
      bytes: bytes.subarray(0, size),
      record: {
        rows: this.#rows,
        bytes: size,
        places: Uint32Array.from(this.#places),
        ...describe(this.#statistics),
      },
    };
  }
}

function batchMessage(rows: number, nodes: FieldNode[], regions: BufferRegion[], bodyLength: number): Uint8Array {
  return Message.encode(Message.from(new RecordBatch(rows, nodes, regions, null), bodyLength));
}

function footerMessage(schema: Schema, batchLength: number, bodyLength: number, offset: number): Uint8Array {
  return Footer.encode(new Footer(schema, MetadataVersion.V5, [new FileBlock(batchLength, bodyLength, offset)], []));
}

function bodyBytes(column: FlatArray): number {
  return buffersOf(column).reduce((sum, buffer) => sum + aligned(buffer.length), 0);
}

function describe(columns: readonly ColumnStatistics[]) {
  const figures = new Float64Array(columns.length * figureNames.length);
  const quantiles = new Uint16Array(columns.length * 2 * quantileCount);
  const textBounds: [number, string | undefined, string | undefined][] = [];
  const binaryColumns: number[] = [];
  for (const [c, statistics] of columns.entries()) {
    for (const [f, name] of figureNames.entries()) figures[c * figureNames.length + f] = Number(statistics[name]);
    quantiles.set(statistics.quantiles, 2 * c * quantileCount);
    quantiles.set(statistics.lengthQuantiles, (2 * c + 1) * quantileCount);
    if (statistics.minText !== undefined) textBounds.push([c, statistics.minText, statistics.maxText]);
    if (statistics.binary) binaryColumns.push(c);
  }
  return { figures, quantiles, textBounds, binaryColumns };
}

function nodesOf(column: FlatArray, into: FieldNode[]): void {
  into.push(new FieldNode(column.length, column.nullCount));
  for (const child of column.children) nodesOf(child, into);
}

function nodeCountOf(type: DataType): number {
  return (type.children ?? []).reduce((sum, field) => sum + nodeCountOf(field.type), 1);
}

/** An encapsulated message: continuation, padded length, flatbuffer; what follows it is aligned in the file. */
function framed(
  message: Uint8Array,
  position: number,
  length = aligned(position + 8 + message.length) - position,
): Uint8Array {
  if (8 + message.length > length) throw new Error(`a message of ${message.length} bytes in ${length}`);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xffffffff, true);
  view.setInt32(4, length - 8, true);
  bytes.set(message, 8);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
