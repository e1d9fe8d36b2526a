"""psycopg 3 as its users use it: parameters by the extended protocol, as text and as binary, prepared after the fifth time, pipelines of libpq."""
import asyncio, datetime as dt, decimal, math, time, uuid
import psycopg, psycopg_pool
from psycopg import sql
from psycopg.rows import class_row, dict_row, namedtuple_row
from psycopg.types.json import Json, Jsonb
from psycopg.types.numeric import Float4, Int2
from transcript import activity, cert, refused, secure, show, show_error, slow, trusted, terminate, wait_for_running, when_running

print('psycopg', psycopg.__version__)
connect = lambda **more: psycopg.connect(**{**trusted, **more})
UTC = dt.timezone.utc
D = decimal.Decimal
values = [
    ('bool', [True, False]), ('int2', [-32768, 32767]), ('int4', [-2**31, 2**31 - 1]), ('int8', [-2**63, 2**63 - 1]),
    ('float4', [1.1, math.nan, math.inf, -math.inf, 3.4028235e38]), ('float8', [0.1, math.nan, math.inf, -math.inf, 1.7976931348623157e308, 5e-324, -0.0]),
    ('numeric', [D(x) for x in ['12345.6789', 'NaN', 'Infinity', '0.00', '-1E-30', '9' * 60 + '.5', '1E+40', '100000000', '0.0001']]),
    ('numeric(10,2)', [D('1.005')]), ('text', ["it's ä € 😀 \\ \n\t", '', 'x' * 3000]), ('varchar(5)', ['abc']), ('char(5)', ['abc']), ('name', ['n']),
    ('bytea', [b'\x00\xff\\x', b'', bytearray(b'ab')]), ('date', [dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    ('time', [dt.time(1, 2, 3, 4), dt.time(23, 59, 59, 999999)]), ('timetz', [dt.time(1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2)))]),
    ('timestamp', [dt.datetime(2024, 2, 29, 12, 30, 1, 250000), dt.datetime(1, 1, 1)]), ('timestamptz', [dt.datetime(2024, 2, 29, 12, 30, tzinfo=UTC)]),
    ('interval', [dt.timedelta(days=3, seconds=7, microseconds=5), dt.timedelta(days=-1, seconds=1)]),
    ('uuid', [uuid.UUID(int=5)]), ('json', [Json({'a': [1, None, 'ä']})]), ('jsonb', [Jsonb({'b': 2, 'a': [1.5, 'ä']})]),
    ('int[]', [[1, None, 3], []]), ('int8[]', [[1, 2**40]]), ('text[]', [['a', 'b "c"', None, 'NULL', '\\', '{}']]), ('float8[]', [[1.5, math.nan]]),
    ('bool[]', [[True, None]]), ('numeric[]', [[D('1.50'), D('NaN')]]), ('date[]', [[dt.date(2024, 2, 29), None]]), ('timestamptz[]', [[dt.datetime(2024, 2, 29, tzinfo=UTC)]]),
    ('uuid[]', [[uuid.UUID(int=1)]]), ('bytea[]', [[b'\x00', b'x']]), ('jsonb[]', [[Jsonb({'a': 1})]]), ('interval[]', [[dt.timedelta(1)]]),
    ('oid', [26]), ('bit(3)', ['101']), ('varbit', ['10111']),
]
two_d = [('int[]', [[1, 2], [3, 4]]), ('text[]', [['a', None], ['c', 'd']]), ('float8[]', [[[1.5], [2.5]]])]


