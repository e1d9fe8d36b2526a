// The committed kernel.wasm and rows.wasm are what their sources make, byte for byte; and natively the kernel answers with the same bytes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeResult, encodeFragment, types } from '../../src/core/index.js';
import { buffersFrom, loadKernel } from '../../src/exec/fragment/kernel.js';
import { openStore } from '../../src/store/index.js';
import { hasCompiler, NativeKernel } from './native-kernel.js';
import { Random, randomFragment, randomPartition } from './random-fragment.js';

if (!hasCompiler() && process.env['CI'] === 'true') throw new Error('clang++-14 is missing');
const kernel = fileURLToPath(new URL('../../kernel/', import.meta.url));

describe.skipIf(!hasCompiler())('the kernel', () => {
  it.each([
    ['kernel.wasm', 'build-wasm.sh'],
    ['rows.wasm', 'build-rows.sh'],
  ])('%s is built of its sources', (name, script) => {
    const folder = mkdtempSync(join(tmpdir(), 'skyhook-kernel-'));
    try {
      const built = join(folder, name);
      const { status, stderr } = spawnSync(`${kernel}${script}`, [built], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const same = Buffer.compare(readFileSync(built), readFileSync(`${kernel}${name}`)) === 0;
      expect(same, `kernel/${script} makes another ${name} than the one committed`).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('knows one NaN, whichever an operation gives', async () => {
    const native = NativeKernel.build();
    try {
      const partition = randomPartition(new Random(3), 200, true);
      const store = await openStore('memory:');
      await store.write('p', partition.object);
      native.object(partition.object);
      const column = partition.columns.findIndex(({ type }) => type.kind === 'float8');
      const type = types.float8;
      const { rows, columns } = partition;
      const bytes = encodeFragment({
        budget: { rows: 1e6, bytes: 1e9, millis: 60_000 },
        rows,
        firstEntry: 0,
        file: 'a.root',
        fileOrdinal: 0,
        columns,
        program: {
          instructions: [
            { op: 'column', type, frame: 0, args: [], immediate: column },
            { op: 'neg', type, frame: 0, args: [0] },
            { op: 'add', type, frame: 0, args: [0, 1] },
            { op: 'add', type, frame: 0, args: [1, 0] },
          ],
          frame: 0,
          output: { kind: 'rows', registers: [0, 1, 2, 3] },
        },
      });
      const wasm = (await (await loadKernel()).run(bytes, buffersFrom(store, 'p')))!;
      expect(Buffer.compare(wasm, (await native.run(bytes)).bytes)).toBe(0);
      const result = decodeResult(wasm);
      if (result.kind !== 'rows') throw new Error(result.kind);
      const words = result.columns.map(({ buffers }) => new BigUint64Array(buffers[1]!.slice().buffer));
      const nans = words.map((column) => column.filter((word) => (word & 0x7fffffffffffffffn) > 0x7ff0000000000000n));
      expect(nans[0]!.length).toBeGreaterThan(0);
      for (const found of nans) expect(new Set(found)).toEqual(new Set([0x7ff8000000000000n]));
    } finally {
      native.close();
    }
  });

  it('answers natively with the same bytes', async () => {
    const wasm = await loadKernel();
    const native = NativeKernel.build();
    try {
      for (let part = 0; part < 12; part++) {
        const random = new Random(31 * part + 5);
        const wild = random.chance(0.4);
        const partition = randomPartition(random, random.pick([0, 7, 200]), wild);
        const store = await openStore('memory:');
        await store.write('p', partition.object);
        native.object(partition.object);
        for (let i = 0; i < 40; i++) {
          const bytes = randomFragment(random, partition, wild);
          const [here, there] = await Promise.all([wasm.run(bytes, buffersFrom(store, 'p')), native.run(bytes)]);
          expect(Buffer.compare(here!, there.bytes), `partition ${part}, fragment ${i}`).toBe(0);
        }
      }
    } finally {
      native.close();
    }
  });
});
