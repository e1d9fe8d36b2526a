import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cstFile, printCstTypes } from './generate-cst.js';
import { NativeGrammar } from './native-grammar.js';
import { scan } from './scanner.js';
import { SelectGrammar } from './select-grammar.js';
import { SqlGrammar } from './sql-grammar.js';

/** Without what the formatter changes. */
const flat = (text: string) => text.slice(text.indexOf('interface CstNode')).replace(/["';()\s]/g, '');

test('cst.ts is what the grammars say', () => {
  expect(flat(readFileSync(cstFile, 'utf8'))).toBe(flat(printCstTypes()));
});

test('Chevrotain finds no fault with the grammars', () => {
  expect(() => new SqlGrammar({ skipValidations: false })).not.toThrow();
  expect(() => new SelectGrammar({ skipValidations: false })).not.toThrow();
  expect(() => new NativeGrammar({ skipValidations: false })).not.toThrow();
});

describe('scanner', () => {
  const images = (text: string, language: 'sql' | 'native' = 'sql') => scan(text, language).map((token) => token.value);
  test.each([
    ['a+-b', ['a', '+', '-', 'b']],
    ['a->-b', ['a', '->', '-', 'b']],
    ['a@-b', ['a', '@-', 'b']],
    ['1..10', ['1', '..', '10']],
    ["'it''s' e'\\x41\\n'", ["it's", 'A\n']],
    ["'a' -- c\n 'b'", ['ab']],
    ["U&'d!0061' uescape '!'", ['da']],
    ['$x$ $$ $x$', [' $$ ']],
    ['1e5 0x1F 1_000 .5', ['1e5', '31', '1000', '.5']],
    ['/* a /* b */ c */ "x""y"', ['x"y']],
    ['Σpt η', ['Σpt', 'η']],
  ])('%s', (text, expected) => {
    expect(images(text)).toEqual(expected);
  });

  test('a tree with its cycle is one token, in the native language only', () => {
    expect(images('dir/Tree;75.x', 'native')).toEqual(['dir/Tree;75', '.', 'x']);
    expect(images('Tree;75')).toEqual(['Tree', ';', '75']);
  });

  test('much white space after a string costs little', () => {
    const start = performance.now();
    scan(`select 'a'${' \n'.repeat(50_000)}x`, 'sql');
    expect(performance.now() - start).toBeLessThan(500);
  });
});
