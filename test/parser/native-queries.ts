/** Native queries, for the fuzz. */
export const nativeQueries: readonly string[] = [
  'select event_id>5, project Events;75.Muon_phi',
  'select *, project Events;1.nMuon, Events;1.Muon_pt',
  'select *',
  'select list_any(Muon_pt, x -> x > 20), nMuon > 2 or not ok, project Events.Muon_*, Events.a.b as c',
  'select *, project dir/Tree;3.x, dir/Tree;3.y as "my y"',
  'select *, project "dir/My Tree;3"."a.b,c"',
  'select Events;75.nMuon > 2 and Events;75.MET_pt between 20 and 200, project Events;75.*',
  "select list_count(Jet_pt, lambda j: j > 30 and abs(j) < 1e3) >= 2, tag in ('a', 'b'), project Events.Jet_pt",
  'select case when a > 1 then b else c end is not null, x[1] + y[2:3] = z::int, project T.*_pt',
  "select name like 'a%' escape '\\', [1, 2][1] = 1, {'a': 1}, project T.x",
  'select -a ^ 2 <> b % 3, a is distinct from b, project T;1.x;',
];
