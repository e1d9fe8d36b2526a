// COPY FROM STDIN, message for message as a real PostgreSQL 15 answers it.
import { expect, test } from 'vitest';
import { until } from '../support/until.js';
import { bothServers } from './both-servers.js';
import { WireClient as Client, message, say } from './wire-client.js';

const both = bothServers();

const data = (text: string | Buffer) => message('d', text);
const done = message('c');
const failed = (reason: string) => message('f', `${reason}\0`);
const q = (text: string) => say.query(text);
const extended = (text: string) => [say.parse('', text), say.bind('', ''), say.describe('P', ''), say.execute('')];

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const tuple = (a: number, b: string) => {
  const text = Buffer.from(b);
  const out = Buffer.alloc(14 + text.length);
  out.writeInt16BE(2, 0);
  out.writeInt32BE(4, 2);
  out.writeInt32BE(a, 6);
  out.writeInt32BE(text.length, 10);
  text.copy(out, 14);
  return out;
};

/** What is sent at once, and how many ReadyForQuery it brings. */
const conversations: Record<string, readonly [parts: readonly Buffer[], ready: number]> = {
  'rows in messages cut anywhere': [
    [q('copy t from stdin'), data('1\ta\n2'), data(''), data('\tb\n3\t'), data('c\n'), done],
    1,
  ],
  'no rows': [[q('copy t from stdin'), done], 1],
  'an end mark, and what follows it': [[q('copy t from stdin'), data('1\ta\n\\.\n'), done], 1],
  csv: [[q("copy t from stdin with (format csv, header, null '-')"), data('a,b\n1,"x,\ny"\n2,-\n'), done], 1],
  binary: [
    [
      q('copy t from stdin binary'),
      data(signature),
      data(tuple(1, 'a')),
      data(tuple(2, 'ä')),
      data(Buffer.of(255, 255)),
      done,
    ],
    1,
  ],
  'columns in another order': [[q('copy t (b, a) from stdin'), data('x\t7\n'), done], 1],
  'the client gives up': [[q('copy t from stdin'), data('1\ta\n'), failed('changed my mind')], 1],
  'a bad value, and more data': [
    [q('copy t from stdin'), data('1\ta\nx\tb\n'), data('3\tc\n'), done, q('select 1')],
    2,
  ],
  'too many columns': [[q('copy t from stdin'), data('1\ta\tb\n'), done], 1],
  'too few columns': [[q('copy t from stdin'), data('1\n'), done], 1],
  'another message in between': [[q('copy t from stdin'), data('1\ta\n'), q('select 1'), q('select 2')], 2],
  'a function call in between': [[q('copy t from stdin'), message('F', 'x'), q('select 2')], 2],
  'Flush and Sync in between are ignored': [[q('copy t from stdin'), say.flush, data('1\ta\n'), say.sync, done], 1],
  'several statements': [[q('select 1; copy t from stdin; select 2'), data('1\ta\n'), done], 1],
  'two copies in one message': [
    [q('copy t from stdin; copy t from stdin'), data('1\ta\n'), done, data('2\tb\n'), done],
    1,
  ],
  'in a transaction that is rolled back': [
    [q('begin'), q('copy t from stdin'), data('1\ta\n'), done, q('rollback')],
    3,
  ],
  'an error in a transaction': [
    [q('begin'), q('copy t from stdin'), data('x\ta\n'), done, q('select 1'), q('rollback')],
    4,
  ],
  'extended: Sync sent early, as libpq does': [
    [...extended('copy t from stdin'), say.sync, data('1\ta\n'), done, say.sync],
    1,
  ],
  'extended: an error, then skip until Sync': [
    [
      ...extended('copy t from stdin'),
      data('x\ta\n'),
      done,
      ...extended('select 1'),
      say.sync,
      ...extended('select 1'),
      say.sync,
    ],
    2,
  ],
  'extended: CopyFail': [[...extended('copy t from stdin'), failed('no'), say.sync], 1],
  'data without a COPY': [[data('1\ta\n'), done, failed('x'), q('select 1')], 1],
  'an unknown table': [[q('copy nope from stdin'), q('select 1')], 2],
};

