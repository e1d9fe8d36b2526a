"""psycopg2 as its users use it: values are put into the text of statements, answers are text."""
import datetime as dt, decimal, io, json, math, os, select, time, uuid
import psycopg2, psycopg2.errors, psycopg2.extensions, psycopg2.extras, psycopg2.pool
from psycopg2 import sql
from transcript import activity, cert, refused, secure, show, slow, trusted, when_running

print('psycopg2', psycopg2.__version__.split(' ')[0])
connect = lambda **more: psycopg2.connect(**{**trusted, **more})
UTC = dt.timezone.utc
values = [
    ('bool', [True, False]), ('int2', [-32768, 32767]), ('int4', [-2**31, 2**31 - 1]), ('int8', [-2**63, 2**63 - 1]),
    ('float4', [1.1, math.nan, math.inf, -math.inf, 3.4028235e38, 1e-45]), ('float8', [0.1, math.nan, math.inf, -math.inf, 1.7976931348623157e308, 5e-324, -0.0]),
    ('numeric', [decimal.Decimal(x) for x in ['12345.6789', 'NaN', '0.00', '-1e-30', '9' * 60 + '.5', '1e40']]),
    ('numeric(10,2)', [decimal.Decimal('1.005')]),
    ('text', ["it's ä € 😀 \\ \n\t", '', 'x' * 3000]), ('varchar(5)', ['abc']), ('char(5)', ['abc']), ('name', ['n']),
    ('bytea', [b'\x00\xff\\x', b'']), ('date', [dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    ('time', [dt.time(1, 2, 3, 4), dt.time(23, 59, 59, 999999)]), ('timetz', [dt.time(1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2)))]),
    ('timestamp', [dt.datetime(2024, 2, 29, 12, 30, 1, 250000)]), ('timestamptz', [dt.datetime(2024, 2, 29, 12, 30, tzinfo=UTC)]),
    ('interval', [dt.timedelta(days=3, seconds=7, microseconds=5), dt.timedelta(days=-1, seconds=1)]),
    ('uuid', [uuid.UUID(int=5)]), ('json', [psycopg2.extras.Json({'a': [1, None, 'ä']})]), ('jsonb', [psycopg2.extras.Json({'b': 2, 'a': [1.50]})]),
    ('bit(3)', ['101']), ('varbit', ['10111']),
    ('int[]', [[1, None, 3], [], [[1, 2], [3, 4]]]), ('text[]', [['a', 'b "c"', None, 'NULL', '\\', '{}']]), ('float8[]', [[1.5, math.nan]]),
    ('bool[]', [[True, None]]), ('numeric[]', [[decimal.Decimal('1.50')]]), ('date[]', [[dt.date(2024, 2, 29), None]]), ('timestamptz[]', [[dt.datetime(2024, 2, 29, tzinfo=UTC)]]),
    ('oid', [26]), ('regclass', ['pg_class']),
]
psycopg2.extras.register_uuid()


@activity('parameters')
def _():
    c = connect()
    cur = c.cursor()
    for kind, some in values:
        for value in some + [None]:
            try:
                cur.execute(f'select %s::{kind}, %s::{kind} is null', (value, value))
                show(kind, cur.fetchone(), [(d.name, d.type_code, d.internal_size, d.precision, d.scale) for d in cur.description])
            except psycopg2.Error as e:
                show(kind, value, e.pgcode, e.diag.message_primary)
                c.rollback()
    cur.execute('select %(a)s + %(b)s, %(a)s %% 2, %(t)s like %(p)s', dict(a=5, b=7, t='abc', p='a%'))
    show(cur.fetchone())
    cur.execute('select g from generate_series(1, 9) g where g in %s order by 1', ((2, 4, 6),))
    show(cur.fetchall())
    cur.execute('select g from generate_series(1, 9) g where g = any(%s) order by 1', ([2, 4, 6],))
    show(cur.fetchall())
    show(cur.mogrify('%s %s %s', (dt.date(2024, 1, 1), b'\x01', 'q"\'\\')))
    c.close()


