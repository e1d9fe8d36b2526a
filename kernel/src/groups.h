// Group keys to group numbers, in order of first appearance. NaN is one group, so are -0 and 0, so are NULLs.
#pragma once
#include "builder.h"

// The values of one key to numbers.
class KeyColumn {
 public:
  KeyColumn(Run &run, const Type *type)
      : run(run), type(type), data(run.memory), valid(run.memory), slots(run.memory), hashes(run.memory), window(run.memory) {}
  bool number(const Vec &key, uint32_t n, uint32_t *out);
  // The values, by number.
  Vec values() { return Vec{type, size, false, anyNull ? valid.data() : nullptr, data.data(), nullptr}; }
  uint32_t size = 0;

 private:
  Run &run;
  const Type *type;
  Grown<uint8_t> data, valid;
  Grown<uint32_t> slots, hashes, window;
  uint32_t mask = 0, nullGroup = none;
  bool anyNull = false, zeroSeen = false;
  // The first zero that came, whose sign all of them take.
  double zero = 0;

  template <class T> bool numberAs(const T *x, const uint8_t *known, uint32_t n, uint32_t *out);
  template <class T> bool find(T value, uint32_t hash, uint32_t &group);
  bool add(const void *value, uint32_t width, bool known);
  bool grow();
};

// Pairs of numbers to numbers.
class PairTable {
 public:
  explicit PairTable(Run &run) : run(run), slots(run.memory), window(run.memory), pairs(run.memory) {}
  // `a` and `out` may be the same.
  bool number(const uint32_t *a, const uint32_t *b, uint32_t n, uint32_t *out);

 private:
  Run &run;
  Grown<uint32_t> slots, window;
  Grown<uint64_t> pairs;
  uint32_t mask = 0, size = 0;

  bool find(uint64_t pair, uint32_t &group);
  bool grow();
};

class GroupTable {
 public:
  // `good` is false afterwards where there was no memory.
  GroupTable(Run &run, const Type *const *types, uint32_t nKeys, Arena &arena);
  ~GroupTable();
  // The group of each of `n` positions; null without keys: group 0. False where there is no memory.
  bool assign(Arena &scratch, const Vec *keys, uint32_t n, const uint32_t *&out);
  // The keys of the groups.
  bool keysOf(Arena &scratch, uint32_t key, Vec &out);
  uint32_t size = 0;
  bool good = true;

 private:
  Run &run;
  const uint32_t nKeys;
  KeyColumn **columns = nullptr;
  // Of two keys and more: the number of each pair, key by key, and each group's number in each column.
  PairTable **pairs = nullptr;
  Grown<uint32_t> **parts = nullptr;
};
