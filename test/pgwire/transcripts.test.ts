// Protocol corner cases answered as PostgreSQL 15 answers them: the recorded probes, and what they do not cover.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { message, say, WireClient } from './wire-client.js';

const bugs: unknown[] = [];
let database: Database;
let server: WireServer;

beforeAll(async () => {
  database = await Database.open('memory:');
  server = await serve(database, { ...defaultServerOptions, port: 0 }, (event) => {
    if (event.event === 'bug') bugs.push(event);
  });
});
afterAll(async () => {
  await server.close();
  await database.close();
  expect(bugs).toEqual([]);
});

const slow = 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a * b.b % 7 = 8';
const extended = (text: string, rows = 0) => [say.parse('', text), say.bind('', ''), say.execute('', rows), say.sync];
const q = (text: string) => [say.query(text)];

/** By the names of the probes: what is sent after the startup. */
const probes: Record<string, readonly Buffer[]> = {
  'simple: syntax': q('selec 1'),
  'simple: undefined table': q('select * from nope'),
  'simple: undefined column': q('select nope'),
  'simple: undefined function': q('select nope(1)'),
  'simple: undefined type': q('select 1::nope'),
  'simple: undefined schema': q('select * from nope.t'),
  'simple: ambiguous column': q('select a from (values (1)) t(a), (values (1)) u(a)'),
  'simple: group by': q('select t.b, count(*) from (values (1, 2)) t(a, b) group by t.a'),
  'simple: read only': q('begin read only; insert into own.kept values (1)'),
  'simple: statement_timeout': q(`set statement_timeout = 50; ${slow}`),
  'simple: subquery >1 row': q('select (select * from generate_series(1, 2))'),
  'simple: too deep/limit neg': q('select * from generate_series(1, 3) limit -1'),
  'simple: invalid regex': q(`select 'a' ~ '('`),
  'simple: div by zero': q('select 1/0'),
  'simple: int out of range': q('select 2147483647+1'),
  'simple: invalid text': q(`select 'x'::int`),
  'simple: bad date': q(`select '2024-13-01'::date`),
  'simple: type mismatch': q('select 1 + true'),
  'simple: failed tx': q('begin; select 1/0'),
  'simple: unknown guc': q('show nope'),
  'simple: bad guc value': q('set client_encoding = nope'),
  'simple: no cursor': q('fetch 1 from nope'),
  'simple: no prepared': q('execute nope'),
  'simple: commit w/o tx (warning)': q('commit'),
  'simple: empty': q(' ;'),
  'simple: multi': q('select 1; select 2'),
  'ext: describe unknown stmt': [say.describe('S', 'nope'), say.sync],
  'ext: bind unknown stmt': [say.bind('', 'nope'), say.sync],
  'ext: exec unknown portal': [say.execute('nope'), say.sync],
  'ext: dup named stmt': [say.parse('a', 'select 1'), say.parse('a', 'select 1'), say.sync],
  'ext: multi-statement Parse': [say.parse('', 'select 1; select 2'), say.sync],
  'ext: empty query': extended(''),
  'ext: wrong param count': [say.parse('', 'select $1::int'), say.bind('', ''), say.sync],
};
const twoSyncs: Record<string, readonly Buffer[]> = {
  'ext: error then skip until sync': [
    say.parse('', 'selec 1'),
    say.bind('', ''),
    say.execute(''),
    say.sync,
    ...extended('select 1'),
  ],
  'ext: max_rows 1 without tx, resume after sync': [
    ...extended('select * from generate_series(1, 3)', 1),
    say.execute(''),
    say.sync,
  ],
};

const file = new URL('../../../shared/pg-clients/probe_pg15_protocol_and_sqlstates.txt', import.meta.url);
const recorded = new Map<string, string>();
if (existsSync(file))
  for (const line of readFileSync(file, 'utf8').split('\n'))
    recorded.set(line.slice(0, 46).trim(), line.slice(47).trim());

test.runIf(recorded.size > 0).each(Object.keys({ ...probes, ...twoSyncs }))('as recorded: %s', async (name) => {
  const expected = recorded.get(name)!.replace('R0 | K8 | ZI | ', '');
  const client = await WireClient.ready(server.port);
  if (name === 'simple: read only') {
    await client.ask(q('create schema own'));
    await client.ask(q('create table own.kept (a int)'));
  }
  const ready = expected.split('| Z').length - 1 || 1;
  expect(await client.ask((probes[name] ?? twoSyncs[name])!, ready)).toBe(expected);
  client.end();
});

