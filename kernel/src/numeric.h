// Decimals: 128-bit integers with the scale in the type.
#pragma once
#include "types.h"

constexpr int32_t decimalDigits = 38;

// 10^k for k in [0, 38].
inline i128 powerOfTen(int32_t k) {
  i128 p = 1;
  while (k-- > 0) p *= 10;
  return p;
}
constexpr i128 i128Max = i128((~u128(0)) >> 1);

// From one scale to another; false where that is not exact, or leaves 38 digits.
inline bool rescale(i128 &x, int32_t from, int32_t to) {
  const i128 bound = powerOfTen(decimalDigits);
  if (x != 0) {
    for (; from < to; from++) {
      if (x > i128Max / 10 || x < -(i128Max / 10)) return false;
      x *= 10;
    }
    for (; from > to; from--) {
      if (x % 10 != 0) return false;
      x /= 10;
    }
  }
  return x < bound && x > -bound;
}

// Order of a at scale sa and b at scale sb.
inline int orderNumeric(i128 a, int32_t sa, i128 b, int32_t sb) {
  if (sa > sb) return -orderNumeric(b, sb, a, sa);
  // A number that leaves 128 bits on the way is beyond b.
  for (; sa < sb && a != 0; sa++) {
    if (a > i128Max / 10) return 1;
    if (a < -(i128Max / 10)) return -1;
    a *= 10;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
