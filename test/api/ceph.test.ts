// `skyhook ceph`, and ingest over `rados://`: it does what it does over a folder. (native-api.test.ts and command-line.test.ts run there too.)
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { ingest } from '../../src/ingest/index.js';
import { crc32, type ObjectStore, openStore } from '../../src/store/index.js';
import { sharedCluster } from '../support/ceph.js';
import { skyhookCommand } from '../support/programs.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const samples = fileURLToPath(new URL('../../../shared/root-samples/files/', import.meta.url));
const ceph = await sharedCluster();

describe.runIf(ceph)('rados', () => {
  test('ceph init makes a pool and a key, ceph check says what works with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'skyhook-key-'));
    const keyring = join(folder, 'keyring');
    const url = `rados://made/here?conf=${encodeURIComponent(ceph!.conf)}`;
    const asUser = `${url}&id=ana&keyring=${encodeURIComponent(keyring)}`;
    const skyhook = (...args: string[]) =>
      run(process.execPath, skyhookCommand(...args), { cwd: root }).then(
        ({ stdout }) => [0, stdout] as const,
        (error: { code: number; stdout: string; stderr: string }) => [error.code, error.stdout + error.stderr] as const,
      );
    try {
      expect(await skyhook('ceph', 'check', url)).toEqual([1, expect.stringMatching(/^FAILED .*no pool "made"/)]);
      const init = ['ceph', 'init', url, '--pgs', '4', '--user', 'ana', '--keyring', keyring];
      expect(await skyhook(...init)).toEqual([0, expect.stringContaining('pool "made" made')]);
      expect((await stat(keyring)).mode & 0o777).toBe(0o600);
      const [code, said] = await skyhook('ceph', 'check', asUser);
      expect(code).toBe(0);
      expect(said).toMatch(/^ok .*client\.ana/);
      expect(said).toMatch(/^ok .*objects can be written/m);
      expect(said).toMatch(/^ok .*the class runs on .*version 1\.0, fragments up to version \d/m);
      expect(said).not.toMatch(/warning|FAILED/);
      // Rights on that namespace alone.
      const elsewhere = await openStore(asUser.replace('/here', '/there'));
      await expect(elsewhere.read('a')).rejects.toMatchObject({ code: '42501' });
      await elsewhere.close();
      expect(await skyhook(...init, '--read-only')).toEqual([0, expect.stringContaining('is there already')]);
      expect(await skyhook('ceph', 'check', asUser)).toEqual([0, expect.stringContaining('may read only')]);
      const coded = ceph!.freshUrl('erasureCoded');
      expect(await skyhook('ceph', 'check', coded)).toEqual([0, expect.stringMatching(/warning erasure-coded/)]);
      expect(await skyhook('ceph', 'check', 'file:/tmp')).toEqual([1, expect.stringContaining('no pool of a Ceph')]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('all sample files: the partitions are byte for byte those that a store in memory gets', async () => {
    if (!existsSync(samples)) {
      if (process.env['CI'] === 'true') throw new Error(`no sample files in ${samples}`);
      return console.warn(`SKIPPED: no sample files in ${samples}`);
    }
    const files = readdirSync(samples).filter((name) => name.endsWith('.root'));
    expect(files.length).toBeGreaterThan(100);
    const [here, there] = [await openStore('memory:'), await openStore(ceph!.freshUrl())];
    async function outcome(store: ObjectStore, dataset: string, name: string): Promise<unknown> {
      try {
        const report = await ingest(store, dataset, [join(samples, name)], { threads: 0 });
        return [report.rows, report.partitions, report.notices];
      } catch (error) {
        if (error instanceof DiagnosticError) return [error.code, error.message];
        throw error;
      }
    }
    async function partitions(store: ObjectStore): Promise<string[]> {
      const names: string[] = [];
      for await (const name of store.list('datasets/')) if (/\/p\d+$/.test(name)) names.push(name);
      const sums = names.map(async (name) => {
        const [, dataset, , , part] = name.split('/');
        return `${dataset}/${part} ${crc32(await store.read(name))}`;
      });
      return (await Promise.all(sums)).sort();
    }
    for (const [f, name] of files.entries())
      expect(await outcome(there, `f${f}`, name), name).toEqual(await outcome(here, `f${f}`, name));
    const ours = await partitions(there);
    expect(ours).toEqual(await partitions(here));
    expect(ours.length).toBeGreaterThan(100);
    await there.close();
  });
});
