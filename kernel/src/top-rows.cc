#include "top-rows.h"

#include "sort.h"

namespace {

struct RowOrder {
  const Vec *keys;
  const SortKey *directions;
  uint32_t nKeys;

  bool operator()(uint32_t a, uint32_t b) const {
    for (uint32_t k = 0; k < nKeys; k++) {
      const Vec &key = keys[k];
      const bool validA = key.isValid(a), validB = key.isValid(b);
      if (!validA || !validB) {
        if (validA == validB) continue;
        return validA != directions[k].nullsFirst;
      }
      const int d = orderAt(key, a, key, b);
      if (d != 0) return directions[k].descending ? d > 0 : d < 0;
    }
    return a < b;
  }
};

// Calls `f` with the rows that are not plainly worse, by their first key, than the worst of the best so far, which `worst` names.
template <class T, class Worst, class F> void eachCandidate(const Vec &first, bool descending, uint32_t n, Worst worst, F f) {
  const T *x = first.as<T>();
  T bound{};
  bool bounded = false;
  for (uint32_t i = 0; i < n; i++) {
    if (bounded && (descending ? x[i] < bound : x[i] > bound) && first.isValid(i)) continue;
    if (!f(i)) continue;
    const uint32_t at = worst();
    bounded = at != nowhere && first.isValid(at) && x[at] == x[at];
    if (bounded) bound = x[at];
  }
}

}  // namespace

uint32_t topRows(const Vec *keys, const SortKey *directions, uint32_t nKeys, uint32_t n, uint32_t limit, uint32_t *out) {
  const RowOrder before{keys, directions, nKeys};
  if (limit == 0) return 0;
  if (limit >= n) {
    for (uint32_t i = 0; i < n; i++) out[i] = i;
    sortPositions(out, n, before);
    return n;
  }
  // A heap of the best so far, its worst on top.
  uint32_t held = 0;
  auto worst = [&] { return held == limit ? out[0] : nowhere; };
  auto offer = [&](uint32_t i) {
    if (held < limit) {
      out[held++] = i;
      if (held == limit) makeHeap(out, held, before);
      return held == limit;
    }
    if (!before(i, out[0])) return false;
    out[0] = i;
    siftDown(out, 0, held, before);
    return true;
  };
  const bool flat = nKeys > 0 && !keys[0].constant;
  const bool descending = nKeys > 0 && directions[0].descending;
  switch (flat ? keys[0].physical() : pText) {
    case pI32: eachCandidate<int32_t>(keys[0], descending, n, worst, offer); break;
    case pI64: eachCandidate<int64_t>(keys[0], descending, n, worst, offer); break;
    case pF32: eachCandidate<float>(keys[0], descending, n, worst, offer); break;
    case pF64: eachCandidate<double>(keys[0], descending, n, worst, offer); break;
    default:
      for (uint32_t i = 0; i < n; i++) offer(i);
  }
  sortPositions(out, held, before);
  return held;
}
