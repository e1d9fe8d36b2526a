CREATE TEMP TABLE t (id int, v text, n numeric(10,2))
INSERT INTO t VALUES (1, 'a', 1.5), (2, 'b', 2.5), (3, 'c', NULL) RETURNING id, upper(v) AS u, n * 2
INSERT INTO t VALUES (4, 'd') RETURNING *
INSERT INTO t SELECT n, 'g' || n, n FROM generate_series(5, 7) AS g(n) RETURNING t.id, t.v
INSERT INTO t AS z (id) VALUES (8) RETURNING z.*, z.id + 1 AS next
INSERT INTO t AS z (id) VALUES (8) RETURNING t.id
INSERT INTO t (id) VALUES (9) RETURNING nope
INSERT INTO t (id) VALUES (9) RETURNING 1 / (id - 9)
SELECT count(*) FROM t WHERE id = 9
INSERT INTO t (id) VALUES (9) RETURNING (SELECT count(*) FROM generate_series(1, 3)) AS c
INSERT INTO t (id) VALUES (10) RETURNING sum(id)
INSERT INTO t (id, v) VALUES (10, 'ten') RETURNING CASE WHEN v = 'ten' THEN 'yes' ELSE 'no' END AS which, id::text
UPDATE t SET v = v || '!' WHERE id < 3 RETURNING id, v
UPDATE t SET v = 'same' WHERE id > 100 RETURNING *
UPDATE t AS q SET n = coalesce(q.n, 0) + 1 WHERE q.id IN (1, 3) RETURNING q.id, q.n
UPDATE t SET n = 1 WHERE id = 1 RETURNING 1 / (id - 1)
SELECT id, n FROM t WHERE id = 1
CREATE TEMP TABLE u (id int, w text)
INSERT INTO u VALUES (1, 'one'), (2, 'two'), (20, 'twenty')
UPDATE t SET v = u.w FROM u WHERE u.id = t.id RETURNING t.id, t.v, u.w, u.id
UPDATE t SET v = x.w || '?' FROM u AS x WHERE x.id = t.id RETURNING *
UPDATE t SET v = j.w FROM (SELECT id, w || '#' AS w FROM u) AS j WHERE j.id = t.id RETURNING j.*, t.v
UPDATE t SET n = s.k FROM u JOIN (VALUES (1, 10), (2, 20)) AS s(id, k) ON s.id = u.id WHERE t.id = u.id RETURNING t.id, t.n, u.w, s.k
UPDATE t SET n = g FROM generate_series(1, 2) AS g WHERE g = t.id RETURNING t.id, g
WITH c AS (SELECT 2 AS id, 'cte' AS w) UPDATE t SET v = c.w FROM c WHERE c.id = t.id RETURNING t.v, c.w
UPDATE t SET v = u.w FROM u WHERE u.id = t.id RETURNING nope
DELETE FROM t USING u WHERE u.id = t.id RETURNING t.*, u.w
DELETE FROM t WHERE id = 3 RETURNING id, v, n
DELETE FROM t WHERE id = 3 RETURNING *
DELETE FROM t AS q USING u AS a, u AS b WHERE q.id = 4 AND a.id = 1 AND b.id = 2 RETURNING q.id, a.w, b.w
DELETE FROM t WHERE id = 5 RETURNING 1 / (id - 5)
WITH c AS (SELECT 6 AS id) DELETE FROM t USING c WHERE c.id = t.id RETURNING t.id, c.id AS cid
SELECT id, v FROM t ORDER BY id, v
UPDATE t SET (v, n) = (SELECT 'sub', 5 + t.id) WHERE id = 7 RETURNING v, n
UPDATE t SET (v, n) = (SELECT w, id FROM u) WHERE id = 7
UPDATE t SET (v, n) = ('row', 7) WHERE id = 7 RETURNING v, n
UPDATE t SET (v, n) = ROW('rows', 8) WHERE id = 7 RETURNING v, n
UPDATE t SET (v, n) = (1, 2, 3)
UPDATE t SET (v, n) = (DEFAULT, 9) WHERE id = 7 RETURNING v, n
UPDATE t SET v = (SELECT max(w) FROM u) WHERE id = 7 RETURNING v
DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id > t.id AND u.w = 'twenty') RETURNING id
SELECT count(*) FROM t
INSERT INTO t (id, v) VALUES (1, 'x') RETURNING id AS a, v AS a
TRUNCATE t, u
SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM u)
TRUNCATE t, nosuch
DROP TABLE t, u
