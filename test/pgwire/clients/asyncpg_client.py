"""asyncpg as its users use it: every statement is prepared, every value is binary, both ways."""
import asyncio, datetime as dt, decimal, io, json, math, ssl, uuid
import asyncpg
from transcript import activity, cert, show, show_error, slow, secure, trusted, wait_for_running

print('asyncpg', asyncpg.__version__)
dsn = dict(host='127.0.0.1', port=trusted['port'], user='tester', database='skyhook', ssl=False)
connect = lambda **more: asyncpg.connect(**{**dsn, **more})
UTC = dt.timezone.utc
D = decimal.Decimal
values = [
    ('bool', [True, False]), ('int2', [-32768, 32767]), ('int4', [-2**31, 2**31 - 1]), ('int8', [-2**63, 2**63 - 1]),
    ('float4', [1.5, math.nan, math.inf, -math.inf, 3.4028234663852886e38]), ('float8', [0.1, math.nan, math.inf, -math.inf, 1.7976931348623157e308, 5e-324, -0.0]),
    ('numeric', [D(x) for x in ['12345.6789', 'NaN', 'Infinity', '-Infinity', '0.00', '-1E-30', '9' * 60 + '.5', '1E+40', '100000000', '0.0001']]),
    ('numeric(10,2)', [D('1.005')]), ('text', ["it's ä € 😀 \\ \n\t", '', 'x' * 3000]), ('varchar(5)', ['abc']), ('char(5)', ['abc']), ('name', ['n']),
    ('bytea', [b'\x00\xff\\x', b'']), ('date', [dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    ('time', [dt.time(1, 2, 3, 4), dt.time(23, 59, 59, 999999)]), ('timetz', [dt.time(1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2)))]),
    ('timestamp', [dt.datetime(2024, 2, 29, 12, 30, 1, 250000), dt.datetime(1, 1, 1)]), ('timestamptz', [dt.datetime(2024, 2, 29, 12, 30, tzinfo=UTC)]),
    ('interval', [dt.timedelta(days=3, seconds=7, microseconds=5), dt.timedelta(days=-1, seconds=1)]),
    ('uuid', [uuid.UUID(int=5)]), ('json', ['{"a": [1, null, "ä"]}']), ('jsonb', ['{"b": 2, "a": [1.50, "ä"]}']), ('bit(3)', [asyncpg.BitString('101')]), ('varbit', [asyncpg.BitString('10111')]),
    ('int[]', [[1, None, 3], []]), ('int8[]', [[1, 2**40]]), ('text[]', [['a', 'b "c"', None, 'NULL', '\\', '{}']]), ('float8[]', [[1.5, math.nan]]), ('float4[]', [[1.5]]),
    ('bool[]', [[True, None]]), ('numeric[]', [[D('1.50'), D('NaN')]]), ('date[]', [[dt.date(2024, 2, 29), None]]), ('timestamptz[]', [[dt.datetime(2024, 2, 29, tzinfo=UTC)]]),
    ('uuid[]', [[uuid.UUID(int=1)]]), ('bytea[]', [[b'\x00', b'x']]), ('jsonb[]', [['{"a": 1}']]), ('interval[]', [[dt.timedelta(1)]]), ('varchar[]', [['x']]), ('oid', [26]),
]
two_d = [('int[]', [[1, 2], [3, 4]]), ('text[]', [['a', None], ['c', 'd']]), ('float8[]', [[[1.5], [2.5]]])]


async def refused(work):
    try:
        await work
    except Exception as e:
        show_error(e)
    else:
        print('FAILED to fail')


