// psql's Tab key and its describe commands: a real psql at a terminal offers the same on our server as on a PostgreSQL 15 that holds the same tables, and none of its
// questions to the catalogue fails.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { PsqlTerminal } from './psql-terminal.js';
import { fields } from './wire-client.js';

const bin = process.env['SKYHOOK_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
const hasTerminal = existsSync(join(bin, 'psql')) && existsSync('/usr/bin/script');
if (!hasTerminal && process.env['CI'] === 'true') throw new Error('psql or script is missing');

const tables = [
  'create schema hep',
  'create table hep.run (run_no int primary key, started timestamptz not null default now(), lumi numeric(12,4), note varchar(40))',
  `create table hep.event (event_id bigint primary key, run_no int not null references hep.run(run_no), px float8, py float4 check (py > 0), tag text not null,
     ok boolean default true, hits int[], d date, j jsonb, u uuid, b bytea, c char(4), n numeric)`,
  'create view hep.good_event as select event_id, px, py from hep.event where ok',
  'create table public.t (a int, b float8, c real, d text, e boolean)',
  'create table public."Mixed Case" ("A b" int, plain text)',
];

/** Between psql and a server: notes what errors there were. */
async function listening(port: number, errors: string[]): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.pipe(upstream);
    upstream.pipe(client);
    let rest = Buffer.alloc(0);
    upstream.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5) {
        const end = rest.readInt32BE(1) + 1;
        if (rest.length < end) break;
        if (rest[0] === 0x45) errors.push(fields(rest.subarray(5, end))['M']!);
        rest = rest.subarray(end);
      }
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: Server) => (server.address() as { port: number }).port;

let database: Database;
let server: WireServer;
let between: Server;
let postgres: PostgresServer | undefined;
let ours: PsqlTerminal | undefined;
let theirs: PsqlTerminal | undefined;
const errors: string[] = [];

const terminal = (port: number) =>
  PsqlTerminal.open(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'skyhook', '-d', 'postgres']);

beforeAll(async () => {
  if (!hasTerminal) return;
  database = await Database.open('memory:');
  const session = database.session();
  for (const text of ['create schema public', ...tables]) await (await session.sql(text)).close();
  await session.close();
  server = await serve(database, { ...defaultServerOptions, port: 0 });
  between = await listening(server.port, errors);
  ours = await terminal(portOf(between));
  postgres = await startPostgres();
  if (!postgres) return;
  const client = await postgres.connect();
  for (const text of tables) await client.query(text);
  await client.end();
  theirs = await terminal(postgres.port);
});
afterAll(async () => {
  await ours?.close();
  await theirs?.close();
  between?.close();
  await server?.close();
  await database?.close();
  await postgres?.stop();
});

/** One a line; a blank at its end is marked. */
const lines = (text: string) => text.slice(1).replaceAll('¶', '').split('\n');

/** Answered alike. */
const alike = lines(String.raw`
SELECT * FROM hep.
SELECT * FROM hep.e
SELECT * FROM t
SELECT * FROM "Mi
SELECT * FROM public.
SELECT * FROM pg_cl
SELECT * FROM information_schema.ta
SELECT * FROM hep.event WHERE ¶
SELECT * FROM hep.event ORDER ¶
SEL
\d hep.
\dt hep.
\dt hep.r
\dv hep.
\di hep.
\dn h
\du s
\dT tim
\da su
\dp hep.
\z hep.
\ds ¶
\dm ¶
\dE ¶
\dew ¶
\des ¶
\db pg
\dD ¶
\dconfig work
\l pos
\c pos
\sv hep.
\ev hep.
\h SEL
\pset fo
\timing ¶
\x ¶
UPDATE hep.
UPDATE hep.event SET ¶
UPDATE hep.event SET r
UPDATE t SET ¶
INSERT INTO hep.
INSERT INTO hep.event ¶
INSERT INTO hep.event (
INSERT INTO hep.event (r
DELETE FROM hep.
DELETE FROM hep.event ¶
DROP TABLE hep.
DROP TABLE t
DROP VIEW hep.
DROP INDEX hep.
DROP SCHEMA h
DROP ROLE s
DROP TYPE tim
DROP SEQUENCE ¶
DROP MATERIALIZED VIEW ¶
ALTER TABLE hep.
ALTER TABLE hep.event ¶
ALTER TABLE hep.event DROP COLUMN ¶
ALTER TABLE hep.event ALTER COLUMN r
ALTER TABLE hep.event RENAME COLUMN ¶
ALTER TABLE hep.event DROP CONSTRAINT ¶
ALTER TABLE hep.event SET TABLESPACE ¶
ALTER TABLE hep.event ADD COLUMN x tim
ALTER VIEW hep.
ALTER DATABASE p
ALTER INDEX hep.
ALTER AGGREGATE su
ALTER TABLESPACE ¶
COPY hep.
COPY hep.event ¶
COPY hep.event FROM STDIN ¶
GRANT SELECT ON hep.
GRANT USAGE ON SCHEMA h
TRUNCATE hep.
TRUNCATE TABLE hep.
ANALYZE hep.
ANALYZE hep.event (
VACUUM (
VACUUM FULL hep.
CLUSTER hep.event USING ¶
REINDEX TABLE hep.
LOCK TABLE hep.
EXPLAIN ¶
EXPLAIN SELECT * FROM hep.
SET search_path TO ¶
SET DateStyle TO ¶
SET enable_seqscan TO ¶
SHOW work
RESET wo
COMMENT ON TABLE hep.
COMMENT ON COLUMN hep.
COMMENT ON VIEW hep.
CREATE INDEX ON hep.
CREATE INDEX ON hep.event (
CREATE VIEW v AS ¶
CREATE TABLE hep.x (LIKE hep.
CREATE TRIGGER x AFTER INSERT ON hep.
CREATE POLICY x ON hep.
CREATE PUBLICATION p FOR TABLE hep.
CREATE CAST (
CREATE FUNCTION f() RETURNS tim
SECURITY LABEL ON TABLE hep.
EXECUTE ¶
DEALLOCATE ¶
FETCH FORWARD ¶
BEGIN ¶
LISTEN ¶
DISCARD ¶
TABLE hep.
TABLE t
WITH ¶
MERGE INTO hep.
MERGE INTO hep.event USING hep.
SELECT 1 FROM hep.event JOIN hep.
SELECT * FROM hep.event NATURAL JOIN hep.
SELECT * FROM hep.event TABLESAMPLE ¶
SELECT * FROM "hep"."ev
SELECT * FROM HEP.E
SELECT * FROM nosuch.
SELECT * FROM hep.event WHERE r`);

