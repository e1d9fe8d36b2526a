// Type names as PostgreSQL and, where that has none, DuckDB spell them.
import type { TableEntry } from '../../catalog/index.js';
import { arrayOf, DiagnosticError, fail, oidOf, type SqlType, sqlTypeOf, types } from '../../core/index.js';
import { type Expr, parseExpression, type TypeName } from '../../parser/index.js';
import { type BindContext, findTable, hintFor } from './environment.js';

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
  bit: types.bit,
  'bit varying': types.varbit,
  varbit: types.varbit,
  bytea: types.bytea,
  date: types.date,
  time: types.time,
  'time without time zone': types.time,
  timetz: types.timetz,
  'time with time zone': types.timetz,
  timestamp: types.timestamp,
  'timestamp without time zone': types.timestamp,
  timestamptz: types.timestamptz,
  'timestamp with time zone': types.timestamptz,
  interval: types.interval,
  uuid: types.uuid,
  json: types.json,
  jsonb: types.jsonb,
  jsonpath: types.jsonpath,
  record: { kind: 'struct', row: true, fields: [] },
  oid: types.oid,
  name: types.name,
  regclass: types.regclass,
  regtype: types.regtype,
  regnamespace: types.regnamespace,
  regrole: types.regrole,
  regcollation: types.regcollation,
  regconfig: types.regconfig,
  regdictionary: types.regdictionary,
};

/** The number of a type as SQL spells it: `'character varying(5)'::regtype`. */
export function typeNumber(text: string): bigint | undefined {
  try {
    const expr = parseExpression(`NULL::${text}`);
    return expr.kind === 'cast' && isTypeName(expr.type) ? BigInt(oidOf(bindTypeName(expr.type))) : undefined;
  } catch {
    return undefined;
  }
}

function modifierOf(expr: Expr): number {
  if (expr.kind === 'number') return Number(expr.text);
  return expr.kind === 'unary' && expr.op === '-' ? -modifierOf(expr.arg) : Number.NaN;
}

/** Whether the name is that of a type, not of a table whose rows are meant. */
export const isTypeName = ({ name }: TypeName): boolean => Object.hasOwn(names, name.at(-1)!.text.toLowerCase());

/** Where a row's type may stand too, which is called as its table: `NULL::runs`. */
export function bindRowTypeName(context: BindContext, name: TypeName): SqlType {
  const table = isTypeName(name) || context.environment.native ? undefined : tableOf(context, name);
  if (!table) return bindTypeName(name);
  return {
    kind: 'struct',
    row: true,
    fields: table.columns.map((column) => ({ name: column.name, type: sqlTypeOf(column.type) })),
  };
}

function tableOf(context: BindContext, { name, span, dimensions, modifiers }: TypeName): TableEntry | undefined {
  if (dimensions > 0 || modifiers.length > 0) return undefined;
  try {
    return findTable(context, name, span);
  } catch (error) {
    // No table either: the type is what is not known.
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  }
}

/** @throws DiagnosticError undefined_object on a type that is not known, invalid_parameter_value on its modifiers */
export function bindTypeName(name: TypeName): SqlType {
  const written = name.name.at(-1)!.text.toLowerCase();
  const last = name.name.at(-1)!;
  // PostgreSQL's own one-byte type, whose name is a keyword.
  const internal = last.quoted && last.text === 'char';
  const base = internal ? types.internalChar : Object.hasOwn(names, written) ? names[written] : undefined;
  if (!base) {
    throw fail('undefined_object', `type "${name.name.map((n) => n.text).join('.')}" does not exist`, {
      span: name.span,
      hint: hintFor(written, Object.keys(names)),
    });
  }
  const modifiers = name.modifiers.map(modifierOf);
  let type: SqlType = base;
  const [first, second] = modifiers;
  if (first !== undefined) {
    const least =
      base.kind === 'time' || base.kind === 'timetz' || base.kind.startsWith('timestamp') || base.kind === 'interval'
        ? 0
        : 1;
    if (!Number.isInteger(first) || first < least)
      throw fail('invalid_parameter_value', `type modifiers of ${written} must be positive whole numbers`, {
        span: name.span,
      });
    if (base.kind === 'numeric') {
      const scale = second ?? 0;
      if (first > 1000)
        throw fail('invalid_parameter_value', `NUMERIC precision ${first} must be between 1 and 1000`, {
          span: name.span,
        });
      if (!Number.isInteger(scale) || Math.abs(scale) > 1000)
        throw fail('invalid_parameter_value', `NUMERIC scale ${scale} must be between -1000 and 1000`, {
          span: name.span,
        });
      type = { kind: 'numeric', precision: first, scale };
    } else if (base.kind === 'varchar' || base.kind === 'char' || base.kind === 'bit' || base.kind === 'varbit')
      type = { kind: base.kind, length: first };
    else if (written === 'float') {
      if (first > 53)
        throw fail('invalid_parameter_value', 'precision for type float must be less than 54 bits', {
          span: name.span,
        });
      type = first <= 24 ? types.float4 : types.float8;
    }
  } else if ((base.kind === 'char' && written !== 'bpchar') || base.kind === 'bit')
    type = { kind: base.kind, length: 1 };
  return name.dimensions === 0 ? type : arrayOf(type, name.dimensions);
}
