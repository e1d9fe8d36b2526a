PREPARE a AS SELECT 1 AS one
EXECUTE a
PREPARE a AS SELECT 2
EXECUTE a(1)
DEALLOCATE a
EXECUTE a
DEALLOCATE a
PREPARE b (int, text) AS SELECT $1 + 1 AS n, $2 || '!' AS t
EXECUTE b(1, 'x')
EXECUTE b(1 + 2, upper('y'))
EXECUTE b('4', 'z')
EXECUTE b(2.6, 'z')
EXECUTE b('x', 'z')
EXECUTE b(NULL, NULL)
EXECUTE b(1)
EXECUTE b(1, 'x', 3)
EXECUTE b(true, 'x')
EXECUTE b((SELECT 1), 'x')
EXECUTE b(nope, 'x')
PREPARE c AS SELECT $1::int * $2 AS p
EXECUTE c(3, 4)
EXECUTE c(3.4, '5')
PREPARE d (date) AS SELECT $1 + 1 AS next, $1 - date '2024-01-01' AS days
EXECUTE d('2024-02-29')
EXECUTE d(date '2024-02-28')
EXECUTE d(now()::date - now()::date + date '2024-12-31')
PREPARE e (int[]) AS SELECT $1[2] AS second
EXECUTE e('{5,6,7}')
EXECUTE e(ARRAY[1, 2])
CREATE TEMP TABLE t (a int, b text)
PREPARE ins (int, text) AS INSERT INTO t VALUES ($1, $2) RETURNING *
EXECUTE ins(1, 'one')
EXECUTE ins(2, DEFAULT)
PREPARE ins2 AS INSERT INTO t (a) VALUES ($1)
EXECUTE ins2(5)
PREPARE upd AS UPDATE t SET b = $2 WHERE a = $1
EXECUTE upd(5, 'five')
PREPARE del AS DELETE FROM t WHERE a = $1 RETURNING b
EXECUTE del(5)
SELECT * FROM t ORDER BY a
PREPARE bad AS SELECT nope
PREPARE bad AS SELECT $1
EXECUTE bad('text')
PREPARE worse (nosuch) AS SELECT $1
PREPARE f (numeric, float8) AS SELECT $1 / 3 AS a, $2 * 2 AS b
EXECUTE f(10, 1.5)
CREATE TEMP TABLE made AS EXECUTE b(7, 'made')
SELECT * FROM made
CREATE TEMP TABLE made2 AS EXECUTE ins2(9)
PREPARE v (int) AS VALUES ($1), ($1 + 1)
EXECUTE v(3)
DEALLOCATE PREPARE v
EXECUTE v(3)
DEALLOCATE ALL
EXECUTE b(1, 'x')
BEGIN
PREPARE tx AS SELECT 5 AS five
ROLLBACK
EXECUTE tx
DROP TABLE t, made
CREATE TEMP TABLE up (id int PRIMARY KEY, n numeric(6,2), t text)
PREPARE upsert AS INSERT INTO up VALUES ($1, $2, 'new') ON CONFLICT (id) DO UPDATE SET n = up.n + $3, t = $4 WHERE up.n < $5 RETURNING id, n, t, $1 + 1 AS next
EXECUTE upsert(1, 1.5, 10, 'x', 100)
EXECUTE upsert(1, 1.5, 10, 'x', 100)
EXECUTE upsert(1, 1.5, 10, 'x', 5)
EXECUTE upsert(1, 1.5, 10, 'x')
PREPARE badup AS INSERT INTO up VALUES ($1) ON CONFLICT (t) DO UPDATE SET n = $2
PREPARE badup2 AS INSERT INTO up VALUES ($1) ON CONFLICT (id) DO UPDATE SET nope = $2
PREPARE upd2 AS UPDATE up SET n = $1 WHERE id = $2 RETURNING n * $3 AS m
EXECUTE upd2(2.5, 1, 2)
PREPARE del2 AS DELETE FROM up USING (VALUES ($1::int)) AS v(k) WHERE v.k = up.id RETURNING t || $2 AS t
EXECUTE del2(1, '!')
PREPARE ser AS INSERT INTO up (id) SELECT g FROM generate_series(1, $1) AS g RETURNING id
EXECUTE ser(3)
SELECT id, n FROM up ORDER BY id
DROP TABLE up
