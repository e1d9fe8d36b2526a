// COPY TO STDOUT, byte for byte as a real PostgreSQL 15 sends it.
import { expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { say, type WireClient } from './wire-client.js';

const both = bothServers();

async function copied(client: WireClient, text: string): Promise<string[]> {
  await client.ask([say.query(text)]);
  return client.replies
    .filter((r) => r.type !== 'S')
    .map(({ type, body }) =>
      type === 'E' ? `E ${/\0C([^\0]*)/.exec(body.toString())?.[1]}` : `${type} ${body.toString('latin1')}`,
    );
}

const rows = String.raw`(values (1, 1.5::float8, 'plain', true), (null, null, null, null), (-2, 0.1, E'tab\tnew\nline\\back,"quoted"', false), (3, 'NaN', '', true), (4, 1e20, '\N', true), (5, 2, 'ä€😀', null)) v(a, b, c, d)`;

test.each([
  `copy (select * from ${rows}) to stdout`,
  `copy (select * from ${rows}) to stdout (format csv, header)`,
  `copy (select * from ${rows}) to stdout with csv delimiter ';' null 'NULL' quote '''' force quote c`,
  `copy (select * from ${rows}) to stdout (format csv, force_quote *, escape '\\')`,
  `copy (select * from ${rows}) to stdout (delimiter '|', null '-', header true)`,
  `copy (select * from ${rows}) to stdout (format binary)`,
  `copy (select * from ${rows}) to stdout binary`,
  `copy (select 1 where false) to stdout binary`,
  `copy (select c from ${rows}) to stdout csv`,
  String.raw`copy (select '\.') to stdout csv`,
  `copy (select 1 where false) to stdout csv header`,
  `copy (select 1) to stdout (format nope)`,
  `copy (select 1) to stdout (nope)`,
  `copy (select 1) to stdout (quote '"')`,
  `copy (select 1) to stdout (delimiter 'ab')`,
  `copy (select nope) to stdout`,
  `copy nope to stdout`,
])('%s', async (text) => {
  const { ours, theirs } = both();
  if (!theirs) return;
  const [mine, wanted] = [await copied(ours, text), await copied(theirs, text)];
  expect(mine).toEqual(wanted);
});
