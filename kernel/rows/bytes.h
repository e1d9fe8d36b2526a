// Bytes in network order, decimal digits, and copies that may write and read up to 16 bytes too far: what rows.cc is given has that room.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

inline uint8_t *putInt16(uint8_t *out, uint32_t value) {
  const uint16_t swapped = __builtin_bswap16(uint16_t(value));
  __builtin_memcpy(out, &swapped, 2);
  return out + 2;
}
inline uint8_t *putInt32(uint8_t *out, uint32_t value) {
  const uint32_t swapped = __builtin_bswap32(value);
  __builtin_memcpy(out, &swapped, 4);
  return out + 4;
}
inline uint8_t *putInt64(uint8_t *out, uint64_t value) {
  putInt32(out, uint32_t(value >> 32));
  return putInt32(out + 4, uint32_t(value));
}

inline uint8_t *putBytes(uint8_t *out, const uint8_t *from, uint32_t size) {
  for (uint32_t i = 0; i < size; i += 16) wasm_v128_store(out + i, wasm_v128_load(from + i));
  return out + size;
}

extern const char digitPairs[201];

inline void putPair(uint8_t *out, uint32_t below100) { __builtin_memcpy(out, digitPairs + 2 * below100, 2); }

inline uint32_t digitCount(uint32_t n) {
  if (n < 100000) {
    if (n < 100) return n < 10 ? 1 : 2;
    return n < 1000 ? 3 : n < 10000 ? 4 : 5;
  }
  if (n < 10000000) return n < 1000000 ? 6 : 7;
  return n < 100000000 ? 8 : n < 1000000000 ? 9 : 10;
}

// `count` digits, with leading zeros.
inline uint8_t *putDigits(uint8_t *out, uint32_t n, uint32_t count) {
  uint32_t at = count;
  while (at >= 2) {
    const uint32_t rest = n / 100;
    putPair(out + (at -= 2), n - 100 * rest);
    n = rest;
  }
  if (at) *out = uint8_t('0' + n);
  return out + count;
}

struct Wide {
  uint64_t high, low;
};

inline Wide multiply(uint64_t a, uint64_t b) {
  const uint64_t a0 = uint32_t(a), a1 = a >> 32, b0 = uint32_t(b), b1 = b >> 32;
  const uint64_t low = a0 * b0;
  const uint64_t middle = a1 * b0 + (low >> 32);
  const uint64_t other = a0 * b1 + uint32_t(middle);
  return {a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | uint32_t(low)};
}

constexpr uint32_t e8 = 100000000;

// Without the machine's slow division.
inline uint64_t dividedByE8(uint64_t n) { return multiply(n, 0xabcc77118461cefdu).high >> 26; }

inline uint8_t *putEightDigits(uint8_t *out, uint32_t n) {
  const uint32_t upper = n / 10000, lower = n - 10000 * upper, a = upper / 100, b = lower / 100;
  putPair(out, a);
  putPair(out + 2, upper - 100 * a);
  putPair(out + 4, b);
  putPair(out + 6, lower - 100 * b);
  return out + 8;
}

// A number's digits, counted before they are written: those of `upper`, then the eight of `lower` where it is `split`.
struct Digits {
  uint64_t upper;
  uint32_t lower = 0, count;
  bool split;

  explicit Digits(uint64_t n) : upper(n), split(n > UINT32_MAX) {
    if (!split) {
      count = digitCount(uint32_t(n));
      return;
    }
    upper = dividedByE8(n);
    lower = uint32_t(n - upper * e8);
    // Of twenty digits, twelve are left.
    count = 8 + (upper <= UINT32_MAX ? digitCount(uint32_t(upper)) : 8 + digitCount(uint32_t(dividedByE8(upper))));
  }

  uint8_t *put(uint8_t *out) const {
    if (!split) return putDigits(out, uint32_t(upper), count);
    if (upper <= UINT32_MAX) out = putDigits(out, uint32_t(upper), count - 8);
    else {
      const uint64_t first = dividedByE8(upper);
      out = putEightDigits(putDigits(out, uint32_t(first), count - 16), uint32_t(upper - first * e8));
    }
    return putEightDigits(out, lower);
  }
};
