// CRC-32 with zlib's polynomial: the checksum of stored buffers.
#pragma once
#include <stdint.h>

uint32_t crc32(const uint8_t *bytes, uint64_t size);
