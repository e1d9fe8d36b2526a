// float8 mathematics with PostgreSQL's errors (src/core/value/math.ts).
#include "elementary.h"
#include "ops.h"

namespace {

using namespace elementary;

// Set by a function that raises; the loops look once per value that they reach.
struct Raised {
  const char *code = nullptr, *text = nullptr;
  double operator()(const char *sqlstate, const char *message) {
    code = sqlstate;
    text = message;
    return 0;
  }
};
constexpr const char *range = "22003";

inline double overflows(Raised &e) { return e(range, "value out of range: overflow"); }
inline double underflows(Raised &e) { return e(range, "value out of range: underflow"); }
inline double outside(Raised &e) { return e(range, "input is out of range"); }

inline double rounded(double x) {
  const double big = 4503599627370496.0, a = absolute(x);
  if (!(a < big)) return x;
  const double r = a + big - big;
  return x < 0 || isNegativeZero(x) ? -r : r;
}

template <double (*F)(double)> inline double logarithm(double x, Raised &e) {
  if (x == 0) return e("2201E", "cannot take logarithm of zero");
  if (x < 0) return e("2201E", "cannot take logarithm of a negative number");
  return F(x);
}
template <double (*F)(double)> inline double periodic(double x, Raised &e) { return absolute(x) == infinity ? outside(e) : F(x); }
template <double (*F)(double)> inline double unit(double x, Raised &e) { return x < -1 || x > 1 ? outside(e) : F(x); }

double power(double x, double y, Raised &e) {
  if (x == 0 && y < 0) return e("2201F", "zero raised to a negative power is undefined");
  if (x < 0 && isFinite(x) && isFinite(y) && y != __builtin_floor(y))
    return e("2201F", "a negative number raised to a non-integer power yields a complex result");
  if (x == 1 || y == 0) return 1;
  if (x == -1 && absolute(y) == infinity) return 1;
  const double r = pow(x, y);
  if (absolute(r) == infinity && isFinite(x) && isFinite(y)) return overflows(e);
  return r == 0 && x != 0 && isFinite(x) && isFinite(y) ? underflows(e) : r;
}

template <class F> bool each(const Call &c, Vec &out, F f) {
  double *data = makeFlat<double>(c.arena, c.i.type, c.n, out);
  if (!data) return false;
  const Vec &a = *c.args[0];
  out.valid = a.valid;
  const double *x = a.as<double>();
  Raised e;
  for (uint32_t i = 0; i < c.n; i++) {
    if (a.valid && !a.valid[i]) {
      data[i] = 0;
      continue;
    }
    data[i] = f(x[i], e);
    if (e.code) return c.run.raise(e.code, e.text);
  }
  return true;
}
// What cannot fail runs over everything, so that the simple ones become vector instructions.
template <class F> bool all(const Call &c, Vec &out, F f) {
  double *data = makeFlat<double>(c.arena, c.i.type, c.n, out);
  if (!data) return false;
  out.valid = c.args[0]->valid;
  const double *x = c.args[0]->as<double>();
  for (uint32_t i = 0; i < c.n; i++) data[i] = f(x[i]);
  return true;
}
template <class F> bool pairs(const Call &c, Vec &out, F f) {
  double *data = makeFlat<double>(c.arena, c.i.type, c.n, out);
  const Vec &a = *c.args[0], &b = *c.args[1];
  const uint8_t *valid;
  if (!data || !bothValid(c.arena, a, b, c.n, valid)) return false;
  out.valid = valid;
  const double *x = a.as<double>(), *y = b.as<double>();
  Raised e;
  for (uint32_t i = 0; i < c.n; i++) {
    if (valid && !valid[i]) {
      data[i] = 0;
      continue;
    }
    data[i] = f(x[a.constant ? 0 : i], y[b.constant ? 0 : i], e);
    if (e.code) return c.run.raise(e.code, e.text);
  }
  return true;
}

template <class T> bool tests(const Call &c, Vec &out) {
  uint8_t *data = makeFlat<uint8_t>(c.arena, c.i.type, c.n, out);
  if (!data) return false;
  out.valid = c.args[0]->valid;
  const T *x = c.args[0]->as<T>();
  for (uint32_t i = 0; i < c.n; i++) {
    const bool nan = x[i] != x[i], finite = x[i] - x[i] == 0;
    data[i] = c.i.op == oIsNan ? nan : c.i.op == oIsFinite ? finite : !nan && !finite;
  }
  return true;
}

}  // namespace

bool mathOp(const Call &c, Vec &out) {
  switch (c.i.op) {
    case oIsNan: case oIsInf: case oIsFinite:
      return c.args[0]->physical() == pF32 ? tests<float>(c, out) : tests<double>(c, out);
    case oSqrt:
      return each(c, out, [](double x, Raised &e) {
        return x < 0 ? e("2201F", "cannot take square root of a negative number") : squareRoot(x);
      });
    case oCbrt: return all(c, out, cbrt);
    case oExp:
      return each(c, out, [](double x, Raised &e) {
        const double r = elementary::exp(x);
        if (r == infinity && x != infinity) return overflows(e);
        return r == 0 && x != -infinity ? underflows(e) : r;
      });
    case oLn: return each(c, out, logarithm<elementary::log>);
    case oLog10: return each(c, out, logarithm<elementary::log10>);
    case oLog2: return each(c, out, logarithm<elementary::log2>);
    case oSin: return each(c, out, periodic<elementary::sin>);
    case oCos: return each(c, out, periodic<elementary::cos>);
    case oTan: return each(c, out, periodic<elementary::tan>);
    case oAsin: return each(c, out, unit<elementary::asin>);
    case oAcos: return each(c, out, unit<elementary::acos>);
    case oAtan: return all(c, out, elementary::atan);
    case oSinh: return all(c, out, elementary::sinh);
    case oCosh: return all(c, out, elementary::cosh);
    case oTanh: return all(c, out, elementary::tanh);
    case oAsinh: return all(c, out, elementary::asinh);
    case oAcosh: return each(c, out, [](double x, Raised &e) { return x < 1 ? outside(e) : elementary::acosh(x); });
    case oAtanh: return each(c, out, unit<elementary::atanh>);
    case oFloor: return all(c, out, [](double x) { return __builtin_floor(x); });
    case oCeil: return all(c, out, [](double x) { return __builtin_ceil(x); });
    case oTrunc: return all(c, out, [](double x) { return __builtin_trunc(x); });
    case oRound: return all(c, out, rounded);
    case oSign: return all(c, out, [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; });
    case oDegrees:
      return each(c, out, [](double x, Raised &e) {
        const double r = x / 0.017453292519943295;
        return absolute(r) == infinity && isFinite(x) ? overflows(e) : r;
      });
    case oRadians: return all(c, out, [](double x) { return x * 0.017453292519943295; });
    case oPow: return pairs(c, out, power);
    case oAtan2: return pairs(c, out, [](double y, double x, Raised &) { return elementary::atan2(y, x); });
    default: return c.run.cannot("an operation that this kernel lacks");
  }
}
