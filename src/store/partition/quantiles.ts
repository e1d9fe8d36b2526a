// A small histogram of a column of one partition: where its quantiles lie between its bounds, found in a sample.

/**
 * Shares of the values (NaN above all others) that are not above the quantile: closer at the ends, where selective cuts are. Part of the format of segments.
 */
export const quantileLevels = [0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99] as const;
export const quantileCount = quantileLevels.length;
/** Positions are parts of the way from the least value to the greatest. */
export const quantileScale = 65_535;
/** Of values spread evenly: what is assumed where nothing is known. */
export const evenQuantiles: readonly number[] = quantileLevels.map((level) => Math.round(level * quantileScale));

export const sampleSize = 1024;

/** Evenly spaced, each shifted within its stretch, so that no period of the data is met. */
const places = Float64Array.from({ length: sampleSize }, (_, s) => s + ((s * 0.6180339887498949) % 1));

/** The `s`-th place of a sample. */
export function samplePlace(s: number, taken: number, length: number): number {
  return taken === length ? s : Math.floor((places[s]! * length) / taken);
}

let sample = new Uint16Array(sampleSize);
let sorted = new Uint16Array(sampleSize);
const ends = new Uint32Array(256);

/**
 * @param reader asked for where there are two values; of a value that is NULL it gives `undefined`
 * @returns all 0 where there are no two values
 */
export function quantilePositions(
  length: number,
  min: number,
  max: number,
  reader: () => (i: number) => number | undefined,
): Uint16Array {
  const positions = new Uint16Array(quantileCount);
  if (!(max > min) || !Number.isFinite(max - min)) return positions;
  const valueAt = reader();
  const taken = Math.min(length, sampleSize);
  const step = quantileScale / (max - min);
  let valid = 0;
  for (let s = 0; s < taken; s++) {
    const value = valueAt(samplePlace(s, taken, length));
    if (value === undefined) continue;
    const position = (value - min) * step + 0.5;
    // NaN is above all.
    sample[valid++] = position < quantileScale ? position : quantileScale;
  }
  if (valid === 0) return positions;
  sortByByte(valid, 0);
  sortByByte(valid, 8);
  for (const [q, level] of quantileLevels.entries())
    positions[q] = sample[Math.min(valid - 1, Math.floor(level * valid))]!;
  return positions;
}

/** One pass of a radix sort over the sample: a tenth of the time of a sort by comparison. */
function sortByByte(count: number, shift: number): void {
  ends.fill(0);
  for (let i = 0; i < count; i++) ends[(sample[i]! >> shift) & 255]!++;
  let end = 0;
  for (let b = 0; b < 256; b++) {
    const size = ends[b]!;
    ends[b] = end;
    end += size;
  }
  for (let i = 0; i < count; i++) sorted[ends[(sample[i]! >> shift) & 255]!++] = sample[i]!;
  [sample, sorted] = [sorted, sample];
}
