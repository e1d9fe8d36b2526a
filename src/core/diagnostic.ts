// What a user's mistake, or a failure outside our control, looks like: one typed catalogue, printed in one way.
import type { Span } from './span.js';

/** SQLSTATE by PostgreSQL's condition name (appendix A of its manual); the only place where codes are written. */
export const sqlStates = {
  warning: '01000',
  connection_failure: '08006',
  transaction_resolution_unknown: '08007',
  protocol_violation: '08P01',
  feature_not_supported: '0A000',
  cardinality_violation: '21000',
  data_exception: '22000',
  array_subscript_error: '2202E',
  invalid_tablesample_repeat: '2202G',
  invalid_tablesample_argument: '2202H',
  string_data_right_truncation: '22001',
  numeric_value_out_of_range: '22003',
  null_value_not_allowed: '22004',
  invalid_datetime_format: '22007',
  datetime_field_overflow: '22008',
  invalid_time_zone_displacement_value: '22009',
  interval_field_overflow: '22015',
  substring_error: '22011',
  division_by_zero: '22012',
  sequence_generator_limit_exceeded: '2200H',
  invalid_preceding_or_following_size: '22013',
  invalid_argument_for_ntile_function: '22014',
  invalid_argument_for_nth_value_function: '22016',
  invalid_escape_sequence: '22025',
  character_not_in_repertoire: '22021',
  invalid_parameter_value: '22023',
  invalid_argument_for_logarithm: '2201E',
  invalid_argument_for_power_function: '2201F',
  invalid_argument_for_width_bucket_function: '2201G',
  invalid_row_count_in_limit_clause: '2201W',
  invalid_row_count_in_result_offset_clause: '2201X',
  invalid_regular_expression: '2201B',
  string_data_length_mismatch: '22026',
  invalid_use_of_escape_character: '2200C',
  untranslatable_character: '22P05',
  invalid_text_representation: '22P02',
  invalid_binary_representation: '22P03',
  bad_copy_file_format: '22P04',
  not_null_violation: '23502',
  foreign_key_violation: '23503',
  unique_violation: '23505',
  check_violation: '23514',
  duplicate_json_object_key_value: '22030',
  invalid_argument_for_sql_json_datetime_function: '22031',
  invalid_sql_json_subscript: '22033',
  more_than_one_sql_json_item: '22034',
  non_numeric_sql_json_item: '22036',
  singleton_sql_json_item_required: '22038',
  sql_json_array_not_found: '22039',
  sql_json_member_not_found: '2203A',
  sql_json_number_not_found: '2203B',
  sql_json_object_not_found: '2203C',
  sql_json_scalar_required: '2203F',
  active_sql_transaction: '25001',
  read_only_sql_transaction: '25006',
  no_active_sql_transaction: '25P01',
  in_failed_sql_transaction: '25P02',
  idle_in_transaction_session_timeout: '25P03',
  invalid_sql_statement_name: '26000',
  invalid_authorization_specification: '28000',
  invalid_password: '28P01',
  dependent_objects_still_exist: '2BP01',
  invalid_catalog_name: '3D000',
  invalid_cursor_name: '34000',
  invalid_savepoint_specification: '3B001',
  invalid_schema_name: '3F000',
  serialization_failure: '40001',
  insufficient_privilege: '42501',
  syntax_error: '42601',
  invalid_name: '42602',
  invalid_column_reference: '42P10',
  invalid_foreign_key: '42830',
  generated_always: '428C9',
  duplicate_column: '42701',
  ambiguous_column: '42702',
  undefined_column: '42703',
  undefined_object: '42704',
  duplicate_object: '42710',
  duplicate_alias: '42712',
  ambiguous_function: '42725',
  grouping_error: '42803',
  datatype_mismatch: '42804',
  wrong_object_type: '42809',
  cannot_coerce: '42846',
  undefined_function: '42883',
  reserved_name: '42939',
  undefined_table: '42P01',
  undefined_parameter: '42P02',
  duplicate_cursor: '42P03',
  duplicate_database: '42P04',
  duplicate_prepared_statement: '42P05',
  duplicate_schema: '42P06',
  duplicate_table: '42P07',
  ambiguous_parameter: '42P08',
  ambiguous_alias: '42P09',
  invalid_cursor_definition: '42P11',
  invalid_table_definition: '42P16',
  invalid_object_definition: '42P17',
  indeterminate_datatype: '42P18',
  invalid_recursion: '42P19',
  collation_mismatch: '42P21',
  windowing_error: '42P20',
  disk_full: '53100',
  out_of_memory: '53200',
  too_many_connections: '53300',
  program_limit_exceeded: '54000',
  statement_too_complex: '54001',
  object_in_use: '55006',
  object_not_in_prerequisite_state: '55000',
  cant_change_runtime_param: '55P02',
  query_canceled: '57014',
  admin_shutdown: '57P01',
  crash_shutdown: '57P02',
  idle_session_timeout: '57P05',
  cannot_connect_now: '57P03',
  system_error: '58000',
  io_error: '58030',
  undefined_file: '58P01',
  internal_error: 'XX000',
  data_corrupted: 'XX001',
} as const;

