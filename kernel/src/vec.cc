// Vectors: taking positions out of them and putting them together, whatever they hold.
#include "vec.h"

namespace {

bool gatherValid(Arena &arena, const uint8_t *from, const uint32_t *index, uint32_t n, const uint8_t *&out) {
  out = nullptr;
  if (!from) return true;
  uint8_t *made = arena.make<uint8_t>(n);
  if (!made) return false;
  for (uint32_t i = 0; i < n; i++) made[i] = from[index[i]];
  out = made;
  return true;
}

// Lists at some positions: their elements lie together, so that they are found run by run.
bool gatherLists(Arena &arena, const Vec &vec, const uint32_t *index, uint32_t n, Vec &out) {
  int32_t *offsets = arena.make<int32_t>(uint64_t(n) + 1);
  if (!offsets) return false;
  const int32_t *from = vec.offsets();
  uint64_t total = 0;
  offsets[0] = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t at = index[i];
    if (!vec.valid || vec.valid[at]) total += uint32_t(from[at + 1] - from[at]);
    if (total > INT32_MAX) return arena.memory.failed = true, false;
    offsets[i + 1] = int32_t(total);
  }
  uint32_t *elements = arena.make<uint32_t>(total);
  Vec *child = arena.make<Vec>(1);
  if (!elements || !child) return false;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t shift = uint32_t(from[index[i]]) - uint32_t(offsets[i]);
    for (int32_t k = offsets[i]; k < offsets[i + 1]; k++) elements[k] = uint32_t(k) + shift;
  }
  out.data = offsets;
  out.child = child;
  return gather(arena, *vec.child, elements, uint32_t(total), *child);
}

}  // namespace

bool gather(Arena &arena, const Vec &vec, const uint32_t *index, uint32_t n, Vec &out) {
  if (vec.constant) return out = vec, true;
  Vec made{vec.type, n, false, nullptr, nullptr, nullptr};
  if (!gatherValid(arena, vec.valid, index, n, made.valid)) return false;
  if (vec.physical() == pList) {
    if (!gatherLists(arena, vec, index, n, made)) return false;
  } else {
    bool good = byPhysical(vec.physical(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      T *data = arena.make<T>(n);
      if (!data) return false;
      const T *from = vec.as<T>();
      for (uint32_t i = 0; i < n; i++) data[i] = from[index[i]];
      made.data = data;
      return true;
    });
    if (!good) return false;
  }
  out = made;
  return true;
}

bool gatherOrNull(Arena &arena, const Vec &vec, const uint32_t *index, uint32_t n, Vec &out) {
  uint32_t missing = 0;
  for (uint32_t i = 0; i < n; i++) missing |= index[i] == nowhere;
  if (!missing && !vec.constant) return gather(arena, vec, index, n, out);
  if (vec.n == 0) return nulls(arena, vec.type, n, out);
  Vec whole;
  uint32_t *clamped = arena.make<uint32_t>(n);
  uint8_t *valid = arena.make<uint8_t>(n);
  if (!clamped || !valid) return false;
  for (uint32_t i = 0; i < n; i++) clamped[i] = vec.constant || index[i] == nowhere ? 0 : index[i];
  whole = vec;
  whole.constant = false;
  if (!gather(arena, whole, clamped, n, out)) return false;
  for (uint32_t i = 0; i < n; i++) valid[i] = index[i] == nowhere ? 0 : out.valid ? out.valid[i] : 1;
  out.valid = valid;
  return true;
}

bool spread(Arena &arena, const Vec &vec, uint32_t n, Vec &out) {
  if (!vec.constant) return out = vec, true;
  uint32_t *index = arena.zeros<uint32_t>(n);
  if (!index) return false;
  Vec one = vec;
  one.constant = false;
  return gather(arena, one, index, n, out);
}

bool nulls(Arena &arena, const Type *type, uint32_t n, Vec &out) {
  uint8_t *valid = arena.zeros<uint8_t>(n);
  if (!valid) return false;
  out = Vec{type, n, false, valid, nullptr, nullptr};
  if (physicalOf(type->kind) != pList) return (out.data = arena.zeros<uint8_t>(uint64_t(n) * widthOf(physicalOf(type->kind)))) != nullptr;
  Vec *child = arena.make<Vec>(1);
  return child && (out.data = arena.zeros<int32_t>(uint64_t(n) + 1)) && nulls(arena, type->element, 0, *child) && (out.child = child, true);
}

