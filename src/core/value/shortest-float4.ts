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

/** In whole numbers. As PostgreSQL: what lies just between two floats belongs to neither, and of two digits as near the even one. */
function slow(bits: number): void {
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  const mantissa = 4n * BigInt(exponent === 0 ? fraction : fraction | 0x800000);
  const below = fraction === 0 && exponent > 1 ? 1n : 2n;
  const binary = Math.max(exponent, 1) - 152;
  for (let scale = scales[exponent]! - 1; ; scale++) {
    // In units of 10^-scale the float is mantissa * up / down.
    const up = (binary > 0 ? 2n ** BigInt(binary) : 1n) * (scale > 0 ? 10n ** BigInt(scale) : 1n);
    const down = (binary < 0 ? 2n ** BigInt(-binary) : 1n) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
    const exact = mantissa * up;
    const floor = exact / down;
    const twice = 2n * (exact - floor * down);
    const upward = twice > down || (twice === down && floor % 2n === 1n);
    for (const digits of upward ? [floor + 1n, floor] : [floor, floor + 1n]) {
      const at = digits * down;
      if (at <= (mantissa - below) * up || at >= (mantissa + 2n) * up) continue;
      decimal.digits = Number(digits);
      decimal.scale = scale;
      while (decimal.digits % 10 === 0) {
        decimal.digits /= 10;
        decimal.scale--;
      }
      return;
    }
  }
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
    slow(bits);
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
      slow(bits);
      return;
    }
  }
  decimal.digits = digits;
  decimal.scale = scale;
}
