// The command line as its users call it, over a folder and over a pool of a Ceph cluster: output, exit codes, errors with a place.
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tableFromIPC } from 'apache-arrow';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastingHomes } from '../store/homes.js';
import { freePort } from '../support/postgres.js';
import { skyhookCommand } from '../support/programs.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

const folder = mkdtempSync(join(tmpdir(), 'skyhook-cli-'));
const sample = join(root, 'samples/events.root');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(await lastingHomes())('skyhook --store, $name', (home) => {
  let store: string;
  afterAll(() => home.clear());

  function skyhook(...args: string[]): Promise<Run> {
    return skyhookWith('', ...args);
  }

  function skyhookWith(input: string, ...args: string[]): Promise<Run> {
    const command = skyhookCommand('--store', store, ...args);
    return new Promise((resolve) => {
      const child = execFile(process.execPath, command, { cwd: root, encoding: 'buffer' }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, out: out.toString(), err: err.toString(), bytes: out }),
      );
      child.stdin!.end(input);
    });
  }

  beforeAll(async () => {
    store = await home.freshUrl();
    const run = await skyhook('ingest', 'aod', 'samples/events.root');
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain(`${expected.entries} rows`);
  });

  it('runs SQL and the native language, and prints CSV and JSON', async () => {
    const csv = await skyhook('query', '--format', 'csv', 'SELECT count(*) AS n FROM aod."Events" WHERE "MET_pt" > 50');
    expect(csv).toMatchObject({ code: 0, out: `n\n${expected.MET_over_50}\n`, err: '' });
    const json = await skyhook(
      'query',
      '--dataset',
      'aod',
      '--format',
      'json',
      'select event_id < 20, project Events;75.nMuon',
    );
    expect(JSON.parse(json.out)).toEqual(expected.nMuon.map((nMuon: number) => ({ nMuon })));
  });

  it('writes an Arrow stream, with a schema where there are no rows', async () => {
    const some = tableFromIPC((await skyhook('query', '--format', 'arrow', 'SELECT "nMuon" FROM aod."Events"')).bytes);
    expect([...some.getChild('nMuon')!].slice(0, expected.nMuon.length)).toEqual(expected.nMuon);
    const none = tableFromIPC((await skyhook('query', '--format', 'arrow', 'SELECT 1 AS one WHERE false')).bytes);
    expect([none.numRows, none.schema.fields.map((f) => f.name)]).toEqual([0, ['one']]);
  });

  it('reads a statement from standard input', async () => {
    expect((await skyhookWith('SELECT 6 * 7 AS answer', 'query', '--format', 'csv', '-')).out).toBe('answer\n42\n');
  });

  // An address with a configuration has characters at which bash breaks words.
  it.runIf(home.name === 'folder')('completes command lines in a real bash', async () => {
    const folder = store.slice('file:'.length);
    const script = `
      skyhook() { "${process.execPath}" "${skyhookCommand().join('" "')}" "$@"; }
      source <(skyhook completion bash)
      COMP_LINE='skyhook --store file:${folder} query --dataset a'; COMP_POINT=\${#COMP_LINE}
      COMP_WORDS=(skyhook --store file : "${folder}" query --dataset a); COMP_CWORD=7
      _skyhook; echo "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: root });
    expect(stdout).toBe('aod\n');
  });

  it('completes names of the store', async () => {
    expect((await skyhook('__complete', '--', '--store', store, 'query', '--dataset', 'a')).out).toMatch(/^aod\t/);
    expect((await skyhook('__complete', '--', '--store', store, 'describe', 'aod.')).out).toMatch(/^aod\.Events\t/);
  });

  it('appends, replaces, drops, and clears away', async () => {
    const rows = async () => (await skyhook('query', '--format', 'csv', 'SELECT count(*) AS n FROM two."Events"')).out;
    const again = join(folder, 'again.root');
    copyFileSync(sample, again);
    expect(await skyhook('ingest', 'two', sample)).toMatchObject({ code: 0 });
    expect((await skyhook('ingest', 'two', '--append', sample)).err).toMatch(/^error\[42710\]/);
    expect(await skyhook('ingest', 'two', '--append', again)).toMatchObject({ code: 0 });
    expect(await rows()).toBe(`n\n${2 * expected.entries}\n`);
    expect(await skyhook('ingest', 'two', '--append', '--replace', sample)).toMatchObject({ code: 0 });
    expect(await rows()).toBe(`n\n${2 * expected.entries}\n`);
    expect(await skyhook('ingest', 'two', '--replace', again)).toMatchObject({ code: 0 });
    expect(await rows()).toBe(`n\n${expected.entries}\n`);
    expect((await skyhook('ls', 'two')).out).toMatch(/again\.root/);
    expect((await skyhook('drop', 'two')).out).toMatch(/^dropped two/);
    expect((await skyhook('ls')).out).not.toContain('two');
    expect((await skyhook('gc', '--grace', '0')).out).toMatch(/^[1-9]\d* objects removed/);
    expect((await skyhook('gc', '--grace', '0')).out).toMatch(/^0 objects removed/);
    const count = `SELECT count(*) AS n FROM aod."Events"`;
    expect((await skyhook('query', '--format', 'csv', count)).out).toBe(`n\n${expected.entries}\n`);
  });

  it('shell: statements and commands', async () => {
    const said = await skyhookWith('\\dataset aod\nselect event_id<2, project Events;75.nMuon;\n', 'shell');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(/\(2 rows\)/);
  });

  it('serve: a client of PostgreSQL reads and writes the store', async () => {
    const [port, passwords] = [await freePort(), join(folder, `roles-${home.name}`)];
    expect(await skyhookWith('secret\n', 'passwd', passwords, 'ana')).toMatchObject({ code: 0 });
    const flags = ['--auth', 'scram-sha-256', '--password-file', passwords, '--log-level', 'none'];
    const server = spawn(process.execPath, skyhookCommand('--store', store, 'serve', '-l', String(port), ...flags), {
      cwd: root,
      stdio: 'ignore',
    });
    const gone = new Promise((resolve) => server.once('exit', resolve));
    try {
      let client!: pg.Client;
      await until(async () => {
        client = new pg.Client({ host: '127.0.0.1', port, user: 'ana', password: 'secret', database: 'skyhook' });
        client.on('error', () => undefined);
        return client.connect().then(
          () => true,
          () => server.exitCode !== null,
        );
      });
      const { rows } = await client.query('SELECT count(*) AS n FROM aod."Events" WHERE "MET_pt" > $1', [50]);
      expect(Number(rows[0].n)).toBe(expected.MET_over_50);
      await client.query('CREATE SCHEMA made');
      await client.query('CREATE TABLE made.t (a int)');
      await client.query('INSERT INTO made.t VALUES (6), (7)');
      await client.end();
    } finally {
      server.kill('SIGTERM');
      expect(await gone).toBe(0);
    }
    expect((await skyhook('query', '--format', 'csv', 'SELECT sum(a) AS s FROM made.t')).out).toBe('s\n13\n');
  });

  it('lists, describes and explains', async () => {
    expect((await skyhook('ls')).out).toMatch(/^aod +1 +383 kB +Events$/m);
    expect((await skyhook('describe', 'aod.Events')).out).toMatch(/^Muon_pt +real\[\]/m);
    const analyzed = await skyhook(
      'explain',
      '--analyze',
      '--dataset',
      'aod',
      'select event_id>5, project Events;75.nMuon',
    );
    expect(analyzed.out).toMatch(/bytes: [1-9]\d* read in storage, [1-9]\d* moved/);
    const plan = await skyhook('explain', '--dataset', 'aod', 'select event_id>5, project Events;75.Muon_phi');
    expect(plan.out).toMatch(/pushed: event_id:1 > 5 \(exact\)/);
  });

  it('says what is wrong, where, and what to do; with exit code 1, or 2 for its own arguments', async () => {
    const wrong = await skyhook('query', '--dataset', 'aod', 'select event_id>5, project Events;75.muon_ph');
    expect(wrong).toMatchObject({
      code: 1,
      out: '',
      err: [
        'error[42703]: column "muon_ph" does not exist',
        ' --> query:1:38',
        '1 | select event_id>5, project Events;75.muon_ph',
        '  |                                      ^^^^^^^',
        '  = hint: perhaps "Muon_phi"?',
        '',
      ].join('\n'),
    });
    expect((await skyhook('query')).code).toBe(2);
    expect((await skyhook('ingest', 'aod', 'samples/events.root')).err).toContain('error[42P07]');
    expect((await skyhook('ingest', 'other', 'no-such.root')).err).toContain('error[58P01]');
  });
});
