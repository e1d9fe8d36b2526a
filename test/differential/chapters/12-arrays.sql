SELECT (ARRAY[1,2,3])[1], (ARRAY[1,2,3])[0], (ARRAY[1,2,3])[4], (ARRAY[1,2,3])[-1], (ARRAY[1,2,3])[NULL];
SELECT (ARRAY[1,2,3,4])[2:3], (ARRAY[1,2,3,4])[:2], (ARRAY[1,2,3,4])[3:], (ARRAY[1,2,3,4])[:], (ARRAY[1,2,3])[2:10], (ARRAY[1,2,3])[3:2];
SELECT (ARRAY[1,2,3])[0:2], (ARRAY[1,2,3])[NULL:2];
SELECT (ARRAY[[1,2],[3,4]])[1][2], (ARRAY[[1,2],[3,4]])[2][1];
-- differs: Lists of lists
SELECT (ARRAY[[1,2],[3,4]])[1];
SELECT (ARRAY[1,2,3])['2'], (ARRAY[1,2,3])[1.6];
SELECT (ARRAY[1,2,3])['a'];
SELECT (1)[1];
SELECT pt[1], pt[2], pt[1:2], charge[1] FROM ev WHERE id < 8 ORDER BY id;
SELECT id FROM ev WHERE pt[1] > 30 ORDER BY id;
SELECT cardinality(ARRAY[1,2]), cardinality('{}'::int[]), cardinality(NULL::int[]), array_length(ARRAY[1,2], 1), array_length('{}'::int[], 1), array_length(ARRAY[1], 2);
-- differs: Lists of lists
SELECT cardinality(ARRAY[[1,2],[3,4]]), array_length(ARRAY[[1,2,3],[4,5,6]], 2), array_ndims(ARRAY[[1]]), array_dims(ARRAY[1,2]);
SELECT array_lower(ARRAY[1,2], 1), array_upper(ARRAY[1,2], 1), array_upper('{}'::int[], 1);
SELECT array_append(ARRAY[1], 2), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[2]), array_append(NULL, 1), array_cat(NULL, ARRAY[1]);
-- differs: Functions to come
SELECT array_position(ARRAY['a','b','a'], 'a'), array_position(ARRAY[1,2], 3), array_positions(ARRAY[1,2,1], 1), array_position(ARRAY[1,NULL], NULL), array_position(ARRAY[1,2,1], 1, 2);
SELECT array_remove(ARRAY[1,2,1,NULL], 1), array_remove(ARRAY[1,NULL], NULL), array_replace(ARRAY[1,2,1], 1, 9);
-- differs: Functions to come
SELECT array_to_string(ARRAY[1,NULL,3], ','), array_to_string(ARRAY[1,NULL,3], ',', '*'), string_to_array('a,b,c', ','), string_to_array('abc', NULL), string_to_array('a,,b', ',', '');
-- differs: Functions to come
SELECT array_fill(7, ARRAY[3]), trim_array(ARRAY[1,2,3], 1);
SELECT ARRAY[1,2,3] @> ARRAY[2], ARRAY[1,2,3] @> ARRAY[4], ARRAY[1] <@ ARRAY[1,2], '{}'::int[] <@ ARRAY[1], ARRAY[1,NULL] @> ARRAY[NULL::int];
SELECT 1 = ANY (ARRAY[1,2]), 'a' = ANY ('{a,b}'), 2.5 = ANY (ARRAY[1,2]), 1 = ANY (ARRAY[1.0]);
SELECT id FROM ev WHERE 1 = ANY (charge) ORDER BY id;
SELECT id FROM ev WHERE 12.5 < ANY (pt) ORDER BY id;
SELECT id FROM ev WHERE 12.5 < ALL (pt) ORDER BY id;
SELECT id FROM ev WHERE id = ANY (ARRAY[3,5,7]) ORDER BY id;
SELECT id FROM ev WHERE id <> ALL ('{1,2,3}') ORDER BY id LIMIT 3;
SELECT unnest(ARRAY[1,2,3]);
SELECT unnest(ARRAY[3,1,2]) AS x ORDER BY x;
SELECT unnest(ARRAY[1,2]), unnest(ARRAY['a','b','c']);
SELECT unnest('{}'::int[]);
SELECT unnest(NULL::int[]);
SELECT 1, unnest(ARRAY[1,2]) * 10;
SELECT id, unnest(pt) FROM ev WHERE id < 4 ORDER BY 1, 2;
SELECT id, unnest(pt), unnest(charge) FROM ev WHERE id BETWEEN 6 AND 9 ORDER BY 1, 2;
SELECT sum(unnest(ARRAY[1,2]));
SELECT id FROM ev WHERE unnest(pt) > 1;
SELECT * FROM unnest(ARRAY[1,2]);
SELECT * FROM unnest(ARRAY[1,2]) AS x;
SELECT * FROM unnest(ARRAY[1,2]) AS t(x) ORDER BY x DESC;
SELECT t.x FROM unnest(ARRAY[1,2]) t(x) WHERE t.x > 1;
SELECT * FROM unnest(ARRAY[1,2], ARRAY['a','b','c']) ORDER BY 2;
SELECT * FROM unnest(ARRAY[1,2], ARRAY['a','b','c']) WITH ORDINALITY AS t(a, b, n) ORDER BY n;
SELECT * FROM unnest(ARRAY['x','y']) WITH ORDINALITY;
SELECT * FROM unnest(ARRAY['x','y']) WITH ORDINALITY AS u;
SELECT unnest, ordinality FROM unnest(ARRAY['x','y']) WITH ORDINALITY ORDER BY 2;
-- differs: Lists of lists
SELECT * FROM unnest(ARRAY[[1,2],[3,4]]);
SELECT * FROM unnest(1);
SELECT * FROM ROWS FROM (unnest(ARRAY[1,2]), generate_series(1,3)) AS t(a, b) ORDER BY 2;
SELECT * FROM ROWS FROM (generate_series(1,2), generate_series(1,3)) WITH ORDINALITY ORDER BY 3;
SELECT * FROM generate_series(1, 5);
SELECT * FROM generate_series(1, 10, 3) AS g;
SELECT g FROM generate_series(5, 1, -2) g;
SELECT g FROM generate_series(1, 0) g;
SELECT * FROM generate_series(1, 5, 0);
-- differs: Functions to come
SELECT * FROM generate_series(1.5, 3.0, 0.5) x;
-- differs: Functions to come
SELECT * FROM generate_series(date '2024-01-01', date '2024-01-03', interval '1 day') d;
-- differs: Functions to come
SELECT * FROM generate_series(timestamp '2024-01-01', '2024-01-01 03:00', '1 hour') d;
SELECT * FROM generate_series(1, NULL);
SELECT generate_series(1, 3);
SELECT generate_series(1, 3) AS g, generate_series(1, 2) AS h;
SELECT generate_series(1, 3) * 2 AS g ORDER BY g DESC;
SELECT id, generate_series(1, id) FROM ev WHERE id < 4 ORDER BY 1, 2;
SELECT generate_series(1, 2), count(*) FROM ev;
SELECT count(*) FROM generate_series(1, 1000);
SELECT sum(g) FROM generate_series(1, 100) g WHERE g % 2 = 0;
SELECT g, g * g AS sq FROM generate_series(1, 3) AS g ORDER BY sq DESC;
SELECT g.x FROM generate_series(1, 3) AS g(x) ORDER BY 1;
SELECT generate_subscripts(ARRAY['a','b'], 1);
SELECT DISTINCT unnest(ARRAY[1,1,2]) ORDER BY 1;
SELECT unnest(ARRAY[1,2]) LIMIT 1;
SELECT CASE WHEN true THEN unnest(ARRAY[1,2]) END;
SELECT COALESCE(unnest(ARRAY[1,2]), 0);
SELECT unnest(ARRAY[1,2]) WHERE false;
SELECT run, unnest(ARRAY[1,2]) AS u FROM runs GROUP BY run ORDER BY 1, 2 LIMIT 4;
SELECT string_to_table('a,b', ',');
SELECT regexp_split_to_array('a1b2c', '[0-9]');
SELECT ARRAY[1,2,3] < ARRAY[1,2,4], ARRAY['a'] > ARRAY['A'], ARRAY[1,2] <> ARRAY[2,1], ARRAY[NULL]::int[] = ARRAY[NULL]::int[];
SELECT ARRAY[1,2] IS NULL, ARRAY[NULL] IS NULL, '{}'::int[] = '{}'::int[];
SELECT array_agg(x ORDER BY x) FROM unnest(ARRAY[3,1,2]) x;
SELECT ARRAY(SELECT x * 2 FROM unnest(ARRAY[1,2,3]) x);
SELECT id, (SELECT sum(p) FROM unnest(pt) p) FROM ev WHERE id < 8 ORDER BY id;
SELECT id, (SELECT count(*) FROM unnest(pt) p WHERE p > 20) FROM ev WHERE id < 10 ORDER BY id;
SELECT id, ARRAY(SELECT p + 1 FROM unnest(pt) p) FROM ev WHERE id < 4 ORDER BY id;
SELECT id, (SELECT max(p) FROM unnest(pt) WITH ORDINALITY AS t(p, o) WHERE o > 1) FROM ev WHERE id < 8 ORDER BY id;
SELECT id FROM ev WHERE EXISTS (SELECT 1 FROM unnest(pt) p WHERE p BETWEEN 20 AND 25) ORDER BY id;
SELECT count(*) FROM ev, unnest(pt) p WHERE p > 40;
SELECT run, sum(p) FROM ev, unnest(pt) p GROUP BY run ORDER BY run;
SELECT id, cardinality(pt), pt FROM ev WHERE pt = '{}' ORDER BY id LIMIT 2;
SELECT pt || charge FROM ev WHERE id = 1;
SELECT charge || 5, charge || charge FROM ev WHERE id IN (1, 9) ORDER BY id;
-- differs: Lists beside values
SELECT pt > 20 FROM ev;
SELECT ARRAY[pt[1], met] FROM ev WHERE id IN (1, 3) ORDER BY id;
