// Reductions of list elements to one value per list. NULL lists give NULL; NULL elements are passed over, but by `list_any` and `list_all`.
#include "exact-sum.h"
#include "ops.h"

namespace {

struct Reduction {
  Run &run;
  Arena &arena;
  const Instruction &i;
  const Vec &values;
  const Lists &lists;

  bool isValid(uint32_t list) const { return !lists.valid || lists.valid[list]; }
};

// Three-valued: the deciding value wins, else a NULL among the elements makes it unknown.
bool truths(const Reduction &r, Vec &out) {
  const uint32_t n = r.lists.n;
  uint8_t *data = makeFlat<uint8_t>(r.arena, r.i.type, n, out);
  if (!data) return false;
  const uint8_t *x = r.values.as<uint8_t>(), *known = r.values.valid;
  const int32_t *offsets = r.lists.offsets;
  const uint8_t other = r.i.op == oListAll;
  out.valid = r.lists.valid;
  if (!known) {
    for (uint32_t i = 0; i < n; i++) {
      uint8_t found = 0;
      for (int32_t k = offsets[i]; k < offsets[i + 1]; k++) found |= x[k] ^ other;
      data[i] = found ^ other;
    }
    return true;
  }
  uint8_t *valid = r.arena.filled<uint8_t>(n, 1);
  if (!valid) return false;
  for (uint32_t i = 0; i < n; i++) {
    uint8_t found = 0, unknown = 0;
    for (int32_t k = offsets[i]; k < offsets[i + 1]; k++) {
      unknown |= known[k] ^ 1;
      found |= known[k] & (x[k] ^ other);
    }
    data[i] = found ^ other;
    valid[i] = r.isValid(i) && !(unknown && !found);
  }
  out.valid = valid;
  return true;
}

template <class T> bool counts(const Reduction &r, Vec &out) {
  const uint32_t n = r.lists.n;
  T *data = makeFlat<T>(r.arena, r.i.type, n, out);
  if (!data) return false;
  out.valid = r.lists.valid;
  const int32_t *offsets = r.lists.offsets;
  const uint8_t *known = r.values.valid;
  const uint8_t *truth = r.values.physical() == pBool ? r.values.as<uint8_t>() : nullptr;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t count = 0;
    if (r.i.op == oListLen || (!truth && !known)) count = uint32_t(offsets[i + 1] - offsets[i]);
    else
      for (int32_t k = offsets[i]; k < offsets[i + 1]; k++) count += (known ? known[k] : 1) & (truth ? truth[k] : 1);
    data[i] = T(count);
  }
  // int2 wraps around as it does in 16 bits.
  if (r.i.type->kind == kInt2)
    for (uint32_t i = 0; i < n; i++)
      if (data[i] > 32767) return r.run.cannot("a count beyond smallint");
  return true;
}

template <class T> bool foldFloats(const Reduction &r, Vec &out) {
  const uint32_t n = r.lists.n;
  const bool narrow = r.i.type->kind == kFloat4;
  uint8_t *has = r.arena.zeros<uint8_t>(n);
  float *floats = narrow ? makeFlat<float>(r.arena, r.i.type, n, out) : nullptr;
  double *doubles = narrow ? nullptr : makeFlat<double>(r.arena, r.i.type, n, out);
  T *kept = r.values.valid ? r.arena.make<T>(r.values.n) : nullptr;
  if (!has || (!floats && !doubles) || (r.values.valid && !kept)) return false;
  const T *x = r.values.as<T>();
  for (uint32_t i = 0; i < n; i++) {
    double result = 0;
    const T *from = x + r.lists.offsets[i];
    uint32_t size = uint32_t(r.lists.offsets[i + 1] - r.lists.offsets[i]);
    if (!r.isValid(i)) size = 0;
    if (kept && size > 0) {
      const uint8_t *known = r.values.valid + r.lists.offsets[i];
      uint32_t count = 0;
      for (uint32_t k = 0; k < size; k++) kept[count] = from[k], count += known[k];
      from = kept;
      size = count;
    }
    if (size > 0) {
      has[i] = 1;
      if (r.i.op == oListProduct) {
        result = 1;
        bool finite = true;
        for (uint32_t k = 0; k < size; k++) {
          result *= double(from[k]);
          finite &= from[k] - from[k] == 0;
        }
        if (finite && result - result != 0 && result == result) return r.run.raise("22003", "value out of range: overflow");
      } else {
        if (!exactSum(from, size, narrow, result)) return r.run.raise("22003", "value out of range: overflow");
        if (r.i.op == oListAvg) result /= size;
      }
    }
    if (narrow) floats[i] = float(result);
    else doubles[i] = result;
  }
  out.valid = has;
  return true;
}

