// PostgreSQL's numbers of types: what a client is told of a SQL type, and which SQL type a parameter's number means.
import { baseOf } from './array-type.js';
import { type CatalogType, listOf, printSqlType, type SqlType, types, type VectorType } from './sql-type.js';
import { isTime, printTimeType, timePrecisionOf } from './time-modifier.js';

interface TypeNumbers {
  readonly oid: number;
  readonly array: number;
  /** Bytes of the binary form, -1 where they vary. */
  readonly size: number;
}

const numbers = {
  bool: { oid: 16, array: 1000, size: 1 },
  bytea: { oid: 17, array: 1001, size: -1 },
  int8: { oid: 20, array: 1016, size: 8 },
  int2: { oid: 21, array: 1005, size: 2 },
  int4: { oid: 23, array: 1007, size: 4 },
  text: { oid: 25, array: 1009, size: -1 },
  json: { oid: 114, array: 199, size: -1 },
  float4: { oid: 700, array: 1021, size: 4 },
  float8: { oid: 701, array: 1022, size: 8 },
  char: { oid: 1042, array: 1014, size: -1 },
  varchar: { oid: 1043, array: 1015, size: -1 },
  date: { oid: 1082, array: 1182, size: 4 },
  time: { oid: 1083, array: 1183, size: 8 },
  timetz: { oid: 1266, array: 1270, size: 12 },
  timestamp: { oid: 1114, array: 1115, size: 8 },
  timestamptz: { oid: 1184, array: 1185, size: 8 },
  interval: { oid: 1186, array: 1187, size: 16 },
  bit: { oid: 1560, array: 1561, size: -1 },
  varbit: { oid: 1562, array: 1563, size: -1 },
  numeric: { oid: 1700, array: 1231, size: -1 },
  uuid: { oid: 2950, array: 2951, size: 16 },
  jsonb: { oid: 3802, array: 3807, size: -1 },
  jsonpath: { oid: 4072, array: 4073, size: -1 },
} as const satisfies Partial<Record<SqlType['kind'], TypeNumbers>>;

type Sent = keyof typeof numbers;

/** As what a type travels: storage types widened, what PostgreSQL has no type for as json. */
const sentAs: { readonly [K in Exclude<SqlType['kind'], Sent | 'list'>]: Sent } = {
  unknown: 'text',
  int1: 'int2',
  uint1: 'int2',
  uint2: 'int4',
  uint4: 'int8',
  uint8: 'numeric',
  struct: 'json',
};

export interface TypeDescription {
  readonly oid: number;
  readonly size: number;
  readonly modifier: number;
}

const modifierHeader = 4;

/** `atttypmod`: length, or precision and scale; -1 for none. */
export function typeModifier(type: SqlType): number {
  switch (type.kind) {
    case 'uint8':
      return (20 << 16) + modifierHeader;
    case 'numeric':
      return type.precision === undefined ? -1 : (type.precision << 16) + ((type.scale ?? 0) & 0x7ff) + modifierHeader;
    case 'varchar':
    case 'char':
      return type.length === undefined ? -1 : type.length + modifierHeader;
    case 'bit':
    case 'varbit':
      return type.length ?? -1;
    case 'list':
      return isArray(type) ? typeModifier(baseOf(type)) : -1;
    default:
      return -1;
  }
}

/** Whether a list is an array to a client: lists of lists and of structs that are no row values are json. */
export function isArray(type: SqlType): boolean {
  const element = baseOf(type);
  return type.kind === 'list' && element.kind !== 'list' && (element.kind !== 'struct' || element.row === true);
}