@activity('parameters')
async def _():
    c = await connect()
    for kind, some in values:
        for value in some + [None]:
            try:
                show(kind, await c.fetchrow(f'select $1::{kind} as v', value))
            except Exception as e:
                show(kind, value)
                show_error(e)
    for kind, value in two_d:
        try:
            show(kind, await c.fetchval(f'select $1::{kind} as v', value))
        except Exception as e:
            show(kind, value)
            show_error(e)
    stmt = await c.prepare('select $1::int + 1 as n, $2 || $3 as t, $4 = any($5::int[]), $6::varchar(5), $7::numeric(5,2)')
    show([(p.oid, p.name, p.kind, p.schema) for p in stmt.get_parameters()], [(a.name, a.type.oid, a.type.name) for a in stmt.get_attributes()], stmt.get_statusmsg())
    show(await stmt.fetchrow(1, 'a', 'b', 3, [3], 'abcde', D('1.5')))
    show(await c.fetch('select g from generate_series(1, 9) g where g = any($1) order by 1', [2, 4]))
    for bad in [('select $1::int', 'x'), ('select $1::int', 2**40), ('select $1::date', '2024-01-01'), ('select $1::int2', 40000), ('select $1', 1), ('select $1::int, $2::int', 1), ('select $2::int', 1)]:
        await refused(c.fetch(*bad))
    show(await c.fetchval('select $1::int[]', [1, 2, 3]), await c.fetchval("select '{\"a\":1}'::jsonb -> 'a'"))
    await c.set_type_codec('jsonb', encoder=json.dumps, decoder=json.loads, schema='pg_catalog')
    await c.set_type_codec('numeric', encoder=str, decoder=float, schema='pg_catalog', format='text')
    show(await c.fetchrow('select $1::jsonb, $2::numeric', {'a': [1]}, 1.25))
    await c.close()


@activity('temporary tables')
async def _():
    c = await connect()
    columns = ', '.join(f'c{i} {kind}' for i, (kind, _) in enumerate(values))
    await c.execute(f'create temp table every ({columns})')
    marks = ', '.join(f'${i + 1}' for i in range(len(values)))
    for row in range(3):
        show(await c.execute(f'insert into every values ({marks})', *[some[row % len(some)] if row < 2 else None for _, some in values]))
    for r in await c.fetch('select * from every'):
        show(r)
    show(await c.fetch("update every set c0 = not c0, c8 = c8 || $1 where c0 is not null returning c0, length(c8)", '!'))
    show(await c.execute('delete from every where c0 is null'))
    await c.execute('create temp table gone (a serial primary key, b text) on commit drop')
    await refused(c.execute('select * from gone'))
    await c.close()


@activity('batches and pipelines')
async def _():
    c = await connect()
    await c.execute('create temp table t (a int primary key, b text)')
    await c.executemany('insert into t values ($1, $2)', [(i, f'r{i}') for i in range(60)])
    show(await c.fetchrow('select count(*), sum(a), max(b) from t'))
    # All of a batch or nothing.
    await refused(c.executemany('insert into t values ($1, $2)', [(2000, 'x'), (5, 'twice')]))
    show(await c.fetchval('select count(*) from t'))
    show(await c.fetchmany('insert into t values ($1, $2) returning a', [(3000, 'x'), (3001, 'y')]))
    show(await c.execute('select 1; create temp table u (a int); insert into u values (1), (2)'))
    await refused(c.execute('insert into u values (3); select 1/0'))
    show(await c.fetchval('select count(*) from u'))
    for i in range(8):
        if i == 5:
            await c.execute('alter table u add column b int default 7')
        try:
            show(await c.fetch('select * from u order by 1'))
        except Exception as e:
            show_error(e)
    await c.close()


async def outside(c):
    await c.cursor('select 1')


@activity('cursors')
async def _():
    c = await connect()
    async with c.transaction():
        got = [r async for r in c.cursor('select event_id, "MET_pt", "Muon_pt" from aod."Events" where event_id >= $1 order by 1', 500, prefetch=300)]
        show(len(got), got[0], got[-1])
        cur = await c.cursor('select * from generate_series(1, 10)')
        show(await cur.fetch(3), await cur.forward(2), await cur.fetchrow(), await cur.fetch(100), await cur.fetchrow())
        await c.execute('declare k scroll cursor with hold for select * from generate_series(1, 5)')
        show(await c.fetch('fetch 2 from k'))
    show(await c.fetch('fetch backward 1 from k'), await c.execute('move last in k'), await c.execute('close k'))
    stmt = await c.prepare('select * from generate_series(1, $1)')
    async with c.transaction():
        show([r[0] async for r in stmt.cursor(4)])
    async with c.transaction(readonly=True, isolation='repeatable_read'):
        await refused(c.execute('create table aod.nope (a int)'))
    await refused(outside(c))
    await c.close()


