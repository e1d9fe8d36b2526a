import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../diagnostic.js';
import { listOf, types } from '../sql-type.js';
import { decodeResult, type EncodedResult, encodeResult, type ResultRows, resultError } from './fragment-result.js';

const bytesOf = (array: Int32Array | Float32Array): Uint8Array => new Uint8Array(array.buffer);
const rows: ResultRows = {
  kind: 'rows',
  rows: 3,
  rowsIn: 10,
  bytesRead: 2 ** 40,
  columns: [
    { type: types.bool, buffers: [Uint8Array.of(5), Uint8Array.of(1)] },
    {
      type: listOf(types.float4),
      buffers: [
        new Uint8Array(0),
        bytesOf(Int32Array.of(0, 2, 2, 3)),
        new Uint8Array(0),
        bytesOf(Float32Array.of(1, NaN, -0)),
      ],
    },
    { type: types.text, buffers: [new Uint8Array(0), bytesOf(Int32Array.of(0, 1, 1, 2)), Uint8Array.of(97, 98)] },
  ],
};
const error: Extract<EncodedResult, { kind: 'error' }> = {
  kind: 'error',
  code: '22012',
  message: 'division by zero',
  hint: 'nullif',
};

describe('decodeResult', () => {
  it('gives back what was encoded', () => {
    for (const result of [rows, error, { kind: 'cannot', reason: 'no class' }] satisfies EncodedResult[])
      expect(decodeResult(encodeResult(result))).toEqual(result);
    expect(resultError(error)).toMatchObject({ code: '22012', message: 'division by zero' });
  });

  it('aligns every buffer', () => {
    const decoded = decodeResult(encodeResult(rows));
    if (decoded.kind !== 'rows') throw new Error(decoded.kind);
    for (const { buffers } of decoded.columns) for (const buffer of buffers) expect(buffer.byteOffset % 8).toBe(0);
  });

  it('refuses every truncation, and offsets that fall or point outside', () => {
    const bytes = encodeResult(rows);
    for (let n = 0; n < bytes.length; n++) expect(() => decodeResult(bytes.subarray(0, n))).toThrow(DiagnosticError);
    for (const offsets of [
      [0, 2, 1, 3],
      [1, 2, 2, 3],
      [0, 2, 2, 4],
      [0, -1, 2, 3],
    ]) {
      const list = {
        ...rows.columns[1]!,
        buffers: rows.columns[1]!.buffers.map((b, i) => (i === 1 ? bytesOf(Int32Array.from(offsets)) : b)),
      };
      expect(() => decodeResult(encodeResult({ ...rows, columns: [list] }))).toThrow(/malformed fragment result/);
    }
  });

  it('survives mutated bytes', () => {
    let x = 88172645;
    const next = (below: number): number => {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      return (x >>> 0) % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const mutated = encodeResult(next(4) === 0 ? error : rows);
      for (let left = 1 + next(4); left > 0; left--) mutated[next(mutated.length)] = next(3) === 0 ? 255 : next(256);
      try {
        decodeResult(mutated);
      } catch (failure) {
        if (!(failure instanceof DiagnosticError)) throw failure;
      }
    }
  });
});
