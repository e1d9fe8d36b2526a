-- Missing transverse energy of all events.
SELECT floor("MET_pt" / 10) * 10 AS met, count(*) AS n
FROM aod."Events"
GROUP BY 1 ORDER BY 1;
