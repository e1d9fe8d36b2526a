// The built package, as another project sees it: types, worker threads without a loader, the command.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
    await run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist')],
      { cwd: root },
    );
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

  it('has a command', async () => {
    const main = join(installed, 'dist/src/cli/main.js');
    const { stdout } = await run(process.execPath, [main, 'query', '--format', 'csv', 'SELECT 6 * 7 AS answer'], {
      cwd: folder,
    });
    expect(stdout).toBe('answer\n42\n');
  });
});
