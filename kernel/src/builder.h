// A column of the answer as it grows, and the answer's bytes (src/core/fragment/fragment-result.ts).
#pragma once
#include "run.h"

inline void *operator new(size_t, void *at) noexcept { return at; }

// Values appended in Arrow's layout; what lies under a NULL is zero, and NaN is one NaN (which one comes out
// of an operation is the processor's choice and the compiler's), so that the bytes do not depend on the home.
class Builder {
 public:
  Builder(Memory &memory, const Type *type);
  ~Builder();
  Builder(const Builder &) = delete;
  // Not constant. False where there is no memory.
  bool append(Arena &scratch, const Vec &vec, uint32_t n);

  const Type *type;
  uint64_t rows = 0;
  // Bytes that it holds, roughly.
  uint64_t bytes() const { return used + (anyNull ? rows / 8 : 0) + (child ? child->bytes() : 0); }
  uint32_t buffers() const { return (child ? child->buffers() : 0) + (physicalOf(type->kind) == pText ? 3 : 2); }
  // The lengths of the buffers, depth first; then the buffers, each at a multiple of 8.
  void lengths(uint8_t *&out) const;
  uint64_t sizeFrom(uint64_t at) const;
  void write(uint8_t *start, uint8_t *&out) const;

 private:
  Memory &memory;
  // One byte a row; only where a NULL has come.
  Grown<uint8_t> valid;
  bool anyNull = false;
  // Of bool a byte each; packed when written.
  Grown<uint8_t> data;
  Grown<int32_t> offsets;
  uint64_t used = 0, textBytes = 0;
  Builder *child = nullptr;

  bool appendValid(const Vec &vec, uint32_t n);
  bool appendText(const Vec &vec, uint32_t n);
  bool appendLists(Arena &scratch, const Vec &vec, uint32_t n);
  template <class From, class To> bool appendFlat(const Vec &vec, uint32_t n);
  template <class T> bool appendFloats(const Vec &vec, uint32_t n, T nan);
  uint64_t lengthOf(uint32_t buffer) const;
};

// The answer's bytes; null where there is no memory.
uint8_t *writeRows(Run &run, uint64_t rows, Builder *const *columns, uint32_t nColumns, uint64_t &size);
uint8_t *writeTexts(Run &run, uint16_t kind, const Slice *texts, uint32_t n, uint64_t &size);
