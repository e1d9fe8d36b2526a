// Fragment bytes in, result bytes out, as a storage daemon answers: by the evaluator, or by the kernel with the evaluator behind it.
import {
  DiagnosticError,
  decodeResult,
  type EncodedResult,
  encodeResult,
  errorResult,
  fragmentVersion,
  fragmentVersionOf,
  resultKind,
  sqlStates,
} from '../../core/index.js';
import { corrupted, type RangeReader } from '../../store/index.js';
import { buffersFrom, loadKernel } from './kernel.js';
import { toResultRows } from './result-columns.js';
import { columnsFrom, runFragment } from './run-fragment.js';

/** Rejects with nothing but bugs of ours: what the fragment raises is in the answer. */
export async function answerFragment(
  store: RangeReader,
  object: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const version = fragmentVersionOf(bytes);
  if (version !== undefined && version !== fragmentVersion)
    return encodeResult({ kind: 'cannot', reason: `fragments of version ${version} are not known here` });
  try {
    return encodeResult(toResultRows(await runFragment(bytes, columnsFrom(store, object, signal), signal)));
  } catch (error) {
    if (error instanceof DiagnosticError) return encodeResult(errorResult(error));
    throw error;
  }
}

/** What the kernel cannot run, the evaluator does. Rejects as {@link answerFragment} does. */
export async function answerByKernel(
  store: RangeReader,
  object: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (fragmentVersionOf(bytes) !== fragmentVersion) return await answerFragment(store, object, bytes, signal);
  try {
    const kernel = await loadKernel();
    const answer = await kernel.run(bytes, buffersFrom(store, object, signal), signal);
    if (!answer) return await answerFragment(store, object, bytes, signal);
    switch (resultKind(answer)) {
      case 'rows':
        return answer;
      case 'error': {
        const error = decodeResult(answer) as Extract<EncodedResult, { kind: 'error' }>;
        if (error.code !== sqlStates.data_corrupted) return answer;
        return encodeResult(errorResult(corrupted(object, store, error.message)));
      }
      default:
        return await answerFragment(store, object, bytes, signal);
    }
  } catch (error) {
    if (error instanceof DiagnosticError) return encodeResult(errorResult(error));
    throw error;
  }
}
