// Rows as the row kernel writes them, against their values printed one by one; floats of every size against the printer of core.
import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { DiagnosticError, listOf, printFloat, printValue, type SqlType, types, type Value } from '../../core/index.js';
import { valueReader } from '../row-reader.js';
import { RowEncoder } from './row-encoder.js';
import type { RowLayout } from './row-kernel.js';
import { encodeValue } from './value-binary.js';

let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function batchOf(columns: readonly arrow.Data[]): arrow.RecordBatch {
  const length = columns[0]!.length;
  const fields = columns.map(({ type }, i) => new arrow.Field(`${i}`, type, true));
  const struct = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children: [...columns] });
  return new arrow.RecordBatch(new arrow.Schema(fields), struct);
}

/** A row of each cell's length and bytes, as DataRow has them. */
function messages(bytes: Buffer): (Buffer | null)[][] {
  const rows: (Buffer | null)[][] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x44);
    const end = at + 1 + bytes.readInt32BE(at + 1);
    const row: (Buffer | null)[] = [];
    let next = at + 7;
    for (let n = bytes.readUInt16BE(at + 5); n > 0; n--) {
      const size = bytes.readInt32BE(next);
      next += 4;
      row.push(size < 0 ? null : bytes.subarray(next, next + size));
      next += Math.max(0, size);
    }
    expect(next).toBe(end);
    rows.push(row);
    at = end;
  }
  return rows;
}

const numbers: readonly (readonly [SqlType, arrow.DataType, NodeJS.TypedArray])[] = [
  [types.int1, new arrow.Int8(), new Int8Array([0, -1, 127, -128, 9, 10, 99, 100])],
  [types.uint1, new arrow.Uint8(), new Uint8Array([0, 1, 255, 128, 9, 10, 99, 100])],
  [types.int2, new arrow.Int16(), new Int16Array([0, -1, 32767, -32768, 9999, 10000, -10, 5])],
  [types.uint2, new arrow.Uint16(), new Uint16Array([0, 1, 65535, 32768, 9999, 10000, 10, 5])],
  [types.int4, new arrow.Int32(), new Int32Array([0, -1, 2 ** 31 - 1, -(2 ** 31), 999999, 1000000, 99999999, -1e9])],
  [types.uint4, new arrow.Uint32(), new Uint32Array([0, 1, 2 ** 32 - 1, 2 ** 31, 999999, 1000000, 99999999, 1e9])],
  [
    types.int8,
    new arrow.Int64(),
    new BigInt64Array([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 4294967296n, 99999999n, 100000000n, 9999999999999999n]),
  ],
  [
    types.uint8,
    new arrow.Uint64(),
    new BigUint64Array([0n, 1n, 2n ** 64n - 1n, 2n ** 63n, 4294967295n, 10n ** 16n, 10n ** 19n, 10n ** 8n]),
  ],
  [types.float4, new arrow.Float32(), new Float32Array([0, -0, 1.5, Number.NaN, Infinity, -1e-45, 1e6, 123456.7])],
  [types.float8, new arrow.Float64(), new Float64Array([0, -0, 1.5, Number.NaN, -Infinity, 5e-324, 1e15, 1e-5])],
];

const rowCount = 1600;