export type Condition = keyof typeof sqlStates;

export interface Diagnostic {
  readonly condition: Condition;
  readonly message: string;
  /** Where in the statement; absent when the fault is not in its text. */
  readonly span?: Span;
  readonly hint?: string;
  readonly detail?: string;
  /** What was being done: the line of a COPY. */
  readonly context?: string;
  /** Whose rule was broken, for programs. */
  readonly object?: DiagnosticObject;
  /** PostgreSQL's function that says so: drivers know some errors by it alone. */
  readonly routine?: string;
}

export interface DiagnosticObject {
  readonly schema: string;
  readonly table: string;
  readonly column?: string;
  readonly constraint?: string;
}

/**
 * Carries a {@link Diagnostic} to the edge that prints it. Every other thrown value is a bug in this program.
 */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic, options?: ErrorOptions) {
    super(diagnostic.message, options);
    this.diagnostic = diagnostic;
  }

  /** Five-character SQLSTATE. */
  get code(): string {
    return sqlStates[this.diagnostic.condition];
  }
}

/** Shorthand: `throw fail('undefined_column', 'column "x" does not exist', { span, hint })`. */
export function fail(
  condition: Condition,
  message: string,
  more: {
    span?: Span | undefined;
    hint?: string | undefined;
    detail?: string | undefined;
    context?: string | undefined;
    object?: DiagnosticObject | undefined;
    routine?: string | undefined;
    cause?: unknown;
  } = {},
): DiagnosticError {
  return new DiagnosticError(
    {
      condition,
      message,
      ...(more.span && { span: more.span }),
      ...(more.hint !== undefined && { hint: more.hint }),
      ...(more.detail !== undefined && { detail: more.detail }),
      ...(more.context !== undefined && { context: more.context }),
      ...(more.object && { object: more.object }),
      ...(more.routine !== undefined && { routine: more.routine }),
    },
    more.cause === undefined ? undefined : { cause: more.cause },
  );
}

const longestExcerpt = 120;

/**
 * Renders a diagnostic the way compilers do: code, place, the line with carets under the span, detail and hint.
 * `text` is the statement the span points into, `door` how it came in (`query`, `sql`, a file name).
 */
export function printDiagnostic(diagnostic: Diagnostic, text = '', door = 'query'): string {
  const lines = [`error[${sqlStates[diagnostic.condition]}]: ${diagnostic.message}`];
  const { span } = diagnostic;
  let gutter = ' ';
  if (span && span.start <= text.length) {
    const before = text.slice(0, span.start);
    const row = before.split('\n').length;
    const lineStart = before.lastIndexOf('\n') + 1;
    const lineEnd = text.indexOf('\n', span.start);
    const whole = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
    const column = span.start - lineStart;
    // A very long line is shown as a window around the fault.
    const from = whole.length > longestExcerpt ? Math.max(0, column - longestExcerpt / 2) : 0;
    const line = whole.slice(from, from + longestExcerpt).replaceAll('\t', ' ');
    const width = Math.max(1, Math.min(span.end - span.start, line.length - (column - from)));
    gutter = ' '.repeat(String(row).length);
    lines.push(`${gutter}--> ${door}:${row}:${column + 1}`);
    lines.push(`${row} | ${line}`);
    lines.push(`${gutter} | ${' '.repeat(column - from)}${'^'.repeat(width)}`);
  }
  if (diagnostic.detail !== undefined) lines.push(`${gutter} = detail: ${diagnostic.detail}`);
  if (diagnostic.hint !== undefined) lines.push(`${gutter} = hint: ${diagnostic.hint}`);
  if (diagnostic.context !== undefined) lines.push(`${gutter} = context: ${diagnostic.context}`);
  return lines.join('\n');
}
