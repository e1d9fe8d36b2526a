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

// 1-based; outside the list NULL.
bool subscriptOp(const Call &c, Vec &out) {
  Vec lists, place;
  uint32_t *index = c.arena.make<uint32_t>(c.n);
  if (!index || !spread(c.arena, *c.args[0], c.n, lists) || !spread(c.arena, *c.args[1], c.n, place)) return false;
  const int32_t *offsets = lists.offsets();
  const bool wide = place.physical() == pI64;
  for (uint32_t i = 0; i < c.n; i++) {
    const int64_t at = !place.isValid(i) ? 0 : wide ? place.as<int64_t>()[i] : place.as<int32_t>()[i];
    const bool inside = at >= 1 && at <= offsets[i + 1] - offsets[i] && lists.isValid(i);
    index[i] = inside ? uint32_t(offsets[i] + at - 1) : nowhere;
  }
  if (!gatherOrNull(c.arena, *lists.child, index, c.n, out)) return false;
  out.type = c.i.type;
  return true;
}
