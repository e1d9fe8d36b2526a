"""ADBC's PostgreSQL driver as its users use it: results and parameters are Arrow, moved by binary COPY. Argument: port."""
import sys
import pyarrow as pa
import adbc_driver_postgresql.dbapi as dbapi

port = int(sys.argv[1])
with dbapi.connect(f'postgresql://tester@127.0.0.1:{port}/skyhook') as c:
    with c.cursor() as cur:
        cur.execute("""select 1::smallint as s, 2::int as i, 3::bigint as l, 1.5::float4 as f, 2.5::float8 as d, 'ä€'::text as t, true as b, null::int as n,
          date '2024-02-29' as day, timestamp '2024-02-29 12:30:01.25' as ts, timestamptz '2024-02-29 12:30+00' as tz, time '01:02:03' as tm,
          '\\x00ff'::bytea as by, array[1, 2, null] as arr, array['a'] as texts, interval '1 day 2 seconds' as iv""")
        table = cur.fetch_arrow_table()
        row = table.to_pylist()[0]
        assert table.schema.field('i').type == pa.int32() and table.schema.field('f').type == pa.float32(), table.schema
        assert (row['s'], row['i'], row['l'], row['f'], row['d'], row['t'], row['b'], row['n']) == (1, 2, 3, 1.5, 2.5, 'ä€', True, None), row
        assert row['by'] == b'\x00\xff' and row['arr'] == [1, 2, None] and row['texts'] == ['a'], row
        assert str(row['day']) == '2024-02-29' and str(row['ts']) == '2024-02-29 12:30:01.250000' and str(row['tm']) == '01:02:03', row
        cur.execute('select event_id, "MET_pt", "Muon_pt" from aod."Events" order by event_id')
        table = cur.fetch_arrow_table()
        assert table.num_rows == 2000 and table.schema.field('Muon_pt').type.value_type == pa.float32(), table.schema
        cur.execute('select $1::int + 1, $2::text, $3::float8', (41, 'x', None))
        assert cur.fetchone() == (42, 'x', None)
        # Batches of parameters; errors.
        cur.execute('create temp table t (a int, b text)')
        cur.executemany('insert into t values ($1, $2)', [(1, 'a'), (2, None)])
        cur.execute('select a, b from t order by a')
        assert cur.fetchall() == [(1, 'a'), (2, None)]
        try:
            cur.execute('select nope')
            cur.fetchone()
            raise AssertionError('no error')
        except dbapi.ProgrammingError as e:
            assert e.sqlstate == '42703', e
    c.rollback()
    # What is known of the tables.
    with c.cursor() as cur:
        info = c.adbc_get_info()
        assert 'PostgreSQL' in info['vendor_name'], info
    schema = c.adbc_get_table_schema('Events', db_schema_filter='aod')
    assert schema.field('MET_pt').type == pa.float32(), schema
    objects = c.adbc_get_objects(depth='tables', db_schema_filter='aod').read_all().to_pylist()
    names = [t['table_name'] for d in objects for s in d['catalog_db_schemas'] or [] for t in s['db_schema_tables'] or []]
    assert 'Events' in names, objects
# Ingestion: a table is made, and filled by COPY.
with dbapi.connect(f'postgresql://tester@127.0.0.1:{port}/skyhook', autocommit=True) as c, c.cursor() as cur:
    cur.execute('create schema if not exists adbc')
    rows = pa.table({'a': pa.array(range(10000), pa.int64()), 'b': pa.array([None if i % 3 else f'r{i}' for i in range(10000)]),
                     'x': pa.array([i / 7 for i in range(10000)]), 'l': pa.array([[i, i + 1] for i in range(10000)], pa.list_(pa.int32()))})
    assert cur.adbc_ingest('rows', rows, mode='create', db_schema_name='adbc') in (10000, -1)
    cur.execute('select a, b, x, l from adbc.rows order by a')
    assert cur.fetch_arrow_table().to_pylist() == rows.to_pylist()
print('ok')
