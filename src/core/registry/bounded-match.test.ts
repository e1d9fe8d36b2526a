import { expect, it } from 'vitest';
import { DiagnosticError } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { lookupFunction, lookupOperator } from './registry.js';

const context = { argTypes: [types.text, types.text], type: types.bool };
const matches = lookupOperator('~', 2)!.overloads[0]!.fold!;

it('ends a regular expression that would run for ever', () => {
  const started = performance.now();
  for (const [text, pattern] of [
    [`${'a'.repeat(60)}b`, '^(a+)+$'],
    [`${'a'.repeat(60)}b`, '^(a|a)*$'],
  ] as const) {
    let code: string | undefined;
    try {
      matches([text, pattern], context);
    } catch (error) {
      code = (error as DiagnosticError).code;
    }
    expect(code).toBe('54001');
  }
  expect(performance.now() - started).toBeLessThan(30_000);
}, 40_000);

it('gives the same answers under the limit', () => {
  expect(matches([`${'ab'.repeat(200)}`, '^(ab)+$'], context)).toBe(true);
  expect(matches([`${'ab'.repeat(200)}a`, '^(?:ab)+$'], context)).toBe(false);
  const groups = lookupFunction('regexp_match')!.overloads[0]!.fold!;
  expect(groups([`${'x'.repeat(100)}12`, '(x)+(\\d+)'], context)).toEqual(['x', '12']);
  expect(() => matches(['a'.repeat(100), '(a+)+('], context)).toThrow(DiagnosticError);
});
