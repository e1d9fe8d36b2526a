// Schubfach (R. Giulietti, "The Schubfach way to render doubles"): in the rounding interval of a float there is at most one multiple of
// 10^(k+1), and at least one of 10^k, where 10^k is just below the interval's width. As in PostgreSQL what lies just between two floats
// belongs to neither, and of two decimals as near the even one is taken.
#include "shortest-float.h"
#include "bytes.h"

namespace {

constexpr int32_t least = -292, greatest = 324;

int32_t floorLog2Power10(int32_t e) { return (e * 1741647) >> 19; }

// 10^e for e from least to greatest: the first 128 bits, rounded up; and the first 64 for float4.
struct Powers {
  Wide of[greatest - least + 1];
  uint64_t shortOf[greatest - least + 1];

  Powers() {
    constexpr int words = 66;
    uint32_t number[words] = {};
    // Upwards from 1, exactly.
    number[0] = 1;
    for (int32_t e = 0; e <= greatest; e++) {
      take(number, words, e, false);
      uint64_t carry = 0;
      for (int i = 0; i < words; i++) {
        carry += uint64_t(number[i]) * 10;
        number[i] = uint32_t(carry);
        carry >>= 32;
      }
    }
    // Downwards from 2^2080: what is cut off adds nothing to the first 128 bits, and none of these is exact.
    for (int i = 0; i < words; i++) number[i] = 0;
    number[words - 1] = 1;
    for (int32_t e = -1; e >= least; e--) {
      uint64_t rest = 0;
      for (int i = words - 1; i >= 0; i--) {
        rest = rest << 32 | number[i];
        number[i] = uint32_t(rest / 10);
        rest %= 10;
      }
      take(number, words, e, true);
    }
  }

  void take(const uint32_t *number, int words, int32_t e, bool cut) {
    int top = words - 1;
    while (number[top] == 0) top--;
    uint32_t first[5];
    for (int i = 0; i < 5; i++) first[i] = top - i >= 0 ? number[top - i] : 0;
    for (int i = top - 5; i >= 0 && !cut; i--) cut = number[i] != 0;
    const int shift = __builtin_clz(first[0]);
    uint32_t out[4];
    for (int i = 0; i < 4; i++) out[i] = shift ? first[i] << shift | first[i + 1] >> (32 - shift) : first[i];
    if (uint32_t(first[4] << shift)) cut = true;
    Wide power = {uint64_t(out[0]) << 32 | out[1], uint64_t(out[2]) << 32 | out[3]};
    shortOf[e - least] = power.high + (power.low != 0 || cut);
    if (cut && ++power.low == 0) power.high++;
    of[e - least] = power;
  }
};

const Powers powers;

Decimal stripped(uint64_t digits, int32_t exponent) {
  // Most have no zero to take off, half of those are odd.
  while (!(digits & 1)) {
    const uint64_t tenth = multiply(digits, 0xcccccccccccccccdu).high >> 3;
    if (tenth * 10 != digits) break;
    digits = tenth;
    exponent++;
  }
  return {digits, exponent};
}

// `low` and `high` are the interval's ends, `middle` the float, in units of 10^k / 4, rounded to odd.
template <class T> Decimal choose(T low, T middle, T high, int32_t k) {
  const T s = middle / 4;
  if (s >= 10) {
    const T tenth = sizeof(T) == 4 ? s / 10 : T(multiply(s, 0xcccccccccccccccdu).high >> 3);
    const bool below = low + 1 <= 40 * tenth, above = 40 * tenth + 40 <= high - 1;
    if (below != above) return stripped(tenth + above, k + 1);
  }
  const bool below = low + 1 <= 4 * s, above = 4 * s + 4 <= high - 1;
  const T half = 4 * s + 2;
  const T chosen = s + (below != above ? above : middle > half || (middle == half && (s & 1)));
  // A multiple of ten would have been found above, but where s is small.
  return s >= 10 ? Decimal{chosen, k} : stripped(chosen, k);
}

// floor(log10(2^q)), or of 3/4 of it.
int32_t scaleOf(int32_t q, bool nearerBelow) { return (q * 1262611 - (nearerBelow ? 524031 : 0)) >> 22; }

}  // namespace

Decimal shortestFloat8(uint64_t bits) {
  const uint64_t fraction = bits & ((uint64_t(1) << 52) - 1);
  const int32_t biased = int32_t(bits >> 52) & 0x7ff;
  const uint64_t c = biased ? fraction | uint64_t(1) << 52 : fraction;
  const int32_t q = (biased ? biased : 1) - 1075;
  // A whole number has its own digits.
  if (biased && q <= 0 && q > -53 && (c & ((uint64_t(1) << -q) - 1)) == 0) return stripped(c >> -q, 0);
  const bool nearerBelow = fraction == 0 && biased > 1;
  const int32_t k = scaleOf(q, nearerBelow);
  const int32_t h = q + floorLog2Power10(-k) + 1;
  const Wide g = powers.of[-k - least];
  // g * 4c * 2^h as high, low and a word that is not looked at; the ends are 2 (or 1) of g * 2^h away.
  const Wide lower = multiply(g.low, (4 * c) << h), upper = multiply(g.high, (4 * c) << h);
  const uint64_t low = upper.low + lower.high, high = upper.high + (low < lower.high);
  const auto rounded = [](uint64_t high, uint64_t low) { return high | (low > 1); };
  const auto shifted = [&](int32_t by) -> Wide {
    // g * 2^by, of which the first 64 bits are beyond g's.
    return {g.high >> (64 - by), g.high << by | g.low >> (64 - by)};
  };
  const Wide above = shifted(h + 1), below = nearerBelow ? shifted(h) : above;
  const uint64_t lastAbove = g.low << (h + 1), lastBelow = nearerBelow ? g.low << h : lastAbove;
  const uint64_t last = lower.low + lastAbove, lowAbove = low + above.low, carried = lowAbove + (last < lastAbove);
  const uint64_t lowBelow = low - below.low, borrowed = lowBelow - (lower.low < lastBelow);
  return choose<uint64_t>(
      rounded(high - below.high - (low < below.low) - (lowBelow < borrowed), borrowed), rounded(high, low),
      rounded(high + above.high + (lowAbove < low) + (carried < lowAbove), carried), k);
}

Decimal shortestFloat4(uint32_t bits) {
  const uint32_t fraction = bits & 0x7fffff;
  const int32_t biased = int32_t(bits >> 23) & 0xff;
  const uint32_t c = biased ? fraction | 0x800000 : fraction;
  const int32_t q = (biased ? biased : 1) - 150;
  if (biased && q <= 0 && q > -24 && (c & ((1u << -q) - 1)) == 0) return stripped(c >> -q, 0);
  const bool nearerBelow = fraction == 0 && biased > 1;
  const int32_t k = scaleOf(q, nearerBelow);
  const int32_t h = q + floorLog2Power10(-k) + 1;
  const uint64_t g = powers.shortOf[-k - least];
  const auto times = [&](uint32_t n) -> uint32_t {
    const uint64_t product = (g >> 32) * n + ((uint64_t(uint32_t(g)) * n) >> 32);
    return uint32_t(product >> 32) | (uint32_t(product) > 1);
  };
  return choose<uint32_t>(times((4 * c - 2 + nearerBelow) << h), times((4 * c) << h), times((4 * c + 2) << h), k);
}
