// Between the arrays of a manifest section and its bytes.
import { type PackedArray, packArrays, toFloat64, toUint8, toUint16, toUint32, unpackArrays } from './packed-arrays.js';
import type { ColumnStats, PartitionIndex, PlacesBlock } from './segment.js';

export function packStats(stats: ColumnStats): Uint8Array {
  const none = new Uint32Array(0);
  const noQuantiles = new Uint16Array(0);
  return packArrays([
    Uint32Array.from(stats.nulls),
    stats.min,
    stats.max,
    stats.nan,
    Float32Array.from(stats.distinct),
    Uint32Array.from(stats.bytes),
    stats.minLength ? Uint32Array.from(stats.minLength) : none,
    stats.maxLength ? Uint32Array.from(stats.maxLength) : none,
    stats.elements ? Uint32Array.from(stats.elements) : none,
    ...packTexts(stats.minText),
    ...packTexts(stats.maxText),
    stats.quantiles ?? noQuantiles,
    stats.lengthQuantiles ?? noQuantiles,
  ]);
}

export function unpackStats(bytes: Uint8Array): ColumnStats {
  const [nulls, min, max, nan, distinct, size, minLength, maxLength, elements, ...rest] = unpackArrays(bytes);
  const minText = unpackTexts(rest.slice(0, 3));
  const maxText = unpackTexts(rest.slice(3, 6));
  // Absent in segments written before there were any.
  const [quantiles, lengthQuantiles] = rest.slice(6);
  return {
    nulls: toFloat64(nulls!),
    min: toFloat64(min!),
    max: toFloat64(max!),
    nan: toUint8(nan!),
    distinct: toFloat64(distinct!),
    bytes: toFloat64(size!),
    ...(minLength!.length > 0 && { minLength: toFloat64(minLength!) }),
    ...(maxLength!.length > 0 && { maxLength: toFloat64(maxLength!) }),
    ...(elements!.length > 0 && { elements: toFloat64(elements!) }),
    ...(minText && { minText }),
    ...(maxText && { maxText }),
    ...(quantiles && quantiles.length > 0 && { quantiles: toUint16(quantiles) }),
    ...(lengthQuantiles && lengthQuantiles.length > 0 && { lengthQuantiles: toUint16(lengthQuantiles) }),
  };
}

/** Whether each is known, where each ends, and their UTF-8. */
function packTexts(texts: readonly (string | undefined)[] | undefined) {
  const encoded = (texts ?? []).map((text) => new TextEncoder().encode(text ?? ''));
  const ends = new Uint32Array(encoded.length);
  let end = 0;
  for (const [i, text] of encoded.entries()) {
    end += text.length;
    ends[i] = end;
  }
  const bytes = new Uint8Array(end);
  for (const [i, text] of encoded.entries()) bytes.set(text, ends[i]! - text.length);
  return [Uint8Array.from(texts ?? [], (text) => (text === undefined ? 0 : 1)), ends, bytes];
}

function unpackTexts(arrays: readonly PackedArray[]): (string | undefined)[] | undefined {
  const known = toUint8(arrays[0]!);
  if (known.length === 0) return undefined;
  const ends = toUint32(arrays[1]!);
  const bytes = toUint8(arrays[2]!);
  const decoder = new TextDecoder();
  return Array.from(known, (is, i) =>
    is === 1 ? decoder.decode(bytes.subarray(i === 0 ? 0 : ends[i - 1]!, ends[i]!)) : undefined,
  );
}

export function packPlaces(block: PlacesBlock): Uint8Array {
  return packArrays(block.buffers.flatMap(({ offset, length, checksum, codec }) => [offset, length, checksum, codec]));
}

export function unpackPlaces(bytes: Uint8Array): PlacesBlock {
  const arrays = unpackArrays(bytes);
  return {
    buffers: Array.from({ length: arrays.length / 4 }, (_, b) => ({
      offset: toUint32(arrays[4 * b]!),
      length: toUint32(arrays[4 * b + 1]!),
      checksum: toUint32(arrays[4 * b + 2]!),
      codec: toUint8(arrays[4 * b + 3]!),
    })),
  };
}

export function packIndex(index: PartitionIndex): Uint8Array {
  return packArrays([
    index.writer,
    index.number,
    index.firstEntry,
    Uint32Array.from(index.rows),
    Uint32Array.from(index.bytes),
  ]);
}

export function unpackIndex(bytes: Uint8Array): PartitionIndex {
  const [writer, number, firstEntry, rows, size] = unpackArrays(bytes);
  return {
    writer: toUint32(writer!),
    number: toUint32(number!),
    firstEntry: toFloat64(firstEntry!),
    rows: toFloat64(rows!),
    bytes: toFloat64(size!),
  };
}
