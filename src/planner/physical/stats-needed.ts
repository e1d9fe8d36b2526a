// What must be fetched before physical planning: statistics of the columns that scans read.
import type { TableEntry } from '../../catalog/index.js';
import type { BoundQuery } from '../logical/logical-plan.js';
import { forEachNode } from '../logical/walk-plan.js';

export interface StatsNeeded {
  readonly table: TableEntry;
  /** Column names; empty where only the partition index is needed. */
  readonly columns: string[];
}

/** One entry per table, scans of the same table united. */
export function statsNeeded(query: BoundQuery): StatsNeeded[] {
  const tables = new Map<TableEntry, Set<string>>();
  forEachNode(query.plan, (node) => {
    if (node.kind !== 'scan') return;
    const names = tables.get(node.table) ?? new Set();
    tables.set(node.table, names);
    for (const { source } of node.columns)
      if (source.kind === 'branch') names.add(node.table.columns[source.index]!.name);
  });
  return [...tables].map(([table, names]) => ({ table, columns: [...names] }));
}
