// The command line as its users call it: output, exit codes, errors with a place.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('skyhook', () => {
  const store = mkdtempSync(join(tmpdir(), 'skyhook-cli-'));
  afterAll(() => rmSync(store, { recursive: true, force: true }));

  function skyhook(...args: string[]): Promise<Run> {
    const command = ['--import', 'tsx', 'src/cli/main.ts', '--store', `file:${store}`, ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, command, { cwd: root }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
      );
    });
  }

  beforeAll(async () => {
    const run = await skyhook('ingest', 'aod', 'samples/events.root');
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain(`${expected.entries} rows`);
  });

  it('runs SQL and the native language, and prints CSV and JSON', async () => {
    const csv = await skyhook('query', '--format', 'csv', 'SELECT count(*) AS n FROM aod."Events" WHERE "MET_pt" > 50');
    expect(csv).toEqual({ code: 0, out: `n\n${expected.MET_over_50}\n`, err: '' });
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

  it('lists, describes and explains', async () => {
    expect((await skyhook('ls')).out).toMatch(/^aod +1 +383 kB +Events$/m);
    expect((await skyhook('describe', 'aod.Events')).out).toMatch(/^Muon_pt +real\[\]/m);
    const plan = await skyhook('explain', '--dataset', 'aod', 'select event_id>5, project Events;75.Muon_phi');
    expect(plan.out).toMatch(/pushed: event_id:1 > 5 \(exact\)/);
  });

  it('says what is wrong, where, and what to do; with exit code 1, or 2 for its own arguments', async () => {
    const wrong = await skyhook('query', '--dataset', 'aod', 'select event_id>5, project Events;75.muon_ph');
    expect(wrong).toEqual({
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
