CREATE TEMP TABLE t (a int)
BEGIN
INSERT INTO t VALUES (1)
COMMIT
SELECT * FROM t
START TRANSACTION
INSERT INTO t VALUES (2)
ABORT
SELECT * FROM t
BEGIN WORK
INSERT INTO t VALUES (3)
END
SELECT * FROM t ORDER BY a
BEGIN
SELECT 1 / 0
SELECT 1
INSERT INTO t VALUES (4)
SAVEPOINT s
SHOW search_path
COMMIT
SELECT * FROM t ORDER BY a
BEGIN
INSERT INTO t VALUES (5)
SAVEPOINT a
INSERT INTO t VALUES (6)
SELECT nope
SELECT 1
ROLLBACK TO a
INSERT INTO t VALUES (7)
RELEASE a
RELEASE a
ROLLBACK
SELECT * FROM t ORDER BY a
BEGIN
SAVEPOINT a
INSERT INTO t VALUES (10)
SAVEPOINT a
INSERT INTO t VALUES (11)
ROLLBACK TO SAVEPOINT a
RELEASE SAVEPOINT a
INSERT INTO t VALUES (12)
ROLLBACK TO a
INSERT INTO t VALUES (13)
COMMIT
SELECT * FROM t ORDER BY a
SAVEPOINT x
RELEASE x
ROLLBACK TO x
COMMIT
ROLLBACK
BEGIN
BEGIN
COMMIT
BEGIN
ROLLBACK TO nosuch
ROLLBACK
BEGIN
RELEASE nosuch
ROLLBACK
BEGIN
INSERT INTO t VALUES (20)
COMMIT AND CHAIN
INSERT INTO t VALUES (21)
ROLLBACK AND CHAIN
INSERT INTO t VALUES (22)
COMMIT AND NO CHAIN
SELECT * FROM t ORDER BY a
COMMIT AND CHAIN
ROLLBACK AND CHAIN
BEGIN
CREATE TEMP TABLE made (x int)
INSERT INTO made VALUES (1)
SAVEPOINT s
DROP TABLE made
SELECT * FROM made
ROLLBACK TO s
SELECT * FROM made
CREATE TEMP VIEW mv AS SELECT x + 1 AS y FROM made
SELECT * FROM mv
TRUNCATE made
ROLLBACK TO s
SELECT * FROM mv
ROLLBACK TO s
SELECT * FROM made
ROLLBACK
SELECT * FROM made
BEGIN READ ONLY
SELECT count(*) FROM t
CREATE TABLE nope (a int)
ROLLBACK
BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE, NOT DEFERRABLE
SHOW transaction_isolation
SHOW transaction_read_only
COMMIT
SHOW transaction_isolation
BEGIN
SET TRANSACTION READ ONLY
SHOW transaction_read_only
SELECT 1 AS one
ROLLBACK
BEGIN ISOLATION LEVEL REPEATABLE READ
SHOW TRANSACTION ISOLATION LEVEL
ROLLBACK
BEGIN
SET LOCAL statement_timeout = '5s'
SHOW statement_timeout
COMMIT
SHOW statement_timeout
BEGIN
SET statement_timeout = '6s'
ROLLBACK
SHOW statement_timeout
BEGIN
SET statement_timeout = '7s'
SAVEPOINT s
SET statement_timeout = '8s'
ROLLBACK TO s
SHOW statement_timeout
COMMIT
SHOW statement_timeout
RESET statement_timeout
SHOW statement_timeout
SET statement_timeout TO DEFAULT
SET nosuch = 1
SHOW nosuch
RESET nosuch
SET my.setting = 'x'
SHOW my.setting
SELECT current_setting('my.setting')
SELECT set_config('my.setting', 'y', false)
SHOW my.setting
SELECT current_setting('no.such')
SELECT current_setting('no.such', true)
BEGIN
SELECT set_config('my.setting', 'z', true)
SELECT current_setting('my.setting')
COMMIT
SELECT current_setting('my.setting')
BEGIN
SELECT set_config('my.setting', 'w', false)
ROLLBACK
SELECT current_setting('my.setting')
SET extra_float_digits = 0
SHOW extra_float_digits
SET extra_float_digits = 99
SET row_security = off
SHOW row_security
SET row_security = maybe
RESET ALL
SHOW row_security
SHOW extra_float_digits
SELECT current_setting('server_version_num')::int > 150000 AS ok
SET application_name = 'me'
SHOW application_name
SELECT set_config('application_name', 'you', false), current_setting('application_name')
DISCARD TEMP
SELECT * FROM t
CREATE TEMP TABLE t (a int)
PREPARE p AS SELECT 1
SET application_name = 'me'
DISCARD PLANS
EXECUTE p
DISCARD SEQUENCES
DISCARD ALL
EXECUTE p
SHOW application_name
SELECT * FROM t
BEGIN
DISCARD ALL
ROLLBACK
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
BEGIN
SHOW transaction_read_only
COMMIT
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE
UNLISTEN *
CREATE TEMP TABLE clock (at timestamptz)
BEGIN
INSERT INTO clock VALUES (now())
SELECT count(*) FROM clock WHERE at = now() AND at = current_timestamp AND at = transaction_timestamp()
SELECT count(*) FROM clock WHERE at <= statement_timestamp()
COMMIT
SELECT count(*) FROM clock WHERE at <= now()
COPY (INSERT INTO clock VALUES (now())) TO STDOUT
