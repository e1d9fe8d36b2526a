// FDLIBM's e_pow, FreeBSD's s_cbrt.
#include "elementary.h"

namespace elementary {
namespace {

constexpr double base[] = {1, 1.5}, log2BaseHigh[] = {0, 0.5849624872207642}, log2BaseLow[] = {0, 1.350039202129749e-8};
constexpr double ln2High = 0.6931471824645996, ln2Low = -1.904654299957768e-9;
// -(1024 - log2(overflow threshold + half a unit)).
constexpr double overflowMargin = 8.008566259537294e-17;
// 2 / (3 ln2), whole, and in two parts.
constexpr double cp = 0.9617966939259756, cpHigh = 0.9617967009544373, cpLow = -7.028461650952758e-9;
constexpr double inverseLn2High = 1.4426950216293335, inverseLn2Low = 1.9259629911266175e-8;

// log2 of a, the high part with a low word of zero.
struct Logarithm {
  double high, low;
};

Logarithm logarithmNear1(double a) {
  const double t = a - 1;
  const double w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const double u = inverseLn2High * t, v = t * inverseLn2Low - w * log2e;
  const double high = truncated(u + v);
  return Logarithm{high, v - (high - u)};
}

Logarithm logarithm(double a) {
  int32_t n = 0;
  double ax = a;
  if (ax < 0x1p-1022) {
    ax *= 0x1p53;
    n -= 53;
  }
  const int32_t word = highWord(ax);
  n += (word >> 20) - 1023;
  const int32_t j = word & 0xfffff;
  int32_t top = j | 0x3ff00000, k = 0;
  if (j > 0x3988e) {
    if (j < 0xbb67a) k = 1;
    else {
      n += 1;
      top -= 0x100000;
    }
  }
  ax = withHighWord(ax, top);
  const double u = ax - base[k], v = 1 / (ax + base[k]), s = u * v, sHigh = truncated(s);
  double tHigh = fromWords(((top >> 1) | 0x20000000) + 0x80000 + (k << 18), 0);
  double tLow = ax - (tHigh - base[k]);
  const double sLow = v * (u - sHigh * tHigh - sHigh * tLow);
  double s2 = s * s;
  double r =
      s2 * s2 *
      (0.5999999999999946 +
       s2 * (0.4285714285785502 + s2 * (0.33333332981837743 + s2 * (0.272728123808534 + s2 * (0.23066074577556175 + s2 * 0.20697501780033842)))));
  r += sLow * (sHigh + s);
  s2 = sHigh * sHigh;
  tHigh = truncated(3 + s2 + r);
  tLow = r - (tHigh - 3 - s2);
  const double p = sHigh * tHigh, q = sLow * tHigh + tLow * s;
  const double pHigh = truncated(p + q), pLow = q - (pHigh - p);
  const double zHigh = cpHigh * pHigh, zLow = cpLow * pHigh + pLow * cp + log2BaseLow[k];
  const double high = truncated(zHigh + zLow + log2BaseHigh[k] + n);
  return Logarithm{high, zLow - (high - n - log2BaseHigh[k] - zHigh)};
}

// 2^k for any k; exact, 0 or infinite as JavaScript's.
double powerOf2(int32_t k) {
  if (k > 1023) return infinity;
  if (k >= -1022) return fromWords((1023 + k) << 20, 0);
  return k < -1074 ? 0 : fromBits(uint64_t(1) << (1074 + k));
}

// Of a positive finite number other than 1.
double power(double a, double y) {
  const int32_t size = highWord(y) & 0x7fffffff, top = highWord(a);
  Logarithm l;
  if (size > 0x41e00000) {
    // |y| > 2^31: over- or underflow, but where a is all but 1.
    if (top < 0x3fefffff || (size > 0x43f00000 && top <= 0x3fefffff)) return y < 0 ? infinity : 0;
    if (top > 0x3ff00000 || size > 0x43f00000) return y > 0 ? infinity : 0;
    l = logarithmNear1(a);
  } else l = logarithm(a);
  const double y1 = truncated(y);
  const double pLow = (y - y1) * l.high + y * l.low;
  double pHigh = y1 * l.high;
  const double exponent = pLow + pHigh;
  const int32_t j = highWord(exponent), i = lowWord(exponent);
  if (j >= 0x40900000) {
    if (((j - 0x40900000) | i) != 0 || pLow + overflowMargin > exponent - pHigh) return infinity;
  } else if ((j & 0x7fffffff) >= 0x4090cc00) {
    if ((int32_t(uint32_t(j) - 0xc090cc00u) | i) != 0 || pLow <= exponent - pHigh) return 0;
  }
  // 2^(pHigh + pLow), with n the nearest integer.
  const int32_t wide = j & 0x7fffffff;
  int32_t n = 0;
  if (wide > 0x3fe00000) {
    int32_t k = (wide >> 20) - 1023;
    n = int32_t(uint32_t(j) + (uint32_t(0x100000) >> (k + 1)));
    k = ((n & 0x7fffffff) >> 20) - 1023;
    const double t = fromWords(n & ~(0xfffff >> k), 0);
    n = ((n & 0xfffff) | 0x100000) >> (20 - k);
    if (j < 0) n = -n;
    pHigh -= t;
  }
  const double t = truncated(pLow + pHigh);
  const double u = t * ln2High, v = (pLow - (t - pHigh)) * ln2 + t * ln2Low, z = u + v, w = v - (z - u);
  const double c = z - exponentialPart(z * z);
  const double r = (z * c) / (c - 2) - (w + z * w);
  const double result = 1 - (r - z);
  const int32_t word = int32_t(uint32_t(highWord(result)) + (uint32_t(n) << 20));
  if (word >> 20 > 0) return withHighWord(result, word);
  // Subnormal: rounded once, by the last multiplication.
  return result * powerOf2(n + 1000) * 0x1p-1000;
}

bool isWhole(double y) { return isFinite(y) && __builtin_trunc(y) == y; }
bool isOdd(double y) {
  const double half = y * 0.5;
  return __builtin_trunc(half) != half;
}

}  // namespace

double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (isNaN(x) || isNaN(y)) return notANumber;
  const double a = absolute(x);
  if (absolute(y) == infinity) {
    if (a == 1) return 1;
    return (a > 1) == (y > 0) ? infinity : 0;
  }
  if (y == 1) return x;
  if (y == -1) return 1 / x;
  if (y == 2) return x * x;
  if (y == 0.5 && x >= 0 && !isNegativeZero(x)) return squareRoot(x);
  const bool whole = isWhole(y), odd = whole && absolute(y) <= 9007199254740991.0 && isOdd(y);
  const bool negative = x < 0 || isNegativeZero(x);
  const double sign = negative && odd ? -1 : 1;
  if (a == 0 || a == infinity) return sign * ((a == 0) == (y > 0) ? 0 : infinity);
  if (negative && !whole) return notANumber;
  if (a == 1) return sign;
  return sign * power(a, y);
}

double cbrt(double x) {
  const int32_t word = highWord(x);
  const uint32_t sign = uint32_t(word) & 0x80000000u;
  const int32_t size = word & 0x7fffffff;
  if (size >= 0x7ff00000 || x == 0) return x;
  double t;
  if (size < 0x100000) {
    const int32_t high = highWord(x * 0x1p54) & 0x7fffffff;
    t = fromWords(int32_t(sign | uint32_t(high / 3 + 696219795)), 0);
  } else t = fromWords(int32_t(sign | uint32_t(size / 3 + 715094163)), 0);
  double r = t * t * (t / x);
  t = t * (1.87595182427177 + r * (-1.8849797954337717 + r * 1.6214297201053545) +
           r * r * r * (-0.758397934778766 + r * 0.14599619288661245));
  // To 23 bits, away from zero: t^2 is exact.
  const uint32_t low = uint32_t(lowWord(t));
  t = fromWords(int32_t(uint32_t(highWord(t)) + (low >= 0x80000000u ? 1 : 0)), int32_t((low + 0x80000000u) & 0xc0000000u));
  const double s = t * t;
  r = x / s;
  const double w = t + t;
  r = (r - t) / (w + r);
  return t + t * r;
}

}  // namespace elementary
