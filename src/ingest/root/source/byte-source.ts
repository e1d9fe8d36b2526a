// Random access to the bytes of one file, wherever it lies; everything the ROOT reader reads comes through here.

export interface ByteSource {
  /** As the user wrote it; for messages. */
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** What the user should hear about how the file is being read. */
  readonly notices: readonly string[];
  /** Ranges closer than this are fetched as one; what a round trip costs, in bytes. */
  readonly worthSkipping: number;
  /** How many reads may be under way at once. */
  readonly parallel: number;
  /**
   * Exactly `length` bytes from `offset`, in `into` where it is given (of that length).
   * @throws DiagnosticError data_corrupted beyond the end, io_error or connection_failure when reading fails,
   *   object_in_use when the file changed since it was opened
   */
  read(offset: number, length: number, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Memory for one round of reads after the other. */
export class ReusedBuffer {
  #bytes = Buffer.alloc(0);

  take(length: number): Buffer {
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(Math.ceil(length * 1.25));
    return this.#bytes.subarray(0, length);
  }
}

const largestRead = 16 << 20;

/** Reads many ranges, neighbours together. The results come in the order of `ranges`, and live in `buffer` until its next use. */
export async function readRanges(
  source: ByteSource,
  ranges: readonly ByteRange[],
  buffer: ReusedBuffer,
): Promise<Buffer[]> {
  const order = ranges.map((_, i) => i).sort((a, b) => ranges[a]!.offset - ranges[b]!.offset);
  const groups: { offset: number; end: number; members: number[] }[] = [];
  for (const i of order) {
    const { offset, length } = ranges[i]!;
    const last = groups.at(-1);
    if (last && offset - last.end <= source.worthSkipping && offset + length - last.offset <= largestRead) {
      last.members.push(i);
      last.end = Math.max(last.end, offset + length);
    } else groups.push({ offset, end: offset + length, members: [i] });
  }
  const result = new Array<Buffer>(ranges.length);
  const memory = buffer.take(groups.reduce((sum, group) => sum + group.end - group.offset, 0));
  let next = 0;
  let used = 0;
  const worker = async () => {
    for (let group = groups[next++]; group; group = groups[next++]) {
      const length = group.end - group.offset;
      const into = memory.subarray(used, used + length);
      used += length;
      const bytes = await source.read(group.offset, length, into);
      for (const i of group.members) {
        const { offset, length } = ranges[i]!;
        result[i] = bytes.subarray(offset - group.offset, offset - group.offset + length);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(source.parallel, groups.length) }, worker));
  return result;
}
