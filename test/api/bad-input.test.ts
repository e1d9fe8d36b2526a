// What a user meets who makes a mistake, or whose disk does: the real command, its exit code, no answer, and never a stack trace.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dataset, DiagnosticError, SkyhookDM } from '../../src/api/index.js';
import { skyhookCommand } from '../support/programs.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const store = mkdtempSync(join(tmpdir(), 'skyhook-bad-'));
const command = (to: string, args: readonly string[]) => skyhookCommand('--store', to, ...args);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], more: { store?: string; input?: string; uid?: number } = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(
      process.execPath,
      command(more.store ?? `file:${store}`, args),
      { cwd: root, maxBuffer: 1 << 26, ...(more.uid !== undefined && { uid: more.uid }) },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    );
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(more.input ?? '');
  });
}

/** Exit code 1, nothing on standard output, a diagnostic and nothing else on standard error. */
async function refused(args: readonly string[], code: string, says: RegExp, more: Parameters<typeof run>[1] = {}) {
  const { code: exit, out, err } = await run(args, more);
  expect({ exit, out }, err).toEqual({ exit: 1, out: '' });
  expect(err).toMatch(new RegExp(`^error\\[${code}\\]: `));
  expect(err).toMatch(says);
  expect(err).not.toMatch(/^\s+at |This is a bug/m);
}

beforeAll(async () => {
  expect((await run(['ingest', 'd', 'samples/events.root'])).code).toBe(0);
});
afterAll(() => rmSync(store, { recursive: true, force: true }));

const sql = (text: string) => ['query', text];
const native = (text: string) => ['query', '--dataset', 'd', text];

describe('what is not there', () => {
  it.each([
    ['dataset, SQL', sql('SELECT * FROM dd."Events"'), '42P01', /sql:1:15[\s\S]*perhaps "d"\?/],
    ['dataset, native', ['query', '--dataset', 'dd', 'select *'], '3F000', /perhaps "d"\?/],
    ['dataset to drop', ['drop', 'nope'], '3F000', /"nope" does not exist/],
    [
      'file',
      ['query', '-d', 'd', '-f', 'event.root', 'select *, project Events.run'],
      '58P01',
      /perhaps "events.root"\?/,
    ],
    ['file to explain', ['explain', '-d', 'd', '-f', '7', 'select *, project Events.run'], '58P01', /no file "7"/],
    ['tree', native('select *, project Evnts.run'), '42P01', /query:1:19[\s\S]*perhaps "Events"\?/],
    ['cycle', sql('SELECT run FROM d."Events;4"'), '42P01', /has no cycle 4[\s\S]*"Events;75"[\s\S]*--all-cycles/],
    ['branch', sql('SELECT "muon_ph" FROM d."Events"'), '42703', /sql:1:8[\s\S]*\^{9}[\s\S]*perhaps "Muon_phi"\?/],
    ['ROOT file', ['ingest', 'e', '/no/such.root'], '58P01', /"\/no\/such.root" does not exist/],
  ] as const)('%s', (_, args, code, says) => refused(args, code, says));
});

