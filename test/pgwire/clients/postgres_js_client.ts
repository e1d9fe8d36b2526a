// postgres.js as its users use it: tagged templates, statements prepared by themselves, pipelining, cursors, COPY by streams.
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import postgres, { type PostgresType } from 'postgres';
import {
  activity,
  ca,
  cancel,
  port,
  refused,
  secure,
  securePort,
  show,
  showError,
  slow,
  terminate,
  whenRunning,
} from './transcript.js';

// Some of its own promises have nobody who waits for them when a connection is ended.
process.on('unhandledRejection', () => undefined);

console.log('postgres.js', createRequire(import.meta.url)('../../../package.json').devDependencies.postgres);

type Options = postgres.Options<Record<string, PostgresType>>;
const notices: unknown[] = [];
const connected = (more: Options = {}) =>
  postgres({
    host: '127.0.0.1',
    port,
    user: 'tester',
    database: 'skyhook',
    max: 1,
    onnotice: ({ severity, code, message }) => void notices.push([severity, code, message]),
    ...more,
  });

await activity('parameters', async () => {
  const sql = connected();
  const date = new Date(Date.UTC(2024, 1, 29, 12, 30));
  const json = sql.json({ a: [1, null, 'ä'] });
  show(
    ...(await sql`select ${1}::int as a, ${2.5}::float8 as b, ${"it's ä €"}::text as c, ${true}::bool as d, ${null}::int as e, ${date}::timestamptz as f`),
  );
  show(
    ...(await sql`select ${Buffer.from([0, 255])}::bytea as a, ${json} as b, ${'12345.6789'}::numeric as c, ${'9007199254740993'}::int8 as d, ${date}::date as e`),
  );
  show(
    ...(await sql`select ${sql.array([1, 2, 3])}::int[] as a, ${sql.array(['x', 'y "z"', '{}'])}::text[] as b, ${[1.5, 2.5]}::float8[] as c`),
  );
  for (const value of [1, 1.5, 'x', true, null])
    try {
      show(...(await sql`select ${value} as v`));
    } catch (error) {
      showError(error);
    }
  const result =
    await sql`select ${1}::int2 as a, ${'x'}::varchar(5) as b, now() is not null as c, '3 days'::interval as d, '{1,2}'::int[] as e, 1.50::numeric as f`;
  show(
    result.columns.map(({ name, type }) => [name, type]),
    result.command,
    result.count,
    [...result],
  );
  show([...(await sql`select g from generate_series(1, 9) g where g in ${sql([2, 4, 6])} order by 1`)]);
  show([...(await sql`select g from generate_series(1, 9) g where g = any(${[2, 4]}) order by 1`)]);
  show(
    await sql`select ${1}::int as a, ${2}::int as b`.values(),
    await sql`select 1::int4 as a`
      .raw()
      .then((rows) => [...rows].map((r) => [...(r as unknown as Buffer[])].map(String))),
  );
  show(
    (await sql`select ${1}::int + ${'2'}::text::int as sum, pg_typeof(${'x'}::text)::text as type`.describe()).types,
  );
  await refused(() => sql`select ${'x'}::int`);
  await sql.end();
});

await activity('temporary tables', async () => {
  const sql = connected();
  await sql`create temp table t (id int generated always as identity primary key, name text not null, tags text[], at timestamptz default '2024-01-01 00:00+00', data jsonb)`;
  const rows = [
    { name: 'a', tags: ['x', 'y'], data: sql.json({ n: 1 }) },
    { name: 'ä', tags: [], data: sql.json([1, 2]) },
  ];
  show([...(await sql`insert into t ${sql(rows, 'name', 'tags', 'data')} returning *`)]);
  const updated = await sql`update t set ${sql({ name: 'b' }, 'name')} where id = ${1} returning name`;
  show([...updated], updated.count, updated.command);
  show([...(await sql`select ${sql(['id', 'name'])} from ${sql('t')} order by ${sql('id')} desc`)]);
  show((await sql`delete from t where id = ${2}`).count);
  show([...(await sql`select data->'n' as n, tags[1] as tag, at from t`)]);
  await refused(() => sql`insert into t (name) values (${null})`);
  await sql.end();
});

await activity('batches and pipelines', async () => {
  const sql = connected();
  show(
    (await Promise.all(Array.from({ length: 60 }, (_, i) => sql`select ${i}::int as n`))).map((rows) => rows[0]!['n']),
  );
  const mixed = await Promise.allSettled([
    sql`select 1::int as a`,
    sql`select 1/0 as b`,
    sql`select ${'x'}::text as c`,
    sql`select nope`,
  ]);
  show(mixed.map((m) => (m.status === 'fulfilled' ? [...m.value] : (m.reason as { code: string }).code)));
  show((await sql`select 1::int as a; select 2::int as b`.simple()).map((rows) => [...(rows as unknown as object[])]));
  show([...(await sql.unsafe('select $1::int as a', [5], { prepare: true }))]);
  for (let i = 0; i < 8; i++) show([...(await sql`select ${i}::int + 1 as n`)]);
  await sql.end();
});

