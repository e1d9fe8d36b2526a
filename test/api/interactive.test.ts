// The interactive mode: through a pipe, on a terminal that `script` makes, and its completion.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Shell } from '../../src/cli/interactive/shell.js';
import { Database } from '../../src/session/index.js';
import { skyhookCommand } from '../support/programs.js';

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'skyhook-shell-'));
const store = `file:${join(folder, 'store')}`;
const environment = { ...process.env, SKYHOOK_STORE: store, SKYHOOK_HISTORY: join(folder, 'history') };

beforeAll(async () => {
  const database = await Database.open(store);
  await database.ingest('aod', [path('samples/events.root')]);
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], input: string): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: environment, cwd: path('.') });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    child.on('close', (code) => resolve({ code, text }));
    child.stdin.end(input);
  });
}

test('a pipe: statements over several lines, commands, errors with their place, the exit code', async () => {
  const input = [
    'select count(*)',
    '  from aod."Events";',
    String.raw`\dataset aod`,
    'select event_id<2, project Events;75.nMuon;',
    String.raw`\dataset`,
    `select ';`,
    `' as x;`,
    'select nix from aod."Events";',
    'select 41 + 1',
  ].join('\n');
  const { code, text } = await run(process.execPath, skyhookCommand(), input);
  expect(text).toMatch(/2000\n\(1 row\)/);
  expect(text).toMatch(/nMuon\n─+\n.*\d\n.*\d\n\(2 rows\)/);
  expect(text).toContain('error[42703]: column "nix" does not exist\n --> sql:1:8');
  expect(text).toContain('42\n(1 row)');
  expect(text).not.toContain('42601');
  expect(code).toBe(1);
});

test('a terminal: prompt, answer, \\q', async () => {
  const { text } = await run(
    'script',
    ['-qec', [process.execPath, ...skyhookCommand()].join(' '), '/dev/null'],
    'select 40 + 2 as a;\n\\q\n',
  );
  expect(text).toContain('skyhook> ');
  expect(text).toContain('42');
});

test('query runs COPY: from standard input, to standard output, with its line in an error', async () => {
  const query = (text: string, input = '') => run(process.execPath, skyhookCommand('query', text), input);
  expect((await query('create schema copied')).code).toBe(0);
  expect((await query('create table copied.t (a int, b text)')).code).toBe(0);
  expect(await query('copy copied.t from stdin csv header', 'a,b\n1,"x, y"\n2,z\n')).toEqual({
    code: 0,
    text: 'COPY 2\n',
  });
  expect(await query("copy copied.t to stdout (delimiter '|')")).toEqual({ code: 0, text: '1|x, y\n2|z\n' });
  const { code, text } = await query('copy copied.t from stdin csv', '3,c\nfour,d\n');
  expect(code).toBe(1);
  expect(text).toContain('COPY t, line 2, column a: "four"');
  expect((await query('copy copied.t (a) to stdout')).text).toBe('1\n2\n');
});

test('completion knows the store, the dataset and what has been typed before', async () => {
  const database = await Database.open(store);
  const shell = new Shell(database, { width: undefined, write: async () => undefined });
  expect(await shell.complete('select * from aod."Ev')).toEqual([['"Events"', '"Events;75"'], '"Ev']);
  await shell.line('select *');
  expect((await shell.complete('fr'))[0]).toEqual(['from']);
  shell.interrupt();
  await shell.line(String.raw`\dataset aod`);
  expect((await shell.complete('select *, project Events;75.nMu'))[0]).toEqual(['nMuon']);
  await shell.close();
  await database.close();
});

/** A shell whose answers are texts. */
async function opened() {
  const database = await Database.open(store);
  let text = '';
  const shell = new Shell(database, {
    width: undefined,
    write: async (chunk) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    },
  });
  const say = async (...lines: string[]) => {
    text = '';
    for (const line of lines) await shell.line(line);
    return text;
  };
  const close = async () => {
    await shell.close();
    await database.close();
  };
  return { shell, say, close };
}