@activity('temporary tables')
def _():
    c = connect()
    cur = c.cursor()
    columns = ', '.join(f'c{i} {kind}' for i, (kind, _) in enumerate(values) if kind != 'regclass')
    cur.execute(f'create temp table every ({columns})')
    for row in range(3):
        given = [some[row % len(some)] if row < 2 else None for kind, some in values if kind != 'regclass']
        cur.execute(f'insert into every values ({", ".join(["%s"] * len(given))})', given)
    cur.execute('select * from every')
    for row in cur.fetchall():
        show(*row)
    cur.execute("update every set c0 = not c0, c8 = c8 || '!' where c0 is not null returning c0, length(c8)")
    show(cur.fetchall(), cur.rowcount, cur.statusmessage)
    cur.execute('delete from every where c0 is null')
    show(cur.rowcount, cur.statusmessage)
    c.commit()
    cur.execute('create temp table gone (a serial primary key, b text not null default \'x\', c int check (c > 0)) on commit drop')
    cur.execute('insert into gone (c) values (1), (2) returning a, b')
    show(cur.fetchall())
    c.commit()
    refused(lambda: cur.execute('select * from gone'))
    c.rollback()
    cur.execute('create temp table kept (a int) on commit delete rows')
    cur.execute('insert into kept values (1)')
    c.commit()
    cur.execute('select count(*) from kept')
    show(cur.fetchone())
    c.close()


@activity('batches and pipelines')
def _():
    c = connect()
    cur = c.cursor()
    cur.execute('create temp table t (a int primary key, b text)')
    cur.executemany('insert into t values (%s, %s)', [(i, f'row {i}') for i in range(5)])
    show(cur.rowcount)
    psycopg2.extras.execute_batch(cur, 'insert into t values (%s, %s)', [(i, None) for i in range(5, 60)], page_size=20)
    show(cur.rowcount)
    got = psycopg2.extras.execute_values(cur, 'insert into t values %s returning a', [(i, f'v{i}') for i in range(300, 500)], page_size=80, fetch=True)
    show(len(got), got[-1], cur.rowcount)
    psycopg2.extras.execute_values(cur, 'update t set b = data.v from (values %s) as data (id, v) where t.a = data.id', [(1, 'new'), (2, None)])
    psycopg2.extras.execute_values(cur, 'insert into t values %s on conflict (a) do update set b = excluded.b', [(1, 'newer'), (900, 'x')], template='(%s, upper(%s))')
    cur.execute('select count(*), count(b), sum(a), min(b), max(b) from t')
    show(cur.fetchone())
    # Several statements in one text: what the last gave.
    cur.execute('select 1; select 2, %s; ', (3,))
    show(cur.fetchall())
    cur.execute('prepare p (int) as select $1 * 2')
    cur.execute('execute p (21)')
    show(cur.fetchone())
    c.rollback()
    c.close()


@activity('cursors')
def _():
    c = connect()
    with c.cursor('walk') as cur:
        cur.itersize = 300
        cur.execute('select event_id, "MET_pt", "Muon_pt" from aod."Events" order by 1')
        rows = list(cur)
        show(len(rows), rows[0], rows[-1])
    with c.cursor('scroll', scrollable=True) as cur:
        cur.execute('select * from generate_series(1, 10)')
        cur.scroll(4)
        show(cur.fetchone())
        cur.scroll(-3)
        show(cur.fetchone())
        cur.scroll(8, mode='absolute')
        show(cur.fetchmany(5), cur.fetchall())
    c.rollback()
    with c.cursor('forward', scrollable=False) as cur:
        cur.execute('select * from generate_series(1, 10) order by 1')
        show(cur.fetchone())
        show(cur.fetchmany(3))
    c.rollback()
    held = c.cursor('held', withhold=True)
    held.execute('select g, g::text from generate_series(1, 5) g')
    c.commit()
    show(held.fetchmany(2))
    c.rollback()
    show(held.fetchall())
    held.close()
    c.commit()
    cur = c.cursor()
    cur.execute('declare k binary cursor for select 1::int')
    cur.execute('close k')
    refused(lambda: cur.execute('fetch 1 from k'))
    c.rollback()
    named = c.cursor('many')
    named.execute('select 1')
    refused(lambda: named.execute('select 2'))
    c.rollback()
    c.close()


