// skyhook.native('dataset', $$…$$) in FROM: a native query as a relation of SQL, beside the same in SQL alone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DiagnosticError, types } from '../../src/core/index.js';
import { Database, type QueryOptions, type Session } from '../../src/session/index.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
let database: Database;
let session: Session;

beforeAll(async () => {
  database = await Database.open('memory:');
  await database.ingest('aod', [sample]);
  session = database.session();
});
afterAll(async () => {
  await session.close();
  await database.close();
});

async function rows(text: string, parameters: QueryOptions['parameters'] = []): Promise<string[]> {
  const result = await session.sql(text, { parameters });
  const found: string[] = [];
  for await (const batch of result.batches)
    for (const row of batch) found.push(JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? String(v) : v)));
  return found;
}

it.each([
  [
    `SELECT * FROM skyhook.native('aod', $$select nMuon > 3, project Events;75.event, Events;75.nMuon$$)`,
    `SELECT event, "nMuon" FROM aod."Events;75" WHERE "nMuon" > 3`,
  ],
  [
    `SELECT count(*) AS c, sum(n."nMuon") AS s FROM skyhook.native('aod', 'select *, project Events.nMuon') AS n`,
    `SELECT count(*) AS c, sum("nMuon") AS s FROM aod."Events"`,
  ],
  [
    `SELECT n.event, e."MET_pt" FROM skyhook.native('aod', $q$select nMuon > 4, project Events.event$q$) n JOIN aod."Events" e USING (event) ORDER BY 1 LIMIT 3`,
    `SELECT event, "MET_pt" FROM aod."Events" WHERE "nMuon" > 4 ORDER BY 1 LIMIT 3`,
  ],
  [
    `SELECT n.ev, n.k FROM skyhook.native('AOD', $$select nMuon > 2, project Events.event, Events.nMuon as k$$) AS n(ev) WHERE k > 4 ORDER BY 1`,
    `SELECT event AS ev, "nMuon" AS k FROM aod."Events" WHERE "nMuon" > 4 ORDER BY 1`,
  ],
  [
    `WITH n AS (SELECT * FROM skyhook.native('aod', $$select *, project Events.nMuon$$)) SELECT "nMuon", count(*) AS c FROM n GROUP BY 1 ORDER BY 1`,
    `SELECT "nMuon", count(*) AS c FROM aod."Events" GROUP BY 1 ORDER BY 1`,
  ],
  [
    `SELECT e.event, (SELECT max(n."nMuon") FROM skyhook.native('aod', $$select *, project Events.nMuon, Events.event$$) n WHERE n.event = e.event) AS m FROM aod."Events" e ORDER BY 1 LIMIT 3`,
    `SELECT event, "nMuon" AS m FROM aod."Events" ORDER BY 1 LIMIT 3`,
  ],
])('%s', async (native, sql) => {
  const wanted = await rows(sql);
  expect(wanted.length).toBeGreaterThan(0);
  expect(await rows(native)).toEqual(wanted);
});

it('beside parameters, in views, in CREATE TABLE AS, and described before it runs', async () => {
  const text = `SELECT event FROM skyhook.native('aod', $$select *, project Events.event, Events.nMuon$$) WHERE "nMuon" > $1 ORDER BY 1`;
  const wanted = await rows('SELECT event FROM aod."Events" WHERE "nMuon" > 4 ORDER BY 1');
  expect(await rows(text, [{ type: types.int4, value: 4 }])).toEqual(wanted);
  const { parameterTypes, columns } = await session.prepare(session.parse(text)[0]);
  expect([parameterTypes.map(({ kind }) => kind), columns!.map(({ label }) => label)]).toEqual([['int4'], ['event']]);
  await rows(`CREATE VIEW aod.nv AS SELECT * FROM skyhook.native('aod', $$select nMuon > 4, project Events.event$$)`);
  expect(await rows('SELECT event FROM aod.nv ORDER BY 1')).toEqual(wanted);
  await rows('CREATE TEMP TABLE nt AS SELECT event FROM aod.nv');
  expect(await rows('SELECT event FROM nt ORDER BY 1')).toEqual(wanted);
});

it('its filter and what is asked of its rows end in one fragment', async () => {
  const plan = await session.explain(
    `SELECT "MET_pt" FROM skyhook.native('aod', $$select nMuon > 2, project Events.MET_pt$$) WHERE "MET_pt" > 50`,
    undefined,
    {},
  );
  expect(plan.join('\n')).toMatch(/pushed: .*nMuon:\d+ > 2/);
  expect(plan.join('\n')).toMatch(/pushed: .*MET_pt:\d+ > 50/);
});

it('what another writer adds is seen by the statement after it', async () => {
  const text = `SELECT count(*) AS c FROM skyhook.native('grow', $$select *, project grow.a$$)`;
  await rows('CREATE SCHEMA grow');
  await rows('CREATE TABLE grow.grow AS SELECT 1 AS a');
  expect(await rows(text)).toEqual(['{"c":"1"}']);
  await database.session().sql('INSERT INTO grow.grow VALUES (2)');
  expect(await rows(text)).toEqual(['{"c":"2"}']);
});

it.each([
  [`SELECT * FROM skyhook.native('aod', $$select nMuonn > 1, project Events.nMuon$$)`, '42703', 'nMuonn'],
  [`SELECT * FROM skyhook.native('aod', 'selec nMuon > 1')`, '42601', 'selec'],
  [`SELECT * FROM skyhook.native('nope', $$select *, project Events.nMuon$$)`, '3F000', `'nope'`],
  [`SELECT * FROM skyhook.native('aod')`, '42883', `skyhook.native('aod')`],
  [`SELECT * FROM skyhook.native('aod', 'a' || 'b')`, '0A000', `'a' || 'b'`],
  [
    `SELECT * FROM skyhook.native('aod', $$select *, project Events.nMuon$$) WITH ORDINALITY`,
    '0A000',
    `skyhook.native('aod', $$select *, project Events.nMuon$$) WITH ORDINALITY`,
  ],
])('%s: %s', async (text, code, place) => {
  const error = await rows(text).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  const { span } = (error as DiagnosticError).diagnostic;
  expect([(error as DiagnosticError).code, span && text.slice(span.start, span.end)]).toEqual([code, place]);
});
