// `npm run bench -- ingest`: time from a ROOT file to Arrow, ours against uproot, one thread each, per compression.
// Runs alternate, each in a process of its own; the clock runs inside it, from opening the file to the last column.
import { execFile } from 'node:child_process';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = join(here, '..', '..');
const cache = join(root, '.bench');
/** About 250 MB of values; 94 MB with zlib. */
const events = 75_000;
const runs = 5;
const allowed: Record<string, number> = { zlib: 1, lz4: 1, zstd: 1, none: 1, lzma: 1.4 };

async function generated(compression: string): Promise<string> {
  const path = join(cache, `nanoaod-${events}-${compression}.root`);
  const known = await stat(path).catch(() => undefined);
  if (!known) {
    await mkdir(cache, { recursive: true });
    console.error(`generating ${path} …`);
    // Under a name of its own until it is whole.
    await run('python3', [join(here, 'make-nanoaod.py'), `${path}.part`, String(events), compression]);
    await rename(`${path}.part`, path);
  }
  return path;
}

interface Timing {
  readonly milliseconds: number;
  readonly values: number;
}

async function time(program: string, args: readonly string[]): Promise<Timing> {
  const { stdout } = await run(program, args, { cwd: root });
  return JSON.parse(stdout) as Timing;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const only = process.argv.slice(2).filter((a) => a in allowed);
console.log(
  `ROOT to Arrow, one thread, ${events} events, ${runs} runs each, median milliseconds (uproot: the faster of two ways)`,
);
console.log('codec    file MB    ours  uproot  ratio  target');
let missed = false;
for (const [compression, target] of Object.entries(allowed)) {
  if (only.length > 0 && !only.includes(compression)) continue;
  const path = await generated(compression);
  const ours: number[] = [];
  const theirs: Record<string, number[]> = { arrays: [], columns: [] };
  for (let i = 0; i < runs; i++) {
    const mine = await time(process.execPath, ['--import', 'tsx', join(here, 'read-all.ts'), path]);
    ours.push(mine.milliseconds);
    for (const [how, times] of Object.entries(theirs)) {
      const reference = await time('python3', [join(here, 'read-all.py'), path, how]);
      if (reference.values !== mine.values)
        throw new Error(`${compression}: ${mine.values} values, uproot sees ${reference.values}`);
      times.push(reference.milliseconds);
    }
  }
  const reference = Math.min(...Object.values(theirs).map(median));
  const ratio = median(ours) / reference;
  missed ||= ratio > target;
  const size = (await stat(path)).size / 1e6;
  console.log(
    `${compression.padEnd(6)} ${size.toFixed(0).padStart(9)} ${median(ours).toFixed(0).padStart(7)} ${reference.toFixed(0).padStart(7)} ${ratio.toFixed(2).padStart(6)} ${target.toFixed(1).padStart(7)}${ratio > target ? '  missed' : ''}`,
  );
}
process.exitCode = missed ? 1 : 0;
