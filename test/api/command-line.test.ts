// The command line as its users call it: output, exit codes, errors with a place.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skyhookCommand } from '../support/programs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

describe('skyhook', () => {
  const store = mkdtempSync(join(tmpdir(), 'skyhook-cli-'));
  afterAll(() => rmSync(store, { recursive: true, force: true }));

  function skyhook(...args: string[]): Promise<Run> {
    return skyhookWith('', ...args);
  }

  function skyhookWith(input: string, ...args: string[]): Promise<Run> {
    const command = skyhookCommand('--store', `file:${store}`, ...args);
    return new Promise((resolve) => {
      const child = execFile(process.execPath, command, { cwd: root, encoding: 'buffer' }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, out: out.toString(), err: err.toString(), bytes: out }),
      );
      child.stdin!.end(input);
    });
  }

  beforeAll(async () => {
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

  it('completes command lines in a real bash', async () => {
    const script = `
      skyhook() { "${process.execPath}" "${skyhookCommand().join('" "')}" "$@"; }
      source <(skyhook completion bash)
      COMP_LINE='skyhook --store file:${store} query --dataset a'; COMP_POINT=\${#COMP_LINE}
      COMP_WORDS=(skyhook --store file : "${store}" query --dataset a); COMP_CWORD=7
      _skyhook; echo "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: root });
    expect(stdout).toBe('aod\n');
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