@activity('parameters')
def _():
    c = connect(autocommit=True)
    for mark, binary in [('%t', False), ('%t', True), ('%b', False), ('%b', True)]:
        cur = c.cursor(binary=binary)
        for kind, some in values + two_d:
            for value in (some if (kind, some) in values else [some]) + [None]:
                try:
                    cur.execute(f'select {mark}::{kind}', (value,))
                    show(mark, binary, kind, cur.fetchone(), [(d.name, d.type_code, d.internal_size, d.precision, d.scale) for d in cur.description])
                except (psycopg.Error, ValueError, OverflowError) as e:
                    show(mark, kind, value)
                    show_error(e)
    for value in [1, 70000, 2**40, 2**70, 1.5, True, b'x', D('1.5'), dt.date(2024, 1, 1), [1, 2], Int2(3), Float4(1.5), uuid.UUID(int=1), Jsonb([1])]:
        cur = c.execute('select %s as v, pg_typeof(%s)::text', (value, value))
        show(value, cur.fetchone(), cur.description[0].type_code)
    show(c.execute('select %(a)s::int + %(b)s, %(a)s::int %% 2', dict(a=5, b=7)).fetchone())
    show(c.execute('select g from generate_series(1, 9) g where g = any(%s) order by 1', ([2, 4, 6],)).fetchall())
    show(psycopg.ClientCursor(c).execute('select %s, %s, %s', (1, "it's", dt.date(2024, 1, 1))).fetchone())
    show(psycopg.RawCursor(c).execute('select $1::int + $2::int', (1, 2)).fetchone())
    refused(lambda: c.execute('select %s + 1', ('x',)))
    refused(lambda: c.execute('select %b::int', ('x',)))
    for factory in (dict_row, namedtuple_row, class_row(dict)):
        show(c.cursor(row_factory=factory).execute('select 1 as a, 2 as b').fetchone())
    c.close()


@activity('temporary tables')
def _():
    with connect() as c:
        columns = ', '.join(f'c{i} {kind}' for i, (kind, _) in enumerate(values))
        c.execute(f'create temp table every ({columns})')
        for row in range(3):
            given = [some[row % len(some)] if row < 2 else None for kind, some in values]
            # Types come from the columns alone.
            try:
                with c.transaction():
                    c.execute(f'insert into every values ({", ".join(["%s"] * len(given))})', given)
            except psycopg.Error as e:
                show_error(e)
            marks = ', '.join(f'%s::{kind}' for kind, _ in values)
            c.execute(f'insert into every values ({marks})', given)
        for binary in (False, True):
            for r in c.cursor(binary=binary).execute('select * from every').fetchall():
                show(*r)
        cur = c.execute("update every set c0 = not c0, c8 = c8 || '!' where c0 is not null returning c0, length(c8)")
        show(cur.fetchall(), cur.rowcount, cur.statusmessage)
        cur = c.execute('delete from every where c0 is null')
        show(cur.rowcount, cur.statusmessage)
        show(c.execute('create temp table made as select g, g::text as t from generate_series(1, 3) g').statusmessage)
        c.execute("create temp table ident (id bigint generated always as identity primary key, b text default 'x')")
        show(c.execute("insert into ident (b) values ('a'), (default) returning *").fetchall())


@activity('batches and pipelines')
def _():
    with connect() as c:
        for i in range(12):
            show(c.execute('select %s::int + 1', [i]).fetchone(), c.info.transaction_status.name)
        c.execute('create temp table t (a int, b text)')
        for i in range(8):
            c.execute('insert into t values (%s, %s)', [i, f'row {i}'])
        # Prepared, and then its columns change.
        for i in range(8):
            if i == 6:
                c.execute('alter table t add column c int default 7')
            try:
                with c.transaction():
                    show(c.execute('select * from t where a = %s', [i], prepare=True).fetchone())
            except psycopg.Error as e:
                show_error(e)
        cur = c.cursor()
        cur.executemany('insert into t values (%s, %s)', [(i, None) for i in range(8, 50)])
        show(cur.rowcount)
        cur.executemany('insert into t values (%s, %s) returning a', [(100, 'x'), (101, 'y')], returning=True)
        show(cur.fetchone(), cur.nextset(), cur.fetchone(), cur.nextset())
        with c.pipeline():
            cursors = [c.execute('select a from t where a = %s', [i]) for i in range(20)]
        show([x.fetchone() for x in cursors])
        c.commit()
        with c.pipeline() as p:
            first = c.execute('insert into t values (500, %s) returning b', ['p'])
            p.sync()
            show(first.fetchone())
            try:
                with c.transaction():
                    c.execute("insert into t values (501, 'gone')")
                    c.execute('select 1/0').fetchone()
            except psycopg.Error as e:
                show_error(e)
            show(c.execute('select count(*) from t where a >= 500').fetchone())
        try:
            with c.pipeline() as p:
                good = c.execute('select 1')
                c.execute('select nope')
                c.execute('select 2')
                p.sync()
        except psycopg.Error as e:
            show_error(e)
        show(good.fetchone() if good.rownumber is not None else None)
        c.rollback()
        show(c.execute('select count(*) from t').fetchone())
    # Autocommit: each statement between two Syncs is one transaction together with its neighbours.
    with connect(autocommit=True) as c:
        c.execute('create temp table t (a int primary key)')
        try:
            with c.pipeline():
                for i in (1, 2, 1, 3):
                    c.execute('insert into t values (%s)', [i])
        except psycopg.Error as e:
            show_error(e)
        show(c.execute('select array_agg(a order by a) from t').fetchone())
        with c.pipeline():
            many = [c.execute('select %s::int, repeat(%s, 1000)', [i, 'x']) for i in range(500)]
        show(sum(x.fetchone()[0] for x in many))
        cur = c.execute('select 1; select 2 as b; insert into t values (77)')
        show(cur.fetchone(), cur.nextset(), cur.fetchone(), cur.nextset(), cur.statusmessage, cur.nextset())


