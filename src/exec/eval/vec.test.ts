// Texts as they lie in Arrow: whatever is done to them before they become values, the values are those of plain arrays.
import { expect, test } from 'vitest';
import { types, type Value } from '../../core/index.js';
import { fromArrow, toArrow } from './arrow-vec.js';
import { boxed, concat, gather, gatherOrNull, slice, spread, type Vec, valueAt, withType } from './vec.js';

const texts: Value[] = ['a', '', null, 'ä€😀', 'x'.repeat(60), null, 'end'];
const plain = boxed(types.text, texts);
const lazy = (): Vec => fromArrow(toArrow(plain, texts.length), types.text);
const values = (vec: Vec) => Array.from({ length: vec.n }, (_, i) => valueAt(vec, i));
const back = (vec: Vec) => values(fromArrow(toArrow(vec, vec.n), vec.type));

test.each<[string, (vec: Vec) => Vec]>([
  ['as they are', (vec) => vec],
  ['gathered', (vec) => gather(vec, Int32Array.of(6, 2, 3, 3, 0, 5))],
  ['gathered with missing ones', (vec) => gatherOrNull(vec, Int32Array.of(-1, 4, 2, -1))],
  ['sliced', (vec) => slice(vec, 2, 5)],
  ['a slice of a slice, gathered', (vec) => gather(slice(slice(vec, 1, 7), 2, 6), Int32Array.of(3, 0, 1))],
  ['concatenated', (vec) => concat([slice(vec, 3, 6), vec, slice(vec, 0, 0), slice(vec, 6, 7)], types.text)],
  ['of another type', (vec) => withType(slice(vec, 1, 4), types.varchar)],
  ['spread', (vec) => spread(vec, vec.n)],
])('%s', (_, change) => {
  expect(values(change(lazy()))).toEqual(values(change(plain)));
  expect(back(change(lazy()))).toEqual(values(change(plain)));
});
