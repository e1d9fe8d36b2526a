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

constexpr uint32_t maxGroups = 1u << 26;

bool KeyColumn::add(const void *value, uint32_t width, bool known) {
  if (size >= maxGroups) return run.cannot("it has too many groups");
  if (!valid.reach(uint64_t(size) + 1) || !data.reach((uint64_t(size) + 1) * width) || !hashes.reach(uint64_t(size) + 1)) return false;
  valid[size] = known;
  anyNull |= !known;
  if (known) memcpy(data.data() + uint64_t(size) * width, value, width);
  else memset(data.data() + uint64_t(size) * width, 0, width);
  size++;
  return true;
}

bool KeyColumn::grow() {
  const uint32_t wider = mask == 0 ? 256 : (mask + 1) * 4;
  if (!slots.reach(wider)) return false;
  for (uint32_t s = 0; s < wider; s++) slots[s] = none;
  mask = wider - 1;
  for (uint32_t g = 0; g < size; g++) {
    if (g == nullGroup) continue;
    uint32_t at = hashes[g] & mask;
    while (slots[at] != none) at = (at + 1) & mask;
    slots[at] = g;
  }
  return true;
}

template <class T> bool KeyColumn::find(T value, uint32_t hash, uint32_t &group) {
  if ((mask == 0 || uint64_t(size) * 2 > mask) && !grow()) return false;
  const T *known = reinterpret_cast<const T *>(data.data());
  uint32_t at = hash & mask;
  for (; slots[at] != none; at = (at + 1) & mask)
    if (hashes[slots[at]] == hash && order(known[slots[at]], value) == 0) return group = slots[at], true;
  group = slots[at] = size;
  if (!add(&value, sizeof(T), true)) return false;
  hashes[group] = hash;
  return true;
}

// Whole numbers near 0 have places in a window, others are hashed.
template <class T> bool KeyColumn::numberAs(const T *x, const uint8_t *known, uint32_t n, uint32_t *out) {
  if (!window.data()) {
    if (!window.reach(windowSize)) return false;
    memset(static_cast<void *>(window.data()), 0xff, windowSize * 4);
  }
  uint32_t *places = window.data();
  for (uint32_t i = 0; i < n; i++) {
    if (known && !known[i]) {
      if (nullGroup == none && (nullGroup = size, !add(nullptr, sizeof(T), false))) return false;
      out[i] = nullGroup;
      continue;
    }
    const uint32_t place = placeOf(x[i]);
    if (place != none && places[place] != none) {
      out[i] = places[place];
      continue;
    }
    T value = x[i];
    takeZero(zeroSeen, zero, value);
    const uint64_t hash = mix(hashOf(value) + 1);
    if (!find(value, uint32_t(hash ^ (hash >> 32)), out[i])) return false;
    if (place != none) places[place] = out[i];
  }
  return true;
}

bool KeyColumn::number(const Vec &key, uint32_t n, uint32_t *out) {
  return byPhysical(key.physical(), [&](auto tag) { return numberAs(key.as<typename decltype(tag)::type>(), key.valid, n, out); });
}

// Of small numbers by a table of 256 × 256, of others by hashing.
bool PairTable::number(const uint32_t *a, const uint32_t *b, uint32_t n, uint32_t *out) {
  if (!window.data()) {
    if (!window.reach(65536)) return false;
    memset(static_cast<void *>(window.data()), 0xff, 65536 * 4);
  }
  uint32_t *places = window.data();
  for (uint32_t i = 0; i < n; i++) {
    const uint64_t pair = uint64_t(a[i]) << 32 | b[i];
    if ((a[i] | b[i]) < 256) {
      uint32_t &place = places[a[i] << 8 | b[i]];
      if (place == none && !find(pair, place)) return false;
      out[i] = place;
    } else if (!find(pair, out[i])) return false;
  }
  return true;
}

bool PairTable::grow() {
  const uint32_t wider = mask == 0 ? 256 : (mask + 1) * 4;
  if (!slots.reach(wider)) return false;
  for (uint32_t s = 0; s < wider; s++) slots[s] = none;
  mask = wider - 1;
  for (uint32_t g = 0; g < size; g++) {
    uint32_t at = uint32_t(mix(pairs[g])) & mask;
    while (slots[at] != none) at = (at + 1) & mask;
    slots[at] = g;
  }
  return true;
}

bool PairTable::find(uint64_t pair, uint32_t &group) {
  if ((mask == 0 || uint64_t(size) * 2 > mask) && !grow()) return false;
  uint32_t at = uint32_t(mix(pair)) & mask;
  for (; slots[at] != none; at = (at + 1) & mask)
    if (pairs[slots[at]] == pair) return group = slots[at], true;
  if (size >= maxGroups) return run.cannot("it has too many groups");
  if (!pairs.reach(uint64_t(size) + 1)) return false;
  pairs[size] = pair;
  group = slots[at] = size++;
  return true;
}

GroupTable::GroupTable(Run &run, const Type *const *types, uint32_t nKeys, Arena &arena) : run(run), nKeys(nKeys) {
  // Without keys there is one group, rows or not.
  size = nKeys == 0 ? 1 : 0;
  columns = arena.zeros<KeyColumn *>(nKeys);
  pairs = arena.zeros<PairTable *>(nKeys);
  parts = arena.zeros<Grown<uint32_t> *>(nKeys);
  if (!(good = columns && pairs && parts)) return;
  for (uint32_t k = 0; k < nKeys; k++) {
    void *column = arena.make<KeyColumn>(1), *pair = arena.make<PairTable>(1), *part = arena.make<Grown<uint32_t>>(1);
    if (!(good = column && pair && part)) return;
    columns[k] = new (column) KeyColumn(run, types[k]);
    pairs[k] = new (pair) PairTable(run);
    parts[k] = new (part) Grown<uint32_t>(run.memory);
  }
}
GroupTable::~GroupTable() {
  for (uint32_t k = 0; columns && pairs && parts && k < nKeys; k++) {
    if (columns[k]) columns[k]->~KeyColumn();
    if (pairs[k]) pairs[k]->~PairTable();
    if (parts[k]) parts[k]->~Grown<uint32_t>();
  }
}

bool GroupTable::assign(Arena &scratch, const Vec *keys, uint32_t n, const uint32_t *&out) {
  out = nullptr;
  if (nKeys == 0) return true;
  uint32_t *groups = scratch.make<uint32_t>(n);
  uint32_t **numbers = scratch.make<uint32_t *>(nKeys);
  if (!groups || !numbers) return false;
  out = groups;
  if (nKeys == 1) {
    const bool fits = columns[0]->number(keys[0], n, groups);
    size = columns[0]->size;
    return fits;
  }
  for (uint32_t k = 0; k < nKeys; k++) {
    if (!(numbers[k] = scratch.make<uint32_t>(n)) || !run.onTime(n) || !columns[k]->number(keys[k], n, numbers[k])) return false;
    if (k > 0 && !pairs[k]->number(k == 1 ? numbers[0] : groups, numbers[k], n, groups)) return false;
  }
  for (uint32_t i = 0; i < n; i++) {
    if (groups[i] != size) continue;
    for (uint32_t k = 0; k < nKeys; k++) {
      if (!parts[k]->reach(uint64_t(size) + 1)) return false;
      (*parts[k])[size] = numbers[k][i];
    }
    size++;
  }
  return true;
}

bool GroupTable::keysOf(Arena &scratch, uint32_t key, Vec &out) {
  const Vec values = columns[key]->values();
  if (nKeys == 1 || size == 0) return out = values, true;
  return gather(scratch, values, parts[key]->data(), size, out);
}
