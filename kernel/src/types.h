// SQL types as fragments carry them (src/core/fragment/type-code.ts), and how their values lie in vectors and in buffers.
#pragma once
#include "memory.h"

using i128 = __int128;
using u128 = unsigned __int128;

enum Kind : uint8_t {
  kUnknown, kBool, kInt1, kInt2, kInt4, kInt8, kUint1, kUint2, kUint4, kUint8, kFloat4, kFloat8, kNumeric, kText, kVarchar, kChar,
  kBytea, kDate, kTime, kTimestamp, kTimestamptz, kInterval, kUuid, kJson, kJsonb, kList, kStruct,
};

// A view of bytes that outlive the run's vectors: of a column's buffer or of the program.
struct Slice {
  const uint8_t *at;
  uint32_t size;
};

enum Physical : uint8_t { pBool, pI32, pI64, pU64, pF32, pF64, pI128, pText, pList };

struct Type {
  uint8_t kind;
  uint8_t precision;
  int16_t scale;
  uint32_t length;
  const Type *element;
  // As it was written: results repeat it.
  Slice code;
};
constexpr uint32_t noLength = 0xffffffff;

inline bool isInteger(uint8_t k) { return k == kInt2 || k == kInt4 || k == kInt8; }
inline bool isStoredInteger(uint8_t k) { return k >= kInt1 && k <= kUint8; }
inline bool isFloat(uint8_t k) { return k == kFloat4 || k == kFloat8; }
inline bool isNumber(uint8_t k) { return isInteger(k) || isFloat(k); }
inline bool isInstant(uint8_t k) { return k >= kDate && k <= kTimestamptz; }
inline bool isText(uint8_t k) { return k == kText || k == kVarchar; }

inline Physical physicalOf(uint8_t kind) {
  switch (kind) {
    case kBool: return pBool;
    case kInt1: case kInt2: case kInt4: case kUint1: case kUint2: case kDate: return pI32;
    case kInt8: case kUint4: case kTime: case kTimestamp: case kTimestamptz: return pI64;
    case kUint8: return pU64;
    case kFloat4: return pF32;
    case kFloat8: return pF64;
    case kNumeric: return pI128;
    case kList: return pList;
    default: return pText;
  }
}
// Bytes of a value in a vector; of a list, of an offset.
inline uint32_t widthOf(Physical p) {
  static const uint8_t widths[] = {1, 4, 8, 8, 4, 8, 16, sizeof(Slice), 4};
  return widths[p];
}
// Bytes of a value in a buffer; 0: bits, or none of its own.
inline uint32_t storedWidth(uint8_t kind) {
  switch (kind) {
    case kInt1: case kUint1: return 1;
    case kInt2: case kUint2: return 2;
    case kInt4: case kUint4: case kFloat4: case kDate: return 4;
    case kInt8: case kUint8: case kFloat8: case kTime: case kTimestamp: case kTimestamptz: return 8;
    case kNumeric: return 16;
    default: return 0;
  }
}
inline bool sameType(const Type *a, const Type *b) {
  for (; a->kind == kList && b->kind == kList; a = a->element, b = b->element) {}
  if (a->kind != b->kind) return false;
  if (a->kind == kNumeric) return a->precision == b->precision && a->scale == b->scale;
  return a->length == b->length;
}
// Equal but for precision and length: a column keeps its own.
inline bool sameShape(const Type *a, const Type *b) {
  for (; a->kind == kList && b->kind == kList; a = a->element, b = b->element) {}
  return a->kind == b->kind && (a->kind != kNumeric || a->scale == b->scale);
}
// Whose values have one order in every home.
inline bool comparable(const Type *a, const Type *b) {
  if (isInteger(a->kind)) return isInteger(b->kind);
  if (isFloat(a->kind)) return isFloat(b->kind);
  if (isText(a->kind)) return isText(b->kind);
  if (isInstant(a->kind) || a->kind == kBool || a->kind == kBytea || a->kind == kUuid || a->kind == kNumeric) return a->kind == b->kind;
  return false;
}
inline bool ordered(const Type *a) { return comparable(a, a); }

// Negative, 0 or positive. NaN is equal to NaN and above all else; -0 equals 0.
template <class T> inline int order(const T &a, const T &b) { return a < b ? -1 : a > b ? 1 : 0; }
inline int orderFloats(double a, double b) {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a == b) return 0;
  return a != a ? (b != b ? 0 : 1) : -1;
}
template <> inline int order(const double &a, const double &b) { return orderFloats(a, b); }
template <> inline int order(const float &a, const float &b) { return orderFloats(a, b); }
template <> inline int order(const Slice &a, const Slice &b) {
  uint32_t n = least(a.size, b.size);
  int d = n == 0 ? 0 : memcmp(a.at, b.at, n);
  return d != 0 ? d : a.size < b.size ? -1 : a.size > b.size ? 1 : 0;
}

template <class T> struct Tag {
  using type = T;
};
// Calls `f` with the C++ type of a physical form that is no list.
template <class F> inline auto byPhysical(Physical p, F f) {
  switch (p) {
    case pBool: return f(Tag<uint8_t>{});
    case pI32: return f(Tag<int32_t>{});
    case pI64: return f(Tag<int64_t>{});
    case pU64: return f(Tag<uint64_t>{});
    case pF32: return f(Tag<float>{});
    case pF64: return f(Tag<double>{});
    case pI128: return f(Tag<i128>{});
    default: return f(Tag<Slice>{});
  }
}
