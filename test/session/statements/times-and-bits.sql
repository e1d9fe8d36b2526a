CREATE TEMP TABLE d (id int, i interval, z timetz, b bit(4), v bit varying(6), w interval day to second(2), l interval[], r bit varying)
INSERT INTO d VALUES (1, '1 mon 2 days 03:04:05.678901', '10:20:30.5+02', B'1010', B'11', '3 days 04:05:06.789', ARRAY[interval '1 day', NULL, '2 h'], B''), (2, '-1 year', '23:59-08', B'0001', B'', '-1 day', '{}', B'1'), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (4, '30 days', '10:20:30.5+03', B'1111', B'110011', '0', NULL, B'101010101')
SELECT * FROM d ORDER BY id
SELECT id FROM d WHERE i = interval '1 month' ORDER BY id
SELECT id, i * 2, i + interval '1 hour', extract(epoch from i) FROM d ORDER BY i, id
SELECT id FROM d ORDER BY z DESC NULLS LAST, id
SELECT id, b | B'0001', v || B'1', length(r), b::int FROM d ORDER BY b, id
SELECT max(i), min(i), sum(i), avg(i), count(DISTINCT i) FROM d
SELECT max(z), min(z), count(z) FROM d
SELECT bit_and(b), bit_or(b) FROM d
SELECT i, count(*) FROM d GROUP BY i ORDER BY i
SELECT z, count(*) FROM d GROUP BY z ORDER BY z
SELECT b, count(*) FROM d GROUP BY b ORDER BY b
SELECT DISTINCT v FROM d ORDER BY v
INSERT INTO d (id, b) VALUES (5, B'10101')
INSERT INTO d (id, v) VALUES (5, B'1010101')
INSERT INTO d (id, i) VALUES (5, 'not one')
UPDATE d SET i = i - interval '1 day', z = z + interval '1 hour', b = ~b, v = v | v RETURNING id, i, z, b, v
DELETE FROM d WHERE i < interval '0' RETURNING id
SELECT a.id, c.id FROM d a JOIN d c ON a.i = c.i AND a.z = c.z ORDER BY 1, 2
SELECT a.id FROM d a JOIN d c ON a.b = c.b WHERE a.v > B'1' ORDER BY 1
SELECT id, l[1], cardinality(l) FROM d ORDER BY id
SELECT u FROM d, unnest(l) u ORDER BY u
SELECT id, i, sum(i) OVER (ORDER BY id), lag(z) OVER (ORDER BY id) FROM d ORDER BY id
SELECT id FROM d WHERE i BETWEEN interval '20 days' AND interval '2 months' AND z IS NOT NULL
SELECT id FROM d WHERE b IN (B'0101', B'0000') ORDER BY id
SELECT id, to_char(i, 'DD HH24:MI'), i::text, z::text, b::text, z::time FROM d ORDER BY id
ALTER TABLE d ADD COLUMN j interval DEFAULT '5 min'
SELECT id, j FROM d ORDER BY id
ALTER TABLE d ALTER COLUMN j TYPE text
SELECT id, j FROM d ORDER BY id
CREATE SCHEMA st
CREATE TABLE st.p AS SELECT g AS id, make_interval(hours => g) AS t, (g % 24 || ':00+01')::timetz AS z, g::bit(8) AS b FROM generate_series(1, 100) g
SELECT count(*), max(t), min(z), max(b) FROM st.p WHERE t > interval '50 hours' AND b > B'00001111'
SELECT column_name, data_type, interval_type, character_maximum_length, datetime_precision FROM information_schema.columns WHERE table_schema = 'st' ORDER BY ordinal_position
SELECT id FROM st.p WHERE t = interval '4 days 04:00' OR t = interval '2 days'
INSERT INTO st.p SELECT 101, interval '1 century', '00:00+14', B'11111111'
SELECT t, count(*) FROM st.p WHERE id > 97 GROUP BY ROLLUP (t) ORDER BY 1
SELECT date_trunc('hour', z::time), sum(t) FROM st.p GROUP BY 1 ORDER BY 1 LIMIT 3
SELECT row_to_json(p) FROM st.p p WHERE id = 3
SELECT id FROM st.p ORDER BY t DESC LIMIT 2
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t), percentile_disc(0.5) WITHIN GROUP (ORDER BY z) FROM st.p
CREATE TABLE st.k (i interval PRIMARY KEY, b bit(2) UNIQUE, CHECK (i > interval '0'))
INSERT INTO st.k VALUES ('1 month', B'01')
INSERT INTO st.k VALUES ('30 days', B'11')
INSERT INTO st.k VALUES ('31 days', B'01')
INSERT INTO st.k VALUES ('-1 day', B'10')
INSERT INTO st.k VALUES ('30 days', B'11') ON CONFLICT (i) DO UPDATE SET b = EXCLUDED.b RETURNING *
SELECT a.id FROM st.p a WHERE a.t IN (SELECT t FROM st.p WHERE id < 3) ORDER BY 1
SELECT id FROM st.p EXCEPT SELECT id FROM st.p WHERE t < interval '99 hours' ORDER BY 1
SELECT t FROM st.p WHERE id = 1 UNION SELECT interval '60 min' ORDER BY 1
DROP SCHEMA st CASCADE
CREATE TEMP TABLE m (a timestamp(2), b time(0), c timestamptz(3), d interval(1), e interval hour, f interval year to month)
INSERT INTO m VALUES ('2024-01-01 10:00:00.789', '10:00:00.6', '2024-01-01 10:00:00.12345+00', '1.26 s', '3 hours 40 min', '1 year 3 mons 5 days')
SELECT a, b, d, e, f FROM m
CREATE TEMP TABLE zz (z timetz, v varbit)
INSERT INTO zz VALUES ('10:00+02', B'1'), ('12:00+05', B'01')
INSERT INTO zz VALUES ('09:30+01', B'10'), ('23:00-01', B'0111')
INSERT INTO zz VALUES ('00:00+14', B''), (NULL, NULL)
SELECT z FROM zz WHERE z < timetz '08:30+00' ORDER BY z
SELECT z FROM zz WHERE z >= timetz '08:30+00' ORDER BY z
SELECT v FROM zz WHERE v > B'01' ORDER BY v
SELECT v FROM zz WHERE v <= B'01' ORDER BY v
SELECT z, v FROM zz WHERE z = '10:00+02' OR v = B'' ORDER BY z
SELECT attname, atttypmod, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'm'::regclass AND attnum > 0 ORDER BY attnum
INSERT INTO m (a, d) SELECT timestamp '2024-06-01 00:00:00.999', interval '2.55 s' RETURNING a, d
UPDATE m SET a = a + interval '0.123 s', e = interval '90 min' RETURNING a, e
ALTER TABLE m ALTER COLUMN c TYPE timestamp(1)
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'm'::regclass AND attname = 'c'
ALTER TABLE m ALTER COLUMN a TYPE timestamp
INSERT INTO m (a) VALUES ('2024-06-01 00:00:00.123456') RETURNING a
CREATE TEMP TABLE mm (LIKE m)
INSERT INTO mm (b) VALUES ('10:00:59.5') RETURNING b
