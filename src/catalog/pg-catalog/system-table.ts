// One relation of pg_catalog or information_schema: its columns as PostgreSQL has them, its rows as far as there are any here.
import { listOf, type SqlType, types, type Value } from '../../core/index.js';
import { relationColumns } from './relation-columns.js';

export interface SystemColumn {
  readonly name: string;
  readonly type: SqlType;
}

export interface SystemTable {
  readonly schema: string;
  readonly name: string;
  readonly oid: bigint;
  readonly columns: readonly SystemColumn[];
  /** Found by name, but not part of `*`. */
  readonly hidden: readonly SystemColumn[];
  /** By column name; what is left out is NULL. Rows that never change are the same objects each time. */
  readonly rows: readonly SystemRow[];
}

export type SystemRow = Readonly<Record<string, Value>>;

/** Types that only the catalogue has, where they are not called as in `types`. */
const catalogTypes: Readonly<Record<string, SqlType>> = { char: types.internalChar };

function typeOf(name: string): SqlType {
  if (name.endsWith('[]')) return listOf(typeOf(name.slice(0, -2)));
  return catalogTypes[name] ?? types[name as keyof typeof types];
}

/** Columns by `schema.relation`, read when first asked for. */
let layouts: Map<string, readonly SystemColumn[]> | undefined;

function readLayouts(): Map<string, readonly SystemColumn[]> {
  const found = new Map<string, readonly SystemColumn[]>();
  for (const line of relationColumns.trim().split('\n')) {
    const [name, list] = line.split(': ') as [string, string];
    found.set(
      name,
      list.split(', ').map((column) => {
        const [label, type] = column.split(' ') as [string, string];
        return { name: label, type: typeOf(type) };
      }),
    );
  }
  return found;
}

export function layoutOf(schema: string, relation: string): readonly SystemColumn[] | undefined {
  layouts ??= readLayouts();
  return layouts.get(`${schema}.${relation}`);
}

/** The schema of a system relation; `undefined` where the name means none. Without a schema, pg_catalog is searched, and goes first. */
export function systemSchemaOf(schema: string | undefined, relation: string): string | undefined {
  const folded = schema?.toLowerCase() ?? 'pg_catalog';
  return layoutOf(folded, relation.toLowerCase()) ? folded : undefined;
}
