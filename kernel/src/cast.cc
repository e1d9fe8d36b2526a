// Casts of numbers, lists of them, and what keeps its representation. With `castAttempt` NULL instead of an error.
#include "numeric.h"
#include "ops.h"

namespace {

struct Cast {
  Run &run;
  Arena &arena;
  bool attempt;
};

const char *rangeError(const Type *to) {
  switch (to->kind) {
    case kInt1: case kUint1: case kInt2: return "smallint out of range";
    case kUint2: case kInt4: return "integer out of range";
    case kUint8: return "numeric(20,0) out of range";
    default: return "bigint out of range";
  }
}

// Half to even.
inline double roundEven(double x) {
  const double big = 4503599627370496.0;
  const double a = x < 0 ? -x : x;
  if (!(a < big)) return x;
  const double r = a + big - big;
  return x < 0 ? -r : r;
}

template <class From> inline i128 wholeOf(From x, bool &) { return i128(x); }
template <> inline i128 wholeOf(double x, bool &bad) {
  const double r = roundEven(x);
  bad = !(r >= -0x1p63 && r < 0x1p63);
  return bad ? 0 : i128(int64_t(r));
}
template <> inline i128 wholeOf(float x, bool &bad) { return wholeOf<double>(x, bad); }

template <class From, class To> struct Convert {
  // To an integer kind within [low, high].
  static bool integers(const Cast &c, const Vec &vec, const Type *to, i128 low, i128 high, Vec &out) {
    To *data = makeFlat<To>(c.arena, to, vec.n, out);
    if (!data) return false;
    out.valid = vec.valid;
    uint8_t *known = nullptr;
    const From *x = vec.as<From>();
    for (uint32_t i = 0; i < vec.n; i++) {
      bool bad = false;
      const i128 whole = wholeOf<From>(x[i], bad);
      data[i] = To(whole);
      if (!bad && whole >= low && whole <= high) continue;
      if (vec.valid && !vec.valid[i]) continue;
      if (!c.attempt) return c.run.raise("22003", rangeError(to));
      if (!known) {
        if (!(known = c.arena.filled<uint8_t>(vec.n, 1))) return false;
        if (vec.valid) memcpy(known, vec.valid, vec.n);
        out.valid = known;
      }
      known[i] = 0;
    }
    return true;
  }
  // To a wider type: nothing can go wrong.
  static bool widen(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
    To *data = makeFlat<To>(c.arena, to, vec.n, out);
    if (!data) return false;
    out.valid = vec.valid;
    const From *x = vec.as<From>();
    for (uint32_t i = 0; i < vec.n; i++) data[i] = To(x[i]);
    return true;
  }
};

// Whether every value of `from` is one of `to`, both integers.
bool isWidening(uint8_t from, uint8_t to) {
  static const uint8_t bits[] = {0, 0, 7, 15, 31, 63, 8, 16, 32, 64};
  return (from >= kUint1 || to < kUint1) && bits[to] >= bits[from];
}

template <class From, class To> bool toIntegers(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  if (isStoredInteger(vec.type->kind) && isWidening(vec.type->kind, to->kind)) return Convert<From, To>::widen(c, vec, to, out);
  static const int64_t lows[] = {0, 0, -128, -32768, INT32_MIN, INT64_MIN, 0, 0, 0, 0};
  static const uint64_t highs[] = {0, 0, 127, 32767, INT32_MAX, INT64_MAX, 255, 65535, UINT32_MAX, UINT64_MAX};
  return Convert<From, To>::integers(c, vec, to, lows[to->kind], i128(highs[to->kind]), out);
}

// To float4, with PostgreSQL's errors where a value becomes infinite or zero.
bool narrowFloats(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  float *data = makeFlat<float>(c.arena, to, vec.n, out);
  if (!data) return false;
  out.valid = vec.valid;
  const double *x = vec.as<double>();
  uint8_t *known = nullptr;
  for (uint32_t i = 0; i < vec.n; i++) {
    const float r = data[i] = float(x[i]);
    const bool over = r == r && r - r != 0 && x[i] - x[i] == 0, under = r == 0 && x[i] != 0;
    if ((!over && !under) || (vec.valid && !vec.valid[i])) continue;
    if (!c.attempt) return c.run.raise("22003", over ? "value out of range: overflow" : "value out of range: underflow");
    if (!known) {
      if (!(known = c.arena.filled<uint8_t>(vec.n, 1))) return false;
      if (vec.valid) memcpy(known, vec.valid, vec.n);
      out.valid = known;
    }
    known[i] = 0;
  }
  return true;
}

template <class From> bool toNumeric(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  i128 *data = makeFlat<i128>(c.arena, to, vec.n, out);
  if (!data) return false;
  out.valid = vec.valid;
  const i128 bound = powerOfTen(to->precision);
  const From *x = vec.as<From>();
  for (uint32_t i = 0; i < vec.n; i++) {
    data[i] = i128(x[i]);
    if (data[i] < bound && data[i] > -bound) continue;
    if (!vec.valid || vec.valid[i]) return c.run.cannot("a numeric is out of range");
  }
  return true;
}

template <class From> bool fromInteger(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  switch (to->kind) {
    case kFloat8: return Convert<From, double>::widen(c, vec, to, out);
    case kFloat4: {
      // By way of a double, as everywhere.
      float *data = makeFlat<float>(c.arena, to, vec.n, out);
      if (!data) return false;
      out.valid = vec.valid;
      for (uint32_t i = 0; i < vec.n; i++) data[i] = float(double(vec.as<From>()[i]));
      return true;
    }
    case kNumeric: return toNumeric<From>(c, vec, to, out);
    case kBool: {
      uint8_t *data = makeFlat<uint8_t>(c.arena, to, vec.n, out);
      if (!data) return false;
      out.valid = vec.valid;
      for (uint32_t i = 0; i < vec.n; i++) data[i] = vec.as<From>()[i] != 0;
      return true;
    }
    default: break;
  }
  switch (physicalOf(to->kind)) {
    case pI32: return toIntegers<From, int32_t>(c, vec, to, out);
    case pU64: return toIntegers<From, uint64_t>(c, vec, to, out);
    default: return toIntegers<From, int64_t>(c, vec, to, out);
  }
}

template <class From> bool fromFloat(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  switch (to->kind) {
    case kFloat8: return Convert<From, double>::widen(c, vec, to, out);
    case kFloat4: return narrowFloats(c, vec, to, out);
    case kInt8: return toIntegers<From, int64_t>(c, vec, to, out);
    default: return toIntegers<From, int32_t>(c, vec, to, out);
  }
}

bool fromDate(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  int64_t *data = makeFlat<int64_t>(c.arena, to, vec.n, out);
  if (!data) return false;
  out.valid = vec.valid;
  const int32_t *days = vec.as<int32_t>();
  for (uint32_t i = 0; i < vec.n; i++) {
    const bool beyond = __builtin_mul_overflow(int64_t(days[i]), int64_t(86400000000), &data[i]);
    if (days[i] >= INT32_MAX) data[i] = INT64_MAX;
    else if (days[i] <= -INT32_MAX) data[i] = -INT64_MAX;
    else if (beyond && (!vec.valid || vec.valid[i])) return c.run.cannot("a date beyond timestamps");
  }
  return true;
}

bool castVec(const Cast &c, const Vec &vec, const Type *to, Vec &out) {
  const Type *from = vec.type;
  if (from->kind == kList) {
    Vec *child = c.arena.make<Vec>(1);
    if (!child || !castVec(c, *vec.child, to->element, *child)) return false;
    child->constant = vec.child->constant;
    out = vec;
    out.type = to;
    out.child = child;
    return true;
  }
  if (from->kind == to->kind || isText(from->kind)) {
    out = vec;
    out.type = to;
    return true;
  }
  switch (from->kind) {
    case kFloat4: return fromFloat<float>(c, vec, to, out);
    case kFloat8: return fromFloat<double>(c, vec, to, out);
    case kDate: return fromDate(c, vec, to, out);
    case kBool: return Convert<uint8_t, int32_t>::widen(c, vec, to, out);
    default: break;
  }
  switch (physicalOf(from->kind)) {
    case pI32: return fromInteger<int32_t>(c, vec, to, out);
    case pU64: return fromInteger<uint64_t>(c, vec, to, out);
    default: return fromInteger<int64_t>(c, vec, to, out);
  }
}

}  // namespace

bool castOp(const Call &c, Vec &out) {
  return castVec(Cast{c.run, c.arena, (c.i.immediate & castAttempt) != 0}, *c.args[0], c.i.type, out);
}
