// A thread that runs fragments: it opens the store itself, so only fragments go in, and results in their byte form come out.
import { parentPort, workerData } from 'node:worker_threads';
import { type ObjectStore, openStore } from '../../store/index.js';
import { answerByKernel, answerFragment } from './answer-fragment.js';

export interface FragmentJob {
  readonly object: string;
  readonly bytes: Uint8Array;
  /** By the evaluator, not by the kernel. */
  readonly evaluator: boolean;
}
/** `ready` comes once, unasked. */
export type FragmentReply =
  | { readonly ready: true }
  | { readonly result: Uint8Array<ArrayBuffer> }
  | { readonly bug: string };

let store: ObjectStore | undefined;

parentPort?.on('message', ({ object, bytes, evaluator }: FragmentJob) => {
  void (async (): Promise<FragmentReply> => {
    try {
      store ??= await openStore((workerData as { readonly url: string }).url);
      return { result: await (evaluator ? answerFragment : answerByKernel)(store, object, bytes) };
    } catch (error) {
      return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  })().then((reply) => parentPort?.postMessage(reply, 'result' in reply ? [reply.result.buffer] : []));
});
parentPort?.postMessage({ ready: true } satisfies FragmentReply);
