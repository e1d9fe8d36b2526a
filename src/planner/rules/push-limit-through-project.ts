// A limit moves below a projection, towards the sort, union or scan it may stop.
// Before: Limit: 10 ─ Project: y = x + 1 ─ …    After: Project: y = x + 1 ─ Limit: 10 ─ …
import { isVolatile } from '../logical/walk-scalar.js';
import { topDown } from './rule.js';

export const PushLimitThroughProject = topDown('PushLimitThroughProject', (node) => {
  if (node.kind !== 'limit' || node.withTies || node.input.kind !== 'project') return node;
  const project = node.input;
  if (project.items.some((i) => isVolatile(i.expr))) return node;
  return { ...project, input: { ...node, input: project.input } };
});
