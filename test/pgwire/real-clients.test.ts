// Real clients against a live server: psql, pgbench, node-postgres, postgres.js; passwords and TLS as they speak them.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  defaultServerOptions,
  readPasswords,
  serve,
  tlsOptions,
  type WireServer,
  writePassword,
} from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { say, WireClient } from './wire-client.js';

const run = promisify(execFile);
const bin = process.env['SKYHOOK_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
const hasPsql = existsSync(join(bin, 'psql'));
if (!hasPsql && process.env['CI'] === 'true') throw new Error(`psql is missing in ${bin}`);

let database: Database;
let server: WireServer;
let secure: WireServer;
let strict: WireServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-wire-'));
  database = await Database.open('memory:');
  await database.ingest('aod', [fileURLToPath(new URL('../../samples/events.root', import.meta.url))]);
  server = await serve(database, { ...defaultServerOptions, port: 0 });
  const [key, cert, roles] = [join(folder, 'key.pem'), join(folder, 'cert.pem'), join(folder, 'roles')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  await run('openssl', [...request, '-keyout', key, '-out', cert]);
  await writePassword(roles, 'alice', 'correct horse ä');
  secure = await serve(database, {
    ...defaultServerOptions,
    port: 0,
    auth: 'scram-sha-256',
    passwords: () => readPasswords(roles),
    tls: tlsOptions(await readFile(cert), await readFile(key)),
  });
  const tls = tlsOptions(await readFile(cert), await readFile(key));
  strict = await serve(database, { ...defaultServerOptions, port: 0, requireTls: true, tls });
});
afterAll(async () => {
  await server.close();
  await secure.close();
  await strict.close();
  await database.close();
  await rm(folder, { recursive: true });
});

async function psql(args: readonly string[], port = server.port, env: Record<string, string> = {}) {
  const options = {
    env: { PATH: process.env['PATH'], PGUSER: 'tester', PGCONNECT_TIMEOUT: '100', ...env },
    maxBuffer: 1 << 28,
  };
  const { stdout, stderr } = await run(
    join(bin, 'psql'),
    ['-X', '-h', '127.0.0.1', '-p', String(port), ...args],
    options,
  ).catch((error: { stdout: string; stderr: string }) => error);
  return { stdout, stderr };
}

describe.runIf(hasPsql)('psql', () => {
  test('queries, errors with their place, variables', async () => {
    const { stdout, stderr } = await psql([
      '-c',
      'select count(*) from aod."Events"',
      '-c',
      'select "nMuon", nope from aod."Events"',
    ]);
    expect(stdout).toBe(' count \n-------\n  2000\n(1 row)\n\n');
    expect(stderr).toContain('ERROR:  column "nope" does not exist\nLINE 1: select "nMuon", nope from');
    expect(stderr).toMatch(/\n {24}\^/);
  });

  test('cursors by FETCH_COUNT, prepared statements', async () => {
    const { stdout, stderr } = await psql([
      '-v',
      'FETCH_COUNT=100',
      '-qAtc',
      'select event_id from aod."Events" order by 1',
    ]);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').map(Number)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    await writeFile(
      join(folder, 'script.sql'),
      `prepare p(int, text) as select $1 + 1, $2 || '!';
execute p(41, 'hey');
deallocate p;
execute p(1, 'a');
`,
    );
    const script = await psql(['-qAt', '-f', join(folder, 'script.sql')]);
    expect(script.stdout).toBe('42|hey!\n');
    expect(script.stderr).toContain('prepared statement "p" does not exist');
  });

  test('a password, TLS with channel binding, and no way around them', async () => {
    const env = { PGUSER: 'alice', PGPASSWORD: 'correct horse ä' };
    const query = ['-d', 'skyhook', '-qAtc', 'select 1'];
    for (const more of [
      { PGSSLMODE: 'disable' },
      { PGSSLMODE: 'require' },
      { PGSSLMODE: 'require', PGCHANNELBINDING: 'require' },
      { PGSSLMODE: 'verify-ca', PGSSLROOTCERT: join(folder, 'cert.pem') },
    ])
      expect(await psql(query, secure.port, { ...env, ...more })).toEqual({ stdout: '1\n', stderr: '' });
    const wrong = await psql(query, secure.port, { ...env, PGPASSWORD: 'wrong' });
    expect(wrong.stderr).toContain('FATAL:  password authentication failed for user "alice"');
    const unknown = await psql(query, secure.port, { ...env, PGUSER: 'mallory' });
    expect(unknown.stderr).toContain('FATAL:  password authentication failed for user "mallory"');
  });
});

