// Trees as EXPLAIN and the golden files show them.

export interface TreeNode {
  readonly text: string;
  readonly children?: readonly TreeNode[];
}

/** One line per node, children under their parent with `├─` and `└─`; no line break at the end. */
export function printTree(root: TreeNode): string {
  const lines: string[] = [];
  const visit = (node: TreeNode, first: string, rest: string): void => {
    lines.push(first + node.text);
    const children = node.children ?? [];
    children.forEach((child, i) => {
      const last = i === children.length - 1;
      visit(child, `${rest}${last ? '└─ ' : '├─ '}`, `${rest}${last ? '   ' : '│  '}`);
    });
  };
  visit(root, '', '');
  return lines.join('\n');
}
