"""ADBC's PostgreSQL driver as its users use it: results and parameters are Arrow, moved by binary COPY."""
import importlib.metadata
import datetime as dt, decimal, math
import adbc_driver_postgresql.dbapi as dbapi
import pyarrow as pa
from transcript import activity, cert, port, refused, secure, show, slow, when_running

print('ADBC', importlib.metadata.version('adbc-driver-postgresql'))
uri = f'postgresql://tester@127.0.0.1:{port}/skyhook?sslmode=disable'
connect = lambda **more: dbapi.connect(uri, **more)
UTC = dt.timezone.utc
results = [
    'true, false, null::bool', "1::int2, -2147483648, 9223372036854775807, null::int", "1.1::float4, 'nan'::float4, 'inf'::float8, 5e-324::float8",
    "12345.6789::numeric, 'NaN'::numeric, 1e40::numeric, 0.00::numeric, -1e-10::numeric", "'ä€😀'::text, ''::text, 'ab'::varchar(5), 'ab'::char(5), 'n'::name",
    "'\\x00ff'::bytea, ''::bytea", "date '2024-02-29', date '0001-01-01', date '9999-12-31'", "time '01:02:03.000004'", "timestamp '2024-02-29 12:30:01.25', timestamp '1969-12-31 23:59:59'", "timestamptz '2024-02-29 12:30+02'",
    "interval '1 mon 2 days 3.5 seconds', interval '-1 day'", "'00000000-0000-0000-0000-000000000005'::uuid", "'{\"a\": 1}'::json, '{\"a\": 1}'::jsonb", "array[1, 2, null], '{}'::int[], null::int[]", "array['a', null]::text[], array[1.5::float4], array[2.5::float8], array[true]",
    "array[1.5::numeric]", "array[date '2024-02-29']", "26::oid",
]
parameters = [
    (pa.bool_(), [True, None], 'bool'), (pa.int16(), [1, -32768], 'int2'), (pa.int32(), [1, None], 'int4'), (pa.int64(), [2**62], 'int8'), (pa.float32(), [1.5, math.nan], 'float4'), (pa.float64(), [0.1, math.inf], 'float8'),
    (pa.string(), ['ä€😀', '', None], 'text'), (pa.large_string(), ['x'], 'text'), (pa.binary(), [b'\x00\xff', b''], 'bytea'), (pa.date32(), [dt.date(2024, 2, 29), None], 'date'), (pa.timestamp('us'), [dt.datetime(2024, 2, 29, 12, 30, 1, 5)], 'timestamp'),
    (pa.timestamp('us', 'UTC'), [dt.datetime(2024, 2, 29, 12, 30, tzinfo=UTC)], 'timestamptz'), (pa.time64('us'), [dt.time(1, 2, 3, 4)], 'time'), (pa.list_(pa.int32()), [[1, None], [], None], 'int[]'), (pa.list_(pa.float64()), [[1.5]], 'float8[]'),
    (pa.list_(pa.string()), [['a', 'b "c"']], 'text[]'), (pa.duration('us'), [dt.timedelta(days=1, seconds=2)], 'interval'), (pa.decimal128(10, 2), [decimal.Decimal('1.50')], 'numeric'), (pa.int8(), [1], 'int2'), (pa.uint32(), [7], 'int8'),
]


@activity('parameters')
def _():
    with connect(autocommit=True) as c, c.cursor() as cur:
        for row in results:
            try:
                cur.execute('select ' + row)
                table = cur.fetch_arrow_table()
                show(row, [str(f.type) for f in table.schema], [list(r.values()) for r in table.to_pylist()])
            except Exception as e:
                show(row)
                print(type(e).__name__, str(e).split('\n')[0][:150])
        for kind, some, cast in parameters:
            try:
                cur.execute(f'select $1::{cast} as v', pa.RecordBatch.from_arrays([pa.array(some, kind)], ['v']))
                table = cur.fetch_arrow_table()
                show(str(kind), str(table.schema.field('v').type), table.column('v').to_pylist())
            except Exception as e:
                show(str(kind))
                print(type(e).__name__, str(e).split('\n')[0][:150])
        cur.execute('select $1::int + 1, $2::text, $3::float8', (41, 'x', 2.5))
        show(cur.fetchone(), [d[0] for d in cur.description])
        cur.execute('select * from (select g, g * 1.5::float8 as h from generate_series(1, 100000) g) s order by 1')
        reader = cur.fetch_record_batch()
        show(str(reader.schema), sum(b.num_rows for b in reader))