template <class T> bool foldIntegers(const Reduction &r, Vec &out) {
  const uint32_t n = r.lists.n;
  const bool whole = r.i.op == oListSum;
  uint8_t *has = r.arena.make<uint8_t>(n);
  int64_t *sums = whole ? makeFlat<int64_t>(r.arena, r.i.type, n, out) : nullptr;
  double *doubles = whole ? nullptr : makeFlat<double>(r.arena, r.i.type, n, out);
  if (!has || (!sums && !doubles)) return false;
  const T *x = r.values.as<T>();
  for (uint32_t i = 0; i < n; i++) {
    i128 sum = 0;
    double product = 1;
    uint32_t count = 0;
    if (r.isValid(i))
      for (int32_t k = r.lists.offsets[i]; k < r.lists.offsets[i + 1]; k++) {
        if (r.values.valid && !r.values.valid[k]) continue;
        if (r.i.op == oListProduct) product *= double(x[k]);
        else sum += x[k];
        count++;
      }
    has[i] = count > 0;
    if (whole) {
      if (sum < INT64_MIN || sum > INT64_MAX) return r.run.raise("22003", "bigint out of range");
      sums[i] = int64_t(sum);
    } else doubles[i] = count == 0 ? 0 : r.i.op == oListProduct ? product : double(sum) / count;
  }
  out.valid = has;
  return true;
}

// The first smallest or largest element, or its 1-based position; NaN is largest.
bool extremes(const Reduction &r, Vec &out) {
  const uint32_t n = r.lists.n;
  const bool largest = r.i.op == oListMax || r.i.op == oListArgmax;
  uint32_t *best = r.arena.make<uint32_t>(n);
  if (!best) return false;
  byPhysical(r.values.physical(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T *x = r.values.as<T>();
    for (uint32_t i = 0; i < n; i++) {
      uint32_t at = nowhere;
      if (r.isValid(i))
        for (int32_t k = r.lists.offsets[i]; k < r.lists.offsets[i + 1]; k++) {
          if (r.values.valid && !r.values.valid[k]) continue;
          if (at == nowhere) at = uint32_t(k);
          else {
            const int d = order(x[k], x[at]);
            if (largest ? d > 0 : d < 0) at = uint32_t(k);
          }
        }
      best[i] = at;
    }
  });
  if (r.i.op == oListMin || r.i.op == oListMax) {
    if (!gatherOrNull(r.arena, r.values, best, n, out)) return false;
    out.type = r.i.type;
    return true;
  }
  uint8_t *has = r.arena.make<uint8_t>(n);
  const bool wide = r.i.type->kind == kInt8;
  int32_t *narrow = wide ? nullptr : makeFlat<int32_t>(r.arena, r.i.type, n, out);
  int64_t *longs = wide ? makeFlat<int64_t>(r.arena, r.i.type, n, out) : nullptr;
  if (!has || (!narrow && !longs)) return false;
  for (uint32_t i = 0; i < n; i++) {
    has[i] = best[i] != nowhere;
    const int64_t at = has[i] ? int64_t(best[i]) - r.lists.offsets[i] + 1 : 0;
    if (wide) longs[i] = at;
    else narrow[i] = int32_t(at);
    if (r.i.type->kind == kInt2 && at > 32767) return r.run.cannot("a position beyond smallint");
  }
  out.valid = has;
  return true;
}

}  // namespace

bool reduceOp(Run &run, Arena &arena, const Instruction &i, const Vec &elements, const Lists &lists, Vec &out) {
  const Reduction r{run, arena, i, elements, lists};
  switch (i.op) {
    case oListAny: case oListAll: return truths(r, out);
    case oListCount: case oListLen: return i.type->kind == kInt8 ? counts<int64_t>(r, out) : counts<int32_t>(r, out);
    case oListSum: case oListProduct: case oListAvg:
      switch (elements.physical()) {
        case pF32: return foldFloats<float>(r, out);
        case pF64: return foldFloats<double>(r, out);
        case pI32: return foldIntegers<int32_t>(r, out);
        default: return foldIntegers<int64_t>(r, out);
      }
    default: return extremes(r, out);
  }
}
