-- Values of regclass, regtype and their kin, wherever they may stand; compared by object-names.test.ts with PostgreSQL, in text and in binary.
select 'pg_class'::regclass
select 'int4'::regtype, 'int4[]'::regtype, 'varchar'::regtype
select 'abs(int)'::regprocedure
select 'pg_catalog'::regnamespace
select 1259::regclass, 23::regtype, 11::regnamespace
select 1259::oid::regclass
select 99999999::oid::regclass, 99999999::oid::regtype, 99999999::oid::regnamespace, 0::oid::regclass
select 'pg_class'::regclass::oid, 'pg_class'::regclass::int8, 'pg_class'::regclass::int4, 'pg_class'::regclass::text
select null::regclass, null::regtype
select (select 'pg_class'::regclass)
select * from (select 'pg_class'::regclass as c, 'int4'::regtype t) x
select x.c::oid, x.c::text, x.t::oid from (select 'pg_class'::regclass as c, 'int4'::regtype t) x
select array['pg_class'::regclass]
select array['int4'::regtype, 'text']
select array[1259, 1247]::regclass[]
select '{int4,text}'::regtype[]
select array_agg(t.c) from (values ('pg_class'::regclass), ('pg_type')) t(c)
select array_agg(oid::regtype order by oid) from pg_type where oid in (23, 25)
select max('pg_class'::regclass::oid)
select max(oid), min(oid) from pg_type where oid in (23, 25)
select max(c), min(c) from (values ('pg_class'::regclass), ('pg_type')) t(c)
with x as (select 1259::oid::regclass c) select c from x union all select 'pg_type'::regclass
with x as (select 'int4'::regtype c) select c, c::oid, c = 23, c::text from x
select coalesce('pg_class'::regclass, null), case when true then 'pg_type'::regclass end
select coalesce(null, 'int4'::regtype), nullif('int4'::regtype, 'text'::regtype)
select case when true then 'pg_type'::regclass else 0 end
values ('pg_class'::regclass), ('pg_type')
values ('int4'::regtype), ('text'::regtype)
select c from (values ('pg_class'::regclass)) t(c) where c = 'pg_class'::regclass
select c from (values ('pg_class'::regclass)) t(c) where c = 1259
select c from (values ('pg_class'::regclass), ('pg_type'::regclass)) t(c) order by c
select distinct c from (values ('pg_class'::regclass), ('pg_class'::regclass)) t(c)
select c, count(*) from (values ('pg_class'::regclass), ('pg_class'::regclass)) t(c) group by c
select 'pg_type'::regclass union select 'pg_type'::regclass
select 'int4'::regtype union select 'int4'::regtype
select 'pg_type'::regclass except select 'pg_class'::regclass
select oid from pg_class where relname = 'pg_class'
select oid, oid::regclass, relnamespace::regnamespace from pg_class where relname = 'pg_class'
select attrelid::regclass, atttypid::regtype, attname from pg_attribute where attrelid = 'pg_namespace'::regclass and attnum > 0 order by attnum
select s.c, s.t from (select attrelid::regclass c, atttypid::regtype t, attnum n from pg_attribute where attrelid = 'pg_namespace'::regclass and attnum > 0) s order by n
select pg_typeof(1), pg_typeof('pg_class'::regclass), pg_typeof(null::regtype)
select pg_typeof(x.c), pg_typeof(x.t), pg_typeof(x.o) from (select 'pg_class'::regclass c, 'int4'::regtype t, 1::oid o) x
select x.t from (select pg_typeof(1) t) x
select x.t::oid from (select pg_typeof(1) t) x
select array[1::oid, 2], 1::oid
select array_agg(oid) from pg_type where oid = 23
select unnest(array['pg_class'::regclass, 'pg_type'])
select (array['pg_class'::regclass, 'pg_type'])[2]
select u from unnest(array['int4'::regtype, 'text']) u
select u::oid, u from unnest('{int4,text}'::regtype[]) u
select c::regtype from (values ('int4'), ('text')) t(c)
select c::regclass from (values ('pg_class'), ('pg_type')) t(c)
select c::regclass::oid from (values ('pg_class'), ('pg_type')) t(c)
select to_regclass('pg_class'), to_regtype('int4'), to_regnamespace('pg_catalog')
select to_regclass('nothere'), to_regtype('nothere')
select x.c, x.c::oid from (select to_regclass('pg_class') c) x
select 'nothere'::regclass
select 'nothere'::regtype
select 'pg_class'::regclass = 'pg_class'
select 'pg_class'::regclass = 1259::oid, 'pg_class'::regclass < 'pg_type'::regclass, 'int4'::regtype <> 'text'::regtype
select 'pg_class'::regclass in ('pg_class', 'pg_type')
select 'pg_class'::regclass = any(array['pg_class'::regclass])
select 23 = any(array['int4'::regtype])
select 'int4'::regtype::text || 'x', 'pg_class'::regclass || 'x'
select string_agg(c::text, ',') from (values ('pg_class'::regclass)) t(c)
select row('pg_class'::regclass, 1)
select greatest('pg_class'::regclass, 'pg_type'::regclass), least(1::oid, 2::oid)
select lag(c) over (order by c), first_value(c) over (order by c) from (values ('pg_class'::regclass), ('pg_type')) t(c)
with recursive r(c, n) as (select 'pg_class'::regclass, 1 union all select c, n + 1 from r where n < 2) select * from r
select c from (values ('pg_class'::regclass)) t(c) join pg_class k on k.oid = t.c
select k.relname from pg_class k where k.oid in ('pg_class'::regclass, 'pg_type'::regclass) order by 1
select format('%s', 'pg_class'::regclass), concat('pg_class'::regclass, 'a')
select length('pg_class'::regclass::text)
select max(x) from (select 3::oid x union select 4) s
select min(relnamespace) from pg_class where relname = 'pg_class'
select sum(1) , count('pg_class'::regclass)
select proname, prorettype::regtype from pg_proc where proname = 'pi'
select oid::regproc, prorettype::regtype from pg_proc where proname = 'pi'
select s.p from (select oid::regproc p from pg_proc where proname = 'pi') s
select s.p from (select oid::regprocedure p from pg_proc where proname = 'pi') s
select 'public'::regnamespace
select x.n from (select 'pg_catalog'::regnamespace n) x
select pg_typeof(x.n), x.n::oid from (select 'pg_catalog'::regnamespace n) x
select 1::regclass, x::regclass from generate_series(1259, 1259) x
select x::oid::regclass from generate_series(1259, 1259) x
select pg_typeof(max(oid)) from pg_class
select pg_typeof(array_agg(oid::regclass)) from pg_class
select '-'::regclass, 0::regtype
select '1259'::regclass, '23'::regtype
select 'pg_catalog.pg_class'::regclass, '"pg_class"'::regclass
select name_c, 1 from (select relname name_c from pg_class where relname = 'pg_class') s
select max(relname) from pg_class where relname = 'pg_class'
select array_agg(relname) from pg_class where relname = 'pg_class'
select coalesce(relname, 'x'), coalesce(oid, 0), coalesce(relkind, 'x') from pg_class where relname = 'pg_class'
select case when true then relname else 'x' end from pg_class where relname = 'pg_class'
-- What makes, keeps and prints them.
create temp table t1 as select 'pg_class'::regclass c, 'int4'::regtype t, 1::oid o
select * from t1
begin
declare c1 cursor for select 'pg_class'::regclass, oid::regtype from pg_type where oid = 23
fetch all from c1
commit
copy (select 'pg_class'::regclass, 'int4'::regtype) to stdout
copy (select 'pg_class'::regclass, 'int4'::regtype) to stdout (format csv, header)
prepare p as select 'pg_class'::regclass
execute p
execute p
create temp view v1 as select oid::regclass c from pg_class where oid = 1259
select * from v1
select c::text, c::oid from v1
select tableoid::regclass from pg_class where oid = 1259
select to_json('pg_class'::regclass), json_build_object('a', 'pg_class'::regclass), row_to_json(x) from (select 'pg_class'::regclass c) x
select json_agg('pg_class'::regclass)
select ('pg_class'::regclass)::text, cast('int4'::regtype as varchar), 'int4'::regtype::name
select 'pg_class'::regclass::varchar(3)
select md5('pg_class'::regclass::text)
select count(distinct x.c) from (values ('pg_class'::regclass), ('pg_type')) x(c)
select string_agg(distinct x.c::text, ',' order by x.c::text) from (values ('pg_class'::regclass), ('pg_type')) x(c)
select c from (values ('pg_class'::regclass), ('pg_type')) x(c) order by c::text desc
select c from (values ('pg_class'::regclass), ('pg_type')) x(c) where c::text like '%type'
select relname from pg_class where oid::regclass::text = 'pg_type'
select conrelid::regclass, confrelid::regclass from pg_constraint where false
select classid::regclass, objid from pg_depend limit 0
select attname, atttypid::regtype::text, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'pg_catalog.pg_namespace'::regclass and attnum > 0
select array_to_string(array_agg(atttypid::regtype), ',') from pg_attribute where attrelid = 'pg_catalog.pg_namespace'::regclass and attnum > 0
select array_agg(atttypid::regtype::text) from pg_attribute where attrelid = 'pg_catalog.pg_namespace'::regclass and attnum > 0
select 'int'::regtype, 'character varying(5)'::regtype, 'double precision'::regtype::oid, 'timestamp with time zone'::regtype
select 'int'::regtype::oid = 23, 23::regtype = 'int'::regtype
select 'int4'::regtype between 'bool'::regtype and 'text'::regtype
select x from generate_series(1, 2) x where x::oid <> 'int4'::regtype
select exists (select 1 from pg_type where oid = 'int4'::regtype)
select not 'int4'::regtype is null
select 'pg_class'::regclass is distinct from 1259::oid
select pg_typeof(1) = 'int4'::regtype, pg_typeof(1)::text, pg_typeof(1) in ('int4'::regtype, 'int8'::regtype)
select pg_typeof('a'), pg_typeof(1.5), pg_typeof(null), pg_typeof(array[1]), pg_typeof(row(1)), pg_typeof(now())
select null::text::regclass
select 'nothere'::regnamespace
select 'nothere'::regrole
select 'nothere'::regcollation
select '"C"'::regcollation, 'default'::regcollation
select case when true then 'pg_type'::regclass else 0::int8 end
select coalesce('pg_type'::regclass, 5::oid), coalesce(5::oid, 'pg_type'::regclass), coalesce(0::int8, 5::oid)
select 'pg_type'::regclass union all select 5::oid
select '"nope"'::regclass
select '"Nobody"'::regrole
select 'NoWhere'::regnamespace