@activity('cursors')
def _():
    with connect() as c:
        for binary in (False, True):
            with c.cursor('walk', binary=binary) as cur:
                cur.itersize = 300
                cur.execute('select event_id, "MET_pt", "Muon_pt" from aod."Events" where event_id >= %s order by 1', [500])
                show(cur.fetchmany(2), [d.type_code for d in cur.description])
                rows = list(cur)
                show(len(rows), rows[-1])
        with c.cursor('scroll', scrollable=True) as cur:
            cur.execute('select * from generate_series(1, 10)')
            cur.scroll(4)
            show(cur.fetchone())
            cur.scroll(-3)
            show(cur.fetchone())
            cur.scroll(8, mode='absolute')
            show(cur.fetchall())
        with c.cursor('forward', scrollable=False) as cur:
            cur.execute('select * from generate_series(1, 10) order by 1')
            show(cur.fetchone())
            refused(lambda: (cur.scroll(-1), cur.fetchone()))
        c.rollback()
        held = c.cursor('held', withhold=True)
        held.execute('select g, g::text from generate_series(1, 5) g')
        c.commit()
        show(held.fetchmany(2))
        c.rollback()
        show(held.fetchall())
        held.close()
        s = psycopg.ServerCursor(c, 'another')
        s.execute('values (1), (2)')
        show(s.fetchall())
        s.close()
        show(sum(r[0] for r in c.cursor().stream('select * from generate_series(1, 1000)')))
        show([r[0] for r in c.cursor().stream('select * from generate_series(1, %s)', [3], binary=True)])
        refused(lambda: list(c.cursor().stream('select 1 / (3 - g) from generate_series(1, 5) g')))
        c.rollback()
        c.autocommit = True
        refused(lambda: c.cursor('outside').execute('select 1'))


@activity('COPY')
def _():
    with connect() as c:
        c.execute('create temp table t (a int, b text, c timestamptz)')
        now = dt.datetime(2024, 2, 29, 12, tzinfo=UTC)
        with c.cursor().copy('copy t (a, b, c) from stdin') as copy:
            for i in range(20):
                copy.write_row((i, None if i % 2 else f'r\t{i}', now))
        with c.cursor().copy('copy t (a, b) from stdin (format binary)') as copy:
            copy.set_types(['int4', 'text'])
            for i in range(30, 40):
                copy.write_row((i, f'r {i}'))
        cur = c.cursor()
        with cur.copy('copy t (a, b) from stdin (format csv)') as copy:
            copy.write('50,"x, y"\n')
            copy.write(b'51,\n52,""')
        show(cur.rowcount, cur.statusmessage)
        for form in ('', ' (format binary)'):
            with c.cursor().copy(f'copy (select a, b, c from t order by a) to stdout{form}') as copy:
                copy.set_types(['int4', 'text', 'timestamptz'])
                show(list(copy.rows()))
        with c.cursor().copy('copy (select a, b from t where a < %s order by a) to stdout (format csv, header)', [3]) as copy:
            show([bytes(block) for block in copy])
        c.commit()
        try:
            with c.cursor().copy('copy t from stdin') as copy:
                copy.write_row((1, 'x', None))
                raise ValueError('changed my mind')
        except ValueError as e:
            show_error(e)
        c.rollback()
        for bad in (('x', 'y', None), (1, 'y', 'yesterdayish')):
            try:
                with c.cursor().copy('copy t from stdin') as copy:
                    copy.write_row(bad)
            except psycopg.Error as e:
                show(type(e).__name__, e.sqlstate, e.diag.message_primary, e.diag.context)
            c.rollback()
        # Left before its end: the rest is cancelled.
        try:
            with c.cursor().copy('copy (select * from generate_series(1, 100000)) to stdout') as copy:
                show(bytes(copy.read()))
                raise ValueError('enough')
        except ValueError as e:
            show_error(e)
        c.rollback()
        show(c.execute('select count(*) from t').fetchone())
        with connect() as d:
            d.execute('create temp table t (a int, b text, c timestamptz)')
            with c.cursor().copy('copy t to stdout (format binary)') as source, d.cursor().copy('copy t from stdin (format binary)') as target:
                for block in source:
                    target.write(block)
            show(d.execute('select count(*), sum(a), count(b), max(c) from t').fetchone())


