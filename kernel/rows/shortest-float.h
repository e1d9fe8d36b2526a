// The shortest decimal that reads back as the same float, the nearest of them: digits * 10^exponent, without trailing zeros.
#pragma once
#include <stdint.h>

struct Decimal {
  uint64_t digits;
  int32_t exponent;
};

// Of the bits of a positive, finite number.
Decimal shortestFloat8(uint64_t bits);
Decimal shortestFloat4(uint32_t bits);
