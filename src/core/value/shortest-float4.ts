// The shortest decimal of a float4, fast: few multiplications in double precision, exact where they cannot decide.
// After Schubfach (R. Giulietti): in the rounding interval of a float there is at most one decimal with k-1 digits after the point, and at
// least one with k, where 10^-k is just below the interval's width. The interval's ends have 25 bits, so products with a power of ten
// are known to 2^-52 of their size; what comes nearer than 2^-50 to a boundary is left to the slow way.

/** Digits and scale of the last call: the number is `digits / 10^scale`. */
export const decimal = { digits: 0, scale: 0 };

const lowestScale = -40;
const powers = Float64Array.from({ length: 100 }, (_, i) => Number(`1e${i + lowestScale}`));
/** By biased exponent: the distance of neighbours, and the scale at which their interval surely holds a decimal. */
const ulps = Float64Array.from({ length: 255 }, (_, e) => 2 ** (Math.max(e, 1) - 150));
const scales = Int32Array.from(ulps, (ulp) => Math.ceil(-Math.log10(ulp)));

const tolerance = 2 ** -50;

/** Where no digits come nearer: `toExponential` rounds right for any number of digits, and reading back judges. */
function slow(x: number): void {
  const accept = (text: string): boolean => {
    if (Math.fround(Number(text)) !== x) return false;
    const [mantissa, exponent] = text.split('e') as [string, string];
    decimal.digits = Number(mantissa.replace('.', ''));
    decimal.scale = mantissa.length - (mantissa.includes('.') ? 2 : 1) - Number(exponent);
    return true;
  };
  for (let digits = 1; digits < 9; digits++) {
    const text = x.toExponential(digits - 1);
    if (accept(text)) return;
    // Below a power of two the interval is lopsided: the neighbour above may read back though the nearest does not.
    const [mantissa, exponent] = text.split('e') as [string, string];
    for (const step of [1, -1])
      if (accept(`${(Number(mantissa) + step * 10 ** (1 - digits)).toFixed(digits - 1)}e${exponent}`)) return;
  }
  accept(x.toExponential(8));
}

/** @param x a positive, finite float4; @param bits its representation */
export function shortestFloat4(x: number, bits: number): void {
  const exponent = (bits >>> 23) & 0xff;
  const ulp = ulps[exponent]!;
  const below = (bits & 0x7fffff) === 0 && exponent > 1 ? ulp / 4 : ulp / 2;
  let scale = scales[exponent]! - 1;
  const power = powers[scale - lowestScale]!;
  const low = (x - below) * power;
  const high = (x + ulp / 2) * power;
  let digits = Math.floor(high);
  const near = high * tolerance;
  if (high - digits < near || digits + 1 - high < near || Math.abs(low - Math.round(low)) < near) {
    slow(x);
    return;
  }
  if (digits > low) {
    while (digits % 10 === 0) {
      digits /= 10;
      scale--;
    }
  } else {
    scale++;
    const scaled = x * powers[scale - lowestScale]!;
    digits = Math.round(scaled);
    const distance = Math.abs(digits - scaled);
    if (0.5 - distance < 10 * near || distance > below * powers[scale - lowestScale]! * 0.999999) {
      slow(x);
      return;
    }
  }
  decimal.digits = digits;
  decimal.scale = scale;
}
