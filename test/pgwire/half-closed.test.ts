// A client that closes its side has its answers all the same, and what it asked for is done, as on PostgreSQL 15; only rows for nobody are not made.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { until } from '../support/until.js';
import { bothServers, theirUser } from './both-servers.js';
import { message, say, WireClient } from './wire-client.js';

const both = bothServers();

const named = (text: string) => [say.parse('', text), say.bind('', ''), say.describe('P', ''), say.execute('')];

test.each<[string, Buffer[]]>([
  ['nothing', []],
  ['a query', [say.query('select 1')]],
  ['several', [say.query('select 1; select 2; select 1/0; select 3'), say.query('select 4')]],
  ['a query that takes its time', [say.query('select count(*) from generate_series(1, 1000000) a')]],
  ['one that sleeps', [say.query('select pg_sleep(0.7)'), say.query('select 5')]],
  ['many rows', [say.query('select * from generate_series(1, 30000)')]],
  [
    'a pipeline',
    [
      ...named('select 1'),
      ...named('select 2'),
      say.sync,
      ...named('select 1 / a from generate_series(0, 0) a'),
      say.sync,
    ],
  ],
  ['a block left open', [say.query('begin'), say.query('select 1')]],
  ['Terminate', [say.query('select 1'), say.terminate, say.query('select 2')]],
  ['COPY out', [say.query('copy (select 1) to stdout')]],
  ['half a message', [say.query('select 1'), say.query('select 2').subarray(0, 7)]],
])('%s, then no more', async (_, parts) => {
  const { server, postgres } = both();
  if (!postgres) return;
  const [ours, theirs] = await Promise.all([
    answered(await WireClient.ready(server.port), parts),
    answered(await WireClient.ready(postgres.port, theirUser), parts),
  ]);
  expect(ours).toBe(theirs);
});

async function answered(client: WireClient, parts: Buffer[]): Promise<string> {
  client.send(Buffer.concat(parts));
  client.socket.end();
  await client.until(() => client.closed);
  return client.shown();
}

test('COPY in without an end keeps nothing', async () => {
  for (const client of await both().more()) {
    await client.ask([say.query('create schema halves; create table halves.t (a int)')]);
    const copying = await another(client);
    copying.send(say.query('copy halves.t from stdin'), message('d', '1\n2\n'));
    copying.socket.end();
    await copying.until(() => copying.closed);
    await client.ask([say.query('select * from halves.t')]);
    expect(client.rows()).toEqual([]);
    client.end();
  }
});

test('a change is made though its client does not wait for the answer', async () => {
  for (const client of await both().more()) {
    await client.ask([say.query('create schema halves2; create table halves2.t (a int)')]);
    const insert = 'insert into halves2.t select * from generate_series(1, 100000)';
    // Sent in one piece with the end of the stream, by clients that read nothing.
    const changing = [[say.query(insert)], [...named(insert), say.sync], [say.query(insert), say.terminate]];
    const slow = [say.query('select count(*) from generate_series(1, 1000000) a'), say.query(insert)];
    for (const parts of [...changing, slow]) {
      const socket = connect(client.socket.remotePort!, '127.0.0.1');
      const user = client.socket.remotePort === both().server.port ? undefined : theirUser;
      const gone = new Promise((resolve) => socket.once('close', resolve));
      socket.end(Buffer.concat([say.startup(user), ...parts]));
      socket.on('error', () => undefined);
      socket.resume();
      await gone;
    }
    await until(async () => {
      await client.ask([say.query('select count(*) from halves2.t')]);
      return client.rows()[0]![0] === '400000';
    });
    client.end();
  }
});

test('an endless query of a client that has gone ends', async () => {
  const { server } = both();
  const before = server.connections;
  const endless = 'select count(*) from generate_series(1, 3000000) a, generate_series(1, 3000000) b';
  for (const parts of [[say.query(endless)], [...named(endless), say.sync], [say.query(`begin; ${endless}`)]]) {
    const client = await WireClient.ready(server.port);
    client.send(Buffer.concat(parts));
    // Sees that the query runs before it goes.
    const other = await WireClient.ready(server.port);
    await until(async () => {
      await other.ask([
        say.query(
          `select 1 from pg_stat_activity where state = 'active' and query like '%3000000%' and pid <> pg_backend_pid()`,
        ),
      ]);
      return other.rows().length > 0;
    });
    other.end();
    client.end();
  }
  await until(() => server.connections <= before);
});

async function another(client: WireClient): Promise<WireClient> {
  const ours = client.socket.remotePort === both().server.port;
  return WireClient.ready(client.socket.remotePort!, ours ? undefined : theirUser);
}
