// A thread that runs fragments: it opens the store itself, so only fragments go in and results come out.
import { parentPort, workerData } from 'node:worker_threads';
import { type Diagnostic, DiagnosticError } from '../../core/index.js';
import { type ObjectStore, openStore } from '../../store/index.js';
import type { Vec } from '../eval/vec.js';
import { columnsFrom, type FragmentResult, runFragment } from './run-fragment.js';

export interface FragmentJob {
  readonly object: string;
  readonly bytes: Uint8Array;
}
export type FragmentReply =
  | { readonly result: FragmentResult }
  | { readonly diagnostic: Diagnostic }
  | { readonly bug: string };

/** Cloning a view clones its whole buffer: views of a part are cut out first. */
function compact(vec: Vec): Vec {
  const cut = <T extends Uint8Array | Int32Array | Float32Array | Float64Array>(array: T): T =>
    array.byteLength * 2 < array.buffer.byteLength ? (array.slice() as T) : array;
  const valid = vec.valid && cut(vec.valid);
  switch (vec.form) {
    case 'flat':
      return { ...vec, valid, data: cut(vec.data) };
    case 'list':
      return { ...vec, valid, offsets: cut(vec.offsets), child: compact(vec.child) };
    case 'boxed':
      return { ...vec, valid };
  }
}

let store: ObjectStore | undefined;

parentPort?.on('message', ({ object, bytes }: FragmentJob) => {
  void (async (): Promise<FragmentReply> => {
    try {
      store ??= await openStore((workerData as { readonly url: string }).url);
      const result = await runFragment(bytes, columnsFrom(store, object));
      return { result: { ...result, columns: result.columns.map(compact) } };
    } catch (error) {
      if (error instanceof DiagnosticError) return { diagnostic: error.diagnostic };
      return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  })().then((reply) => parentPort?.postMessage(reply));
});
