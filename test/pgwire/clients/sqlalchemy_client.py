"""SQLAlchemy 2 and pandas as their users use them, over psycopg2, psycopg and asyncpg: the same work each time."""
import asyncio, datetime as dt, decimal, math, uuid
import numpy as np, pandas as pd, sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from transcript import activity, cert, port, refused, secure, show, terminate

print('SQLAlchemy', sa.__version__, 'pandas', pd.__version__)
D = decimal.Decimal
drivers = ('psycopg2', 'psycopg', 'asyncpg')


class Run:
    """Synchronous work on a connection, also where the driver is asynchronous."""

    def __init__(self, driver, auto=False, **more):
        self.driver = driver
        make = create_async_engine if driver == 'asyncpg' else sa.create_engine
        off = {'ssl': False} if driver == 'asyncpg' else {'sslmode': 'disable'}
        self.engine = make(f'postgresql+{driver}://tester@127.0.0.1:{port}/skyhook', connect_args=off, **({'isolation_level': 'AUTOCOMMIT'} if auto else {}), **more)

    def __call__(self, work):
        if self.driver != 'asyncpg':
            with self.engine.connect() as c:
                work(c)
            self.engine.dispose()
            return

        async def run():
            async with self.engine.connect() as c:
                await c.run_sync(work)
            await self.engine.dispose()
        asyncio.run(run())


kinds = [
    (sa.Boolean, [True, False]), (sa.SmallInteger, [-32768]), (sa.Integer, [2**31 - 1]), (sa.BigInteger, [-2**63]), (sa.REAL, [1.5, math.nan]), (sa.Double, [0.1, math.inf]), (sa.Numeric(12, 4), [D('12345.6789')]), (sa.Numeric, [D('NaN'), D('1E+30')]),
    (sa.Text, ["it's ä€😀"]), (sa.String(5), ['abc']), (sa.LargeBinary, [b'\x00\xff']), (sa.Date, [dt.date(2024, 2, 29)]), (sa.Time, [dt.time(1, 2, 3, 4)]), (pg.TIME(timezone=True), [dt.time(1, 2, 3, tzinfo=dt.timezone.utc)]), (sa.DateTime, [dt.datetime(2024, 2, 29, 12, 30, 1, 5)]),
    (sa.DateTime(timezone=True), [dt.datetime(2024, 2, 29, tzinfo=dt.timezone.utc)]), (sa.Interval, [dt.timedelta(days=3, seconds=7)]), (sa.Uuid, [uuid.UUID(int=5)]), (sa.JSON, [{'a': [1, None, 'ä']}]), (pg.JSONB, [{'b': 2}]),
    (pg.ARRAY(sa.Integer), [[1, None, 3]]), (pg.ARRAY(sa.Text), [['a', 'b "c"']]), (pg.ARRAY(sa.Float), [[1.5]]), (sa.Enum('x', 'y', native_enum=False), ['x']),
]
two_d = (pg.ARRAY(sa.Integer, dimensions=2), [[[1, 2], [3, 4]]])


@activity('parameters')
def _():
    def work(c):
        for kind, some in kinds + [two_d]:
            for value in some + [None]:
                try:
                    show(str(kind if isinstance(kind, type) else repr(kind)), c.execute(sa.select(sa.cast(sa.literal(value, kind), kind))).scalar())
                except Exception as e:
                    print('refused', type(e).__name__, str(e).split('\n')[0])
                    c.rollback()
        g = sa.func.generate_series(1, 9).column_valued('g')
        show(c.execute(sa.select(g).where(g.in_([2, 4])).order_by(g)).scalars().all(), c.execute(sa.text('select :a + 1, :b'), {'a': 5, 'b': 'x'}).one() if c.dialect.driver != 'asyncpg' else None)
    for driver in drivers:
        print(driver)
        Run(driver)(work)


@activity('temporary tables')
def _():
    def work(c):
        table = sa.Table('every', sa.MetaData(), *[sa.Column(f'c{i}', kind) for i, (kind, _) in enumerate(kinds)], prefixes=['TEMPORARY'])
        table.create(c, checkfirst=False)
        c.execute(table.insert(), [{f'c{i}': some[0] for i, (_, some) in enumerate(kinds)}, {f'c{i}': some[-1] for i, (_, some) in enumerate(kinds)}, {f'c{i}': None for i in range(len(kinds))}])
        for row in c.execute(table.select()).all():
            show(*row)
        show(c.execute(table.update().where(table.c.c0.is_(True)).values(c8=table.c.c8 + '!').returning(table.c.c8)).all(), c.execute(table.delete()).rowcount)
    for driver in drivers:
        print(driver)
        Run(driver)(work)


