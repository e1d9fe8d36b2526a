#include "groups.h"

namespace {

constexpr int32_t windowLow = -4096;
constexpr uint32_t windowSize = 1 << 16;

inline uint64_t mix(uint64_t h) {
  h ^= h >> 32;
  h *= 0x9e3779b97f4a7c15ull;
  h ^= h >> 29;
  return h;
}
inline uint64_t hashOf(uint8_t v) { return v; }
inline uint64_t hashOf(int32_t v) { return uint64_t(int64_t(v)); }
inline uint64_t hashOf(int64_t v) { return uint64_t(v); }
inline uint64_t hashOf(uint64_t v) { return v; }
inline uint64_t hashOf(double v) {
  uint64_t bits;
  if (v == 0) v = 0;
  if (v != v) return 0x7ff8000000000000ull;
  memcpy(&bits, &v, 8);
  return v == 0 ? 0 : bits;
}
inline uint64_t hashOf(float v) { return hashOf(double(v)); }
inline uint64_t hashOf(i128 v) { return uint64_t(v) ^ mix(uint64_t(u128(v) >> 64)); }
inline uint64_t hashOf(const Slice &v) {
  uint64_t h = v.size;
  uint32_t i = 0;
  for (; i + 8 <= v.size; i += 8) {
    uint64_t w;
    memcpy(&w, v.at + i, 8);
    h = mix(h ^ w);
  }
  uint64_t w = 0;
  for (; i < v.size; i++) w = w << 8 | v.at[i];
  return h ^ w;
}

// The place in the window, or `none`.
template <class T> inline uint32_t placeOf(T v) {
  if (!(v >= T(0) ? v < T(windowSize + windowLow) : v >= T(windowLow))) return none;
  const int32_t whole = int32_t(v);
  return T(whole) == v ? uint32_t(whole - windowLow) : none;
}
template <> inline uint32_t placeOf(uint8_t v) { return v; }
template <> inline uint32_t placeOf(i128) { return none; }
template <> inline uint32_t placeOf(Slice) { return none; }

template <class T> inline void takeZero(bool &, double &, T &) {}
template <class T> inline void takeFloatZero(bool &seen, double &zero, T &v) {
  if (v != 0) return;
  if (!seen) {
    seen = true;
    zero = double(v);
  }
  v = T(zero);
}
template <> inline void takeZero(bool &seen, double &zero, float &v) { takeFloatZero(seen, zero, v); }
template <> inline void takeZero(bool &seen, double &zero, double &v) { takeFloatZero(seen, zero, v); }

}  // namespace

GroupTable::GroupTable(Run &run, const Type *const *types, uint32_t nKeys, Arena &arena)
    : run(run), nKeys(nKeys), types(types), slots(run.memory), hashes(run.memory), window(run.memory) {
  // Without keys there is one group, rows or not.
  size = nKeys == 0 ? 1 : 0;
  columns = arena.zeros<Column *>(nKeys);
  for (uint32_t k = 0; columns && k < nKeys; k++) {
    void *at = arena.make<Column>(1);
    if (!at) break;
    columns[k] = new (at) Column(run.memory);
  }
}
GroupTable::~GroupTable() {
  for (uint32_t k = 0; columns && k < nKeys; k++)
    if (columns[k]) columns[k]->~Column();
}

bool GroupTable::add(const Vec *keys, uint32_t i) {
  if (size >= (1u << 26)) return run.cannot("it has too many groups");
  for (uint32_t k = 0; k < nKeys; k++) {
    Column &column = *columns[k];
    const bool known = keys[k].isValid(i);
    if (!column.valid.reach(uint64_t(size) + 1)) return false;
    column.valid[size] = known;
    column.anyNull |= !known;
    const bool good = byPhysical(keys[k].physical(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      if (!column.data.reach((uint64_t(size) + 1) * sizeof(T))) return false;
      T value{};
      if (known) {
        value = keys[k].as<T>()[i];
        takeZero(column.zeroSeen, column.zero, value);
      }
      memcpy(column.data.data() + size_t(size) * sizeof(T), &value, sizeof(T));
      return true;
    });
    if (!good) return false;
  }
  size++;
  return true;
}

bool GroupTable::same(const Vec *keys, uint32_t i, uint32_t group) const {
  for (uint32_t k = 0; k < nKeys; k++) {
    const bool known = keys[k].isValid(i);
    if (known != bool(columns[k]->valid[group])) return false;
    if (!known) continue;
    const bool equal = byPhysical(keys[k].physical(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      T value;
      memcpy(&value, columns[k]->data.data() + size_t(group) * sizeof(T), sizeof(T));
      return order(keys[k].as<T>()[i], value) == 0;
    });
    if (!equal) return false;
  }
  return true;
}