@activity('errors inside transactions')
def _():
    with connect() as c:
        c.execute('create temp table t (a int primary key, b text not null, constraint big check (a < 10))')
        with c.transaction():
            c.execute("insert into t values (1, 'kept')")
            for bad, given in [('select nope from t', []), ('insert into t values (%s, %s)', [2, None]), ('insert into t values (%s, %s)', [11, 'x']), ('insert into t values (%s, %s)', [1, 'x']),
                               ('select 1 / %s', [0]), ('select %s::int', ['x']), ('select %s::date', ['2024-13-01']), ('select * from t where a = %s', ['x']), ('select %s + now()', [1]),
                               ('select 1; select 2', [1]), ('select length(%s)', [5])]:
                try:
                    with c.transaction():
                        c.execute("insert into t values (5, 'gone')")
                        c.execute(bad, given)
                        print('FAILED to fail')
                except psycopg.Error as e:
                    d = e.diag
                    show(type(e).__name__, e.sqlstate, d.message_primary, d.message_detail, d.statement_position, d.table_name, d.column_name, d.constraint_name)
                except Exception as e:
                    show_error(e)
        show(c.execute('select * from t').fetchall())
        c.commit()
        refused(lambda: c.execute('select 1/0'))
        show(c.info.transaction_status.name)
        refused(lambda: c.execute('select 1'))
        refused(lambda: c.execute('savepoint x'))
        c.rollback()
        with c.transaction(force_rollback=True):
            c.execute("insert into t values (8, 'gone')")
        with c.transaction() as tx:
            c.execute("insert into t values (9, 'gone')")
            raise psycopg.Rollback(tx)
        show(c.execute('select count(*) from t').fetchone())
        c.rollback()
        c.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        c.read_only = True
        c.deferrable = True
        show(c.execute("select current_setting('transaction_isolation'), current_setting('transaction_read_only'), current_setting('transaction_deferrable')").fetchone())
        refused(lambda: c.execute('create table aod.x (a int)'))
        c.rollback()
        notices = []
        c.add_notice_handler(lambda d: notices.append((d.severity, d.sqlstate, d.message_primary)))
        c.read_only = None
        c.execute('drop table if exists not_there')
        show(notices)


@activity('cancel and timeouts')
def _():
    with connect(application_name='psycopg3 cancel') as c:
        for cancel in (c.cancel, c.cancel_safe):
            when_running(cancel, 'psycopg3 cancel')
            refused(lambda: c.execute(slow))
            c.rollback()
        when_running(c.cancel, 'psycopg3 cancel')
        refused(lambda: list(c.cursor().stream(slow)))
        c.rollback()
        c.execute("set statement_timeout = '100ms'")
        c.commit()
        refused(lambda: c.execute('select pg_sleep(10)'))
        c.rollback()
        show(c.execute('select 1').fetchone())
        c.execute("select set_config('statement_timeout', '0', false)")
        c.cancel_safe()
        show(c.execute('select 2').fetchone())

    async def work():
        async with await psycopg.AsyncConnection.connect(**trusted, application_name='psycopg3 task') as c:
            task = asyncio.create_task(c.execute(slow))
            await asyncio.to_thread(wait_for_running, 'psycopg3 task')
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                show('cancelled')
            await c.rollback()
            show(await (await c.execute('select 3')).fetchone())
    asyncio.run(work())


