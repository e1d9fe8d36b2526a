// PostgreSQL's arrays of several dimensions as lists of lists: rectangular ones, whose type says so.
import { listOf, type SqlType } from './sql-type.js';

export type ListType = Extract<SqlType, { kind: 'list' }>;

/** 0 for what is no list; a list of lists whose parts may differ in length has one dimension, and lists for elements. */
export function dimensionsOf(type: SqlType): number {
  if (type.kind !== 'list') return 0;
  return type.rectangular ? 1 + dimensionsOf(type.element) : 1;
}

/** What an array holds, whatever its dimensions. */
export function baseOf(type: SqlType): SqlType {
  let base = type;
  for (let n = dimensionsOf(type); n > 0 && base.kind === 'list'; n--) base = base.element;
  return base;
}

export function arrayOf(base: SqlType, dimensions: number): ListType {
  let type = listOf(base) as ListType;
  for (let n = 1; n < dimensions; n++) type = { kind: 'list', element: type, rectangular: true };
  return type;
}

/** An array of the same dimensions over another base. */
export function arrayLike(type: SqlType, base: SqlType): ListType {
  return arrayOf(base, Math.max(1, dimensionsOf(type)));
}