async function opened(...parts: Buffer[]): Promise<string> {
  const client = await WireClient.open(server.port);
  client.send(...parts);
  // Or it is closed, as after any error of a startup.
  await client.until((r) => r.some((x) => x.type === 'Z'));
  const shown = client.shown();
  client.end();
  return shown;
}

/** By the names of the probes: what is sent instead of a startup. */
const startups: Record<string, Buffer> = {
  'protocol 3.2 requested': say.startup({ user: 'u' }, 196610),
  'protocol 3.0 + _pq_.x option': say.startup({ user: 'u', '_pq_.x': '1' }),
  'startup length 20000': message('', Buffer.alloc(20_000)),
  'HTTP GET': Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
  'unknown database': say.startup({ user: 'u', database: 'nope' }),
  'no user': say.startup({}),
  'bad GUC in startup': say.startup({ user: 'u', nosuch_guc: '1' }),
  'bad client_encoding in startup': say.startup({ user: 'u', client_encoding: 'KLINGON' }),
};
const framings: Record<string, Buffer> = {
  'unknown message type z': message('z', 'x'),
  'message length 2 (invalid)': Buffer.of(0x51, 0, 0, 0, 2),
  'message length 2GB': Buffer.of(0x51, 0x7f, 0xff, 0xff, 0xff),
  'message length 1.5GB for Sync': Buffer.of(0x53, 0x5f, 0, 0, 0),
};
/** Asked in access.test.ts, of servers with roles and passwords, but the first, which has a test below. */
const elsewhere = [
  'protocol 2.0',
  'unknown role',
  'SCRAM role: server offer',
  'SCRAM role: garbage password msg',
  'simple: perm denied',
];

/** As `WireClient.shown` shows it: how long the server took to close is no part of it. */
const shownAs = (name: string) => recorded.get(name)!.replace(/\[closed after \d+ms\]/, '[closed]');

test.runIf(recorded.size > 0)('each recorded probe is asked', () => {
  const names = [probes, twoSyncs, startups, framings].flatMap((table) => Object.keys(table));
  expect([...names, ...elsewhere].sort()).toEqual([...recorded.keys()].filter((name) => name !== '').sort());
});

test.runIf(recorded.size > 0).each(Object.entries(startups))('as recorded: %s', async (name, sent) => {
  expect((await opened(sent)).trim()).toBe(shownAs(name));
});

test.runIf(recorded.size > 0).each(Object.entries(framings))('as recorded: %s', async (name, sent) => {
  const client = await WireClient.ready(server.port);
  client.send(sent);
  await client.until(() => false);
  expect(`R0 | K8 | ZI | ${client.shown()}`.replace('|  [', '[')).toBe(shownAs(name));
});

test('protocol 2 is told so in its own form', async () => {
  const client = await WireClient.open(server.port);
  client.send(message('', Buffer.concat([Buffer.of(0, 2, 0, 0), Buffer.alloc(292)])));
  await client.until(() => false);
  expect(client.raw.toString('latin1')).toMatch(/^EFATAL: {2}unsupported frontend protocol 2\.0/);
});

