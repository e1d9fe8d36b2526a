// FROM: tables, subqueries, functions and joins become plans and relations of a scope.
import { fail, types } from '../../core/index.js';
import type { Alias, FromItem, TableRef } from '../../parser/index.js';
import type { LogicalPlan, ScanColumn } from '../logical/logical-plan.js';
import { bindJoin } from './bind-join.js';
import type { QueryBinder } from './bind-query.js';
import { sampled } from './bind-sample.js';
import { findSystemTable, systemTablePlan } from './bind-system-table.js';
import { bindTableFunction } from './bind-table-function.js';
import { bindView } from './bind-view.js';
import { findTable, foldName } from './environment.js';
import type { Column } from './scalar.js';
import type { Scope, ScopeColumn, ScopeRelation } from './scope.js';

export interface BoundFrom {
  readonly plan: LogicalPlan;
  readonly relations: readonly ScopeRelation[];
}

/** `scope` is what the item may see: enclosing queries, and for LATERAL the items to its left. */
export function bindFromItem(binder: QueryBinder, item: FromItem, scope: Scope): BoundFrom {
  switch (item.kind) {
    case 'table':
      return bindTable(binder, item);
    case 'query_ref': {
      const { plan, columns } = binder.bindQuery(item.query, item.lateral ? scope : scope.parent);
      return { plan, relations: [relation(item.alias && foldName(item.alias.name), columns, item.alias)] };
    }
    case 'function_ref':
      return bindTableFunction(binder, item, scope);
    case 'join':
      return bindJoin(binder, item, scope);
  }
}

function relation(name: string | undefined, columns: readonly Column[], alias?: Alias): ScopeRelation {
  return {
    name: name ?? '',
    columns: renamed(
      columns.map((column) => ({ column })),
      alias,
    ),
  };
}

/** Column aliases give new names to the first columns. The column's identity stays. */
export function renamed(columns: readonly ScopeColumn[], alias: Alias | undefined): ScopeColumn[] {
  if (alias && alias.columns.length > columns.filter((c) => !c.hidden).length) {
    throw fail(
      'invalid_column_reference',
      `table "${alias.name.text}" has ${columns.length} columns available but ${alias.columns.length} columns specified`,
      { span: alias.span },
    );
  }
  return columns.map((c, i) => {
    const name = alias?.columns[i];
    return name ? { ...c, column: { ...c.column, name: foldName(name) } } : c;
  });
}

function bindTable(binder: QueryBinder, ref: TableRef): BoundFrom {
  const { context } = binder;
  const cte = ref.name.length === 1 ? binder.findCte(ref.name[0]!) : undefined;
  if (cte) {
    refuseSample(ref);
    const columns = cte.columns.map((c) => context.column(c.name, c.type));
    return {
      plan: { kind: 'cte_scan', cte: cte.id, name: cte.name, columns },
      relations: [relation(ref.alias ? foldName(ref.alias.name) : cte.name, columns, ref.alias)],
    };
  }
  const catalogTable = findSystemTable(context, ref.name);
  if (catalogTable) {
    const { plan, columns, hidden } = systemTablePlan(context, catalogTable);
    const name = ref.alias ? foldName(ref.alias.name) : catalogTable.name;
    const owner = !ref.alias && { dataset: catalogTable.schema };
    const scoped = columns.map((column) => (hidden.has(column) ? { column, hidden: true } : { column }));
    return {
      plan: sampled(binder, ref, plan, undefined),
      relations: [{ name, columns: renamed(scoped, ref.alias), ...owner }],
    };
  }
  const table = findTable(context, ref.name, ref.span);
  if (table.view) {
    refuseSample(ref);
    const { plan, columns } = bindView(context, table, table.view, ref.span);
    const name = ref.alias ? foldName(ref.alias.name) : table.path;
    return {
      plan,
      relations: [{ ...relation(name, columns, ref.alias), ...(!ref.alias && { dataset: table.dataset }) }],
    };
  }
  const branches: ScanColumn[] = table.columns.map((c, index) => ({
    column: context.column(c.name, c.type),
    source: { kind: 'branch', index },
  }));
  const taken = new Set(table.columns.map((c) => c.name));
  const free = (name: string) => (taken.has(name) ? `_${name}` : name);
  const system: ScanColumn[] = [
    { column: context.column(free('event_id'), types.int8), source: { kind: 'system', name: 'event_id' } },
    { column: context.column(free('_file'), types.text), source: { kind: 'system', name: '_file' } },
  ];
  const columns = [
    ...branches.map(({ column }) => ({ column })),
    ...system.map(({ column }) => ({ column, hidden: true })),
  ];
  const { native } = context.environment;
  const scan: LogicalPlan = {
    kind: 'scan',
    table,
    columns: [...branches, ...system],
    filter: [],
    ...(native?.files && { files: native.files }),
  };
  return {
    plan: sampled(binder, ref, scan, { eventId: system[0]!.column, file: system[1]!.column }),
    relations: [
      {
        name: ref.alias ? foldName(ref.alias.name) : (ref.name.at(-1)?.text ?? table.path),
        ...(!ref.alias && { dataset: table.dataset }),
        columns: renamed(columns, ref.alias),
        table,
      },
    ],
  };
}

function refuseSample(ref: TableRef): void {
  if (ref.sample)
    throw fail('feature_not_supported', 'TABLESAMPLE clause can only be applied to tables and materialized views', {
      span: ref.span,
    });
}
