// pg_catalog and information_schema through psql's own commands, and the recorded statements of many clients.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';

const run = promisify(execFile);
const bin = process.env['SKYHOOK_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
let database: Database;
let server: WireServer;

beforeAll(async () => {
  database = await Database.open('memory:');
  await database.ingest('aod', [fileURLToPath(new URL('../../samples/events.root', import.meta.url))]);
  server = await serve(database, { ...defaultServerOptions, port: 0 });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

async function psql(command: string): Promise<string> {
  const args = [
    '-X',
    '-h',
    '127.0.0.1',
    '-p',
    String(server.port),
    '-U',
    'tester',
    '-d',
    'skyhook',
    '-At',
    '-c',
    command,
  ];
  const { stdout, stderr } = await run(join(bin, 'psql'), args);
  expect(stderr.replace(/^Did not find.*\n/gm, '')).toBe('');
  return stdout;
}

describe.runIf(existsSync(join(bin, 'psql')))('psql', () => {
  test('lists of schemas, tables, databases, roles', async () => {
    expect(await psql('\\dn')).toBe('aod|tester\npublic|tester\n');
    expect(await psql('\\dt aod.*')).toBe('aod|Events|table|tester\n');
    expect(await psql('\\l')).toContain('skyhook|tester|UTF8');
    expect(await psql('\\du')).toContain('tester');
    for (const nothing of ['\\dv', '\\di', '\\ds', '\\dm', '\\df']) expect(await psql(nothing)).toBe('');
  });

  test('a table with its columns, their types and comments', async () => {
    const shown = await psql('\\d aod."Events"');
    expect(shown).toContain('nMuon|integer|||');
    expect(shown).toContain('Muon_pt|real[]|||');
    expect(await psql('\\d+ aod."Events"')).toContain('Muon_pt|real[]|||');
  });

  test('oids are the same for everybody, casts to names of objects', async () => {
    const oid = await psql(`select oid from pg_class where relname = 'Events'`);
    expect(await psql(`select 'aod."Events"'::regclass::oid`)).toBe(oid);
    expect(await psql(`select count(*) from pg_attribute where attrelid = 'aod."Events"'::regclass`)).toBe('29\n');
    expect(await psql(`select typname, typarray::regtype from pg_type where oid = 'real'::regtype`)).toBe(
      'float4|real[]\n',
    );
    expect(await psql(`select table_schema, table_name, table_type from information_schema.tables`)).toBe(
      'aod|Events|BASE TABLE\n',
    );
    expect(await psql('select current_database(), current_user, current_schemas(true)')).toBe(
      'skyhook|tester|{pg_catalog,public}\n',
    );
  });

  test('functions of the registry, with their arguments', async () => {
    expect(await psql('\\dfS invariant_mass')).toContain('double precision[], double precision[]');
    expect(await psql('\\dfS list_sum')).toContain('pg_catalog|list_sum|');
    expect(await psql(`select prokind, proretset from pg_proc where proname = 'generate_series' limit 1`)).toBe(
      'f|t\n',
    );
  });

  test('names beside oids: the number behind the name is compared', async () => {
    expect(
      await psql(
        `select typname from pg_type where oid::regtype = 'real'::regtype or oid::regtype <> typarray and typname = 'bool'`,
      ),
    ).toBe('bool\nfloat4\n');
    expect(
      await psql(
        `select oid::regclass::text, relnamespace::regnamespace from pg_class where relnamespace = 'aod'::regnamespace`,
      ),
    ).toBe('"Events"|aod\n');
    expect(await psql(`select 999999::regclass`)).toBe('999999\n');
    // The argument is the caller's `oid`, not one of the relations that the cast looks the name up in.
    expect(await psql(`select oid::regnamespace, oid::regclass from pg_namespace where nspname = 'pg_catalog'`)).toBe(
      'pg_catalog|11\n',
    );
  });

  test('names as literals: shown as names, computed with as numbers', async () => {
    expect(
      await psql(
        `select 'aod."Events"'::regclass, 'int'::regtype, 'abs(int)'::regprocedure, 'abs'::regproc, 'aod'::regnamespace, 'tester'::regrole, 0::regclass, 'information_schema.tables'::regclass`,
      ),
    ).toBe('"Events"|integer|abs(integer)|abs|aod|tester|-|information_schema.tables\n');
    expect(
      await psql(`select 'pg_class'::regclass::oid, proargtypes[0] from pg_proc where oid = 'abs(int)'::regprocedure`),
    ).toBe('1259|23\n');
    expect(
      await psql(
        `select count(*) from pg_proc where oid = 'abs(int)'::regprocedure and 'abs'::regproc = 'abs'::regproc`,
      ),
    ).toBe('1\n');
    expect(await psql(`select * from pg_options_to_table('{a=1,b=x=y,c}')`)).toBe('a|1\nb|x=y\nc|\n');
  });

  test('names looked up without an error where there is no such object', async () => {
    expect(
      await psql(
        `select to_regtype('hstore') is null, to_regtype('double precision') = 701, to_regtype(typname) = oid, to_regclass('aod."Events"') = 'aod."Events"'::regclass, to_regclass('none') is null from pg_type where typname = 'int4'`,
      ),
    ).toBe('t|t|t|t|t\n');
  });

  test('the row type of a table', async () => {
    expect(
      await psql(
        `select t.typname, t.typtype, t.typrelid = c.oid, a.typelem = t.oid from pg_class c join pg_type t on t.oid = c.reltype join pg_type a on a.oid = t.typarray where c.relname = 'Events'`,
      ),
    ).toBe('Events|c|t|t\n');
    expect(await psql(`select 'aod."Events"'::regtype::oid = reltype from pg_class where relname = 'Events'`)).toBe(
      't\n',
    );
  });

  test('vectors print without braces, and say their types', async () => {
    expect(
      await psql(`select pg_typeof(proargtypes), proargtypes from pg_proc where proname = 'delta_phi' limit 1`),
    ).toBe('oidvector|701 701\n');
    expect(await psql(`select (information_schema._pg_expandarray(array[7, 8])).*`)).toBe('7|1\n8|2\n');
  });

  test('what is computed: settings by name, keywords, rows that there are none of', async () => {
    expect(await psql(`select current_setting(name) from pg_settings where name = 'server_encoding'`)).toBe('UTF8\n');
    expect(
      await psql(`select current_setting(name) = setting from pg_settings where name in ('TimeZone', 'DateStyle')`),
    ).toBe('t\nt\n');
    expect(await psql(`select * from pg_get_keywords() where word in ('select', 'year')`)).toBe(
      'select|R|t|reserved|can be bare label\nyear|U|f|unreserved|requires AS\n',
    );
    expect(await psql(`select count(*) from pg_partition_tree('aod."Events"'::regclass)`)).toBe('0\n');
    expect(await psql(`select tableoid::regclass from pg_class limit 0`)).toBe('');
  });
});
