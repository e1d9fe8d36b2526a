// Objects of the catalogue are numbers that go by their names: types, texts and binary values are PostgreSQL's, wherever they stand.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { fields, say, type WireClient } from './wire-client.js';

const both = bothServers();

const statements = readFileSync(new URL('object-names.sql', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('--'));

/** Functions have numbers of their own here. */
const isNumbered = (text: string) => !/regproc/.test(text);

/** All that is answered; of errors the condition and the words. */
async function answer(client: WireClient, text: string, format: 0 | 1): Promise<string[]> {
  await client.ask([
    say.parse('', text),
    say.bind('', '', [], [], [format]),
    say.describe('P', ''),
    say.execute(''),
    say.sync,
  ]);
  return client.replies.map(({ type, body }) => {
    if (type === 'E') return `${fields(body)['C']} ${fields(body)['M']}`;
    // Tables and columns have numbers of their own.
    return `${type} ${type === 'T' ? columnTypes(body) : body.toString('hex')}`;
  });
}

function columnTypes(body: Buffer): string {
  const shown: string[] = [];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    shown.push(`${body.toString('utf8', at, end)} ${body.readUInt32BE(end + 7)} ${body.readInt16BE(end + 11)}`);
    at = end + 19;
  }
  return shown.join(', ');
}

test.each(statements)('%s', async (text) => {
  const { ours, theirs } = both();
  if (!theirs) return;
  expect(await answer(ours, text, 0)).toEqual(await answer(theirs, text, 0));
  if (/^select|^with|^values/.test(text) && isNumbered(text))
    expect(await answer(ours, text, 1)).toEqual(await answer(theirs, text, 1));
});

test.each(['create temp table t3 (c regclass)', 'create temp table t4 (a int); alter table t4 add column c regtype[]'])(
  'tables have no such columns: %s',
  async (text) => {
    expect(await both().ours.ask([say.query(text)])).toMatch(/E:ERROR 0A000 columns of type reg/);
  },
);
