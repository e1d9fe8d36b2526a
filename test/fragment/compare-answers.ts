// Whether two homes answered a fragment alike: the same error, or the same values bit for bit (NaN is NaN).
import { decodeResult, type EncodedResult } from '../../src/core/index.js';
import { valueAt } from '../../src/exec/eval/vec.js';
import { receivedResult } from '../../src/exec/fragment/result-columns.js';

export type Verdict = 'same' | 'error' | 'cannot';

/** @throws Error that says where they differ */
export function compareAnswers(kernel: Uint8Array, evaluator: Uint8Array): Verdict {
  const ours = decodeResult(kernel);
  const theirs = decodeResult(evaluator);
  if (ours.kind === 'cannot') return 'cannot';
  if (ours.kind === 'error' || theirs.kind === 'error') {
    const text = (result: EncodedResult) =>
      result.kind === 'error' ? `${result.code} ${result.message}` : result.kind;
    if (text(ours) !== text(theirs)) throw new Error(`kernel: ${text(ours)}; evaluator: ${text(theirs)}`);
    return 'error';
  }
  if (theirs.kind !== 'rows') throw new Error(`evaluator: ${theirs.kind}`);
  for (const field of ['rows', 'rowsIn', 'bytesRead'] as const)
    if (ours[field] !== theirs[field]) throw new Error(`${field}: kernel ${ours[field]}, evaluator ${theirs[field]}`);
  const a = receivedResult(ours);
  const b = receivedResult(theirs);
  if (a.width !== b.width) throw new Error(`columns: kernel ${a.width}, evaluator ${b.width}`);
  for (let c = 0; c < a.width; c++) {
    const x = a.vec(c);
    const y = b.vec(c);
    for (let i = 0; i < a.rows; i++) {
      const p = valueAt(x, i);
      const q = valueAt(y, i);
      if (!same(p, q))
        throw new Error(
          `column ${c} (${ours.columns[c]!.type.kind}), row ${i}: kernel ${show(p)}, evaluator ${show(q)}`,
        );
    }
  }
  return 'same';
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a) as (keyof typeof a)[];
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
}

function show(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return JSON.stringify(value, (_, v) =>
    typeof v === 'bigint' ? `${v}` : typeof v === 'number' && !Number.isFinite(v) ? `${v}` : v,
  );
}