await activity('cursors', async () => {
  const sql = connected();
  const sizes: number[] = [];
  for await (const rows of sql`select g from generate_series(1, 2000) g`.cursor(600)) sizes.push(rows.length);
  show(sizes);
  let seen = 0;
  await sql`select g from generate_series(1, 100000) g`.cursor(10, async () =>
    ++seen === 3 ? (sql.CLOSE as never) : undefined,
  );
  show(seen);
  let last: unknown;
  const { count } = await sql`select g from generate_series(1, 1000) g`.forEach((row) => {
    last = row;
  });
  show(last, count);
  await refused(async () => {
    for await (const rows of sql`select 1 / (1 - g) as v from generate_series(1, 5) g`.cursor(10)) show(rows.length);
  });
  show([...(await sql`select 1::int as a`)]);
  await sql.end();
});

await activity('COPY', async () => {
  const sql = connected();
  await sql`create temp table t (a int, b text)`;
  await pipeline(Readable.from(['1\tx\n2\t', '\\N\n3\tä\n']), await sql`copy t from stdin`.writable());
  const chunks: Buffer[] = [];
  for await (const chunk of await sql`copy (select * from t order by a desc) to stdout (format csv)`.readable())
    chunks.push(chunk as Buffer);
  show(Buffer.concat(chunks).toString());
  show([...(await sql`select count(*)::int as n from t`)]);
  await sql.end();
});

await activity('errors inside transactions', async () => {
  const sql = connected();
  await sql`create temp table t (a int primary key)`;
  show(
    await sql.begin(async (tx) => {
      await tx`insert into t values (1)`;
      await refused(() => tx.savepoint((inner) => inner`insert into t values (1)`));
      return [...(await tx`select * from t`)];
    }),
  );
  await refused(() =>
    sql.begin(async (tx) => {
      await tx`insert into t values (2)`;
      await tx`select 1/0`;
    }),
  );
  await refused(() =>
    sql.begin(async (tx) => {
      await tx`insert into t values (3)`;
      throw Object.assign(new Error('not wanted'), { severity: 'none', code: 'none' });
    }),
  );
  show([...(await sql`select * from t`)]);
  await refused(() => sql.begin('read only', (tx) => tx`create table nowhere.t (a int)`));
  const some = await sql.begin((tx) => [tx`select 1::int as a`, tx`select 2::int as b`]);
  show(some.map((rows) => [...rows]));
  notices.length = 0;
  await sql`drop table if exists nothing`;
  show(notices);
  await sql.end();
});

await activity('cancel and timeouts', async () => {
  const sql = connected({ connection: { application_name: 'postgres.js cancel' } });
  const query = sql.unsafe(slow).execute();
  const ended = whenRunning('postgres.js cancel', async () => query.cancel());
  await refused(() => query);
  await ended;
  const again = sql.unsafe(slow).execute();
  const canceled = whenRunning('postgres.js cancel', cancel);
  await refused(() => again);
  await canceled;
  show([...(await sql`select 1::int as a`)]);
  await sql`set statement_timeout = '100ms'`;
  await refused(() => sql`select pg_sleep(10)`);
  await sql.end();
});

await activity('reconnect', async () => {
  const sql = connected({ connection: { application_name: 'postgres.js end' } });
  const ended = whenRunning('postgres.js end', terminate);
  await refused(() => sql.unsafe(slow));
  await ended;
  // Connects again by itself.
  show([...(await sql`show application_name`)]);
  await sql.end();
});

await activity('pools', async () => {
  const sql = connected({ max: 3 });
  show(
    (await Promise.all(Array.from({ length: 30 }, (_, i) => sql`select ${i}::int as n`))).map((rows) => rows[0]!['n']),
  );
  const reserved = await sql.reserve();
  await reserved`create temp table mine (a int)`;
  show([...(await reserved`select count(*)::int as n from mine`)]);
  reserved.release();
  await sql.end({ timeout: 5 });
  await refused(() => sql`select 1`);
});

await activity('TLS and passwords', async () => {
  for (const options of [
    secure,
    { ...secure, ssl: { ca, servername: 'localhost' } },
    { ...secure, ssl: 'require' },
  ] as Options[]) {
    const sql = connected({ ...options, port: securePort });
    show([...(await sql`select current_user::text as u`)]);
    await sql.end();
  }
  for (const options of [
    { ...secure, password: 'wrong' },
    { ...secure, user: 'mallory' },
    { ...secure, ssl: { servername: 'localhost' } },
  ] as Options[]) {
    const sql = connected({ ...options, port: securePort });
    await refused(() => sql`select 1`);
    await sql.end({ timeout: 1 });
  }
});

await activity('the catalogue', async () => {
  // Asks for the types of arrays by itself.
  const sql = connected({ fetch_types: true });
  show([
    ...(await sql`select '{1,2}'::int[] as a, '{2024-01-01}'::date[] as b, '{a}'::varchar[] as c, '{1.5}'::numeric[] as d, array[uuid '00000000-0000-0000-0000-000000000001'] as e`),
  ]);
  show([...(await sql`select table_name, table_type from information_schema.tables where table_schema = 'aod'`)]);
  await sql.end();
});
