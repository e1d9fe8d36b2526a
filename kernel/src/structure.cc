// Lists made of values, and elements taken out of lists.
#include "ops.h"

// Position by position the values of all arguments.
bool makeListOp(const Call &c, Vec &out) {
  const uint32_t width = c.i.nArgs;
  const uint64_t total = uint64_t(width) * c.n;
  if (total > INT32_MAX) return c.run.cannot("it has too many elements at a time");
  int32_t *offsets = c.arena.make<int32_t>(uint64_t(c.n) + 1);
  uint32_t *index = c.arena.make<uint32_t>(total);
  Vec *parts = c.arena.make<Vec>(width), *child = c.arena.make<Vec>(1), all;
  const Vec **list = c.arena.make<const Vec *>(width);
  if (!offsets || !index || !parts || !child || !list) return false;
  for (uint32_t a = 0; a < width; a++) {
    if (!c.run.onTime(c.n) || !spread(c.arena, *c.args[a], c.n, parts[a])) return false;
    list[a] = &parts[a];
    for (uint32_t i = 0; i < c.n; i++) index[uint64_t(i) * width + a] = a * c.n + i;
  }
  for (uint32_t i = 0; i <= c.n; i++) offsets[i] = int32_t(i * width);
  if (!concat(c.arena, list, width, c.i.type->element, all) || !gather(c.arena, all, index, uint32_t(total), *child)) return false;
  out = Vec{c.i.type, c.n, false, nullptr, offsets, child};
  return true;
}

namespace {

// Where the element lies in the list's child; `nowhere` outside the list, which is 1-based, and in NULL lists.
inline uint32_t placeOf(const Vec &lists, uint32_t i, int64_t at) {
  const int32_t start = lists.offsets()[i], length = lists.offsets()[i + 1] - start;
  return at >= 1 && at <= length && (!lists.valid || lists.valid[i]) ? uint32_t(start + int32_t(at) - 1) : nowhere;
}

// Flat elements, in one pass.
template <class T, class At> bool subscriptFlat(const Call &c, const Vec &lists, At at, Vec &out) {
  T *data = makeFlat<T>(c.arena, c.i.type, c.n, out);
  uint8_t *valid = c.arena.make<uint8_t>(c.n);
  if (!data || !valid) return false;
  const T *x = lists.child->as<T>();
  const uint8_t *known = lists.child->valid;
  for (uint32_t i = 0; i < c.n; i++) {
    const uint32_t place = placeOf(lists, i, at(i)), safe = place == nowhere ? 0 : place;
    data[i] = x[safe];
    valid[i] = (place != nowhere) & (known ? known[safe] : 1);
  }
  out.valid = valid;
  return true;
}

template <class At> bool subscript(const Call &c, const Vec &lists, At at, Vec &out) {
  const Vec &child = *lists.child;
  if (child.n > 0 && !child.constant && child.physical() != pList)
    return byPhysical(child.physical(), [&](auto tag) { return subscriptFlat<typename decltype(tag)::type>(c, lists, at, out); });
  uint32_t *index = c.arena.make<uint32_t>(c.n);
  if (!index) return false;
  for (uint32_t i = 0; i < c.n; i++) index[i] = placeOf(lists, i, at(i));
  if (!gatherOrNull(c.arena, child, index, c.n, out)) return false;
  out.type = c.i.type;
  return true;
}

}  // namespace

bool subscriptOp(const Call &c, Vec &out) {
  Vec lists;
  const Vec &place = *c.args[1];
  if (!spread(c.arena, *c.args[0], c.n, lists)) return false;
  // A NULL position is outside every list.
  auto positionAt = [&](uint32_t i) -> int64_t {
    if (!place.isValid(i)) return 0;
    if (place.constant) i = 0;
    return place.physical() == pI64 ? place.as<int64_t>()[i] : place.as<int32_t>()[i];
  };
  if (!place.constant) return subscript(c, lists, positionAt, out);
  const int64_t at = positionAt(0);
  return subscript(c, lists, [at](uint32_t) { return at; }, out);
}
