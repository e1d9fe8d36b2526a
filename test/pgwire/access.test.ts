// Who comes in, and what they may do: roles, rights per dataset, rules by address and TLS, limits.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  defaultServerOptions,
  parseAccess,
  readAccess,
  readPasswords,
  type ServerOptions,
  serve,
  type WireServer,
  writePassword,
} from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { message, say, WireClient } from './wire-client.js';

let database: Database;
let folder: string;
let server: WireServer;
const bugs: unknown[] = [];

async function start(more: Partial<ServerOptions>): Promise<WireServer> {
  return serve(database, { ...defaultServerOptions, port: 0, ...more }, (event) => {
    if (event.event === 'bug') bugs.push(event);
  });
}

const rules = `
# Rights of a small group.
allow alice, bob, reader, "Carol, the 3rd" from 127.0.0.0/8
refuse mallory from *
allow nobody1 from *
grant read on hep, Raw to reader     # a comment
grant read on * to bob
grant write on hep to bob
grant write on * to alice
grant read on "odd ""name""" to "Carol, the 3rd"
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-access-'));
  database = await Database.open('memory:');
  const owner = database.session();
  for (const text of [
    'create schema hep',
    'create table hep.t as select 1 as a',
    'create schema "Raw"',
    'create table "Raw".t as select 2 as a',
    'create schema secret',
    'create table secret.t as select 3 as a',
    'create table secret.hidden as select 4 as a',
    'create view hep.v as select a from secret.t',
  ])
    await owner.sql(text);
  await owner.close();
  server = await start({ access: async () => parseAccess(rules, 'rules') });
});
afterAll(async () => {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true });
  expect(bugs).toEqual([]);
});

const q = (text: string) => [say.query(text)];
const denied = (schema: string) => `E:ERROR 42501 permission denied for schema ${schema} | ZI`;

async function opened(port: number, ...parts: Buffer[]): Promise<string> {
  const client = await WireClient.open(port);
  client.send(...parts);
  // Or it is closed, as after any error of a startup.
  await client.until((r) => r.some((x) => x.type === 'Z'));
  client.end();
  return client.shown();
}

test('a reader reads what is granted, and changes nothing but tables of its own', async () => {
  const client = await WireClient.ready(server.port, { user: 'reader', database: 'skyhook' });
  expect(await client.ask(q('select a from hep.t'))).toBe('T | D | C:SELECT 1 | ZI');
  // Names are matched by case, rights go by what was found.
  expect(await client.ask(q('select a from raw.t'))).toBe('T | D | C:SELECT 1 | ZI');
  expect(await client.ask(q('select a from secret.t'))).toBe(denied('secret'));
  expect(await client.ask(q('select a from SECRET.t'))).toBe(denied('secret'));
  expect(await client.ask(q('select 1 where exists (select from secret.t)'))).toBe(denied('secret'));
  expect(await client.ask([say.parse('', 'select a from secret.t'), say.sync])).toBe(denied('secret'));
  // A view reads with the rights of who asks.
  expect(await client.ask(q('select a from hep.v'))).toBe(denied('secret'));
  expect(await client.ask(q('explain select a from secret.t'))).toBe(denied('secret'));
  expect(await client.ask(q('copy secret.t to stdout'))).toBe(denied('secret'));
  for (const change of [
    'insert into hep.t values (1)',
    'update hep.t set a = 2',
    'delete from hep.t',
    'truncate hep.t',
    'drop table hep.t',
    'drop schema hep cascade',
    'create table hep.u (a int)',
    'create table hep.u as select 1 as a',
    'create view hep.w as select 1 as a',
    `comment on table hep.t is 'x'`,
    'copy hep.t from stdin',
  ])
    expect([change, await client.ask(q(change))]).toEqual([change, denied('hep')]);
  expect(await client.ask(q('create schema mine'))).toBe(denied('mine'));
  expect(await client.ask(q('create temp table u as select a from hep.t'))).toBe('C:SELECT 1 | ZI');
  expect(await client.ask(q('insert into u values (2)'))).toBe('C:INSERT 0 1 | ZI');
  // What may not be read is not there to be found either.
  await client.ask(q(`select nspname from pg_namespace where nspname in ('hep', 'Raw', 'secret') order by 1`));
  expect(client.rows()).toEqual([['Raw'], ['hep']]);
  expect(await client.ask(q('select a from hidden'))).toMatch(/^E:ERROR 42P01/);
  client.end();
});

test('a plan that others made does not open what is closed', async () => {
  const text = 'select a, 17 from secret.t';
  const alice = await WireClient.ready(server.port, { user: 'alice', database: 'skyhook' });
  for (let i = 0; i < 2; i++) expect(await alice.ask(q(text))).toBe('T | D | C:SELECT 1 | ZI');
  const reader = await WireClient.ready(server.port, { user: 'reader', database: 'skyhook' });
  expect(await reader.ask(q(text))).toBe(denied('secret'));
  expect(await reader.ask([say.parse('', text), say.sync])).toBe(denied('secret'));
  alice.end();
  reader.end();
});

test('write includes read; all means all', async () => {
  const bob = await WireClient.ready(server.port, { user: 'bob', database: 'skyhook' });
  expect(await bob.ask(q('select a from hep.v'))).toBe('T | D | C:SELECT 1 | ZI');
  expect(await bob.ask(q('create table hep.bobs as select 1 as a'))).toBe('C:SELECT 1 | ZI');
  expect(await bob.ask(q('create table secret.bobs as select 1 as a'))).toBe(denied('secret'));
  // Schemas are found whatever their case: the right that counts is that of the one that is dropped.
  expect(await bob.ask(q('drop schema raw cascade'))).toBe(denied('Raw'));
  const alice = await WireClient.ready(server.port, { user: 'alice', database: 'skyhook' });
  expect(await alice.ask(q('create schema mine; create table mine.t (a int); drop schema mine cascade'))).toBe(
    'C:CREATE SCHEMA | C:CREATE TABLE | C:DROP SCHEMA | ZI',
  );
  expect(await alice.ask(q('set role bob'))).toBe('E:ERROR 22023 role "bob" does not exist | ZI');
  expect(await alice.ask(q('set role alice; set role none'))).toBe('C:SET | C:SET | ZI');
  expect(await alice.ask(q('set session authorization bob'))).toMatch(/^E:ERROR/);
  bob.end();
  alice.end();
});

test('roles that there are not, and doors that are closed', async () => {
  const { port } = server;
  const as = (user: string) => opened(port, say.startup({ user, database: 'skyhook' }));
  expect(await as('alice')).toBe('R0 | K8 | ZI');
  expect(await as('Carol, the 3rd')).toBe('R0 | K8 | ZI');
  // The startup is complete before PostgreSQL looks for the role; ours is found before.
  expect(await as('nobody1')).toBe('E:FATAL 28000 role "nobody1" does not exist [closed]');
  const refused = (user: string) =>
    `E:FATAL 28000 no rule lets in host "127.0.0.1", user "${user}", no encryption [closed]`;
  expect(await as('mallory')).toBe(refused('mallory'));
  expect(await as('eve')).toBe(refused('eve'));
});

test('the rules of the file', async () => {
  const caller = (user: string, address: string, encrypted = false) => ({ user, address, encrypted });
  const comesIn = (text: string, ...who: Parameters<typeof caller>) => {
    try {
      parseAccess(text, 'f').letIn(caller(...who));
      return true;
    } catch {
      return false;
    }
  };
  expect(comesIn('grant read on a to b', 'x', '10.0.0.1')).toBe(true);
  expect(comesIn('allow * from 10.0.0.0/8', 'x', '10.1.2.3')).toBe(true);
  expect(comesIn('allow * from 10.0.0.0/8', 'x', '::ffff:10.1.2.3')).toBe(true);
  expect(comesIn('allow * from 10.0.0.0/8', 'x', '11.1.2.3')).toBe(false);
  expect(comesIn('allow * from 10.0.0.0/8', 'x', '::1')).toBe(false);
  expect(comesIn('allow * from fe80::/10', 'x', 'fe80::1')).toBe(true);
  expect(comesIn('allow * from * with tls', 'x', '10.1.2.3')).toBe(false);
  expect(comesIn('allow * from * with tls', 'x', '10.1.2.3', true)).toBe(true);
  expect(comesIn('refuse x from 10.0.0.1\nallow * from *', 'x', '10.0.0.1')).toBe(false);
  expect(comesIn('refuse x from 10.0.0.1\nallow * from *', 'x', '10.0.0.2')).toBe(true);
  expect(() => parseAccess('refuse x from *', 'f').letIn(caller('x', '::ffff:10.1.2.3'))).toThrow('host "10.1.2.3"');
  for (const wrong of [
    'allow',
    'allow x from 10.0.0.0/33',
    'allow x from host',
    'grant all on a to b',
    'grant read on a, to b',
    'permit x',
  ])
    expect(() => parseAccess(`\n${wrong}`, 'f')).toThrow(`line 2 of f is no rule: ${wrong}`);
  const path = join(folder, 'access');
  await expect(readAccess(path)).rejects.toThrow('does not exist');
  await writeFile(path, 'grant read on a to b\n', { mode: 0o600 });
  expect((await readAccess(path)).rightsOf('b').mayRead('a')).toBe(true);
  for (const mode of [0o620, 0o602]) {
    await chmod(path, mode);
    await expect(readAccess(path)).rejects.toThrow('may be changed by others');
  }
});

test('passwords: what is offered, and answers that are none', async () => {
  const path = join(folder, 'roles');
  await writePassword(path, 'alice', 'secret');
  const scram: Partial<ServerOptions> = { auth: 'scram-sha-256', passwords: () => readPasswords(path) };
  const own = await start(scram);
  const hasty = await start({ ...scram, authenticationTimeoutMs: 300 });
  const startup = say.startup({ user: 'alice', database: 'skyhook' });
  expect(await opened(own.port, startup, message('p', 'garbage\0'))).toBe(
    'R10(SCRAM-SHA-256,,) | E:FATAL 08P01 client selected an invalid SASL authentication mechanism [closed]',
  );
  // Queries before the password, messages too long for one: no way in.
  expect(await opened(own.port, startup, say.query('select 1'))).toMatch(
    /E:FATAL 08P01 expected SASL response.*\[closed\]/,
  );
  expect(await opened(own.port, startup, message('p', Buffer.alloc(70_000)))).toBe('R10(SCRAM-SHA-256,,) [closed]');
  expect(await opened(own.port, startup, message('p', Buffer.alloc(20_000)))).toMatch(/E:FATAL 08P01.*\[closed\]/);
  // Whoever says nothing is let go.
  const silent = await WireClient.open(hasty.port);
  await silent.until(() => false);
  const halfway = await WireClient.open(hasty.port);
  halfway.send(startup);
  await halfway.until(() => false);
  // On a busy machine it may be let go before it is asked.
  expect(halfway.shown()).toMatch(/^(?:R10\(SCRAM-SHA-256,,\))? ?\[closed\]$/);
  await hasty.close();
  await own.close();
});

test('messages larger than allowed end the connection, others do not', async () => {
  const own = await start({ maxMessageBytes: 20_000 });
  const client = await WireClient.ready(own.port);
  expect(await client.ask(q(`select length('${'x'.repeat(19_000)}')`))).toBe('T | D | C:SELECT 1 | ZI');
  client.send(say.query(`select length('${'x'.repeat(30_000)}')`));
  await client.until(() => false);
  expect(client.closed).toBe(true);
  await own.close();
});
