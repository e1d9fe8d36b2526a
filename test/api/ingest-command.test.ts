// `skyhook ingest` as its users meet it: files that cannot be read whole, or at all; an interruption; inputs left as they were.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WrittenBasket, type WrittenBranch, writeRootFile } from '../root/root-writer.js';
import { skyhookCommand } from '../support/programs.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'skyhook-ingest-command-'));
const store = join(folder, 'store');
const command = (...args: string[]) => skyhookCommand('--store', `file:${store}`, ...args);

function skyhook(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, command(...args), { cwd: root }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    );
  });
}

const basket = (...values: number[]): WrittenBasket => {
  const data = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) data.writeInt32BE(value, 4 * i);
  return { entries: values.length, data };
};
const branch = (name: string, ...baskets: WrittenBasket[]): WrittenBranch => ({
  name,
  leaves: [{ name, type: 'I' }],
  baskets,
});
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  await writeRootFile(at('good.root'), [{ name: 'Events', entries: 3, branches: [branch('a', basket(1, 2, 3))] }]);
  await writeRootFile(at('short.root'), [
    { name: 'Events', entries: 3, branches: [branch('a', basket(4, 5, 6)), branch('b', basket(7, 8))] },
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('files that cannot be read', () => {
  it('a branch that cannot be read is named with its reason, the rest is ingested', async () => {
    const run = await skyhook('ingest', 'partly', at('short.root'));
    expect(run.code, run.err).toBe(0);
    expect(run.err).toMatch(/^left out: Events;1 b: .*2 of the tree's 3 entries$/m);
    expect((await skyhook('query', '--format', 'csv', 'SELECT * FROM partly."Events"')).out).toBe('a\n4\n5\n6\n');
  });

  it.each([
    ['a folder', () => folder, '42809', /is not a file/],
    ['an empty file', () => at('empty.root'), '42809', /empty\.root" is empty/],
    ['a text', () => at('text.root'), '42809', /text\.root.*not a ROOT file/],
    ['the first half of a file', () => at('half.root'), 'XX001', /half\.root/],
  ])('%s', async (_, path, code, says) => {
    writeFileSync(at('empty.root'), '');
    writeFileSync(at('text.root'), 'run,event\n1,2\n'.repeat(100));
    writeFileSync(at('half.root'), readFileSync(join(root, 'samples/events.root')).subarray(0, 190_000));
    const run = await skyhook('ingest', 'never', at('good.root'), path());
    expect(run.code, run.out).toBe(1);
    expect(run.err).toMatch(new RegExp(`^error\\[${code}\\]: `));
    expect(run.err).toMatch(says);
    expect((await skyhook('ls', 'never')).err).toMatch(/^error\[3F000\]/);
  });

  it('a file that may not be read', async () => {
    copyFileSync(at('good.root'), at('secret.root'));
    chmodSync(at('secret.root'), 0o000);
    // Root reads everything, so the process gives up that power where it has it.
    const asNobody = process.getuid?.() === 0;
    if (asNobody) chmodSync(folder, 0o755);
    const run = await new Promise<{ code: number; err: string }>((resolve) => {
      execFile(
        process.execPath,
        skyhookCommand('--store', 'memory:', 'ingest', 'secret', at('secret.root')),
        { cwd: root, ...(asNobody && { uid: 65534, gid: 65534, env: { ...process.env, HOME: '/nonexistent' } }) },
        (error, _, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, err }),
      );
    });
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/^error\[42501\]: .*secret\.root/);
  });

  it('files that hold no tree at all make no dataset; beside others they are a notice', async () => {
    await writeRootFile(at('none.root'), []);
    const alone = await skyhook('ingest', 'never', at('none.root'));
    expect([alone.code, alone.err.split('\n')[0]]).toEqual([1, 'error[42P01]: there is no tree to ingest']);
    const beside = await skyhook('ingest', 'beside', at('good.root'), at('none.root'));
    expect(beside).toMatchObject({ code: 0, err: `notice: ${at('none.root')}: no tree was found\n` });
  });

  const ntuple = join(root, '../shared/root-samples/files/ntpl001_staff_rntuple_v1-0-0-0.root');
  if (!existsSync(ntuple)) console.warn('skipped: the RNTuple sample is not here (../shared/root-samples)');
  it.runIf(existsSync(ntuple))('an RNTuple is refused by its name', async () => {
    const run = await skyhook('ingest', 'never', ntuple);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/^error\[0A000\]: there is no tree to ingest\n.*"Staff" is an RNTuple/s);
  });
});

describe('ingest', () => {
  it('leaves its inputs as they were', async () => {
    const path = at('input.root');
    copyFileSync(join(root, 'samples/events.root'), path);
    chmodSync(path, 0o444);
    const before = statSync(path, { bigint: true });
    const bytes = readFileSync(path);
    for (const flag of ['--replace', '--append'])
      await skyhook('ingest', flag === '--append' ? 'other' : 'inputs', flag, path);
    expect((await skyhook('ingest', 'inputs', '--replace', path)).code).toBe(0);
    const after = statSync(path, { bigint: true });
    expect([after.ino, after.mtimeNs, after.size, after.mode]).toEqual([
      before.ino,
      before.mtimeNs,
      before.size,
      before.mode,
    ]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('Ctrl-C: exit code 130, the old version stays whole, gc leaves nothing of the new one', async () => {
    const many = Array.from({ length: 400 }, (_, i) => branch(`x${i}`, ...Array.from({ length: 40 }, () => zeros)));
    await writeRootFile(at('large.root'), [{ name: 'Events', entries: 40 * perBasket, branches: many }]);
    expect((await skyhook('ingest', 'kept', at('good.root'))).code).toBe(0);
    const child = spawn(process.execPath, command('ingest', 'kept', '--replace', at('large.root')), { cwd: root });
    const intents = join(store, 'datasets/kept/intent');
    const data = join(store, 'datasets/kept/data');
    const writers = () => (existsSync(data) ? readdirSync(data) : []);
    const known = new Set(writers());
    // Once it has begun to write, it is stopped.
    await until(() => child.exitCode !== null || writers().some((w) => !known.has(w)), 5);
    child.kill('SIGINT');
    const [code, err] = await ended(child);
    expect(err).toMatch(/^error\[57014\]/);
    expect(code).toBe(130);
    expect(existsSync(intents) ? readdirSync(intents) : []).toEqual([]);
    expect((await skyhook('query', '--format', 'csv', 'SELECT sum(a) AS s FROM kept."Events"')).out).toBe('s\n6\n');
    await skyhook('gc', '--grace', '0');
    expect(writers().filter((w) => readdirSync(join(data, w)).length > 0)).toEqual([...known]);
  });
});

const perBasket = 5_000;
const zeros: WrittenBasket = { entries: perBasket, data: Buffer.alloc(4 * perBasket) };

function ended(child: ChildProcess): Promise<[number | null, string]> {
  let err = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  return new Promise((done) => child.on('close', (code) => done([code, err])));
}
