import { readFileSync } from 'node:fs';
import type { IProduction } from 'chevrotain';
import { describe, expect, test } from 'vitest';
import * as gast from './chevrotain.js';
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

test('every cycle of the grammars passes through a rule that can be put aside', () => {
  for (const grammar of [new SqlGrammar(), new NativeGrammar()]) {
    const { bracketedRules } = grammar;
    const rules = Object.values(grammar.getGAstProductions());
    const callees = new Map(rules.map((rule) => [rule.name, calledBy(rule.definition)]));
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, 'a cycle without a bracketed rule').not.toContain(name);
      if (done.has(name) || bracketedRules.has(name)) return;
      for (const callee of callees.get(name)!) visit(callee, [...path, name]);
      done.add(name);
    };
    for (const { name } of rules) {
      if (bracketedRules.has(name)) for (const callee of callees.get(name)!) visit(callee, []);
      else visit(name, []);
    }
  }
});

function calledBy(productions: readonly IProduction[]): string[] {
  return productions.flatMap((production) => {
    if (production instanceof gast.NonTerminal) return [production.nonTerminalName];
    return production instanceof gast.Terminal
      ? []
      : calledBy((production as IProduction & { definition: IProduction[] }).definition);
  });
}

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
