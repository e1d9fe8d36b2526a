CREATE SCHEMA ix
SET search_path = ix
CREATE TABLE t (a int, b text, c real)
INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2), (3, 'x', NULL)
CREATE INDEX ON t (a)
CREATE INDEX t_b ON t USING btree (b DESC NULLS LAST, a)
CREATE INDEX t_b ON t (b)
CREATE INDEX IF NOT EXISTS t_b ON t (b)
CREATE INDEX IF NOT EXISTS ON t (b)
CREATE INDEX t ON t (b)
CREATE INDEX bad ON t (nosuch)
CREATE INDEX bad ON nosuch (a)
CREATE UNIQUE INDEX t_ub ON t (b)
CREATE UNIQUE INDEX t_ua ON t (a)
INSERT INTO t VALUES (1, 'z', 0)
INSERT INTO t VALUES (1, 'z', 0) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b RETURNING b
INSERT INTO t VALUES (NULL, 'n', 0), (NULL, 'n', 0)
CREATE UNIQUE INDEX t_uc ON t (c)
UPDATE t SET c = a * 10
DELETE FROM t WHERE a IS NULL
CREATE UNIQUE INDEX t_uc ON ONLY t (a DESC, c NULLS FIRST) NULLS NOT DISTINCT
DROP INDEX t_uc
CREATE UNIQUE INDEX t_uc ON ONLY t (a DESC, c NULLS FIRST) NULLS NOT DISTINCT
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY 1
SELECT i.relname, x.indisunique, x.indisprimary, x.indkey::text, x.indoption::text, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname = 't' ORDER BY 1
SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass
SELECT relhasindex FROM pg_class WHERE relname = 't'
ALTER TABLE t DROP CONSTRAINT t_ua
ALTER TABLE t RENAME COLUMN b TO bb
SELECT indexdef FROM pg_indexes WHERE indexname = 't_b'
DROP INDEX t_ua
DROP INDEX t_ua
DROP INDEX IF EXISTS t_ua, t_b
INSERT INTO t VALUES (1, 'again', 5)
ALTER TABLE t DROP COLUMN c
SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY 1
CREATE TABLE k (id int PRIMARY KEY, u text UNIQUE)
DROP INDEX k_pkey
CREATE TABLE l (LIKE k INCLUDING ALL)
CREATE INDEX ON l (u, id DESC)
CREATE TABLE m (LIKE l INCLUDING INDEXES)
SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('l', 'm') ORDER BY 1
CREATE VIEW v AS SELECT a FROM t
CREATE INDEX ON v (a)
CREATE OR REPLACE INDEX q ON t (a)
CREATE TEMP TABLE tt (a int)
CREATE INDEX tt_i ON tt (a)
SELECT count(*) FROM pg_indexes WHERE tablename = 'tt'
DROP INDEX tt_i
DROP INDEX ix.t_a_idx
DROP INDEX nosuch.t_a_idx
DROP TABLE l
SELECT count(*) FROM pg_indexes WHERE schemaname = 'ix'
CREATE TABLE ix.words ("table" int, "Mixed" int, plain int, UNIQUE ("table", "Mixed"))
CREATE INDEX words_i ON ix.words ("table", "Mixed" DESC, plain)
SELECT indexdef FROM pg_indexes WHERE tablename = 'words' ORDER BY 1
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'ix.words'::regclass
