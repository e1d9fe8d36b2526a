import { expect, it } from 'vitest';
import { Regex } from './regex.js';
import { codePoints } from './regex-node.js';
import { regexOptions } from './regex-options.js';

const regex = (pattern: string, flags = '') => new Regex(pattern, regexOptions(flags));

it('takes time in proportion to the text, whatever repeats inside of what', () => {
  const started = performance.now();
  expect(regex('^(a+)+$').test(`${'a'.repeat(20_000)}b`)).toBe(false);
  expect(regex('^(a|a)*$').test('a'.repeat(20_000))).toBe(true);
  expect(regex('(x+x+)+y').test('x'.repeat(20_000))).toBe(false);
  expect(regex('(?:a?){60}a{60}').test('a'.repeat(60))).toBe(true);
  expect(performance.now() - started).toBeLessThan(5000);
});

it('ends what back references make endless', () => {
  const pattern = '^(a+)(a+)(a+)(a+)(a+)\\1\\2\\3\\4\\5b$';
  expect(() => regex(pattern).exec(codePoints(`${'a'.repeat(101)}b`))).toThrow(/too complex/);
});

it('counts positions in characters', () => {
  expect([...regex('b(.)').exec(codePoints('𝛼b𝛽'))!]).toEqual([1, 3, 2, 3]);
});

it('prefers as the whole prefers, then as each part does', () => {
  const groups = (pattern: string, text: string) => {
    const match = regex(pattern).exec(codePoints(text))!;
    return Array.from({ length: match.length / 2 }, (_, g) => text.slice(match[2 * g], match[2 * g + 1]));
  };
  // PostgreSQL's manual, 9.7.3.5.
  expect(groups('Y*?([0-9]{1,3})', 'XY1234Z')).toEqual(['Y1', '1']);
  expect(groups('(?:(.*?)([0-9]+)(.*)){1,1}', 'abc01234xyz')).toEqual(['abc01234xyz', 'abc', '01234', 'xyz']);
  expect(groups('a|ab', 'ab')).toEqual(['ab']);
});
