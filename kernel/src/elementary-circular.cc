// FDLIBM's k_sin, k_cos, k_tan, e_asin, e_acos, s_atan, e_atan2.
#include "elementary.h"

namespace elementary {
namespace {

constexpr double quarterPi = 0.7853981633974483, quarterPiLow = 3.061616997868383e-17, halfPi = 1.5707963267948966,
                 halfPiLow = 6.123233995736766e-17, piLow = 1.2246467991473532e-16, sin1 = -0.16666666666666632;

inline double sinSeries(double z) {
  return 8.33333333332249e-3 +
         z * (-1.984126982985795e-4 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
}
inline double sinNear0(double x) {
  if (absolute(x) < 0x1p-27) return x;
  const double z = x * x;
  return x + z * x * (sin1 + z * sinSeries(z));
}
inline double sinPart(double x, double y) {
  if (absolute(x) < 0x1p-27) return x;
  const double z = x * x, v = z * x;
  return x - (z * (0.5 * y - v * sinSeries(z)) - y - v * sin1);
}
inline double cosPart(double x, double y) {
  const int32_t size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const double z = x * x;
  const double r =
      z * (0.0416666666666666 +
           z * (-1.388888888887411e-3 +
                z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  const double q = size > 0x3fe90000 ? 0.28125 : fromWords(size - 0x200000, 0);
  return 1 - q - (0.5 * z - q - (z * r - x * y));
}

// tan(x + y) for `way` 1, -1 / tan(x + y) for -1.
double tanPart(double a, double b, double way) {
  const bool negative = a < 0;
  double x = a, y = b;
  if (absolute(x) < 0x1p-28 && way == 1) return x;
  const bool far = absolute(x) >= 0.67434;
  if (far) {
    if (negative) {
      x = -x;
      y = -y;
    }
    x = quarterPi - x + (quarterPiLow - y);
    y = 0;
  }
  const double z = x * x;
  double w = z * z;
  const double odd =
      0.13333333333320124 +
      w * (0.021869488294859542 +
           w * (3.5920791075913124e-3 + w * (5.880412408202641e-4 + w * (7.817944429375571e-5 + w * -1.8558637485527546e-5))));
  const double even =
      z * (0.05396825397622605 +
           w * (8.8632398235993e-3 +
                w * (1.4562094543252903e-3 + w * (2.464631348184699e-4 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5)))));
  const double s = z * x;
  double r = y + z * (s * (odd + even) + y);
  r += 0.3333333333333341 * s;
  w = x + r;
  if (far) return (negative ? -1.0 : 1.0) * (way - 2 * (x - ((w * w) / (w + way) - r)));
  if (way == 1) return w;
  const double high = truncated(w), low = r - (high - x), inverse = -1 / w, t = truncated(inverse);
  return t + inverse * (1 + t * high + t * low);
}

// asin(sqrt(t)) / sqrt(t) - 1.
inline double arcPart(double t) {
  const double p =
      t * (0.16666666666666666 +
           t * (-0.3255658186224009 +
                t * (0.20121253213486293 + t * (-0.04005553450067941 + t * (7.915349942898145e-4 + t * 3.479331075960212e-5)))));
  const double q =
      1 + t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)));
  return p / q;
}

constexpr double atanHigh[] = {0.4636476090008061, 0.7853981633974483, 0.982793723247329, halfPi};
constexpr double atanLow[] = {2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, halfPiLow};

}  // namespace

double sin(double x) {
  if (absolute(x) <= quarterPi) return sinNear0(x);
  if (!isFinite(x)) return notANumber;
  const Angle a = reduceAngle(x);
  const double value = a.quadrant & 1 ? cosPart(a.high, a.low) : sinPart(a.high, a.low);
  return a.quadrant & 2 ? -value : value;
}
double cos(double x) {
  if (absolute(x) <= quarterPi) return cosPart(x, 0);
  if (!isFinite(x)) return notANumber;
  const Angle a = reduceAngle(x);
  const double value = a.quadrant & 1 ? sinPart(a.high, a.low) : cosPart(a.high, a.low);
  return a.quadrant == 1 || a.quadrant == 2 ? -value : value;
}
double tan(double x) {
  if (absolute(x) <= quarterPi) return tanPart(x, 0, 1);
  if (!isFinite(x)) return notANumber;
  const Angle a = reduceAngle(x);
  return tanPart(a.high, a.low, a.quadrant & 1 ? -1 : 1);
}

