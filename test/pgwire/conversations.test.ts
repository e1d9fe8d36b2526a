// What is said to both servers, message by message, and what comes back: equal to PostgreSQL 15's answers, field by field.
import { describe, expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { fields, message, say, WireClient } from './wire-client.js';

const both = bothServers();
const q = say.query;
const int32 = (...values: number[]) => {
  const out = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) out.writeInt32BE(value, 4 * i);
  return out;
};

/** Messages as lines. Oids of tables and numbers of processes are each server's own. */
function lines(client: WireClient): string[] {
  return client.replies.map(({ type, body }) => {
    if (type === 'E' || type === 'N') {
      const f = fields(body);
      return ['S', 'C', 'M', 'D', 'H', 'P'].reduce((line, key) => `${line} ${f[key] ?? ''}`, type);
    }
    if (type === 'A') return `A ${body.toString('utf8', 4)}`;
    if (type !== 'T') return `${type} ${body.toString('latin1')}`;
    const found: string[] = [];
    for (let at = 2; at < body.length; ) {
      const end = body.indexOf(0, at);
      const [oid, size, format] = [body.readInt32BE(end + 7), body.readInt16BE(end + 11), body.readInt16BE(end + 17)];
      found.push(`${body.toString('utf8', at, end)}:${oid}:${size}:${format}`);
      at = end + 19;
    }
    return `T ${found.join(' ')}`;
  });
}

const readies = (parts: readonly Buffer[]) =>
  parts.filter((part) => 'QFS'.includes(String.fromCharCode(part[0]!))).length;

async function same(parts: readonly Buffer[]): Promise<void> {
  const found: string[][] = [];
  for (const client of await both().more()) {
    await client.ask(parts, readies(parts));
    found.push(lines(client));
    client.end();
  }
  const [ours, theirs] = found;
  expect(ours!.length).toBeGreaterThan(0);
  if (theirs) expect(ours).toEqual(theirs);
}

const extended = (
  text: string,
  values: (string | Buffer | null)[] = [],
  formats: number[] = [],
  results: number[] = [],
) => [
  say.parse('', text),
  say.describe('S', ''),
  say.bind('', '', values, formats, results),
  say.describe('P', ''),
  say.execute(''),
  say.sync,
];
const square = Buffer.concat([int32(2, 0, 23, 2, 1, 2, 1), ...[1, 2, 3, 4].map((value) => int32(4, value))]);
const askArray =
  'select $1::int4[], array_ndims($1), array_dims($1), $1[1][2], $1 = array[[1,2],[3,4]], array_length($1, 2), cardinality($1)';