@activity('COPY')
async def _():
    c = await connect()
    await c.execute('create temp table t (a int, b text, c timestamptz, d numeric, e int[], f uuid, g jsonb, h float8, i bool, j date, k bytea)')
    at = dt.datetime(2024, 2, 29, tzinfo=UTC)
    records = [(i, f'r{i}', at, D('1.50'), [1, None], uuid.UUID(int=i), '{"a": 1}', i / 7, i % 2 == 0, at.date(), b'\x00') for i in range(200)]
    show(await c.copy_records_to_table('t', records=records), await c.copy_records_to_table('t', records=[(None,) * 11, (7, 'x') + (None,) * 9]))

    async def some():
        for i in range(2000, 2100):
            yield (i, None)
    show(await c.copy_records_to_table('t', records=some(), columns=['a', 'b']))
    show(await c.copy_to_table('t', source=io.BytesIO(b'a,b\n8000,"x, y"\n'), format='csv', header=True, columns=['a', 'b']))
    for options in [dict(format='csv', header=True), dict(delimiter='|', null='none'), dict(format='binary')]:
        out = io.BytesIO()
        show(await c.copy_from_query('select * from t where a = $1 order by b', 7, output=out, **options), out.getvalue())
    out = io.BytesIO()
    show(await c.copy_from_table('t', columns=['a'], output=out), len(out.getvalue()))
    await refused(c.copy_records_to_table('t', records=[('x', 'y') + (None,) * 9]))
    await refused(c.copy_to_table('t', source=io.BytesIO(b'x,y\n'), format='csv', columns=['a', 'b']))
    await refused(c.copy_from_query('select 1 / (3 - g) from generate_series(1, 5) g', output=io.BytesIO()))
    show(await c.fetchrow('select count(*), sum(a), sum(d), max(c) from t'))
    await c.close()


@activity('errors inside transactions')
async def _():
    c = await connect()
    await c.execute('create temp table t (a int primary key, b text not null, constraint big check (a < 10))')
    try:
        async with c.transaction():
            await c.execute("insert into t values (1, 'gone')")
            await c.execute('select 1 / 0')
    except asyncpg.DivisionByZeroError as e:
        show_error(e)
    async with c.transaction():
        await c.execute("insert into t values (1, 'kept')")
        for bad in [('select nope from t',), ('insert into t values ($1, $2)', 2, None), ('insert into t values ($1, $2)', 11, 'x'), ('insert into t values ($1, $2)', 1, 'x'), ('select 1 / $1::int', 0), ('selec',), ('select * from nope',), ('select nope($1)', 1)]:
            try:
                async with c.transaction():
                    await c.execute("insert into t values (5, 'gone')")
                    await c.execute(*bad)
            except asyncpg.PostgresError as e:
                show(type(e).__name__, e.sqlstate, e.message, e.detail, e.position, e.table_name, e.column_name, e.constraint_name, c.is_in_transaction())
    show(await c.fetch('select * from t'))
    tr = c.transaction()
    await tr.start()
    await refused(c.execute('select 1/0'))
    await refused(c.execute('select 1'))
    await refused(c.fetch('select $1::int', 1))
    await tr.rollback()
    show(c.is_in_transaction(), await c.fetchval('select 1'))
    heard = []
    c.add_log_listener(lambda _, m: heard.append((m.severity, m.sqlstate, m.message)))
    await c.execute('drop table if exists not_there')
    await c.execute('commit')
    await asyncio.sleep(0.05)
    show(heard)
    await c.close()


