// The float sum that does not depend on order: every addend goes exactly into a wide fixed-point number, rounded once at the end
// (src/core/value/exact-sum.ts, whose serialised form this is).
#pragma once
#include "memory.h"

class ExactSum {
 public:
  void add(double x);
  // `values` where `mask` is 1 (all where it is null); gives how many.
  template <class T> uint64_t addAll(const T *values, uint32_t n, const uint8_t *mask);
  // To nearest, ties to even, of the exact sum; to the width of a float where `narrow`. False: out of range.
  bool round(bool narrow, double &out);
  // At most `maxBytes`; gives how many.
  uint32_t serialize(uint8_t *out);
  bool isEmpty() const { return !(flags & sawAny); }

  static constexpr uint32_t limbCount = 68, maxBytes = 3 + 4 * limbCount;
  enum : uint8_t { sawPositiveInfinity = 1, sawNegativeInfinity = 2, sawNaN = 4, sawOtherThanNegativeZero = 8, negative = 16, sawAny = 32 };
  uint8_t flags = 0;

 private:
  // Bit 0 of limb 0 is 2^-1074. 32 bits each, with room for carries.
  int64_t limbs[limbCount] = {};
  uint32_t pending = 0;

  void addFinite(double x);
  void addBlock(double *x, uint32_t n);
  void carry();
  bool magnitude(uint32_t *out);
  friend struct SmallSum;
};

// A sum that two doubles hold, as long as they lose no bit.
struct SmallSum {
  double sum = 0, lost = 0;
  // Whether `x`, finite and other than 0, fits; it is added then.
  bool add(double x) {
    const double next = sum + x, part = next - sum, error = sum - (next - part) + (x - part), nextLost = lost + error;
    // Also false for overflow.
    if (!(nextLost - lost == error && nextLost - error == lost)) return false;
    sum = next;
    lost = nextLost;
    return true;
  }
  void pourInto(ExactSum &wide) {
    wide.addFinite(sum);
    wide.addFinite(lost);
    sum = lost = 0;
  }
};

// The flags that a value sets.
inline uint8_t sumFlags(double x) {
  uint64_t bits;
  memcpy(&bits, &x, 8);
  if (x - x != 0)
    return ExactSum::sawAny | ExactSum::sawOtherThanNegativeZero |
           (x > 0 ? ExactSum::sawPositiveInfinity : x < 0 ? ExactSum::sawNegativeInfinity : ExactSum::sawNaN);
  return bits == 0x8000000000000000ull ? ExactSum::sawAny : ExactSum::sawAny | ExactSum::sawOtherThanNegativeZero;
}

// The correctly rounded sum of `values`, of which there is at least one; false: out of range.
template <class T> bool exactSum(const T *values, uint32_t n, bool narrow, double &out);
