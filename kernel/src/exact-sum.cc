#include "exact-sum.h"

namespace {

uint64_t bitsOf(double x) {
  uint64_t b;
  memcpy(&b, &x, 8);
  return b;
}
double fromBits(uint64_t b) {
  double x;
  memcpy(&x, &b, 8);
  return x;
}
double powerOf2(int k) { return fromBits(uint64_t(1023 + k) << 52); }

typedef double Pair __attribute__((vector_size(16)));
typedef long long Longs __attribute__((vector_size(16)));

constexpr uint32_t blockSize = 512, additionsBeforeCarry = 1u << 30;

}  // namespace

void ExactSum::addFinite(double x) {
  if (x == 0) return;
  const uint64_t bits = bitsOf(x);
  const uint32_t biased = uint32_t(bits >> 52) & 0x7ff;
  uint64_t significand = bits & 0xfffffffffffffull;
  if (biased) significand |= 0x10000000000000ull;
  const uint32_t place = biased ? biased - 1 : 0, limb = place >> 5, shift = place & 31;
  const unsigned __int128 wide = static_cast<unsigned __int128>(significand) << shift;
  const int64_t part0 = int64_t(uint32_t(wide)), part1 = int64_t(uint32_t(wide >> 32)), part2 = int64_t(uint32_t(wide >> 64));
  if (bits >> 63) {
    limbs[limb] -= part0;
    limbs[limb + 1] -= part1;
    limbs[limb + 2] -= part2;
  } else {
    limbs[limb] += part0;
    limbs[limb + 1] += part1;
    limbs[limb + 2] += part2;
  }
  if (++pending == additionsBeforeCarry) carry();
}

void ExactSum::add(double x) {
  flags |= sumFlags(x);
  if (x - x == 0) addFinite(x);
}

// Finite values, by extraction (Rump): adding and taking off a large number leaves the top bits of each value, whose sums are exact. Two
// rounds hold 84 bits below the largest value; what is left after them, mostly nothing, is added one by one.
void ExactSum::addBlock(double *x, uint32_t n) {
  while (n & 3) x[n++] = 0;
  const Longs magnitudes = {0x7fffffffffffffffll, 0x7fffffffffffffffll};
  Pair largest = {0, 0};
  for (uint32_t i = 0; i < n; i += 2) {
    Pair v;
    memcpy(&v, x + i, 16);
    const Pair a = Pair(Longs(v) & magnitudes);
    const Longs more = a > largest;
    largest = Pair((Longs(a) & more) | (Longs(largest) & ~more));
  }
  double most = largest[0] > largest[1] ? largest[0] : largest[1];
  if (most == 0) return;
  int exponent = int(bitsOf(most) >> 52) - 1022;
  if (exponent > 1000 || exponent < -800) {
    for (uint32_t i = 0; i < n; i++) addFinite(x[i]);
    return;
  }
  for (int round = 0; round < 2; round++, exponent -= 42) {
    const double big = 1.5 * powerOf2(exponent + 10);
    const Pair bigs = {big, big};
    Pair s0 = {0, 0}, s1 = {0, 0};
    Longs left = {0, 0};
    for (uint32_t i = 0; i < n; i += 4) {
      Pair v, w;
      memcpy(&v, x + i, 16);
      memcpy(&w, x + i + 2, 16);
      const Pair p = (v + bigs) - bigs, q = (w + bigs) - bigs;
      s0 += p;
      s1 += q;
      v -= p;
      w -= q;
      left |= Longs(v) | Longs(w);
      memcpy(x + i, &v, 16);
      memcpy(x + i + 2, &w, 16);
    }
    const Pair s = s0 + s1;
    addFinite(s[0]);
    addFinite(s[1]);
    if (((left[0] | left[1]) & 0x7fffffffffffffffll) == 0) return;
  }
  for (uint32_t i = 0; i < n; i++) addFinite(x[i]);
}

template <class T> uint64_t ExactSum::addAll(const T *values, uint32_t n, const uint8_t *mask) {
  alignas(16) double block[blockSize + 4];
  uint64_t count = 0;
  for (uint32_t from = 0; from < n; from += blockSize) {
    const uint32_t size = least(blockSize, n - from);
    uint64_t odd = 0, other = 0;
    if (!mask) {
      count += size;
      for (uint32_t i = 0; i < size; i++) {
        const double x = double(values[from + i]);
        const uint64_t bits = bitsOf(x);
        odd |= (bits & 0x7fffffffffffffffull) + 0x0010000000000000ull;
        other |= bits ^ 0x8000000000000000ull;
        block[i] = x;
      }
    } else {
      uint32_t kept = 0;
      for (uint32_t i = 0; i < size; i++) {
        const double x = double(values[from + i]);
        const uint64_t keep = 0 - uint64_t(mask[from + i]), bits = bitsOf(x) & keep;
        odd |= (bits & 0x7fffffffffffffffull) + 0x0010000000000000ull;
        other |= (bits ^ 0x8000000000000000ull) & keep;
        block[i] = fromBits(bits);
        kept += mask[from + i];
      }
      count += kept;
      if (kept == 0) continue;
    }
    flags |= other ? sawAny | sawOtherThanNegativeZero : sawAny;
    if (odd >> 63)
      for (uint32_t i = 0; i < size; i++) {
        if (!mask || mask[from + i]) add(block[i]);
      }
    else addBlock(block, size);
  }
  return count;
}
template uint64_t ExactSum::addAll(const float *, uint32_t, const uint8_t *);
template uint64_t ExactSum::addAll(const double *, uint32_t, const uint8_t *);

