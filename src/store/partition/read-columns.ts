// Columns of one partition back as Arrow data: only their byte ranges are read, and every buffer is checked.
import { Bool, type Data, DataType, makeData, type Utf8 } from 'apache-arrow';
import { type SqlType, toArrowType } from '../../core/index.js';
import { crc32 } from '../crc32.js';
import type { ByteRange, RangeReader } from '../object-store.js';
import { corrupted } from '../sealed.js';
import { bufferCountOf } from './flat-array.js';

/** Where one column of one partition lies, buffer by buffer, depth first: validity (length 0 where none), offsets, then values or the child's buffers. */
export interface BufferPlace {
  readonly offset: number;
  readonly length: number;
  /** CRC-32 (zlib's) of the stored bytes. */
  readonly checksum: number;
  /** 0: none. */
  readonly codec: number;
}

export interface ColumnPlaces {
  readonly object: string;
  readonly rows: number;
  /** By stored column index. */
  readonly columns: ReadonlyMap<number, readonly BufferPlace[]>;
}

export interface WantedColumn {
  /** For messages. */
  readonly name: string;
  /** As stored. */
  readonly type: SqlType;
  readonly index: number;
}

/** Ranges this near are read as one: a gap costs less than another operation. */
const bridgedGap = 64 << 10;

/**
 * Arrow data of `columns`, in that order, each with `places.rows` rows, sharing the memory of what was read.
 * @throws DiagnosticError data_corrupted naming object and column; whatever the store throws
 */
export async function readColumns(
  store: RangeReader,
  places: ColumnPlaces,
  columns: readonly WantedColumn[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<Data[]> {
  const buffers = await readBuffers(store, places, columns, options);
  return columns.map((column, c) => {
    const source = { buffers: buffers[c]!, next: 0 };
    try {
      return dataFrom(toArrowType(column.type), places.rows, source);
    } catch (error) {
      if (error instanceof ShapeError)
        throw corrupted(places.object, store, `column "${column.name}": ${error.message}`);
      throw error;
    }
  });
}

/** The checked bytes of each column's buffers. */
export async function readBuffers(
  store: RangeReader,
  places: ColumnPlaces,
  columns: readonly WantedColumn[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<Uint8Array[][]> {
  const wanted = columns.map((column) => {
    const found = places.columns.get(column.index);
    if (!found || found.length !== bufferCountOf(toArrowType(column.type)))
      throw corrupted(places.object, store, `the manifest has no places for column "${column.name}"`);
    return found;
  });
  const { ranges, partOf } = coalesce(wanted.flat());
  const parts = ranges.length === 0 ? [] : await store.readRanges(places.object, ranges, options);
  return wanted.map((column, c) =>
    column.map((place, b) => {
      if (place.length === 0) return new Uint8Array(0);
      const part = partOf.get(place)!;
      const start = place.offset - ranges[part]!.offset;
      const bytes = parts[part]!.subarray(start, start + place.length);
      if (place.codec !== 0)
        throw corrupted(places.object, store, `column "${columns[c]!.name}" has the unknown codec ${place.codec}`);
      if (crc32(bytes) !== place.checksum)
        throw corrupted(places.object, store, `buffer ${b} of column "${columns[c]!.name}" fails its checksum`);
      return bytes;
    }),
  );
}

function coalesce(places: readonly BufferPlace[]) {
  const sorted = places.filter((place) => place.length > 0).sort((a, b) => a.offset - b.offset);
  const ranges: { offset: number; length: number }[] = [];
  const partOf = new Map<BufferPlace, number>();
  for (const place of sorted) {
    const last = ranges.at(-1);
    if (last && place.offset <= last.offset + last.length + bridgedGap)
      last.length = Math.max(last.length, place.offset + place.length - last.offset);
    else ranges.push({ offset: place.offset, length: place.length });
    partOf.set(place, ranges.length - 1);
  }
  return { ranges: ranges as readonly ByteRange[], partOf };
}

class ShapeError extends Error {}

/** Arrow data over a column's buffers, whose lengths the caller has checked. */
export function dataFromBuffers(type: SqlType, rows: number, buffers: readonly Uint8Array[]): Data {
  return dataFrom(toArrowType(type), rows, { buffers, next: 0 });
}

interface BufferSource {
  readonly buffers: readonly Uint8Array[];
  next: number;
}

function dataFrom(type: DataType, length: number, source: BufferSource): Data {
  const take = () => source.buffers[source.next++]!;
  const validity = take();
  if (validity.length !== 0 && validity.length < (length + 7) >> 3) throw new ShapeError('its validity is too short');
  const base = {
    length,
    nullCount: validity.length === 0 ? 0 : -1,
    nullBitmap: validity.length === 0 ? null : validity,
  };
  if (DataType.isStruct(type))
    return makeData({ ...base, type, children: type.children.map((field) => dataFrom(field.type, length, source)) });
  if (DataType.isList(type)) {
    const valueOffsets = offsetsFrom(take(), length);
    return makeData({ ...base, type, valueOffsets, child: dataFrom(type.valueType, valueOffsets[length]!, source) });
  }
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    const valueOffsets = offsetsFrom(take(), length);
    const data = take();
    if (data.length < valueOffsets[length]!) throw new ShapeError('its text is too short');
    return makeData({ ...base, type: type as Utf8, valueOffsets, data });
  }
  const bytes = take();
  if (DataType.isBool(type)) {
    if (bytes.length < (length + 7) >> 3) throw new ShapeError('its bits are too short');
    return makeData({ ...base, type: new Bool(), data: bytes });
  }
  const { ArrayType } = type;
  const width = ArrayType.BYTES_PER_ELEMENT;
  const values = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const data = new ArrayType(values.buffer, values.byteOffset, values.length / width);
  const made = makeData({ ...base, type, data } as Parameters<typeof makeData>[0]);
  if (data.length < length * made.stride) throw new ShapeError('its values are too short');
  return made;
}

function offsetsFrom(bytes: Uint8Array, length: number): Int32Array {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  if (whole.length < 4 * (length + 1)) throw new ShapeError('its offsets are too short');
  return new Int32Array(whole.buffer, whole.byteOffset, length + 1);
}