test.runIf(hasPsql)('pgbench in each mode', async () => {
  await writeFile(join(folder, 'one.sql'), 'select 1;\n');
  await writeFile(join(folder, 'two.sql'), '\\set n random(1, 1000)\nselect :n + 1;\n');
  for (const mode of ['simple', 'extended', 'prepared']) {
    const files = ['-f', join(folder, 'one.sql'), '-f', join(folder, 'two.sql')];
    const { stdout } = await run(
      join(bin, 'pgbench'),
      [
        '-h',
        '127.0.0.1',
        '-p',
        String(server.port),
        '-U',
        'tester',
        '-n',
        '-M',
        mode,
        '-c',
        '4',
        '-t',
        '50',
        ...files,
        'skyhook',
      ],
      { env: { PATH: process.env['PATH'] } },
    );
    expect(stdout).toContain('number of transactions actually processed: 200/200');
    expect(stdout).toMatch(/number of failed transactions: 0 /);
  }
});

describe('node-postgres', () => {
  const connect = async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'tester', database: 'skyhook' });
    await client.connect();
    return client;
  };

  test('values of every type, parameters, arrays, errors, transactions', async () => {
    const client = await connect();
    const { rows } = await client.query(
      `select $1::int a, $2::float8 b, $3::text c, $4::bool d, $5::timestamptz e, $6::int[] f, $7::bytea g, $8::json h, null i`,
      [1, 2.5, 'ä', true, new Date(0), [1, 2], Buffer.from('hi'), { x: [1] }],
    );
    expect(rows).toEqual([
      { a: 1, b: 2.5, c: 'ä', d: true, e: new Date(0), f: [1, 2], g: Buffer.from('hi'), h: { x: [1] }, i: null },
    ]);
    const events = await client.query('select "Muon_pt", "MET_pt" from aod."Events" where event_id = any($1)', [
      [6, 7],
    ]);
    expect(events.rows.map((r) => r.Muon_pt.length > 0 && typeof r.MET_pt)).toHaveLength(2);
    const named = { name: 'q', text: 'select $1::int + 1 as n' };
    for (const n of [1, 2]) expect((await client.query({ ...named, values: [n] })).rows).toEqual([{ n: n + 1 }]);
    await client.query('begin');
    await expect(client.query('select nope')).rejects.toMatchObject({ code: '42703', position: '8' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => client.query('select $1::int as n', [i])));
    expect(many.map((r) => r.rows[0].n)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(
      ((await client.query('select 1 as a; select 2 as b')) as unknown as { rows: unknown[] }[]).map((r) => r.rows),
    ).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    await client.end();
  });

  test('SCRAM with channel binding over TLS', async () => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: secure.port,
      user: 'alice',
      database: 'skyhook',
      password: 'correct horse ä',
      ssl: { rejectUnauthorized: false },
      enableChannelBinding: true,
    } as pg.ClientConfig);
    await client.connect();
    expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }]);
    await client.end();
  });
});

