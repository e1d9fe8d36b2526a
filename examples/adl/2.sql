-- Transverse momentum of all jets.
SELECT floor(pt / 10) * 10 AS jet_pt, count(*) AS n
FROM aod."Events", unnest("Jet_pt") AS jet(pt)
GROUP BY 1 ORDER BY 1;
