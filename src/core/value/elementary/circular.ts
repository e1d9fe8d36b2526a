// Circular functions and their inverses: argument reduction, then polynomials and rational functions (FDLIBM's k_sin, k_cos, k_tan, e_asin,
// e_acos, s_atan, e_atan2).
import { angle, reduceAngle } from './reduce-angle.js';
import { fromWords, highWord, truncated } from './words.js';

const quarterPi = 0.7853981633974483;
const quarterPiLow = 3.061616997868383e-17;
const halfPi = 1.5707963267948966;
const halfPiLow = 6.123233995736766e-17;
const piLow = 1.2246467991473532e-16;

const sin1 = -0.16666666666666632;

/** The series from its second term on, in z = x^2. */
function sinSeries(z: number): number {
  return (
    8.33333333332249e-3 +
    z * (-1.984126982985795e-4 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))
  );
}

/** For |x| <= pi / 4. */
function sinNear0(x: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  const z = x * x;
  return x + z * x * (sin1 + z * sinSeries(z));
}

/** sin(x + y) for |x| <= pi / 4. */
function sinPart(x: number, y: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  const z = x * x;
  const v = z * x;
  return x - (z * (0.5 * y - v * sinSeries(z)) - y - v * sin1);
}

/** cos(x + y) for |x| <= pi / 4. */
function cosPart(x: number, y: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-1.388888888887411e-3 +
          z *
            (2.480158728947673e-5 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  const q = size > 0x3fe90000 ? 0.28125 : fromWords(size - 0x200000, 0);
  return 1 - q - (0.5 * z - q - (z * r - x * y));
}

export function sin(x: number): number {
  if (Math.abs(x) <= quarterPi) return sinNear0(x);
  if (!Number.isFinite(x)) return NaN;
  reduceAngle(x);
  const { high, low, quadrant } = angle;
  const value = quadrant & 1 ? cosPart(high, low) : sinPart(high, low);
  return quadrant & 2 ? -value : value;
}

export function cos(x: number): number {
  if (Math.abs(x) <= quarterPi) return cosPart(x, 0);
  if (!Number.isFinite(x)) return NaN;
  reduceAngle(x);
  const { high, low, quadrant } = angle;
  const value = quadrant & 1 ? sinPart(high, low) : cosPart(high, low);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

export function tan(x: number): number {
  if (Math.abs(x) <= quarterPi) return tanPart(x, 0, 1);
  if (!Number.isFinite(x)) return NaN;
  reduceAngle(x);
  return tanPart(angle.high, angle.low, angle.quadrant & 1 ? -1 : 1);
}

/** tan(x + y) for `way` 1, -1 / tan(x + y) for -1. */
function tanPart(a: number, b: number, way: 1 | -1): number {
  const negative = a < 0;
  let x = a;
  let y = b;
  if (Math.abs(x) < 2 ** -28 && way === 1) return x;
  const far = Math.abs(x) >= 0.67434;
  if (far) {
    if (negative) {
      x = -x;
      y = -y;
    }
    x = quarterPi - x + (quarterPiLow - y);
    y = 0;
  }
  const z = x * x;
  let w = z * z;
  const odd =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (3.5920791075913124e-3 +
            w * (5.880412408202641e-4 + w * (7.817944429375571e-5 + w * -1.8558637485527546e-5))));
  const even =
    z *
    (0.05396825397622605 +
      w *
        (8.8632398235993e-3 +
          w *
            (1.4562094543252903e-3 +
              w * (2.464631348184699e-4 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5)))));
  const s = z * x;
  let r = y + z * (s * (odd + even) + y);
  r += 0.3333333333333341 * s;
  w = x + r;
  if (far) return (negative ? -1 : 1) * (way - 2 * (x - ((w * w) / (w + way) - r)));
  if (way === 1) return w;
  // -1 / (x + r), more exactly than by dividing.
  const high = truncated(w);
  const low = r - (high - x);
  const inverse = -1 / w;
  const t = truncated(inverse);
  return t + inverse * (1 + t * high + t * low);
}

