// A column of values in the form the kernel's loops want: arrays with one validity byte per value, lists by offsets.
#pragma once
#include "types.h"

struct Vec {
  const Type *type = nullptr;
  uint32_t n = 0;
  // One value that stands for any number of equal ones; `n` is then 1.
  bool constant = false;
  // 1 where not NULL; null where nothing is.
  const uint8_t *valid = nullptr;
  // Of the physical form; of lists n + 1 offsets (int32), the first 0. What lies under a NULL may be anything.
  const void *data = nullptr;
  const Vec *child = nullptr;

  Physical physical() const { return physicalOf(type->kind); }
  template <class T> const T *as() const { return static_cast<const T *>(data); }
  const int32_t *offsets() const { return as<int32_t>(); }
  bool isValid(uint32_t i) const { return !valid || valid[constant ? 0 : i]; }
};

// All of these give false, or null, where there is no memory.

// Room for `n` values; not of lists.
template <class T> inline T *makeFlat(Arena &arena, const Type *type, uint32_t n, Vec &out) {
  T *data = arena.make<T>(n);
  out = Vec{type, n, false, nullptr, data, nullptr};
  return data;
}
// The values at some positions.
bool gather(Arena &arena, const Vec &vec, const uint32_t *index, uint32_t n, Vec &out);
// The same; NULL where a position is `nowhere`.
constexpr uint32_t nowhere = 0xffffffff;
bool gatherOrNull(Arena &arena, const Vec &vec, const uint32_t *index, uint32_t n, Vec &out);
// Constants written out; other vectors as they are.
bool spread(Arena &arena, const Vec &vec, uint32_t n, Vec &out);
// Vectors of one type, none constant, one after the other.
bool concat(Arena &arena, const Vec *const *parts, uint32_t nParts, const Type *type, Vec &out);
// `n` NULLs.
bool nulls(Arena &arena, const Type *type, uint32_t n, Vec &out);
// Positions where both are valid; `out` null where all are. Over `n` positions.
bool bothValid(Arena &arena, const Vec &a, const Vec &b, uint32_t n, const uint8_t *&out);
// The validity written out over `n` positions.
bool validBytes(Arena &arena, const Vec &a, uint32_t n, const uint8_t *&out);
// Order of the values of two vectors of the same type at two positions, both valid.
int orderAt(const Vec &a, uint32_t i, const Vec &b, uint32_t k);
