// Relations of pg_catalog and information_schema: their rows are values of the plan.
import type { SystemTable } from '../../catalog/index.js';
import type { Value } from '../../core/index.js';
import type { QualifiedName } from '../../parser/index.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import type { BindContext } from './environment.js';
import type { Column } from './scalar.js';

/** `undefined` where the name is another one's. pg_catalog goes before the search path, unless a dataset is named. */
export function findSystemTable({ environment }: BindContext, name: QualifiedName): SystemTable | undefined {
  if (environment.native || name.length > 3) return undefined;
  return environment.system?.find(name.at(-2)?.text, name.at(-1)!.text);
}

export function systemTablePlan(
  context: BindContext,
  table: SystemTable,
): { plan: LogicalPlan; columns: Column[]; hidden: ReadonlySet<Column> } {
  const columns = [...table.columns, ...table.hidden].map(({ name, type }) => context.column(name, type));
  const rows = table.rows.map((row) =>
    columns.map(({ name, type }) => ({ kind: 'literal' as const, type, value: (row[name] ?? null) as Value })),
  );
  return {
    plan: { kind: 'values', columns, rows, isLiteral: true },
    columns,
    hidden: new Set(columns.slice(table.columns.length)),
  };
}
