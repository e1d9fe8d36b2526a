// Comparisons: NaN equals NaN and is above everything, -0 equals 0; texts by their bytes, which is the order of code points.
#include "convert.h"
#include "numeric.h"
#include "ops.h"

namespace {

// x < y, x = y with NaN above all. Without branches, so that the loops become vector instructions.
template <class T> inline bool less(T x, T y) { return x < y; }
template <class T> inline bool same(T x, T y) { return x == y; }
inline bool less(float x, float y) { return !(x >= y) & (x == x); }
inline bool less(double x, double y) { return !(x >= y) & (x == x); }
inline bool same(float x, float y) { return (x == y) | ((x != x) & (y != y)); }
inline bool same(double x, double y) { return (x == y) | ((x != x) & (y != y)); }
inline bool less(const Slice &x, const Slice &y) { return order(x, y) < 0; }
inline bool same(const Slice &x, const Slice &y) {
  return x.size == y.size && (x.size == 0 || memcmp(x.at, y.at, x.size) == 0);
}

template <class T, class F> inline void tests(const T *a, bool ca, const T *b, bool cb, uint8_t *out, uint32_t n, F f) {
  if (ca && cb) memset(out, f(a[0], b[0]), n);
  else if (cb) {
    const T y = b[0];
    for (uint32_t i = 0; i < n; i++) out[i] = f(a[i], y);
  } else if (ca) {
    const T x = a[0];
    for (uint32_t i = 0; i < n; i++) out[i] = f(x, b[i]);
  } else
    for (uint32_t i = 0; i < n; i++) out[i] = f(a[i], b[i]);
}

template <class T> void compare(uint8_t op, const T *a, bool ca, const T *b, bool cb, uint8_t *out, uint32_t n) {
  switch (op) {
    case oEq: return tests(a, ca, b, cb, out, n, [](const T &x, const T &y) { return same(x, y); });
    case oNe: return tests(a, ca, b, cb, out, n, [](const T &x, const T &y) { return !same(x, y); });
    case oLt: return tests(a, ca, b, cb, out, n, [](const T &x, const T &y) { return less(x, y); });
    case oGe: return tests(a, ca, b, cb, out, n, [](const T &x, const T &y) { return !less(x, y); });
    case oGt: return tests(a, ca, b, cb, out, n, [](const T &x, const T &y) { return less(y, x); });
    default: return tests(a, ca, b, cb, out, n, [](const T &x, const T &y) { return !less(y, x); });
  }
}

bool holds(uint8_t op, int order) {
  switch (op) {
    case oEq: return order == 0;
    case oNe: return order != 0;
    case oLt: return order < 0;
    case oLe: return order <= 0;
    case oGt: return order > 0;
    default: return order >= 0;
  }
}

template <class T> bool compareAs(const Call &c, uint8_t op, uint8_t *out) {
  const T *x = valuesAs<T>(c.arena, *c.args[0]), *y = valuesAs<T>(c.arena, *c.args[1]);
  if (!x || !y) return false;
  compare(op, x, c.args[0]->constant, y, c.args[1]->constant, out, c.n);
  return true;
}

// A constant that is exact in the narrower type of the other side, so that the column need not be widened.
bool narrowed(Arena &arena, const Vec &wide, const Vec &narrow, Vec &out) {
  if (!wide.constant || narrow.constant) return false;
  if (wide.physical() == pF64 && narrow.physical() == pF32) {
    const double v = *wide.as<double>();
    if (double(float(v)) != v) return false;
    float *made = makeFlat<float>(arena, narrow.type, 1, out);
    if (!made) return false;
    *made = float(v);
  } else if (wide.physical() == pI64 && narrow.physical() == pI32) {
    const int64_t v = *wide.as<int64_t>();
    if (int32_t(v) != v) return false;
    int32_t *made = makeFlat<int32_t>(arena, narrow.type, 1, out);
    if (!made) return false;
    *made = int32_t(v);
  } else return false;
  out.constant = true;
  return true;
}

bool compareNumerics(const Call &c, uint8_t op, uint8_t *out) {
  const Vec &a = *c.args[0], &b = *c.args[1];
  for (uint32_t i = 0; i < c.n; i++)
    out[i] = holds(op, orderNumeric(a.as<i128>()[a.constant ? 0 : i], a.type->scale, b.as<i128>()[b.constant ? 0 : i], b.type->scale));
  return true;
}

template <class T> bool compareSame(const Call &c, uint8_t op, uint8_t *out) {
  compare(op, c.args[0]->as<T>(), c.args[0]->constant, c.args[1]->as<T>(), c.args[1]->constant, out, c.n);
  return true;
}

bool compareInto(const Call &c, uint8_t op, uint8_t *out) {
  Vec made;
  const Vec *args[2] = {c.args[0], c.args[1]};
  for (int side = 0; side < 2; side++)
    if (narrowed(c.arena, *args[side], *args[1 - side], made)) {
      args[side] = &made;
      return compareInto(Call{c.run, c.arena, c.i, args, c.n}, op, out);
    }
  const Physical p = c.args[0]->physical(), q = c.args[1]->physical();
  switch (p) {
    case pBool: return compareSame<uint8_t>(c, op, out);
    case pI32: return q == pI32 ? compareAs<int32_t>(c, op, out) : compareAs<int64_t>(c, op, out);
    case pI64: return compareAs<int64_t>(c, op, out);
    case pF32: return q == pF32 ? compareAs<float>(c, op, out) : compareAs<double>(c, op, out);
    case pF64: return compareAs<double>(c, op, out);
    case pI128: return compareNumerics(c, op, out);
    default: return compareSame<Slice>(c, op, out);
  }
}

}  // namespace