@activity('cancel and timeouts')
async def _():
    c = await connect(server_settings={'application_name': 'asyncpg cancel'})
    await refused(c.fetchval(slow, timeout=2))
    show(await c.fetchval('select 1'))
    task = asyncio.create_task(c.fetchval(slow))
    await asyncio.to_thread(wait_for_running, 'asyncpg cancel')
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        show('cancelled')
    show(await c.fetchval('select 2'))
    await c.execute("set statement_timeout = '100ms'")
    await refused(c.fetchval('select pg_sleep(10)'))
    await refused(c.execute('select pg_sleep(10)'))
    show(await c.fetchval('show statement_timeout'))
    await c.close()


@activity('reconnect')
async def _():
    c = await connect(server_settings={'application_name': 'victim', 'search_path': 'aod'})
    show(await c.fetchval('show search_path'), c.get_settings().application_name if hasattr(c.get_settings(), 'application_name') else None)
    other = await connect()
    show(await other.fetchval('select pg_terminate_backend($1)', c.get_server_pid()))
    while not c.is_closed():
        await asyncio.sleep(0.02)
    await refused(c.fetchval('select 1'))
    c = await connect(server_settings={'application_name': 'asyncpg end'})
    show(await c.fetchval('select 1'), c.get_server_version().major)
    task = asyncio.create_task(c.fetchval(slow))
    await asyncio.to_thread(wait_for_running, 'asyncpg end')
    await other.fetchval('select pg_terminate_backend($1)', c.get_server_pid())
    await refused(task)
    show(c.is_closed())
    await refused(connect(database='nowhere'))
    await other.close()


@activity('pools')
async def _():
    async with asyncpg.create_pool(**dsn, min_size=2, max_size=4) as pool:
        async def one(i):
            async with pool.acquire() as own:
                await own.execute(f"set application_name = 'n{i}'")
                return await own.fetchval('select $1::int * 2', i)
        show(await asyncio.gather(*[one(i) for i in range(40)]))
        # A connection is reset between its users: nothing of the one before is left.
        async with pool.acquire() as own:
            await own.execute('set work_mem = 1000')
        async with pool.acquire() as own:
            show(await own.fetchval('show application_name'))
        show(await pool.fetchval('select 5'))


@activity('TLS and passwords')
async def _():
    verified = ssl.create_default_context(cafile=cert)
    careless = ssl.create_default_context()
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    dsn = dict(port=secure['port'], user='alice', password='correct horse', database='skyhook')
    for name, more in [('disable', dict(ssl=False)), ('prefer', dict(ssl='prefer')), ('require', dict(ssl='require')), ('careless', dict(ssl=careless)), ('verified', dict(ssl=verified)),
                       ('localhost', dict(ssl=verified, host='localhost')), ('wrong', dict(ssl='require', password='wrong')), ('unknown', dict(ssl='require', user='mallory')),
                       ('untrusted', dict(ssl='verify-full'))]:
        try:
            c = await asyncpg.connect(**{'host': '127.0.0.1', **dsn, **more})
            show(name, await c.fetchrow('select current_user, 42'))
            await c.close()
        except Exception as e:
            show(name)
            show_error(e)


@activity('the catalogue')
async def _():
    c = await connect()
    show(await c.fetch('select "nMuon", count(*) from aod."Events" group by 1 order by 1'))
    stmt = await c.prepare('select * from aod."Events"')
    show(sorted((a.name, a.type.name, a.type.oid) for a in stmt.get_attributes() if a.name in ('MET_pt', 'Muon_pt')))
    # What is not built in is asked of the catalogue.
    for name in ('uuid', 'int4range', 'nope'):
        try:
            await c.set_type_codec(name, encoder=str, decoder=str, format='text')
            show(name, 'set')
        except Exception as e:
            show_error(e)
    show(await c.fetchval("select 'pg_class'::regclass::oid"), await c.fetchval("select 'int4'::regtype"))
    await c.close()