const conversations: Record<string, readonly Buffer[]> = {
  'arrays of two dimensions, as text': extended(askArray, ['{{1,2},{3,4}}']),
  'arrays of two dimensions, in binary': extended(askArray, [square], [1], [1]),
  'any of an array of two dimensions': extended('select 3 = any($1::int4[]), 5 = all($1)', ['{{1,2},{3,4}}']),
  'a ragged array': extended('select $1::int4[]', ['{{1,2},{3}}']),
  'an array of seven dimensions': extended('select $1::int4[]', ['{{{{{{{1}}}}}}}']),
  'a damaged array': extended('select $1::int4[]', [square.subarray(0, 30)], [1]),
  'an array whose length is below zero': extended('select $1::int4[]', [int32(1, 0, 23, -1, 1)], [1]),
  'as many formats of results as columns, or one, or none': [
    ...extended('select 1, 2', [], [], [0, 1]),
    ...extended('select 1, 2', [], [], [1]),
    ...extended('select 1, 2, 3', [], [], [0, 1]),
  ],
  'an array of another type': extended('select $1::int4[]', [int32(1, 0, 25, 0, 1)], [1]),
  'a table of arrays': [
    q('create temp table a (x int[], y int[][])'),
    ...extended('insert into a values ($1, $2) returning *', ['{1,NULL}', '{{5},{6}}']),
    q('select *, y[2][1] from a'),
  ],
  'a binary cursor': [
    q("begin; declare c binary cursor for select 1, 'a'::text, 1.5::float8, null::int"),
    q('fetch 1 from c'),
    say.describe('P', 'c'),
    say.sync,
    ...extended('fetch all from c'),
    q('close c; commit'),
  ],
  'cursors described': [
    q("begin; declare c cursor for select 1 as a, 'x' as b"),
    say.parse('f', 'fetch 1 from c'),
    say.describe('S', 'f'),
    say.bind('', 'f', [], [], [1]),
    say.describe('P', ''),
    say.execute(''),
    say.parse('m', 'move 1 from c'),
    say.describe('S', 'm'),
    say.parse('d', 'declare d cursor for select 1'),
    say.describe('S', 'd'),
    say.sync,
    q('rollback'),
  ],
  'commands described': [
    q('prepare p(int) as select $1 as x, 2 as y'),
    ...extended('execute p(1)'),
    ...extended('show datestyle'),
    ...extended('values (1)'),
    ...extended('begin'),
    ...extended('commit'),
    ...extended(''),
    say.parse('e', 'explain select 1'),
    say.describe('S', 'e'),
    say.sync,
  ],
  timeouts: [
    "'-1'",
    "'5 parsecs'",
    "'abc'",
    "''",
    "'1.5s'",
    "' 2 min '",
    "'400000000 d'",
    '2147483648',
    '-5',
    "'90s'",
    "'1h'",
  ].flatMap((value) => [q(`set statement_timeout = ${value}`), q('show statement_timeout')]),
  'listen and notify': [
    q("listen a; notify a, 'x'; notify a, 'x'; notify b; notify a, 'y'"),
    q("select pg_notify('a', 'z')"),
    q('select * from pg_listening_channels()'),
    q('listen "B"; select pg_listening_channels()'),
    q('select pg_listening_channels() order by 1'),
    q("begin; notify a, 'in a block'; select 1"),
    q("savepoint s; notify a, 'undone'; listen c"),
    q('rollback to s'),
    q("notify a, 'after'"),
    q('commit'),
    q("begin; notify a, 'never'; rollback"),
    q("notify a, 'never'; select 1/0"),
    ...extended('select pg_notify($1, $2)', ['a', 'by parameter']),
    ...extended('notify "B"'),
    ...extended('select pg_notify($1, $2)', ['', 'x']),
    ...extended('select pg_notify($1, $2)', ['x'.repeat(64), 'x']),
    ...extended('select pg_notify($1, $2)', ['a', 'x'.repeat(8000)]),
    ...extended('select pg_notify($1, $2)', ['a', null]),
    q('unlisten a; notify a'),
    q('select * from pg_listening_channels()'),
    q('discard all'),
    q('select count(*) from pg_listening_channels()'),
    q('listen a'),
    q('begin; unlisten *; notify a'),
    q('commit'),
  ],
};

/** Instead of a startup, or before one: what is sent at once, piece after piece. */
const user = { user: 'skyhook', database: 'postgres' };
const cancelCode = 80877102;
const gssRequest = message('', int32(80877104));
const openings: Record<string, readonly Buffer[]> = {
  'protocol 4.0': [say.startup(user, 4 << 16)],
  'protocol 0.0': [say.startup(user, 0)],
  'protocol 1.0': [say.startup(user, 1 << 16)],
  'protocol 3.7 with options': [say.startup({ ...user, '_pq_.a': '1', '_pq_.b': '2' }, (3 << 16) | 7)],
  'TLS asked for twice': [say.sslRequest, say.sslRequest],
  'no terminator': [message('', Buffer.concat([int32(3 << 16), Buffer.from('user\0skyhook\0')]))],
  'bytes behind the terminator': [message('', Buffer.concat([int32(3 << 16), Buffer.from('user\0skyhook\0\0xx')]))],
  'cancel without a number': [message('', int32(cancelCode))],
  'cancel with a long key': [message('', Buffer.concat([int32(cancelCode, 1), Buffer.alloc(32)]))],
  'a length of 3': [int32(3)],
  'a negative length': [int32(-5)],
  'an option that there is not': [say.startup({ ...user, options: '-c nope=5s' })],
  'an option with a wrong value': [say.startup({ ...user, options: '-c statement_timeout=abc' })],
};

test.each(Object.entries(openings))('opening: %s', async (_, parts) => {
  const { server, postgres } = both();
  const found: string[] = [];
  for (const port of [server.port, postgres?.port]) {
    if (port === undefined) continue;
    const client = await WireClient.open(port);
    for (const part of parts) {
      const before = client.raw.length;
      client.socket.write(part);
      // An answer to each, where it is not the end.
      await client.until((replies) => client.raw.length > before || replies.length > 0);
    }
    await client.until((replies) => replies.some(({ type }) => type === 'Z'));
    // Not what a server is called, and which number a process has.
    const isPlain = /^(?:N?$|EFATAL)/.test(client.raw.toString('latin1'));
    const errors = /SFATAL\0VFATAL\0C([^\0]*\0M[^\0]*)/.exec(client.raw.toString('latin1'))?.[1];
    found.push(errors ?? (isPlain ? client.raw.toString('latin1').trim() : client.shown()));
    client.end();
  }
  const [ours, theirs] = found;
  if (theirs !== undefined) expect(ours).toBe(theirs);
});

