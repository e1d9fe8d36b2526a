// PostgreSQL's pg_cast: which type turns into which, and whether without being asked.
import { dimensionsOf } from '../array-type.js';
import { type SqlType, sameType, sqlTypeOf, type TypeKind } from '../sql-type.js';

export type CastKind = 'implicit' | 'assignment' | 'explicit';

const table: Partial<Record<TypeKind, Partial<Record<CastKind, readonly TypeKind[]>>>> = {
  bool: { explicit: ['int4'], assignment: ['varchar', 'char'] },
  int2: { implicit: ['int4', 'int8', 'float4', 'float8', 'numeric'] },
  int4: { implicit: ['int8', 'float4', 'float8', 'numeric'], assignment: ['int2'], explicit: ['bool', 'bit'] },
  int8: { implicit: ['float4', 'float8', 'numeric'], assignment: ['int2', 'int4'], explicit: ['bit'] },
  float4: { implicit: ['float8'], assignment: ['int2', 'int4', 'int8', 'numeric'] },
  float8: { assignment: ['int2', 'int4', 'int8', 'float4', 'numeric'] },
  numeric: { implicit: ['float4', 'float8'], assignment: ['int2', 'int4', 'int8'] },
  text: { implicit: ['varchar', 'char'] },
  varchar: { implicit: ['text', 'char'] },
  char: { implicit: ['text', 'varchar'] },
  bit: { implicit: ['varbit'], explicit: ['int4', 'int8'] },
  varbit: { implicit: ['bit'] },
  date: { implicit: ['timestamp', 'timestamptz'] },
  time: { implicit: ['interval', 'timetz'] },
  timetz: { assignment: ['time'] },
  timestamp: { implicit: ['timestamptz'], assignment: ['date', 'time'] },
  timestamptz: { assignment: ['timestamp', 'date', 'time', 'timetz'] },
  interval: { assignment: ['time'] },
  json: { assignment: ['jsonb'] },
  jsonb: { assignment: ['json'], explicit: ['bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'numeric'] },
};

const textual: ReadonlySet<TypeKind> = new Set(['text', 'varchar', 'char']);

/** `undefined` where there is no cast. Every type casts to text by assignment and from text explicitly, through its text form. */
export function castKind(from: SqlType, to: SqlType): CastKind | undefined {
  if (from.kind === 'unknown' || sameType(from, to)) return 'implicit';
  const source = sqlTypeOf(from);
  if (source.kind === 'list' && to.kind === 'list')
    return dimensionsOf(source) === dimensionsOf(to) ? castKind(source.element, to.element) : undefined;
  if (source.kind === 'struct' && to.kind === 'struct' && source.fields.length !== to.fields.length) return undefined;
  if (source.kind === to.kind) return 'implicit';
  const kinds = table[source.kind];
  for (const kind of ['implicit', 'assignment', 'explicit'] as const) if (kinds?.[kind]?.includes(to.kind)) return kind;
  if (textual.has(to.kind)) return 'assignment';
  if (textual.has(source.kind)) return 'explicit';
  return undefined;
}
