// Number vectors in another width, without loss: what loops over one type are fed with.
#pragma once
#include "ops.h"

template <class From, class To> inline const To *widenAll(Arena &arena, const From *from, uint32_t n) {
  To *out = arena.make<To>(n);
  if (out)
    for (uint32_t i = 0; i < n; i++) out[i] = To(from[i]);
  return out;
}
// The vector's own values, or as doubles or 8-byte integers; one where it is constant.
template <class T> inline const T *valuesAs(Arena &arena, const Vec &vec);
template <> inline const int32_t *valuesAs(Arena &, const Vec &vec) { return vec.as<int32_t>(); }
template <> inline const float *valuesAs(Arena &, const Vec &vec) { return vec.as<float>(); }
template <> inline const int64_t *valuesAs(Arena &arena, const Vec &vec) {
  return vec.physical() == pI32 ? widenAll<int32_t, int64_t>(arena, vec.as<int32_t>(), vec.n) : vec.as<int64_t>();
}
template <> inline const double *valuesAs(Arena &arena, const Vec &vec) {
  return vec.physical() == pF32 ? widenAll<float, double>(arena, vec.as<float>(), vec.n) : vec.as<double>();
}
