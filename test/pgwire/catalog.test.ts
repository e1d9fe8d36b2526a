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
});
