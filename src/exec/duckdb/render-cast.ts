// Casts as DuckDB SQL with PostgreSQL's meaning where a plain CAST differs.
import { duckDbType, type SqlType } from '../../core/index.js';

export interface CastOptions {
  /** Written by the user: `varchar(n)` then cuts silently. */
  readonly explicit: boolean;
  /** NULL instead of an error. */
  readonly attempt: boolean;
}

export function renderCast(sql: string, from: SqlType, to: SqlType, { explicit, attempt }: CastOptions): string {
  const plain = (text: string, type: SqlType) => `${attempt ? 'TRY_CAST' : 'CAST'}(${text} AS ${duckDbType(type)})`;
  const isText = (type: SqlType) => type.kind === 'text' || type.kind === 'varchar' || type.kind === 'char';
  const isFloat = (type: SqlType) => type.kind === 'float4' || type.kind === 'float8';
  const isInteger = (type: SqlType) => type.kind === 'int2' || type.kind === 'int4' || type.kind === 'int8';
  if (isText(to)) {
    let text = plain(sql, to);
    // PostgreSQL prints whole floats without a fraction, and spells the infinities out.
    if (isFloat(from)) {
      text = `regexp_replace(${text}, '\\.0$', '')`;
      text = `(CASE WHEN isinf(${sql}) THEN CASE WHEN ${sql} > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN isnan(${sql}) THEN 'NaN' ELSE ${text} END)`;
    }
    if (from.kind === 'bytea') text = `('\\x' || lower(hex(${sql})))`;
    if ((to.kind === 'varchar' || to.kind === 'char') && to.length !== undefined && explicit)
      text = `left(${text}, ${to.length})`;
    return text;
  }
  // To the nearest even, as PostgreSQL and IEEE 754 do.
  if (isFloat(from) && isInteger(to)) return plain(`round_even(${sql}, 0)`, to);
  if (isText(from)) return plain(`trim(${sql})`, to);
  return plain(sql, to);
}
