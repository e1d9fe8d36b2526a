// What went wrong, as the fields of an ErrorResponse or NoticeResponse.
import { type Diagnostic, DiagnosticError, sqlStates } from '../../core/index.js';
import type { Notice } from '../../session/index.js';
import type { ErrorFields } from '../codec/index.js';

export type Severity = 'ERROR' | 'FATAL';

export function errorFields(diagnostic: Diagnostic, severity: Severity, text = ''): ErrorFields {
  const fields = new Map([
    ['S', severity],
    ['V', severity],
    ['C', sqlStates[diagnostic.condition]],
    ['M', diagnostic.message],
  ]);
  if (diagnostic.detail !== undefined) fields.set('D', diagnostic.detail);
  if (diagnostic.hint !== undefined) fields.set('H', diagnostic.hint);
  if (diagnostic.context !== undefined) fields.set('W', diagnostic.context);
  const { span, object, routine } = diagnostic;
  const parts = { s: object?.schema, t: object?.table, c: object?.column, n: object?.constraint, R: routine };
  for (const [field, name] of Object.entries(parts)) if (name !== undefined) fields.set(field, name);
  // Counted in characters from 1; a surrogate pair is one.
  if (span && span.start <= text.length) fields.set('P', String([...text.slice(0, span.start)].length + 1));
  return fields;
}

export function noticeFields({ severity, code, message }: Notice): ErrorFields {
  return new Map([
    ['S', severity],
    ['V', severity],
    ['C', code],
    ['M', message],
  ]);
}

/** What is no diagnostic is a bug of ours: the client learns no more than that. */
export function toDiagnostic(error: unknown): Diagnostic {
  if (error instanceof DiagnosticError) return error.diagnostic;
  return { condition: 'internal_error', message: 'internal error: this is a bug in skyhook, see its log' };
}