bool compareOp(const Call &c, Vec &out) {
  const uint8_t *valid;
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  if (!data || !bothValid(c.arena, *c.args[0], *c.args[1], c.n, valid)) return false;
  out.valid = valid;
  return compareInto(c, c.i.op, data);
}

bool distinctOp(const Call &c, Vec &out) {
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  const uint8_t *x, *y;
  if (!data || !validBytes(c.arena, *c.args[0], c.n, x) || !validBytes(c.arena, *c.args[1], c.n, y)) return false;
  if (!compareInto(c, oEq, data)) return false;
  const uint8_t distinct = c.i.op == oIsDistinct;
  for (uint32_t i = 0; i < c.n; i++) {
    const uint8_t p = x ? x[i] : 1, q = y ? y[i] : 1;
    data[i] = (p & q ? data[i] : p == q) ^ distinct;
  }
  return true;
}

// `= ANY` of constants: NULL where nothing matches and a NULL is among them.
bool inOp(const Call &c, Vec &out) {
  const Vec &a = *c.args[0], &set = *c.i.values;
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  const uint8_t *valid;
  if (!data || !validBytes(c.arena, a, c.n, valid)) return false;
  byPhysical(a.physical(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T *x = a.as<T>(), *values = set.as<T>();
    const uint32_t stride = a.constant ? 0 : 1;
    memset(data, 0, c.n);
    if (set.n <= 8) {
      for (uint32_t v = 0; v < set.n; v++) {
        const T value = values[v];
        for (uint32_t i = 0; i < c.n; i++) data[i] |= uint8_t(same(x[i * stride], value));
      }
      return;
    }
    for (uint32_t i = 0; i < c.n; i++) {
      if (valid && !valid[i]) continue;
      uint32_t low = 0, high = set.n;
      while (low < high) {
        const uint32_t mid = (low + high) / 2;
        const int d = order(values[mid], x[i * stride]);
        if (d == 0) {
          data[i] = 1;
          break;
        }
        (d < 0 ? low : high) = d < 0 ? mid + 1 : mid;
      }
    }
  });
  out.valid = valid;
  if (!c.i.nullAmong) return true;
  uint8_t *known = c.arena.make<uint8_t>(c.n);
  if (!known) return false;
  for (uint32_t i = 0; i < c.n; i++) known[i] = data[i] & (valid ? valid[i] : 1);
  out.valid = known;
  return true;
}

// NULLs are passed over; of equal values the first stays.
bool extremeArgOp(const Call &c, Vec &out) {
  Vec best;
  if (!spread(c.arena, *c.args[0], c.n, best)) return false;
  return byPhysical(best.physical(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    T *data = c.arena.make<T>(c.n);
    uint8_t *valid = c.arena.make<uint8_t>(c.n);
    if (!data || !valid) return false;
    memcpy(static_cast<void *>(data), best.data, c.n * sizeof(T));
    for (uint32_t i = 0; i < c.n; i++) valid[i] = best.isValid(i);
    for (uint32_t a = 1; a < c.i.nArgs; a++) {
      const Vec &next = *c.args[a];
      if (!c.run.onTime(c.n)) return false;
      for (uint32_t i = 0; i < c.n; i++) {
        if (!next.isValid(i)) continue;
        const T &x = next.as<T>()[next.constant ? 0 : i];
        const int d = valid[i] ? order(x, data[i]) : 0;
        if (!valid[i] || (c.i.op == oLeast ? d < 0 : d > 0)) data[i] = x;
        valid[i] = 1;
      }
    }
    out = Vec{c.i.type, c.n, false, valid, data, nullptr};
    return true;
  });
}
