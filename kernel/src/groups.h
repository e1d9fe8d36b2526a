// Group keys to group numbers, in order of first appearance. NaN is one group, so are -0 and 0, so are NULLs.
#pragma once
#include "builder.h"

class GroupTable {
 public:
  GroupTable(Run &run, const Type *const *types, uint32_t nKeys, Arena &arena);
  ~GroupTable();
  // The group of each of `n` positions; null without keys: group 0. False where there is no memory.
  bool assign(Arena &scratch, const Vec *keys, uint32_t n, const uint32_t *&out);
  uint32_t size = 0;
  // The keys of the groups, in vectors.
  void keysOf(uint32_t key, Vec &out);

 private:
  Run &run;
  const uint32_t nKeys;
  const Type *const *types;
  struct Column {
    Grown<uint8_t> data, valid;
    // The first zero that came, whose sign all of them take.
    bool zeroSeen, anyNull;
    double zero;
    explicit Column(Memory &m) : data(m), valid(m), zeroSeen(false), anyNull(false), zero(0) {}
  };
  Column **columns = nullptr;
  Grown<uint32_t> slots, hashes;
  uint32_t mask = 0;
  Grown<uint32_t> window;

  uint32_t nullGroup = none;

  template <class T> bool byWindow(const T *x, const Vec *keys, uint32_t n, uint32_t *groups);
  bool inTable(Arena &scratch, const Vec *keys, uint32_t n, uint32_t *groups);
  bool add(const Vec *keys, uint32_t i);
  bool same(const Vec *keys, uint32_t i, uint32_t group) const;
  bool grow();
  bool find(const Vec *keys, uint32_t i, uint32_t hash, uint32_t &group);
};
