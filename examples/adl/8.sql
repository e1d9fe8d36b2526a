-- Events with three electrons and muons and more, two of them of one flavour and opposite charge: of the pair whose mass is closest to
-- 91.2 GeV, the transverse mass of the missing energy and the leading other lepton.
WITH leptons AS (
  SELECT _file, event_id, "MET_pt" AS met, "MET_phi" AS met_phi, 'muon' AS flavour, lepton.*
  FROM aod."Events",
       unnest("Muon_pt", "Muon_eta", "Muon_phi", "Muon_mass", "Muon_charge")
         WITH ORDINALITY AS lepton(pt, eta, phi, mass, charge, i)
  WHERE "nMuon" + "nElectron" >= 3
  UNION ALL
  SELECT _file, event_id, "MET_pt", "MET_phi", 'electron', lepton.*
  FROM aod."Events",
       unnest("Electron_pt", "Electron_eta", "Electron_phi", "Electron_mass", "Electron_charge")
         WITH ORDINALITY AS lepton(pt, eta, phi, mass, charge, i)
  WHERE "nMuon" + "nElectron" >= 3
), pairs AS (
  SELECT DISTINCT ON (a._file, a.event_id) a._file, a.event_id, a.flavour, a.i AS i, b.i AS j
  FROM leptons AS a
  JOIN leptons AS b ON b._file = a._file AND b.event_id = a.event_id AND b.flavour = a.flavour AND b.i > a.i
  WHERE a.charge <> b.charge
  ORDER BY a._file, a.event_id,
           abs(invariant_mass(a.pt, a.eta, a.phi, a.mass, b.pt, b.eta, b.phi, b.mass) - 91.2), a.flavour, a.i, b.i
), others AS (
  SELECT DISTINCT ON (l._file, l.event_id) sqrt(2 * met * l.pt * (1 - cos(delta_phi(met_phi, l.phi)))) AS mt
  FROM pairs AS p
  JOIN leptons AS l ON l._file = p._file AND l.event_id = p.event_id
  WHERE NOT (l.flavour = p.flavour AND l.i IN (p.i, p.j))
  ORDER BY l._file, l.event_id, l.pt DESC, l.flavour, l.i
)
SELECT floor(mt / 10) * 10 AS mt, count(*) AS n
FROM others
GROUP BY 1 ORDER BY 1;