test('\\copy from and to files, COPY between the lines, and errors with their line', async () => {
  const { shell, say, close } = await opened();
  const [input, output] = [join(folder, 'in.csv'), join(folder, 'out.csv')];
  writeFileSync(input, 'a,b\n1,one\n2,"two, too"\n');
  await say("create temp table t (a int primary key, b text default 'x' check (b <> ''));");
  expect(await say(`\\copy t from '${input}' csv header`)).toBe('COPY 2\n');
  expect(await say(`\\copy t from '${input}' csv header`)).toMatch(/23505.*\n.*already exists.*\n.*COPY t, line 2/s);
  expect(await say(`\\copy (select a, b || ' from ''x''' as "to" from t order by a) to '${output}' csv header`)).toBe(
    'COPY 2\n',
  );
  expect(readFileSync(output, 'utf8')).toBe("a,to\n1,one from 'x'\n2,\"two, too from 'x'\"\n");
  expect(await say('\\copy t (a) to stdout')).toBe('1\n2\n');
  expect(shell.prompt).toBe('skyhook> ');
  await say('copy t (a) from stdin;');
  expect(shell.prompt).toBe('>> ');
  expect(await say('7', '8', '\\.')).toBe('COPY 2\n');
  expect(await say('\\copy t from stdin', 'x\ty', '9\tz', '\\.')).toMatch(/22P02.*COPY t, line 1, column a: "x"/s);
  expect(await say('select sum(a) as s from t;')).toContain('18');
  expect(await say('copy t (a) to stdout csv header;')).toBe('a\n1\n2\n7\n8\n');
  expect(await say('\\copy t frm x')).toContain('parse error in \\copy');
  expect(await say('\\copy t from /nowhere/file')).toContain('58P01');
  expect(await say('\\copy t to /nowhere/file')).toContain('58030');
  await close();
});

test('\\i runs a file, \\d shows keys, defaults and definitions, and a failed transaction is one', async () => {
  const { shell, say, close } = await opened();
  const [file, endless] = [join(folder, 'script.sql'), join(folder, 'endless.sql')];
  writeFileSync(file, 'create temp table t (a int primary key,\n b text default 7);\n\\x on\nselect 1 as one\n');
  expect(await say(`\\i ${file}`)).toMatch(/^CREATE TABLE\nExpanded display is on\.\n.*one │ 1/s);
  await say(
    '\\x off',
    'create index t_b on t (b desc);',
    'create temp view v as select a from t;',
    "comment on column pg_temp.t.b is 'the second';",
  );
  const described = await say('\\d t');
  for (const part of ['not null', 'PRIMARY KEY (a)', 'the second', 't_b CREATE INDEX'])
    expect(described).toContain(part);
  expect(await say('\\d v')).toContain('SELECT a FROM t');
  const listed = await say('\\d');
  for (const part of ['temporary table', 'view', 'Events']) expect(listed).toContain(part);
  writeFileSync(endless, `\\i ${endless}\n`);
  expect(await say(`\\i ${endless}`)).toContain('54001');
  expect(await say('\\i /nowhere')).toContain('58P01');
  await say('begin;');
  expect(shell.prompt).toBe('skyhook*> ');
  await say('select nix;');
  expect(shell.prompt).toBe('skyhook!> ');
  expect(await say('select 1;')).toContain('25P02');
  expect(await say('rollback;')).toBe('ROLLBACK\n');
  expect(await say('\\timing maybe')).toContain('22023');
  await close();
});

test('every command says something, unknown ones too', async () => {
  const database = await Database.open(store);
  let text = '';
  const shell = new Shell(database, {
    width: undefined,
    write: async (chunk) => {
      text += chunk.toString();
    },
  });
  const after = async (line: string) => {
    text = '';
    await shell.line(line);
    return text;
  };
  expect(await after('\\?')).toContain('\\timing');
  expect(await after('\\l')).toContain('aod');
  expect(await after('\\dt aod')).toContain('Events;75');
  expect(await after('\\d aod."Events"')).toContain('Muon_phi');
  expect(await after('\\explain')).toContain('on');
  expect(await after('select 1;')).toContain('Values');
  expect(await after('\\explain')).toContain('off');
  expect(await after('\\timing')).toContain('on');
  expect(await after('select 1;')).toMatch(/Time: [\d.]+ ms/);
  expect(await after('\\dataset nix')).toContain('nix');
  expect(await after('\\nix')).toContain('there is no command');
  await shell.line('\\q');
  expect(shell.isOver).toBe(true);
  await shell.close();
  await database.close();
});
