-- Missing transverse energy of events with two muons of opposite charge and a mass between 60 and 120 GeV.
SELECT floor("MET_pt" / 10) * 10 AS met, count(*) AS n
FROM aod."Events"
WHERE EXISTS (
  SELECT
  FROM unnest("Muon_pt", "Muon_eta", "Muon_phi", "Muon_mass", "Muon_charge")
         WITH ORDINALITY AS a(pt, eta, phi, mass, charge, i),
       unnest("Muon_pt", "Muon_eta", "Muon_phi", "Muon_mass", "Muon_charge")
         WITH ORDINALITY AS b(pt, eta, phi, mass, charge, i)
  WHERE a.i < b.i AND a.charge <> b.charge
    AND invariant_mass(a.pt, a.eta, a.phi, a.mass, b.pt, b.eta, b.phi, b.mass) BETWEEN 60 AND 120)
GROUP BY 1 ORDER BY 1;
