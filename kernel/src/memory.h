// Memory of one run: counted against its limit, handed out without exceptions. Null where there is none; the run then ends.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

template <class T> inline T least(T a, T b) { return a < b ? a : b; }
template <class T> inline T most(T a, T b) { return a > b ? a : b; }

struct Memory {
  uint64_t limit = UINT64_MAX;
  uint64_t held = 0;
  bool failed = false;

  void *take(uint64_t bytes) {
    if (bytes > limit - held || bytes > SIZE_MAX / 2) return failed = true, nullptr;
    void *made = malloc(size_t(bytes ? bytes : 1));
    if (!made) return failed = true, nullptr;
    held += bytes;
    return made;
  }
  void give(void *block, uint64_t bytes) {
    if (!block) return;
    held -= bytes;
    free(block);
  }
};

// A stack of blocks that is given back as a whole, or emptied and filled again.
class Arena {
 public:
  explicit Arena(Memory &memory) : memory(memory) {}
  Arena(const Arena &) = delete;
  ~Arena() { clear(); }

  // Not initialised; 16-byte aligned.
  template <class T> T *make(uint64_t n) {
    if (n > (uint64_t(1) << 40) / sizeof(T)) return memory.failed = true, nullptr;
    return static_cast<T *>(room(n * sizeof(T)));
  }
  template <class T> T *zeros(uint64_t n) {
    T *made = make<T>(n);
    if (made) memset(static_cast<void *>(made), 0, size_t(n * sizeof(T)));
    return made;
  }
  template <class T> T *filled(uint64_t n, T value) {
    T *made = make<T>(n);
    if (made)
      for (uint64_t i = 0; i < n; i++) made[i] = value;
    return made;
  }
  // Keeps the blocks for what comes next.
  void reset() {
    current = first;
    if (first) first->used = 0;
  }
  void clear() {
    while (first) {
      Block *next = first->next;
      memory.give(first, sizeof(Block) + first->size);
      first = next;
    }
    current = nullptr;
  }
  void swap(Arena &other) {
    Block *f = first, *c = current;
    first = other.first, current = other.current;
    other.first = f, other.current = c;
  }
  Memory &memory;

 private:
  struct alignas(16) Block {
    Block *next;
    uint64_t size, used;
  };
  Block *first = nullptr, *current = nullptr;
  static constexpr uint64_t leastBlock = 1 << 18;

  void *room(uint64_t bytes) {
    bytes = (bytes + 15) & ~uint64_t(15);
    while (!current || bytes > current->size - current->used) {
      Block *next = current ? current->next : first;
      if (!next) {
        uint64_t size = most(bytes, first ? leastBlock : leastBlock / 8);
        next = static_cast<Block *>(memory.take(sizeof(Block) + size));
        if (!next) return nullptr;
        next->next = nullptr;
        next->size = size;
        (current ? current->next : first) = next;
      }
      next->used = 0;
      current = next;
    }
    uint8_t *made = reinterpret_cast<uint8_t *>(current + 1) + current->used;
    current->used += bytes;
    return made;
  }
};

// An array that grows. `reach` keeps what is there; new places are not initialised.
template <class T> class Grown {
 public:
  explicit Grown(Memory &memory) : memory(memory) {}
  Grown(const Grown &) = delete;
  ~Grown() { memory.give(at, capacity * sizeof(T)); }

  bool reach(uint64_t size) {
    if (size <= capacity) return true;
    uint64_t wider = most(size, capacity * 2);
    if (wider < 16) wider = 16;
    T *longer = static_cast<T *>(memory.take(wider * sizeof(T)));
    if (!longer) return false;
    if (at) memcpy(static_cast<void *>(longer), at, size_t(capacity * sizeof(T)));
    memory.give(at, capacity * sizeof(T));
    at = longer;
    capacity = wider;
    return true;
  }
  // New places are 0.
  bool zeros(uint64_t size) {
    uint64_t before = capacity;
    if (!reach(size)) return false;
    if (capacity > before) memset(static_cast<void *>(at + before), 0, size_t((capacity - before) * sizeof(T)));
    return true;
  }
  T &operator[](uint64_t i) { return at[i]; }
  const T &operator[](uint64_t i) const { return at[i]; }
  T *data() { return at; }
  const T *data() const { return at; }
  Memory &memory;

 private:
  T *at = nullptr;
  uint64_t capacity = 0;
};
