// `npm run bench -- ingest-memory [EVENTS]`: a generated ROOT file of 1 GB into a dataset, for several memory budgets: what the process
// took beyond its start, at its peak, as the kernel counted it. What runs is the built package, as users have it.
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = join(here, '..', '..');
const cache = join(root, '.bench');
const events = Number(process.argv[2] ?? 850_000);
const cases: readonly { readonly threads: number; readonly megabytes: number }[] = [
  { threads: 1, megabytes: 256 },
  { threads: 2, megabytes: 512 },
  { threads: 2, megabytes: 1024 },
];

interface Outcome {
  readonly seconds: number;
  readonly partitions: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly before: number;
  readonly peak: number;
}

await mkdir(cache, { recursive: true });
const file = join(cache, `nanoaod-${events}-zlib.root`);
if (!(await stat(file).catch(() => undefined))) {
  console.error(`generating ${file} (about a minute for 1 GB) …`);
  // Under a name of its own until it is whole.
  await run('python3', [join(here, '..', 'ingest', 'make-nanoaod.py'), `${file}.part`, String(events), 'zlib']);
  await rename(`${file}.part`, file);
}
const built = join(cache, 'dist');
await run(process.execPath, [
  join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  '-p',
  join(root, 'tsconfig.build.json'),
  '--outDir',
  built,
]);

const mega = (bytes: number) => (bytes / 2 ** 20).toFixed(0).padStart(7);
console.log(`${file.slice(root.length + 1)}: ${((await stat(file)).size / 1e6).toFixed(0)} MB, zlib`);
console.log('threads  budget  before    peak   added MiB  of budget  partitions  seconds  ROOT MB/s  Arrow MB/s');
let missed = false;
for (const { threads, megabytes } of cases) {
  const store = join(cache, `memory-store-${process.pid}`);
  try {
    const args = [join(here, 'ingest-once.ts'), file, store, String(threads), String(megabytes), built];
    const { stdout } = await run(process.execPath, ['--import', 'tsx', ...args], { cwd: root });
    const { seconds, partitions, bytesRead, bytesWritten, before, peak } = JSON.parse(stdout) as Outcome;
    const part = (peak - before) / (megabytes * 2 ** 20);
    missed ||= part > 1;
    console.log(
      `${String(threads).padStart(7)} ${mega(megabytes * 2 ** 20)} ${mega(before)} ${mega(peak)} ${mega(peak - before).padStart(11)}  ${part.toFixed(2).padStart(9)}  ${String(partitions).padStart(10)}  ${seconds.toFixed(1).padStart(7)}  ${(bytesRead / 1e6 / seconds).toFixed(0).padStart(9)}  ${(bytesWritten / 1e6 / seconds).toFixed(0).padStart(10)}${part > 1 ? '  missed' : ''}`,
    );
  } finally {
    await rm(store, { recursive: true, force: true });
  }
}
process.exitCode = missed ? 1 : 0;