@activity('batches and pipelines')
def _():
    def work(c):
        t = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('b', sa.Text, server_default='x'), prefixes=['TEMPORARY'])
        t.create(c, checkfirst=False)
        c.execute(t.insert(), [{'b': f'r{i}'} for i in range(20)])
        show([tuple(r) for r in c.execute(t.insert().returning(t.c.id, t.c.b, sort_by_parameter_order=True), [{'b': f's{i}'} for i in range(5)])])
        insert = pg.insert(t).values(id=1, b='new')
        c.execute(insert.on_conflict_do_update(index_elements=['id'], set_={'b': insert.excluded.b}))
        c.execute(t.update().where(t.c.id == sa.bindparam('n')).values(b=sa.bindparam('v')), [{'n': 2, 'v': 'two'}, {'n': 3, 'v': None}])
        show(c.execute(sa.select(sa.func.count(), sa.func.count(t.c.b), sa.func.max(t.c.id))).one(), c.execute(sa.select(t).where(t.c.id < 4).order_by(t.c.id)).all())
    for driver in drivers:
        print(driver)
        Run(driver)(work)


@activity('cursors')
def _():
    def work(c):
        result = c.execution_options(yield_per=300).execute(sa.text('select event_id, "MET_pt" from aod."Events" order by 1'))
        show([len(p) for p in result.partitions()])
        if c.dialect.driver != 'asyncpg':
            parts = list(pd.read_sql('select event_id, "MET_pt", "nMuon" from aod."Events" order by 1', c.execution_options(stream_results=True), chunksize=700))
            show([len(p) for p in parts], str(parts[0].dtypes.to_dict()))
    for driver in drivers:
        print(driver)
        Run(driver)(work)


@activity('errors inside transactions')
def _():
    class Base(DeclarativeBase):
        pass

    class Note(Base):
        __tablename__ = 'note'
        __table_args__ = {'prefixes': ['TEMPORARY']}
        id: Mapped[int] = mapped_column(primary_key=True)
        text: Mapped[str | None]
        at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())

    def work(c):
        Base.metadata.create_all(c, checkfirst=False)
        with Session(c, join_transaction_mode='create_savepoint') as s:
            s.add_all([Note(text=f'n{i}') for i in range(10)])
            s.flush()
            s.get(Note, 3).text = 'changed'
            s.delete(s.get(Note, 4))
            s.flush()
            s.expire_all()
            show(s.scalars(sa.select(Note.text).order_by(Note.id).limit(2).offset(2)).all())
            nested = s.begin_nested()
            refused(lambda: s.execute(sa.text('select 1 / 0')))
            nested.rollback()
            try:
                with s.begin_nested():
                    s.add(Note(id=1, text='twice'))
                    s.flush()
            except sa.exc.IntegrityError as e:
                show(type(e).__name__, type(e.orig).__name__ if c.dialect.driver != 'asyncpg' else '', str(e.orig).split('DETAIL')[0].split('>: ')[-1].strip())
            show(s.scalar(sa.select(sa.func.count(Note.id))))
            s.commit()
    for driver in drivers:
        print(driver)
        Run(driver)(work)


@activity('reconnect')
def _():
    for driver in ('psycopg2', 'psycopg'):
        engine = sa.create_engine(f'postgresql+{driver}://tester@127.0.0.1:{port}/skyhook?sslmode=disable', pool_size=1, max_overflow=0)
        pinged = sa.create_engine(engine.url, pool_pre_ping=True, pool_size=1, max_overflow=0)
        for e in (engine, pinged):
            with e.connect() as c:
                pid = c.scalar(sa.text('select pg_backend_pid()'))
            terminate(pid)
            try:
                with e.connect() as c:
                    show(c.scalar(sa.text('select 1')))
            except sa.exc.DBAPIError as error:
                show(type(error).__name__, error.connection_invalidated)
            with e.connect() as c:
                show(c.scalar(sa.text('select 2')))
            e.dispose()


@activity('pools')
def _():
    engine = sa.create_engine(f'postgresql+psycopg://tester@127.0.0.1:{port}/skyhook?sslmode=disable', pool_size=2, max_overflow=0, pool_timeout=0.1)
    a, b = engine.connect(), engine.connect()
    refused(engine.connect)
    a.execute(sa.text('create temp table left_over (a int)'))
    a.close()
    with engine.connect() as c:
        show(c.scalar(sa.text('select 3')), engine.pool.checkedout())
    b.close()
    engine.dispose()


@activity('TLS and passwords')
def _():
    for driver in ('psycopg2', 'psycopg'):
        url = sa.URL.create(f'postgresql+{driver}', 'alice', 'correct horse', '127.0.0.1', secure['port'], 'skyhook', {'sslmode': 'verify-full', 'sslrootcert': cert, 'channel_binding': 'require'})
        engine = sa.create_engine(url)
        with engine.connect() as c:
            show(c.scalar(sa.text('select current_user')))
        engine.dispose()


