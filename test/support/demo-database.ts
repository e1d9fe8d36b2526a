// The tables of shared/pg-clients/demo-database.sql, as far as there are such objects here: no enums, sequences, partitions and functions.
import type { Database } from '../../src/session/index.js';

const statements = [
  'create schema hep',
  'create table hep.run (run_no int, started timestamptz, lumi numeric(12,4), note varchar(40))',
  `create table hep.event (event_id bigint, run_no int, px float8, py float4, tag text, ok boolean, q text, hits int[], d date, ts timestamp(3),
     j jsonb, u uuid, b bytea, c char(4), n numeric)`,
  `comment on table hep.event is 'one row per event'`,
  `comment on column hep.event.px is 'momentum x, GeV'`,
  'create view hep.good_event as select event_id, px, py from hep.event where ok',
  'create schema public',
  'create table public.t (a int, b float8, c real, d text, e boolean)',
  `insert into hep.run values (1, now(), 1.5, 'first')`,
  `insert into hep.event (event_id, run_no, px, py, tag, hits) values (1, 1, 1.5, 2.5, 'a', '{1,2}')`,
  `insert into public.t values (1, 2.5, 1.25, 'hello', true), (2, null, null, null, false)`,
];

export async function makeDemoTables(database: Database): Promise<void> {
  const session = database.session();
  for (const statement of statements) await (await session.sql(statement)).close();
}
