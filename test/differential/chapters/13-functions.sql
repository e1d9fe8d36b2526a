SELECT abs(-5), abs(-5.5), abs(-5.5::float8), sign(-3), sign(2.5), ceil(1.2), ceiling(-1.2), floor(-1.2), trunc(1.9), trunc(-1.9), trunc(1.299, 2);
SELECT round(2.5), round(-2.5), round(2.5::float8), round(3.5::float8), round(2.567, 2), round(1234.5, -2), round(2.4), round(1.005, 2);
-- differs: Functions to come
SELECT sqrt(16), sqrt(2), sqrt(2.0), cbrt(27), exp(0), exp(1.0), ln(1), ln(2.0), log(100), log(2.0, 8.0), log10(1000), power(2, 3), power(2.0, 0.5), pow(2, 3);
SELECT sqrt(-1);
SELECT sqrt(-1::float8);
SELECT ln(0);
SELECT ln(-1::float8);
SELECT log(0::float8);
SELECT power(0::float8, -1);
SELECT power(-1::float8, 0.5);
SELECT exp(1000::float8);
SELECT sin(0), cos(0), tan(0), asin(1), acos(1), atan(1), atan2(1, 1), sinh(0), cosh(0), tanh(0), degrees(pi()), radians(180), cot(1);
SELECT asin(2);
SELECT sind(30), cosd(60), tand(45), asinh(0), acosh(1), atanh(0);
SELECT mod(7, 3), mod(-7, 3), mod(7.5, 2), div(7, 2), div(-7.5, 2), gcd(12, 18), lcm(4, 6), factorial(5);
SELECT mod(1, 0);
SELECT div(1.0, 0);
SELECT pi(), round(pi()::numeric, 5), trunc(pi()), width_bucket(5.5, 0, 10, 5), width_bucket(-1, 0, 10, 5), width_bucket(10, 0, 10, 5);
SELECT scale(1.500), min_scale(1.500), trim_scale(1.500);
SELECT length('abc'), length('é'), char_length('é'), octet_length('é'), bit_length('a'), length('');
SELECT upper('abcé'), lower('ABCÉ'), initcap('hello world-foo bar'), reverse('abc'), repeat('ab', 3), repeat('a', -1);
SELECT substring('abcdef', 2), substring('abcdef', 2, 3), substring('abcdef', 0, 3), substring('abcdef', -1, 3), substring('abcdef' FROM 2 FOR 2), substr('abc', 5), substring('abc' FROM 'b.');
SELECT substring('abc', 1, -1);
SELECT left('abc', 2), left('abc', -1), right('abc', 2), right('abc', -1), left('abc', 0);
SELECT lpad('a', 3), lpad('a', 3, 'xy'), rpad('a', 3, 'xy'), lpad('abc', 2), lpad('a', 0), rpad('abc', 2, 'x');
SELECT trim('  a '), ltrim('  a '), rtrim(' a  '), trim('x' FROM 'xax'), btrim('xyaxy', 'yx'), trim(LEADING 'x' FROM 'xax'), trim(TRAILING FROM ' a ');
SELECT position('b' IN 'abc'), position('z' IN 'abc'), position('' IN 'abc'), strpos('abc', 'c');
SELECT replace('abcabc', 'b', 'X'), replace('abc', '', 'X'), translate('12345', '143', 'ax'), overlay('abcdef' PLACING 'XX' FROM 2), overlay('abcdef' PLACING 'XX' FROM 2 FOR 4);
SELECT split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), split_part('a,b', ',', 5), split_part('abc', '', 1);
SELECT split_part('a', ',', 0);
SELECT concat('a', 1, NULL, true, 1.50), concat_ws(',', 'a', NULL, 'b'), concat_ws(NULL, 'a'), concat();
SELECT ascii('a'), ascii('é'), ascii(''), chr(65), chr(233), chr(8364);
SELECT chr(0);
-- differs: Functions to come
SELECT md5('a'), encode('abc'::bytea, 'hex'), encode('abc'::bytea, 'base64'), decode('616263', 'hex'), to_hex(255), to_hex(-1);
-- differs: Functions to come
SELECT starts_with('abc', 'ab'), 'abc' ^@ 'ab', format('%s-%s', 'a', 1), format('%I %L %%', 'a b', 'it''s'), quote_ident('a b'), quote_literal('x''y'), quote_nullable(NULL);
SELECT regexp_replace('abc', 'b', 'X'), regexp_replace('abab', 'b', 'X', 'g'), regexp_replace('abc', '(b)', '[\1]'), regexp_match('abc', 'b.'), regexp_match('abc', '(a)(b)');
-- differs: Functions to come
SELECT regexp_matches('abab', 'b', 'g');
SELECT regexp_count('abab', 'b'), regexp_instr('abab', 'b'), regexp_like('abc', 'B', 'i'), regexp_substr('abc', 'b.');
-- differs: Functions to come
SELECT to_char(1234.5, '9,999.99'), to_char(12, '000'), to_char(date '2024-03-05', 'YYYY-MM-DD'), to_char(timestamp '2024-03-05 14:30', 'HH12:MI AM Day'), to_number('1,234.5', '9,999.9'), to_date('05 Mar 2024', 'DD Mon YYYY');
SELECT extract(year FROM date '2024-03-05'), extract(month FROM timestamp '2024-03-05 10:00'), extract(epoch FROM timestamp '1970-01-02'), extract(dow FROM date '2024-03-05'), extract(second FROM time '12:34:56.5');
SELECT date_part('year', date '2024-03-05'), date_trunc('month', timestamp '2024-03-05 10:00'), date_trunc('hour', interval '1 day 02:34');
SELECT extract(nosuch FROM date '2024-01-01');
SELECT age(timestamp '2024-03-05', timestamp '2023-01-01'), make_date(2024, 2, 29), make_time(1, 2, 3.5), make_timestamp(2024, 1, 2, 3, 4, 5.5), make_interval(days => 3);
SELECT make_date(2024, 2, 30);
SELECT to_timestamp(0), timestamp '2024-01-01' AT TIME ZONE 'UTC', justify_days(interval '35 days'), justify_hours(interval '27 hours');
SELECT isfinite(date '2024-01-01'), (date '2024-01-01', date '2024-02-01') OVERLAPS (date '2024-01-15', date '2024-03-01');
SELECT num_nulls(1, NULL), num_nonnulls(1, NULL, 2), pg_typeof(NULL::real)::text;
SELECT nosuchfunction(1);
SELECT abs('a');
SELECT abs('-5'), sqrt('4'), round('2.567', 2);
SELECT length(5);
SELECT upper(5);
SELECT abs();
SELECT abs(1, 2);
SELECT round(2.5::float8, 1);
SELECT pg_catalog.abs(-1);
SELECT lower(NULL), length(NULL), abs(NULL::int);
SELECT round(1/3.0, 4), sqrt(met), abs(weight) FROM ev WHERE id < 3 ORDER BY id;
SELECT floor(met), ceil(met), round(met), trunc(met), pg_typeof(round(met))::text FROM ev WHERE id < 4 ORDER BY id;
SELECT round(met::numeric, 1), sign(weight), mod(id, 3) FROM ev WHERE id < 4 ORDER BY id;
SELECT upper(era), length(era), left(era, 1), era || '-' || id FROM ev WHERE id BETWEEN 11 AND 15 ORDER BY id;
SELECT substring(era, 1, 1), position('é' IN era), replace(era, 'é', 'e'), reverse(era) FROM ev WHERE id < 5 ORDER BY id;
SELECT greatest(id, 3), least(met, 10), coalesce(met, 0) FROM ev WHERE id IN (1, 5, 7) ORDER BY id;
SELECT power(id, 2), exp(id::float8), id ^ 2 FROM ev WHERE id < 3 ORDER BY id;
-- differs: Last digits
SELECT atan2(weight, met) FROM ev WHERE id < 3 ORDER BY id;
SELECT random() >= 0 AND random() < 1, random() IS NOT NULL;
SELECT current_user IS NOT NULL, version() LIKE 'PostgreSQL%', current_schema() IS NOT NULL, current_database() IS NOT NULL;
SELECT erf(0);
-- differs: Functions to come
SELECT setseed(2);
SELECT ceil(5), pg_typeof(ceil(5))::text, pg_typeof(ceil(5.5))::text, pg_typeof(sqrt(4))::text, pg_typeof(sqrt(4.0))::text, pg_typeof(abs(1::smallint))::text, pg_typeof(power(2,2))::text, pg_typeof(round(5))::text, pg_typeof(length('a'))::text;
SELECT 5::float8::text, (0.1::float8 + 0.2)::text, 1e-7::float8::text, 100000000::float8::text, 1e15::float8 + 0.5;
-- differs: Types
SELECT pg_typeof(1);