@activity('the catalogue')
def _():
    def furnish(c):
        c.execute(sa.text(f'drop schema if exists sa_{c.dialect.driver} cascade'))
        c.execute(sa.text(f'create schema sa_{c.dialect.driver}'))
        meta = sa.MetaData(schema=f'sa_{c.dialect.driver}')
        sa.Table('parent', meta, sa.Column('id', sa.BigInteger, primary_key=True), sa.Column('name', sa.String(40), nullable=False, unique=True, comment='its name'), comment='a table of parents')
        sa.Table('child', meta, *[sa.Column(f'c{i}', kind) for i, (kind, _) in enumerate(kinds)], sa.Column('id', sa.Integer, sa.Identity(always=True), primary_key=True), sa.Column('parent', sa.ForeignKey(meta.tables[f'{meta.schema}.parent'].c.id), index=True),
                 sa.Column('twice', sa.Integer, sa.Computed('c2 * 2')), sa.CheckConstraint('c2 > 0', name='positive'), sa.UniqueConstraint('c2', 'c3', name='both'))
        meta.create_all(c)
        c.execute(sa.text(f'create view {meta.schema}.v as select id from {meta.schema}.child'))

    def look(c):
        schema = f'sa_{c.dialect.driver}'
        i = sa.inspect(c)
        show(schema in i.get_schema_names(), sorted(i.get_table_names(schema=schema)), i.get_view_names(schema=schema), i.default_schema_name, c.dialect.server_version_info[0])
        for table in ('parent', 'child'):
            for column in i.get_columns(table, schema=schema):
                # PostgreSQL puts an expression into parentheses.
                computed = {k: str(v).strip('()') for k, v in column.pop('computed', {}).items()}
                # There is no pg_get_serial_sequence, by which it finds identities.
                if column.pop('identity', None) or column['name'] == 'id':
                    column.pop('autoincrement')
                show(table, {**column, 'type': repr(column['type'])}, computed)
            show(i.get_pk_constraint(table, schema=schema), i.get_foreign_keys(table, schema=schema), i.get_indexes(table, schema=schema))
            show(sorted(map(str, i.get_unique_constraints(table, schema=schema))), i.get_check_constraints(table, schema=schema), i.get_table_comment(table, schema=schema), i.get_table_options(table, schema=schema))
        show(i.has_table('nope', schema=schema), i.has_table('child', schema=schema), sorted(i.get_sequence_names(schema=schema)), i.get_enums(schema=schema), i.get_materialized_view_names(schema=schema), i.get_temp_table_names())
        meta = sa.MetaData()
        meta.reflect(c, schema=schema, views=True)
        show(sorted(meta.tables))
        events = sa.Table('Events', sa.MetaData(), schema='aod', autoload_with=c)
        show(repr(events.c.MET_pt.type), repr(events.c.Muon_pt.type))
        n = sa.func.count().label('n')
        show(c.execute(sa.select(events.c.nMuon, n).where(events.c.MET_pt > 20).group_by(events.c.nMuon).order_by(events.c.nMuon)).all())
        # A frame goes out and comes back.
        frame = pd.DataFrame({'i': [1, 2, 3], 'x': [1.5, np.nan, -2.0], 't': ['a', None, 'ä€'], 'b': [True, False, True], 'd': pd.to_datetime(['2024-01-01 00:00', '2024-02-29 12:00', None])})
        for how in (dict(if_exists='fail'), dict(if_exists='replace', method='multi'), dict(if_exists='append'), dict(if_exists='append', chunksize=2)):
            frame.to_sql('frame', c, schema=schema, index=False, **how)
        back = pd.read_sql_table('frame', c, schema=schema)
        show(back.dtypes.to_dict(), back.sort_values(['i', 't']).values.tolist())
        show(pd.read_sql(sa.select(events.c.nMuon, sa.func.max(events.c.MET_pt).label('met')).group_by(events.c.nMuon).order_by(events.c.nMuon), c, index_col='nMuon').to_dict())
        frame.set_index('i').to_sql('indexed', c, schema=schema)
        show([(x['column_names'], x['unique']) for x in sa.inspect(c).get_indexes('indexed', schema=schema)])
        c.execute(sa.text(f'drop schema {schema} cascade'))

    def work(c):
        furnish(c)
        look(c)
    for driver in drivers:
        print(driver)
        try:
            Run(driver, auto=True)(work)
        except Exception as e:
            print('FAILED', type(e).__name__, str(e)[:300])
