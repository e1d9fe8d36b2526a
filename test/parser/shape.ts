/** A tree without its places, for comparing; keys in one order. */
export function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape);
  if (node instanceof Map) return [...node].map(shape);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'span' && key !== 'opSpan')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, shape(value)]),
  );
}