@activity('COPY')
def _():
    c = connect()
    cur = c.cursor()
    cur.execute('create temp table t (a int, b text, c float8)')
    cur.copy_expert('copy t from stdin with (format csv, header)', io.StringIO('a,b,c\n100,"x, ""y""",1e3\n101,,\n102,"",nan\n'))
    show(cur.rowcount, cur.statusmessage)
    cur.copy_from(io.StringIO('7\tseven\\n\n8\t\\N\n'), 't', columns=('a', 'b'))
    show(cur.rowcount)
    cur.copy_from(io.StringIO('9|-|2\n'), 't', sep='|', null='-')
    for options in ['', ' with (format csv, header, force_quote *)', " with (delimiter '|', null 'none')"]:
        out = io.StringIO()
        cur.copy_expert(f'copy (select * from t order by a) to stdout{options}', out)
        show(out.getvalue(), cur.rowcount)
    out = io.BytesIO()
    cur.copy_expert('copy t to stdout (format binary)', out)
    binary = out.getvalue()
    show(binary)
    cur.execute('truncate t')
    cur.copy_expert('copy t from stdin (format binary)', io.BytesIO(binary))
    out = io.StringIO()
    cur.copy_to(out, 't', sep=';', null='?', columns=('b', 'a'))
    show(sorted(out.getvalue().split('\n')))
    c.commit()
    for bad, how in [('x\ty\t1\n', ''), ('1\n', ''), ('1,2,3,4\n', ' csv'), ('1,"x\n', ' csv')]:
        try:
            cur.copy_expert('copy t from stdin' + how, io.StringIO(bad))
        except psycopg2.Error as e:
            show(type(e).__name__, e.pgcode, e.diag.message_primary, e.diag.context)
        c.rollback()

    class Broken:
        def read(self, size=-1):
            raise ValueError('no more')
    refused(lambda: cur.copy_expert('copy t from stdin', Broken()))
    c.rollback()
    big = '\n'.join(f'{i}\t{"x" * 100}\t{i / 7}' for i in range(20000)) + '\n'
    cur.copy_expert('copy t from stdin', io.StringIO(big), size=8192)
    cur.execute('select count(*), sum(a), sum(length(b)) from t')
    show(cur.fetchone())
    c.close()


@activity('errors inside transactions')
def _():
    c = connect()
    cur = c.cursor()
    show(c.get_transaction_status())
    cur.execute('create temp table t (a int primary key, b text not null, constraint big check (a < 10))')
    cur.execute('savepoint s')
    show(c.get_transaction_status())
    for bad in ['select nope from t', 'selec', "insert into t values (1, null)", "insert into t values (11, 'x')", "insert into t values (1, 'a'), (1, 'b')", 'select 1/0',
                "select 'x'::int", 'select * from nope', 'select nope()', "insert into t values (1, 2, 3)", 'savepoint s; select 1::nope', "select '2024-13-01'::date", 'select (select g from generate_series(1, 2) g)']:
        try:
            cur.execute(bad)
        except psycopg2.Error as e:
            d = e.diag
            show(type(e).__name__, e.pgcode, d.severity, d.message_primary, d.message_detail, d.statement_position, d.schema_name and 'schema', d.table_name, d.column_name, d.constraint_name, c.get_transaction_status())
        refused(lambda: cur.execute('select 1'))
        cur.execute('rollback to savepoint s')
    cur.execute("insert into t values (1, 'kept')")
    c.commit()
    show(c.get_transaction_status())
    try:
        with c, c.cursor() as inner:
            inner.execute("insert into t values (2, 'gone')")
            inner.execute('select 1/0')
    except psycopg2.errors.DivisionByZero:
        pass
    cur.execute('select * from t')
    show(cur.fetchall())
    c.commit()
    c.set_session(isolation_level='SERIALIZABLE', readonly=True)
    cur.execute('show transaction_isolation')
    show(cur.fetchone())
    cur.execute('show transaction_read_only')
    show(cur.fetchone())
    c.rollback()
    c.set_session(isolation_level='DEFAULT', readonly=False, autocommit=True)
    refused(lambda: cur.execute('select 1/0'))
    cur.execute('select 1')
    show(cur.fetchone(), c.get_transaction_status())
    c.autocommit = False
    cur.execute('drop table if exists not_there')
    show(c.notices)
    c.close()


@activity('cancel and timeouts')
def _():
    c = connect(application_name='psycopg2 cancel')
    cur = c.cursor()
    when_running(c.cancel, 'psycopg2 cancel')
    refused(lambda: cur.execute(slow))
    refused(lambda: cur.execute('select 1'))
    c.rollback()
    cur.execute('set statement_timeout = 100')
    c.commit()
    refused(lambda: cur.execute('select pg_sleep(10)'))
    c.rollback()
    cur.execute('set statement_timeout = 0')
    cur.execute("set local statement_timeout = '90s'")
    cur.execute('show statement_timeout')
    show(cur.fetchone())
    c.rollback()
    # A cancel that comes too early or too late hits nothing.
    c.cancel()
    time.sleep(0.05)
    cur.execute('select 1')
    show(cur.fetchone())
    c.close()
    # By green threads: the connection is asked whether it is ready.
    c = psycopg2.connect(**trusted, async_=True)
    psycopg2.extras.wait_select(c)
    cur = c.cursor()
    cur.execute('select pg_sleep(0.05), 42')
    psycopg2.extras.wait_select(c)
    show(cur.fetchone())
    c.close()


