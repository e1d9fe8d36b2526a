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

/** The `s`-th place of an evenly spaced sample, shifted within its stretch so that no period of the data is met. */
export function samplePlace(s: number, taken: number, length: number): number {
  if (taken === length) return s;
  const shift = (s * 0.6180339887498949) % 1;
  return Math.floor(((s + shift) * length) / taken);
}

const sample = new Float64Array(sampleSize);

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
  let valid = 0;
  for (let s = 0; s < taken; s++) {
    const value = valueAt(samplePlace(s, taken, length));
    if (value !== undefined) sample[valid++] = value;
  }
  if (valid === 0) return positions;
  const sorted = sample.subarray(0, valid).sort();
  for (const [q, level] of quantileLevels.entries()) {
    const value = sorted[Math.min(valid - 1, Math.floor(level * valid))]!;
    const part = Number.isNaN(value) ? 1 : Math.min(1, Math.max(0, (value - min) / (max - min)));
    positions[q] = Math.round(part * quantileScale);
  }
  return positions;
}
