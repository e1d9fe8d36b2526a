"""psycopg 3 as its users use it. Argument: port."""
import datetime as dt, decimal, sys, threading, time, uuid
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

port = int(sys.argv[1])
dsn = f'host=127.0.0.1 port={port} user=tester dbname=skyhook'
values = [41, 2**40, 2.5, 'ä € 😀', True, decimal.Decimal('12345.6789'), dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 30, 1, 250000),
          dt.datetime(2024, 2, 29, 12, 30, tzinfo=dt.timezone.utc), dt.time(1, 2, 3), dt.timedelta(days=3, seconds=7), uuid.UUID(int=5), b'\x00\xff',
          [1, 2, 3], ['a', 'b "c"', None], [1.5, None]]
kinds = 'int bigint float8 text bool numeric date timestamp timestamptz time interval uuid bytea int[] text[] float8[]'.split()
with psycopg.connect(dsn) as c:
    for binary in (False, True):
        mark = '%b' if binary else '%t'
        cur = c.cursor(binary=binary)
        cur.execute('select ' + ', '.join(f'{mark}::{k}' for k in kinds), values)
        got = list(cur.fetchone())
        assert got == values, (binary, got)
        cur.execute('select ' + ', '.join(f'{mark}::{k}' for k in kinds), [None] * len(kinds))
        assert cur.fetchone() == (None,) * len(kinds)
    assert c.execute('select %s::jsonb', [Jsonb({'a': [1, None]})]).fetchone() == ({'a': [1, None]},)
    assert c.cursor(row_factory=dict_row).execute('select 1 as a, 2 as b').fetchone() == {'a': 1, 'b': 2}

    # Prepared on the server after the fifth time, with the same answers; then for columns that have changed.
    for i in range(12):
        assert c.execute('select %s::int + 1', [i]).fetchone() == (i + 1,)
    c.execute('create temp table t (a int, b text)')
    for i in range(8):
        c.execute('insert into t values (%s, %s)', [i, f'row {i}'])
    # Batches and pipelines.
    with c.cursor() as cur:
        cur.executemany('insert into t values (%s, %s)', [(i, None) for i in range(8, 100)])
        assert cur.rowcount == 92
        cur.executemany('insert into t values (%s, %s) returning a', [(100, 'x'), (101, 'y')], returning=True)
        assert cur.fetchone() == (100,) and cur.nextset() and cur.fetchone() == (101,)
    with c.pipeline():
        cursors = [c.execute('select a from t where a = %s', [i]) for i in range(20)]
    assert [x.fetchone() for x in cursors] == [(i,) for i in range(20)]
    c.commit()
    try:
        with c.pipeline() as p:
            good = c.execute('select 1')
            c.execute('select nope')
            c.execute('select 2')
            p.sync()
        raise AssertionError('no error')
    except psycopg.errors.UndefinedColumn:
        c.rollback()

    # Errors inside nested transactions.
    with c.transaction():
        c.execute("insert into t values (1000, 'kept')")
        try:
            with c.transaction():
                c.execute("insert into t values (1001, 'gone')")
                c.execute('select 1 / 0')
        except psycopg.errors.DivisionByZero:
            pass
    assert c.execute('select a from t where a >= 1000').fetchall() == [(1000,)]

    # COPY, by rows and by blocks, text and binary.
    with c.cursor().copy('copy t (a, b) from stdin') as copy:
        for i in range(2000, 2100):
            copy.write_row((i, None if i % 2 else f'r\t{i}'))
    with c.cursor().copy('copy t (a, b) from stdin (format binary)') as copy:
        copy.set_types(['int4', 'text'])
        for i in range(3000, 3100):
            copy.write_row((i, f'r {i}'))
    for form in ('', ' (format binary)'):
        with c.cursor().copy(f'copy (select a, b from t where a >= 2000 order by a) to stdout{form}') as copy:
            copy.set_types(['int4', 'text'])
            rows = list(copy.rows())
        assert len(rows) == 200 and rows[0] == (2000, 'r\t2000') and rows[1] == (2001, None) and rows[-1] == (3099, 'r 3099'), (form, rows[:2])
    try:
        with c.cursor().copy('copy t from stdin') as copy:
            copy.write_row((1, 'x'))
            raise ValueError('changed my mind')
    except ValueError:
        c.rollback()

    # Server-side cursors and streams.
    with c.cursor('walk') as cur:
        cur.execute('select event_id from aod."Events" where event_id >= %s order by 1', [1000])
        assert cur.fetchmany(3) == [(1000,), (1001,), (1002,)]
        assert len(cur.fetchall()) == 997
    assert sum(r[0] for r in c.cursor().stream('select * from generate_series(1, 1000)')) == 500500
    c.commit()

    # Cancel.
    threading.Timer(0.5, c.cancel).start()
    started = time.time()
    try:
        c.execute('select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a * b.b % 7 = 8')
        raise AssertionError('no error')
    except psycopg.errors.QueryCanceled:
        assert time.time() - started < 5
    c.rollback()
    # Identifiers, time zones.
    assert c.execute(sql.SQL('select count(*) from {}').format(sql.Identifier('aod', 'Events'))).fetchone() == (2000,)
    c.execute("set timezone to 'Europe/Zurich'")
    (at,) = c.execute("select '2024-07-01 12:00+00'::timestamptz").fetchone()
    assert at == dt.datetime(2024, 7, 1, 12, tzinfo=dt.timezone.utc) and at.utcoffset() == dt.timedelta(hours=2), at
    c.commit()
print('ok')
