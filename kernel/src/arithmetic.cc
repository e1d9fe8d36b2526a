// Arithmetic with PostgreSQL's errors: the loops note that something went wrong, a second look finds what. What lies under a NULL may be
// anything, so nothing here is undefined for any bits.
#include "convert.h"
#include "ops.h"

namespace {

constexpr const char *outOfRange = "22003";

// `f(x, y)` for each position; a constant operand has one value.
template <class T, class F> inline void each(const T *a, bool ca, const T *b, bool cb, T *out, uint32_t n, F f) {
  if (ca) {
    const T x = a[0];
    for (uint32_t i = 0; i < n; i++) out[i] = f(x, b[cb ? 0 : i]);
  } else if (cb) {
    const T y = b[0];
    for (uint32_t i = 0; i < n; i++) out[i] = f(a[i], y);
  } else
    for (uint32_t i = 0; i < n; i++) out[i] = f(a[i], b[i]);
}

template <class T> struct FloatBits;
template <> struct FloatBits<float> {
  using U = uint32_t;
  static constexpr U above = 0x00800000;
};
template <> struct FloatBits<double> {
  using U = uint64_t;
  static constexpr U above = 0x0010000000000000ull;
};
// Whether some value is infinite or NaN, or (where that matters) zero.
template <class T> bool anyOdd(const T *values, uint32_t n, bool zeros) {
  using U = typename FloatBits<T>::U;
  constexpr U sign = U(1) << (sizeof(U) * 8 - 1);
  U odd = 0;
  const U zero = zeros ? ~U(0) : 0;
  for (uint32_t i = 0; i < n; i++) {
    U x;
    memcpy(&x, values + i, sizeof x);
    x &= ~sign;
    odd |= (x + FloatBits<T>::above) | ((x - 1) & zero);
  }
  return odd & sign;
}

template <class T> inline bool finite(T x) { return x - x == 0; }
template <class T> inline bool infinite(T x) { return x == x && !finite(x); }

bool overflow(Run &run) { return run.raise(outOfRange, "value out of range: overflow"); }
bool underflow(Run &run) { return run.raise(outOfRange, "value out of range: underflow"); }

template <class T> bool checkFloat(Run &run, uint8_t op, T x, T y) {
  switch (op) {
    case oAdd: return !(infinite(T(x + y)) && finite(x) && finite(y)) || overflow(run);
    case oSub: return !(infinite(T(x - y)) && finite(x) && finite(y)) || overflow(run);
    case oMul: {
      const T r = x * y;
      if (infinite(r) && finite(x) && finite(y)) return overflow(run);
      return !(r == 0 && x != 0 && y != 0) || underflow(run);
    }
    default: {
      if (y == 0 && x == x) return run.raise("22012", "division by zero");
      const T r = x / y;
      if (infinite(r) && !infinite(x)) return overflow(run);
      return !(r == 0 && x != 0 && !infinite(y)) || underflow(run);
    }
  }
}

template <class T> bool floats(const Call &c, const uint8_t *valid, Vec &out) {
  const Vec &a = *c.args[0], &b = *c.args[1];
  const T *x = valuesAs<T>(c.arena, a), *y = valuesAs<T>(c.arena, b);
  T *r = makeFlat<T>(c.arena, c.i.type, c.n, out);
  if (!x || !y || !r) return false;
  out.valid = valid;
  const bool ca = a.constant, cb = b.constant;
  switch (c.i.op) {
    case oAdd: each(x, ca, y, cb, r, c.n, [](T p, T q) { return p + q; }); break;
    case oSub: each(x, ca, y, cb, r, c.n, [](T p, T q) { return p - q; }); break;
    case oMul: each(x, ca, y, cb, r, c.n, [](T p, T q) { return p * q; }); break;
    default: each(x, ca, y, cb, r, c.n, [](T p, T q) { return p / q; });
  }
  if (!anyOdd(r, c.n, c.i.op == oMul || c.i.op == oDiv)) return true;
  for (uint32_t i = 0; i < c.n; i++)
    if ((!valid || valid[i]) && !checkFloat(c.run, c.i.op, x[ca ? 0 : i], y[cb ? 0 : i])) return false;
  return true;
}

template <class T> T addWrapping(T a, T b);
template <> int32_t addWrapping(int32_t a, int32_t b) { return int32_t(uint32_t(a) + uint32_t(b)); }
template <> int64_t addWrapping(int64_t a, int64_t b) { return int64_t(uint64_t(a) + uint64_t(b)); }
template <class T> T subWrapping(T a, T b);
template <> int32_t subWrapping(int32_t a, int32_t b) { return int32_t(uint32_t(a) - uint32_t(b)); }
template <> int64_t subWrapping(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }

// The product, and whether it has more bits.
inline int32_t multiply(int32_t a, int32_t b, int32_t &bad) {
  const int64_t p = int64_t(a) * b;
  bad |= int32_t(p) != p ? -1 : 0;
  return int32_t(p);
}
inline int64_t multiply(int64_t a, int64_t b, int64_t &bad) {
  int64_t p;
  bad |= __builtin_mul_overflow(a, b, &p) ? -1 : 0;
  return p;
}
template <class T> constexpr T leastOf();
template <> constexpr int32_t leastOf() { return INT32_MIN; }
template <> constexpr int64_t leastOf() { return INT64_MIN; }

const char *rangeError(const Type *type) {
  return type->kind == kInt2 ? "smallint out of range" : type->kind == kInt4 ? "integer out of range" : "bigint out of range";
}

template <class T> bool checkInteger(const Call &c, T x, T y, T r) {
  bool bad = false;
  switch (c.i.op) {
    case oAdd: bad = ((x ^ r) & (y ^ r)) < 0; break;
    case oSub: bad = ((x ^ y) & (x ^ r)) < 0; break;
    case oMul: {
      T flag = 0;
      multiply(x, y, flag);
      bad = flag != 0;
      break;
    }
    default:
      if (y == 0) return c.run.raise("22012", "division by zero");
      bad = c.i.op == oDiv && y == -1 && x == leastOf<T>();
  }
  if (c.i.type->kind == kInt2) bad |= r < -32768 || r > 32767;
  return !bad || c.run.raise(outOfRange, rangeError(c.i.type));
}

template <class T> bool integers(const Call &c, const uint8_t *valid, Vec &out) {
  const Vec &a = *c.args[0], &b = *c.args[1];
  const T *x = valuesAs<T>(c.arena, a), *y = valuesAs<T>(c.arena, b);
  T *r = makeFlat<T>(c.arena, c.i.type, c.n, out);
  if (!x || !y || !r) return false;
  out.valid = valid;
  const bool ca = a.constant, cb = b.constant;
  T bad = 0;
  switch (c.i.op) {
    case oAdd:
      each(x, ca, y, cb, r, c.n, [&](T p, T q) {
        const T s = addWrapping(p, q);
        bad |= (p ^ s) & (q ^ s);
        return s;
      });
      break;
    case oSub:
      each(x, ca, y, cb, r, c.n, [&](T p, T q) {
        const T s = subWrapping(p, q);
        bad |= (p ^ q) & (p ^ s);
        return s;
      });
      break;
    case oMul: each(x, ca, y, cb, r, c.n, [&](T p, T q) { return multiply(p, q, bad); }); break;
    case oDiv:
      each(x, ca, y, cb, r, c.n, [&](T p, T q) {
        if (q == 0 || (q == -1 && p == leastOf<T>())) return bad = -1, T(0);
        return T(p / q);
      });
      break;
    default:
      each(x, ca, y, cb, r, c.n, [&](T p, T q) {
        if (q == 0) return bad = -1, T(0);
        return q == -1 ? T(0) : T(p % q);
      });
  }
  if (c.i.type->kind == kInt2)
    for (uint32_t i = 0; i < c.n; i++) bad |= r[i] < -32768 || r[i] > 32767 ? -1 : 0;
  if (bad >= 0) return true;
  for (uint32_t i = 0; i < c.n; i++)
    if ((!valid || valid[i]) && !checkInteger(c, x[ca ? 0 : i], y[cb ? 0 : i], r[i])) return false;
  return true;
}

template <class T> bool signs(const Call &c, T smallest, Vec &out) {
  const Vec &a = *c.args[0];
  T *r = makeFlat<T>(c.arena, c.i.type, c.n, out);
  if (!r) return false;
  out.valid = a.valid;
  const T *x = a.as<T>();
  bool bad = false;
  for (uint32_t i = 0; i < c.n; i++) {
    bad |= x[i] == smallest;
    r[i] = c.i.op == oNeg || x[i] < 0 ? subWrapping(T(0), x[i]) : x[i];
  }
  if (bad)
    for (uint32_t i = 0; i < c.n; i++)
      if (x[i] == smallest && a.isValid(i)) return c.run.raise(outOfRange, rangeError(c.i.type));
  return true;
}
template <class T> bool floatSigns(const Call &c, Vec &out) {
  using U = typename FloatBits<T>::U;
  constexpr U sign = U(1) << (sizeof(U) * 8 - 1);
  U *r = makeFlat<U>(c.arena, c.i.type, c.n, out);
  if (!r) return false;
  out.valid = c.args[0]->valid;
  const U *x = c.args[0]->as<U>();
  if (c.i.op == oNeg)
    for (uint32_t i = 0; i < c.n; i++) r[i] = x[i] ^ sign;
  else
    for (uint32_t i = 0; i < c.n; i++) r[i] = x[i] & ~sign;
  return true;
}

template <class T> bool bitwise(const Call &c, const uint8_t *valid, Vec &out) {
  const T *x = valuesAs<T>(c.arena, *c.args[0]), *y = c.i.nArgs > 1 ? valuesAs<T>(c.arena, *c.args[1]) : x;
  T *r = makeFlat<T>(c.arena, c.i.type, c.n, out);
  if (!x || !y || !r) return false;
  out.valid = valid;
  const bool ca = c.args[0]->constant, cb = c.i.nArgs > 1 ? c.args[1]->constant : ca;
  switch (c.i.op) {
    case oBitAnd: each(x, ca, y, cb, r, c.n, [](T p, T q) { return T(p & q); }); break;
    case oBitOr: each(x, ca, y, cb, r, c.n, [](T p, T q) { return T(p | q); }); break;
    case oBitXor: each(x, ca, y, cb, r, c.n, [](T p, T q) { return T(p ^ q); }); break;
    default:
      for (uint32_t i = 0; i < c.n; i++) r[i] = ~x[i];
  }
  return true;
}

}  // namespace

