// FDLIBM's e_exp, s_expm1, e_log, s_log1p, e_sinh, e_cosh, s_tanh, s_asinh, e_acosh, e_atanh; FreeBSD's e_log2 and e_log10.
#include "elementary.h"

namespace elementary {
namespace {

constexpr double overflowsAbove = 709.782712893384, vanishesBelow = -745.1332191019411, ln2High = 0.6931471803691238,
                 ln2Low = 1.9082149292705877e-10;
// Of exp(x) / 2.
constexpr double expLimit = 709.78, halfOverflowsAbove = 710.4758600739439;
constexpr double l1 = 0.6666666666666735, l2 = 0.3999999999940942, l3 = 0.2857142874366239, l4 = 0.22222198432149784,
                 l5 = 0.1818357216161805, l6 = 0.15313837699209373, l7 = 0.14798198605116586;

inline double powerOf2(int k) { return fromWords((1023 + k) << 20, 0); }

// exp(a) / 2.
double large(double a) {
  if (a < expLimit) return 0.5 * exp(a);
  if (a > halfOverflowsAbove) return infinity;
  const double w = exp(0.5 * a);
  return 0.5 * w * w;
}

// The logarithm of 1 + f in two parts, times 1 / ln(base) in two parts, plus k times log(2) in two parts.
double inBase(double x, double inverseHigh, double inverseLow, double log2High, double log2Low) {
  if (!(x > 0)) return x == 0 ? -infinity : notANumber;
  if (x == infinity) return x;
  if (x == 1) return 0;
  int32_t k = 0;
  double y = x;
  if (x < 0x1p-1022) {
    k = -54;
    y = x * 0x1p54;
  }
  int32_t word = highWord(y);
  k += (word >> 20) - 1023;
  word &= 0xfffff;
  const int32_t up = (word + 0x95f64) & 0x100000;
  y = withHighWord(y, word | (up ^ 0x3ff00000));
  k += up >> 20;
  const double f = y - 1, half = 0.5 * f * f, s = f / (2 + f), z = s * s, v = z * z;
  const double series = z * (l1 + v * (l3 + v * (l5 + v * l7))) + v * (l2 + v * (l4 + v * l6));
  const double r = s * (half + series);
  const double high = truncated(f - half), low = f - high - half + r;
  const double whole = k * log2High, part = high * inverseHigh, sum = whole + part;
  const double rest = k * log2Low + (low + high) * inverseLow + low * inverseHigh + (whole - sum + part);
  return rest + sum;
}

}  // namespace

double exp(double x) {
  const int32_t word = highWord(x);
  const bool negative = word < 0;
  const int32_t size = word & 0x7fffffff;
  if (size >= 0x40862e42) {
    if (isNaN(x) || x == infinity) return x;
    if (x > overflowsAbove) return infinity;
    if (x < vanishesBelow) return 0;
  }
  double high = 0, low = 0, r = x;
  int32_t k = 0;
  if (size > 0x3fd62e42) {
    if (size < 0x3ff0a2b2) {
      if (x == 1) return 2.718281828459045;
      k = negative ? -1 : 1;
      high = negative ? x + ln2High : x - ln2High;
      low = negative ? -ln2Low : ln2Low;
    } else {
      k = int32_t(log2e * x + (negative ? -0.5 : 0.5));
      high = x - k * ln2High;
      low = k * ln2Low;
    }
    r = high - low;
  } else if (size < 0x3e300000) return 1 + x;
  const double c = r - exponentialPart(r * r);
  if (k == 0) return 1 - ((r * c) / (c - 2) - r);
  const double y = 1 - (low - (r * c) / (2 - c) - high);
  if (k < -1021) return y * powerOf2(k + 1000) * 0x1p-1000;
  return k == 1024 ? y * 2 * 0x1p1023 : y * powerOf2(k);
}

double expm1(double x) {
  const int32_t word = highWord(x);
  const bool negative = word < 0;
  const int32_t size = word & 0x7fffffff;
  if (size >= 0x4043687a) {
    if (isNaN(x)) return x;
    if (negative) return -1;
    if (x > overflowsAbove) return infinity;
  }
  int32_t k = 0;
  double c = 0, r = x;
  if (size > 0x3fd62e42) {
    double high, low;
    if (size < 0x3ff0a2b2) {
      k = negative ? -1 : 1;
      high = negative ? x + ln2High : x - ln2High;
      low = negative ? -ln2Low : ln2Low;
    } else {
      k = int32_t(log2e * x + (negative ? -0.5 : 0.5));
      high = x - k * ln2High;
      low = k * ln2Low;
    }
    r = high - low;
    c = high - r - low;
  } else if (size < 0x3c900000) return x;
  const double half = 0.5 * r, s = r * half;
  const double p =
      1 + s * (-0.03333333333333313 +
               s * (1.5873015872548146e-3 + s * (-7.93650757867488e-5 + s * (4.008217827329362e-6 + s * -2.0109921818362437e-7))));
  double t = 3 - p * half;
  double e = s * ((p - t) / (6 - r * t));
  if (k == 0) return r - (r * e - s);
  e = r * (e - c) - c;
  e -= s;
  if (k == -1) return 0.5 * (r - e) - 0.5;
  if (k == 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k <= -2 || k > 56) {
    const double y = 1 - (e - r);
    return (k == 1024 ? y * 2 * 0x1p1023 : y * powerOf2(k)) - 1;
  }
  const double scale = powerOf2(k);
  if (k < 20) {
    t = withHighWord(1, 0x3ff00000 - (0x200000 >> k));
    return (t - (e - r)) * scale;
  }
  t = withHighWord(1, (1023 - k) << 20);
  return (r - (e + t) + 1) * scale;
}

double log(double x) {
  if (!(x > 0)) return x == 0 ? -infinity : notANumber;
  if (x == infinity) return x;
  int32_t k = 0;
  double y = x;
  if (x < 0x1p-1022) {
    k = -54;
    y = x * 0x1p54;
  }
  int32_t word = highWord(y);
  k += (word >> 20) - 1023;
  word &= 0xfffff;
  const int32_t up = (word + 0x95f64) & 0x100000;
  y = withHighWord(y, word | (up ^ 0x3ff00000));
  k += up >> 20;
  const double f = y - 1;
  if ((0xfffff & (2 + word)) < 3) {
    // |f| < 2^-20
    if (f == 0) return k == 0 ? 0 : k * ln2High + k * ln2Low;
    const double r = f * f * (0.5 - 0.3333333333333333 * f);
    return k == 0 ? f - r : k * ln2High - (r - k * ln2Low - f);
  }
  const double s = f / (2 + f), z = s * s, w = z * z;
  const double r = z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6));
  if (((word - 0x6147a) | (0x6b851 - word)) > 0) {
    const double half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
  }
  return k == 0 ? f - s * (f - r) : k * ln2High - (s * (f - r) - k * ln2Low - f);
}

