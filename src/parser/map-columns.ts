// Rewrites the column references of an expression, wherever they stand.
import type { ColumnRef, Expr } from './ast.js';

/** A copy with every ColumnRef replaced; unchanged parts are shared. Iterates along left-deep chains. */
export function mapColumns(expr: Expr, change: (column: ColumnRef) => Expr): Expr {
  return mapNode(expr, change) as Expr;
}

function mapNode(node: unknown, change: (column: ColumnRef) => Expr): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) {
    const items = node.map((item) => mapNode(item, change));
    return items.some((item, i) => item !== node[i]) ? items : node;
  }
  if ((node as Expr).kind === 'column') return change(node as ColumnRef);
  const spine: (Expr & { left: Expr })[] = [];
  let at = node as Expr;
  while (at.kind === 'binary') {
    spine.push(at);
    at = at.left;
  }
  if (spine.length > 0) {
    let left = mapNode(at, change) as Expr;
    for (let i = spine.length - 1; i >= 0; i--) {
      const binary = spine[i] as Extract<Expr, { kind: 'binary' }>;
      const right = mapNode(binary.right, change) as Expr;
      left = left === binary.left && right === binary.right ? binary : { ...binary, left, right };
    }
    return left;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== 'object' || key === 'span' || key === 'opSpan') continue;
    const mapped = mapNode(value, change);
    if (mapped !== value) copy = { ...(copy ?? node), [key]: mapped };
  }
  return copy ?? node;
}