@activity('reconnect')
def _():
    c = connect(application_name='victim')
    other = connect()
    other.autocommit = True
    look = other.cursor()
    look.execute('select count(*) from pg_stat_activity where pid = %s and application_name = %s and usename = current_user', (c.info.backend_pid, 'victim'))
    show(look.fetchone())
    look.execute('select pg_terminate_backend(%s)', (c.info.backend_pid,))
    show(look.fetchone())
    refused(lambda: c.cursor().execute('select 1'))
    show(c.closed)
    c = connect(options='-c idle_session_timeout=100')
    while select.select([c], [], [], 10) == ([], [], []):
        pass
    refused(lambda: c.cursor().execute('select 1'))
    show(c.closed)
    c = connect(options='-c idle_in_transaction_session_timeout=100')
    c.cursor().execute('select 1')
    while select.select([c], [], [], 10) == ([], [], []):
        pass
    refused(lambda: c.cursor().execute('select 1'))
    c = connect(application_name='again', options='-c search_path=aod -c timezone=America/New_York')
    cur = c.cursor()
    for name in ['application_name', 'search_path', 'timezone', 'client_encoding', 'server_version_num', 'standard_conforming_strings']:
        cur.execute(f'show {name}')
        show(name, cur.fetchone()[0] if name != 'server_version_num' else cur.fetchone()[0][:2])
    cur.execute("select '2024-07-01 12:00:00+00'::timestamptz")
    show(cur.fetchone())
    show(c.info.parameter_status('server_encoding'), c.info.parameter_status('DateStyle'), c.info.parameter_status('integer_datetimes'), c.info.parameter_status('TimeZone'))
    c.reset()
    cur.execute('show timezone')
    show(cur.fetchone())
    c.close()
    refused(lambda: psycopg2.connect(**{**trusted, 'dbname': 'nowhere'}))
    refused(lambda: psycopg2.connect(**trusted, options='-c nope=1'))
    refused(lambda: psycopg2.connect(**trusted, options='-c statement_timeout=x'))


@activity('pools')
def _():
    pool = psycopg2.pool.ThreadedConnectionPool(1, 3, **trusted)
    taken = [pool.getconn() for _ in range(3)]
    refused(pool.getconn)
    for i, c in enumerate(taken):
        cur = c.cursor()
        cur.execute("set application_name = %s", (f'n{i}',))
        cur.execute('select 1')
        pool.putconn(c)
    c = pool.getconn()
    show(c.get_transaction_status())
    pool.putconn(c, close=True)
    c = pool.getconn()
    cur = c.cursor()
    cur.execute('select 2')
    show(cur.fetchone())
    pool.closeall()


@activity('TLS and passwords')
def _():
    for more in [dict(sslmode='disable'), dict(sslmode='prefer'), dict(sslmode='require'), dict(sslmode='require', channel_binding='require'), dict(sslmode='disable', channel_binding='require'),
                 dict(sslmode='verify-ca', sslrootcert=cert), dict(sslmode='verify-full', sslrootcert=cert), dict(sslmode='verify-full', sslrootcert=cert, host='localhost'),
                 dict(sslmode='require', ssl_min_protocol_version='TLSv1.3'), dict(sslmode='require', ssl_max_protocol_version='TLSv1.2'),
                 dict(sslmode='require', password='wrong'), dict(sslmode='require', user='mallory'), dict(sslmode='require', password='')]:
        shown = {k: v for k, v in more.items() if k != 'sslrootcert'}
        try:
            c = psycopg2.connect(**{**secure, **more})
            cur = c.cursor()
            cur.execute('select current_user, 42')
            show(shown, cur.fetchone(), c.info.ssl_in_use, c.info.ssl_attribute('protocol'), c.info.used_password)
            c.close()
        except psycopg2.Error as e:
            show(shown, str(e).split('FATAL')[-1].split('failed: ')[-1].strip())


@activity('the catalogue')
def _():
    c = connect()
    cur = c.cursor()
    cur.execute("select column_name, data_type, udt_name from information_schema.columns where table_schema = 'aod' and column_name in ('MET_pt', 'Muon_pt') order by 1")
    show(cur.fetchall())
    cur.execute('select * from aod."Events" limit 0')
    show(sorted((d.name, d.type_code) for d in cur.description if d.name in ('MET_pt', 'Muon_pt')))
    cur.execute(sql.SQL('select {}, count(*) from {} where {} > %s group by 1 order by 1').format(sql.Identifier('nMuon'), sql.Identifier('aod', 'Events'), sql.Identifier('MET_pt')), (20,))
    show(cur.fetchall())
    with c.cursor(cursor_factory=psycopg2.extras.NamedTupleCursor) as named:
        named.execute('select 1 as a, 2 as b')
        show(named.fetchone()._asdict())
    with c.cursor(cursor_factory=psycopg2.extras.DictCursor) as named:
        named.execute('select 1 as a, 2 as b')
        show(dict(named.fetchone()))
    cur.execute("select oid, typarray from pg_type where typname = 'uuid'")
    show(cur.fetchone())
    c.close()
