// ROOT's compressed records: a chain of blocks, each with a 9-byte header, of six codecs.
// Header: two letters, a method byte, then compressed and uncompressed length, 24 bits each, little-endian (ROOT: RZip.cxx).
import { inflateRawSync, inflateSync } from 'node:zlib';
import { xz } from '@napi-rs/lzma';
import { uncompressSync } from 'lz4-napi';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { ZSTDDecoder } from 'zstddec';
import { Malformed } from './malformed.js';

const headerLength = 9;
const zstd = new ZSTDDecoder();
let hash: XXHashAPI | undefined;

/** Call once before {@link decompress}; the WASM modules start asynchronously. */
export async function prepareCodecs(): Promise<void> {
  await zstd.init();
  hash ??= await xxhash();
}

type Codec = 'ZL' | 'CS' | 'L4' | 'XZ' | 'ZS';

/** The most a codec can expand, roughly; a claim beyond it is a forged header. */
const bestRatio: Record<Codec, number> = { ZL: 1100, CS: 1100, L4: 260, XZ: 20_000, ZS: 40_000 };

/**
 * Expands `input` into exactly `length` bytes. Blocks are decoded one after the other and only as long as they prove good,
 * so what is allocated is bounded by real data, not by what a header claims.
 * @throws Malformed on an unknown codec, a failed check sum, or lengths that disagree
 */
export function decompress(input: Buffer, length: number): Buffer {
  checkClaims(input, length);
  let output: Buffer | undefined;
  let filled = 0;
  let position = 0;
  while (filled < length) {
    const codec = input.toString('latin1', position, position + 2) as Codec;
    const packed = input.readUIntLE(position + 3, 3);
    const size = input.readUIntLE(position + 6, 3);
    const start = position + headerLength;
    position = start + packed;
    const block = expand(codec, input.subarray(start, position), size);
    if (block.length !== size) throw new Malformed(`a ${codec} block of ${size} bytes expands to ${block.length}`);
    if (filled === 0 && size === length) return block;
    output ??= Buffer.allocUnsafe(length);
    block.copy(output, filled);
    filled += size;
  }
  return output ?? Buffer.alloc(0);
}

function checkClaims(input: Buffer, length: number): void {
  let claimed = 0;
  let position = 0;
  while (claimed < length) {
    if (position + headerLength > input.length) {
      throw new Malformed(`compressed data ends after ${claimed} of ${length} bytes`);
    }
    const codec = input.toString('latin1', position, position + 2);
    if (!(codec in bestRatio)) {
      throw new Malformed(`unknown compression ${JSON.stringify(codec)} at offset ${position}`);
    }
    const packed = input.readUIntLE(position + 3, 3);
    const size = input.readUIntLE(position + 6, 3);
    position += headerLength + packed;
    claimed += size;
    if (position > input.length || size === 0) throw new Malformed(`broken ${codec} block header`);
    if (size > 64 + packed * bestRatio[codec as Codec]) {
      throw new Malformed(`a ${codec} block of ${packed} bytes claims to hold ${size}`);
    }
  }
  if (claimed !== length) throw new Malformed(`compressed blocks hold ${claimed} bytes, ${length} are announced`);
}

function expand(codec: Codec, packed: Buffer, size: number): Buffer {
  try {
    switch (codec) {
      case 'ZL':
        return inflateSync(packed, { maxOutputLength: size, chunkSize: Math.max(64, size) });
      case 'CS':
        return inflateRawSync(packed, { maxOutputLength: size, chunkSize: Math.max(64, size) });
      case 'XZ':
        return xz.decompressSync(packed);
      case 'ZS':
        return Buffer.from(zstd.decode(packed, size).buffer);
      case 'L4':
        return expandLz4(packed, size);
    }
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed(
      `${codec} block does not decompress (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

/** The block follows its 64-bit xxHash, big-endian; the library wants the expanded size, little-endian, right before the block. */
function expandLz4(packed: Buffer, size: number): Buffer {
  if (packed.length < 8) throw new Malformed('a block without its check sum');
  if (hash!.h64Raw(packed.subarray(8)) !== packed.readBigUInt64BE(0)) throw new Malformed('check sum does not match');
  // In the place of half the check sum, which is put back, so that the block need not be copied.
  const kept = packed.readUInt32LE(4);
  packed.writeUInt32LE(size, 4);
  try {
    return uncompressSync(packed.subarray(4));
  } finally {
    packed.writeUInt32LE(kept, 4);
  }
}
