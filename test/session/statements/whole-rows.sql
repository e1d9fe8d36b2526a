CREATE TEMP TABLE events (id int PRIMARY KEY, kind text, energy float8)
CREATE TEMP TABLE hits (event int, layer int, charge float8)
INSERT INTO events VALUES (1, 'muon', 10.5), (2, 'electron', NULL), (3, NULL, NULL)
INSERT INTO hits VALUES (1, 1, 0.5), (1, 2, NULL), (2, NULL, NULL)
SELECT e.id, count(h), count(h.*), count(*) FROM events e LEFT JOIN hits h ON h.event = e.id GROUP BY e.id ORDER BY 1
SELECT e.id, h::text, h IS NULL, h IS NOT NULL FROM events e LEFT JOIN hits h ON h.event = e.id ORDER BY 1, h.layer
SELECT e.id, json_agg(h ORDER BY h.layer) FROM events e LEFT JOIN hits h ON h.event = e.id GROUP BY e.id ORDER BY 1
SELECT count(e), count(h), count(e.*) FROM events e RIGHT JOIN hits h ON h.event = e.id AND e.id > 1
SELECT count(e), count(h), count(*) FROM events e FULL JOIN (SELECT event + 1 AS id, charge FROM hits) h USING (id)
SELECT a.id, count(b), count(c) FROM events a LEFT JOIN (events b JOIN hits c ON c.event = b.id) ON b.id = a.id + 1 GROUP BY a.id ORDER BY 1
SELECT a.id, count(b), count(c) FROM events a LEFT JOIN (events b LEFT JOIN hits c ON c.event = b.id AND c.layer = 1) ON b.id = a.id + 1 GROUP BY a.id ORDER BY 1
SELECT e.id, coalesce(h.layer, -1), row_to_json(h) FROM events e LEFT JOIN hits h ON h.event = e.id ORDER BY 1, 2
CREATE TEMP VIEW counted AS SELECT e.id, count(h) AS n FROM events e LEFT JOIN hits h ON h.event = e.id GROUP BY e.id
SELECT * FROM counted ORDER BY 1
SELECT pg_get_viewdef('nothing')
SELECT e.id, h.h::text FROM events e LEFT JOIN LATERAL (SELECT hits AS h FROM hits WHERE hits.event = e.id LIMIT 1) h ON true ORDER BY 1
CREATE TEMP TABLE copies AS SELECT e.id, count(h) AS n FROM events e LEFT JOIN hits h ON h.event = e.id GROUP BY e.id
SELECT * FROM copies ORDER BY 1
INSERT INTO copies SELECT e.id + 10, count(h) FROM events e LEFT JOIN hits h ON h.event = e.id GROUP BY e.id RETURNING *
SELECT kind, energy, count(*) FROM events GROUP BY id ORDER BY id
SELECT e.*, sum(h.charge) FROM events e LEFT JOIN hits h ON h.event = e.id GROUP BY e.id ORDER BY e.id
SELECT kind, upper(kind), (SELECT max(layer) FROM hits WHERE event = events.id AND kind IS NOT NULL) FROM events GROUP BY id HAVING energy IS NULL OR energy > 1 ORDER BY energy, id
SELECT id, kind, grouping(id, energy) FROM events GROUP BY GROUPING SETS ((id, energy), (id)) ORDER BY 1, 3
SELECT id, kind FROM events GROUP BY GROUPING SETS ((id), (energy)) ORDER BY 1
SELECT layer FROM hits GROUP BY event
SELECT x.k FROM (SELECT id, kind AS k FROM events) x GROUP BY x.id
SELECT e.k FROM events e(i, k) GROUP BY e.i ORDER BY 1
SELECT rank(layer) WITHIN GROUP (ORDER BY charge) FROM hits
SELECT event, rank(event) WITHIN GROUP (ORDER BY layer NULLS LAST) FROM hits GROUP BY event ORDER BY 1
SELECT percentile_disc(kind::float8) WITHIN GROUP (ORDER BY energy) FROM events
SELECT sum(charge) WITHIN GROUP (ORDER BY layer) FROM hits
SELECT (SELECT max(layer) FILTER (WHERE sum(event) > 0) FROM (VALUES (1)) v(x)) FROM hits
SELECT (SELECT sum(v.x + max(layer)) FROM (VALUES (1), (2)) v(x)) FROM hits
SELECT count(*) FROM (SELECT 1 FROM hits LIMIT (CASE WHEN random() < 2 THEN 2 END)) x
SELECT id FROM events ORDER BY id LIMIT 1 + (random() * 0)::int OFFSET (random() * 0)::int + 1
SELECT id FROM events ORDER BY id FETCH FIRST NULL ROWS WITH TIES
SELECT id, sum(id) OVER (ORDER BY id ROWS (SELECT min(event) FROM hits) PRECEDING) FROM events ORDER BY 1
SELECT (SELECT q FROM (SELECT 1, 2, energy WHERE id > 1 UNION ALL SELECT 4, 5, 6.5 WHERE id <= 1) q) FROM events ORDER BY id
SELECT q, (q).* FROM (SELECT 1, 2) q
