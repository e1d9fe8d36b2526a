// node-postgres as its users use it: parameters as text, named statements, pools, pg-cursor and pg-copy-streams.
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import {
  activity,
  ca,
  cancel,
  refused,
  secure,
  show,
  showError,
  slow,
  terminate,
  trusted,
  whenRunning,
} from './transcript.js';

console.log('node-postgres', createRequire(import.meta.url)('pg/package.json').version);

async function connected(more: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ ...trusted, ...more });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const values: readonly (readonly [type: string, ...values: unknown[]])[] = [
  ['bool', true, false],
  ['int2', -32768, '32767'],
  ['int4', -2147483648, 2147483647],
  ['int8', '-9223372036854775808', 9007199254740993n],
  ['float4', 1.1, Number.NaN, Infinity, -Infinity, 3.4028235e38],
  ['float8', 0.1, Number.NaN, Infinity, 1.7976931348623157e308, 5e-324, -0],
  ['numeric', '12345.6789', 'NaN', 'Infinity', '0.00', '1e-30', `${'9'.repeat(60)}.5`],
  ['numeric(10,2)', '1.005'],
  ['text', "it's ä € 😀 \\ \n\t", '', 'x'.repeat(3000)],
  ['varchar(5)', 'abc'],
  ['char(5)', 'abc'],
  ['bytea', Buffer.from([0, 255, 92]), Buffer.alloc(0), new Uint8Array([97, 98])],
  ['date', '2024-02-29', '0001-01-01', '9999-12-31', 'infinity'],
  ['time', '01:02:03.000004', '24:00'],
  ['timetz', '01:02:03+02'],
  ['timestamp', '2024-02-29 12:30:01.25', '-infinity'],
  ['timestamptz', new Date(Date.UTC(2024, 1, 29, 12, 30)), new Date(0)],
  ['interval', '3 days 00:00:07.000005', '-1 year'],
  ['uuid', '00000000-0000-0000-0000-000000000005'],
  ['json', { a: [1, null, 'ä'] }],
  ['jsonb', { b: 2, a: [1.5, 'ä'] }],
  ['int[]', [1, null, 3], []],
  [
    'int[]',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['int8[]', ['1', '1099511627776']],
  ['text[]', ['a', 'b "c"', null, 'NULL', '\\', '{}']],
  ['float8[]', [1.5, Number.NaN]],
  ['bool[]', [true, null]],
  ['numeric[]', ['1.50', 'NaN']],
  ['timestamptz[]', [new Date(0), null]],
  ['bytea[]', [Buffer.from([0]), Buffer.from('x')]],
  ['oid', 26],
  ['bit(3)', '101'],
  ['varbit', '10111'],
];

await activity('parameters', async () => {
  const client = await connected();
  for (const [type, ...some] of values)
    for (const value of [...some, null])
      try {
        const { rows, fields } = await client.query(`select $1::${type} as v`, [value]);
        show(
          type,
          rows,
          fields.map(({ name, dataTypeID, dataTypeSize, dataTypeModifier, format }) => ({
            name,
            dataTypeID,
            dataTypeSize,
            dataTypeModifier,
            format,
          })),
        );
        const raw = await client.query({
          text: `select $1::${type} as v, pg_typeof($1::${type})::text`,
          values: [value],
          rowMode: 'array',
        });
        show(raw.rows, raw.command, raw.rowCount);
      } catch (error) {
        show(type, value);
        showError(error);
      }
  for (const value of [1, 1.5, true, 'x', null, [1, 2], { a: 1 }])
    try {
      show((await client.query('select $1 as v', [value])).rows);
    } catch (error) {
      showError(error);
    }
  show((await client.query('select g from generate_series(1, 9) g where g = any($1) order by 1', [[2, 4, 6]])).rows);
  show((await client.query('select $1::int + $2 as sum, $1::int % 2 as rest', [5, 7])).rows);
  await refused(() => client.query('select $1::int', ['x']));
  await refused(() => client.query('select $1::int, $2', [1]));
  await refused(() => client.query('select $1::int', [1, 2]));
  await client.end();
});

await activity('temporary tables', async () => {
  const client = await connected();
  const scalars = values.filter(([type], i) => values.findIndex(([other]) => other === type) === i);
  await client.query(`create temp table every (${scalars.map(([type], i) => `c${i} ${type}`).join(', ')})`);
  for (const row of [0, 1, 2]) {
    const given = scalars.map(([, ...some]) => (row < 2 ? some[row % some.length] : null));
    const { command, rowCount } = await client.query(
      `insert into every values (${given.map((_, i) => `$${i + 1}`).join(', ')})`,
      given,
    );
    show(command, rowCount);
  }
  for (const row of (await client.query({ text: 'select * from every', rowMode: 'array' })).rows) show(row);
  const updated = await client.query(
    "update every set c0 = not c0, c8 = c8 || '!' where c0 is not null returning c0, length(c8)",
  );
  show(updated.rows, updated.rowCount, updated.command);
  const deleted = await client.query('delete from every where c0 is null');
  show(deleted.rowCount, deleted.command);
  show((await client.query('create temp table made as select g, g::text as t from generate_series(1, 3) g')).command);
  await client.query(
    "create temp table ident (id bigint generated always as identity primary key, b text default 'x')",
  );
  show((await client.query("insert into ident (b) values ('a'), (default) returning *")).rows);
  await refused(() => client.query("insert into ident values (1, 'a')"));
  const other = await connected();
  await refused(() => other.query('select * from every'));
  await other.end();
  await client.end();
});

await activity('batches and pipelines', async () => {
  const client = await connected();
  const named = { name: 'plus', text: 'select $1::int + 1 as n' };
  for (let i = 0; i < 8; i++) show((await client.query({ ...named, values: [i] })).rows);
  const many = await Promise.all(Array.from({ length: 60 }, (_, i) => client.query('select $1::int as n', [i])));
  show(many.map(({ rows }) => rows[0].n));
  const several = (await client.query(
    "select 1 as a; create temp table t (a int); insert into t values (1), (2); select 'x' as b",
  )) as unknown as pg.QueryResult[];
  show(several.map(({ command, rowCount, rows }) => [command, rowCount, rows]));
  const mixed = await Promise.allSettled([
    client.query('select 1 as a'),
    client.query('select 1/0'),
    client.query('select $1::int as b', ['x']),
    client.query('select 2 as c'),
  ]);
  show(mixed.map((m) => (m.status === 'fulfilled' ? m.value.rows : (m.reason as { code: string }).code)));
  await refused(() => client.query('insert into t values (3); select 1/0; insert into t values (4)'));
  show((await client.query('select a from t order by a')).rows);
  await client.query({ name: 'rows', text: 'select * from t' });
  await client.query('alter table t add column b int default 7');
  await refused(() => client.query({ name: 'rows', text: 'select * from t' }));
  show((await client.query('')).rowCount, (await client.query('-- nothing')).rowCount);
  await client.end();
});

await activity('cursors', async () => {
  const client = await connected();
  const cursor = client.query(new Cursor('select g, g::text as t from generate_series(1, $1) g', [10]));
  show(await cursor.read(3), await cursor.read(4), await cursor.read(10), await cursor.read(1));
  await cursor.close();
  const early = client.query(new Cursor('select g from generate_series(1, 100000) g'));
  show((await early.read(2)).length);
  await early.close();
  show((await client.query('select 1 as a')).rows);
  const failing = client.query(new Cursor('select 1 / (3 - g) as v from generate_series(1, 5) g'));
  try {
    const rows = await failing.read(100);
    show(rows);
  } catch (error) {
    showError(error);
  }
  await client.query('begin');
  await client.query('declare c scroll cursor with hold for select * from generate_series(1, 5)');
  show(
    (await client.query('fetch 2 from c')).rows,
    (await client.query('fetch last from c')).rows,
    (await client.query('fetch prior from c')).rows,
  );
  show((await client.query('move absolute 0 from c')).command);
  await client.query('commit');
  show((await client.query('fetch all from c')).rows);
  await client.query('close c');
  await refused(() => client.query('fetch 1 from c'));
  await client.end();
});

async function collected(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

await activity('COPY', async () => {
  const client = await connected();
  await client.query('create temp table t (a int, b text, c float8)');
  const into = async (sql: string, chunks: readonly string[]) => {
    const stream = client.query(copyFrom(sql));
    await pipeline(Readable.from(chunks), stream);
    return stream.rowCount;
  };
  show(await into('copy t from stdin', ['1\ta\\tb\t1.5\n2\t\\N\tN', 'aN\n']));
  show(await into('copy t (a, b) from stdin with (format csv, header)', ['a,b\n3,"x, ""y"""\n4,\n']));
  for (const sql of [
    'copy t to stdout',
    'copy (select * from t order by a desc) to stdout (format csv, header)',
    'copy t to stdout (format binary)',
  ])
    show(Buffer.from(await collected(client.query(copyTo(sql)))).toString('latin1'));
  await refused(() => into('copy t from stdin', ['x\ty\tz\n']));
  await refused(() =>
    collected(client.query(copyTo('copy (select 1 / (3 - g) from generate_series(1, 5) g) to stdout'))),
  );
  show((await collected(client.query(copyTo('copy (select g from generate_series(1, 100000) g) to stdout')))).length);
  show((await client.query('select count(*) from t')).rows);
  await client.end();
});

await activity('errors inside transactions', async () => {
  const client = await connected();
  await client.query('create temp table t (a int primary key, b text not null, check (a < 100))');
  await client.query("begin; insert into t values (1, 'a')");
  for (const bad of [
    "insert into t values (1, 'b')",
    'insert into t values (2, null)',
    "insert into t values (100, 'x')",
    'select nope',
    'selec 1',
    'select 1/0',
    "select 'x'::int",
    'select * from nope',
  ]) {
    await client.query('savepoint s');
    try {
      await client.query(bad);
    } catch (error) {
      const { table, column, constraint, schema, detail } = error as Record<string, unknown>;
      showError(error);
      show(table, column, constraint, schema === undefined, detail);
    }
    await refused(() => client.query('select 1'));
    await client.query('rollback to s');
  }
  show((await client.query('select * from t')).rows);
  await refused(() => client.query('select 1/0'));
  show((await client.query('commit')).command);
  show((await client.query('select * from t')).rows);
  const notices: unknown[] = [];
  client.on('notice', ({ severity, code, message }) => notices.push([severity, code, message]));
  await client.query('drop table if exists nothing');
  await client.query('commit');
  show(notices);
  await client.query('begin isolation level serializable read only');
  await refused(() => client.query('create table x.y (a int)'));
  await client.query('rollback');
  await client.end();
});

await activity('cancel and timeouts', async () => {
  const client = await connected({ application_name: 'node cancel' });
  const canceled = whenRunning('node cancel', cancel);
  await refused(() => client.query(slow));
  await canceled;
  show((await client.query('select 1 as a')).rows);
  await client.query("set statement_timeout = '100ms'");
  await refused(() => client.query('select pg_sleep(10)'));
  await client.query('reset statement_timeout');
  await client.end();
  const impatient = await connected({ statement_timeout: 100 });
  await refused(() => impatient.query('select pg_sleep(10)'));
  await impatient.end();
  const idle = await connected({ idle_in_transaction_session_timeout: 100 });
  const ended = new Promise<Error>((resolve) => idle.once('error', resolve));
  await idle.query('begin');
  showError(await ended);
});

await activity('reconnect', async () => {
  const client = await connected({ application_name: 'node end' });
  const errors = new Promise<Error>((resolve) => client.once('error', resolve));
  const ended = whenRunning('node end', terminate);
  await refused(() => client.query(slow));
  await ended;
  showError(await errors);
  await refused(() => client.query('select 1'));
  const again = await connected({ application_name: 'again', options: '-c datestyle=SQL,DMY' });
  show((await again.query('show application_name')).rows, (await again.query('show datestyle')).rows);
  await again.query("set timezone to 'Europe/Zurich'");
  show((await again.query("select '2024-07-01 12:00+00'::timestamptz::text")).rows);
  await again.end();
});

await activity('pools', async () => {
  const pool = new pg.Pool({ ...trusted, max: 3 });
  pool.on('error', () => undefined);
  show(
    (await Promise.all(Array.from({ length: 20 }, (_, i) => pool.query('select $1::int as n', [i])))).map(
      ({ rows }) => rows[0].n,
    ),
    pool.totalCount,
  );
  const client = await pool.connect();
  await client.query('begin');
  await refused(() => client.query('select nope'));
  await client.query('rollback');
  client.release();
  const broken = await pool.connect();
  broken.on('error', () => undefined);
  await refused(() => broken.query('select pg_terminate_backend(pg_backend_pid())'));
  broken.release(true);
  show((await pool.query('select 1 as a')).rows);
  await pool.end();
});

await activity('TLS and passwords', async () => {
  const tls = { ...secure, ssl: { ca, servername: 'localhost' } };
  for (const config of [secure, tls, { ...tls, enableChannelBinding: true }] as pg.ClientConfig[]) {
    const client = new pg.Client(config);
    await client.connect();
    show((await client.query('select current_user::text as u')).rows);
    await client.end();
  }
  for (const config of [
    { ...secure, password: 'wrong' },
    { ...tls, user: 'mallory' },
    { ...secure, ssl: true },
  ] as pg.ClientConfig[]) {
    const client = new pg.Client(config);
    client.on('error', () => undefined);
    await refused(() => client.connect());
  }
});

await activity('the catalogue', async () => {
  const client = await connected();
  const ask = async (sql: string, given: unknown[] = []) =>
    show((await client.query({ text: sql, values: given, rowMode: 'array' })).rows);
  await ask("select table_schema, table_name, table_type from information_schema.tables where table_schema = 'aod'");
  await ask('select oid, typname, typarray from pg_type where typname = any($1) order by oid', [
    ['int4', 'text', 'float8', '_int4', 'jsonb', 'timestamptz'],
  ]);
  await ask('select current_database(), current_schema(), current_user::text, version() like $1', ['PostgreSQL 15%']);
  await ask(
    "select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'aod' and c.relkind in ('r', 'v')",
  );
  await client.end();
});
