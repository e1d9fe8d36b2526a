// Bounds the height of a tree, so that the rooms behind the parser may recurse over it.
import { fail, type Span } from '../core/index.js';

/** Levels of nodes above one another, not counting the left spines of operators, joins and set operators. */
export const maxTreeDepth = 1_500;
/** Length of such a spine: `1 + 1 + …`. */
export const maxSpine = 10_000;

const spineKinds: Readonly<Record<string, string>> = { binary: 'left', join: 'left', set: 'inputs' };

interface Visit {
  readonly node: object;
  readonly depth: number;
  readonly spine: number;
}

/** Throws 54001 with the place. A tree is never higher than its text has tokens, so short texts cost nothing. */
export function checkDepth(root: object, tokenCount: number): void {
  if (tokenCount < maxTreeDepth / 2) return;
  const stack: Visit[] = [{ node: root, depth: 0, spine: 0 }];
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { node, depth, spine } = visit;
    const kind = (node as { kind?: string }).kind;
    if (depth > maxTreeDepth || spine > maxSpine) {
      const { span } = node as { span?: Span };
      throw fail('statement_too_complex', 'the statement is too complex', {
        span,
        hint: `Expressions may be ${maxTreeDepth} levels high, chains of operators ${maxSpine} terms long.`,
      });
    }
    const spineKey = kind === undefined ? undefined : spineKinds[kind];
    for (const [key, value] of Object.entries(node)) {
      if (typeof value !== 'object' || value === null || key === 'span' || key === 'opSpan') continue;
      if (Array.isArray(value)) {
        value.forEach((item: unknown, i) => {
          if (typeof item === 'object' && item !== null)
            stack.push(
              key === spineKey && i === 0
                ? { node: item, depth, spine: spine + 1 }
                : { node: item, depth: depth + 1, spine: 0 },
            );
        });
      } else
        stack.push(
          key === spineKey ? { node: value, depth, spine: spine + 1 } : { node: value, depth: depth + 1, spine: 0 },
        );
    }
  }
}
