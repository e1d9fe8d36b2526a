// exp and expm1: x = k ln2 + r with |r| <= ln2 / 2, then a rational approximation of exp(r), scaled by 2^k (FDLIBM's e_exp, s_expm1).
import { fromWords, highWord, withHighWord } from './words.js';

const overflowsAbove = 709.782712893384;
const vanishesBelow = -745.1332191019411;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const inverseLn2 = Math.LOG2E;

/** The odd part of the approximation, in t = r^2; shared with pow. */
export function exponentialPart(t: number): number {
  return (
    t *
    (0.16666666666666602 +
      t *
        (-2.7777777777015593e-3 +
          t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))))
  );
}

export function exp(x: number): number {
  const word = highWord(x);
  const negative = word < 0;
  const size = word & 0x7fffffff;
  if (size >= 0x40862e42) {
    if (Number.isNaN(x) || x === Infinity) return x;
    if (x > overflowsAbove) return Infinity;
    if (x < vanishesBelow) return 0;
  }
  let high = 0;
  let low = 0;
  let k = 0;
  let r = x;
  if (size > 0x3fd62e42) {
    if (size < 0x3ff0a2b2) {
      // The approximation is off by its last bit here.
      if (x === 1) return Math.E;
      k = negative ? -1 : 1;
      high = negative ? x + ln2High : x - ln2High;
      low = negative ? -ln2Low : ln2Low;
    } else {
      k = Math.trunc(inverseLn2 * x + (negative ? -0.5 : 0.5));
      high = x - k * ln2High;
      low = k * ln2Low;
    }
    r = high - low;
  } else if (size < 0x3e300000) return 1 + x;
  const c = r - exponentialPart(r * r);
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k < -1021) return y * fromWords((1023 + k + 1000) << 20, 0) * 2 ** -1000;
  return k === 1024 ? y * 2 * 2 ** 1023 : y * fromWords((1023 + k) << 20, 0);
}

/** exp(x) - 1, exact near 0. */
export function expm1(x: number): number {
  const word = highWord(x);
  const negative = word < 0;
  const size = word & 0x7fffffff;
  if (size >= 0x4043687a) {
    if (Number.isNaN(x)) return x;
    if (negative) return -1;
    if (x > overflowsAbove) return Infinity;
  }
  let k = 0;
  let c = 0;
  let r = x;
  if (size > 0x3fd62e42) {
    let high: number;
    let low: number;
    if (size < 0x3ff0a2b2) {
      k = negative ? -1 : 1;
      high = negative ? x + ln2High : x - ln2High;
      low = negative ? -ln2Low : ln2Low;
    } else {
      k = Math.trunc(inverseLn2 * x + (negative ? -0.5 : 0.5));
      high = x - k * ln2High;
      low = k * ln2Low;
    }
    r = high - low;
    c = high - r - low;
  } else if (size < 0x3c900000) return x;
  const half = 0.5 * r;
  const s = r * half;
  const p =
    1 +
    s *
      (-0.03333333333333313 +
        s *
          (1.5873015872548146e-3 +
            s * (-7.93650757867488e-5 + s * (4.008217827329362e-6 + s * -2.0109921818362437e-7))));
  let t = 3 - p * half;
  let e = s * ((p - t) / (6 - r * t));
  if (k === 0) return r - (r * e - s);
  e = r * (e - c) - c;
  e -= s;
  if (k === -1) return 0.5 * (r - e) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k <= -2 || k > 56) {
    const y = 1 - (e - r);
    return (k === 1024 ? y * 2 * 2 ** 1023 : y * fromWords((1023 + k) << 20, 0)) - 1;
  }
  const scale = fromWords((1023 + k) << 20, 0);
  if (k < 20) {
    t = withHighWord(1, 0x3ff00000 - (0x200000 >> k));
    return (t - (e - r)) * scale;
  }
  t = withHighWord(1, (1023 - k) << 20);
  return (r - (e + t) + 1) * scale;
}