// Limbs below the top one come to lie in [0, 2^32), the top one keeps the sign.
void ExactSum::carry() {
  int64_t up = 0;
  for (uint32_t i = 0; i < limbCount; i++) {
    const int64_t sum = limbs[i] + up;
    if (i + 1 == limbCount) {
      limbs[i] = sum;
      break;
    }
    up = sum >> 32;
    limbs[i] = int64_t(uint32_t(sum));
  }
  pending = 0;
}

// Whether the sum is negative; `out` are the limbs of its magnitude.
bool ExactSum::magnitude(uint32_t *out) {
  carry();
  const bool below = limbs[limbCount - 1] < 0;
  uint64_t add = below;
  for (uint32_t i = 0; i < limbCount; i++) {
    const uint32_t limb = uint32_t(limbs[i]);
    add += below ? uint32_t(~limb) : limb;
    out[i] = uint32_t(add);
    add >>= 32;
  }
  return below;
}

bool ExactSum::round(bool narrow, double &out) {
  if (flags & sawNaN || (flags & sawPositiveInfinity && flags & sawNegativeInfinity)) return out = __builtin_nan(""), true;
  if (flags & sawPositiveInfinity) return out = __builtin_inf(), true;
  if (flags & sawNegativeInfinity) return out = -__builtin_inf(), true;
  if (flags == sawAny) return out = -0.0, true;
  uint32_t limb[limbCount];
  const bool below = magnitude(limb);
  int high = limbCount - 1;
  while (high >= 0 && limb[high] == 0) high--;
  if (high < 0) return out = 0, true;
  const int leading = high * 32 + 31 - __builtin_clz(limb[high]);
  const int precision = narrow ? 24 : 53, smallest = narrow ? 925 : 0;  // bit 925 is 2^-149
  const int lowestKept = most(leading - precision + 1, smallest);
  auto bit = [&](int i) { return i >= 0 && i < int(limbCount) * 32 && ((limb[i >> 5] >> (i & 31)) & 1); };
  uint64_t mantissa = 0;
  for (int i = leading; i >= lowestKept; i--) mantissa = mantissa << 1 | bit(i);
  bool rest = false;
  for (int i = 0; i < lowestKept - 1 && !rest; i++) rest = bit(i);
  if (bit(lowestKept - 1) && (rest || (mantissa & 1))) mantissa++;
  // mantissa * 2^(lowestKept - 1074)
  const int exponent = lowestKept - 1074;
  double magnitude = double(mantissa);
  if (exponent > 971) return false;
  if (exponent < -1022) magnitude = magnitude * powerOf2(-1022) * powerOf2(exponent + 1022);
  else magnitude *= powerOf2(exponent);
  if (magnitude > (narrow ? 3.4028234663852886e38 : 1.7976931348623157e308)) return false;
  return out = below ? -magnitude : magnitude, true;
}

uint32_t ExactSum::serialize(uint8_t *out) {
  uint32_t limb[limbCount];
  const bool below = magnitude(limb);
  int high = limbCount - 1, low = 0;
  while (high >= 0 && limb[high] == 0) high--;
  while (low < high && limb[low] == 0) low++;
  const uint32_t count = high < 0 ? 0 : uint32_t(high - low + 1);
  out[0] = uint8_t(flags | (below ? negative : 0));
  out[1] = uint8_t(count ? low : 0);
  out[2] = uint8_t(count);
  memcpy(out + 3, limb + low, 4 * count);
  return 3 + 4 * count;
}

template <class T> bool exactSum(const T *values, uint32_t n, bool narrow, double &out) {
  double sum = 0, lost = 0;
  bool exact = true;
  for (uint32_t i = 0; i < n; i++) {
    const double x = double(values[i]);
    const double next = sum + x, part = next - sum, error = sum - (next - part) + (x - part), nextLost = lost + error;
    exact &= nextLost - lost == error && nextLost - error == lost;
    sum = next;
    lost = nextLost;
  }
  const double total = sum + lost;
  if (exact && total != 0 && __builtin_fabs(total) < 3e38 && (!narrow || lost == 0)) return out = narrow ? double(float(total)) : total, true;
  ExactSum wide;
  wide.addAll(values, n, nullptr);
  return wide.round(narrow, out);
}
template bool exactSum(const float *, uint32_t, bool, double &);
template bool exactSum(const double *, uint32_t, bool, double &);
