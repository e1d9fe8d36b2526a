// Which table and column a result column comes from: the numbers in RowDescription, looked up in each server's own catalogue.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bothServers } from './both-servers.js';
import { say, type WireClient } from './wire-client.js';

const both = bothServers();
let clients: WireClient[] = [];

beforeAll(async () => {
  clients = await both().more();
  for (const client of clients)
    for (const text of [
      'create table public.t (a int, b text, "C c" float8[])',
      'create table public.u (a int, d date)',
      'create view public.v as select b, a + 1 as next, a from public.t',
      'create temp table own (x int, y int)',
    ])
      expect(await client.ask([say.query(text)])).toMatch(/ZI$/);
});
afterAll(() => {
  for (const client of clients) client.end();
});

/** `t.a` by position; `-` for what comes from no table. */
async function origins(client: WireClient, text: string): Promise<string[]> {
  const shown = await client.ask([say.parse('', text), say.describe('S', ''), say.sync]);
  const body = client.replies.find(({ type }) => type === 'T')?.body;
  if (!body) throw new Error(shown);
  const places: [number, number][] = [];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    places.push([body.readUInt32BE(end + 1), body.readInt16BE(end + 5)]);
    at = end + 19;
  }
  const names: string[] = [];
  for (const [table, column] of places) {
    if (table === 0) {
      names.push('-');
      continue;
    }
    await client.ask([
      say.query(
        `select relname, attname from pg_class c join pg_attribute a on attrelid = c.oid where c.oid = ${table} and attnum = ${column}`,
      ),
    ]);
    names.push(client.rows()[0]?.join('.') ?? `${table}.${column}`);
  }
  return names;
}

test.each([
  'select * from public.t',
  'select "C c" as renamed, b, a from public.t as x(a, b)',
  'select a + 1, a::bigint, (a), b || b, "C c"[1] from public.t',
  'select t.b, u.d, u.a from public.t join public.u using (a)',
  'select a, d from public.t natural left join public.u',
  'select b, count(*), max(a) from public.t group by b order by b',
  'select distinct a, b from public.t limit 3',
  'select * from (select b as q, a * 2, a from public.t where a > 1) s',
  'with c as (select a, b from public.t) select b, a from c',
  'select a from public.t union all select a from public.u',
  'select * from public.v',
  'select next, b from (select * from public.v) s',
  'select x, y, x from own',
  'select (select a from public.t), exists (select 1)',
  'select a, row_number() over (order by b), b from public.t',
  'insert into own values (1, 2) returning y, x + 1, x',
  "select 1, 'x', null",
])('%s', async (text) => {
  const [ours, theirs] = clients;
  const found = await origins(ours!, text);
  if (theirs) expect(found).toEqual(await origins(theirs, text));
  else expect(found.length).toBeGreaterThan(0);
});
