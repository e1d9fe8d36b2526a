// Little-endian bytes with every step checked: after the first mistake it reads zeros, and says what was wrong.
#pragma once
#include "types.h"

struct Reader {
  const uint8_t *at, *end;
  const char *reason = nullptr;

  // Always false.
  bool refuse(const char *why) {
    if (!reason) reason = why;
    at = end;
    return false;
  }
  uint64_t left() const { return uint64_t(end - at); }
  template <class T> T get() {
    T v{};
    if (left() < sizeof(T)) return refuse("malformed: truncated"), v;
    memcpy(&v, at, sizeof(T));
    at += sizeof(T);
    return v;
  }
  uint8_t u8() { return get<uint8_t>(); }
  uint16_t u16() { return get<uint16_t>(); }
  uint32_t u32() { return get<uint32_t>(); }
  // A non-negative number that is exact in a double.
  uint64_t size() {
    uint64_t v = get<uint64_t>();
    if (v > 0x1fffffffffffffull) return refuse("malformed: size out of range"), 0;
    return v;
  }
  // A count of things of at least `each` bytes, so that a forged one cannot make anybody allocate.
  uint32_t count(uint64_t n, uint64_t each) {
    if (n * each > left()) return refuse("malformed: count beyond the end"), 0;
    return uint32_t(n);
  }
  Slice blob() {
    uint32_t n = count(u32(), 1);
    Slice s{at, n};
    at += n;
    return s;
  }
  Slice text();
};

inline bool isUtf8(Slice s) {
  const uint8_t *p = s.at, *end = s.at + s.size;
  while (p < end) {
    uint8_t c = *p++;
    if (c < 0x80) continue;
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4 || end - p < more) return false;
    uint8_t low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80, high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (*p < low || *p > high) return false;
    for (p++; --more > 0; p++)
      if (*p < 0x80 || *p > 0xbf) return false;
  }
  return true;
}

inline Slice Reader::text() {
  Slice s = blob();
  if (!isUtf8(s)) refuse("malformed: invalid UTF-8");
  return s;
}
