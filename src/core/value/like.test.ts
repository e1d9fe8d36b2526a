import { expect, it } from 'vitest';
import { likeMatcher } from './like.js';

/** LIKE by its definition. */
function like(text: string, pattern: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '%') return like(text, pattern.slice(1)) || (text !== '' && like(text.slice(1), pattern));
  return text !== '' && (pattern[0] === '_' || pattern[0] === text[0]) && like(text.slice(1), pattern.slice(1));
}

it('matches as LIKE is defined, for all short texts and patterns', () => {
  const words = (letters: string, most: number): string[] =>
    most === 0 ? [''] : ['', ...[...letters].flatMap((c) => words(letters, most - 1).map((w) => c + w))];
  const texts = [...new Set(words('ab', 5))];
  for (const pattern of new Set(words('ab%_', 4)))
    for (const text of texts)
      expect([pattern, text, likeMatcher(pattern).test(text)]).toEqual([pattern, text, like(text, pattern)]);
});

it('takes time in proportion to the text, whatever the pattern', () => {
  const started = performance.now();
  expect(likeMatcher(`${'%a'.repeat(12)}%b`).test('a'.repeat(20_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
