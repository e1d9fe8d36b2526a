// Print → parse gives the same tree, for random trees of every kind in both languages.
import { expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseNative, parseSql, printStatement, type Statement } from '../../src/parser/index.js';
import { random } from './mutate.js';
import { RandomTree } from './random-tree.js';
import { shape } from './shape.js';

const count = Number(process.env.SKYHOOK_TREES ?? 3_000);
const span = { start: 0, end: 0 };

test.each(['sql', 'native'] as const)('%s', (language) => {
  const trees = new RandomTree(random(7), language === 'native');
  for (let i = 0; i < count; i++) {
    const depth = i % 4;
    const tree: Statement =
      language === 'native'
        ? trees.nativeQuery(depth)
        : { kind: 'query_statement', language, query: trees.query(depth), span };
    const text = printStatement(tree);
    let parsed: Statement[];
    try {
      parsed = language === 'native' ? [parseNative(text)] : parseSql(text);
    } catch (error) {
      const at = error instanceof DiagnosticError ? (error.diagnostic.span?.start ?? 0) : 0;
      const near = `${text.slice(Math.max(0, at - 80), at)}⟨here⟩${text.slice(at, at + 80)}`;
      throw new Error(`tree ${i} prints as what does not parse: ${near}`, { cause: error });
    }
    expect(shape(parsed), `tree ${i}: ${text}`).toEqual(shape([tree]));
  }
});
