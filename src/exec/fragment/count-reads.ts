// A reader that counts the bytes that come through it: buffers that lie near each other are read with what is between them.
import type { RangeReader } from '../../store/index.js';

export interface CountedReader extends RangeReader {
  readonly moved: number;
}

export function countReads(reader: RangeReader): CountedReader {
  let moved = 0;
  return {
    url: reader.url,
    get moved() {
      return moved;
    },
    async readRanges(object, ranges, options) {
      const parts = await reader.readRanges(object, ranges, options);
      for (const { length } of parts) moved += length;
      return parts;
    },
  };
}
