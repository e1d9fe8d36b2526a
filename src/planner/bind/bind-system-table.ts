// Relations of pg_catalog and information_schema: their rows are values of the plan.
import type { SystemColumn, SystemRow, SystemTable } from '../../catalog/index.js';
import { types } from '../../core/index.js';
import type { QualifiedName } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import type { BindContext } from './environment.js';
import type { Column, Scalar } from './scalar.js';

/** `undefined` where the name is another one's. pg_catalog goes before the search path, unless a dataset is named. */
export function findSystemTable({ environment }: BindContext, name: QualifiedName): SystemTable | undefined {
  if (environment.native || name.length > 3) return undefined;
  return environment.system?.find(name.at(-2)?.text, name.at(-1)!.text);
}

/** A row as literals, for as long as there is the row: those of built-in objects are many and never change. */
const literals = new WeakMap<SystemRow, Scalar[]>();

function literalsOf(row: SystemRow, columns: readonly SystemColumn[]): Scalar[] {
  const known = literals.get(row);
  if (known) return known;
  const made = columns.map(({ name, type }): Scalar => ({ kind: 'literal', type, value: row[name] ?? null }));
  literals.set(row, made);
  return made;
}

export function systemTablePlan(
  context: BindContext,
  { columns: shown, hidden, rows, oid }: SystemTable,
): { plan: LogicalPlan; columns: Column[]; hidden: ReadonlySet<Column> } {
  const stored = [...shown, ...hidden];
  const columns = [...stored, { name: 'tableoid', type: types.oid }].map(({ name, type }) =>
    context.column(name, type),
  );
  const tableoid: Scalar = { kind: 'literal', type: types.oid, value: oid };
  return {
    plan: {
      kind: 'values',
      columns,
      rows: rows.map((row) => [...literalsOf(row, stored), tableoid]),
      isLiteral: true,
    },
    columns,
    hidden: new Set(columns.slice(shown.length)),
  };
}
