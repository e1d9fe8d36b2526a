// Texts by units against the same by arrays of code points.
import { describe, expect, it } from 'vitest';
import {
  countCharacters,
  fillCharacters,
  mapCharacters,
  reverseCharacters,
  sliceCharacters,
  translateCharacters,
} from './characters.js';
import { lowerCase, upperCase } from './letter-case.js';

const pieces = ['a', 'Z', 'ß', 'ä', 'Σ', 'ς', 'ﬁ', '日', '😀', '𐐀', '𐐨', ' ', '\u0301', 'İ', 'ı'];
let state = 7;
const random = (below: number): number => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return (state >>> 8) % below;
};
const text = (length: number, from = pieces) => Array.from({ length }, () => from[random(from.length)]).join('');
const plain = pieces.filter((c) => c.length === 1);

/** Short and long, with and without characters of two units. */
const texts = [
  '',
  ...Array.from({ length: 60 }, (_, i) => text(i % 9, i % 2 ? plain : pieces)),
  ...Array.from({ length: 8 }, (_, i) => text(300 + i, i % 2 ? plain : pieces)),
  text(400, ['a', 'b', 'C']),
];

describe.each(texts.map((s) => [s]))('%j', (s) => {
  const points = [...s];
  it('is counted, cut and reversed', () => {
    expect(countCharacters(s)).toBe(points.length);
    expect(reverseCharacters(s)).toBe([...points].reverse().join(''));
    for (let i = 0; i < 20; i++) {
      const [from, to] = [random(points.length + 3), random(points.length + 3)];
      expect(sliceCharacters(s, from, to)).toBe(points.slice(from, to).join(''));
      expect(sliceCharacters(s, from)).toBe(points.slice(from).join(''));
      expect(sliceCharacters(s, -from)).toBe(points.slice(-from).join(''));
      expect(sliceCharacters(s, 0, -to)).toBe(points.slice(0, -to).join(''));
    }
  });
  it('is translated, and changes its case letter by letter', () => {
    for (let i = 0; i < 10; i++) {
      const [from, to] = [text(random(6)), text(random(6))];
      const [a, b] = [[...from], [...to]];
      const expected = points.map((c) => (a.includes(c) ? (b[a.indexOf(c)] ?? '') : c)).join('');
      expect(translateCharacters(s, from, to)).toBe(expected);
    }
    const each = (change: (c: string) => string) =>
      points.map((c) => (change(c).length === c.length ? change(c) : c)).join('');
    expect(upperCase(s)).toBe(each((c) => c.toUpperCase()));
    expect(lowerCase(s)).toBe(each((c) => c.toLowerCase()));
    expect(mapCharacters(s, (c) => c)).toBe(s);
  });
});

it('fills up with parts of a filler', () => {
  for (const filler of ['x', 'ab', '😀b', '日本語'])
    for (let n = 0; n < 8; n++) {
      const points = [...filler];
      expect(fillCharacters(filler, n)).toBe(Array.from({ length: n }, (_, i) => points[i % points.length]).join(''));
    }
});
