import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { decodeFragment } from './decode-fragment.js';
import { encodeFragment } from './encode-fragment.js';
import { constantFrame, type Fragment, type Instruction } from './fragment.js';
import { readType, writeType } from './type-code.js';

const floats = listOf(types.float4);
const buffer = (length: number) => ({ offset: 64, length, checksum: 0xdeadbeef, codec: 0 });
const anyAbove20: Instruction[] = [
  { op: 'column', type: floats, frame: 0, args: [], immediate: 0 },
  { op: 'enter', type: types.bool, frame: 1, args: [0] },
  { op: 'elements', type: types.float4, frame: 1, args: [0] },
  { op: 'constant', type: types.float4, frame: constantFrame, args: [], immediate: { value: 20 } },
  { op: 'gt', type: types.bool, frame: 1, args: [2, 3] },
  { op: 'list_any', type: types.bool, frame: 0, args: [4] },
  { op: 'where', type: types.bool, frame: 2, args: [5], immediate: 0 },
];
const fragment: Fragment = {
  budget: { rows: 100, bytes: 1 << 20, millis: 1000 },
  rows: 3,
  firstEntry: 2 ** 40,
  file: 'ä.root',
  fileOrdinal: 7,
  columns: [
    { type: floats, buffers: [buffer(0), buffer(16), buffer(0), buffer(40)] },
    { type: types.text, buffers: [buffer(1), buffer(16), buffer(9)] },
  ],
  program: {
    filter: { instructions: anyAbove20, frame: 2 },
    instructions: [
      { op: 'entry', type: types.int8, frame: 0, args: [] },
      { op: 'column', type: types.text, frame: 0, args: [], immediate: 1 },
      { op: 'in', type: types.bool, frame: 0, args: [1], immediate: { values: ['a', null] } },
      { op: 'constant', type: types.float8, frame: constantFrame, args: [], immediate: { value: -0 } },
    ],
    frame: 0,
    output: {
      kind: 'top_n',
      registers: [0, 2],
      keys: [{ register: 1, descending: true, nullsFirst: false }],
      limit: 5,
    },
  },
};

describe('decodeFragment', () => {
  it('gives back what was encoded', () => {
    expect(decodeFragment(encodeFragment(fragment))).toEqual(fragment);
    const rows: Fragment = { ...fragment, program: { ...fragment.program, output: { kind: 'rows', registers: [1] } } };
    expect(decodeFragment(encodeFragment(rows))).toEqual(rows);
    const sums: Fragment = {
      ...fragment,
      program: {
        ...fragment.program,
        output: {
          kind: 'aggregate',
          groups: [1],
          aggregates: [{ op: 'sum', arg: 3, filter: 2 }, { op: 'count_star' }],
        },
      },
    };
    expect(decodeFragment(encodeFragment(sums))).toEqual(sums);
  });

  it('refuses every truncation', () => {
    const bytes = encodeFragment(fragment);
    for (let n = 0; n < bytes.length; n++) expect(() => decodeFragment(bytes.subarray(0, n))).toThrow(DiagnosticError);
  });

  const broken = (instructions: Instruction[]): Fragment => ({
    ...fragment,
    program: { instructions, frame: 0, output: { kind: 'rows', registers: [] } },
  });
  it.each([
    ['a register before it is set', [{ op: 'not', type: types.bool, frame: 0, args: [0] }]],
    ['a column of another type', [{ op: 'column', type: types.int4, frame: 0, args: [], immediate: 1 }]],
    ['a value of another frame', [...anyAbove20.slice(0, 5), { op: 'not', type: types.bool, frame: 0, args: [4] }]],
    [
      'a reduction into the wrong frame',
      [...anyAbove20.slice(0, 5), { op: 'list_any', type: types.bool, frame: 1, args: [4] }],
    ],
  ] satisfies [string, Instruction[]][])('refuses %s', (_, instructions) => {
    expect(() => decodeFragment(encodeFragment(broken(instructions)))).toThrow(/malformed fragment/);
  });

  it('gives back every type', () => {
    const some: SqlType[] = Object.values(types).filter((type) => !('as' in type));
    for (const kind of ['varchar', 'char', 'bit', 'varbit'] as const) some.push({ kind, length: 7 });
    some.push({ kind: 'numeric', precision: 38, scale: 3 }, listOf({ kind: 'bit', length: 1 }));
    some.push({ kind: 'struct', fields: some.map((type, i) => ({ name: `f${i}`, type })) });
    const out = new ByteWriter();
    for (const type of some) writeType(out, type);
    const input = new ByteReader(out.finish(), 'types');
    expect(some.map(() => readType(input))).toEqual(some);
    expect(input.remaining).toBe(0);
  });

  it('survives mutated bytes', () => {
    const bytes = encodeFragment(fragment);
    let x = 2463534242;
    const next = (below: number): number => {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      return (x >>> 0) % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const mutated = bytes.slice(0, next(8) === 0 ? next(bytes.length) : bytes.length);
      for (let left = 1 + next(4); left > 0 && mutated.length > 0; left--)
        mutated[next(mutated.length)] = next(3) === 0 ? 255 : next(256);
      try {
        decodeFragment(mutated);
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
      }
    }
  });
});
