"""SQLAlchemy 2 and pandas as their users use them. Argument: port."""
import datetime as dt, select, sys
import numpy as np, pandas as pd, sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

port = int(sys.argv[1])
for driver in ('psycopg2', 'psycopg'):
    engine = sa.create_engine(f'postgresql+{driver}://tester@127.0.0.1:{port}/skyhook', pool_size=2, max_overflow=0)
    # Reflection of a dataset: tables, columns with their types, comments, views.
    with engine.connect() as c:
        look = sa.inspect(c)
        assert 'aod' in look.get_schema_names(), look.get_schema_names()
        assert 'Events' in look.get_table_names(schema='aod'), look.get_table_names(schema='aod')
        columns = {x['name']: x for x in look.get_columns('Events', schema='aod')}
        assert isinstance(columns['MET_pt']['type'], sa.REAL), columns['MET_pt']
        assert isinstance(columns['Muon_pt']['type'], sa.ARRAY), columns['Muon_pt']
        assert look.get_pk_constraint('Events', schema='aod')['constrained_columns'] == []
        assert look.get_indexes('Events', schema='aod') == [] and look.get_foreign_keys('Events', schema='aod') == []
        assert look.has_table('Events', schema='aod') and not look.has_table('nope', schema='aod')
        look.get_table_comment('Events', schema='aod')
        events = sa.Table('Events', sa.MetaData(), schema='aod', autoload_with=c)
        n = sa.func.count().label('n')
        rows = c.execute(sa.select(events.c.nMuon, n).where(events.c.MET_pt > 20).group_by(events.c.nMuon).order_by(events.c.nMuon)).all()
        assert sum(r.n for r in rows) == c.execute(sa.text('select count(*) from aod."Events" where "MET_pt" > :x'), {'x': 20}).scalar()
        assert c.dialect.server_version_info[0] == 15

        frame = pd.read_sql(sa.select(events.c.event, events.c.nMuon, events.c.MET_pt), c)
        assert frame.shape == (2000, 3) and frame['nMuon'].dtype.kind == 'i' and frame['MET_pt'].dtype == np.float64, frame.dtypes
        frame = pd.read_sql('select "nMuon", avg("MET_pt") as met from aod."Events" group by 1 order by 1', c, index_col='nMuon')
        assert frame['met'].notna().all()
        parts = list(pd.read_sql('select event_id from aod."Events"', c.execution_options(stream_results=True), chunksize=700))
        assert [len(p) for p in parts] == [700, 700, 600]
        whole = pd.read_sql_table('Events', c, schema='aod', columns=['nMuon', 'Muon_pt'])
        assert len(whole) == 2000 and (whole['Muon_pt'].map(len) == whole['nMuon']).all()

    # A frame goes out and comes back.
    frame = pd.DataFrame({'i': [1, 2, 3], 'x': [1.5, np.nan, -2.0], 't': ['a', None, 'ä€'], 'b': [True, False, True],
                          'd': pd.to_datetime(['2024-01-01 00:00', '2024-02-29 12:00', None])})
    auto = engine.execution_options(isolation_level='AUTOCOMMIT')
    with auto.connect() as c:
        c.execute(sa.text(f'create schema if not exists pandas_{driver}'))
    frame.to_sql('frame', auto, schema=f'pandas_{driver}', index=False, method='multi')
    back = pd.read_sql(f'select * from pandas_{driver}.frame order by i', engine)
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)
    frame.to_sql('frame', auto, schema=f'pandas_{driver}', index=False, if_exists='replace')
    frame.to_sql('frame', auto, schema=f'pandas_{driver}', index=False, if_exists='append')
    assert len(pd.read_sql_table('frame', engine, schema=f'pandas_{driver}')) == 6
    # Its index becomes one of the table, and reflection finds it.
    for times in (1, 2):
        frame.set_index('i').to_sql('indexed', auto, schema=f'pandas_{driver}', if_exists='replace')
    indexes = sa.inspect(engine).get_indexes('indexed', schema=f'pandas_{driver}')
    assert [(i['column_names'], i['unique']) for i in indexes] == [(['i'], False)], indexes

    # The ORM, in temporary tables of one connection: identities are given by the client.
    class Base(DeclarativeBase):
        pass

    class Note(Base):
        __tablename__ = 'note'
        __table_args__ = {'prefixes': ['TEMPORARY']}
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        text: Mapped[str | None]
        at: Mapped[dt.datetime]

    with engine.connect() as c:
        Base.metadata.create_all(c, checkfirst=False)
        with Session(c) as s:
            s.add_all([Note(id=i, text=f'n{i}', at=dt.datetime(2024, 1, i + 1)) for i in range(10)])
            s.flush()
            note = s.get(Note, 3)
            note.text = 'changed'
            s.delete(s.get(Note, 4))
            s.flush()
            s.expire_all()
            assert s.scalars(sa.select(Note.text).order_by(Note.id).limit(2).offset(3)).all() == ['changed', 'n5']
            nested = s.begin_nested()
            try:
                s.execute(sa.text('select 1 / 0'))
            except sa.exc.DataError:
                nested.rollback()
            assert s.scalar(sa.select(sa.func.count(Note.id))) == 9
    # Connections that the server has ended are replaced.
    pinged = sa.create_engine(engine.url, pool_pre_ping=True)
    with pinged.connect() as c:
        c.execute(sa.text('set idle_session_timeout = 200'))
        c.commit()
        ended = c.connection.dbapi_connection.fileno()
    # Its last words are there.
    assert select.select([ended], [], [], 100)[0]
    with pinged.connect() as c:
        assert c.execute(sa.text('select 1')).scalar() == 1
    pinged.dispose()
    engine.dispose()
print('ok')
