// Constants as DuckDB SQL, exact to the bit and of exactly their type.
import {
  dateInfinity,
  duckDbType,
  fieldNames,
  type IntervalValue,
  type NumericValue,
  printNumeric,
  type SqlType,
  type StructValue,
  timestampInfinity,
  type Value,
} from '../../core/index.js';

export function quoteText(text: string): string {
  // The engine's parser ends a statement at a NUL.
  return text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function renderLiteral(value: Value, type: SqlType): string {
  const name = duckDbType(type);
  if (value === null) return `CAST(NULL AS ${name})`;
  switch (type.kind) {
    case 'bool':
      return value ? 'true' : 'false';
    case 'float4':
    case 'float8':
      return `CAST('${printDouble(value as number)}' AS ${name})`;
    case 'numeric':
      return `CAST('${printNumeric(value as NumericValue)}' AS ${name})`;
    case 'date':
      if (Math.abs(value as number) === dateInfinity) return `CAST('${infinityOf(value as number)}' AS DATE)`;
      return `(DATE '1970-01-01' + CAST(${value as number} AS INTEGER))`;
    case 'time':
      return `CAST('${printTime(value as bigint)}' AS TIME)`;
    case 'timestamp':
      if (isInfinite(value as bigint)) return `CAST('${infinityOf(value as bigint)}' AS TIMESTAMP)`;
      return `make_timestamp(CAST('${value as bigint}' AS BIGINT))`;
    case 'timestamptz':
      if (isInfinite(value as bigint))
        return `CAST(CAST('${infinityOf(value as bigint)}' AS TIMESTAMP) AS TIMESTAMPTZ)`;
      return `CAST(make_timestamp(CAST('${value as bigint}' AS BIGINT)) AS TIMESTAMPTZ)`;
    case 'interval': {
      const { months, days, micros } = value as IntervalValue;
      return `(to_months(${months}) + to_days(${days}) + to_microseconds(CAST('${micros}' AS BIGINT)))`;
    }
    case 'bytea':
      return `CAST('${Array.from(value as Uint8Array, (b) => `\\x${b.toString(16).padStart(2, '0').toUpperCase()}`).join('')}' AS BLOB)`;
    case 'list':
      return `CAST([${(value as readonly Value[]).map((v) => renderLiteral(v, type.element)).join(', ')}] AS ${name})`;
    case 'struct': {
      const { fields } = value as StructValue;
      return `struct_pack(${fieldNames(type)
        .map((name, i) => `${quoteName(name)} := ${renderLiteral(fields[i]!, type.fields[i]!.type)}`)
        .join(', ')})`;
    }
    case 'int1':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'uint1':
    case 'uint2':
    case 'uint4':
    case 'uint8':
      return `CAST('${value as number | bigint}' AS ${name})`;
    default:
      return `CAST(${quoteText(value as string)} AS VARCHAR)`;
  }
}

const isInfinite = (micros: bigint): boolean => micros === timestampInfinity || micros === -timestampInfinity;
const infinityOf = (value: number | bigint): string => (value > 0 ? 'infinity' : '-infinity');

/** JavaScript's shortest form reads back as the same double. */
function printDouble(x: number): string {
  return Object.is(x, -0) ? '-0.0' : String(x);
}

function printTime(micros: bigint): string {
  const two = (n: bigint) => String(n).padStart(2, '0');
  const seconds = micros / 1_000_000n;
  const fraction = String(micros % 1_000_000n).padStart(6, '0');
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${fraction}`;
}