function numberColumn(arrowType: arrow.DataType, samples: NodeJS.TypedArray): arrow.Data {
  const make = samples.constructor as new (length: number) => typeof samples;
  const values = new make(rowCount);
  const bytes = new Uint8Array(values.buffer as ArrayBuffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random(256);
  // Reading a NaN may change its bits.
  for (let i = 0; i < rowCount; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
  for (let i = 0; i < rowCount; i += 3) (values as Int32Array)[i] = samples[random(samples.length)] as number;
  return arrow.makeData({ type: arrowType, length: rowCount, nullBitmap: bits(), data: values } as never);
}

function bits(): Uint8Array {
  return Uint8Array.from({ length: rowCount >> 3 }, () => random(256));
}

/** Lists of the elements of `child`, NULL and empty ones among them. */
function listColumn(child: arrow.Data): arrow.Data {
  const offsets = new Int32Array(child.length + 1);
  let at = 0;
  let count = 0;
  while (at < child.length) {
    at = Math.min(child.length, at + random(7));
    offsets[++count] = at;
  }
  const type = new arrow.List(new arrow.Field('item', child.type, true));
  const nullBitmap = bits();
  return arrow.makeData({ type, length: count, nullBitmap, valueOffsets: offsets.subarray(0, count + 1), child });
}

function bytesColumn(type: arrow.Utf8 | arrow.Binary, cells: readonly Uint8Array[]): arrow.Data {
  const offsets = new Int32Array(cells.length + 1);
  for (const [i, cell] of cells.entries()) offsets[i + 1] = offsets[i]! + cell.length;
  return arrow.makeData({
    type: type as arrow.Utf8,
    length: cells.length,
    nullBitmap: bits(),
    valueOffsets: offsets,
    data: Buffer.concat(cells),
  });
}

function columns(): [SqlType, arrow.Data][] {
  const found: [SqlType, arrow.Data][] = numbers.map(([type, arrowType, samples]) => [
    type,
    numberColumn(arrowType, samples),
  ]);
  const bool = arrow.makeData({ type: new arrow.Bool(), length: rowCount, nullBitmap: bits(), data: bits() });
  found.push([types.bool, bool]);
  for (const [type, child] of [...found]) found.push([listOf(type), listColumn(child)]);
  const texts = Array.from({ length: rowCount }, () => Buffer.from('äx€😀"\\,\t\n'.repeat(3)).subarray(0, random(30)));
  const plain = Array.from({ length: rowCount }, () => Buffer.from('abcdefghijklmnopqrstuvwxyz'.slice(random(26))));
  found.push([types.text, bytesColumn(new arrow.Utf8(), plain)]);
  found.push([types.jsonb, bytesColumn(new arrow.Utf8(), plain)]);
  found.push([types.bytea, bytesColumn(new arrow.Binary(), texts)]);
  const days = Int32Array.from({ length: rowCount }, () => random(40000));
  const date = arrow.makeData({ type: new arrow.DateDay(), length: rowCount, nullBitmap: bits(), data: days });
  found.push([types.date, date]);
  return found;
}

for (const format of ['text', 'binary'] as const)
  test(`every type is sent as its values are, in ${format}`, () => {
    for (const [type, whole] of columns()) {
      // A part of a column, so that bitmaps begin within a byte.
      const data = whole.slice(5, whole.length - 9);
      const read = valueReader(data, type);
      const encoder = new RowEncoder([{ type }, { type: types.int4 }], [format, 'binary']);
      const numbered = arrow.makeData({
        type: new arrow.Int32(),
        length: data.length,
        data: Int32Array.from({ length: data.length }, (_, i) => i),
      });
      const batch = batchOf([data, numbered]);
      const rows = [...encoder.encode(batch, 3, data.length - 2)].flatMap(messages);
      expect(rows.length).toBe(data.length - 5);
      for (const [i, [cell, number]] of rows.entries()) {
        const value = read(i + 3);
        expect(number!.readInt32BE()).toBe(i + 3);
        if (value === null) expect(cell).toBeNull();
        else if (format === 'binary') expect(cell!.toString('hex')).toBe(encodeValue(value, type).toString('hex'));
        else expect(cell!.toString()).toBe(printValue(value, type));
      }
    }
  });

/** What the kernel makes of floats. */
function floatTexts(data: arrow.Data, type: SqlType): string[] {
  const layout: RowLayout = {
    kind: 'text',
    framed: false,
    line: { delimiter: 9, quote: 34, escape: 34, nullText: Buffer.from('\\N'), forced: [] },
  };
  const encoder = new RowEncoder([{ type }], ['text'], undefined, layout);
  return Buffer.concat([...encoder.encode(batchOf([data]))])
    .toString()
    .split('\n')
    .slice(0, -1);
}

test('float8 around every power of two and of ten, whole numbers, and at random', () => {
  const values: number[] = [];
  const word = new BigUint64Array(1);
  const float = new Float64Array(word.buffer);
  const add = (bits: bigint) => {
    word[0] = bits & 0x7fffffffffffffffn;
    values.push(float[0]!);
  };
  for (let exponent = 0n; exponent < 2047n; exponent++) for (let m = -3n; m < 4n; m++) add((exponent << 52n) + m);
  for (let exponent = -323; exponent <= 308; exponent++) {
    float[0] = Number(`1e${exponent}`);
    const bits = word[0]!;
    for (let m = -2n; m < 3n; m++) add(bits + m);
    for (let i = 0; i < 10; i++) values.push(Number(`${random(10 ** random(9))}e${exponent - 5}`));
  }
  for (let i = 0; i < 12_000; i++) {
    values.push(random(2 ** random(32)), -random(2 ** 32) / 8, random(1e9) / 1000, random(2 ** 32) * 2 ** random(60));
    add((BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32)));
  }
  const data = arrow.makeData({ type: new arrow.Float64(), length: values.length, data: Float64Array.from(values) });
  const texts = floatTexts(data, types.float8);
  expect(texts.length).toBe(values.length);
  for (const [i, text] of texts.entries())
    if (text !== printFloat(values[i]!, 8)) expect(text).toBe(printFloat(values[i]!, 8));
});

test('float4 around every power of two, whole numbers, and at random', () => {
  const values = new Float32Array(80_000);
  const words = new Uint32Array(values.buffer);
  let n = 0;
  for (let exponent = 0; exponent < 255; exponent++)
    for (let m = 0; m < 40; m++) {
      words[n++] = (exponent << 23) | m;
      words[n++] = (exponent << 23) | (0x7fffff - m);
    }
  while (n < 40_000) words[n++] = random(2 ** 32);
  while (n < 60_000) values[n++] = random(2 ** random(32));
  while (n < values.length) values[n++] = random(1e9) / 1000;
  const texts = floatTexts(arrow.makeData({ type: new arrow.Float32(), length: n, data: values }), types.float4);
  expect(texts.length).toBe(n);
  for (const [i, text] of texts.entries())
    if (text !== printFloat(values[i]!, 4)) expect(text).toBe(printFloat(values[i]!, 4));
});

function lines(layout: Partial<RowLayout['line']> & { kind: 'text' | 'csv' }, type: SqlType, values: readonly Value[]) {
  const line = { delimiter: 9, quote: 34, escape: 34, nullText: Buffer.from('N'), forced: [], ...layout };
  const arrowType = type.kind === 'text' ? new arrow.Utf8() : new arrow.Float64();
  const data = arrow.vectorFromArray(values as string[], arrowType as arrow.Utf8).data[0]!;
  const encoder = new RowEncoder([{ type }], ['text'], undefined, { kind: layout.kind, framed: false, line });
  return Buffer.concat([...encoder.encode(batchOf([data]))]).toString();
}

test('cells that a delimiter or the text for NULL could be taken for', () => {
  const comma = { delimiter: 44, nullText: Buffer.from('1.5') };
  expect(lines({ kind: 'csv', ...comma }, types.float8, [1.5, null, 2.5])).toBe('"1.5"\n1.5\n2.5\n');
  expect(lines({ kind: 'csv', delimiter: 53 }, types.float8, [1.5, 2])).toBe('"1.5"\n2\n');
  expect(lines({ kind: 'csv', quote: 45, escape: 46 }, types.float8, [-1.5, 2])).toBe('-.-1..5-\n2\n');
  expect(lines({ kind: 'text', delimiter: 45 }, types.float8, [-1.5, 2])).toBe('\\-1.5\n2\n');
  const long = 'x'.repeat(40);
  expect(lines({ kind: 'text' }, types.text, [`${long}\t${long}\\`, '', null])).toBe(`${long}\\t${long}\\\\\n\nN\n`);
  expect(lines({ kind: 'csv', delimiter: 59 }, types.text, [`${long};"`, 'N', '\\.', '\x01'])).toBe(
    `"${long};"""\n"N"\n"\\."\n\x01\n`,
  );
});

test('a zero byte in a text is 22021, wherever it stands', () => {
  for (let size = 1; size < 40; size++) {
    const text = `${'a'.repeat(size - 1)}\0${'b'.repeat(3)}`;
    for (const kind of ['text', 'csv'] as const)
      expect(() => lines({ kind }, types.text, ['x', text])).toThrow(DiagnosticError);
    const batch = batchOf([arrow.vectorFromArray(['x', text], new arrow.Utf8()).data[0]!]);
    const encoder = new RowEncoder([{ type: types.text }], ['text']);
    expect(() => [...encoder.encode(batch)]).toThrow('invalid byte sequence for encoding "UTF8": 0x00');
  }
});

test('long rows come in chunks of their own, and leave no memory behind', () => {
  const texts = Array.from({ length: 40 }, (_, i) => `${i}`.padEnd(900_000, 'x'));
  const batch = batchOf([arrow.vectorFromArray(texts, new arrow.Utf8()).data[0]!]);
  const encoder = new RowEncoder([{ type: types.text }], ['text']);
  const chunks = [...encoder.encode(batch)];
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(1 << 20);
  expect(chunks.flatMap(messages).map(([cell]) => cell!.toString())).toEqual(texts);
});
