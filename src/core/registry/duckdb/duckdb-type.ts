// The DuckDB type in which a SQL type's values live inside the engine.
import { isDecimal, type SqlType } from '../../sql-type.js';

const names: Partial<Record<SqlType['kind'], string>> = {
  bool: 'BOOLEAN',
  int1: 'TINYINT',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  uint1: 'UTINYINT',
  uint2: 'USMALLINT',
  uint4: 'UINTEGER',
  uint8: 'UBIGINT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  bytea: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  interval: 'INTERVAL',
};

/** `INTEGER`, `DECIMAL(38,2)`, `FLOAT[]`; text-like types, uuid, json and numerics of any digits are VARCHAR, as they are in Arrow. */
export function duckDbType(type: SqlType): string {
  switch (type.kind) {
    case 'numeric':
      return isDecimal(type) ? `DECIMAL(${type.precision},${type.scale ?? 0})` : 'VARCHAR';
    case 'list':
      return `${duckDbType(type.element)}[]`;
    case 'struct':
      return `STRUCT(${fieldNames(type)
        .map((name, i) => `"${name.replaceAll('"', '""')}" ${duckDbType(type.fields[i]!.type)}`)
        .join(', ')})`;
    default:
      return names[type.kind] ?? 'VARCHAR';
  }
}

/** What DuckDB calls a struct's fields: two of one name, which rows may have and it may not, get numbers instead. */
export function fieldNames({ fields }: Extract<SqlType, { readonly kind: 'struct' }>): readonly string[] {
  const names = fields.map((f) => f.name);
  return new Set(names.map((n) => n.toLowerCase())).size === names.length ? names : names.map((_, i) => `f${i + 1}`);
}
