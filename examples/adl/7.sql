-- Sum of the momenta of jets above 30 GeV that are 0.4 and more away from every electron or muon above 10 GeV, in events with such jets.
WITH leptons AS (
  SELECT _file, event_id, lepton.*
  FROM aod."Events", unnest("Muon_pt", "Muon_eta", "Muon_phi") AS lepton(pt, eta, phi)
  UNION ALL
  SELECT _file, event_id, lepton.*
  FROM aod."Events", unnest("Electron_pt", "Electron_eta", "Electron_phi") AS lepton(pt, eta, phi)
), sums AS (
  SELECT sum(jet.pt) AS pt
  FROM aod."Events" AS e, unnest("Jet_pt", "Jet_eta", "Jet_phi") AS jet(pt, eta, phi)
  WHERE jet.pt > 30
    AND NOT EXISTS (
      SELECT FROM leptons AS l
      WHERE l._file = e._file AND l.event_id = e.event_id AND l.pt > 10
        AND delta_r(jet.eta, jet.phi, l.eta, l.phi) < 0.4)
  GROUP BY e._file, e.event_id
)
SELECT floor(pt / 20) * 20 AS jets_pt, count(*) AS n
FROM sums
GROUP BY 1 ORDER BY 1;
