// CRC-32 with zlib's polynomial, eight bytes at a time.
#pragma once
#include <stdint.h>
#include <string.h>

struct CrcTables {
  uint32_t at[8][256]{};
  constexpr CrcTables() {
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t c = i;
      for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
      at[0][i] = c;
    }
    for (uint32_t i = 0; i < 256; i++)
      for (int t = 1; t < 8; t++) at[t][i] = at[0][at[t - 1][i] & 255] ^ (at[t - 1][i] >> 8);
  }
};
inline constexpr CrcTables crcTables{};

inline uint32_t crc32(const uint8_t *p, uint64_t n) {
  const auto &t = crcTables.at;
  uint32_t c = 0xffffffffu;
  for (; n >= 8; n -= 8, p += 8) {
    uint32_t a, b;
    memcpy(&a, p, 4);
    memcpy(&b, p + 4, 4);
    a ^= c;
    c = t[7][a & 255] ^ t[6][(a >> 8) & 255] ^ t[5][(a >> 16) & 255] ^ t[4][a >> 24] ^ t[3][b & 255] ^ t[2][(b >> 8) & 255] ^
        t[1][(b >> 16) & 255] ^ t[0][b >> 24];
  }
  for (; n > 0; n--) c = t[0][(c ^ *p++) & 255] ^ (c >> 8);
  return ~c;
}
