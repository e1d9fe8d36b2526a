// A projection that gives its input's columns, unchanged and in order, is left out.
// Before: Project: a:1, b:2 ─ Scan: (a:1, b:2)    After: Scan: (a:1, b:2)
import { outputColumns } from '../logical/walk-plan.js';
import { bottomUp } from './rule.js';

export const RemoveTrivialProject = bottomUp('RemoveTrivialProject', (node) => {
  if (node.kind !== 'project') return node;
  const columns = outputColumns(node.input);
  const same =
    columns.length === node.items.length &&
    node.items.every(({ column, expr }, i) => {
      const below = columns[i]!;
      return (
        expr.kind === 'column' && expr.column.id === below.id && column.id === below.id && column.name === below.name
      );
    });
  return same ? node.input : node;
});
