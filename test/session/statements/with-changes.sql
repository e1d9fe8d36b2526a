-- WITH that changes rows: parts see the same versions, and what others return.
create temp table a (id int, x text)
create temp table b (id int, x text, at int)
create temp table keyed (k int primary key, v int)
insert into a values (1, 'one'), (2, 'two'), (3, 'three'), (4, null)
insert into keyed values (1, 10), (2, 20)
with d as (delete from a where id = 1 returning *) insert into b select id, x, 0 from d
select * from a order by id
select * from b order by id
with d as (delete from a where id = 2 returning id, x) select * from d
with i as (insert into a values (5, 'five'), (6, 'six') returning id) select count(*), (select count(*) from a) as unseen from i
select count(*) from a
with u as (update a set x = x || '!' where id > 3 returning id, x as y) select u.y, a.x from u join a using (id) order by id
select * from a order by id
with u as (update a set x = 'changed' where id = 3) select x from a where id = 3
select x from a where id = 3
with u as (update a set x = 'no') select * from u
select count(*) from a where x = 'no'
with u (n, m) as (update a set x = 'm' where id = 3 returning id, x) select n + 1 as n, m from u
with i as (insert into b values (9, 'nine', 1)), d as (delete from a where id = 6) select 'both'
select * from b order by id
select * from a order by id
with d as (delete from a where id = 5 returning *) insert into a select id + 100, x from d returning id
select * from a order by id
with d as (delete from a returning id) select 1 / (count(*) - count(*)) from d
select count(*) from a
with i as (insert into b values (10, 'ten', 1) returning id), j as (insert into keyed select 1, id from i) select * from i
select count(*) from b where id = 10
select * from keyed order by k
with i as (insert into keyed values (1, 99), (3, 30) on conflict (k) do update set v = excluded.v returning k, v) select * from i order by k
select * from keyed order by k
with i as (insert into keyed values (1, 0), (4, 40) on conflict do nothing returning k) insert into b select k, 'new', v from i left join keyed using (k) returning *
with r as (select random() as r), i as (insert into b select 77, r::text, 0 from r returning x) select i.x = r.r::text from i, r
with s as (select id from a where id = 3), d as (delete from a where id in (select id from s) returning id) select s.id, d.id from s, d
with d as (delete from a) update b set at = at + 1 where id = 77 returning id, at
select count(*) from a
with recursive n(i) as (select 1 union all select i + 1 from n where i < 5), ins as (insert into a select i, 'r' || i from n returning id) select sum(id), (select max(i) from n) from ins
select * from a order by id
with x as (delete from a where id = 1 returning id), y as (insert into b select id, 'moved', 0 from x returning id), z as (select id from y) select z.id, x.id from x, z
select * from (with d as (delete from a returning *) select * from d) q
with o as (with d as (delete from a returning *) select * from d) select * from o
with d as (with e as (delete from b returning id) delete from a using e where a.id = e.id returning a.id) select * from d
with w as (with k as (select 2 as id) delete from a using k where a.id = k.id returning a.id, k.id as other) select * from w
with d as (delete from a returning nosuch) select 1
with d as (delete from nosuch returning *) select 1
with d as (delete from a where id = 3 returning *), d as (select 1) select 1
with i as (insert into a values (1, 'x', 3)) select 1
select count(*) from a
prepare p as with d as (delete from a where id = $1 returning id, x) select id, x || $2 as y from d
execute p(3, '?')
execute p(3, '?')
prepare q as with i as (insert into a values ($1, $2) returning id) select id from i
execute q(50, 'fifty')
select * from a order by id
begin
with d as (delete from a returning id) select count(*) > 0 from d
select count(*) from a
savepoint s
with i as (insert into a values (1, 'back') returning id) select * from i
with i as (insert into a values (2, 'bad') returning id) select 1 / 0 from i
rollback to s
select * from a
rollback
select * from a order by id
with i as (insert into a values (60, 'c')), j as (insert into a values (61, 'd')) select count(*) from a
select * from a where id >= 60 order by id
with u as (update a set x = 'u' where id = 60 returning *) insert into a select id + 10, x from u
select * from a where id >= 60 order by id
with d as (delete from a where id = 61 returning array[id, 1] as l, (id, x) as r, null as n) select l[1], n from d
with t as (insert into a values (80, 't') returning id) delete from b using t where b.id < t.id returning b.id, t.id
with t as (insert into a values (81, 't') returning id) update b set x = 'z' from t where b.id = 77 and t.id = 81 returning b.x, t.id
begin read only
with t as (insert into a values (82, 't') returning id) select * from t
update a set x = 'r' where id = 81
delete from a where id = 82
create temp table c (id int)
rollback
