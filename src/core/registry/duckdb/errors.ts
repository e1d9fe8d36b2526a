// Errors on the way out of DuckDB: what our renderings raise, and what DuckDB's own messages mean in PostgreSQL.
import { type Condition, type Diagnostic, sqlStates } from '../../diagnostic.js';

const conditions = new Map<string, Condition>(
  Object.entries(sqlStates).map(([condition, code]) => [code, condition as Condition]),
);

export function quoteDuckDbText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A DuckDB expression that fails when it is evaluated. `message` is text; with `detailSql`, an expression of text, what it gives
 * is put in place of `%`. The engine finds the diagnostic again by the prefix `SKYHOOK:SQLSTATE:`.
 */
export function raise(condition: Condition, message: string, detailSql?: string): string {
  const [before, after] = `SKYHOOK:${sqlStates[condition]}:${message}`.split('%') as [string, string?];
  if (detailSql === undefined) return `error(${quoteDuckDbText(before)})`;
  return `error(${quoteDuckDbText(before)} || ${detailSql} || ${quoteDuckDbText(after ?? '')})`;
}

const integerNames: Record<string, string> = { '16': 'smallint', '32': 'integer', '64': 'bigint', '128': 'numeric' };

interface Meaning {
  readonly pattern: RegExp;
  readonly condition: Condition;
  readonly message: (match: RegExpExecArray) => string;
  /** The message says it all: DuckDB's own is no detail of it. */
  readonly isWhole?: boolean;
}

/** DuckDB's messages for faults of values, which the renderings leave to DuckDB. */
const meanings: readonly Meaning[] = [
  {
    pattern: /Overflow in (?:addition|subtraction|multiplication) of INT(16|32|64|128)/,
    condition: 'numeric_value_out_of_range',
    message: (m) => `${integerNames[m[1]!]} out of range`,
  },
  {
    pattern: /More than one row returned by a subquery/,
    condition: 'cardinality_violation',
    message: () => 'more than one row returned by a subquery used as an expression',
    isWhole: true,
  },
  {
    pattern: /Overflow in (?:addition|subtraction|multiplication) of DECIMAL/,
    condition: 'numeric_value_out_of_range',
    message: () => 'value overflows numeric format',
  },
  {
    pattern:
      /can't be cast .*to the destination type INT(16|32|64)|out of range for the destination type INT(16|32|64)|cast decimal value .* to type INT(16|32|64)/,
    condition: 'numeric_value_out_of_range',
    message: (m) => `${integerNames[(m[1] ?? m[2] ?? m[3])!]} out of range`,
  },
  {
    pattern:
      /Could not cast value .* to DECIMAL|Could not convert string .* to (?:DECIMAL|INT128|HUGEINT)|out of range for the destination type DECIMAL|Overflow in HUGEINT|INT128|DECIMAL\(38\)/,
    condition: 'numeric_value_out_of_range',
    message: () => 'value overflows numeric format',
  },
  {
    pattern: /out of range for the destination type FLOAT/,
    condition: 'numeric_value_out_of_range',
    message: () => 'value out of range: overflow',
  },
  {
    pattern: /Overflow (?:in|on) |Out of Range Error/,
    condition: 'numeric_value_out_of_range',
    message: () => 'value out of range',
  },
  { pattern: /Out of Memory Error|failed to allocate/i, condition: 'out_of_memory', message: () => 'out of memory' },
];

/** The diagnostic that a DuckDB error message stands for; `undefined` for faults that are none of the query's. */
export function diagnosticOfDuckDbError(message: string): Diagnostic | undefined {
  const own = /SKYHOOK:([0-9A-Z]{5}):([^\n]*)/.exec(message);
  if (own) {
    const condition = conditions.get(own[1]!);
    if (condition) return { condition, message: own[2]! };
  }
  for (const meaning of meanings) {
    const match = meaning.pattern.exec(message);
    if (!match) continue;
    const known = { condition: meaning.condition, message: meaning.message(match) };
    return meaning.isWhole ? known : { ...known, detail: message.split('\n')[0]! };
  }
  return undefined;
}
