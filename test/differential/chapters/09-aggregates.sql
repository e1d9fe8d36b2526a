SELECT sum(small), avg(small), min(small), max(small), pg_typeof(sum(small))::text, pg_typeof(avg(small))::text FROM ev;
SELECT sum(id), avg(id), pg_typeof(sum(id))::text, pg_typeof(avg(id))::text FROM ev;
SELECT sum(big), avg(big), min(big), max(big), pg_typeof(sum(big))::text FROM ev;
SELECT sum(met), avg(met), min(met), max(met), pg_typeof(sum(met))::text, pg_typeof(avg(met))::text FROM ev;
SELECT sum(weight), avg(weight), min(weight), max(weight) FROM ev;
SELECT sum(weight), avg(weight), min(weight), max(weight) FROM ev WHERE id <> 11;
SELECT min(era), max(era), min(trigger::int) FROM ev;
SELECT min(trigger) FROM ev;
SELECT sum(era) FROM ev;
SELECT sum('1'), sum(NULL);
SELECT avg(trigger) FROM ev;
SELECT count(*), count(met), count(era), count(trigger) FROM ev;
SELECT count() FROM ev;
SELECT count(id, run) FROM ev;
SELECT max(1, 2);
SELECT sum(x) FROM (VALUES (1.5), (2.25), (NULL)) v(x);
-- differs: Numeric
SELECT avg(x), sum(x) FROM (VALUES (1.0), (2.00), (2.000)) v(x);
SELECT avg(x) FROM (VALUES (1), (2), (2)) v(x);
SELECT avg(x) FROM (VALUES (100000), (200001)) v(x);
SELECT avg(x) FROM (VALUES (0.1), (0.2)) v(x);
SELECT sum(x) FROM (VALUES (9223372036854775807), (1)) v(x);
SELECT sum(x) FROM (VALUES (2147483647), (1)) v(x);
-- differs: Numeric
SELECT sum(x::numeric) FROM (VALUES ('NaN'), ('1')) v(x);
SELECT sum(x) FROM (VALUES ('Infinity'::float8), ('-Infinity')) v(x);
SELECT sum(x) FROM (VALUES (1e308::float8), (1e308)) v(x);
SELECT min(x), max(x) FROM (VALUES ('NaN'::float8), (1), ('Infinity'), (NULL)) v(x);
SELECT min(x), max(x) FROM (VALUES (date '2024-01-01'), ('2023-05-05')) v(x);
SELECT sum(x), avg(x), max(x) FROM (VALUES (interval '1 day'), ('2 hours')) v(x);
SELECT min(x), max(x) FROM (VALUES (ARRAY[1,2]), (ARRAY[1])) v(x);
SELECT bool_and(x), bool_or(x), every(x) FROM (VALUES (true), (NULL), (false)) v(x);
SELECT bool_and(x) FROM (VALUES (NULL::bool)) v(x);
SELECT bit_and(x), bit_or(x), bit_xor(x) FROM (VALUES (5), (3)) v(x);
SELECT stddev(id), stddev_pop(id), stddev_samp(id), variance(id), var_pop(id), var_samp(id) FROM ev WHERE id < 5;
SELECT stddev(x), variance(x) FROM (VALUES (1.5::float8), (2.5), (4)) v(x);
SELECT stddev(x), variance(x) FROM (VALUES (1)) v(x);
-- differs: Aggregates to come
SELECT stddev_pop(x), var_pop(x) FROM (VALUES (1)) v(x);
SELECT corr(x, y), covar_pop(x, y), covar_samp(x, y), regr_slope(y, x), regr_intercept(y, x), regr_count(y, x), regr_r2(y, x) FROM (VALUES (1::float8, 2::float8), (2, 4), (3, 7)) v(x, y);
SELECT regr_avgx(y, x), regr_avgy(y, x), regr_sxx(y, x), regr_syy(y, x), regr_sxy(y, x) FROM (VALUES (1::float8, 2::float8), (2, 4), (3, 7)) v(x, y);
SELECT mode() WITHIN GROUP (ORDER BY small) FROM ev;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id), percentile_disc(0.5) WITHIN GROUP (ORDER BY id) FROM ev;
SELECT percentile_cont(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY id) FROM ev;
SELECT percentile_cont(1.5) WITHIN GROUP (ORDER BY id) FROM ev;
SELECT rank(5) WITHIN GROUP (ORDER BY id), dense_rank(5) WITHIN GROUP (ORDER BY id), percent_rank(5) WITHIN GROUP (ORDER BY id), cume_dist(5) WITHIN GROUP (ORDER BY id) FROM ev;
SELECT string_agg(x, ',') FROM (VALUES ('a'), (NULL), ('b')) v(x);
SELECT string_agg(x, NULL) FROM (VALUES ('a'), ('b')) v(x);
SELECT string_agg(x::text, '-' ORDER BY x DESC) FROM (VALUES (1), (2)) v(x);
SELECT string_agg(x, '-') FROM (VALUES (1), (2)) v(x);
SELECT string_agg(x, y ORDER BY x) FROM (VALUES ('a', ','), ('b', ';'), ('c', '-')) v(x, y);
SELECT array_agg(x ORDER BY x), array_agg(x ORDER BY x DESC NULLS LAST) FROM (VALUES (3), (NULL), (1)) v(x);
-- differs: Aggregates to come
SELECT array_agg(x) FROM (VALUES (ARRAY[1,2]), (ARRAY[3,4])) v(x);
-- differs: Aggregates to come
SELECT array_agg(charge ORDER BY id) FROM ev WHERE id IN (2, 6);
SELECT json_agg(x), jsonb_agg(x) FROM (VALUES (1), (2)) v(x);
SELECT json_object_agg(k, v) FROM (VALUES ('a', 1)) t(k, v);
-- differs: Names
SELECT any_value(x) FROM (VALUES (1)) v(x);
SELECT sum(id ORDER BY id) FROM ev;
SELECT count(*) FROM (SELECT DISTINCT run FROM ev) s;
SELECT sum(id) + sum(met), sum(id + 1) FROM ev;
SELECT avg(id)::numeric(10,3), round(avg(id), 2), round(avg(met)::numeric, 1) FROM ev;
SELECT sum(CASE WHEN id % 2 = 0 THEN 1 ELSE 0 END), sum(id) FILTER (WHERE id % 2 = 1) FROM ev;
SELECT max(cardinality(pt)), sum(cardinality(pt)), max(pt[1]) FROM ev;
SELECT min(pt) FROM ev WHERE cardinality(pt) > 0;
SELECT sum(met::numeric), sum(met::float8) FROM ev;
-- differs: Numeric
SELECT sum(1), sum(1.5), sum(1::float8), avg(1), avg(1.5), max('a'), min(NULL::int) FROM ev;
SELECT count(NULL), count(1), count('a') FROM ev;
SELECT sum(x) FROM (SELECT NULL::int AS x) s;
SELECT max(x) FROM (VALUES ('b'), ('a'), ('B')) v(x);
SELECT sum(DISTINCT met) FROM ev WHERE id < 4;
SELECT count(DISTINCT (run, small)) FROM ev;
SELECT count(*) FROM ev WHERE sum(id) > 1;
SELECT count(count(*)) FROM ev;
SELECT sum(row_number() OVER ()) FROM ev;
SELECT nosuchagg(id) FROM ev;
SELECT max(id) FROM ev ORDER BY max(id);
SELECT max(id) FROM ev ORDER BY id;
SELECT avg(big), avg(big::numeric) FROM ev WHERE id < 3;
SELECT sum(small::bigint), sum(big::int8 * 0 + 1) FROM ev;
SELECT avg(x) FROM (VALUES (1::float8), (2), (4)) v(x);
SELECT avg(x) FROM (VALUES (0.1::real), (0.2), (0.4)) v(x);
-- differs: Sums of floats
SELECT sum(x) FROM (VALUES (0.1::real), (0.2), (0.4)) v(x);
-- differs: Sums of floats
SELECT sum(x) FROM (VALUES (0.1::float8), (0.2), (0.3)) v(x);
