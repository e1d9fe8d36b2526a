// DuckDB's answers as values of the registry.
import { parseNumeric, type SqlType, type Value } from '../../src/core/index.js';

/** What the client returns, as a Value. */
export function toValue(x: unknown, type: SqlType): Value {
  if (x === null || x === undefined) return null;
  const record = x as Record<string, unknown>;
  switch (type.kind) {
    case 'list':
      return (record.items as unknown[]).map((v) => toValue(v, type.element));
    case 'numeric':
      if (typeof x === 'string') return parseNumeric(x)!;
      return { unscaled: record.value as bigint, scale: record.scale as number };
    case 'date':
      return record.days as number;
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return record.micros as bigint;
    case 'interval':
      return { months: record.months as number, days: record.days as number, micros: record.micros as bigint };
    case 'bytea':
      return record.bytes as Uint8Array;
    default:
      return x as Value;
  }
}