describe('what does not mean anything', () => {
  it.each([
    [
      'a list for one value, native',
      native('select Muon_pt > 20, project Events.run'),
      '42804',
      /hint: list_any\(Muon_pt > 20\)/,
    ],
    ['a list for one value, SQL', sql('SELECT run FROM d."Events" WHERE "Muon_pt" > 20'), '42804', /hint: list_any\(/],
    ['SQL', sql('SELECT 1 +'), '42601', /sql:1:11\n1 \| SELECT 1 \+\n {2}\| {11}\^/],
    [
      'native',
      native('select event_id > 5 project Events.run'),
      '42601',
      /query:1:21[\s\S]*\^{7}[\s\S]*A comma is missing/,
    ],
    ['a dataset name', ['ingest', 'a/b', 'samples/events.root'], '42602', /contains "\/"/],
    ['a dataset name with a line break', ['ingest', 'a\nb', 'samples/events.root'], '42602', /contains "\\n"/],
    ['a reserved dataset name', ['ingest', 'pg_x', 'samples/events.root'], '42939', /reserved/],
    ['a very long dataset name', ['query', '-d', 'x'.repeat(5000), 'select *'], '3F000', /does not exist/],
    ['a store', ['--store', 'localhost:6789', 'ls'], '22023', /host address/],
    ['a file that is no ROOT file', ['ingest', 'e', 'package.json'], '42809', /is not a ROOT file/],
  ] as const)('%s', (_, args, code, says) => refused(args, code, says));

  it('an odd but possible dataset name works', async () => {
    for (const name of ['Über-Daten 7', 'a.b', '%41']) {
      expect((await run(['ingest', name, 'samples/events.root'])).code).toBe(0);
      const asked = await run(['query', '--format', 'csv', `SELECT count(*) AS n FROM "${name}"."Events"`]);
      expect(asked).toEqual({ code: 0, out: 'n\n2000\n', err: '' });
      expect((await run(['drop', name])).code).toBe(0);
    }
  });
});

describe('what is large', () => {
  const ask = (input: string, ...args: string[]) => run(['query', '--format', 'csv', ...args, '-'], { input });

  it('10,000 terms joined by OR work in both languages', async () => {
    const terms = Array.from({ length: 10_000 }, (_, i) => `event_id = ${2 * i}`).join(' or ');
    const counted = await ask(`select count(*) as n from d."Events" where ${terms}`);
    expect(counted).toEqual({ code: 0, out: 'n\n1000\n', err: '' });
    const rows = await ask(`select ${terms}, project Events.event_id`, '--dataset', 'd');
    expect(rows.out.split('\n')).toHaveLength(1002);
  });

  it('a statement of 100 kB works, and its mistakes have a place', async () => {
    const items = Array.from({ length: 3500 }, (_, i) => `run + ${i} as column_${i}_of_many`).join(', ');
    const { code, out } = await ask(`select ${items} from d."Events" limit 1`);
    expect([code, out.split('\n')[1]!.split(',').length]).toEqual([0, 3500]);
    await refused(['query', '-'], '42703', /sql:1:\d{6}\n/, { input: `select ${items}, nothing from d."Events"` });
  });

  it('5,000 parentheses are 54001, with their place', async () => {
    const nested = (inner: string) => '('.repeat(5000) + inner + ')'.repeat(5000);
    await refused(['query', '-'], '54001', /sql:1:208/, { input: `select ${nested('1')}` });
    await refused(['query', '-d', 'd', '-'], '54001', /query:1:208/, {
      input: `select ${nested('event_id > 1')}, project Events.run`,
    });
  });
});

describe('a damaged store', () => {
  const question = sql('SELECT count(*), sum("MET_pt") FROM d."Events"');
  const data = (): string => {
    const [writer] = readdirSync(join(store, 'datasets/d/data'));
    return `datasets/d/data/${writer}`;
  };

  it.each([
    ['root', 'datasets/d/root/1', question],
    ['root hint', 'datasets/d/root-hint', question],
    ['segment', 'DATA/s0', question],
    ['partition', 'DATA/p0', question],
    ['catalogue', 'CATALOGUE', ['ls']],
  ] as const)('%s: the object is named, and there is no answer', async (_, place, args) => {
    const name = place.replace('DATA', data()).replace('CATALOGUE', catalogue());
    const path = join(store, name);
    const good = readFileSync(path);
    const bad = Buffer.from(good);
    for (let i = 0; i < bad.length; i += 40) bad[i]! ^= 1;
    try {
      writeFileSync(path, bad);
      await refused(args, 'XX001', new RegExp(`object "${name}" of store file:[^ ]+ is corrupted`));
    } finally {
      writeFileSync(path, good);
    }
  });
  const catalogue = (): string => {
    const versions = readdirSync(join(store, 'catalogue')).flatMap((v) => (/^\d+$/.test(v) ? [Number(v)] : []));
    return `catalogue/${Math.max(...versions)}`;
  };

  it('a folder that is not there is an empty store, one that is a file is none', async () => {
    const none = `file:${join(store, 'none')}`;
    expect(await run(['ls'], { store: none })).toMatchObject({
      code: 0,
      out: expect.stringContaining('no datasets yet'),
    });
    await refused(question, '42P01', /no dataset "d"[\s\S]*is empty/, { store: none });
    expect(existsSync(join(store, 'none'))).toBe(false);
    await refused(['ls'], '42809', /is not a folder/, { store: `file:${root}/package.json` });
  });
});

describe('a disk that does not do as it is told', () => {
  const question = sql('SELECT count(*) FROM d."Events"');

  it('full: 53100, and the store is as it was', async () => {
    const { code, err } = await new Promise<{ code: number; err: string }>((resolve) => {
      const words = command(`file:${store}`, ['ingest', 'full', 'samples/events.root']);
      execFile(
        'bash',
        ['-c', 'ulimit -f 400; exec "$@"', 'bash', process.execPath, ...words],
        { cwd: root },
        (error, _, err) => resolve({ code: Number(error?.code ?? 0), err }),
      );
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[53100\]: no space left/);
    expect((await run(['ls'])).out).not.toContain('full');
  });

  it.runIf(process.getuid?.() === 0)(
    'not permitted: read-only is 25006, unreadable 42501; queries go on where they can',
    async () => {
      const uid = 65534;
      chmodSync(store, 0o755);
      expect(await run(question, { uid })).toMatchObject({ code: 0, out: expect.stringContaining('2000') });
      await refused(['ingest', 'e', 'samples/events.root'], '25006', /cannot be written/, { uid });
      await refused(['drop', 'd'], '25006', /cannot be written/, { uid });
      chmodSync(store, 0o700);
      await refused(question, '42501', /permission denied/, { uid });
      const secret = join(store, 'secret.root');
      copyFileSync(join(root, 'samples/events.root'), secret);
      chmodSync(secret, 0);
      chmodSync(store, 0o777);
      await refused(['ingest', 'e', secret], '42501', /permission denied/, { uid, store: `file:${store}/of-others` });
    },
  );

  it('Ctrl-C: 57014, exit code 130, and no pin is left', async () => {
    const long = 'SELECT count(*) FROM d."Events" a, d."Events" b, d."Events" c WHERE a.run + b.run > c.run + 1';
    const child = spawn(process.execPath, command(`file:${store}`, sql(long)), { cwd: root });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    const pins = join(store, 'datasets/d/pin');
    await until(() => existsSync(pins) && readdirSync(pins).length > 0);
    child.kill('SIGINT');
    const code = await new Promise((done) => child.on('close', done));
    expect(err).toMatch(/^error\[57014\]/);
    expect(code).toBe(130);
    expect(readdirSync(pins)).toEqual([]);
  });

  it('a pipe closed by its reader: exit code 0, nothing said, and no pin is left', async () => {
    const all = 'SELECT a.* FROM d."Events" a, d."Events" b';
    const child = spawn(process.execPath, command(`file:${store}`, ['query', '--format', 'csv', all]), { cwd: root });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.on('close', done));
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(readdirSync(join(store, 'datasets/d/pin'))).toEqual([]);
  });
});

describe('at once', () => {
  it('two processes make one dataset: one does, the other is told, and nothing is left over', async () => {
    const runs = await Promise.all([1, 2].map(() => run(['ingest', 'twice', 'samples/events.root'])));
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(runs.find(({ code }) => code === 1)!.err).toMatch(/^error\[42P07\]: dataset "twice" already exists/);
    const count = await run(['query', '--format', 'csv', 'SELECT count(*) FROM twice."Events"']);
    expect(count.out).toBe('count\n2000\n');
    expect(readdirSync(join(store, 'datasets/twice/intent'))).toEqual([]);
    expect(readdirSync(join(store, 'datasets/twice/data')).filter((w) => filesUnder(w).length > 0)).toHaveLength(1);
  });
});

const filesUnder = (writer: string) => readdirSync(join(store, 'datasets/twice/data', writer));

describe('through the API', () => {
  const sk = new SkyhookDM();
  let dataset: Dataset;
  beforeAll(async () => {
    await sk.connect(`file:${store}`);
    dataset = await sk.getDataset('d');
  });
  afterAll(() => sk.close());

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    ['no such dataset', () => sk.getDataset('dd'), '3F000', /"dd" does not exist/],
    ['no such table', () => sk.sql('SELECT 1 FROM d."Event"'), '42P01', /no tree "Event"/],
    ['no such column', () => sk.sql('SELECT nmuons FROM d."Events"'), '42703', /nmuons/],
    ['no such function', () => sk.sql('SELECT f(1)'), '42883', /f\(integer\)/],
    ['half a statement', () => sk.sql('SELECT'.repeat(2)), '42601', /syntax/],
    ['two statements', () => sk.sql('SELECT 1; SELECT 2'), '42601', /one statement/],
    ['no statement', () => sk.sql(''), '42601', /one statement/],
    ['a parameter too few', () => sk.sql('SELECT $2::int', [1]), '42P02', /\$2/],
    ['a parameter of no type', () => sk.sql('SELECT $1', [Symbol('x') as never]), '22023', /./],
    ['a list for a condition', () => sk.runQuery(dataset, 'select Muon_pt > 20'), '42804', /list/],
    ['a native query of nothing', () => sk.runQuery(dataset, ''), '42601', /./],
    ['a branch that is not there', () => sk.runQuery(dataset, 'select *, project Events.muon_ph'), '42703', /muon_ph/],
    ['no such file to ingest', () => sk.writeDataset(['/no/such.root'], 'e'), '58P01', /such\.root/],
    ['no file to ingest', () => sk.writeDataset([], 'e'), '22023', /file/],
    ['what is no ROOT file', () => sk.writeDataset([join(root, 'README.md')], 'e'), '42809', /README\.md/],
    ['an odd name', () => sk.writeDataset([join(root, 'samples/events.root')], 'a/b'), '42602', /a\/b/],
    ['a name that is taken', () => sk.writeDataset([join(root, 'samples/events.root')], 'd'), '42P07', /exists/],
    ['no address', () => new SkyhookDM().connect('d'), '08006', /address/],
    ['not connected', () => new SkyhookDM().sql('SELECT 1'), '08006', /not connected/],
    ['division by zero', () => sk.sql('SELECT 1/0'), '22012', /division/],
  ])('%s', async (_, work, code, says) => {
    const error = await work().then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DiagnosticError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
  });

  it('an empty store says so', async () => {
    const empty = new SkyhookDM();
    await empty.connect(`file:${store}-not-there`);
    const hint = `The store at file:${store}-not-there is empty.`;
    for (const work of [
      () => empty.getDataset('d'),
      () => empty.sql('SELECT 1 FROM d."Events"'),
      () => empty.sql('SELECT 1 FROM "Events"'),
    ])
      await expect(work()).rejects.toMatchObject({ diagnostic: { hint } });
    await empty.close();
  });

  it('WITH "Events" AS (… FROM "Events"): outside RECURSIVE a name does not see itself', async () => {
    const text = 'WITH "Events" AS (SELECT "nMuon" FROM d."Events" LIMIT 7) SELECT count(*) AS n FROM "Events"';
    expect((await sk.sql(text)).get(0)!['n']).toBe(7n);
    const bare = 'WITH "Events" AS (SELECT "nMuon" FROM "Events" LIMIT 7) SELECT count(*) AS n FROM "Events"';
    const one = new SkyhookDM();
    await one.connect('memory:');
    await one.writeDataset([join(root, 'samples/events.root')], 'd');
    expect((await one.sql(bare)).get(0)!['n']).toBe(7n);
    await one.close();
  });
});
