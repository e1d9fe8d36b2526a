// A server under clients that go away, stop their statements and work beside one another: nothing leaks, nobody starves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { until } from '../support/until.js';
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

const q = (text: string) => [say.query(text)];
const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

const conversation = [
  say.startup({ user: 'tester' }),
  say.query('begin; declare c cursor for select * from generate_series(1, 100000); fetch 10 from c'),
  say.query('create temp table t (a int); copy t from stdin'),
  message('d', '1\n2\n'),
  message('c'),
  say.parse('s', 'select $1::int, * from generate_series(1, 1000)'),
  say.bind('p', 's', ['5']),
  say.execute('p', 5),
  say.flush,
  say.execute('p'),
  say.sync,
  say.query('copy (select * from generate_series(1, 100000)) to stdout'),
  say.query('select count(*) from generate_series(1, 3000) a, generate_series(1, 3000) b'),
];

test('clients that go away at any point leave nothing behind', async () => {
  const whole = Buffer.concat(conversation);
  // Behind each message, in its head and in its body; and at random.
  const cuts: number[] = [];
  let at = 0;
  for (const part of conversation) {
    cuts.push(at + 3, at + (part.length >> 1), at + part.length);
    at += part.length;
  }
  for (let i = 1; cuts.length < 60; i++) cuts.push(Math.imul(i, 2654435761) % whole.length);
  const before = sockets();
  const drop = async (cut: number, i: number) => {
    const client = await WireClient.open(server.port);
    client.socket.write(whole.subarray(0, Math.abs(cut)));
    // Some are answered before they go.
    if (i % 3 === 0 && i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    if (i % 2 === 0) client.socket.end();
    else client.end();
    await client.until(() => false);
  };
  for (let i = 0; i < cuts.length; i += 15) await Promise.all(cuts.slice(i, i + 15).map((cut, k) => drop(cut, i + k)));
  await until(() => server.connections === 0);
  await until(() => sockets() <= before);
  const client = await WireClient.ready(server.port);
  expect(await client.ask(q('select 1'))).toBe('T | D | C:SELECT 1 | ZI');
  client.end();
});

/** A client, and what ends its statement: sent again until it is heard, since one that comes between statements is lost. */
async function withKey(): Promise<{ client: WireClient; cancel: () => Promise<void> }> {
  const client = await WireClient.open(server.port);
  client.send(say.startup());
  await client.until((r) => r.some((x) => x.type === 'Z'));
  const key = client.replies.find((r) => r.type === 'K')!.body;
  client.replies.length = 0;
  const cancel = async () => {
    const other = await WireClient.open(server.port);
    other.send(say.cancel(key.readInt32BE(), key.subarray(4)));
    await other.until(() => false);
  };
  return { client, cancel };
}

const ended = (client: WireClient) => client.until((r) => r.some((x) => x.type === 'Z'));
const canceled = (why: string) => `E:ERROR 57014 canceling statement due to ${why} | ZI`;

test('cancel ends COPY in, COPY out and a long FETCH; the session goes on', async () => {
  const { client, cancel } = await withKey();
  await client.ask(q('create temp table t (a int)'));

  client.replies.length = 0;
  client.send(say.query('copy t from stdin'), message('d', '1\n2\n'));
  await client.until((r) => r.some((x) => x.type === 'G'));
  await cancel();
  await ended(client);
  expect(client.shown()).toBe(`G | ${canceled('user request')}`);
  // What the client still sends of it is passed over.
  expect(await client.ask([message('d', '3\n'), message('c'), say.query('select count(*) from t')])).toBe(
    'T | D | C:SELECT 1 | ZI',
  );
  expect(client.rows()).toEqual([['0']]);

  client.replies.length = 0;
  client.send(say.query('copy (select * from generate_series(1, 100000000)) to stdout'));
  await client.until((r) => r.some((x) => x.type === 'd'));
  client.socket.pause();
  await cancel();
  client.socket.resume();
  await ended(client);
  expect(client.shown()).toMatch(/^H \| d .*\| E:ERROR 57014 canceling statement due to user request \| ZI$/);

  await client.ask(q('begin; declare c cursor for select * from generate_series(1, 100000000)'));
  client.replies.length = 0;
  client.send(say.query('move forward all in c'));
  const again = setInterval(cancel, 200);
  await ended(client);
  clearInterval(again);
  expect(client.shown()).toBe('E:ERROR 57014 canceling statement due to user request | ZE');
  expect(await client.ask(q('rollback'))).toMatch(/C:ROLLBACK \| ZI$/);
  client.end();
});

test('statement_timeout counts in COPY, whichever side is slow', async () => {
  const client = await WireClient.ready(server.port);
  await client.ask(q('create temp table t (a int)'));
  const slow = async (copy: string, begun: string, meanwhile: (timeout: number) => Promise<void>) => {
    // On a busy machine a short time may be over before COPY has begun.
    for (const timeout of [300, 3000, 30_000]) {
      await client.ask(q(`set statement_timeout = ${timeout}`));
      client.replies.length = 0;
      client.send(say.query(copy));
      await client.until((r) => r.some((x) => x.type === begun || x.type === 'Z'));
      await meanwhile(timeout);
      await ended(client);
      if (client.replies[0]!.type === begun) return client.shown();
      expect(client.shown()).toBe(canceled('statement timeout'));
    }
    throw new Error('COPY never began');
  };
  expect(await slow('copy t from stdin', 'G', async () => undefined)).toBe(`G | ${canceled('statement timeout')}`);
  const out = await slow('copy (select * from generate_series(1, 100000000)) to stdout', 'H', async (timeout) => {
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 2 * timeout));
    client.socket.resume();
  });
  expect(out).toMatch(/E:ERROR 57014 canceling statement due to statement timeout \| ZI$/);
  client.end();
});

test('more endless queries than there are workers keep neither a heavy one nor a light one from its end', async () => {
  // The second kind is one step of DuckDB's, in which it does not listen.
  const endless = [
    'select count(md5(a::text || b::text)) from generate_series(1, 30000) a, generate_series(1, 30000) b',
    'select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b where a::int8 * b % 7 = 8',
  ];
  const stuck = await Promise.all([0, 1, 2].map(withKey));
  for (const [i, { client }] of stuck.entries()) client.send(say.query(endless[i % 2]!));
  const [heavy, light] = await Promise.all([WireClient.ready(server.port), WireClient.ready(server.port)]);
  for (let round = 0; round < 3; round++) {
    await Promise.all([
      heavy.ask(q(`select count(md5(g::text || 'x')) from generate_series(1, 100000) g`)),
      light.ask(q('select 1')),
    ]);
    expect(heavy.rows()).toEqual([['100000']]);
    expect(light.rows()).toEqual([['1']]);
  }
  for (const { client } of stuck) expect(client.replies.some((r) => r.type === 'Z')).toBe(false);
  for (const { client, cancel } of stuck) {
    await cancel();
    await ended(client);
    expect(client.shown()).toMatch(/E:ERROR 57014 canceling statement due to user request \| ZI$/);
    client.end();
  }
  for (const client of [heavy, light]) client.end();
});
