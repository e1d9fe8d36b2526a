// What analysts ask beyond scans: of generated events, and of flat tables of measurements.
import { readFileSync } from 'node:fs';

export interface Question {
  readonly name: string;
  readonly ours: string;
  /** For DuckDB, or where it lacks something, PostgreSQL. */
  readonly peer: string;
  readonly of: 'DuckDB' | 'PostgreSQL';
  /** Sums of floats and masses at the edge of a bin may differ in the last digits. */
  readonly loose?: boolean;
}

/** 1 to `count`, as bigint in all three. */
export const numbers = (count: number): string =>
  `(SELECT CAST(i AS bigint) AS i FROM generate_series(1, ${count}) AS g(i)) AS numbers`;

/** `hits`: n rows; `runs`: one for a thousandth of them; `notes`: one for each. The same text makes them in all three. */
export const tables = (rows: number): readonly (readonly [name: string, columns: string, count: number])[] => [
  [
    'hits',
    `i AS id, CAST((i * 7919) % ${Math.ceil(rows / 1000)} AS int) AS run, CAST((i * 104729) % ${rows} AS int) AS partner,
     CAST((i * 31) % 40 AS int) AS layer, 'sector ' || ((i * 13) % 48) AS sector, 'track ' || ((i * 7919) % ${Math.ceil(rows / 10)}) AS track,
     md5(CAST(i AS text)) AS label, CAST((i * 7919) % 100003 AS double precision) / 97 AS x,
     CAST(CAST((i * 104729) % 99991 AS double precision) / 89 AS real) AS y,
     CAST((i * 31) % 1000000 AS numeric(12,2)) AS amount,
     TIMESTAMP '2020-01-01 00:00:00' + CAST(i AS int) * INTERVAL '37 seconds' AS moment`,
    rows,
  ],
  [
    'runs',
    "i AS run, 'period ' || (i % 12) AS period, CAST(i % 7 AS double precision) AS weight",
    Math.ceil(rows / 1000),
  ],
  ['notes', 'i - 1 AS id, CAST((i * 13) % 1000 AS double precision) AS z, CAST(i % 5 AS int) AS grade', rows],
  [
    'docs',
    `i AS id, CAST('{"run": ' || (i % 100) || ', "tags": ["a' || (i % 7) || '", "b' || (i % 11) || '"], "det": {"name": "sector ' || (i % 48) || '", "gain": ' || (i % 1000) || '.5}}' AS jsonb) AS doc`,
    Math.ceil(rows / 5),
  ],
];

const same = (name: string, sql: string, loose = false): Question => ({
  name,
  ours: sql,
  peer: sql,
  of: 'DuckDB',
  loose,
});
const postgres = (name: string, sql: string): Question => ({ name, ours: sql, peer: sql, of: 'PostgreSQL' });
const both = (name: string, ours: string, peer: string, loose = false): Question => ({
  name,
  ours,
  peer,
  of: 'DuckDB',
  loose,
});

const task = (n: number): string =>
  readFileSync(new URL(`../../examples/adl/${n}.sql`, import.meta.url), 'utf8').replaceAll(
    'aod."Events"',
    'bench.events',
  );