@activity('reconnect')
def _():
    c = connect()
    with connect(autocommit=True) as other:
        show(other.execute('select pg_terminate_backend(%s)', [c.info.backend_pid]).fetchone(), other.execute('select pg_terminate_backend(1)').fetchone())
    refused(lambda: c.execute('select 1'))
    show(c.closed, c.broken)
    refused(lambda: c.execute('select 1'))
    c = connect(application_name='again')
    show(c.execute('show application_name').fetchone(), c.info.parameter_status('application_name'), c.info.server_version // 10000, c.info.encoding, c.info.dbname, c.info.user)
    c.execute("set timezone to 'Europe/Zurich'")
    show(c.info.timezone, c.execute("select '2024-07-01 12:00+00'::timestamptz").fetchone())
    c.close()
    # During a statement.
    c = connect(application_name='psycopg3 end')
    ending = when_running(lambda: terminate(c.info.backend_pid), 'psycopg3 end')
    refused(lambda: c.execute(slow))
    ending.join()
    show(c.closed)


@activity('pools')
def _():
    with psycopg_pool.ConnectionPool(kwargs=trusted, min_size=1, max_size=3, open=False, check=psycopg_pool.ConnectionPool.check_connection) as pool:
        for i in range(5):
            with pool.connection() as c:
                show(c.execute('select %s::int', [i]).fetchone())
        with pool.connection() as c:
            pid = c.info.backend_pid
        with connect(autocommit=True) as other:
            other.execute('select pg_terminate_backend(%s)', [pid])
        with pool.connection() as c:
            show(c.execute('select 1').fetchone(), c.info.backend_pid != pid)
        try:
            with pool.connection() as c:
                c.execute('select nope')
        except psycopg.Error as e:
            show_error(e)
        with pool.connection() as c:
            show(c.info.transaction_status.name)

    async def work():
        async with psycopg_pool.AsyncConnectionPool(kwargs=trusted, min_size=1, max_size=4, open=False) as pool:
            async def one(i):
                async with pool.connection() as c:
                    return (await (await c.execute('select %s::int * 2', [i])).fetchone())[0]
            show(await asyncio.gather(*[one(i) for i in range(30)]))
    asyncio.run(work())


@activity('TLS and passwords')
def _():
    for more in [dict(sslmode='disable'), dict(sslmode='require'), dict(sslmode='require', channel_binding='require'), dict(sslmode='disable', channel_binding='require'),
                 dict(sslmode='verify-ca', sslrootcert=cert), dict(sslmode='verify-full', sslrootcert=cert), dict(sslmode='verify-full', sslrootcert=cert, host='localhost'),
                 dict(sslmode='require', password='wrong'), dict(sslmode='require', user='mallory')]:
        known = {k: v for k, v in more.items() if k != 'sslrootcert'}
        try:
            with psycopg.connect(**{**secure, **more}) as c:
                show(known, c.execute('select current_user, 42').fetchone(), c.pgconn.ssl_in_use, c.pgconn.used_password)
        except psycopg.Error as e:
            show(known, str(e).split('FATAL')[-1].split('failed: ')[-1].strip())


@activity('the catalogue')
def _():
    with connect() as c:
        show(c.execute(sql.SQL('select {}, count(*) from {} group by 1 order by 1').format(sql.Identifier('nMuon'), sql.Identifier('aod', 'Events'))).fetchall())
        for name in ('uuid', 'numeric', 'jsonb', 'nope'):
            info = psycopg.types.TypeInfo.fetch(c, name)
            show(info and (info.name, info.oid, info.array_oid, info.regtype))
        cur = c.execute('select * from aod."Events" limit 0')
        show(sorted((d.name, d.type_code) for d in cur.description if d.name in ('MET_pt', 'Muon_pt')))