/** Types of the catalogue, which are computed with as others. */
const catalogNumbers = {
  oid: { oid: 26, array: 1028, size: 4 },
  name: { oid: 19, array: 1003, size: 64 },
  char: { oid: 18, array: 1002, size: 1 },
  xid: { oid: 28, array: 1011, size: 4 },
  regproc: { oid: 24, array: 1008, size: 4 },
  regprocedure: { oid: 2202, array: 2207, size: 4 },
  regclass: { oid: 2205, array: 2210, size: 4 },
  regtype: { oid: 2206, array: 2211, size: 4 },
  regoper: { oid: 2203, array: 2208, size: 4 },
  regoperator: { oid: 2204, array: 2209, size: 4 },
  regnamespace: { oid: 4089, array: 4090, size: 4 },
  regrole: { oid: 4096, array: 4097, size: 4 },
  regcollation: { oid: 4191, array: 4192, size: 4 },
  regconfig: { oid: 3734, array: 3735, size: 4 },
  regdictionary: { oid: 3769, array: 3770, size: 4 },
  aclitem: { oid: 1033, array: 1034, size: 12 },
  pg_node_tree: { oid: 194, array: 0, size: -1 },
  void: { oid: 2278, array: 0, size: 4 },
} as const satisfies Record<CatalogType, TypeNumbers>;

const vectorNumbers = {
  int2vector: { oid: 22, array: 1006, size: -1 },
  oidvector: { oid: 30, array: 1013, size: -1 },
} as const satisfies Record<VectorType, TypeNumbers>;

/** A row value. */
const recordNumbers: TypeNumbers = { oid: 2249, array: 2287, size: -1 };

const numbersOf = (type: SqlType): TypeNumbers => {
  if (type.kind === 'struct' && type.row) return recordNumbers;
  if (type.kind === 'list') {
    if (type.as) return vectorNumbers[type.as];
    if (!isArray(type)) return numbers.json;
    return { oid: numbersOf(baseOf(type)).array, array: 0, size: -1 };
  }
  if ('as' in type && type.as !== undefined) return catalogNumbers[type.as];
  return numbers[type.kind in numbers ? (type.kind as Sent) : sentAs[type.kind as keyof typeof sentAs]];
};

export function describeType(type: SqlType): TypeDescription {
  const { oid, size } = numbersOf(type);
  return { oid, size, modifier: typeModifier(type) };
}

export const oidOf = (type: SqlType): number => numbersOf(type).oid;

/** Types of the catalogue, and names of its objects, which are read as text. */
const alike: readonly (readonly [oid: number, array: number, type: SqlType])[] = [
  [18, 1002, types.internalChar],
  [19, 1003, types.name],
  [26, 1028, types.oid],
  [24, 1008, types.text],
  [2205, 2210, types.text],
  [2206, 2211, types.text],
  [4089, 4090, types.text],
  [2202, 2207, types.text],
  [2203, 2208, types.text],
  [2204, 2209, types.text],
  [3734, 3735, types.text],
  [3769, 3770, types.text],
  [4096, 4097, types.text],
  [4191, 4192, types.text],
];

const byOid = new Map<number, SqlType>();
for (const [kind, { oid, array }] of Object.entries(numbers)) {
  const type = types[kind as Sent];
  byOid.set(oid, type);
  byOid.set(array, listOf(type));
}
for (const [oid, array, type] of alike) byOid.set(oid, type).set(array, listOf(type));

/** The type of a parameter; `undefined` where there is no such type here. */
export const sqlTypeOfOid = (oid: number): SqlType | undefined => byOid.get(oid);

/** What `format_type` prints; `-` for no type, `???` for one that is not known. */
export function formatType(oid: number, modifier: number): string {
  if (oid === 0) return '-';
  const type = byOid.get(oid);
  if (!type) return otherNames[oid] ?? '???';
  if (isTime(type)) return printTimeType(printSqlType(type), timePrecisionOf(type, modifier));
  if (modifier < modifierHeader) return plainNames[oid] ?? printSqlType(type);
  const bits = modifier - modifierHeader;
  switch (type.kind) {
    case 'varchar':
    case 'char':
      return printSqlType({ kind: type.kind, length: bits });
    case 'numeric':
      return printSqlType({ kind: 'numeric', precision: bits >> 16, scale: ((bits & 0x7ff) ^ 1024) - 1024 });
    default:
      return printSqlType(type);
  }
}

