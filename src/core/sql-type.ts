// The types of the SQL dialect, and the Arrow types they are stored as (DESIGN section 3).
import * as arrow from 'apache-arrow';

/**
 * PostgreSQL's types plus lists of lists and structs. The five `*int*` storage types are what a ROOT branch can hold and
 * PostgreSQL lacks: a column that is only passed through keeps them; the binder casts them (see {@link sqlTypeOf})
 * wherever they enter an expression.
 */
export type SqlType =
  | { readonly kind: ScalarKind; readonly as?: CatalogType }
  | { readonly kind: StorageOnlyKind }
  | { readonly kind: 'numeric'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'varchar' | 'char' | 'bit' | 'varbit'; readonly length?: number }
  /** `rectangular`: a list of lists that is an array of several dimensions (see array-type.ts). */
  | { readonly kind: 'list'; readonly element: SqlType; readonly rectangular?: true; readonly as?: VectorType }
  /** `row`: a row value or a whole row, which PostgreSQL prints as a record; other structs are branches, shown as json. */
  | { readonly kind: 'struct'; readonly fields: readonly StructField[]; readonly row?: true };

/** Types of the system catalogue: computed with as bigint (oid, xid, regclass: see value/object-names) or text, announced to clients by their own name. */
export type CatalogType =
  | 'oid'
  | 'xid'
  | 'name'
  | 'char'
  | 'regclass'
  | 'regtype'
  | 'regproc'
  | 'regprocedure'
  | 'regoper'
  | 'regoperator'
  | 'regnamespace'
  | 'regrole'
  | 'regcollation'
  | 'regconfig'
  | 'regdictionary'
  | 'aclitem'
  | 'pg_node_tree'
  | 'void';

/** Arrays of the system catalogue that print without braces. */
export type VectorType = 'int2vector' | 'oidvector';

export type ScalarKind =
  | 'unknown' // an untyped literal or NULL, before resolution
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'text'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timetz'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'jsonb'
  | 'jsonpath';

export type StorageOnlyKind = 'int1' | 'uint1' | 'uint2' | 'uint4' | 'uint8';

export type TypeKind = SqlType['kind'];

export interface StructField {
  readonly name: string;
  readonly type: SqlType;
}

type Simple = ScalarKind | StorageOnlyKind | 'numeric' | 'varchar' | 'char' | 'bit' | 'varbit';
const simple = <K extends Simple>(kind: K): { readonly kind: K } => Object.freeze({ kind });

/** One shared object per type without parameters. */
export const types = {
  unknown: simple('unknown'),
  bool: simple('bool'),
  int1: simple('int1'),
  int2: simple('int2'),
  int4: simple('int4'),
  int8: simple('int8'),
  uint1: simple('uint1'),
  uint2: simple('uint2'),
  uint4: simple('uint4'),
  uint8: simple('uint8'),
  float4: simple('float4'),
  float8: simple('float8'),
  numeric: simple('numeric'),
  text: simple('text'),
  varchar: simple('varchar'),
  char: simple('char'),
  bit: simple('bit'),
  varbit: simple('varbit'),
  bytea: simple('bytea'),
  date: simple('date'),
  time: simple('time'),
  timestamp: simple('timestamp'),
  timetz: simple('timetz'),
  timestamptz: simple('timestamptz'),
  interval: simple('interval'),
  uuid: simple('uuid'),
  json: simple('json'),
  jsonb: simple('jsonb'),
  jsonpath: simple('jsonpath'),
  oid: Object.freeze({ kind: 'int8', as: 'oid' }),
  name: Object.freeze({ kind: 'text', as: 'name' }),
  internalChar: Object.freeze({ kind: 'text', as: 'char' }),
  xid: Object.freeze({ kind: 'int8', as: 'xid' }),
  regclass: Object.freeze({ kind: 'int8', as: 'regclass' }),
  regtype: Object.freeze({ kind: 'int8', as: 'regtype' }),
  regproc: Object.freeze({ kind: 'text', as: 'regproc' }),
  regprocedure: Object.freeze({ kind: 'text', as: 'regprocedure' }),
  regoper: Object.freeze({ kind: 'text', as: 'regoper' }),
  regoperator: Object.freeze({ kind: 'text', as: 'regoperator' }),
  regnamespace: Object.freeze({ kind: 'int8', as: 'regnamespace' }),
  regrole: Object.freeze({ kind: 'int8', as: 'regrole' }),
  regcollation: Object.freeze({ kind: 'int8', as: 'regcollation' }),
  regconfig: Object.freeze({ kind: 'int8', as: 'regconfig' }),
  regdictionary: Object.freeze({ kind: 'int8', as: 'regdictionary' }),
  aclitem: Object.freeze({ kind: 'text', as: 'aclitem' }),
  pg_node_tree: Object.freeze({ kind: 'text', as: 'pg_node_tree' }),
  void: Object.freeze({ kind: 'text', as: 'void' }),
  int2vector: Object.freeze({ kind: 'list', element: simple('int2'), as: 'int2vector' }),
  oidvector: Object.freeze({ kind: 'list', element: Object.freeze({ kind: 'int8', as: 'oid' }), as: 'oidvector' }),
} as const;