/** The eight tasks in DuckDB's own terms: it unnests in the select list, and has no `_file`. */
const native: readonly string[] = [
  task(1),
  'SELECT floor(pt / 10) * 10 AS jet_pt, count(*) AS n FROM (SELECT unnest("Jet_pt") AS pt FROM bench.events) GROUP BY 1 ORDER BY 1',
  `SELECT floor(pt / 10) * 10 AS jet_pt, count(*) AS n FROM (SELECT unnest("Jet_pt") AS pt, unnest("Jet_eta") AS eta FROM bench.events)
   WHERE abs(eta) < 1 GROUP BY 1 ORDER BY 1`,
  'SELECT floor("MET_pt" / 10) * 10 AS met, count(*) AS n FROM bench.events WHERE len(list_filter("Jet_pt", lambda x: x > 40)) >= 2 GROUP BY 1 ORDER BY 1',
  `WITH muons AS (SELECT event_id, unnest("Muon_pt") AS pt, unnest("Muon_eta") AS eta, unnest("Muon_phi") AS phi, unnest("Muon_mass") AS mass,
     unnest("Muon_charge") AS charge, unnest(range(1, len("Muon_pt") + 1)) AS i FROM bench.events WHERE "nMuon" >= 2)
   SELECT floor("MET_pt" / 10) * 10 AS met, count(*) AS n FROM bench.events WHERE event_id IN (
     SELECT a.event_id FROM muons AS a JOIN muons AS b ON a.event_id = b.event_id AND a.i < b.i AND a.charge <> b.charge
     WHERE mass2(a.pt, a.eta, a.phi, a.mass, b.pt, b.eta, b.phi, b.mass) BETWEEN 60 AND 120) GROUP BY 1 ORDER BY 1`,
  `WITH jets AS (SELECT event_id, pt, eta, phi, mass, btag, i, pt * cos(phi) AS px, pt * sin(phi) AS py FROM (
     SELECT event_id, unnest("Jet_pt") AS pt, unnest("Jet_eta") AS eta, unnest("Jet_phi") AS phi, unnest("Jet_mass") AS mass,
       unnest("Jet_btagDeepB") AS btag, unnest(range(1, len("Jet_pt") + 1)) AS i FROM bench.events WHERE "nJet" >= 3)),
   triples AS (SELECT DISTINCT ON (a.event_id) sqrt((a.px + b.px + c.px) ^ 2 + (a.py + b.py + c.py) ^ 2) AS pt, greatest(a.btag, b.btag, c.btag) AS btag
     FROM jets AS a JOIN jets AS b ON b.event_id = a.event_id AND b.i > a.i JOIN jets AS c ON c.event_id = a.event_id AND c.i > b.i
     ORDER BY a.event_id, abs(mass3(a.pt, a.eta, a.phi, a.mass, b.pt, b.eta, b.phi, b.mass, c.pt, c.eta, c.phi, c.mass) - 172.5), a.i, b.i, c.i)
   SELECT floor(pt / 20) * 20 AS trijet_pt, count(*) AS n, max(btag) AS btag FROM triples GROUP BY 1 ORDER BY 1`,
  `WITH leptons AS (SELECT event_id, unnest("Muon_pt") AS pt, unnest("Muon_eta") AS eta, unnest("Muon_phi") AS phi FROM bench.events
     UNION ALL SELECT event_id, unnest("Electron_pt"), unnest("Electron_eta"), unnest("Electron_phi") FROM bench.events),
   jets AS (SELECT event_id, unnest("Jet_pt") AS pt, unnest("Jet_eta") AS eta, unnest("Jet_phi") AS phi FROM bench.events),
   sums AS (SELECT sum(pt) AS pt FROM jets WHERE pt > 30 AND NOT EXISTS (SELECT 1 FROM leptons AS l WHERE l.event_id = jets.event_id AND l.pt > 10
     AND sqrt((jets.eta - l.eta) ^ 2 + dphi(jets.phi, l.phi) ^ 2) < 0.4) GROUP BY event_id)
   SELECT floor(pt / 20) * 20 AS jets_pt, count(*) AS n FROM sums GROUP BY 1 ORDER BY 1`,
  `WITH leptons AS (SELECT event_id, "MET_pt" AS met, "MET_phi" AS met_phi, 'muon' AS flavour, unnest("Muon_pt") AS pt, unnest("Muon_eta") AS eta,
       unnest("Muon_phi") AS phi, unnest("Muon_mass") AS mass, unnest("Muon_charge") AS charge, unnest(range(1, len("Muon_pt") + 1)) AS i
     FROM bench.events WHERE "nMuon" + "nElectron" >= 3
     UNION ALL SELECT event_id, "MET_pt", "MET_phi", 'electron', unnest("Electron_pt"), unnest("Electron_eta"),
       unnest("Electron_phi"), unnest("Electron_mass"), unnest("Electron_charge"), unnest(range(1, len("Electron_pt") + 1))
     FROM bench.events WHERE "nMuon" + "nElectron" >= 3),
   pairs AS (SELECT DISTINCT ON (a.event_id) a.event_id, a.flavour, a.i AS i, b.i AS j FROM leptons AS a
     JOIN leptons AS b ON b.event_id = a.event_id AND b.flavour = a.flavour AND b.i > a.i WHERE a.charge <> b.charge
     ORDER BY a.event_id, abs(mass2(a.pt, a.eta, a.phi, a.mass, b.pt, b.eta, b.phi, b.mass) - 91.2), a.flavour, a.i, b.i),
   others AS (SELECT DISTINCT ON (l.event_id) sqrt(2 * met * l.pt * (1 - cos(dphi(met_phi, l.phi)))) AS mt
     FROM pairs AS p JOIN leptons AS l ON l.event_id = p.event_id WHERE NOT (l.flavour = p.flavour AND l.i IN (p.i, p.j))
     ORDER BY l.event_id, l.pt DESC, l.flavour, l.i)
   SELECT floor(mt / 10) * 10 AS mt, count(*) AS n FROM others GROUP BY 1 ORDER BY 1`,
];

const momentum = (p: string) =>
  [`${p}_pt * cos(${p}_phi)`, `${p}_pt * sin(${p}_phi)`, `${p}_pt * sinh(${p}_eta)`] as const;
