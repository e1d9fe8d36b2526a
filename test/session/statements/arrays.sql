CREATE TEMP TABLE grids (id int, g int[][], t text[][][])
INSERT INTO grids VALUES (1, '{{1,2},{3,4}}', '{{{a,b}},{{c,d}}}'), (2, ARRAY[[5],[6],[7]], NULL)
INSERT INTO grids VALUES (3, ARRAY[[1,NULL]], ARRAY[[['x y','{}']]]) RETURNING *
SELECT * FROM grids ORDER BY id
SELECT id, g[2][1], g[1:1], array_dims(g), array_length(g, 2), cardinality(g), t[1][1][2] FROM grids ORDER BY id
INSERT INTO grids SELECT id + 10, g, t FROM grids
UPDATE grids SET g = ARRAY[[9,9]] WHERE id = 1 RETURNING g
SELECT count(*), sum(cardinality(g)) FROM grids
SELECT id, unnest(g) FROM grids WHERE id < 10 ORDER BY 1, 2
CREATE TEMP TABLE copies AS SELECT id, g FROM grids
SELECT id, g, g = ARRAY[[9,9]] FROM copies ORDER BY id
DELETE FROM grids WHERE g = ARRAY[[9,9]] RETURNING id
SELECT id FROM grids WHERE 7 = ANY(g) ORDER BY id
INSERT INTO grids VALUES (4, '{{1,2},{3}}', NULL)
