#include "crc32.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

struct Tables {
  uint32_t at[8][256]{};
  constexpr Tables() {
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t c = i;
      for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
      at[0][i] = c;
    }
    for (uint32_t i = 0; i < 256; i++)
      for (int t = 1; t < 8; t++) at[t][i] = at[0][at[t - 1][i] & 255] ^ (at[t - 1][i] >> 8);
  }
};
constexpr Tables tables{};

// Eight bytes at a time by tables (Kounavis and Berry, 2005).
uint32_t sliced(uint32_t c, const uint8_t *p, uint64_t n) {
  const auto &t = tables.at;
  for (; n >= 8; n -= 8, p += 8) {
    uint32_t a, b;
    memcpy(&a, p, 4);
    memcpy(&b, p + 4, 4);
    a ^= c;
    c = t[7][a & 255] ^ t[6][(a >> 8) & 255] ^ t[5][(a >> 16) & 255] ^ t[4][a >> 24] ^ t[3][b & 255] ^ t[2][(b >> 8) & 255] ^
        t[1][(b >> 16) & 255] ^ t[0][b >> 24];
  }
  for (; n > 0; n--) c = t[0][(c ^ *p++) & 255] ^ (c >> 8);
  return c;
}

#if defined(__x86_64__)
// By carry-less multiplication (Gopal et al., "Fast CRC computation for generic polynomials using PCLMULQDQ", 2009): four lanes of 16 bytes are
// folded over the buffer, then into one, which is reduced. Of `n` a multiple of 16, at least 64.
__attribute__((target("pclmul,sse4.1"))) uint32_t folded(uint32_t c, const uint8_t *p, uint64_t n) {
  const __m128i by64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4), by16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  auto load = [](const uint8_t *at) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at)); };
  __m128i lane[4];
  for (int k = 0; k < 4; k++) lane[k] = load(p + 16 * k);
  lane[0] = _mm_xor_si128(lane[0], _mm_cvtsi32_si128(int(c)));
  for (p += 64, n -= 64; n >= 64; p += 64, n -= 64)
    for (int k = 0; k < 4; k++) {
      const __m128i low = _mm_clmulepi64_si128(lane[k], by64, 0x00), high = _mm_clmulepi64_si128(lane[k], by64, 0x11);
      lane[k] = _mm_xor_si128(_mm_xor_si128(low, high), load(p + 16 * k));
    }
  __m128i x = lane[0];
  for (int k = 1; k < 4; k++)
    x = _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, by16, 0x00), _mm_clmulepi64_si128(x, by16, 0x11)), lane[k]);
  for (; n >= 16; p += 16, n -= 16)
    x = _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, by16, 0x00), _mm_clmulepi64_si128(x, by16, 0x11)), load(p));
  // 128 bits to 64, to 32 (Barrett).
  const __m128i low32 = _mm_setr_epi32(-1, 0, -1, 0), by4 = _mm_set_epi64x(0, 0x0163cd6124), poly = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  x = _mm_xor_si128(_mm_srli_si128(x, 8), _mm_clmulepi64_si128(x, by16, 0x10));
  x = _mm_xor_si128(_mm_srli_si128(x, 4), _mm_clmulepi64_si128(_mm_and_si128(x, low32), by4, 0x00));
  __m128i q = _mm_clmulepi64_si128(_mm_and_si128(x, low32), poly, 0x10);
  q = _mm_clmulepi64_si128(_mm_and_si128(q, low32), poly, 0x00);
  return uint32_t(_mm_extract_epi32(_mm_xor_si128(x, q), 1));
}
#endif

}  // namespace

uint32_t crc32(const uint8_t *p, uint64_t n) {
  uint32_t c = 0xffffffffu;
#if defined(__x86_64__)
  if (n >= 64 && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")) {
    const uint64_t whole = n & ~uint64_t(15);
    c = folded(c, p, whole);
    p += whole;
    n -= whole;
  }
#endif
  return ~sliced(c, p, n);
}