@activity('temporary tables')
def _():
    with connect() as c, c.cursor() as cur:
        cur.execute('create temp table t (a int, b text, c float8)')
        cur.execute("insert into t values (1, 'a', 1.5), (2, null, null)")
        cur.execute('select * from t order by a')
        show(cur.fetch_arrow_table().to_pylist())
        cur.execute('update t set b = $1 where a = $2', ('neu', 2))
        cur.execute('select * from t where a = 2')
        show(cur.fetchall())
        cur.execute('drop table t')


@activity('batches and pipelines')
def _():
    with connect() as c, c.cursor() as cur:
        cur.execute('create temp table t (a int, b text)')
        cur.executemany('insert into t values ($1, $2)', [(i, f'r{i}') for i in range(30)])
        show(cur.rowcount)
        cur.executemany('insert into t values ($1, $2)', pa.RecordBatch.from_pydict({'a': pa.array([100, 101], pa.int32()), 'b': pa.array(['x', None])}))
        cur.execute('select count(*), sum(a), count(b) from t')
        show(cur.fetchall())
        cur.adbc_prepare('select $1::int * 2 as n, $2::text as t')
        show(str(cur.adbc_prepare('select $1::int * 2 as n, $2::text as t')))
        for i in range(3):
            cur.execute('select $1::int * 2 as n, $2::text as t', (i, 'x'))
            show(cur.fetchone())
        cur.execute('select $1::int * 2 as n', pa.RecordBatch.from_pydict({'n': pa.array([1, 2, 3], pa.int32())}))
        show(cur.fetchall())
        show(str(cur.adbc_execute_schema('select 1 as a, null::numeric as b, array[1.5::float8] as c')) if hasattr(cur, 'adbc_execute_schema') else None)


@activity('COPY')
def _():
    with connect(autocommit=True) as c, c.cursor() as cur:
        cur.execute('drop schema if exists adbc cascade')
        cur.execute('create schema adbc')
        columns = {f'c{i}': pa.array((some * 3)[:3], kind) for i, (kind, some, _) in enumerate(parameters) if not pa.types.is_uint32(kind)}
        rows = pa.table(columns)
        for mode in ('create', 'append', 'replace', 'create_append'):
            cur.adbc_ingest('rows', rows, mode=mode, db_schema_name='adbc')
            cur.execute('select count(*) from adbc.rows')
            show(mode, cur.fetchall())
        cur.execute('select * from adbc.rows')
        table = cur.fetch_arrow_table()
        show([str(f.type) for f in table.schema], [list(r.values()) for r in table.to_pylist()])
        refused(lambda: cur.adbc_ingest('rows', rows, mode='create', db_schema_name='adbc'))
        many = pa.table({'a': pa.array(range(20000), pa.int64()), 'x': pa.array([i / 7 for i in range(20000)])})
        cur.adbc_ingest('many', many.to_reader(1000), mode='create', db_schema_name='adbc')
        cur.execute('select count(*), sum(a), min(x), max(x) from adbc.many')
        show(cur.fetchall())
        cur.adbc_ingest('own', rows.select(['c0', 'c2', 'c6']), mode='create', temporary=True)
        cur.execute('select * from own')
        show(cur.fetchall())
        cur.execute('drop schema adbc cascade')


@activity('errors inside transactions')
def _():
    with connect() as c, c.cursor() as cur:
        cur.execute('create temp table t (a int primary key)')
        c.commit()
        for bad in ['select nope', 'selec', 'select 1/0', "select 'x'::int", 'insert into t values (1), (1)', 'select 1 / (3 - g) from generate_series(1, 5) g']:
            try:
                cur.execute(bad)
                cur.fetchall()
            except Exception as e:
                # Whether COPY has begun when it fails is not told by both alike.
                show(type(e).__name__, e.sqlstate, str(e).split('ERROR:')[-1].split('LINE')[0].strip())
            refused(lambda: (cur.execute('select 1'), cur.fetchall()))
            c.rollback()
        cur.execute('insert into t values (7)')
        cur.execute('savepoint s')
        refused(lambda: (cur.execute('select 1/0'), cur.fetchall()))
        # The driver sends nothing more, not even ROLLBACK TO.
        c.rollback()
        cur.execute('select * from t')
        show(cur.fetchall())
        c.rollback()


