-- Transverse momentum of jets with |eta| < 1.
SELECT floor(pt / 10) * 10 AS jet_pt, count(*) AS n
FROM aod."Events", unnest("Jet_pt", "Jet_eta") AS jet(pt, eta)
WHERE abs(eta) < 1
GROUP BY 1 ORDER BY 1;
