// A common table expression that nothing reads is left out: it is a query, and what it would do is not seen.
// Before: With: m, n ─ CteScan: n    After: With: n ─ CteScan: n
import { forEachNode } from '../logical/walk-plan.js';
import { bottomUp } from './rule.js';

export const RemoveUnusedCte = bottomUp('RemoveUnusedCte', (node) => {
  if (node.kind !== 'with') return node;
  // From the last: what only an unused one reads is unused too.
  let ctes = node.ctes;
  for (let i = ctes.length - 1; i >= 0; i--) {
    const { id } = node.ctes[i]!;
    let read = false;
    const visit = (plan: typeof node.body): void =>
      forEachNode(plan, (inner) => {
        read ||= inner.kind === 'cte_scan' && inner.cte === id;
      });
    visit(node.body);
    for (const cte of ctes) if (cte.id !== id) visit(cte.plan);
    if (!read) ctes = ctes.filter((cte) => cte.id !== id);
  }
  if (ctes === node.ctes) return node;
  return ctes.length === 0 ? node.body : { ...node, ctes };
});