export function listOf(element: SqlType): SqlType {
  return { kind: 'list', element };
}

const lengthOf = (type: SqlType): number | undefined => ('length' in type ? type.length : undefined);

export function sameType(a: SqlType, b: SqlType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'list' && b.kind === 'list') return a.rectangular === b.rectangular && sameType(a.element, b.element);
  if (a.kind === 'numeric' && b.kind === 'numeric') return a.precision === b.precision && a.scale === b.scale;
  if ('length' in a || 'length' in b) return lengthOf(a) === lengthOf(b);
  if (a.kind === 'struct' && b.kind === 'struct')
    return (
      a.fields.length === b.fields.length &&
      a.fields.every((f, i) => f.name === b.fields[i]!.name && sameType(f.type, b.fields[i]!.type))
    );
  return true;
}

/** The type an expression sees: storage-only types widen (uint4 to int8, uint8 to numeric(20,0)), lists element by element. */
export function sqlTypeOf(type: SqlType): SqlType {
  switch (type.kind) {
    case 'int1':
    case 'uint1':
      return types.int2;
    case 'uint2':
      return types.int4;
    case 'uint4':
      return types.int8;
    case 'uint8':
      return { kind: 'numeric', precision: 20, scale: 0 };
    case 'list': {
      const element = sqlTypeOf(type.element);
      return element === type.element ? type : { ...type, element };
    }
    default:
      return type;
  }
}

