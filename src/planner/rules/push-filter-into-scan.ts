// A filter above a scan becomes the scan's own, so that fragments can run it.
// Before: Filter: event_id > 5 ─ Scan: Events    After: Scan: Events filter event_id > 5
// Terms with subqueries, volatile functions or columns of an enclosing query stay above.
import { outputIds } from '../logical/walk-plan.js';
import { conjunction, conjuncts, coveredBy, hasSubquery, isVolatile } from '../logical/walk-scalar.js';
import { topDown } from './rule.js';

export const PushFilterIntoScan = topDown('PushFilterIntoScan', (node) => {
  if (node.kind !== 'filter' || node.input.kind !== 'scan' || node.input.limit !== undefined) return node;
  const scan = node.input;
  const available = outputIds(scan);
  const terms = conjuncts(node.predicate);
  const pushed = terms.filter((t) => !hasSubquery(t) && !isVolatile(t) && coveredBy(t, available));
  if (pushed.length === 0) return node;
  const moved = new Set(pushed);
  const kept = terms.filter((t) => !moved.has(t));
  const input = { ...scan, filter: [...scan.filter, ...pushed] };
  return kept.length === 0 ? input : { ...node, input, predicate: conjunction(kept) };
});
