-- Missing transverse energy of events with at least two jets above 40 GeV.
SELECT floor("MET_pt" / 10) * 10 AS met, count(*) AS n
FROM aod."Events"
WHERE list_count("Jet_pt" > 40) >= 2
GROUP BY 1 ORDER BY 1;
