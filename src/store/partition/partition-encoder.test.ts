import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { listOf, type SqlType, toArrowType, types } from '../../core/index.js';
import { MemoryStore } from '../home/memory-store.js';
import { bufferCountOf } from './flat-array.js';
import { bufferAlignment, figureNames, PartitionEncoder, type PartitionRecord } from './partition-encoder.js';
import { type ColumnPlaces, readColumns } from './read-columns.js';

interface Sample {
  readonly name: string;
  readonly type: SqlType;
  readonly values: readonly unknown[];
}

const samples: readonly Sample[] = [
  { name: 'run', type: types.uint4, values: [1, 4294967295, null, 7, 7] },
  { name: 'event', type: types.uint8, values: [1n, 18446744073709551615n, 3n, 9007199254740993n, 5n] },
  { name: 'time', type: types.int8, values: [-9007199254740993n, null, 0n, 9007199254740993n, 5n] },
  { name: 'met', type: types.float4, values: [1.5, Number.NaN, -0, Number.NEGATIVE_INFINITY, 2.5] },
  { name: 'none', type: types.float8, values: [null, null, null, null, null] },
  { name: 'flag', type: types.bool, values: [true, false, null, true, true] },
  { name: 'label', type: types.text, values: ['b', '', null, 'ÄÖ', 'muon'] },
  { name: 'Muon_pt', type: listOf(types.float4), values: [[1, 2], [], null, [3], [4, 5, 6]] },
  { name: 'Jet_id', type: listOf(listOf(types.int2)), values: [[[1], []], [], [[2, 3]], null, [[-4]]] },
  {
    name: 'vertex',
    type: {
      kind: 'struct',
      fields: [
        { name: 'x', type: types.float8 },
        { name: 'n', type: types.text },
      ],
    },
    values: [{ x: 1, n: 'a' }, null, { x: 2, n: null }, { x: 3, n: 'c' }, { x: 4, n: 'd' }],
  },
];

function dataOf({ type, values }: Sample): arrow.Data {
  return arrow.vectorFromArray(values, toArrowType(type)).data[0]!;
}

function placesOf(object: string, record: PartitionRecord, columns: readonly Sample[]): ColumnPlaces {
  let next = 0;
  return {
    object,
    rows: record.rows,
    columns: new Map(
      columns.map(({ type }, index) => [
        index,
        Array.from({ length: bufferCountOf(toArrowType(type)) }, () => {
          const [offset, length, checksum] = record.places.subarray(3 * next, 3 * ++next);
          return { offset: offset!, length: length!, checksum: checksum!, codec: 0 };
        }),
      ]),
    ),
  };
}

const plain = (vector: arrow.Vector | null) => [...vector!].map((x) => (x instanceof Object ? JSON.stringify(x) : x));

test('a partition is an Arrow IPC file with aligned buffers', () => {
  const { bytes, record } = encode(samples);
  const table = arrow.tableFromIPC(bytes);
  for (const sample of samples)
    expect(plain(table.getChild(sample.name)), sample.name).toEqual(plain(new arrow.Vector([dataOf(sample)])));
  expect(table.schema.metadata.get('tree')).toBe('Events;75');
  expect(bytes.length).toBe(record.bytes);
  for (let p = 0; p < record.places.length; p += 3) expect(record.places[p]! % bufferAlignment).toBe(0);
});

test('columns come back from their places, whichever are asked for', async () => {
  const store = new MemoryStore();
  const { bytes, record } = encode(samples);
  await store.write('p0', bytes);
  const wanted = [8, 0, 9, 6, 3].map((index) => ({ ...samples[index]!, index }));
  const read = await readColumns(store, placesOf('p0', record, samples), wanted);
  for (const [i, data] of read.entries())
    expect(plain(new arrow.Vector([data]))).toEqual(plain(new arrow.Vector([dataOf(wanted[i]!)])));
});

