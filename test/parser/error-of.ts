// The diagnostic that a call ends in.
import { DiagnosticError } from '../../src/core/index.js';

export function errorOf(run: () => unknown): {
  code: string;
  message: string;
  start: number | undefined;
  hint: string | undefined;
} {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { message, span, hint } = error.diagnostic;
    return { code: error.code, message, start: span?.start, hint };
  }
  throw new Error('no error');
}
