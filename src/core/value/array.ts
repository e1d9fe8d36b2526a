// Arrays of one or more dimensions: their elements in one row, their lengths, and what makes them rectangular.
import { dimensionsOf } from '../array-type.js';
import { fail } from '../diagnostic.js';
import type { Value } from '../registry/overload.js';
import type { SqlType } from '../sql-type.js';

export type List = readonly Value[];

/** All elements, row by row. */
export function flattened(list: List, type: SqlType): List {
  let flat = list;
  for (let n = dimensionsOf(type); n > 1; n--) flat = (flat as readonly List[]).flat();
  return flat;
}

/** Lengths along the dimensions; none of an array without elements. */
export function lengthsOf(list: List, type: SqlType): number[] {
  const lengths: number[] = [];
  let at: List = list;
  for (let n = dimensionsOf(type); n > 0; n--) {
    if (at.length === 0) return [];
    lengths.push(at.length);
    at = at[0] as List;
  }
  return lengths;
}

/** The same for every element, whatever the dimensions. */
export function mapElements(list: List, type: SqlType, change: (value: Value) => Value): List {
  if (dimensionsOf(type) <= 1 || type.kind !== 'list') return list.map(change);
  return (list as readonly List[]).map((row) => mapElements(row, type.element, change));
}

/**
 * Arrays as the rows of one, which has a dimension more.
 * @throws DiagnosticError array_subscript_error where they differ in length
 */
export function stacked(rows: List, rowType: SqlType, message: string): List {
  const lengths = rows.map((row) => (row === null ? '' : lengthsOf(row as List, rowType).join()));
  if (lengths.every((length) => length === '')) return [];
  if (lengths.some((length) => length !== lengths[0])) throw fail('array_subscript_error', message);
  return rows;
}

/** `[1:2][1:3]`. */
export function printDimensions(list: List, type: SqlType): string | null {
  const lengths = lengthsOf(list, type);
  return lengths.length === 0 ? null : lengths.map((length) => `[1:${length}]`).join('');
}