const particle = (p: string) => `${p}_pt, ${p}_eta, ${p}_phi, ${p}_mass`;
function massMacro(name: string, particles: readonly string[]): string {
  const momenta = particles.map(momentum);
  const energy = particles.map((p) => `sqrt((${p}_pt * cosh(${p}_eta)) ^ 2 + CAST(${p}_mass AS double) ^ 2)`);
  const parts = [0, 1, 2].map((axis) => `(${momenta.map((m) => m[axis]).join(' + ')}) ^ 2`);
  return `CREATE MACRO ${name}(${particles.map(particle).join(', ')}) AS
    sqrt(greatest(0, (${energy.join(' + ')}) ^ 2 - ${parts.join(' - ')}))`;
}
/** What DuckDB lacks of the vocabulary. */
export const macros: readonly string[] = [
  massMacro('mass2', ['a', 'b']),
  massMacro('mass3', ['a', 'b', 'c']),
  'CREATE MACRO dphi(a, b) AS (a - b) - 2 * pi() * round((a - b) / (2 * pi()))',
];

export const questions: readonly Question[] = [
  same('group by two keys', 'SELECT layer, floor(x / 10) AS b, count(*) AS n FROM bench.hits GROUP BY 1, 2'),
  same('group by 1 k ints', 'SELECT run, count(*) AS n, sum(x) AS s, max(y) AS m FROM bench.hits GROUP BY run', true),
  same('group by 48 strings', 'SELECT sector, count(*) AS n, avg(x) AS a FROM bench.hits GROUP BY sector', true),
  same('group by string and int', 'SELECT sector, layer, count(*) AS n FROM bench.hits GROUP BY sector, layer'),
  same(
    'group by 100 k strings',
    'SELECT count(*) AS n, max(c) AS m FROM (SELECT track, count(*) AS c FROM bench.hits GROUP BY track) AS g',
  ),
  same(
    'group by 1 M ints',
    'SELECT count(*) AS n, sum(c) AS m FROM (SELECT partner, count(*) AS c FROM bench.hits GROUP BY partner) AS g',
  ),
  same('count distinct ints', 'SELECT count(DISTINCT partner) AS n FROM bench.hits'),
  same('count distinct strings', 'SELECT count(DISTINCT track) AS n FROM bench.hits'),
  same('count distinct by group', 'SELECT layer, count(DISTINCT run) AS n FROM bench.hits GROUP BY layer'),
  same(
    'join 1 M × 1 k',
    'SELECT period, count(*) AS n, sum(x * weight) AS s FROM bench.hits JOIN bench.runs USING (run) GROUP BY period',
    true,
  ),
  same(
    'join 1 M × 1 M',
    'SELECT grade, count(*) AS n, sum(z) AS s FROM bench.hits AS h JOIN bench.notes AS n ON n.id = h.partner GROUP BY grade',
  ),
  same('semi join', 'SELECT count(*) AS n FROM bench.hits WHERE partner IN (SELECT id FROM bench.notes WHERE z > 900)'),
  same(
    'row_number by run',
    'SELECT sum(r) AS s, max(r) AS m FROM (SELECT row_number() OVER (PARTITION BY run ORDER BY id) AS r FROM bench.hits) AS w',
  ),
  same('running sum', 'SELECT max(s) AS m FROM (SELECT sum(layer) OVER (ORDER BY id) AS s FROM bench.hits) AS w'),
  same(
    'moving average and lag',
    'SELECT sum(a) AS s, sum(d) AS t FROM (SELECT avg(x) OVER w AS a, x - lag(x) OVER w2 AS d FROM bench.hits WINDOW w AS (PARTITION BY layer ORDER BY id ROWS BETWEEN 5 PRECEDING AND CURRENT ROW), w2 AS (PARTITION BY layer ORDER BY id)) AS q',
    true,
  ),
  same(
    'rank, three of each run',
    'SELECT count(*) AS n, sum(x) AS s FROM (SELECT x, rank() OVER (PARTITION BY run ORDER BY x DESC) AS r FROM bench.hits) AS w WHERE r <= 3',
    true,
  ),
  both(
    'top ten with ties',
    'SELECT layer FROM bench.hits ORDER BY layer DESC FETCH FIRST 10 ROWS WITH TIES',
    'SELECT layer FROM (SELECT layer, rank() OVER (ORDER BY layer DESC) AS r FROM bench.hits) WHERE r <= 10',
  ),
  same('top hundred of strings', 'SELECT label, id FROM bench.hits ORDER BY label LIMIT 100'),
  same('sort of 1 M rows', 'SELECT id, x, y FROM bench.hits ORDER BY x, id'),
  same('read 1 M rows × 4', 'SELECT id, x, y, label FROM bench.hits'),
  same('median', 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS m FROM bench.hits', true),
  same(
    'quartiles by layer',
    'SELECT layer, percentile_cont(0.25) WITHIN GROUP (ORDER BY x) AS a, percentile_cont(0.75) WITHIN GROUP (ORDER BY x) AS b FROM bench.hits GROUP BY layer',
    true,
  ),
  same('stddev and corr', 'SELECT stddev_samp(x) AS s, corr(x, y) AS c, var_pop(y) AS v FROM bench.hits', true),
  same(
    'numeric sum and avg',
    'SELECT layer, sum(amount) AS s, round(avg(amount), 2) AS a, max(amount) AS m FROM bench.hits GROUP BY layer',
    true,
  ),
  same('numeric arithmetic', 'SELECT sum(amount * 3 + 1) AS s FROM bench.hits WHERE amount > 5000', true),
  same('LIKE', "SELECT count(*) AS n FROM bench.hits WHERE label LIKE '%abc%'"),
  same('ILIKE prefix', "SELECT count(*) AS n FROM bench.hits WHERE label ILIKE 'AB%'"),
  both(
    'regular expression',
    "SELECT count(*) AS n FROM bench.hits WHERE label ~ '[0-9]{3}[a-f]+$'",
    "SELECT count(*) AS n FROM bench.hits WHERE regexp_matches(label, '[0-9]{3}[a-f]+$')",
  ),
  both(
    'regexp_replace',
    "SELECT max(regexp_replace(label, '[a-f]+', '', 'g')) AS m FROM bench.hits",
    "SELECT max(regexp_replace(label, '[a-f]+', '', 'g')) AS m FROM bench.hits",
  ),
  same(
    'string functions',
    "SELECT sum(length(upper(label) || substr(sector, 8))) AS n, max(replace(track, 'track', 't')) AS m FROM bench.hits",
  ),
  same('split_part and group', "SELECT split_part(sector, ' ', 2) AS s, count(*) AS n FROM bench.hits GROUP BY 1"),
  same(
    'string_agg',
    "SELECT sum(length(s)) AS n FROM (SELECT run, string_agg(sector, ',') AS s FROM bench.hits GROUP BY run) AS g",
  ),
  both(
    'date_trunc and group',
    "SELECT date_trunc('month', moment) AS m, count(*) AS n FROM bench.hits GROUP BY 1",
    "SELECT CAST(date_trunc('month', moment) AS timestamp) AS m, count(*) AS n FROM bench.hits GROUP BY 1",
  ),
  same('extract', 'SELECT extract(hour FROM moment) AS h, count(*) AS n FROM bench.hits GROUP BY 1'),
  both(
    'to_char',
    "SELECT to_char(moment, 'YYYY-MM') AS m, count(*) AS n FROM bench.hits GROUP BY 1",
    "SELECT strftime(moment, '%Y-%m') AS m, count(*) AS n FROM bench.hits GROUP BY 1",
  ),
  postgres('to_char of numbers', "SELECT max(to_char(x, 'FM999,999.00')) AS m FROM bench.hits"),
  postgres(
    'age and interval',
    "SELECT max(age(moment, timestamp '2019-06-15')) > interval '1 day' AS m FROM bench.hits",
  ),
  postgres('jsonb ->> and group', "SELECT doc ->> 'run' AS run, count(*) AS n FROM bench.docs GROUP BY 1"),
  postgres('jsonb path and cast', "SELECT sum(CAST(doc #>> '{det,gain}' AS double precision)) AS s FROM bench.docs"),
  postgres('jsonb @>', `SELECT count(*) AS n FROM bench.docs WHERE doc @> '{"tags": ["a3"]}'`),
  postgres(
    'jsonb ? and elements',
    "SELECT t, count(*) AS n FROM bench.docs, jsonb_array_elements_text(doc -> 'tags') AS t WHERE doc ? 'det' GROUP BY t",
  ),
  both(
    'unnest and group',
    'SELECT "nJet", floor(pt / 50) AS b, count(*) AS n, sum(pt) AS s FROM bench.events, unnest("Jet_pt") AS j(pt) GROUP BY 1, 2',
    'SELECT "nJet", floor(pt / 50) AS b, count(*) AS n, sum(pt) AS s FROM (SELECT "nJet", unnest("Jet_pt") AS pt FROM bench.events) GROUP BY 1, 2',
    true,
  ),
  both(
    'highest of each list',
    'SELECT sum(list_max("Jet_pt")) AS s FROM bench.events',
    'SELECT sum(list_max("Jet_pt")) AS s FROM bench.events',
    true,
  ),
  both(
    'lambda over lists',
    'SELECT sum(len(list_filter("Jet_pt", lambda x: x > 30))) AS n FROM bench.events',
    'SELECT sum(len(list_filter("Jet_pt", lambda x: x > 30))) AS n FROM bench.events',
  ),
  ...native.map(
    (peer, at): Question => ({ name: `ADL task ${at + 1}`, ours: task(at + 1), peer, of: 'DuckDB', loose: at >= 4 }),
  ),
];