test('a slice stores its own rows only', () => {
  const sliced = samples.map((sample) => dataOf(sample).slice(1, 3));
  const encoder = new PartitionEncoder(samples);
  const table = arrow.tableFromIPC(encoder.encode(encoder.prepare(3, sliced)).bytes);
  for (const [i, sample] of samples.entries()) {
    expect(plain(table.getChild(sample.name)), sample.name).toEqual(
      plain(new arrow.Vector([dataOf(sample)]).slice(1, 4)),
    );
    expect(table.getChild(sample.name)!.nullCount).toBe(sliced[i]!.nullCount);
  }
});

test('the size is known before encoding, never too small', () => {
  const encoder = new PartitionEncoder(samples);
  const prepared = encoder.prepare(5, samples.map(dataOf));
  expect(encoder.encode(prepared).bytes.length).toBeLessThanOrEqual(prepared.bytes);
});

test('a used buffer is cleared where it shows through', () => {
  const encoder = new PartitionEncoder(samples);
  const prepared = encoder.prepare(5, samples.map(dataOf));
  const dirty = encoder.encode(prepared, (size) => new Uint8Array(size + 100).fill(0xee).buffer);
  expect(Buffer.compare(dirty.bytes, encoder.encode(prepared).bytes)).toBe(0);
});

test('every flipped bit of a column is noticed, with object and column named', async () => {
  const { bytes, record } = encode(samples);
  const places = placesOf('p0', record, samples);
  for (const [index, sample] of samples.entries())
    for (const [b, place] of places.columns.get(index)!.entries()) {
      if (place.length === 0) continue;
      const store = new MemoryStore();
      const damaged = bytes.slice();
      damaged[place.offset + Math.floor(place.length / 2)]! ^= 1 << (b % 8);
      await store.write('p0', damaged);
      await expect(readColumns(store, places, [{ ...sample, index }])).rejects.toMatchObject({
        diagnostic: { condition: 'data_corrupted', message: expect.stringMatching(`"p0".*"${sample.name}"`) },
      });
    }
});

test('statistics of each column', () => {
  const { record } = encode(samples);
  const of = (name: string) => {
    const c = samples.findIndex((sample) => sample.name === name);
    const row = record.figures.subarray(c * figureNames.length);
    return Object.fromEntries(figureNames.map((figure, f) => [figure, row[f]]));
  };
  expect(of('run')).toMatchObject({ nulls: 1, min: 1, max: 4294967295, nan: 0, distinct: 3, elements: 5 });
  // Bounds of 64-bit integers are rounded outward: no value lies outside.
  expect(of('event')).toMatchObject({ nulls: 0, min: 1, max: 2 ** 64 });
  expect(of('time')).toMatchObject({ nulls: 1, min: -(2 ** 53 + 2), max: 2 ** 53 + 2 });
  expect(of('met')).toMatchObject({ min: Number.NEGATIVE_INFINITY, max: 2.5, nan: 1 });
  expect(of('none')).toMatchObject({ nulls: 5, min: Number.NaN, max: Number.NaN, nan: 0, distinct: 0 });
  expect(of('flag')).toMatchObject({ nulls: 1, min: 0, max: 1, distinct: 2 });
  expect(of('Muon_pt')).toMatchObject({
    nulls: 1,
    min: 1,
    max: 6,
    minLength: 0,
    maxLength: 3,
    elements: 6,
    distinct: 6,
  });
  expect(of('Jet_id')).toMatchObject({ nulls: 1, min: -4, max: 3, minLength: 0, maxLength: 2, elements: 4 });
  expect(record.textBounds).toEqual([[6, '', 'ÄÖ']]);
  expect(record.binaryColumns).toEqual([]);
});

function encode(columns: readonly Sample[]) {
  const encoder = new PartitionEncoder(columns, new Map([['tree', 'Events;75']]));
  return encoder.encode(encoder.prepare(5, columns.map(dataOf)));
}
