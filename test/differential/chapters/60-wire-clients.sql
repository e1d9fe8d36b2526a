select (select json_build_object('a', x, 'text', 'q"\ä' || chr(10) || x::text || chr(1), 'b', g > 1, 'n', null, 'j', '[1]'::json) from (values (1), (2)) v(x) where x = g) from generate_series(1, 3) g order by g;
select (select json_build_object(case when x = 1 then null else 'k' end, x) from (values (1)) v(x) where x = g) from generate_series(1, 1) g;
