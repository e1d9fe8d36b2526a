// A thread that runs fragments: it opens a folder itself, and reads what is in memory where it lies, so only fragments go in, and results
// in their byte form come out; of other stores the main thread reads for it.
import { parentPort, workerData } from 'node:worker_threads';
import { openStore, type RangeReader, SharedObject } from '../../store/index.js';
import { answerByKernel, answerFragment } from './answer-fragment.js';
import { countReads } from './count-reads.js';
import { ParentStore, type ReadReply, type ReadRequest } from './parent-store.js';

export interface FragmentJob {
  readonly object: string;
  readonly bytes: Uint8Array;
  /** By the evaluator, not by the kernel. */
  readonly evaluator: boolean;
  /** The object, where it is in memory. */
  readonly shared?: SharedArrayBuffer | undefined;
  /** The thread cannot reach the object; it asks for what it wants of it. */
  readonly askParent?: boolean;
}
/** `ready` comes once, unasked. */
export type FragmentReply =
  | { readonly ready: true }
  /** `moved`: bytes that were read for it. */
  | { readonly result: Uint8Array<ArrayBuffer>; readonly moved: number }
  | ReadRequest
  | { readonly bug: string };

const { url } = workerData as { readonly url: string };
const parent = new ParentStore(url);
let store: Promise<RangeReader> | undefined;
const opened = () => {
  store ??= openStore(url);
  return store;
};

parentPort?.on('message', (message: FragmentJob | ReadReply) => {
  if ('read' in message) return parent.answered(message);
  const { object, bytes, evaluator, shared, askParent } = message;
  void (async (): Promise<FragmentReply> => {
    try {
      const source = countReads(shared ? new SharedObject(url, shared) : askParent ? parent : await opened());
      const result = await (evaluator ? answerFragment : answerByKernel)(source, object, bytes);
      return { result, moved: source.moved };
    } catch (error) {
      return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  })().then((reply) => parentPort?.postMessage(reply, 'result' in reply ? [reply.result.buffer] : []));
});
parentPort?.postMessage({ ready: true } satisfies FragmentReply);