double asin(double x) {
  const double a = absolute(x);
  if (!(a <= 1)) return notANumber;
  if (a == 1) return x * halfPi + x * halfPiLow;
  if (a < 0.5) return a < 0x1p-27 ? x : x + x * arcPart(x * x);
  const double t = (1 - a) * 0.5, r = arcPart(t), s = squareRoot(t);
  double value;
  if (highWord(a) >= 0x3fef3333) value = halfPi - (2 * (s + s * r) - halfPiLow);
  else {
    const double w = truncated(s), c = (t - w * w) / (s + w);
    value = quarterPi - (2 * s * r - (halfPiLow - 2 * c) - (quarterPi - 2 * w));
  }
  return x < 0 ? -value : value;
}

double acos(double x) {
  if (!(absolute(x) <= 1)) return notANumber;
  if (x == 1) return 0;
  if (x == -1) return pi + 2 * halfPiLow;
  if (absolute(x) < 0.5) {
    if (absolute(x) <= 0x1p-57) return halfPi + halfPiLow;
    return halfPi - (x - (halfPiLow - x * arcPart(x * x)));
  }
  if (x < 0) {
    const double z = (1 + x) * 0.5, s = squareRoot(z);
    return pi - 2 * (s + (arcPart(z) * s - halfPiLow));
  }
  const double z = (1 - x) * 0.5, s = squareRoot(z), top = truncated(s), c = (z - top * top) / (s + top);
  return 2 * (top + (arcPart(z) * s + c));
}

double atan(double x) {
  double a = absolute(x);
  if (isNaN(x) || a < 0x1p-27) return x;
  if (a >= 0x1p66) return x < 0 ? -(halfPi + halfPiLow) : halfPi + halfPiLow;
  int id = -1;
  if (a >= 0.4375) {
    if (a < 1.1875) {
      id = a < 0.6875 ? 0 : 1;
      a = id == 0 ? (2 * a - 1) / (2 + a) : (a - 1) / (a + 1);
    } else {
      id = a < 2.4375 ? 2 : 3;
      a = id == 2 ? (a - 1.5) / (1 + 1.5 * a) : -1 / a;
    }
  }
  const double z = a * a, w = z * z;
  const double odd =
      z * (0.3333333333333293 +
           w * (0.14285714272503466 +
                w * (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const double even =
      w * (-0.19999999999876483 +
           w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  const double value = id < 0 ? a - a * (odd + even) : atanHigh[id] - (a * (odd + even) - atanLow[id] - a);
  return x < 0 ? -value : value;
}

double atan2(double y, double x) {
  if (isNaN(x) || isNaN(y)) return notANumber;
  if (x == 1) return atan(y);
  const bool below = y < 0 || isNegativeZero(y), left = x < 0 || isNegativeZero(x);
  auto withSign = [&](double value) { return below ? -value : value; };
  if (y == 0) return left ? withSign(pi) : y;
  if (x == 0) return withSign(halfPi);
  if (absolute(x) == infinity) {
    if (absolute(y) == infinity) return withSign(left ? 3 * quarterPi : quarterPi);
    return withSign(left ? pi : 0);
  }
  if (absolute(y) == infinity) return withSign(halfPi);
  const int32_t gap = ((highWord(y) & 0x7fffffff) - (highWord(x) & 0x7fffffff)) >> 20;
  double z;
  bool across = left;
  if (gap > 60) {
    z = halfPi + 0.5 * piLow;
    across = false;
  } else z = left && gap < -60 ? 0 : atan(absolute(y / x));
  if (!across) return withSign(z);
  return below ? z - piLow - pi : pi - (z - piLow);
}

}  // namespace elementary
