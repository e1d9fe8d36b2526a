// Writes cst.ts, the types of the concrete syntax tree, from the grammars: `npx tsx grammar/generate-cst.ts`. A test holds them equal.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateCstDts } from './chevrotain.js';
import { NativeGrammar } from './native-grammar.js';
import { SqlGrammar } from './sql-grammar.js';

export const cstFile = fileURLToPath(new URL('cst.ts', import.meta.url));

/** The text of cst.ts. */
export function printCstTypes(): string {
  const productions = { ...new NativeGrammar().getGAstProductions(), ...new SqlGrammar().getGAstProductions() };
  const types = generateCstDts(productions, { includeVisitorInterface: false })
    .replace(/^import type .*$/m, '')
    .replaceAll('IToken', 'Token')
    .trim();
  return `// Generated from the grammars by generate-cst.ts: the types of the concrete syntax tree.
import type { CstNode as Node, CstNodeLocation } from 'chevrotain';
import type { Token } from './tokens.js';

/** Every node knows its place; \`endOffset\` is inclusive. */
interface CstNode extends Node {
  location: CstNodeLocation & { endOffset: number };
}

${types}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(cstFile, printCstTypes());
