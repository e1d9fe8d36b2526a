import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { columnStatistics, roundedDown, roundedUp } from './column-statistics.js';
import { flattenData } from './flat-array.js';
import { quantileLevels, quantileScale } from './quantiles.js';

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

test('quantiles of a falling spectrum lie where they are, within the error of a sample', () => {
  const rows = 50_000;
  const values = Float32Array.from({ length: rows }, (_, i) => -25 * Math.log(((i * 7919) % rows) / rows + 0.5 / rows));
  const data = arrow.makeData({ type: new arrow.Float32(), length: rows, data: values });
  const { min, max, quantiles } = statisticsOf(data);
  const found = [...quantiles].map((position) => min + (position / quantileScale) * (max - min));
  for (const [q, value] of found.entries()) {
    const below = values.filter((x) => x <= value).length / rows;
    // Three standard deviations of a share found in 1,024 values.
    const level = quantileLevels[q]!;
    expect(Math.abs(below - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / 1024) + 0.002);
  }
});

test('a flag, a period and lists: quantiles of values and of lengths', () => {
  const rows = 4096;
  // A period that the stretches of an evenly spaced sample share.
  const flags = arrow.vectorFromArray(
    Array.from({ length: rows }, (_, i) => i % 4 === 0),
    new arrow.Bool(),
  ).data[0]!;
  expect([...statisticsOf(flags).quantiles]).toEqual([0, 0, 0, 0, 0, 0, 65535, 65535, 65535]);
  const lists = arrow.vectorFromArray(
    Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? null : Array.from({ length: i % 5 }, () => i % 3))),
    new arrow.List(new arrow.Field('item', new arrow.Int32(), true)),
  ).data[0]!;
  const { quantiles, lengthQuantiles, minLength, maxLength } = statisticsOf(lists);
  expect([minLength, maxLength]).toEqual([0, 4]);
  expect([...quantiles].map((q) => Math.round((q / quantileScale) * 2))).toEqual([0, 0, 0, 0, 1, 2, 2, 2, 2]);
  expect([...lengthQuantiles].map((q) => Math.round((q / quantileScale) * 4))).toEqual([0, 0, 1, 1, 2, 3, 4, 4, 4]);
});
