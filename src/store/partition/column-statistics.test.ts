import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { columnStatistics, roundedDown, roundedUp } from './column-statistics.js';
import { flattenData } from './flat-array.js';

const statisticsOf = (data: arrow.Data) => columnStatistics(flattenData(data));
const texts = (...values: (string | null)[]) => arrow.vectorFromArray(values, new arrow.Utf8()).data[0]!;

test('64-bit integers round outward', () => {
  expect(roundedDown(9007199254740993n)).toBe(9007199254740992);
  expect(roundedUp(9007199254740993n)).toBe(9007199254740994);
  expect(roundedDown(-9007199254740993n)).toBe(-9007199254740994);
  expect(roundedUp(-9007199254740993n)).toBe(-9007199254740992);
  expect(roundedUp(2n ** 64n - 1n)).toBe(2 ** 64);
  expect(roundedDown(2n ** 63n)).toBe(2 ** 63);
});

test('text bounds are truncated outward', () => {
  const long = 'HLT_IsoMu24_eta2p1_v3';
  expect(statisticsOf(texts(long, `${long}x`))).toMatchObject({
    minText: 'HLT_IsoMu24_eta2',
    maxText: 'HLT_IsoMu24_eta3',
  });
  const last = '\u{10ffff}'.repeat(20);
  expect(statisticsOf(texts(last))).toMatchObject({ minText: '\u{10ffff}'.repeat(16) });
  expect(statisticsOf(texts(last)).maxText).toBeUndefined();
  // Code points, not UTF-16 units: U+FFFD sorts below U+10000.
  expect(statisticsOf(texts('\u{10000}', '\ufffd', null))).toMatchObject({ minText: '\ufffd', maxText: '\u{10000}' });
});

test('text that is not UTF-8 is reported, without bounds', () => {
  const data = arrow.makeData({
    type: new arrow.Utf8(),
    length: 2,
    valueOffsets: Int32Array.of(0, 1, 3),
    data: Uint8Array.of(0x41, 0xff, 0xfe),
  });
  const { binary, minText } = statisticsOf(data);
  expect(binary).toBe(true);
  expect(minText).toBeUndefined();
});

test('unsigned 32-bit values are not taken for negative ones', () => {
  expect(statisticsOf(arrow.vectorFromArray([5, 4294967295], new arrow.Uint32()).data[0]!)).toMatchObject({
    min: 5,
    max: 4294967295,
  });
});

test('only NaN: no bounds, but known', () => {
  expect(statisticsOf(arrow.vectorFromArray([Number.NaN], new arrow.Float64()).data[0]!)).toMatchObject({
    min: Number.NaN,
    max: Number.NaN,
    nan: true,
  });
});

test.each([
  [100_000, 10],
  [100_000, 1000],
  [100_000, 100_000],
])('of %i rows, %i distinct values are estimated within a factor of 40', (rows, distinct) => {
  const values = Float64Array.from({ length: rows }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 0) % distinct);
  const estimate = statisticsOf(arrow.makeData({ type: new arrow.Float64(), length: rows, data: values })).distinct;
  expect(estimate).toBeGreaterThan(distinct / 40);
  expect(estimate).toBeLessThan(distinct * 40);
});
