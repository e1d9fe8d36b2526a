// Elementary functions of our own: the operations of src/core/value/elementary, in the same order, so that every home gives the same bits.
// Compiled without contraction to fused multiply-add and without -ffast-math.
#pragma once
#include <stdint.h>
#include <string.h>

namespace elementary {

double sin(double x);
double cos(double x);
double tan(double x);
double asin(double x);
double acos(double x);
double atan(double x);
double atan2(double y, double x);
double exp(double x);
double expm1(double x);
double log(double x);
double log1p(double x);
double log2(double x);
double log10(double x);
double sinh(double x);
double cosh(double x);
double tanh(double x);
double asinh(double x);
double acosh(double x);
double atanh(double x);
double pow(double x, double y);
double cbrt(double x);

// An angle less its nearest multiple of pi / 2, in two doubles, and the multiple modulo 4.
struct Angle {
  double high, low;
  int quadrant;
};
Angle reduceAngle(double x);

constexpr double pi = 3.141592653589793, ln2 = 0.6931471805599453, log2e = 1.4426950408889634;
constexpr double infinity = __builtin_inf();
// Positive, as JavaScript's.
constexpr double notANumber = __builtin_nan("");

inline double absolute(double x) { return __builtin_fabs(x); }
inline double squareRoot(double x) { return __builtin_sqrt(x); }
inline bool isNaN(double x) { return x != x; }
inline bool isFinite(double x) { return x - x == 0; }
inline uint64_t bitsOf(double x) {
  uint64_t b;
  memcpy(&b, &x, 8);
  return b;
}
inline double fromBits(uint64_t b) {
  double x;
  memcpy(&x, &b, 8);
  return x;
}
inline bool isNegativeZero(double x) { return bitsOf(x) == 0x8000000000000000ull; }
// Sign, exponent and the top 20 bits of the significand; the low 32 bits.
inline int32_t highWord(double x) { return int32_t(bitsOf(x) >> 32); }
inline int32_t lowWord(double x) { return int32_t(bitsOf(x)); }
inline double fromWords(int32_t high, int32_t low) { return fromBits(uint64_t(uint32_t(high)) << 32 | uint32_t(low)); }
inline double withHighWord(double x, int32_t high) { return fromWords(high, lowWord(x)); }
// The low word zero: 21 bits of significand, whose products are exact.
inline double truncated(double x) { return fromBits(bitsOf(x) & 0xffffffff00000000ull); }

// The odd part of exp's approximation, in t = r^2.
inline double exponentialPart(double t) {
  return t * (0.16666666666666602 +
              t * (-2.7777777777015593e-3 + t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
}

}  // namespace elementary