double log1p(double x) {
  const int32_t word = highWord(x), size = word & 0x7fffffff;
  if (x < -1 || isNaN(x)) return notANumber;
  if (x == -1) return -infinity;
  if (x == infinity) return x;
  int32_t k = 1, top = 1;
  double f = 0, c = 0;
  if (word < 0x3fda827a) {
    if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
    // -0.2929 < x < 0.41422; negative numbers compare by size, as integers.
    if (word > 0 || word <= int32_t(0xbfd2bec4)) {
      k = 0;
      f = x;
    }
  }
  if (k != 0) {
    double u = x;
    if (word < 0x43400000) {
      u = 1 + x;
      top = highWord(u);
      k = (top >> 20) - 1023;
      c = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    } else {
      top = highWord(u);
      k = (top >> 20) - 1023;
    }
    top &= 0xfffff;
    if (top < 0x6a09e) u = withHighWord(u, top | 0x3ff00000);
    else {
      k += 1;
      u = withHighWord(u, top | 0x3fe00000);
      top = (0x100000 - top) >> 2;
    }
    f = u - 1;
  }
  const double half = 0.5 * f * f;
  if (top == 0) {
    if (f == 0) return k == 0 ? 0 : k * ln2High + (c + k * ln2Low);
    const double r = half * (1 - 0.6666666666666666 * f);
    return k == 0 ? f - r : k * ln2High - (r - (k * ln2Low + c) - f);
  }
  const double s = f / (2 + f), z = s * s;
  const double r = z * (l1 + z * (l2 + z * (l3 + z * (l4 + z * (l5 + z * (l6 + z * l7))))));
  return k == 0 ? f - (half - s * (half + r)) : k * ln2High - (half - (s * (half + r) + (k * ln2Low + c)) - f);
}

double log2(double x) { return inBase(x, 1.4426950407214463, 1.6751713164886512e-10, 1, 0); }
double log10(double x) { return inBase(x, 0.4342944818781689, 2.5082946711645275e-11, 0.30102999566361177, 3.694239077158931e-13); }

double sinh(double x) {
  const double a = absolute(x);
  if (!(a < infinity) || a < 0x1p-28) return x;
  const double half = x < 0 ? -0.5 : 0.5;
  if (a < 22) {
    const double t = expm1(a);
    return a < 1 ? half * (2 * t - (t * t) / (t + 1)) : half * (t + t / (t + 1));
  }
  return half * 2 * large(a);
}
double cosh(double x) {
  const double a = absolute(x);
  if (!(a < infinity)) return a;
  if (a < 0.5 * ln2) {
    const double t = expm1(a), w = 1 + t;
    return a < 0x1p-55 ? w : 1 + (t * t) / (w + w);
  }
  if (a < 22) {
    const double t = exp(a);
    return 0.5 * t + 0.5 / t;
  }
  return large(a);
}
double tanh(double x) {
  const double a = absolute(x);
  if (isNaN(x) || a < 0x1p-28) return x;
  double z = 1;
  if (a < 22) {
    const double t = expm1(a >= 1 ? 2 * a : -2 * a);
    z = a >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2);
  }
  return x < 0 ? -z : z;
}
double asinh(double x) {
  const double a = absolute(x);
  if (!(a < infinity) || a < 0x1p-28) return x;
  double w;
  if (a > 0x1p28) w = log(a) + ln2;
  else if (a > 2) w = log(2 * a + 1 / (squareRoot(a * a + 1) + a));
  else {
    const double t = a * a;
    w = log1p(a + t / (1 + squareRoot(1 + t)));
  }
  return x < 0 ? -w : w;
}
double acosh(double x) {
  if (!(x >= 1)) return notANumber;
  if (x >= 0x1p28) return log(x) + ln2;
  if (x > 2) return log(2 * x - 1 / (x + squareRoot(x * x - 1)));
  const double t = x - 1;
  return log1p(t + squareRoot(2 * t + t * t));
}
double atanh(double x) {
  const double a = absolute(x);
  if (a < 0x1p-28) return x;
  if (!(a <= 1)) return notANumber;
  const double t = a + a;
  const double r = a < 0.5 ? 0.5 * log1p(t + (t * a) / (1 - a)) : 0.5 * log1p(t / (1 - a));
  return x < 0 ? -r : r;
}

}  // namespace elementary