bool arithmeticOp(const Call &c, Vec &out) {
  const uint8_t *valid;
  if (!bothValid(c.arena, *c.args[0], *c.args[1], c.n, valid)) return false;
  switch (physicalOf(c.i.type->kind)) {
    case pF64: return floats<double>(c, valid, out);
    case pF32: return floats<float>(c, valid, out);
    case pI64: return integers<int64_t>(c, valid, out);
    default: return integers<int32_t>(c, valid, out);
  }
}

bool signOp(const Call &c, Vec &out) {
  switch (c.i.type->kind) {
    case kFloat8: return floatSigns<double>(c, out);
    case kFloat4: return floatSigns<float>(c, out);
    case kInt8: return signs<int64_t>(c, INT64_MIN, out);
    default: return signs<int32_t>(c, c.i.type->kind == kInt2 ? -32768 : INT32_MIN, out);
  }
}

bool bitwiseOp(const Call &c, Vec &out) {
  const uint8_t *valid;
  if (c.i.nArgs == 1) {
    if (!validBytes(c.arena, *c.args[0], c.n, valid)) return false;
  } else if (!bothValid(c.arena, *c.args[0], *c.args[1], c.n, valid)) return false;
  return c.i.type->kind == kInt8 ? bitwise<int64_t>(c, valid, out) : bitwise<int32_t>(c, valid, out);
}
