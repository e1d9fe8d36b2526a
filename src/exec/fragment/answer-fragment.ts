// The evaluator as a home of its own: fragment bytes in, result bytes out, as a storage daemon answers.
import { DiagnosticError, encodeResult, errorResult, fragmentVersion, fragmentVersionOf } from '../../core/index.js';
import type { ObjectStore } from '../../store/index.js';
import { toResultRows } from './result-columns.js';
import { columnsFrom, runFragment } from './run-fragment.js';

/** Rejects with nothing but bugs of ours: what the fragment raises is in the answer. */
export async function answerFragment(
  store: ObjectStore,
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
