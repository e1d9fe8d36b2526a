CREATE SCHEMA mine
CREATE SCHEMA mine
CREATE SCHEMA IF NOT EXISTS mine
CREATE TABLE mine.a AS SELECT n AS id, n * 1.5 AS x, 'row ' || n AS name FROM generate_series(1, 10) AS g(n)
CREATE TABLE mine.a AS SELECT 1 AS one
CREATE TABLE IF NOT EXISTS mine.a AS SELECT 1 AS one
CREATE TABLE nowhere.a AS SELECT 1 AS one
CREATE TABLE mine.twice AS SELECT 1 AS a, 2 AS a
CREATE TABLE mine.many (a, b) AS SELECT 1 AS one
CREATE TABLE mine.renamed (p, q) AS SELECT 1 AS one, 2 AS two, 3 AS three
SELECT * FROM mine.renamed
CREATE TABLE mine.nothing AS SELECT 1 AS one WITH NO DATA
SELECT * FROM mine.nothing
SELECT 5 AS five INTO mine.inside
SELECT * FROM mine.inside
SELECT * FROM mine.a ORDER BY id
SELECT count(*), sum(id), max(x), min(name) FROM mine.a WHERE id > 3
CREATE TABLE mine.b (id integer, t text, v varchar(3), n numeric(6,2), d date, ts timestamp, tz timestamptz, f real, g double precision, i bigint, s smallint, k boolean, l integer[], u uuid, j jsonb, y bytea)
CREATE TABLE mine.b (id integer)
CREATE TABLE IF NOT EXISTS mine.b (id integer)
CREATE TABLE mine.bad (id integer, id text)
CREATE TABLE mine.bad (id nosuchtype)
INSERT INTO mine.b VALUES (1, 'one', 'abc', 12.345, '2024-02-29', '2024-02-29 12:00', '2024-02-29 12:00+02', 1.5, 0.1, 9007199254740993, 7, true, '{1,2,NULL}', '123e4567-e89b-12d3-a456-426614174000', '{"a": [1, 2]}', '\x0102')
SELECT * FROM mine.b
INSERT INTO mine.b (id, v) VALUES (2, 'abcd')
INSERT INTO mine.b (id, v) VALUES (2, 'abc   ')
INSERT INTO mine.b (id, n) VALUES (3, 123456)
INSERT INTO mine.b (id, s) VALUES (3, 40000)
INSERT INTO mine.b (id) VALUES (4.6)
INSERT INTO mine.b (id) VALUES ('5')
INSERT INTO mine.b (id) VALUES ('x')
INSERT INTO mine.b (id) SELECT 'x'::text
INSERT INTO mine.b (id) SELECT '6'
INSERT INTO mine.b (id, t) SELECT 7, 8
INSERT INTO mine.b (id, k) VALUES (9, 1)
INSERT INTO mine.b (id) VALUES (1, 2)
INSERT INTO mine.b (id, t) VALUES (1)
INSERT INTO mine.b (nope) VALUES (1)
INSERT INTO mine.b (id, id) VALUES (1, 2)
INSERT INTO mine.b VALUES (10)
INSERT INTO mine.b DEFAULT VALUES
INSERT INTO mine.b (t, id) VALUES (DEFAULT, 11), ('twelve', 12), (NULL, DEFAULT)
INSERT INTO mine.nope VALUES (1)
INSERT INTO mine.b (id, g) SELECT id, x FROM mine.a WHERE id > 8
WITH c AS (SELECT 100 AS h) INSERT INTO mine.b (id) SELECT h FROM c
INSERT INTO mine.b (id, t) VALUES (13, 'back') RETURNING id, t, id * 2 AS twice
INSERT INTO mine.b AS z (id) VALUES (14) RETURNING z.id
SELECT id, t, v, n, k, g FROM mine.b ORDER BY id NULLS FIRST, t
SELECT id, i, l, u, j, y FROM mine.b WHERE id = 1
UPDATE mine.b SET t = 'upd', n = id / 4.0 WHERE id BETWEEN 5 AND 12
UPDATE mine.b SET id = 'x' WHERE id = 1
UPDATE mine.b SET nope = 1
UPDATE mine.b SET t = 'a', t = 'b'
UPDATE mine.b SET (t, v) = ('row', 'r') WHERE id = 13
UPDATE mine.b SET s = 100000 WHERE id = 1
UPDATE mine.b SET g = 1 / (id - 10) WHERE id <> 10
UPDATE mine.b AS z SET i = z.i - 1 WHERE z.id = 1
UPDATE mine.b SET t = DEFAULT WHERE id = 12
SELECT id, t, v, n, g, i FROM mine.b ORDER BY id NULLS FIRST, t, v
DELETE FROM mine.b WHERE id > 12
DELETE FROM mine.b AS z USING mine.a WHERE z.id = mine.a.id AND mine.a.id < 6
DELETE FROM mine.b WHERE nope
DELETE FROM mine.nope
SELECT id, t, v FROM mine.b ORDER BY id NULLS FIRST, t, v
CREATE VIEW mine.v AS SELECT id, x AS pt FROM mine.a WHERE id % 2 = 0
CREATE VIEW mine.v AS SELECT 1 AS one
CREATE VIEW mine.a AS SELECT 1 AS one
CREATE TABLE mine.v (id integer)
SELECT * FROM mine.v ORDER BY id
SELECT v.pt FROM mine.v WHERE pt > 5 ORDER BY 1
SELECT w.a, w.b FROM mine.v AS w(a, b) ORDER BY 1
CREATE VIEW mine.w (p, q) AS WITH c AS (SELECT * FROM mine.v) SELECT count(*), sum(pt) FROM c
SELECT * FROM mine.w
CREATE OR REPLACE VIEW mine.v AS SELECT id, x AS pt, name FROM mine.a WHERE id < 4
CREATE OR REPLACE VIEW mine.v AS SELECT id AS other, x AS pt, name FROM mine.a
CREATE OR REPLACE VIEW mine.v AS SELECT id FROM mine.a
SELECT * FROM mine.v ORDER BY id
SELECT * FROM mine.w
CREATE VIEW mine.bad AS SELECT nope FROM mine.a
CREATE VIEW mine.bad AS SELECT * FROM mine.nope
CREATE VIEW mine.bad (a, b) AS SELECT 1
CREATE VIEW mine.bad AS SELECT 1 AS a, 2 AS a
WITH a AS (SELECT 1 AS id) SELECT count(*) FROM mine.v, a
DROP TABLE mine.v
DROP VIEW mine.a
DROP TABLE mine.a
DROP VIEW mine.v
DROP VIEW mine.nope
DROP VIEW IF EXISTS mine.nope
DROP TABLE mine.nope
DROP TABLE nowhere.nope
DROP TABLE IF EXISTS nowhere.nope
DROP TABLE mine.a CASCADE
SELECT * FROM mine.w
SELECT * FROM mine.v
COMMENT ON TABLE mine.b IS 'a table'
COMMENT ON COLUMN mine.b.id IS 'a column'
COMMENT ON COLUMN mine.b.nope IS 'no column'
COMMENT ON TABLE mine.nope IS 'no table'
COMMENT ON SCHEMA mine IS 'a schema'
COMMENT ON TABLE mine.b IS NULL
TRUNCATE mine.b
SELECT count(*) FROM mine.b
TRUNCATE TABLE mine.nope
INSERT INTO mine.b (id) VALUES (1)
SELECT id FROM mine.b
CREATE TABLE mine.like_b (LIKE mine.renamed, extra text)
SELECT * FROM mine.like_b
DROP SCHEMA mine
DROP SCHEMA nowhere
DROP SCHEMA IF EXISTS nowhere
CREATE TEMP TABLE t AS SELECT n AS id, n * n AS sq FROM generate_series(1, 100) AS g(n)
CREATE TEMP TABLE t (a integer)
CREATE TEMP TABLE mine.t2 (a integer)
SELECT count(*), sum(sq) FROM t
SELECT * FROM pg_temp.t WHERE id > 98 ORDER BY id
INSERT INTO t VALUES (101, 0), (102, NULL)
UPDATE t SET sq = -1 WHERE sq IS NULL
CREATE TEMP TABLE prices (id integer, factor integer, word text)
INSERT INTO prices VALUES (1, 10, 'a'), (2, 20, 'b'), (99, 30, 'c'), (77, NULL, 'd')
UPDATE t SET sq = p.factor + t.sq FROM prices AS p WHERE p.id = t.id
SELECT * FROM t WHERE id IN (1, 2, 3, 77, 99) ORDER BY id
UPDATE t AS u SET sq = 5 FROM prices WHERE prices.id = u.id AND word IN ('a', 'd')
SELECT * FROM t WHERE id IN (1, 2, 77) ORDER BY id
WITH big AS (SELECT 3 AS n) UPDATE t SET sq = n FROM big WHERE id = n
SELECT * FROM t WHERE sq = 3
DELETE FROM prices WHERE factor < 15 RETURNING id, factor * 2 AS twice, word
DELETE FROM prices RETURNING nope
SELECT count(*) FROM prices
DROP TABLE prices
DELETE FROM t WHERE id <= 99
SELECT * FROM t ORDER BY id
SELECT t.id, r.p FROM t JOIN mine.renamed r ON r.p < t.id ORDER BY 1
CREATE TEMP TABLE e (id integer, l real[])
INSERT INTO e VALUES (1, '{1.5,2}') RETURNING *
SELECT id, l[2] FROM e
BEGIN
INSERT INTO t VALUES (500, 500)
SELECT max(id) FROM t
SAVEPOINT s
DELETE FROM t
SELECT count(*) FROM t
ROLLBACK TO s
SELECT max(id), count(*) FROM t
DROP TABLE e
SELECT * FROM e
ROLLBACK
SELECT max(id), count(*) FROM t
SELECT count(*) FROM e
BEGIN
INSERT INTO t VALUES (600, 600)
SAVEPOINT a
INSERT INTO t VALUES (601, 601)
RELEASE SAVEPOINT a
COMMIT
SELECT max(id), count(*) FROM t
TRUNCATE t
SELECT count(*) FROM t
DROP TABLE t, e
SELECT * FROM t
DROP SCHEMA mine CASCADE
DROP TABLE IF EXISTS mine.b