const postgresNames: Partial<Record<TypeKind, string>> = {
  bool: 'boolean',
  int1: 'smallint',
  uint1: 'smallint',
  int2: 'smallint',
  uint2: 'integer',
  int4: 'integer',
  uint4: 'bigint',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

/** PostgreSQL's spelling, as `format_type` prints it: `double precision`, `numeric(20,0)`, `real[]`. */
export function printSqlType(type: SqlType): string {
  switch (type.kind) {
    case 'uint8':
      return 'numeric(20,0)';
    case 'numeric':
      return type.precision === undefined ? 'numeric' : `numeric(${type.precision},${type.scale ?? 0})`;
    case 'varchar':
      return type.length === undefined ? 'character varying' : `character varying(${type.length})`;
    case 'bit':
      return type.length === undefined ? 'bit' : `bit(${type.length})`;
    case 'varbit':
      return type.length === undefined ? 'bit varying' : `bit varying(${type.length})`;
    case 'char':
      return type.length === undefined ? 'character' : `character(${type.length})`;
    case 'list':
      if (type.as) return type.as;
      if (type.rectangular) return printSqlType(type.element);
      return type.element.kind === 'list' ? 'json' : `${printSqlType(type.element)}[]`;
    case 'struct':
      return type.row ? 'record' : 'json';
    default:
      if ('as' in type && type.as !== undefined) return type.as === 'char' ? '"char"' : type.as;
      return postgresNames[type.kind] ?? type.kind;
  }
}

const storageNames: Partial<Record<TypeKind, string>> = {
  int1: 'int8',
  int2: 'int16',
  int4: 'int32',
  int8: 'int64',
  uint1: 'uint8',
  uint2: 'uint16',
  uint4: 'uint32',
  uint8: 'uint64',
  float4: 'float',
  float8: 'double',
};

/** Arrow's spelling, exact about storage: `int64`, `list<float>`, `uint8`. Plans are printed with it. */
export function printStorageType(type: SqlType): string {
  switch (type.kind) {
    case 'list':
      return `list<${printStorageType(type.element)}>`;
    case 'struct':
      return `struct<${type.fields.map((f) => `${f.name}: ${printStorageType(f.type)}`).join(', ')}>`;
    case 'numeric':
      return printSqlType(type);
    default:
      return storageNames[type.kind] ?? type.kind;
  }
}

/**
 * A numeric whose values all have the digits of its type, which is how Arrow's and DuckDB's decimals are. The values of any other
 * numeric have each their own scale, may be NaN or infinite, and travel as text.
 */
export function isDecimal(type: SqlType): type is DecimalType {
  return (
    type.kind === 'numeric' &&
    type.precision !== undefined &&
    type.precision <= decimalDigits &&
    (type.scale ?? 0) >= 0 &&
    (type.scale ?? 0) <= type.precision
  );
}

/** Digits of DuckDB's and Arrow's widest decimal. */
export const decimalDigits = 38;

export type DecimalType = Extract<SqlType, { kind: 'numeric' }> & { readonly precision: number };

/** Whether equal values of the type may differ to DuckDB: numerics that travel as text, and jsonb, where `1.0` is `1`. */
export function needsKey(type: SqlType): boolean {
  return holdsTextNumeric(type) || holdsJsonb(type);
}

/** Whether values are numbers of the catalogue: oid, xid, and what is read and written by name (regclass, see value/object-names). */
export const isOid = (type: SqlType): boolean => type.kind === 'int8' && type.as !== undefined;

/** Of `"char"`, PostgreSQL's type of one byte. */
export const isInternalChar = (type: SqlType): boolean => type.kind === 'text' && type.as === 'char';

export const holdsJsonb = (type: SqlType): boolean => holdsKind(type, 'jsonb');

/** Whether the texts that values travel as have another order than the values. */
export const isOrderedOtherwise = (type: SqlType): boolean => holdsJsonb(type) || holdsKind(type, 'timetz');

const holdsKind = (type: SqlType, kind: ScalarKind): boolean => holdsPart(type, (part) => part.kind === kind);

/** Whether one of the types that a list or struct is made of, or the type itself, is such. */
export function holdsPart(type: SqlType, test: (part: SqlType) => boolean): boolean {
  if (type.kind === 'list') return holdsPart(type.element, test);
  return type.kind === 'struct' ? type.fields.some((field) => holdsPart(field.type, test)) : test(type);
}

/** Whether values of the type have numerics in them that travel as text. */
export function holdsTextNumeric(type: SqlType): boolean {
  switch (type.kind) {
    case 'numeric':
      return !isDecimal(type);
    case 'list':
      return holdsTextNumeric(type.element);
    case 'struct':
      return type.fields.some((field) => holdsTextNumeric(field.type));
    default:
      return false;
  }
}

/** The Arrow type that carries a SQL type between operators and in results; see {@link isDecimal}. */
export function toArrowType(type: SqlType): arrow.DataType {
  switch (type.kind) {
    case 'bool':
      return new arrow.Bool();
    case 'int1':
      return new arrow.Int8();
    case 'int2':
      return new arrow.Int16();
    case 'int4':
      return new arrow.Int32();
    case 'int8':
      return new arrow.Int64();
    case 'uint1':
      return new arrow.Uint8();
    case 'uint2':
      return new arrow.Uint16();
    case 'uint4':
      return new arrow.Uint32();
    case 'uint8':
      return new arrow.Uint64();
    case 'float4':
      return new arrow.Float32();
    case 'float8':
      return new arrow.Float64();
    case 'numeric':
      return isDecimal(type) ? new arrow.Decimal(type.scale ?? 0, type.precision, 128) : new arrow.Utf8();
    case 'bytea':
      return new arrow.Binary();
    case 'date':
      return new arrow.DateDay();
    case 'time':
      return new arrow.TimeMicrosecond();
    case 'timestamp':
      return new arrow.TimestampMicrosecond();
    case 'timestamptz':
      return new arrow.TimestampMicrosecond('UTC');
    case 'interval':
      return new arrow.IntervalMonthDayNano();
    case 'list':
      return new arrow.List(new arrow.Field('item', toArrowType(type.element), true));
    case 'struct':
      return new arrow.Struct(type.fields.map((f) => new arrow.Field(f.name, toArrowType(f.type), true)));
    case 'unknown':
    case 'text':
    case 'varchar':
    case 'char':
    case 'timetz':
    case 'bit':
    case 'varbit':
    case 'uuid':
    case 'json':
    case 'jsonb':
    case 'jsonpath':
      return new arrow.Utf8();
  }
}

/** The inverse for what partitions and foreign tables hold; `undefined` for Arrow types the dialect has no place for. */
export function fromArrowType(type: arrow.DataType): SqlType | undefined {
  if (arrow.DataType.isBool(type)) return types.bool;
  if (arrow.DataType.isInt(type)) {
    const signed = { 8: types.int1, 16: types.int2, 32: types.int4, 64: types.int8 } as const;
    const unsigned = { 8: types.uint1, 16: types.uint2, 32: types.uint4, 64: types.uint8 } as const;
    return (type.isSigned ? signed : unsigned)[type.bitWidth];
  }
  if (arrow.DataType.isFloat(type)) {
    if (type.precision === arrow.Precision.SINGLE) return types.float4;
    return type.precision === arrow.Precision.DOUBLE ? types.float8 : undefined;
  }
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type)) return types.text;
  if (arrow.DataType.isBinary(type) || arrow.DataType.isLargeBinary(type)) return types.bytea;
  if (arrow.DataType.isDecimal(type)) return { kind: 'numeric', precision: type.precision, scale: type.scale };
  if (arrow.DataType.isDate(type)) return types.date;
  if (arrow.DataType.isTime(type)) return types.time;
  if (arrow.DataType.isTimestamp(type)) return type.timezone ? types.timestamptz : types.timestamp;
  if (arrow.DataType.isInterval(type)) return types.interval;
  if (arrow.DataType.isNull(type)) return types.unknown;
  if (arrow.DataType.isList(type)) {
    const element = fromArrowType(type.valueType);
    return element && listOf(element);
  }
  if (arrow.DataType.isStruct(type)) {
    const fields: StructField[] = [];
    for (const field of type.children) {
      const fieldType = fromArrowType(field.type);
      if (!fieldType) return undefined;
      fields.push({ name: field.name, type: fieldType });
    }
    return { kind: 'struct', fields };
  }
  return undefined;
}