/** asin(sqrt(t)) / sqrt(t) - 1. */
function arcPart(t: number): number {
  const p =
    t *
    (0.16666666666666666 +
      t *
        (-0.3255658186224009 +
          t *
            (0.20121253213486293 +
              t * (-0.04005553450067941 + t * (7.915349942898145e-4 + t * 3.479331075960212e-5)))));
  const q =
    1 + t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)));
  return p / q;
}

export function asin(x: number): number {
  const a = Math.abs(x);
  if (!(a <= 1)) return NaN;
  if (a === 1) return x * halfPi + x * halfPiLow;
  if (a < 0.5) return a < 2 ** -27 ? x : x + x * arcPart(x * x);
  const t = (1 - a) * 0.5;
  const r = arcPart(t);
  const s = Math.sqrt(t);
  let value: number;
  if (highWord(a) >= 0x3fef3333) value = halfPi - (2 * (s + s * r) - halfPiLow);
  else {
    const w = truncated(s);
    const c = (t - w * w) / (s + w);
    value = quarterPi - (2 * s * r - (halfPiLow - 2 * c) - (quarterPi - 2 * w));
  }
  return x < 0 ? -value : value;
}

export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return NaN;
  if (x === 1) return 0;
  if (x === -1) return Math.PI + 2 * halfPiLow;
  if (Math.abs(x) < 0.5) {
    if (Math.abs(x) <= 2 ** -57) return halfPi + halfPiLow;
    return halfPi - (x - (halfPiLow - x * arcPart(x * x)));
  }
  if (x < 0) {
    const z = (1 + x) * 0.5;
    const s = Math.sqrt(z);
    return Math.PI - 2 * (s + (arcPart(z) * s - halfPiLow));
  }
  const z = (1 - x) * 0.5;
  const s = Math.sqrt(z);
  const top = truncated(s);
  const c = (z - top * top) / (s + top);
  return 2 * (top + (arcPart(z) * s + c));
}

const atanHigh = [0.4636476090008061, 0.7853981633974483, 0.982793723247329, halfPi] as const;
const atanLow = [2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, halfPiLow] as const;

export function atan(x: number): number {
  let a = Math.abs(x);
  if (Number.isNaN(x) || a < 2 ** -27) return x;
  if (a >= 2 ** 66) return x < 0 ? -(halfPi + halfPiLow) : halfPi + halfPiLow;
  let id = -1;
  if (a >= 0.4375) {
    if (a < 1.1875) {
      id = a < 0.6875 ? 0 : 1;
      a = id === 0 ? (2 * a - 1) / (2 + a) : (a - 1) / (a + 1);
    } else {
      id = a < 2.4375 ? 2 : 3;
      a = id === 2 ? (a - 1.5) / (1 + 1.5 * a) : -1 / a;
    }
  }
  const z = a * a;
  const w = z * z;
  const odd =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w *
            (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const even =
    w *
    (-0.19999999999876483 +
      w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  const value = id < 0 ? a - a * (odd + even) : atanHigh[id]! - (a * (odd + even) - atanLow[id]! - a);
  return x < 0 ? -value : value;
}

const negativeZero = (x: number): boolean => Object.is(x, -0);

/** The angle of the point (x, y). */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x === 1) return atan(y);
  const below = y < 0 || negativeZero(y);
  const left = x < 0 || negativeZero(x);
  const signed = (value: number): number => (below ? -value : value);
  if (y === 0) return left ? signed(Math.PI) : y;
  if (x === 0) return signed(halfPi);
  if (Math.abs(x) === Infinity) {
    if (Math.abs(y) === Infinity) return signed(left ? 3 * quarterPi : quarterPi);
    return signed(left ? Math.PI : 0);
  }
  if (Math.abs(y) === Infinity) return signed(halfPi);
  const gap = ((highWord(y) & 0x7fffffff) - (highWord(x) & 0x7fffffff)) >> 20;
  let z: number;
  let across = left;
  if (gap > 60) {
    z = halfPi + 0.5 * piLow;
    across = false;
  } else z = left && gap < -60 ? 0 : atan(Math.abs(y / x));
  if (!across) return signed(z);
  return below ? z - piLow - Math.PI : Math.PI - (z - piLow);
}