bool concat(Arena &arena, const Vec *const *parts, uint32_t nParts, const Type *type, Vec &out) {
  if (nParts == 0) return nulls(arena, type, 0, out);
  if (nParts == 1) return out = *parts[0], true;
  uint64_t total = 0;
  bool anyNull = false;
  for (uint32_t p = 0; p < nParts; p++) {
    total += parts[p]->n;
    anyNull |= parts[p]->valid != nullptr;
  }
  if (total > INT32_MAX) return arena.memory.failed = true, false;
  const uint32_t n = uint32_t(total);
  Vec made{type, n, false, nullptr, nullptr, nullptr};
  if (anyNull) {
    uint8_t *valid = arena.make<uint8_t>(n);
    if (!valid) return false;
    for (uint32_t p = 0, at = 0; p < nParts; at += parts[p++]->n) {
      if (parts[p]->valid) memcpy(valid + at, parts[p]->valid, parts[p]->n);
      else memset(valid + at, 1, parts[p]->n);
    }
    made.valid = valid;
  }
  const Physical physical = physicalOf(type->kind);
  if (physical != pList) {
    const uint32_t width = widthOf(physical);
    uint8_t *data = arena.make<uint8_t>(total * width);
    if (!data) return false;
    made.data = data;
    for (uint32_t p = 0; p < nParts; p++) {
      const uint64_t bytes = uint64_t(parts[p]->n) * width;
      if (bytes) memcpy(data, parts[p]->data, bytes);
      data += bytes;
    }
    out = made;
    return true;
  }
  int32_t *offsets = arena.make<int32_t>(total + 1);
  const Vec **children = arena.make<const Vec *>(nParts);
  Vec *child = arena.make<Vec>(1), *cut = arena.make<Vec>(nParts);
  if (!offsets || !children || !child || !cut) return false;
  uint64_t base = 0;
  offsets[0] = 0;
  for (uint32_t p = 0, at = 0; p < nParts; at += parts[p++]->n) {
    const int32_t *from = parts[p]->offsets();
    const uint32_t size = parts[p]->n;
    if (base + uint32_t(from[size]) > INT32_MAX) return arena.memory.failed = true, false;
    for (uint32_t i = 1; i <= size; i++) offsets[at + i] = from[i] + int32_t(base);
    base += uint32_t(from[size]);
    // The child may be longer than the lists reach.
    cut[p] = *parts[p]->child;
    if (cut[p].constant) {
      if (!spread(arena, *parts[p]->child, uint32_t(from[size]), cut[p])) return false;
    }
    cut[p].n = uint32_t(from[size]);
    children[p] = &cut[p];
  }
  made.data = offsets;
  made.child = child;
  if (!concat(arena, children, nParts, type->element, *child)) return false;
  out = made;
  return true;
}

bool validBytes(Arena &arena, const Vec &a, uint32_t n, const uint8_t *&out) {
  out = a.valid;
  return !a.constant || !a.valid || (out = arena.filled<uint8_t>(n, a.valid[0]));
}

bool bothValid(Arena &arena, const Vec &a, const Vec &b, uint32_t n, const uint8_t *&out) {
  const uint8_t *x, *y;
  if (!validBytes(arena, a, n, x) || !validBytes(arena, b, n, y)) return false;
  if (!x || !y) return out = x ? x : y, true;
  uint8_t *made = arena.make<uint8_t>(n);
  if (!made) return false;
  for (uint32_t i = 0; i < n; i++) made[i] = x[i] & y[i];
  out = made;
  return true;
}

int orderAt(const Vec &a, uint32_t i, const Vec &b, uint32_t k) {
  if (a.constant) i = 0;
  if (b.constant) k = 0;
  if (a.physical() == pList) return 0;
  return byPhysical(a.physical(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    return order(a.as<T>()[i], b.as<T>()[k]);
  });
}
