// COPY TO STDOUT, byte for byte as a real PostgreSQL 15 sends it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { say, WireClient } from './wire-client.js';

let database: Database;
let server: WireServer;
let postgres: PostgresServer | undefined;
let ours: WireClient;
let theirs: WireClient | undefined;

beforeAll(async () => {
  database = await Database.open('memory:');
  server = await serve(database, { ...defaultServerOptions, port: 0 });
  ours = await WireClient.ready(server.port);
  postgres = await startPostgres();
  if (postgres) theirs = await WireClient.ready(postgres.port, { user: 'skyhook', database: 'postgres' });
});
afterAll(async () => {
  ours.end();
  theirs?.end();
  await server.close();
  await database.close();
  await postgres?.stop();
});

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
  if (!theirs) return;
  const [mine, wanted] = [await copied(ours, text), await copied(theirs, text)];
  expect(mine).toEqual(wanted);
});
