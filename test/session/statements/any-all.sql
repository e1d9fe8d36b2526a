CREATE TEMP TABLE v (i int, b bigint, f float8, r real, n numeric, s text, c char(4), d date, t timestamptz, a int[], flag bool)
INSERT INTO v VALUES (1, 1, 1.5, 0.1, 1.00, 'a', 'a', '2000-01-01', '2000-01-01 12:00+00', '{1,2}', true), (2, 9007199254740993, 'NaN', 'Infinity', 2.5, 'b ', 'b', '2000-02-29', '2000-06-01 12:00+00', '{}', false), (3, -5, '-0', '-Infinity', 'NaN', '', '', 'infinity', '-infinity', NULL, NULL), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
SELECT i, i = ANY ('{1,3}') FROM v ORDER BY i
SELECT i, i = ALL ('{1,3}') FROM v ORDER BY i
SELECT i, i <> ANY ('{1,3}') FROM v ORDER BY i
SELECT i, i <> ALL ('{1,3}') FROM v ORDER BY i
SELECT i, i < ANY ('{1,3}') FROM v ORDER BY i
SELECT i, i < ALL ('{1,3}') FROM v ORDER BY i
SELECT i, i >= ANY ('{1,3}') FROM v ORDER BY i
SELECT i, i >= ALL ('{1,3}') FROM v ORDER BY i
SELECT i, i = ANY ('{1,NULL}') FROM v ORDER BY i
SELECT i, i = ALL ('{1,NULL}') FROM v ORDER BY i
SELECT i, i <> ANY ('{1,NULL}') FROM v ORDER BY i
SELECT i, i <> ALL ('{1,NULL}') FROM v ORDER BY i
SELECT i, i < ANY ('{1,NULL}') FROM v ORDER BY i
SELECT i, i < ALL ('{1,NULL}') FROM v ORDER BY i
SELECT i, i >= ANY ('{1,NULL}') FROM v ORDER BY i
SELECT i, i >= ALL ('{1,NULL}') FROM v ORDER BY i
SELECT i, i = ANY ('{}') FROM v ORDER BY i
SELECT i, i = ALL ('{}') FROM v ORDER BY i
SELECT i, i <> ANY ('{}') FROM v ORDER BY i
SELECT i, i <> ALL ('{}') FROM v ORDER BY i
SELECT i, i < ANY ('{}') FROM v ORDER BY i
SELECT i, i < ALL ('{}') FROM v ORDER BY i
SELECT i, i >= ANY ('{}') FROM v ORDER BY i
SELECT i, i >= ALL ('{}') FROM v ORDER BY i
SELECT i, i = ANY ('{NULL}') FROM v ORDER BY i
SELECT i, i = ALL ('{NULL}') FROM v ORDER BY i
SELECT i, i <> ANY ('{NULL}') FROM v ORDER BY i
SELECT i, i <> ALL ('{NULL}') FROM v ORDER BY i
SELECT i, i < ANY ('{NULL}') FROM v ORDER BY i
SELECT i, i < ALL ('{NULL}') FROM v ORDER BY i
SELECT i, i >= ANY ('{NULL}') FROM v ORDER BY i
SELECT i, i >= ALL ('{NULL}') FROM v ORDER BY i
SELECT i, i = ANY (NULL::int[]) FROM v ORDER BY i
SELECT i, i = ALL (NULL::int[]) FROM v ORDER BY i
SELECT i, i <> ANY (NULL::int[]) FROM v ORDER BY i
SELECT i, i <> ALL (NULL::int[]) FROM v ORDER BY i
SELECT i, i < ANY (NULL::int[]) FROM v ORDER BY i
SELECT i, i < ALL (NULL::int[]) FROM v ORDER BY i
SELECT i, i >= ANY (NULL::int[]) FROM v ORDER BY i
SELECT i, i >= ALL (NULL::int[]) FROM v ORDER BY i
SELECT i, i = ANY (array[1,2,3]) FROM v ORDER BY i
SELECT i, i = ALL (array[1,2,3]) FROM v ORDER BY i
SELECT i, i <> ANY (array[1,2,3]) FROM v ORDER BY i
SELECT i, i <> ALL (array[1,2,3]) FROM v ORDER BY i
SELECT i, i < ANY (array[1,2,3]) FROM v ORDER BY i
SELECT i, i < ALL (array[1,2,3]) FROM v ORDER BY i
SELECT i, i >= ANY (array[1,2,3]) FROM v ORDER BY i
SELECT i, i >= ALL (array[1,2,3]) FROM v ORDER BY i
SELECT i, i = ANY (array[2,i]) FROM v ORDER BY i
SELECT i, i = ALL (array[2,i]) FROM v ORDER BY i
SELECT i, i <> ANY (array[2,i]) FROM v ORDER BY i
SELECT i, i <> ALL (array[2,i]) FROM v ORDER BY i
SELECT i, i < ANY (array[2,i]) FROM v ORDER BY i
SELECT i, i < ALL (array[2,i]) FROM v ORDER BY i
SELECT i, i >= ANY (array[2,i]) FROM v ORDER BY i
SELECT i, i >= ALL (array[2,i]) FROM v ORDER BY i
SELECT i, i = ANY (array[1.5,2]) FROM v ORDER BY i
SELECT i, i = ALL (array[1.5,2]) FROM v ORDER BY i
SELECT i, i <> ANY (array[1.5,2]) FROM v ORDER BY i
SELECT i, i <> ALL (array[1.5,2]) FROM v ORDER BY i
SELECT i, i < ANY (array[1.5,2]) FROM v ORDER BY i
SELECT i, i < ALL (array[1.5,2]) FROM v ORDER BY i
SELECT i, i >= ANY (array[1.5,2]) FROM v ORDER BY i
SELECT i, i >= ALL (array[1.5,2]) FROM v ORDER BY i
SELECT i, i = ANY ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i = ALL ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i <> ANY ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i <> ALL ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i < ANY ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i < ALL ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i >= ANY ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i >= ALL ('{1,1,1}'::bigint[]) FROM v ORDER BY i
SELECT i, i = ANY ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i = ALL ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i <> ANY ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i <> ALL ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i < ANY ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i < ALL ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i >= ANY ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i >= ALL ('{{1,2},{3,4}}'::int[]) FROM v ORDER BY i
SELECT i, i = ANY ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i = ALL ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i <> ANY ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i <> ALL ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i < ANY ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i < ALL ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i >= ANY ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, i >= ALL ('{2}'::float8[]) FROM v ORDER BY i
SELECT i, b = ANY ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b = ALL ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b <> ANY ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b <> ALL ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b < ANY ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b < ALL ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b >= ANY ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b >= ALL ('{9007199254740992,1}') FROM v ORDER BY i
SELECT i, b = ANY ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b = ALL ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b <> ANY ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b <> ALL ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b < ANY ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b < ALL ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b >= ANY ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b >= ALL ('{9007199254740993}'::float8[]) FROM v ORDER BY i
SELECT i, b = ANY (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b = ALL (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b <> ANY (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b <> ALL (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b < ANY (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b < ALL (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b >= ANY (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, b >= ALL (array[1,-5]::smallint[]) FROM v ORDER BY i
SELECT i, f = ANY ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f = ALL ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f <> ANY ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f <> ALL ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f < ANY ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f < ALL ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f >= ANY ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f >= ALL ('{NaN,1.5}') FROM v ORDER BY i
SELECT i, f = ANY ('{0,NULL}') FROM v ORDER BY i
SELECT i, f = ALL ('{0,NULL}') FROM v ORDER BY i
SELECT i, f <> ANY ('{0,NULL}') FROM v ORDER BY i
SELECT i, f <> ALL ('{0,NULL}') FROM v ORDER BY i
SELECT i, f < ANY ('{0,NULL}') FROM v ORDER BY i
SELECT i, f < ALL ('{0,NULL}') FROM v ORDER BY i
SELECT i, f >= ANY ('{0,NULL}') FROM v ORDER BY i
SELECT i, f >= ALL ('{0,NULL}') FROM v ORDER BY i
SELECT i, f = ANY ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f = ALL ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f <> ANY ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f <> ALL ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f < ANY ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f < ALL ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f >= ANY ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f >= ALL ('{-Infinity,Infinity}') FROM v ORDER BY i
SELECT i, f = ANY (array[1,2]) FROM v ORDER BY i
SELECT i, f = ALL (array[1,2]) FROM v ORDER BY i
SELECT i, f <> ANY (array[1,2]) FROM v ORDER BY i
SELECT i, f <> ALL (array[1,2]) FROM v ORDER BY i
SELECT i, f < ANY (array[1,2]) FROM v ORDER BY i
SELECT i, f < ALL (array[1,2]) FROM v ORDER BY i
SELECT i, f >= ANY (array[1,2]) FROM v ORDER BY i
SELECT i, f >= ALL (array[1,2]) FROM v ORDER BY i
SELECT i, r = ANY ('{0.1}') FROM v ORDER BY i
SELECT i, r = ALL ('{0.1}') FROM v ORDER BY i
SELECT i, r <> ALL ('{0.1}') FROM v ORDER BY i
SELECT i, r < ANY ('{0.1}') FROM v ORDER BY i
SELECT i, r < ALL ('{0.1}') FROM v ORDER BY i
SELECT i, r >= ALL ('{0.1}') FROM v ORDER BY i
SELECT i, r = ANY ('{0.1}'::float8[]) FROM v ORDER BY i
SELECT i, r = ALL ('{0.1}'::float8[]) FROM v ORDER BY i
SELECT i, r <> ALL ('{0.1}'::float8[]) FROM v ORDER BY i
SELECT i, r < ANY ('{0.1}'::float8[]) FROM v ORDER BY i
SELECT i, r < ALL ('{0.1}'::float8[]) FROM v ORDER BY i
SELECT i, r >= ALL ('{0.1}'::float8[]) FROM v ORDER BY i
SELECT i, r = ANY ('{Infinity,NaN}') FROM v ORDER BY i
SELECT i, r = ALL ('{Infinity,NaN}') FROM v ORDER BY i
SELECT i, r <> ALL ('{Infinity,NaN}') FROM v ORDER BY i
SELECT i, r < ANY ('{Infinity,NaN}') FROM v ORDER BY i
SELECT i, r < ALL ('{Infinity,NaN}') FROM v ORDER BY i
SELECT i, r >= ALL ('{Infinity,NaN}') FROM v ORDER BY i
SELECT i, n = ANY ('{1,2.50}') FROM v ORDER BY i
SELECT i, n = ALL ('{1,2.50}') FROM v ORDER BY i
SELECT i, n <> ANY ('{1,2.50}') FROM v ORDER BY i
SELECT i, n <> ALL ('{1,2.50}') FROM v ORDER BY i
SELECT i, n < ANY ('{1,2.50}') FROM v ORDER BY i
SELECT i, n < ALL ('{1,2.50}') FROM v ORDER BY i
SELECT i, n >= ANY ('{1,2.50}') FROM v ORDER BY i
SELECT i, n >= ALL ('{1,2.50}') FROM v ORDER BY i
SELECT i, n = ANY ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n = ALL ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n <> ANY ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n <> ALL ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n < ANY ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n < ALL ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n >= ANY ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n >= ALL ('{NaN,NULL}') FROM v ORDER BY i
SELECT i, n = ANY (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n = ALL (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n <> ANY (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n <> ALL (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n < ANY (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n < ALL (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n >= ANY (array[1.0::float8]) FROM v ORDER BY i
SELECT i, n >= ALL (array[1.0::float8]) FROM v ORDER BY i
SELECT i, s = ANY ('{a,"b "}') FROM v ORDER BY i
SELECT i, s = ALL ('{a,"b "}') FROM v ORDER BY i
SELECT i, s <> ANY ('{a,"b "}') FROM v ORDER BY i
SELECT i, s <> ALL ('{a,"b "}') FROM v ORDER BY i
SELECT i, s < ANY ('{a,"b "}') FROM v ORDER BY i
SELECT i, s < ALL ('{a,"b "}') FROM v ORDER BY i
SELECT i, s >= ANY ('{a,"b "}') FROM v ORDER BY i
SELECT i, s >= ALL ('{a,"b "}') FROM v ORDER BY i
SELECT i, s = ANY ('{""}') FROM v ORDER BY i
SELECT i, s = ALL ('{""}') FROM v ORDER BY i
SELECT i, s <> ANY ('{""}') FROM v ORDER BY i
SELECT i, s <> ALL ('{""}') FROM v ORDER BY i
SELECT i, s < ANY ('{""}') FROM v ORDER BY i
SELECT i, s < ALL ('{""}') FROM v ORDER BY i
SELECT i, s >= ANY ('{""}') FROM v ORDER BY i
SELECT i, s >= ALL ('{""}') FROM v ORDER BY i
SELECT i, s = ANY (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s = ALL (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s <> ANY (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s <> ALL (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s < ANY (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s < ALL (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s >= ANY (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s >= ALL (array['a','b','c']::varchar[]) FROM v ORDER BY i
SELECT i, s = ANY ('{a,NULL}') FROM v ORDER BY i
SELECT i, s = ALL ('{a,NULL}') FROM v ORDER BY i
SELECT i, s <> ANY ('{a,NULL}') FROM v ORDER BY i
SELECT i, s <> ALL ('{a,NULL}') FROM v ORDER BY i
SELECT i, s < ANY ('{a,NULL}') FROM v ORDER BY i
SELECT i, s < ALL ('{a,NULL}') FROM v ORDER BY i
SELECT i, s >= ANY ('{a,NULL}') FROM v ORDER BY i
SELECT i, s >= ALL ('{a,NULL}') FROM v ORDER BY i
SELECT i, c = ANY ('{a,b}') FROM v ORDER BY i
SELECT i, c = ALL ('{a,b}') FROM v ORDER BY i
SELECT i, c <> ANY ('{a,b}') FROM v ORDER BY i
SELECT i, c <> ALL ('{a,b}') FROM v ORDER BY i
SELECT i, c < ANY ('{a,b}') FROM v ORDER BY i
SELECT i, c < ALL ('{a,b}') FROM v ORDER BY i
SELECT i, c >= ANY ('{a,b}') FROM v ORDER BY i
SELECT i, c >= ALL ('{a,b}') FROM v ORDER BY i
SELECT i, c = ANY (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c = ALL (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c <> ANY (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c <> ALL (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c < ANY (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c < ALL (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c >= ANY (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c >= ALL (array['a  ','b']::text[]) FROM v ORDER BY i
SELECT i, c = ANY (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c = ALL (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c <> ANY (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c <> ALL (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c < ANY (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c < ALL (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c >= ANY (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, c >= ALL (array['a  ']::char(4)[]) FROM v ORDER BY i
SELECT i, d = ANY ('{2000-01-01,infinity}') FROM v ORDER BY i
SELECT i, d = ALL ('{2000-01-01,infinity}') FROM v ORDER BY i
SELECT i, d <> ALL ('{2000-01-01,infinity}') FROM v ORDER BY i
SELECT i, d < ANY ('{2000-01-01,infinity}') FROM v ORDER BY i
SELECT i, d < ALL ('{2000-01-01,infinity}') FROM v ORDER BY i
SELECT i, d >= ALL ('{2000-01-01,infinity}') FROM v ORDER BY i
SELECT i, d = ANY (array['2000-02-29']::timestamp[]) FROM v ORDER BY i
SELECT i, d = ALL (array['2000-02-29']::timestamp[]) FROM v ORDER BY i
SELECT i, d <> ALL (array['2000-02-29']::timestamp[]) FROM v ORDER BY i
SELECT i, d < ANY (array['2000-02-29']::timestamp[]) FROM v ORDER BY i
SELECT i, d < ALL (array['2000-02-29']::timestamp[]) FROM v ORDER BY i
SELECT i, d >= ALL (array['2000-02-29']::timestamp[]) FROM v ORDER BY i
SELECT i, d = ANY (array[current_date - 100000]) FROM v ORDER BY i
SELECT i, d = ALL (array[current_date - 100000]) FROM v ORDER BY i
SELECT i, d <> ALL (array[current_date - 100000]) FROM v ORDER BY i
SELECT i, d < ANY (array[current_date - 100000]) FROM v ORDER BY i
SELECT i, d < ALL (array[current_date - 100000]) FROM v ORDER BY i
SELECT i, d >= ALL (array[current_date - 100000]) FROM v ORDER BY i
SELECT i, t = ANY ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t = ALL ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t <> ANY ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t <> ALL ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t < ANY ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t < ALL ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t >= ANY ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t >= ALL ('{2000-06-01 14:00+02,-infinity}') FROM v ORDER BY i
SELECT i, t = ANY (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t = ALL (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t <> ANY (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t <> ALL (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t < ANY (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t < ALL (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t >= ANY (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t >= ALL (array['2000-06-01']::date[]) FROM v ORDER BY i
SELECT i, t = ANY (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t = ALL (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t <> ANY (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t <> ALL (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t < ANY (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t < ALL (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t >= ANY (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, t >= ALL (array['2000-01-01 12:00']::timestamp[]) FROM v ORDER BY i
SELECT i, flag = ANY ('{t}') FROM v ORDER BY i
SELECT i, flag = ALL ('{t}') FROM v ORDER BY i
SELECT i, flag <> ALL ('{t}') FROM v ORDER BY i
SELECT i, flag < ANY ('{t}') FROM v ORDER BY i
SELECT i, flag < ALL ('{t}') FROM v ORDER BY i
SELECT i, flag >= ALL ('{t}') FROM v ORDER BY i
SELECT i, flag = ANY ('{f,NULL}') FROM v ORDER BY i
SELECT i, flag = ALL ('{f,NULL}') FROM v ORDER BY i
SELECT i, flag <> ALL ('{f,NULL}') FROM v ORDER BY i
SELECT i, flag < ANY ('{f,NULL}') FROM v ORDER BY i
SELECT i, flag < ALL ('{f,NULL}') FROM v ORDER BY i
SELECT i, flag >= ALL ('{f,NULL}') FROM v ORDER BY i
SELECT i FROM v WHERE i = ANY ('{3,1,NULL}') ORDER BY i
SELECT i FROM v WHERE NOT i = ANY ('{3,NULL}') ORDER BY i
SELECT i FROM v WHERE i <> ALL ('{3}') ORDER BY i
SELECT i FROM v WHERE i > ALL ('{1,2}') ORDER BY i
SELECT i FROM v WHERE (i = ANY ('{}')) IS FALSE ORDER BY i
SELECT i FROM v WHERE 2 = ANY (a) ORDER BY i
SELECT i FROM v WHERE s LIKE ANY ('{a%,b%}') ORDER BY i
SELECT i FROM v WHERE s ~ ALL ('{a,.}') ORDER BY i
SELECT 1 = ANY ('{x}')
SELECT i FROM v WHERE i = ANY ('1,2')
SELECT i FROM v WHERE i = ANY (1)
PREPARE p(int[]) AS SELECT i FROM v WHERE i = ANY ($1) ORDER BY i
EXECUTE p('{2,3,NULL}')
EXECUTE p(NULL)
EXECUTE p('{}')
PREPARE q(text[]) AS SELECT i FROM v WHERE s <> ALL ($1) ORDER BY i
EXECUTE q(array['a'])
EXECUTE q('{NULL}')
SELECT i, d IN ('2000-01-01', 'infinity'), d NOT IN ('-infinity', '2000-02-29'), t IN ('infinity', '-infinity') FROM v ORDER BY i
SELECT 'infinity'::date UNION ALL SELECT d FROM v WHERE i = 1 ORDER BY 1
SELECT 'infinity'::timestamp, '-infinity'::timestamptz, '-infinity'::date UNION ALL SELECT d, t, d FROM v WHERE i = 1 ORDER BY 1
SELECT x FROM (VALUES ('2000-01-01 00:00:00.000001'::timestamp), ('2000-01-01 00:00:00.000002'), ('2000-01-01 00:00:00.000003')) v(x) WHERE x IN ('2000-01-01 00:00:00.000001', '2000-01-01 00:00:00.000003') ORDER BY 1
SELECT x FROM (VALUES ('2000-01-01 00:00:00.000001'::timestamptz), ('2000-01-01 00:00:00.000002')) v(x) WHERE x = '2000-01-01 00:00:00.000001+00' OR x = '2000-01-01 00:00:00.000002+00' ORDER BY 1
SELECT i FROM v WHERE t - '2000-01-01 11:59:59.000001+00' = '0' OR t - '2000-01-01 11:59:59.000002+00' = interval '00:00:00.999998' ORDER BY 1
SELECT count(*) FROM v WHERE d < '5874897-12-31' AND t > '4713-01-01 BC' AND d IN ('5874897-12-31', '4713-01-01 BC', '2000-01-01')
