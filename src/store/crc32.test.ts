import { expect, test } from 'vitest';
import { crc32, slicedCrc32 } from './crc32.js';

test('the check value of the CRC catalogue', () => {
  const digits = new TextEncoder().encode('123456789');
  expect(crc32(digits)).toBe(0xcbf43926);
  expect(slicedCrc32(digits)).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

test('the sliced form agrees with zlib at every length and alignment', () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * 2654435761) >>> 11);
  for (let start = 0; start < 8; start++)
    for (let stop = start; stop < bytes.length; stop += 7) {
      const part = bytes.subarray(start, stop);
      expect(slicedCrc32(part)).toBe(crc32(part));
    }
});
