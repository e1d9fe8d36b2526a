// A bound for regular expressions that backtrack: what could take long runs under a time limit, and ends as an error.
import { type Context, createContext, runInContext } from 'node:vm';
import { fail } from '../diagnostic.js';

const limitMs = 1000;
/** Far below a second; the time limit costs some 50 µs a call. */
const harmlessSteps = 1e7;

/** Steps that backtracking may take at most, roughly: exponential where a group repeats, else by the number of open repetitions (`%` is one of SIMILAR TO). */
function mostSteps(length: number, pattern: string): number {
  if (/\)[*+?]?[*+{]|\\[1-9]/.test(pattern)) return 2 ** Math.min(length, 1000);
  const repeats = pattern.match(/[*+%]|\{\d+,\d*\}/g)?.length ?? 0;
  return length ** (repeats + 1);
}

let context: Context | undefined;

/** @throws DiagnosticError statement_too_complex where `run`, which matches `pattern` in `text`, takes longer than a second */
export function boundedMatch<T>(text: string, pattern: string, run: () => T): T {
  if (mostSteps(text.length, pattern) <= harmlessSteps) return run();
  context ??= createContext({});
  context['run'] = run;
  try {
    return runInContext('run()', context, { timeout: limitMs }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw fail('statement_too_complex', 'regular expression is too complex for this text', {
      hint: 'Repetitions inside repetitions, as in (a+)+, take time that doubles with each character.',
    });
  }
}
