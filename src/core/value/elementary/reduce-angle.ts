// An angle less its nearest multiple of pi / 2, in two doubles: what sin, cos and tan are computed of.
// Up to 2^20 pi / 2 by subtracting n times pi / 2 in up to three parts of 33 bits (Cody and Waite); beyond, in integers.

const inverseHalfPi = 0.6366197723675814;
/** The first 33 bits of pi / 2 and what is left, of that the next 33 bits, and so on. */
const part1 = 1.5707963267341256;
const rest1 = 6.077100506506192e-11;
const part2 = 6.077100506303966e-11;
const rest2 = 2.0222662487959506e-21;
const part3 = 2.0222662487111665e-21;
const rest3 = 8.4784276603689e-32;
const largestByParts = 1647099;

/** `high + low` is the remainder, in [-pi/4, pi/4] but for rounding, `quadrant` the multiple modulo 4. */
export const angle = { high: 0, low: 0, quadrant: 0 };

/** Of a finite x; the answer is in {@link angle}. */
export function reduceAngle(x: number): void {
  const a = Math.abs(x);
  if (a > largestByParts) {
    reduceLarge(x);
    return;
  }
  const n = Math.trunc(a * inverseHalfPi + 0.5);
  let r = a - n * part1;
  let w = n * rest1;
  let high = r - w;
  // Each part may cancel all of the angle's leading bits: where 16 or 49 are gone, the next part is needed.
  if (Math.abs(high) * 2 ** 16 < a) {
    let t = r;
    w = n * part2;
    r = t - w;
    w = n * rest2 - (t - r - w);
    high = r - w;
    if (Math.abs(high) * 2 ** 49 < a) {
      t = r;
      w = n * part3;
      r = t - w;
      w = n * rest3 - (t - r - w);
      high = r - w;
    }
  }
  const low = r - high - w;
  angle.high = x < 0 ? -high : high;
  angle.low = x < 0 ? -low : low;
  angle.quadrant = (x < 0 ? -n : n) & 3;
}

/** 2 / pi times 2^1216, and pi / 2 times 2^256. */
const twoOverPiBits = 1216n;
const halfPiBits = 256n;
let twoOverPi = 0n;
let halfPi = 0n;

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

/** Bits of the fraction that are kept: the nearest any double comes to a multiple of pi / 2 leaves 190 of them. */
const fractionBits = 256n;

/** The fraction of x * 2 / pi, times pi / 2, rounded to nearest, and what that leaves, rounded to nearest. */
function reduceLarge(x: number): void {
  if (twoOverPi === 0n) {
    twoOverPi = BigInt(
      '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6bab',
    );
    halfPi = BigInt('0x1921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273645');
  }
  double[0] = Math.abs(x);
  const exponent = (bits[0]! >> 52n) - 1075n;
  const significand = (bits[0]! & 0xfffffffffffffn) | 0x10000000000000n;
  const product = significand * twoOverPi;
  const point = twoOverPiBits - exponent;
  const n = (product + (1n << (point - 1n))) >> point;
  const fraction = product - (n << point);
  const spare = point > fractionBits ? point - fractionBits : 0n;
  const remainder = (fraction >> spare) * halfPi;
  const scale = -Number(point - spare + halfPiBits);
  const high = Number(remainder);
  const low = Number(remainder - BigInt(high));
  const sign = x < 0 ? -1 : 1;
  angle.high = sign * high * 2 ** scale;
  angle.low = sign * low * 2 ** scale;
  angle.quadrant = Number(x < 0 ? -n & 3n : n & 3n);
}