test('a message in pieces, and many messages at once', async () => {
  const client = await WireClient.ready(server.port);
  const pieces = Buffer.concat(extended(`select 'ä'::text, 1`));
  for (const byte of pieces) {
    client.send(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.until((r) => r.some((x) => x.type === 'Z'));
  expect(client.rows()).toEqual([['ä', '1']]);
  const many = Array.from({ length: 50 }, (_, i) => extended(`select ${i}`)).flat();
  await client.ask(many, 50);
  expect(client.rows().map(([n]) => Number(n))).toEqual(Array.from({ length: 50 }, (_, i) => i));
  client.end();
});

test('portals give rows a few at a time inside a transaction', async () => {
  const client = await WireClient.ready(server.port);
  await client.ask(q('begin'));
  const shown = await client.ask(
    [
      say.parse('s', 'select * from generate_series(1, 5)'),
      say.bind('p', 's'),
      say.execute('p', 2),
      say.sync,
      say.execute('p', 2),
      say.sync,
      say.execute('p', 2),
      say.execute('p', 2),
      say.sync,
    ],
    3,
  );
  expect(shown).toBe('1 | 2 | D | D | s | ZT | D | D | s | ZT | D | C:SELECT 1 | C:SELECT 0 | ZT');
  expect(await client.ask(q('rollback'))).toBe('C:ROLLBACK | ZI');
  expect(await client.ask([say.execute('p'), say.sync])).toBe('E:ERROR 34000 portal "p" does not exist | ZI');
  client.end();
});

test('a failed transaction takes nothing but its end', async () => {
  const client = await WireClient.ready(server.port);
  expect(await client.ask(q('begin'))).toBe('C:BEGIN | ZT');
  expect(await client.ask(q('savepoint a'))).toBe('C:SAVEPOINT | ZT');
  expect(await client.ask(q('select 1/0'))).toBe('E:ERROR 22012 division by zero | ZE');
  const aborted = 'current transaction is aborted, commands ignored until end of transaction block';
  expect(await client.ask(q('select 1'))).toBe(`E:ERROR 25P02 ${aborted} | ZE`);
  expect(await client.ask(q('rollback to a'))).toBe('C:ROLLBACK | ZT');
  expect(await client.ask(q('select 1/0'))).toBe('E:ERROR 22012 division by zero | ZE');
  expect(await client.ask(q('commit'))).toBe('C:ROLLBACK | ZI');
  client.end();
});

test('settings: told to the client, rolled back, local, by startup', async () => {
  const client = await WireClient.ready(server.port, {
    user: 'u',
    application_name: 'x',
    options: '-c statement_timeout=5s',
  });
  const statuses = () =>
    client.replies.filter((r) => r.type === 'S').map((r) => r.body.toString().split('\0').slice(0, 2).join('='));
  await client.ask(q('show statement_timeout'));
  expect(client.rows()).toEqual([['5s']]);
  await client.ask(q(`set application_name = 'y'`));
  expect(statuses()).toEqual(['application_name=y']);
  await client.ask(q(`begin; set application_name = 'z'; rollback`));
  await client.ask(q('show application_name'));
  expect(client.rows()).toEqual([['y']]);
  await client.ask(q('begin; set local statement_timeout = 100; commit; reset application_name'));
  await client.ask(q('show statement_timeout'));
  expect(client.rows()).toEqual([['5s']]);
  expect(await client.ask(q('set server_version = 1'))).toBe(
    'E:ERROR 55P02 parameter "server_version" cannot be changed | ZI',
  );
  client.end();
});

test('cursors', async () => {
  const client = await WireClient.ready(server.port);
  expect(await client.ask(q('declare c cursor for select 1'))).toBe(
    'E:ERROR 25P01 DECLARE CURSOR can only be used in transaction blocks | ZI',
  );
  await client.ask(q('begin; declare c scroll cursor for select * from generate_series(1, 10)'));
  const fetch = async (what: string) => {
    await client.ask(q(`fetch ${what} c`));
    return client.rows().map(([n]) => Number(n));
  };
  expect(await fetch('3 from')).toEqual([1, 2, 3]);
  expect(await fetch('next from')).toEqual([4]);
  expect(await fetch('backward 2 from')).toEqual([3, 2]);
  expect(await fetch('absolute 9 from')).toEqual([9]);
  expect(await fetch('all from')).toEqual([10]);
  expect(await fetch('next from')).toEqual([]);
  expect(await fetch('prior from')).toEqual([10]);
  expect(await fetch('first from')).toEqual([1]);
  expect(await fetch('last from')).toEqual([10]);
  expect(await fetch('relative -3 from')).toEqual([7]);
  expect(await client.ask(q('move 2 from c'))).toBe('C:MOVE 2 | ZT');
  expect(await fetch('0 from')).toEqual([9]);
  expect(await client.ask(q('close c; commit'))).toBe('C:CLOSE CURSOR | C:COMMIT | ZI');
  client.end();
});

test('parameters are described before their values are known', async () => {
  const client = await WireClient.ready(server.port);
  await client.ask([
    say.parse('s', 'select $1 + 1, $2 || $3, $4::date where $5 and $6 = any($7::text[])'),
    say.describe('S', 's'),
    say.sync,
  ]);
  const described = client.replies.find((r) => r.type === 't')!.body;
  const oids = Array.from({ length: described.readInt16BE() }, (_, i) => described.readInt32BE(2 + 4 * i));
  expect(oids).toEqual([23, 25, 25, 1082, 16, 25, 1009]);
  await client.ask([say.bind('', 's', ['41', 'a', 'b', '2024-02-29', 't', 'x', '{x,y}']), say.execute(''), say.sync]);
  expect(client.rows()).toEqual([['42', 'ab', '2024-02-29']]);
  expect(await client.ask([say.bind('', 's', ['x', 'a', 'b', null, 't', 'x', '{}']), say.sync])).toBe(
    'E:ERROR 22P02 invalid input syntax for type integer: "x" | ZI',
  );
  expect(await client.ask([say.parse('', 'select $1 is null'), say.sync])).toBe(
    'E:ERROR 42P18 could not determine data type of parameter $1 | ZI',
  );
  const four = Buffer.of(0, 0, 0, 5);
  expect(await client.ask([say.parse('', 'select $1::int8', [20]), say.bind('', '', [four], [1]), say.sync])).toBe(
    '1 | E:ERROR 08P01 insufficient data left in message | ZI',
  );
  expect(await client.ask([say.parse('', 'select $1::int2', [21]), say.bind('', '', [four], [1]), say.sync])).toBe(
    '1 | E:ERROR 22P03 incorrect binary data format in bind parameter 1 | ZI',
  );
  client.end();
});

test('cancel by another connection, with the right key only', async () => {
  const client = await WireClient.open(server.port);
  client.send(say.startup());
  await client.until((r) => r.some((x) => x.type === 'Z'));
  const key = client.replies.find((r) => r.type === 'K')!.body;
  const answered = client.ask(q(slow));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const wrong = await WireClient.open(server.port);
  wrong.send(say.cancel(key.readInt32BE(), Buffer.of(1, 2, 3, 4)));
  await wrong.until(() => false);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(client.replies).toEqual([]);
  // A cancel that comes before the statement runs, or between two, is lost: so it is in PostgreSQL.
  const again = setInterval(async () => {
    const right = await WireClient.open(server.port);
    right.send(say.cancel(key.readInt32BE(), key.subarray(4)));
  }, 200);
  const shown = await answered;
  clearInterval(again);
  expect(shown).toMatch(/E:ERROR 57014 canceling statement due to user request \| ZI/);
  expect(await client.ask(q('select 1'))).toBe('T | D | C:SELECT 1 | ZI');
  client.end();
});

test('statement timeout; another client is answered meanwhile', async () => {
  const client = await WireClient.ready(server.port);
  const other = await WireClient.ready(server.port);
  let answeredMeanwhile = false;
  // On a busy machine not even a short answer may come in time.
  for (const timeout of [400, 400, 2000, 10_000]) {
    await client.ask(q(`set statement_timeout = ${timeout}`));
    let over = false;
    const answered = client.ask(q(slow)).finally(() => {
      over = true;
    });
    expect(await other.ask(q('select 1'))).toBe('T | D | C:SELECT 1 | ZI');
    answeredMeanwhile = !over;
    expect(await answered).toMatch(/E:ERROR 57014 canceling statement due to statement timeout \| ZI/);
    if (answeredMeanwhile) break;
  }
  expect(answeredMeanwhile).toBe(true);
  client.end();
  other.end();
});

test('idle in a transaction for too long', async () => {
  const client = await WireClient.ready(server.port);
  await client.ask(q('set idle_in_transaction_session_timeout = 100; begin'));
  client.replies.length = 0;
  await client.until(() => false);
  expect(client.shown()).toBe('E:FATAL 25P03 terminating connection due to idle-in-transaction timeout [closed]');
});

test('too many clients, and shutdown', async () => {
  const own = await serve(database, { ...defaultServerOptions, port: 0, maxConnections: 2 });
  const [a, b] = [await WireClient.ready(own.port), await WireClient.ready(own.port)];
  const third = await WireClient.open(own.port);
  third.send(say.startup());
  await third.until(() => false);
  expect(third.shown()).toBe('R0 | E:FATAL 53300 sorry, too many clients already [closed]');
  void a!.ask(q(slow));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await own.close();
  for (const client of [a!, b!]) {
    await client.until(() => false);
    expect(client.shown()).toMatch(/E:FATAL 57P01 terminating connection due to administrator command \[closed\]$/);
  }
});

test('refuses to listen everywhere without authentication', async () => {
  await expect(serve(database, { ...defaultServerOptions, port: 0, host: '0.0.0.0' })).rejects.toThrow(
    'refusing to listen on 0.0.0.0 without authentication',
  );
});
