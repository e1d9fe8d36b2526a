// What lies between two Syncs stays or goes as a whole, errors come at once, and one connection may end another: as PostgreSQL does it.
import { expect, test } from 'vitest';
import { bothServers, theirUser } from './both-servers.js';
import { say, WireClient } from './wire-client.js';

const both = bothServers();
const q = (text: string) => [say.query(text)];
const extended = (text: string) => [say.parse('', text), say.bind('', ''), say.execute('')];

const conversations: Record<string, readonly Buffer[]> = {
  'several statements, the last of which fails': q('insert into own values (1); select 1/0'),
  'several that succeed': q('insert into own values (2); insert into own values (3)'),
  'executions up to a Sync, one of which fails': [
    ...extended('insert into own values (4)'),
    ...extended('insert into own values (2)'),
    say.sync,
  ],
  'executions that succeed': [
    ...extended('insert into own values (5)'),
    ...extended('insert into own values (6)'),
    say.sync,
  ],
  'a block that begins between': q('insert into own values (7); begin; insert into own values (8)'),
  'and is rolled back': q('rollback'),
  'what is there': q('select array_agg(a order by a) from own'),
  'lists of numerics in a table': q(
    `create temp table lists (a numeric[]); insert into lists values (array[1.5, null, 'NaN'::numeric]); select * from lists`,
  ),
};

test('as on PostgreSQL', async () => {
  const { ours, theirs } = both();
  for (const client of [ours, theirs])
    await client?.ask(q('create temp table own (a int primary key, check (a < 100))'));
  for (const [name, parts] of Object.entries(conversations)) {
    const answer = await ours.ask(parts);
    if (theirs) expect(answer, name).toBe(await theirs.ask(parts));
  }
  expect(ours.rows().at(-1)).toEqual(['{1.5,NULL,NaN}']);
});

test('an error is sent before a Flush, which is skipped', async () => {
  const [client] = await both().more();
  client!.send(...extended('select 1/0'), say.flush);
  await client!.until((replies) => replies.some(({ type }) => type === 'E'));
  client!.end();
});

test('one connection ends another, which learns why', async () => {
  const [victim] = await both().more();
  await victim!.ask(q('select pg_backend_pid()'));
  const [[id]] = victim!.rows() as [[string]];
  const { ours } = both();
  await ours.ask(q(`select state from pg_stat_activity where pid = ${id}`));
  expect(ours.rows()).toEqual([['idle']]);
  await ours.ask(q(`select pg_terminate_backend(${id}), pg_terminate_backend(1)`));
  expect(ours.rows()).toEqual([['t', 'f']]);
  await victim!.until(() => false);
  expect(victim!.shown()).toContain('E:FATAL 57P01 terminating connection due to administrator command [closed]');
  victim!.end();
});

test('what connections do is seen by their role, and that they are there by all', async () => {
  const { ours, theirs, server, postgres } = both();
  await theirs?.ask(q('create role bob login'));
  const watched = await both().more();
  const seen: unknown[][][] = [];
  for (const [i, client] of watched.entries()) {
    const watcher = (i === 0 ? ours : theirs)!;
    const port = i === 0 ? server.port : postgres!.port;
    const bob = await WireClient.ready(port, { ...theirUser, user: 'bob' });
    await client.ask(q('select pg_backend_pid()'));
    const [[id]] = client.rows() as [[string]];
    const rows: unknown[] = [];
    const look = async (by: WireClient) => {
      await by.ask(q(`select state, query from pg_stat_activity where pid = ${id}`));
      rows.push(by.rows());
    };
    await look(watcher);
    await client.ask([say.parse('one', 'select 1 as one'), say.sync]);
    await client.ask(q('begin'));
    await look(watcher);
    await client.ask([say.bind('', 'one'), say.execute(''), say.sync]);
    await look(watcher);
    await client.ask(q('select 1/0'));
    await look(watcher);
    await look(bob);
    bob.end();
    client.end();
    seen.push(rows as unknown[][]);
  }
  expect(seen[0]![4]).toEqual([[null, '<insufficient privilege>']]);
  if (theirs) expect(seen[0]).toEqual(seen[1]);
});