bool GroupTable::grow() {
  const uint32_t wider = mask == 0 ? 256 : (mask + 1) * 4;
  if (!slots.reach(wider)) return false;
  for (uint32_t s = 0; s < wider; s++) slots[s] = none;
  mask = wider - 1;
  for (uint32_t g = 0; g < size; g++) {
    uint32_t at = hashes[g] & mask;
    while (slots[at] != none) at = (at + 1) & mask;
    slots[at] = g;
  }
  return true;
}

bool GroupTable::find(const Vec *keys, uint32_t i, uint32_t hash, uint32_t &group) {
  if ((mask == 0 || uint64_t(size) * 2 > mask) && !grow()) return false;
  uint32_t at = hash & mask;
  for (; slots[at] != none; at = (at + 1) & mask)
    if (hashes[slots[at]] == hash && same(keys, i, slots[at])) return group = slots[at], true;
  group = size;
  if (!hashes.reach(uint64_t(size) + 1)) return false;
  hashes[size] = hash;
  slots[at] = size;
  return add(keys, i);
}

bool GroupTable::assign(Arena &scratch, const Vec *keys, uint32_t n, const uint32_t *&out) {
  out = nullptr;
  if (nKeys == 0) return true;
  if (!columns) return false;
  for (uint32_t k = 0; k < nKeys; k++)
    if (!columns[k]) return false;
  uint32_t *groups = scratch.make<uint32_t>(n);
  if (!groups) return false;
  out = groups;
  if (nKeys > 1) return inTable(scratch, keys, n, groups);
  return byPhysical(keys[0].physical(), [&](auto tag) { return byWindow(keys[0].as<typename decltype(tag)::type>(), keys, n, groups); });
}

// Of one key: whole numbers near 0 have places in a window, others are hashed.
template <class T> bool GroupTable::byWindow(const T *x, const Vec *keys, uint32_t n, uint32_t *groups) {
  if (!window.data()) {
    if (!window.reach(windowSize)) return false;
    memset(static_cast<void *>(window.data()), 0xff, windowSize * 4);
  }
  Column &column = *columns[0];
  uint32_t *places = window.data();
  const uint8_t *valid = keys[0].valid;
  for (uint32_t i = 0; i < n; i++) {
    if (valid && !valid[i]) {
      if (nullGroup == none && !find(keys, i, uint32_t(mix(0x5bd1e995)), nullGroup)) return false;
      groups[i] = nullGroup;
      continue;
    }
    const uint32_t place = placeOf(x[i]);
    if (place != none && places[place] != none) {
      groups[i] = places[place];
      continue;
    }
    T value = x[i];
    takeZero(column.zeroSeen, column.zero, value);
    const uint64_t hash = mix(hashOf(value) + 1);
    if (!find(keys, i, uint32_t(hash ^ (hash >> 32)), groups[i])) return false;
    if (place != none) places[place] = groups[i];
  }
  return true;
}

// Several keys: all are hashed together.
bool GroupTable::inTable(Arena &scratch, const Vec *keys, uint32_t n, uint32_t *groups) {
  uint64_t *hash = scratch.zeros<uint64_t>(n);
  if (!hash) return false;
  for (uint32_t k = 0; k < nKeys; k++) {
    // Of each column the first zero, whatever group it falls in.
    Column &column = *columns[k];
    byPhysical(keys[k].physical(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      const T *x = keys[k].as<T>();
      for (uint32_t i = 0; i < n; i++) {
        if (!keys[k].isValid(i)) {
          hash[i] = mix(hash[i] + 0x5bd1e995);
          continue;
        }
        T value = x[i];
        takeZero(column.zeroSeen, column.zero, value);
        hash[i] = mix(hash[i] * 31 + hashOf(value) + 1);
      }
    });
  }
  for (uint32_t i = 0; i < n; i++)
    if (!find(keys, i, uint32_t(hash[i] ^ (hash[i] >> 32)), groups[i])) return false;
  return true;
}

void GroupTable::keysOf(uint32_t key, Vec &out) {
  Column &column = *columns[key];
  out = Vec{types[key], size, false, column.anyNull ? column.valid.data() : nullptr, column.data.data(), nullptr};
}
