-- Of events with three jets and more the three whose mass is closest to 172.5 GeV: their transverse momentum and best b tag.
WITH jets AS (
  SELECT _file, event_id, jet.*, pt * cos(phi) AS px, pt * sin(phi) AS py
  FROM aod."Events",
       unnest("Jet_pt", "Jet_eta", "Jet_phi", "Jet_mass", "Jet_btagDeepB")
         WITH ORDINALITY AS jet(pt, eta, phi, mass, btag, i)
  WHERE "nJet" >= 3
), triples AS (
  SELECT DISTINCT ON (a._file, a.event_id)
         sqrt((a.px + b.px + c.px) ^ 2 + (a.py + b.py + c.py) ^ 2) AS pt,
         greatest(a.btag, b.btag, c.btag) AS btag
  FROM jets AS a
  JOIN jets AS b ON b._file = a._file AND b.event_id = a.event_id AND b.i > a.i
  JOIN jets AS c ON c._file = a._file AND c.event_id = a.event_id AND c.i > b.i
  ORDER BY a._file, a.event_id,
           abs(invariant_mass(a.pt, a.eta, a.phi, a.mass, b.pt, b.eta, b.phi, b.mass, c.pt, c.eta, c.phi, c.mass) - 172.5),
           a.i, b.i, c.i
)
SELECT floor(pt / 20) * 20 AS trijet_pt, count(*) AS n, max(btag) AS btag
FROM triples
GROUP BY 1 ORDER BY 1;
