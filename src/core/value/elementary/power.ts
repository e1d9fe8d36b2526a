// pow and cbrt. x^y = 2^(y log2 x), with log2 x and the product in two parts (FDLIBM's e_pow); cbrt by a rational first guess and one Newton
// step (FreeBSD's s_cbrt).
import { exponentialPart } from './exponential.js';
import { fromWords, highWord, lowWord, truncated, withHighWord } from './words.js';

const base = [1, 1.5] as const;
const log2BaseHigh = [0, 0.5849624872207642] as const;
const log2BaseLow = [0, 1.350039202129749e-8] as const;
const ln2 = Math.LN2;
const ln2High = 0.6931471824645996;
const ln2Low = -1.904654299957768e-9;
/** -(1024 - log2(overflow threshold + half a unit)). */
const overflowMargin = 8.008566259537294e-17;
/** 2 / (3 ln2), whole, and in two parts. */
const cp = 0.9617966939259756;
const cpHigh = 0.9617967009544373;
const cpLow = -7.028461650952758e-9;
const inverseLn2 = Math.LOG2E;
const inverseLn2High = 1.4426950216293335;
const inverseLn2Low = 1.9259629911266175e-8;

/** As C's pow: pow(1, NaN) and pow(NaN, 0) are 1. */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const a = Math.abs(x);
  if (Math.abs(y) === Infinity) {
    if (a === 1) return 1;
    return a > 1 === y > 0 ? Infinity : 0;
  }
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  if (y === 2) return x * x;
  if (y === 0.5 && x >= 0 && !Object.is(x, -0)) return Math.sqrt(x);
  const whole = Number.isInteger(y);
  const odd = whole && Math.abs(y) <= Number.MAX_SAFE_INTEGER && y % 2 !== 0;
  const negative = x < 0 || Object.is(x, -0);
  const sign = negative && odd ? -1 : 1;
  if (a === 0 || a === Infinity) return sign * ((a === 0) === y > 0 ? 0 : Infinity);
  if (negative && !whole) return NaN;
  if (a === 1) return sign;
  return sign * power(a, y);
}

/** log2 of a, the high part with a low word of zero. */
const logarithm = { high: 0, low: 0 };

function logarithmNear1(a: number): void {
  const t = a - 1;
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u = inverseLn2High * t;
  const v = t * inverseLn2Low - w * inverseLn2;
  logarithm.high = truncated(u + v);
  logarithm.low = v - (logarithm.high - u);
}

function setLogarithm(a: number): void {
  let n = 0;
  let ax = a;
  if (ax < 2 ** -1022) {
    ax *= 2 ** 53;
    n -= 53;
  }
  const word = highWord(ax);
  n += (word >> 20) - 1023;
  const j = word & 0xfffff;
  let top = j | 0x3ff00000;
  let k: 0 | 1 = 0;
  if (j > 0x3988e) {
    if (j < 0xbb67a) k = 1;
    else {
      n += 1;
      top -= 0x100000;
    }
  }
  ax = withHighWord(ax, top);
  const u = ax - base[k];
  const v = 1 / (ax + base[k]);
  const s = u * v;
  const sHigh = truncated(s);
  let tHigh = fromWords(((top >> 1) | 0x20000000) + 0x80000 + (k << 18), 0);
  let tLow = ax - (tHigh - base[k]);
  const sLow = v * (u - sHigh * tHigh - sHigh * tLow);
  let s2 = s * s;
  let r =
    s2 *
    s2 *
    (0.5999999999999946 +
      s2 *
        (0.4285714285785502 +
          s2 *
            (0.33333332981837743 + s2 * (0.272728123808534 + s2 * (0.23066074577556175 + s2 * 0.20697501780033842)))));
  r += sLow * (sHigh + s);
  s2 = sHigh * sHigh;
  tHigh = truncated(3 + s2 + r);
  tLow = r - (tHigh - 3 - s2);
  const p = sHigh * tHigh;
  const q = sLow * tHigh + tLow * s;
  const pHigh = truncated(p + q);
  const pLow = q - (pHigh - p);
  const zHigh = cpHigh * pHigh;
  const zLow = cpLow * pHigh + pLow * cp + log2BaseLow[k];
  logarithm.high = truncated(zHigh + zLow + log2BaseHigh[k] + n);
  logarithm.low = zLow - (logarithm.high - n - log2BaseHigh[k] - zHigh);
}