test('encryption by GSSAPI is offered by neither twice', async () => {
  const client = await WireClient.open(both().server.port);
  client.send(gssRequest);
  await client.until(() => client.raw.length > 0);
  client.send(gssRequest);
  await client.until(() => false);
  expect(client.raw.toString('latin1')).toMatch(/^NE.*C0A000\0Munsupported frontend protocol 1234\.5680: /s);
});

describe('conversations', () => {
  test.each(Object.entries(conversations))('%s', (_, parts) => same(parts));
});

test('notifications between sessions: at once to who waits, after its transaction to who does not', async () => {
  const [ourListener, theirListener] = await both().more();
  const [ourSpeaker, theirSpeaker] = await both().more();
  const found: string[][] = [];
  for (const [listener, speaker] of [
    [ourListener, ourSpeaker],
    [theirListener, theirSpeaker],
  ]) {
    if (!listener || !speaker) continue;
    const shown: string[] = [];
    const heard = (count: number) => listener.until((r) => r.filter(({ type }) => type === 'A').length >= count);
    const take = (what: string) => {
      shown.push(what, ...lines(listener));
      listener.replies.length = 0;
    };
    await listener.ask([q('listen news; listen "Other"')]);
    take('listening');
    await speaker.ask([q('notify news, \'one\'; notify "Other"')]);
    await heard(2);
    take('while it waits');
    await listener.ask([q('begin')]);
    take('in a block');
    await speaker.ask([q("notify news, 'two'")]);
    await listener.ask([q('select 1')]);
    take('still in it');
    await listener.ask([q('rollback')]);
    take('after it');
    listener.send(say.parse('', 'select 1'), say.flush);
    await listener.until((r) => r.some(({ type }) => type === '1'));
    await speaker.ask([q("notify news, 'three'")]);
    listener.send(say.sync);
    await heard(1);
    await listener.until((r) => r.some(({ type }) => type === 'Z'));
    take('after Sync');
    speaker.send(message('X'));
    await speaker.until(() => false);
    listener.end();
    found.push(shown);
  }
  const [ours, theirs] = found;
  expect(ours!.filter((line) => line.startsWith('A '))).toHaveLength(4);
  if (theirs) expect(ours).toEqual(theirs);
});

test('statements and sessions stopped by their number', async () => {
  const { server } = both();
  const [one, other] = await Promise.all([WireClient.ready(server.port), WireClient.ready(server.port)]);
  const stranger = await WireClient.ready(server.port, { user: 'stranger' });
  const numberOf = async (client: WireClient) => {
    await client.ask([q('select pg_backend_pid()')]);
    return Number(client.rows()[0]![0]);
  };
  const number = await numberOf(one);
  expect(await stranger.ask([q(`select pg_cancel_backend(${number})`)])).toContain(
    'E:ERROR 42501 must be a member of the role whose query is being canceled or member of pg_signal_backend',
  );
  expect(await other.ask([q('select pg_cancel_backend(1), pg_cancel_backend(null)')])).toContain(
    'N:WARNING 01000 PID 1 is not a PostgreSQL backend process',
  );
  expect(other.rows()).toEqual([['f', null]]);
  // Told to who only describes it: nothing.
  await other.ask([say.parse('t', `select pg_terminate_backend(${number})`), say.describe('S', 't'), say.sync]);
  one.replies.length = 0;
  one.send(q('select pg_sleep(1000)'));
  // One that comes before the statement has begun is lost, as in PostgreSQL.
  while (!one.replies.some(({ type }) => type === 'Z'))
    await other.ask([...extended(`select pg_cancel_backend(x) from (values ($1::int)) v(x)`, [String(number)])]);
  expect(other.rows()).toEqual([['t']]);
  expect(one.shown()).toBe('E:ERROR 57014 canceling statement due to user request | ZI');
  expect(await one.ask([q('select 1')])).toBe('T | D | C:SELECT 1 | ZI');
  one.replies.length = 0;
  await other.ask([say.bind('', 't'), say.execute(''), say.sync]);
  await one.until(() => false);
  expect(one.shown()).toBe('E:FATAL 57P01 terminating connection due to administrator command [closed]');
  for (const client of [other, stranger]) client.end();
});
