// A thread's way to objects that only the main thread can read: it asks, and buffers come back without being copied.
import { parentPort } from 'node:worker_threads';
import { type Diagnostic, DiagnosticError } from '../../core/index.js';
import type { ByteRange, RangeReader } from '../../store/index.js';

export interface ReadRequest {
  readonly read: number;
  readonly object: string;
  readonly ranges: readonly ByteRange[];
}
export type ReadReply =
  | { readonly read: number; readonly parts: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly read: number; readonly diagnostic: Diagnostic };

interface Asked {
  resolve(parts: Uint8Array[]): void;
  reject(error: unknown): void;
}

export class ParentStore implements RangeReader {
  private readonly asked = new Map<number, Asked>();
  private next = 0;

  constructor(readonly url: string) {}

  readRanges(object: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      const read = this.next++;
      this.asked.set(read, { resolve, reject });
      parentPort!.postMessage({ read, object, ranges } satisfies ReadRequest);
    });
  }

  answered(reply: ReadReply): void {
    const asked = this.asked.get(reply.read);
    this.asked.delete(reply.read);
    if ('parts' in reply) asked?.resolve([...reply.parts]);
    else asked?.reject(new DiagnosticError(reply.diagnostic));
  }
}