/** Of a positive finite number other than 1. */
function power(a: number, y: number): number {
  const size = highWord(y) & 0x7fffffff;
  const top = highWord(a);
  if (size > 0x41e00000) {
    // |y| > 2^31: over- or underflow, but where a is all but 1.
    if (top < 0x3fefffff || (size > 0x43f00000 && top <= 0x3fefffff)) return y < 0 ? Infinity : 0;
    if (top > 0x3ff00000 || size > 0x43f00000) return y > 0 ? Infinity : 0;
    logarithmNear1(a);
  } else setLogarithm(a);
  const { high: t1, low: t2 } = logarithm;
  const y1 = truncated(y);
  const pLow = (y - y1) * t1 + y * t2;
  let pHigh = y1 * t1;
  const exponent = pLow + pHigh;
  const j = highWord(exponent);
  const i = lowWord(exponent);
  if (j >= 0x40900000) {
    if (((j - 0x40900000) | i) !== 0 || pLow + overflowMargin > exponent - pHigh) return Infinity;
  } else if ((j & 0x7fffffff) >= 0x4090cc00) {
    if (((j - (0xc090cc00 | 0)) | i) !== 0 || pLow <= exponent - pHigh) return 0;
  }
  // 2^(pHigh + pLow), with n the nearest integer.
  const wide = j & 0x7fffffff;
  let n = 0;
  if (wide > 0x3fe00000) {
    let k = (wide >> 20) - 1023;
    n = j + (0x100000 >> (k + 1));
    k = ((n & 0x7fffffff) >> 20) - 1023;
    const t = fromWords(n & ~(0xfffff >> k), 0);
    n = ((n & 0xfffff) | 0x100000) >> (20 - k);
    if (j < 0) n = -n;
    pHigh -= t;
  }
  const t = truncated(pLow + pHigh);
  const u = t * ln2High;
  const v = (pLow - (t - pHigh)) * ln2 + t * ln2Low;
  const z = u + v;
  const w = v - (z - u);
  const c = z - exponentialPart(z * z);
  const r = (z * c) / (c - 2) - (w + z * w);
  const result = 1 - (r - z);
  const word = highWord(result) + (n << 20);
  if (word >> 20 > 0) return withHighWord(result, word);
  // Subnormal: rounded once, by the last multiplication.
  return result * 2 ** (n + 1000) * 2 ** -1000;
}

export function cbrt(x: number): number {
  const word = highWord(x);
  const sign = word & 0x80000000;
  const size = word & 0x7fffffff;
  if (size >= 0x7ff00000 || x === 0) return x;
  let t: number;
  if (size < 0x100000) {
    const high = highWord(x * 2 ** 54) & 0x7fffffff;
    t = fromWords(sign | (Math.floor(high / 3) + 696219795), 0);
  } else t = fromWords(sign | (Math.floor(size / 3) + 715094163), 0);
  let r = t * t * (t / x);
  t =
    t *
    (1.87595182427177 +
      r * (-1.8849797954337717 + r * 1.6214297201053545) +
      r * r * r * (-0.758397934778766 + r * 0.14599619288661245));
  // To 23 bits, away from zero: t^2 is exact.
  const low = lowWord(t) >>> 0;
  t = fromWords(highWord(t) + (low >= 0x80000000 ? 1 : 0), (low + 0x80000000) & 0xc0000000);
  const s = t * t;
  r = x / s;
  const w = t + t;
  r = (r - t) / (w + r);
  return t + t * r;
}