/** A `character` without a length is `bpchar`. */
const plainNames: Readonly<Record<number, string>> = {
  24: 'regproc',
  2205: 'regclass',
  2206: 'regtype',
  4089: 'regnamespace',
  2202: 'regprocedure',
  2203: 'regoper',
  2204: 'regoperator',
  3734: 'regconfig',
  3769: 'regdictionary',
  4096: 'regrole',
  4191: 'regcollation',
  1042: 'character',
  ...Object.fromEntries(
    Object.entries(catalogNumbers)
      .filter(([name]) => name.startsWith('reg'))
      .map(([name, { array }]) => [array, `${name}[]`]),
  ),
};
/** Types that clients list, and that nobody works with here. */
const rareNames = `
32 pg_ddl_command, 143 xml[], 210 pg_type[], 269 table_am_handler, 270 pg_attribute[], 271 xid8[], 272 pg_proc[], 273 pg_class[],
325 index_am_handler, 601 lseg, 602 path, 603 box, 604 polygon, 628 line, 629 line[], 651 cidr[], 718 circle, 719 circle[], 774 macaddr8,
775 macaddr8[], 791 money[], 829 macaddr, 1006 int2vector[], 1010 tid[], 1011 xid[], 1012 cid[], 1013 oidvector[], 1017 point[], 1018 lseg[],
1019 path[], 1020 box[], 1027 polygon[], 1034 aclitem[], 1040 macaddr[], 1041 inet[], 1263 cstring[], 1790 refcursor, 2201 refcursor[],
2207 regprocedure[], 2208 regoper[], 2209 regoperator[], 2280 language_handler, 2281 internal, 2283 anyelement, 2287 record[], 2776 anynonarray,
2949 txid_snapshot[], 2970 txid_snapshot, 3115 fdw_handler, 3220 pg_lsn, 3221 pg_lsn[], 3310 tsm_handler, 3361 pg_ndistinct, 3402 pg_dependencies,
3500 anyenum, 3642 gtsvector, 3643 tsvector[], 3644 gtsvector[], 3645 tsquery[], 3735 regconfig[], 3770 regdictionary[], 3831 anyrange,
3838 event_trigger, 3905 int4range[], 3907 numrange[], 3909 tsrange[], 3911 tstzrange[], 3913 daterange[], 3927 int8range[], 4097 regrole[],
4192 regcollation[], 4537 anymultirange, 4538 anycompatiblemultirange, 4600 pg_brin_bloom_summary, 4601 pg_brin_minmax_multi_summary
`;

/** Types that clients ask the name of, and that no column here has. */
const otherNames: Readonly<Record<number, string>> = {
  ...Object.fromEntries(
    rareNames
      .trim()
      .split(/,\s+/)
      .map((line) => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)]),
  ),
  22: 'int2vector',
  30: 'oidvector',
  28: 'xid',
  27: 'tid',
  29: 'cid',
  194: 'pg_node_tree',
  705: 'unknown',
  869: 'inet',
  650: 'cidr',
  790: 'money',
  600: 'point',
  142: 'xml',
  1266: 'time with time zone',
  1560: 'bit',
  1562: 'bit varying',
  2249: 'record',
  2275: 'cstring',
  2276: '"any"',
  2277: 'anyarray',
  2278: 'void',
  2279: 'trigger',
  3614: 'tsvector',
  3615: 'tsquery',
};

/** Every type that {@link formatType} has a name for, and that name. */
export function namedTypes(): (readonly [oid: number, name: string])[] {
  return [0, ...byOid.keys(), ...Object.keys(otherNames).map(Number)].map((oid) => [oid, formatType(oid, -1)] as const);
}
