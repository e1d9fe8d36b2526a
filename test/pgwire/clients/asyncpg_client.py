"""asyncpg as its users use it: everything is prepared, everything is binary. Argument: port."""
import asyncio, datetime as dt, decimal, io, sys, time, uuid
import asyncpg

port = int(sys.argv[1])
dsn = dict(host='127.0.0.1', port=port, user='tester', database='skyhook')

async def main():
    c = await asyncpg.connect(**dsn)
    values = [41, 2**40, 3, 2.5, 1.5, 'ä € 😀', True, decimal.Decimal('12345.6789'), dt.date(2024, 2, 29),
              dt.datetime(2024, 2, 29, 12, 30, 1, 250000), dt.datetime(2024, 2, 29, 12, 30, tzinfo=dt.timezone.utc), dt.time(1, 2, 3),
              dt.timedelta(days=3, seconds=7), uuid.UUID(int=5), b'\x00\xff', [1, 2, 3], ['a', None], '{"a": 1}']
    kinds = 'int bigint smallint float8 float4 text bool numeric date timestamp timestamptz time interval uuid bytea int[] text[] jsonb'.split()
    row = await c.fetchrow('select ' + ', '.join(f'${i + 1}::{k}' for i, k in enumerate(kinds)), *values)
    assert list(row.values()) == values, row
    row = await c.fetchrow('select ' + ', '.join(f'${i + 1}::{k}' for i, k in enumerate(kinds)), *[None] * len(kinds))
    assert set(row.values()) == {None}
    assert await c.fetchval('select count(*) from aod."Events"') == 2000
    lists = await c.fetch('select "Muon_pt" from aod."Events" where event_id = any($1::bigint[]) order by event_id', [6, 7])
    assert all(isinstance(r['Muon_pt'], list) for r in lists)

    stmt = await c.prepare('select $1::int + 1 as n, $2 || $3 as t')
    assert [str(p.name) for p in stmt.get_parameters()] == ['int4', 'text', 'text']
    assert [a.name for a in stmt.get_attributes()] == ['n', 't']
    for i in range(5):
        assert tuple(await stmt.fetchrow(i, 'a', 'b')) == (i + 1, 'ab')

    await c.execute('create temp table t (a int, b text)')
    await c.executemany('insert into t values ($1, $2)', [(i, f'r{i}') for i in range(100)])
    assert await c.fetchval('select sum(a) from t') == 4950
    assert await c.execute('delete from t where a >= 50') == 'DELETE 50'
    # Transactions, nested, with errors.
    try:
        async with c.transaction():
            await c.execute("insert into t values (1000, 'gone')")
            await c.execute('select 1 / 0')
    except asyncpg.DivisionByZeroError:
        pass
    async with c.transaction():
        await c.execute("insert into t values (1001, 'kept')")
        try:
            async with c.transaction():
                await c.execute('select nope')
        except asyncpg.UndefinedColumnError as e:
            assert e.position == '8'
    assert await c.fetchval('select max(a) from t') == 1001
    # Cursors.
    async with c.transaction():
        got = [r['event_id'] async for r in c.cursor('select event_id from aod."Events" order by 1', prefetch=300)]
        assert got == list(range(2000))
        cur = await c.cursor('select * from generate_series(1, 10)')
        assert [r[0] for r in await cur.fetch(3)] == [1, 2, 3]
        await cur.forward(2)
        assert (await cur.fetchrow())[0] == 6
    # COPY: binary of records, text of files, both ways.
    assert await c.copy_records_to_table('t', records=[(i, None) for i in range(2000, 2100)]) == 'COPY 100'
    assert await c.copy_to_table('t', source=io.BytesIO(b'7,"x, y"\n'), format='csv') == 'COPY 1'
    out = io.BytesIO()
    assert await c.copy_from_query('select a, b from t where b = $1', 'x, y', output=out, format='csv') == 'COPY 1'
    assert out.getvalue() == b'7,"x, y"\n', out.getvalue()
    # Introspection of types that are not built in is not needed for json; a codec of one's own is.
    import json
    await c.set_type_codec('jsonb', encoder=json.dumps, decoder=json.loads, schema='pg_catalog')
    assert await c.fetchval('select $1::jsonb', {'a': [1]}) == {'a': [1]}
    # Timeouts cancel; the connection stays.
    started = time.time()
    try:
        await c.fetchval('select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a * b.b % 7 = 8', timeout=0.5)
        raise AssertionError('no error')
    except asyncio.TimeoutError:
        assert time.time() - started < 60
    assert await c.fetchval('select 1') == 1
    await c.close()
    # A pool: connections are reset between users.
    async with asyncpg.create_pool(**dsn, min_size=2, max_size=4) as pool:
        async def one(i):
            async with pool.acquire() as own:
                await own.execute(f"set application_name = 'n{i}'")
                return await own.fetchval('select $1::int * 2', i)
        assert await asyncio.gather(*[one(i) for i in range(40)]) == [2 * i for i in range(40)]
        async with pool.acquire() as own:
            assert await own.fetchval('show application_name') == ''

asyncio.run(main())
print('ok')
