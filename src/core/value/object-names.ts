// Names of the catalogue's objects: values of regclass, regtype and their kin are oids, read and written by name.
import { type Condition, fail } from '../diagnostic.js';
import type { CatalogType, SqlType } from '../sql-type.js';
import { formatType } from '../type-oid.js';
import { currentStyle } from './date-time-style.js';

/** What the catalogue of a statement knows. */
export interface ObjectNames {
  /** How a cast to the type spells what has that number; `undefined` where there is no such object. */
  nameOf(type: string, oid: bigint): string | undefined;
  oidOf(type: string, name: string): bigint | undefined;
}

const unknownObject = (what: string) =>
  ['undefined_object', (name: string) => `${what} "${name}" does not exist`] as const;

/** What PostgreSQL says of a name that means none. */
const missing = {
  regclass: ['undefined_table', (name) => `relation "${name}" does not exist`],
  regtype: unknownObject('type'),
  regnamespace: ['invalid_schema_name', (name) => `schema "${name}" does not exist`],
  regrole: unknownObject('role'),
  regcollation: ['undefined_object', (name) => `collation "${name}" for encoding "UTF8" does not exist`],
  regconfig: unknownObject('text search configuration'),
  regdictionary: unknownObject('text search dictionary'),
} as const satisfies Partial<Record<CatalogType, readonly [Condition, (name: string) => string]>>;

export type ObjectType = keyof typeof missing;

/** `undefined` for types whose values are no numbers of objects. */
export function objectTypeOf(type: SqlType): ObjectType | undefined {
  return type.kind === 'int8' && type.as !== undefined && type.as in missing ? (type.as as ObjectType) : undefined;
}

/** The number where there is no name, `-` for none. */
export function printObject(oid: bigint, type: ObjectType): string {
  if (oid === 0n) return '-';
  const builtIn = type === 'regtype' ? formatType(Number(oid), -1) : '???';
  return builtIn === '???' ? (currentStyle().objects?.nameOf(type, oid) ?? String(oid)) : builtIn;
}

/** @throws DiagnosticError 42P01, 42704, 3F000 where there is no object of the name */
export function parseObject(text: string, type: ObjectType): bigint {
  if (/^\d+$/.test(text)) return BigInt(text);
  const found = text === '-' ? 0n : currentStyle().objects?.oidOf(type, text);
  if (found !== undefined) return found;
  const [condition, message] = missing[type];
  throw fail(condition, message(qualified.has(type) ? foldedName(text) : text));
}

const qualified: ReadonlySet<ObjectType> = new Set(['regclass', 'regnamespace', 'regrole']);

/** A name as it was looked for: `Hep."Muon"` is hep.Muon. */
const foldedName = (text: string): string =>
  text.replace(/"((?:[^"]|"")*)"|[^"]+/g, (plain, quoted?: string) =>
    quoted === undefined ? plain.toLowerCase() : quoted.replaceAll('""', '"'),
  );

/** Functions are computed with by name. */
export const isProcedureName = (type: SqlType): type is SqlType & { readonly as: CatalogType } =>
  type.kind === 'text' && type.as !== undefined && type.as.startsWith('reg');

/** The number that a client gets in binary; 0 for what is none. */
export const procedureOid = (name: string, type: SqlType & { readonly as: CatalogType }): bigint =>
  /^\d+$/.test(name) ? BigInt(name) : (currentStyle().objects?.oidOf(type.as, name) ?? 0n);
