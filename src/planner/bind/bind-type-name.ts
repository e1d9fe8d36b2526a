// Type names as PostgreSQL and, where that has none, DuckDB spell them.
import { fail, listOf, type SqlType, types } from '../../core/index.js';
import type { TypeName } from '../../parser/index.js';
import { hintFor } from './environment.js';

const names: Readonly<Record<string, SqlType>> = {
  bool: types.bool,
  boolean: types.bool,
  int2: types.int2,
  smallint: types.int2,
  int: types.int4,
  int4: types.int4,
  integer: types.int4,
  int8: types.int8,
  bigint: types.int8,
  float4: types.float4,
  real: types.float4,
  float8: types.float8,
  float: types.float8,
  'double precision': types.float8,
  double: types.float8,
  numeric: types.numeric,
  decimal: types.numeric,
  dec: types.numeric,
  text: types.text,
  string: types.text,
  varchar: types.varchar,
  'character varying': types.varchar,
  char: types.char,
  character: types.char,
  bpchar: types.char,
  bytea: types.bytea,
  date: types.date,
  time: types.time,
  'time without time zone': types.time,
  timestamp: types.timestamp,
  'timestamp without time zone': types.timestamp,
  timestamptz: types.timestamptz,
  'timestamp with time zone': types.timestamptz,
  interval: types.interval,
  uuid: types.uuid,
  json: types.json,
  jsonb: types.jsonb,
};

/** @throws DiagnosticError undefined_object on a type that is not known, invalid_parameter_value on its modifiers */
export function bindTypeName(name: TypeName): SqlType {
  const written = name.name.at(-1)!.text.toLowerCase();
  const base = Object.hasOwn(names, written) ? names[written] : undefined;
  if (!base) {
    throw fail('undefined_object', `type "${name.name.map((n) => n.text).join('.')}" does not exist`, {
      span: name.span,
      hint: hintFor(written, Object.keys(names)),
    });
  }
  const modifiers = name.modifiers.map((m) => (m.kind === 'number' ? Number(m.text) : Number.NaN));
  let type: SqlType = base;
  const [first, second] = modifiers;
  if (first !== undefined) {
    if (!Number.isInteger(first) || first < 1)
      throw fail('invalid_parameter_value', `type modifiers of ${written} must be positive whole numbers`, {
        span: name.span,
      });
    if (base.kind === 'numeric') type = { kind: 'numeric', precision: first, scale: second ?? 0 };
    else if (base.kind === 'varchar' || base.kind === 'char') type = { kind: base.kind, length: first };
    else if (written === 'float') type = first <= 24 ? types.float4 : types.float8;
  } else if (base.kind === 'char' && written !== 'bpchar') type = { kind: 'char', length: 1 };
  for (let i = 0; i < name.dimensions; i++) type = listOf(type);
  return type;
}
