// The built package, as another project sees it: types, worker threads without a loader, the command.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCommand } from '../../scripts/bundle.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

const program = `
import { type Dataset, DiagnosticError, type File, SkyhookDM } from 'skyhook';
const sk = new SkyhookDM({ threads: 2 });
await sk.connect('file:./store');
const report = await sk.writeDataset(['events.root'], 'aod', { threads: 2 });
const dst: Dataset = await sk.getDataset('aod');
const file: File = dst.getFiles()[0]!;
const table = await sk.runQuery(file, 'select event_id>5, project Events;75.Muon_phi');
// A window needs DuckDB's worker.
const ranked = await sk.sql('SELECT max(r) AS r FROM (SELECT rank() OVER (ORDER BY event_id) AS r FROM aod."Events") AS t WHERE r <= $1', [100]);
let code = '';
try {
  await sk.connect('128.105.144.226');
} catch (error) {
  if (error instanceof DiagnosticError) code = error.code;
}
await sk.close();
console.log(JSON.stringify([report.rows, table.numRows, Number(ranked.get(0)!['r']), code]));
`;

describe('the built package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skyhook-package-'));
  const installed = join(folder, 'node_modules', 'skyhook');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    // Laid out as an install would: the package, and its dependencies beside it.
    cpSync(join(root, 'package.json'), join(installed, 'package.json'));
    cpSync(join(root, 'samples'), join(installed, 'samples'), { recursive: true });
    cpSync(join(root, 'kernel/kernel.wasm'), join(installed, 'kernel/kernel.wasm'));
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
    await run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist')],
      { cwd: root },
    );
    await bundleCommand(join(installed, 'dist/bin'));
    cpSync(join(root, 'samples/events.root'), join(folder, 'events.root'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'program.ts'), program);
  });

  it('is typed, and runs queries with its own threads', async () => {
    await run(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        ...'--strict --noUncheckedIndexedAccess --module nodenext --target es2022 --types node --skipLibCheck program.ts'.split(
          ' ',
        ),
      ],
      { cwd: folder },
    );
    const { stdout } = await run(process.execPath, ['program.js'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([2000, 1994, 100, '08006']);
  });

  it('has a command, whose threads are found', async () => {
    const bin = join(installed, 'dist/bin');
    const store = `file:${folder}/store-of-command`;
    const skyhook = async (...args: string[]) =>
      (await run(process.execPath, [join(bin, 'skyhook.js'), '--store', store, ...args])).stdout;
    const csv = (sql: string) => skyhook('query', '--format', 'csv', sql);
    expect(await csv('SELECT 6 * 7 AS answer')).toBe('answer\n42\n');
    expect(await skyhook('ingest', 'aod', join(folder, 'events.root'), '--threads', '2')).toContain('2000 rows');
    const ranked = 'SELECT row_number() OVER (ORDER BY "MET_pt") AS n FROM aod."Events"';
    expect(await csv(`SELECT max(n) FROM (${ranked}) AS t`)).toBe('max\n2000\n');
    const worker = new Worker(join(bin, 'fragment-worker.js'), { workerData: { url: store } });
    try {
      const reply = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      worker.postMessage({ object: 'none', bytes: new Uint8Array(3) });
      expect(await reply).toBeDefined();
    } finally {
      await worker.terminate();
    }
  });
});