/** Answered by what there is here: other functions, roles, languages, extensions. */
const own = lines(String.raw`
\df ab
\dF ¶
\dx ¶
\dA ¶
\dAc ¶
\dL ¶
\sf ab
\encoding LAT
\dRp ¶
\dO ¶
\drds ¶
DROP DATABASE ¶
DROP FUNCTION ab
DROP EXTENSION ¶
DROP OWNED BY ¶
DROP RULE ¶
ALTER TABLE hep.event OWNER TO ¶
ALTER TABLE hep.event SET SCHEMA ¶
ALTER TYPE ¶
ALTER LANGUAGE ¶
ALTER TEXT SEARCH CONFIGURATION e
GRANT ¶
GRANT SELECT ON ¶
GRANT SELECT ON ALL TABLES IN SCHEMA ¶
GRANT SELECT ON hep.event TO ¶
SET se
SET x
SET bytea_output TO ¶
SET ROLE ¶
SHOW se
SET TimeZone TO 'Am
SET CONSTRAINTS ¶
COMMENT ON CONSTRAINT event_pkey ON ¶
CREATE INDEX ON hep.event USING ¶
CREATE TABLE ¶
CREATE EXTENSION ¶
CREATE COLLATION ¶
CREATE USER MAPPING FOR ¶
UNLISTEN ¶
DO LANGUAGE ¶`);

test.runIf(hasTerminal)(
  'the same is offered as on PostgreSQL',
  async () => {
    const [here, there] = [new Map<string, unknown>(), new Map<string, unknown>()];
    for (const input of alike) {
      here.set(input, await ours!.complete(input));
      if (theirs) there.set(input, await theirs.complete(input));
    }
    if (theirs) expect(Object.fromEntries(here)).toEqual(Object.fromEntries(there));
    expect(errors).toEqual([]);
  },
  600_000,
);

test.runIf(hasTerminal)(
  'what is ours is offered, and nothing fails',
  async () => {
    const offered = new Map<string, readonly string[]>();
    for (const input of own) offered.set(input, (await ours!.complete(input)).offered);
    expect(errors).toEqual([]);
    expect(offered.get('GRANT SELECT ON ')).toContain('good_event');
    expect(offered.get('SHOW se')).toContain('server_version');
    expect(offered.get("SET TimeZone TO 'Am")).toContain('America/New_York');
    expect((await ours!.complete('\\d pg_cla')).line).toBe('\\d pg_class ');
    expect((await ours!.complete('\\df list_an')).line).toBe('\\df list_any ');
  },
  600_000,
);

/** Every describe command of psql 15's help. */
const describing =
  'd da dA dAc dAf dAo dAp db dc dconfig dC dd dD ddp dE des det deu dew df dfa dfn dfp dft dfw dF dFd dFp dFt dg di dl dL dm dn do dO dp dP dPi dPt drds dRp dRs ds dt dT du dv dx dX dy l z sf sv'.split(
    ' ',
  );

/** Its errors, by command. */
async function refusedOn(port: number): Promise<Map<string, string>> {
  const commands = describing.flatMap((name) => {
    if (name.startsWith('s')) return [`\\${name} hep.good_event`, `\\${name} lower`, `\\${name}+ hep.good_event`];
    // `\\d *` describes hundreds of relations of the catalogue, one by one.
    const patterns = ['', name === 'd' ? ' hep.*' : ' *', ' hep.event', ' nosuch'];
    return ['', 'S+'].flatMap((suffix) => patterns.map((rest) => `\\${name}${suffix}${rest}`));
  });
  const psql = spawn(
    join(bin, 'psql'),
    ['-X', '-h', '127.0.0.1', '-p', String(port), '-U', 'skyhook', '-d', 'postgres'],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  psql.stdin.end(commands.map((command, i) => `\\warn <<<${i}>>>\n${command}\n`).join(''));
  psql.stdout.resume();
  const said = await text(psql.stderr);
  return new Map(
    said
      .split(/^<<<(?=\d)/m)
      .slice(1)
      .flatMap((part) => {
        const [number, ...lines] = part.split('\n');
        const fault = lines.find((line) => line.includes('ERROR:'));
        return fault === undefined ? [] : [[commands[Number.parseInt(number!, 10)]!, fault] as const];
      }),
  );
}

test.runIf(hasTerminal)(
  'the describe commands fail where they do on PostgreSQL',
  async () => {
    const [here, there] = [await refusedOn(server.port), postgres && (await refusedOn(postgres.port))];
    expect([...here].filter(([command]) => !there?.has(command))).toEqual([]);
  },
  600_000,
);
