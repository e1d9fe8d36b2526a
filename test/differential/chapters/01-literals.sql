SELECT 1;
SELECT 2147483647, 2147483648, -2147483648, 9223372036854775807, 9223372036854775808;
SELECT -2147483648, - 2147483648, -9223372036854775808;
SELECT 1.5, .5, 5., 1e3, 1.50, 1e-3, 12345678901234567890.123456789;
SELECT 'a', 'it''s', '';
SELECT E'a\tb\n\\\'', E'\x41\u00e9';
SELECT U&'d\0061t\+000061';
SELECT $$a'b$$, $q$x$$y$q$;
SELECT 'a' 'b';
SELECT 'a'
  'b';
SELECT true, false, NULL;
SELECT NULL AS x, 'text' AS y;
SELECT TRUE AND NULL, FALSE AND NULL, TRUE OR NULL, FALSE OR NULL, NOT NULL;
SELECT date '2024-02-29', time '12:34:56.789', timestamp '2024-02-29 12:34:56';
SELECT interval '1 day 2 hours', interval '1' day, interval '1 year 2 months';
SELECT int '42', float8 '1.5', text 'x', bool 't', numeric '1.230';
SELECT '42'::int, '1.5'::float8, 't'::bool, 'x'::text;
SELECT int4 '4x';
SELECT date '2024-02-30';
SELECT 'abc'::int;
SELECT ''::int;
SELECT ' 42 '::int;
SELECT '99999999999'::int;
SELECT '32768'::smallint;
SELECT '1e400'::float8;
SELECT '1e40'::real;
-- differs: Numeric
SELECT 'NaN'::float8, 'Infinity'::float8, '-inf'::real, 'NaN'::numeric;
SELECT 'yes'::bool, 'off'::bool, 'T'::bool, '0'::bool;
SELECT 'maybe'::bool;
SELECT 1 AS "Mixed", 2 AS Folded, 3 AS "with space";
SELECT 1 one, 2 AS two;
SELECT 1e20::float8, 1e15::float8, 1e16::float8, 123456789.125::float8, 0.0001::float8, 0.00001::float8;
SELECT 1e6::real, 1e7::real, 123456.789::real, 0.1::real, 1.1::real::float8;
SELECT 0.1::float8 + 0.2::float8, 1::float8 / 3, '-0'::float8, -0.0, -0.0::float8;
SELECT 1.0, 1.00, 100., 0.0, 0.000;
-- differs: Names
SELECT 1_000;
SELECT '\x4142'::bytea;
SELECT '{1,2,3}'::int[], '{a,"b c",NULL,""}'::text[], '{}'::int[];
SELECT '{1,2'::int[];
SELECT '{1,x}'::int[];
-- differs: Lists of lists
SELECT '{{1,2},{3,4}}'::int[];
SELECT ARRAY[1,2,3], ARRAY['a','b'], ARRAY[1.5,2], ARRAY[1,NULL];
-- differs: Lists of lists
SELECT ARRAY[[1,2],[3,4]];
SELECT ARRAY[]::int[];
SELECT ARRAY[];
SELECT ARRAY[1,'2'];
SELECT ARRAY[1,'x'];
SELECT ARRAY[1,true];
SELECT ARRAY[NULL];
SELECT ARRAY[NULL, NULL]::int[];
SELECT ROW(1,'a',NULL);
SELECT ROW(), ROW(NULL);
SELECT (1, 2);
SELECT 'a'::varchar(2), 'abc'::varchar(2), 'a'::char(3), 'abcd'::char(2), 'x'::char;
SELECT 'a'::char(3) || 'b', length('a  '::char(5)), 'a '::char(3) = 'a'::char(5);
SELECT 1.005::numeric(5,2), 12345.678::numeric(8,1), 99.995::numeric(4,2);
SELECT 99.995::numeric(3,1), 100::numeric(2,0);
SELECT 1000::numeric(3,0);
-- differs: Numeric
SELECT 123.456::numeric(10,-1);
SELECT 1::numeric(0,0);
-- differs: Types
SELECT 1::bit;
-- differs: Types
SELECT B'101', X'1F';
SELECT '{"a": 1}'::json, '{"b":2, "a":1}'::jsonb;
SELECT '{bad'::json;
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid;
SELECT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid;
SELECT 'nonsense'::uuid;
SELECT "no_such_column";
SELECT 1 +;
SELECT 'unterminated;
-- differs: Parameters
SELECT $1;
SELECT 1; SELECT 2;
SELECT;
SELECT FROM runs;
SELECT 1 AS select;
SELECT 1 AS "select", 2 AS value, 3 AS name;
SELECT 1 value;
SELECT NULL::int, NULL::text, NULL::int[];
SELECT pg_typeof(1)::text, pg_typeof(1.5)::text, pg_typeof('a')::text, pg_typeof('a'::text)::text, pg_typeof(NULL)::text, pg_typeof(1::bigint)::text, pg_typeof(1e3)::text;
SELECT current_date = current_date, now() = now();
SELECT '12:30'::time, '24:00'::time, '4:05 PM'::time;
SELECT '2024-01-01 00:00:00+02'::timestamptz;
SELECT 'infinity'::timestamp, '-infinity'::date;
SELECT '1 mon 3 days -04:05:06'::interval, '-1 day'::interval, '1.5 days'::interval, '2 weeks'::interval, 'P1Y2M3DT4H5M6S'::interval;
SELECT 'epoch'::timestamp;
SELECT '2024-13-01'::date;
SELECT '25:00'::time;
SELECT 'x'::interval;
