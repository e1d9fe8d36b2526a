// Figures of one column over all partitions of a united table, put together from the segments it runs through.
import { toArrowType } from '../../core/index.js';
import { bufferCountOf } from '../partition/flat-array.js';
import { evenQuantiles, quantileCount } from '../partition/quantiles.js';
import {
  type ColumnStats,
  type PartitionIndex,
  type PlacesBlock,
  placesPerBlock,
  type SegmentColumn,
} from './segment.js';
import type { SegmentReader } from './segment-reader.js';
import type { PartitionRun, UnitedColumn, UnitedTable } from './unite-tables.js';

/** `writerNumber` maps the id of a writer to its number in the result. */
export async function gatherIndex(
  reader: SegmentReader,
  table: UnitedTable,
  writerNumber: (writer: string) => number,
): Promise<PartitionIndex> {
  const n = table.partitionCount;
  const index: PartitionIndex = {
    writer: new Uint32Array(n),
    number: new Uint32Array(n),
    firstEntry: new Float64Array(n),
    rows: new Float64Array(n),
    bytes: new Float64Array(n),
  };
  await Promise.all(
    table.runs.map(async ({ segment, head, table: from, local, first, count }) => {
      const part = await reader.index(segment, from);
      const writers = head.writers.map(writerNumber);
      for (let p = 0; p < count; p++) index.writer[first + p] = writers[part.writer[local + p]!]!;
      for (const figure of ['number', 'firstEntry', 'rows', 'bytes'] as const)
        index[figure].set(part[figure].subarray(local, local + count), first);
    }),
  );
  return index;
}

const figures = ['nulls', 'min', 'max', 'nan', 'distinct', 'bytes'] as const;
const lengths = ['minLength', 'maxLength', 'elements'] as const;
const histograms = ['quantiles', 'lengthQuantiles'] as const;

export async function gatherStats(
  reader: SegmentReader,
  table: UnitedTable,
  column: UnitedColumn,
): Promise<ColumnStats> {
  const parts = await Promise.all(
    table.runs.map(async (run) => {
      const stored = columnOf(run, column.name);
      return { run, stats: stored && (await reader.stats(run.segment, [stored]))[0]! };
    }),
  );
  const [only] = parts;
  // One segment that is all of it: its arrays are the answer.
  if (parts.length === 1 && only?.stats && only.stats.nulls.length === table.partitionCount) return only.stats;
  const n = table.partitionCount;
  const list = column.type.kind === 'list';
  const text = parts.some(({ stats }) => stats?.minText);
  const whole = {
    nulls: new Float64Array(n),
    min: new Float64Array(n).fill(Number.NaN),
    max: new Float64Array(n).fill(Number.NaN),
    nan: new Uint8Array(n),
    distinct: new Float64Array(n),
    bytes: new Float64Array(n),
    minLength: new Float64Array(list ? n : 0),
    maxLength: new Float64Array(list ? n : 0),
    elements: new Float64Array(list ? n : 0),
  };
  const minText: (string | undefined)[] = new Array(text ? n : 0).fill(undefined);
  const maxText: (string | undefined)[] = new Array(text ? n : 0).fill(undefined);
  const known: { -readonly [H in (typeof histograms)[number]]?: Uint16Array } = {};
  for (const histogram of histograms)
    if (parts.some(({ stats }) => stats?.[histogram])) known[histogram] = evenlySpread(n);
  for (const { run, stats } of parts) {
    const { local, first, count } = run;
    if (!stats) {
      // Not a column of these files: all rows are NULL.
      const { rows } = await reader.index(run.segment, run.table);
      whole.nulls.set(rows.subarray(local, local + count), first);
      continue;
    }
    for (const figure of figures) whole[figure].set(stats[figure].subarray(local, local + count), first);
    if (list)
      for (const figure of lengths) {
        const part = stats[figure];
        if (part) whole[figure].set(part.subarray(local, local + count), first);
      }
    for (const histogram of histograms) {
      const part = stats[histogram]?.subarray(local * quantileCount, (local + count) * quantileCount);
      if (part) known[histogram]!.set(part, first * quantileCount);
    }
    for (let p = 0; p < count && stats.minText; p++) {
      minText[first + p] = stats.minText[local + p];
      maxText[first + p] = stats.maxText?.[local + p];
    }
  }
  const { minLength, maxLength, elements, ...base } = whole;
  return { ...base, ...known, ...(list && { minLength, maxLength, elements }), ...(text && { minText, maxText }) };
}

/** Of partitions whose histograms are not known. */
function evenlySpread(partitions: number): Uint16Array {
  const whole = new Uint16Array(partitions * quantileCount);
  for (let p = 0; p < partitions; p++) whole.set(evenQuantiles, p * quantileCount);
  return whole;
}

/** Partitions `from` to `stop - 1` of the table. */
export async function gatherPlaces(
  reader: SegmentReader,
  table: UnitedTable,
  column: UnitedColumn,
  from: number,
  stop: number,
): Promise<PlacesBlock> {
  const n = stop - from;
  const whole: PlacesBlock = {
    buffers: Array.from({ length: bufferCountOf(toArrowType(column.type)) }, () => ({
      offset: new Uint32Array(n),
      length: new Uint32Array(n),
      checksum: new Uint32Array(n),
      codec: new Uint8Array(n),
    })),
  };
  for (const run of table.runs) {
    const stored = columnOf(run, column.name);
    const begin = Math.max(from, run.first);
    const end = Math.min(stop, run.first + run.count);
    if (!stored || begin >= end) continue;
    for (let at = begin; at < end; ) {
      const local = run.local + at - run.first;
      const number = Math.floor(local / placesPerBlock);
      const inBlock = local - number * placesPerBlock;
      const [block] = await reader.places(run.segment, stored, [number]);
      const count = Math.min(end - at, placesPerBlock - inBlock);
      for (const [b, buffer] of whole.buffers.entries())
        for (const figure of ['offset', 'length', 'checksum', 'codec'] as const)
          buffer[figure].set(block!.buffers[b]![figure].subarray(inBlock, inBlock + count), at - from);
      at += count;
    }
  }
  return whole;
}

export function columnOf(run: PartitionRun, name: string): SegmentColumn | undefined {
  return run.table.columns.find((column) => column.name === name);
}
