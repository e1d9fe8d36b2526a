// Eight questions of physics, as asked here and as native DuckDB takes them.
export interface ScanQuery {
  readonly name: string;
  readonly ours: string;
  readonly native: string;
}

const both = (name: string, sql: string): ScanQuery => ({ name, ours: sql, native: sql });
const histogram = (from: string) =>
  `SELECT floor("MET_pt" / 10) AS bin, count(*) AS n FROM ${from} GROUP BY 1 ORDER BY 1`;
const pair = (quantity: string) => [`"Muon_${quantity}"[1]`, `"Muon_${quantity}"[2]`] as const;
const [pt1, pt2] = pair('pt');
const [eta1, eta2] = pair('eta');
const [phi1, phi2] = pair('phi');
const [charge1, charge2] = pair('charge');

export const queries: readonly ScanQuery[] = [
  both('MET histogram', histogram('events')),
  {
    name: 'jet pt histogram',
    ours: 'SELECT floor(pt / 10) AS bin, count(*) AS n FROM events, unnest("Jet_pt") AS j(pt) GROUP BY 1 ORDER BY 1',
    native:
      'SELECT floor(pt / 10) AS bin, count(*) AS n FROM (SELECT unnest("Jet_pt") AS pt FROM events) GROUP BY 1 ORDER BY 1',
  },
  {
    name: 'jets with |eta| < 1',
    ours: 'SELECT sum(list_count(abs("Jet_eta") < 1)) AS n FROM events',
    native: 'SELECT sum(len(list_filter("Jet_eta", lambda x: abs(x) < 1))) AS n FROM events',
  },
  {
    name: 'MET, two jets over 40',
    ours: histogram('events WHERE list_count("Jet_pt" > 40) >= 2'),
    native: histogram('events WHERE len(list_filter("Jet_pt", lambda x: x > 40)) >= 2'),
  },
  both(
    'dimuon mass 60–120',
    `SELECT count(*) AS n, round(CAST(avg(m) AS numeric(18,6)), 3) AS mean FROM (
       SELECT sqrt(2 * ${pt1} * ${pt2} * (cosh(${eta1} - ${eta2}) - cos(${phi1} - ${phi2}))) AS m
       FROM events WHERE "nMuon" = 2 AND ${charge1} <> ${charge2}) AS pairs WHERE m BETWEEN 60 AND 120`,
  ),
  both('events with MET over 50', 'SELECT count(*) AS n FROM events WHERE "MET_pt" > 50'),
  both('by number of muons', 'SELECT "nMuon", count(*) AS n FROM events GROUP BY "nMuon" ORDER BY "nMuon"'),
  both('ten highest MET', 'SELECT event, "MET_pt" FROM events ORDER BY "MET_pt" DESC, event LIMIT 10'),
];
