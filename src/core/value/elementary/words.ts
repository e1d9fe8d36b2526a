// The two halves of a double: what the algorithms of the elementary functions look at and set.
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
double[0] = 1;
/** Positions of the two halves in memory. */
const [lowHalf, highHalf] = halves[1] === 0 ? ([1, 0] as const) : ([0, 1] as const);

/** Sign, exponent and the top 20 bits of the significand, signed. */
export function highWord(x: number): number {
  double[0] = x;
  return halves[highHalf]!;
}

/** The low 32 bits of the significand, signed. */
export function lowWord(x: number): number {
  double[0] = x;
  return halves[lowHalf]!;
}

export function fromWords(high: number, low: number): number {
  halves[highHalf] = high;
  halves[lowHalf] = low;
  return double[0]!;
}

export function withHighWord(x: number, high: number): number {
  double[0] = x;
  halves[highHalf] = high;
  return double[0]!;
}

/** The low word zero: 21 bits of significand, whose products are exact. */
export function truncated(x: number): number {
  double[0] = x;
  halves[lowHalf] = 0;
  return double[0]!;
}