test('postgres.js: tagged queries, pipelining, cursors, transactions', async () => {
  const sql = postgres({
    host: '127.0.0.1',
    port: server.port,
    user: 'tester',
    database: 'skyhook',
    fetch_types: false,
    max: 2,
    onnotice: () => undefined,
  });
  expect([...(await sql`select ${1}::int as a, ${'x'} as b, ${2.5}::float8 as c`)]).toEqual([{ a: 1, b: 'x', c: 2.5 }]);
  const many = await Promise.all(Array.from({ length: 30 }, (_, i) => sql`select ${i}::int as n`));
  expect(many.map((r) => r[0]!['n'])).toEqual(Array.from({ length: 30 }, (_, i) => i));
  const sizes: number[] = [];
  for await (const rows of sql`select event_id from aod."Events" order by 1`.cursor(600)) sizes.push(rows.length);
  expect(sizes).toEqual([600, 600, 600, 200]);
  await sql.begin(async (tx) => {
    expect((await tx`select count(*)::int as n from aod."Events"`)[0]!['n']).toBe(2000);
  });
  await expect(sql`select nope`).rejects.toMatchObject({ code: '42703' });
  await sql.end();
});

test('direct TLS needs ALPN and version 1.2; plaintext behind an SSLRequest is refused', async () => {
  const direct = (ALPNProtocols: string[], more: ConnectionOptions = {}) =>
    new Promise<string>((resolve) => {
      const socket = connectTls(
        { host: '127.0.0.1', port: secure.port, rejectUnauthorized: false, ALPNProtocols, ...more },
        () => socket.write(say.startup({ user: 'alice' })),
      );
      socket.once('data', (chunk) => {
        resolve(chunk.toString('latin1'));
        socket.destroy();
      });
      socket.once('error', () => resolve('error'));
      socket.once('close', () => resolve('closed'));
    });
  expect(await direct(['postgresql'])).toContain('SCRAM-SHA-256-PLUS');
  expect(await direct(['http/1.1'])).not.toContain('SCRAM');
  expect(await direct(['postgresql'], { maxVersion: 'TLSv1.2' })).toContain('SCRAM-SHA-256-PLUS');
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  expect(await direct(['postgresql'], old)).toBe('error');
  const sneaky = await WireClient.open(secure.port);
  sneaky.send(say.sslRequest, say.startup({ user: 'alice' }));
  await sneaky.until(() => false);
  expect(sneaky.shown()).toContain('E:FATAL 08P01 received unencrypted data after SSL request');
  expect(sneaky.raw[0]).not.toBe('S'.charCodeAt(0));
});

test('a server that requires TLS: nobody comes in without, and it is asked for once', async () => {
  const bare = await WireClient.open(strict.port);
  bare.send(say.startup({ user: 'alice' }));
  await bare.until(() => false);
  expect(bare.shown()).toBe('E:FATAL 28000 connections without SSL are not allowed for user "alice" [closed]');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: strict.port,
    user: 'alice',
    database: 'skyhook',
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }]);
  await client.end();
  const asked = await WireClient.open(strict.port);
  asked.send(say.sslRequest);
  await asked.until(() => asked.raw.length > 0);
  asked.socket.removeAllListeners('data');
  const inside = connectTls({ socket: asked.socket, rejectUnauthorized: false });
  inside.write(say.sslRequest);
  const said = await new Promise<string>((resolve) => {
    inside.once('data', (chunk) => resolve(chunk.toString('latin1')));
    inside.once('close', () => resolve('closed'));
  });
  inside.destroy();
  // As PostgreSQL, to which it is a version of the protocol by then.
  expect(said).toContain('0A000');
});

test('a password file that others may read is refused', async () => {
  const path = join(folder, 'open');
  await writePassword(path, 'bob', 'x');
  expect([...(await readPasswords(path)).keys()]).toEqual(['bob']);
  await writePassword(path, 'bob', undefined);
  expect((await readPasswords(path)).size).toBe(0);
  await chmod(path, 0o644);
  await expect(readPasswords(path)).rejects.toThrow('may be read by others');
});