test.each(Object.entries(conversations))('%s', async (_, [parts, ready]) => {
  const clients = await both().more();
  const answers: string[][] = [];
  for (const client of clients) {
    await client.ask([q('create temp table t (a int, b text)')]);
    const shown = await client.ask(parts, ready);
    const formats = client.replies.filter((r) => r.type === 'G').map((r) => r.body.toString('hex'));
    await client.ask([q('select a, b from t order by a')]);
    answers.push([shown, ...formats, JSON.stringify(client.rows())]);
    client.end();
  }
  const [mine, wanted] = answers;
  if (wanted) expect(mine).toEqual(wanted);
});

test('a client that goes away in the middle leaves nothing', async () => {
  const { server } = both();
  const client = await Client.ready(server.port);
  await client.ask([q('create schema if not exists gone; create table gone.t (a int)')]);
  client.send(q('copy gone.t from stdin'), data('1\n2\n'));
  await client.until((r) => r.some((x) => x.type === 'G'));
  client.end();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const other = await Client.ready(server.port);
  await other.ask([q('select * from gone.t')]);
  expect(other.rows()).toEqual([]);
  // Lost framing in the middle ends the connection without a word.
  other.send(q('copy gone.t from stdin'), data('1\n'), Buffer.of(0x64, 0, 0, 0, 1));
  await other.until(() => false);
  expect(other.shown()).not.toContain('E:');
  other.end();
});

test('a timeout while the client says nothing', async () => {
  const { server } = both();
  const client = await Client.ready(server.port);
  await client.ask([q('create temp table t (a int)')]);
  let shown = '';
  // On a busy machine a short time may be over before COPY has begun.
  for (const timeout of [100, 1000, 10_000]) {
    await client.ask([q(`set statement_timeout = ${timeout}`)]);
    shown = await client.ask([q('copy t from stdin'), data('1\n')]);
    if (shown.startsWith('G')) break;
  }
  expect(shown).toBe('G | E:ERROR 57014 canceling statement due to statement timeout | ZI');
  await client.ask([q('reset statement_timeout')]);
  await client.ask([q('select count(*) from t')]);
  expect(client.rows()).toEqual([['0']]);
  client.end();
});

test('what is sent while a statement runs stays with the client', async () => {
  const { server } = both();
  const client = await Client.ready(server.port);
  client.send(
    q('select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a * b.b % 7 = 8'),
  );
  const most = 64;
  let taken = 0;
  const chunk = Buffer.alloc(1 << 20);
  const more = (): void => {
    client.socket.write(chunk, (error) => {
      if (!error && ++taken < most) more();
    });
  };
  more();
  // Until no more is taken: what lies between are the kernel's buffers.
  let before = -1;
  await until(() => {
    const settled = taken === before;
    before = taken;
    return settled;
  }, 1000);
  expect(taken).toBeLessThan(most / 2);
  client.end();
});

test('what the server does not take yet stays with the client', async () => {
  const { server } = both();
  const client = await Client.ready(server.port);
  await client.ask([q('create temp table t (a int, b text)')]);
  client.send(q('copy t from stdin'));
  await client.until((r) => r.some((x) => x.type === 'G'));
  const before = process.memoryUsage().arrayBuffers;
  const chunk = data(`${'1\tsome text that is not short, so that it counts\n'.repeat(2000)}`);
  let most = 0;
  const rows = 2_000_000;
  for (let sent = 0; sent < rows; sent += 2000) {
    if (!client.socket.write(chunk)) await new Promise((resolve) => client.socket.once('drain', resolve));
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(await client.ask([done])).toBe(`C:COPY ${rows} | ZI`);
  // 100 MB went in; the table itself, which is in memory here, is about as large.
  expect(most).toBeLessThan(400e6);
  client.end();
});
