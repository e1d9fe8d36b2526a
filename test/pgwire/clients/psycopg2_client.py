"""psycopg2 as its users use it. Arguments: port, control port. Any failed assertion is a failed test."""
import datetime as dt, decimal, io, json, select, sys, threading, time, uuid
import psycopg2, psycopg2.errors, psycopg2.extras

port = int(sys.argv[1])
dsn = dict(host='127.0.0.1', port=port, user='tester', dbname='skyhook')
c = psycopg2.connect(**dsn)
cur = c.cursor()

# Values of every type, both ways.
values = dict(
    i=41, big=2**40, f=2.5, nan=float('nan'), t="it's ä € 😀", b=True, n=decimal.Decimal('12345.6789'), none=None,
    d=dt.date(2024, 2, 29), ts=dt.datetime(2024, 2, 29, 12, 30, 1, 250000), tz=dt.datetime(2024, 2, 29, 12, 30, tzinfo=dt.timezone.utc),
    tm=dt.time(1, 2, 3), iv=dt.timedelta(days=3, seconds=7), arr=[1, 2, 3], texts=['a', 'b "c"', None], by=psycopg2.Binary(b'\x00\xff'))
cur.execute("""select %(i)s::int, %(big)s::bigint, %(f)s::float8, %(nan)s::float8, %(t)s, %(b)s, %(n)s::numeric, %(none)s::text, %(d)s::date,
  %(ts)s::timestamp, %(tz)s::timestamptz, %(tm)s::time, %(iv)s::interval, %(arr)s, %(texts)s, %(by)s::bytea""", values)
row = cur.fetchone()
assert row[:3] == (41, 2**40, 2.5) and row[3] != row[3], row
assert row[4:13] == tuple(values[k] for k in ['t', 'b', 'n', 'none', 'd', 'ts', 'tz', 'tm', 'iv']), row
assert row[13] == [1, 2, 3] and row[14] == ['a', 'b "c"', None] and bytes(row[15]) == b'\x00\xff', row
assert [x.name for x in cur.description][:2] == ['int4', 'int8']
psycopg2.extras.register_uuid()
u = uuid.uuid4()
cur.execute('select %s::uuid, %s::json, %s::jsonb', (u, psycopg2.extras.Json({'a': [1]}), json.dumps({'b': 2})))
assert cur.fetchone() == (u, {'a': [1]}, {'b': 2})
c.rollback()

# Errors inside transactions; savepoints; the connection goes on.
cur.execute('create temp table t (a int, b text)')
cur.execute('savepoint s')
try:
    cur.execute('select nope from t')
    raise AssertionError('no error')
except psycopg2.errors.UndefinedColumn as e:
    assert e.pgcode == '42703' and e.diag.statement_position == '8'
try:
    cur.execute('select 1')
    raise AssertionError('no error')
except psycopg2.errors.InFailedSqlTransaction:
    pass
cur.execute('rollback to savepoint s')
cur.executemany('insert into t values (%s, %s)', [(i, f'row {i}') for i in range(5)])
psycopg2.extras.execute_values(cur, 'insert into t values %s', [(i, None) for i in range(5, 100)])
cur.execute('select count(*), count(b), sum(a) from t')
assert cur.fetchone() == (100, 5, 4950)
assert cur.rowcount == 1
c.commit()

# COPY both ways.
cur.copy_expert('copy t from stdin with (format csv)', io.StringIO('100,"x, y"\n101,\n'))
assert cur.rowcount == 2
out = io.StringIO()
cur.copy_expert('copy (select * from t where a >= 100 order by a) to stdout', out)
assert out.getvalue() == '100\tx, y\n101\t\\N\n', out.getvalue()
cur.copy_from(io.StringIO('7\tseven\n'), 't', columns=('a', 'b'))
try:
    cur.copy_expert('copy t from stdin', io.StringIO('x\ty\n'))
    raise AssertionError('no error')
except psycopg2.errors.InvalidTextRepresentation as e:
    assert 'COPY t, line 1, column a: "x"' in e.diag.context, e.diag.context
c.rollback()

# A server-side cursor.
named = c.cursor('walk')
named.itersize = 500
named.execute('select event_id from aod."Events" order by 1')
assert [r[0] for r in named] == list(range(2000))
named.close()
c.commit()
named = c.cursor('scroll', scrollable=True)
named.execute('select * from generate_series(1, 10)')
named.scroll(4)
assert named.fetchone() == (5,)
named.scroll(-3)
assert named.fetchone() == (3,)
c.rollback()

# Cancel from another thread; the connection stays.
threading.Timer(0.5, c.cancel).start()
started = time.time()
try:
    cur.execute('select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a * b.b % 7 = 8')
    raise AssertionError('no error')
except psycopg2.errors.QueryCanceled:
    assert time.time() - started < 60
c.rollback()
cur.execute('select 1')
assert cur.fetchone() == (1,)

# Settings, autocommit, read-only sessions. Time zones.
c.commit()
c.set_session(readonly=True, autocommit=True)
try:
    cur.execute('create temp table u (a int)')
    cur.execute('insert into u values (1)')
except psycopg2.errors.ReadOnlySqlTransaction:
    pass
c.set_session(readonly=False)
cur.execute("set timezone to 'America/New_York'")
cur.execute("select '2024-07-01 12:00:00+00'::timestamptz")
(at,) = cur.fetchone()
assert at == dt.datetime(2024, 7, 1, 12, tzinfo=dt.timezone.utc) and at.utcoffset() == dt.timedelta(hours=-4), at
c.close()

# Reconnect after the server has ended the connection.
c = psycopg2.connect(**dsn, options='-c idle_session_timeout=200')
# Its last words are there.
assert select.select([c], [], [], 100)[0]
try:
    c.cursor().execute('select 1')
    raise AssertionError('no error')
except psycopg2.OperationalError as e:
    assert c.closed, e
c = psycopg2.connect(**dsn, application_name='again')
cur = c.cursor()
cur.execute('show application_name')
assert cur.fetchone() == ('again',)
print('ok')
