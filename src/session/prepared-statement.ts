// A statement with its parameters' types and its columns, before any value is known; and what running one gives.
import type { SqlType, Value } from '../core/index.js';
import type { Statement } from '../parser/index.js';
import type { CopyIn } from './copy/copy-from.js';
import type { CopyFormat } from './copy/copy-options.js';
import type { QueryResult, ResultColumn } from './query-result.js';

export interface PreparedStatement {
  /** Absent where the text was empty. */
  readonly statement: Statement | undefined;
  readonly parameterTypes: readonly SqlType[];
  /** Absent where it gives no rows. */
  readonly columns: readonly ResultColumn[] | undefined;
}

export const unprepared = (statement: Statement): PreparedStatement => ({
  statement,
  parameterTypes: [],
  columns: undefined,
});

export interface TypedValue {
  readonly type: SqlType;
  readonly value: Value;
}

export interface StatementResult {
  /** `BEGIN`, `SET`; with the number of rows behind it where there are rows: `SELECT`, `FETCH`. */
  readonly tag: string;
  readonly rows?: QueryResult;
  /** Its values are binary where nobody has asked for a format: those of a BINARY cursor. */
  readonly binary?: boolean;
  /** The rows are copied out, in this form. */
  readonly copy?: CopyFormat;
  /** It waits for rows: `copyIn.run` takes them and gives the tag. */
  readonly copyIn?: CopyIn;
}

/** What a statement says beside its answer. */
export interface Notice {
  readonly severity: 'WARNING' | 'NOTICE';
  readonly code: string;
  readonly message: string;
}
