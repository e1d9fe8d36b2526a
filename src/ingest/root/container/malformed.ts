// The one internal error of ROOT reading: bytes that break the format. The edges (openRootFile, ColumnReader.read) turn it into a diagnostic.

/** Bytes that cannot be what the format says. `place` grows outwards: `branch "x"`, `basket 3`. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly place: string[] = [];
}

/** Runs `work`, adding `place` (`branch "x"`) to any {@link Malformed} that leaves it. */
export function at<T>(place: () => string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Malformed) error.place.unshift(place());
    throw error;
  }
}
