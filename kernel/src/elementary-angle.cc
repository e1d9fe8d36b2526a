// Angles: up to 2^20 pi / 2 by subtracting n times pi / 2 in up to three parts of 33 bits (Cody and Waite); beyond, in integers.
#include "elementary.h"

namespace elementary {
namespace {

constexpr double inverseHalfPi = 0.6366197723675814, part1 = 1.5707963267341256, rest1 = 6.077100506506192e-11,
                 part2 = 6.077100506303966e-11, rest2 = 2.0222662487959506e-21, part3 = 2.0222662487111665e-21, rest3 = 8.4784276603689e-32,
                 largestByParts = 1647099;

// 2 / pi times 2^1216 and pi / 2 times 2^256, most significant first.
constexpr int twoOverPiLimbs = 38, halfPiLimbs = 9, twoOverPiBits = 1216, halfPiBits = 256, fractionBits = 256;
constexpr uint32_t twoOverPi[twoOverPiLimbs] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0,
    0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4,
    0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
    0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab};
constexpr uint32_t halfPiInteger[halfPiLimbs] = {0x1,        0x921fb544, 0x42d18469, 0x898cc517, 0x01b839a2,
                                                 0x52049c11, 0x14cf98e8, 0x04177d4c, 0x76273645};

// Little-endian limbs; wide enough for every product here.
constexpr int limbs = 48;
struct Big {
  uint32_t at[limbs];
};

bool bit(const Big &x, int i) { return (x.at[i >> 5] >> (i & 31)) & 1; }
void shiftRight(Big &x, int by) {
  const int whole = by >> 5, part = by & 31;
  for (int i = 0; i < limbs; i++) {
    const uint64_t low = i + whole < limbs ? x.at[i + whole] : 0, high = i + whole + 1 < limbs ? x.at[i + whole + 1] : 0;
    x.at[i] = uint32_t(((high << 32) | low) >> part);
  }
}
int topBit(const Big &x) {
  for (int i = limbs - 1; i >= 0; i--)
    if (x.at[i]) return i * 32 + 31 - __builtin_clz(x.at[i]);
  return -1;
}

// The nearest double, ties to even; takes it off x, whose sign is then in `negative`.
double takeDouble(Big &x, bool &negative) {
  const int top = topBit(x);
  if (top < 0) return 0;
  const int drop = top - 52;
  uint64_t significand = 0;
  for (int i = top; i >= 0 && i > top - 53; i--) significand = significand << 1 | bit(x, i);
  if (drop <= 0) {
    for (uint32_t &limb : x.at) limb = 0;
    return double(significand);
  }
  bool half = bit(x, drop - 1), more = false;
  for (int i = 0; i < drop - 1 && !more; i++) more = bit(x, i);
  const bool up = half && (more || (significand & 1));
  // What is left: the dropped bits, or 2^drop less them.
  for (int i = 0; i < limbs; i++) {
    const int from = i * 32;
    if (from >= drop) x.at[i] = 0;
    else if (from + 32 > drop) x.at[i] &= (uint32_t(1) << (drop - from)) - 1;
  }
  negative = up;
  if (up) {
    uint64_t carry = 1;
    for (int i = 0; i < limbs; i++) {
      carry += uint32_t(~x.at[i]);
      x.at[i] = uint32_t(carry);
      carry >>= 32;
    }
    for (int i = 0; i < limbs; i++) {
      const int from = i * 32;
      if (from >= drop) x.at[i] = 0;
      else if (from + 32 > drop) x.at[i] &= (uint32_t(1) << (drop - from)) - 1;
    }
    significand++;
  }
  // Exact: a power of two times 53 bits.
  return double(significand) * fromBits(uint64_t(1023 + drop) << 52);
}

Angle reduceLarge(double x) {
  const uint64_t bits = bitsOf(absolute(x));
  const int exponent = int(bits >> 52) - 1075;
  const uint64_t significand = (bits & 0xfffffffffffffull) | 0x10000000000000ull;
  // product = significand * twoOverPi
  Big product{};
  uint64_t carryLow = 0, carryHigh = 0;
  for (int i = 0; i < twoOverPiLimbs; i++) {
    const uint64_t limb = twoOverPi[twoOverPiLimbs - 1 - i];
    const uint64_t low = (significand & 0xffffffff) * limb, high = (significand >> 32) * limb;
    const uint64_t sum = (low & 0xffffffff) + carryLow;
    product.at[i] = uint32_t(sum);
    // Next limb: what is above.
    const uint64_t next = (sum >> 32) + (low >> 32) + (high & 0xffffffff) + carryHigh;
    carryLow = next & 0xffffffff;
    carryHigh = (next >> 32) + (high >> 32);
  }
  product.at[twoOverPiLimbs] = uint32_t(carryLow);
  product.at[twoOverPiLimbs + 1] = uint32_t(carryHigh);
  product.at[twoOverPiLimbs + 2] = uint32_t(carryHigh >> 32);
  const int point = twoOverPiBits - exponent;
  // n = nearest integer to product / 2^point; fraction = product - n 2^point, in [-1/2, 1/2).
  const bool half = bit(product, point - 1);
  unsigned n = (bit(product, point) ? 1 : 0) + (bit(product, point + 1) ? 2 : 0) + (half ? 1 : 0);
  for (int i = 0; i < limbs; i++) {
    const int from = i * 32;
    if (from >= point) product.at[i] = 0;
    else if (from + 32 > point) product.at[i] &= (uint32_t(1) << (point - from)) - 1;
  }
  const int spare = point > fractionBits ? point - fractionBits : 0;
  bool below = half;
  if (half) {
    // The magnitude of the negative fraction, rounded away from zero by the shift (a floor of the signed one).
    uint64_t carry = 1;
    for (int i = 0; i < limbs; i++) {
      const int from = i * 32;
      const uint32_t mask = from >= point ? 0 : from + 32 > point ? (uint32_t(1) << (point - from)) - 1 : 0xffffffff;
      carry += uint32_t(~product.at[i]);
      product.at[i] = uint32_t(carry) & mask;
      carry >>= 32;
    }
    bool rest = false;
    for (int i = 0; i < spare && !rest; i++) rest = bit(product, i);
    shiftRight(product, spare);
    if (rest)
      for (int i = 0; i < limbs && ++product.at[i] == 0; i++) {}
  } else shiftRight(product, spare);
  Big remainder{};
  for (int i = 0; i < 10; i++) {
    uint64_t carry = 0;
    for (int k = 0; k < halfPiLimbs; k++) {
      carry += uint64_t(product.at[i]) * halfPiInteger[halfPiLimbs - 1 - k] + remainder.at[i + k];
      remainder.at[i + k] = uint32_t(carry);
      carry >>= 32;
    }
    remainder.at[i + halfPiLimbs] += uint32_t(carry);
  }
  const int scale = -(point - spare + halfPiBits);
  const double unit = fromBits(uint64_t(1023 + scale) << 52);
  bool lowNegative = false, ignored = false;
  const double high = takeDouble(remainder, lowNegative), low = takeDouble(remainder, ignored);
  double sign = x < 0 ? -1 : 1;
  if (below) sign = -sign;
  // A remainder of zero cannot be: no double is a multiple of pi / 2.
  Angle angle;
  angle.high = sign * high * unit;
  angle.low = sign * (lowNegative ? -low : low) * unit;
  angle.quadrant = int((x < 0 ? 0u - n : n) & 3);
  return angle;
}

}  // namespace

Angle reduceAngle(double x) {
  const double a = absolute(x);
  if (a > largestByParts) return reduceLarge(x);
  const double n = double(int32_t(a * inverseHalfPi + 0.5));
  double r = a - n * part1, w = n * rest1, high = r - w;
  // Each part may cancel all of the angle's leading bits: where 16 or 49 are gone, the next part is needed.
  if (absolute(high) * 0x1p16 < a) {
    double t = r;
    w = n * part2;
    r = t - w;
    w = n * rest2 - (t - r - w);
    high = r - w;
    if (absolute(high) * 0x1p49 < a) {
      t = r;
      w = n * part3;
      r = t - w;
      w = n * rest3 - (t - r - w);
      high = r - w;
    }
  }
  const double low = r - high - w;
  const int32_t quadrant = int32_t(n);
  return Angle{x < 0 ? -high : high, x < 0 ? -low : low, (x < 0 ? -quadrant : quadrant) & 3};
}

}  // namespace elementary
