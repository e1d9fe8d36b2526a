// DuckDB's failures as diagnostics: its exception types, and the errors that our own SQL raises by `error('SKYHOOK:…')`.
import { type Condition, DiagnosticError, diagnosticOfDuckDbError, fail } from '../../core/index.js';
import type { DuckDbFailure } from './protocol.js';

/** By DuckDB's exception type and a pattern in its message; the first that fits wins. */
const patterns: readonly (readonly [type: RegExp, message: RegExp, Condition])[] = [
  [/^Out of Memory$/, /./, 'out_of_memory'],
  [/^(Interrupt|INTERRUPT)$/, /./, 'query_canceled'],
  [/./, /division by zero/i, 'division_by_zero'],
  [/^(Conversion|Out of Range|Invalid Input)$/, /(date|time|timestamp).*out of range/i, 'datetime_field_overflow'],
  [/^Conversion$/, /out of range|Could not cast value|does not fit|overflow/i, 'numeric_value_out_of_range'],
  [/^Conversion$/, /(date|time|timestamp|interval)/i, 'invalid_datetime_format'],
  [/^Conversion$/, /./, 'invalid_text_representation'],
  [/^Out of Range$/, /./, 'numeric_value_out_of_range'],
  [/^Invalid Input$/, /regex|regular expression/i, 'invalid_regular_expression'],
  [/^Invalid Input$/, /escape/i, 'invalid_escape_sequence'],
  [/^Invalid Input$/, /logarithm/i, 'invalid_argument_for_logarithm'],
  [/^Invalid Input$/, /./, 'invalid_parameter_value'],
  [/^(Extension Autoloading|Missing Extension|Not implemented)$/, /./, 'feature_not_supported'],
];

/** @param sql the statement that failed, for the detail of errors that are nobody's data's fault */
export function diagnose(failure: DuckDbFailure, sql?: string): DiagnosticError {
  if (failure.type === 'canceled') return fail('query_canceled', 'canceling statement due to user request');
  if (failure.type === 'crash')
    return fail('crash_shutdown', 'the local query engine crashed', {
      detail: failure.message,
      hint: 'it restarts by itself: try again, or ask for less at once',
    });
  const message = failure.message.split('\n')[0]!;
  const known = diagnosticOfDuckDbError(failure.message);
  if (known && known.condition !== 'out_of_memory') return new DiagnosticError(known);
  for (const [type, text, condition] of patterns) {
    if (!type.test(failure.type) || !text.test(`${failure.message}.`)) continue;
    if (condition === 'out_of_memory')
      return fail('out_of_memory', 'out of memory', {
        detail: message || 'The local query engine reached the bound of its heap.',
        hint: 'aggregate, filter or limit more, or raise the memory budget',
      });
    return fail(condition, message);
  }
  return fail('internal_error', `${failure.type}: ${message}`, sql === undefined ? {} : { detail: sql.slice(0, 4000) });
}
