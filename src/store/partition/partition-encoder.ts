// A row range of one tree as one object: a valid Arrow IPC file of one record batch, its buffers' places known.
import { type Data, Field, MetadataVersion, Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { BufferRegion, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { type SqlType, toArrowType } from '../../core/index.js';
import { crc32 } from '../crc32.js';
import { type ColumnStatistics, columnStatistics } from './column-statistics.js';
import { buffersOf, type FlatArray, flattenData } from './flat-array.js';

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
  /** Size of the object it will make. */
  readonly bytes: number;
}

const aligned = (n: number) => Math.ceil(n / bufferAlignment) * bufferAlignment;
const magic = new TextEncoder().encode('ARROW1');

/** Encodes partitions of one layout: the schema message and the footer's schema are made once. */
export class PartitionEncoder {
  readonly #schema: Schema;
  readonly #head: Uint8Array;

  /** `metadata` goes into the file's schema, for whoever opens a partition with another Arrow library. */
  constructor(columns: readonly PartitionColumn[], metadata: ReadonlyMap<string, string> = new Map()) {
    this.#schema = new Schema(
      columns.map((column) => new Field(column.name, toArrowType(column.type), true)),
      new Map(metadata),
      undefined,
      MetadataVersion.V5,
    );
    const lead = new Uint8Array(8);
    lead.set(magic);
    this.#head = joined([lead, framed(Message.encode(Message.from(this.#schema)), lead.length)]);
  }

  prepare(rows: number, columns: readonly Data[]): PreparedPartition {
    const flat = columns.map(flattenData);
    let body = 0;
    let buffers = 0;
    for (const column of flat)
      for (const buffer of buffersOf(column)) {
        body += aligned(buffer.length);
        buffers++;
      }
    // 16 bytes of metadata per buffer and at most as much again for its node; the footer repeats the schema.
    const bytes = body + 2 * this.#head.length + 32 * buffers + 1024;
    return { rows, columns: flat, bytes };
  }

  /**
   * The object's bytes and its manifest record. `allocate` may hand out a used buffer of at least the size asked for.
   */
  encode(
    partition: PreparedPartition,
    allocate: (size: number) => ArrayBuffer = (size) => new ArrayBuffer(size),
  ): { readonly bytes: Uint8Array<ArrayBuffer>; readonly record: PartitionRecord } {
    const buffers = partition.columns.flatMap((column) => buffersOf(column));
    const regions: BufferRegion[] = [];
    let bodyLength = 0;
    for (const buffer of buffers) {
      regions.push(new BufferRegion(bodyLength, buffer.length));
      bodyLength += aligned(buffer.length);
    }
    const nodes = partition.columns.flatMap((column) => nodesOf(column));
    const batch = Message.encode(Message.from(new RecordBatch(partition.rows, nodes, regions, null), bodyLength));
    const header = framed(batch, this.#head.length);
    const bodyStart = this.#head.length + header.length;
    const footer = Footer.encode(
      new Footer(this.#schema, MetadataVersion.V5, [new FileBlock(header.length, bodyLength, this.#head.length)], []),
    );
    const size = bodyStart + bodyLength + 8 + footer.length + 4 + magic.length;

    const bytes = new Uint8Array(allocate(size), 0, size);
    bytes.set(this.#head);
    bytes.set(header, this.#head.length);
    const places = new Uint32Array(3 * buffers.length);
    let at = bodyStart;
    for (let b = 0; b < buffers.length; b++) {
      const buffer = buffers[b]!;
      bytes.set(buffer, at);
      const end = at + aligned(buffer.length);
      bytes.fill(0, at + buffer.length, end);
      places.set([at, buffer.length, crc32(buffer)], 3 * b);
      at = end;
    }
    const view = new DataView(bytes.buffer);
    view.setUint32(at, 0xffffffff, true); // end of stream: continuation, then length 0
    view.setUint32(at + 4, 0, true);
    bytes.set(footer, at + 8);
    view.setUint32(at + 8 + footer.length, footer.length, true);
    bytes.set(magic, at + 12 + footer.length);
    return { bytes, record: { rows: partition.rows, bytes: size, places, ...describe(partition.columns) } };
  }
}

function describe(columns: readonly FlatArray[]) {
  const figures = new Float64Array(columns.length * figureNames.length);
  const textBounds: [number, string | undefined, string | undefined][] = [];
  const binaryColumns: number[] = [];
  for (const [c, column] of columns.entries()) {
    const statistics = columnStatistics(column);
    for (const [f, name] of figureNames.entries()) figures[c * figureNames.length + f] = Number(statistics[name]);
    if (statistics.minText !== undefined) textBounds.push([c, statistics.minText, statistics.maxText]);
    if (statistics.binary) binaryColumns.push(c);
  }
  return { figures, textBounds, binaryColumns };
}

function nodesOf(column: FlatArray, into: FieldNode[] = []): FieldNode[] {
  into.push(new FieldNode(column.length, column.nullCount));
  for (const child of column.children) nodesOf(child, into);
  return into;
}

/** An encapsulated message: continuation, padded length, flatbuffer; what follows it is aligned in the file. */
function framed(message: Uint8Array, position: number): Uint8Array {
  const length = aligned(position + 8 + message.length) - position;
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