@activity('cancel and timeouts')
def _():
    with dbapi.connect(f'{uri}&application_name=adbc+cancel') as c, c.cursor() as cur:
        when_running(cur.adbc_cancel, 'adbc+cancel')
        refused(lambda: (cur.execute(slow), cur.fetchall()))
        c.rollback()
        cur.execute("set statement_timeout = '100ms'")
        try:
            cur.execute('select pg_sleep(10)')
            cur.fetchall()
        except dbapi.OperationalError as e:
            show(e.sqlstate, str(e).split('ERROR')[-1].split('\n')[0])
        c.rollback()
        cur.execute('select 1')
        show(cur.fetchall())


@activity('reconnect')
def _():
    c = connect(autocommit=True)
    cur = c.cursor()
    cur.execute('select pg_backend_pid()')
    (pid,) = cur.fetchone()
    with connect(autocommit=True) as other, other.cursor() as look:
        look.execute(f'select pg_terminate_backend({pid})')
        show(look.fetchone())
    try:
        cur.execute('select 1')
        print('FAILED to fail')
    except Exception as e:
        show(type(e).__name__)
    cur.close()
    c.close()
    with connect() as c, c.cursor() as cur:
        cur.execute('select 1')
        show(cur.fetchone())


@activity('TLS and passwords')
def _():
    at = f"postgresql://alice:correct%20horse@127.0.0.1:{secure['port']}/skyhook"
    for more in ['sslmode=disable', 'sslmode=require', 'sslmode=require&channel_binding=require', f'sslmode=verify-full&sslrootcert={cert}']:
        with dbapi.connect(f'{at}?{more}') as c, c.cursor() as cur:
            cur.execute('select current_user::text, 42')
            show(more.split('&sslroot')[0], cur.fetchone())
    try:
        dbapi.connect(at.replace('correct', 'wrong'))
    except Exception as e:
        show(type(e).__name__, 'password authentication failed' in str(e))


@activity('the catalogue')
def _():
    with connect(autocommit=True) as c, c.cursor() as cur:
        cur.execute('drop schema if exists adbc2 cascade')
        cur.execute('create schema adbc2')
        cur.execute('create table adbc2.t (a int primary key, b text not null, c numeric(10,2), d float8[], e timestamptz, f varchar(7) unique, check (a > 0))')
        cur.execute('create view adbc2.v as select a, b from adbc2.t')
        show(str(c.adbc_get_table_schema('t', db_schema_filter='adbc2')), c.adbc_get_table_types())
        for depth in ('catalogs', 'db_schemas', 'tables', 'columns', 'all'):
            objects = c.adbc_get_objects(depth=depth, db_schema_filter='adbc2', catalog_filter='skyhook').read_all().to_pylist()
            for o in objects:
                for s in o['catalog_db_schemas'] or []:
                    for t in sorted(s['db_schema_tables'] or [], key=lambda t: t['table_name']):
                        show(depth, s['db_schema_name'], t['table_name'], t['table_type'], [(x['column_name'], x['ordinal_position']) for x in t['table_columns'] or []], sorted((k['constraint_type'], k['constraint_column_names']) for k in t['table_constraints'] or []))
            show(depth, [o['catalog_name'] for o in objects])
        info = c.adbc_get_info()
        show(info['vendor_name'], info['driver_name'])
        show(c.adbc_get_objects(depth='tables', catalog_filter='skyhook', db_schema_filter='aod', table_name_filter='Ev%').read_all().to_pylist()[0]['catalog_db_schemas'])
        try:
            c.adbc_get_table_schema('nope')
        except dbapi.ProgrammingError as e:
            show(e.sqlstate, str(e).split('ERROR')[-1].split('\n')[0])
        cur.execute('select "MET_pt", "Muon_pt" from aod."Events" order by event_id limit 3')
        table = cur.fetch_arrow_table()
        show([str(f.type) for f in table.schema], table.to_pylist())
        cur.execute('drop schema adbc2 cascade')
