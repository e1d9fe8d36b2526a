import { describe, expect, test } from 'vitest';
import { complete, type KnownTable } from './index.js';

const tables: readonly KnownTable[] = [
  { schema: 'aod', name: 'Events', columns: ['run', 'nMuon', 'Muon_pt', 'MET_pt'] },
  { schema: 'aod', name: 'Events;75', columns: ['run', 'Muon_phi'] },
  { schema: 'cal', name: 'runs', columns: ['run', 'lumi', 'order'] },
];

/** What is offered at the `|`. */
function at(marked: string, language: 'sql' | 'native' = 'sql') {
  const offset = marked.indexOf('|');
  const { candidates, start } = complete(marked.replace('|', ''), offset, tables, language);
  return { texts: candidates.map(({ text }) => text), kinds: new Map(candidates.map((c) => [c.text, c.kind])), start };
}

describe('SQL', () => {
  test.each<[string, string[], string[]]>([
    ['|', ['select', 'with', 'insert', 'explain', 'begin'], ['from', 'where', 'run']],
    ['sel|', ['select'], ['set']],
    ['select |', ['distinct', 'case', 'not', 'exists', 'list_sum', 'abs', 'from'], ['where x', 'lumi', 'offset x']],
    ['select | from aod."Events"', ['run', '"nMuon"', '"MET_pt"', '"Events"', 'coalesce'], ['lumi', '"Muon_phi"']],
    ['with w as (select run as r, lumi from runs) select | from w', ['r', 'lumi', 'w'], ['"nMuon"', '"order"']],
    ['with w (a, b) as (select run, lumi from runs) select w.| from w', ['a', 'b'], ['run', 'lumi']],
    ['select s.| from (select run, count(*) as n from runs group by run) s', ['run', 'n'], ['lumi']],
    ['select | from (select * from runs) as s', ['run', 'lumi', 's'], ['"nMuon"']],
    ['select run, | from runs r', ['run', 'lumi', '"order"', 'r'], ['"nMuon"']],
    ['select r.| from runs r', ['run', 'lumi', '"order"'], ['abs', 'select', '"nMuon"']],
    ['select "Mu| from "Events"', ['"Muon_pt"'], ['"MET_pt"', 'run']],
    ['select a |', ['from', 'as', 'and', 'or', 'in', 'is', 'union', 'between'], ['select', 'table']],
    ['select * from |', ['"Events"', 'runs', 'aod', 'cal', 'lateral', 'only'], ['select', 'where', 'lumi', 'abs']],
    ['select * from aod.|', ['"Events"', '"Events;75"'], ['runs', 'select']],
    [
      'select * from runs |',
      ['where', 'join', 'left', 'cross', 'group', 'order', 'limit', 'tablesample'],
      ['from', 'runs'],
    ],
    ['select * from runs r join |', ['"Events"', 'runs'], ['lumi']],
    ['select * from runs r join "Events" e |', ['on', 'using'], ['where', 'order']],
    ['select * from runs r join "Events" e on r.| = 1', ['run', 'lumi'], ['"nMuon"']],
    ['select * from runs r join "Events" e on |', ['r', 'e', 'run', 'lumi', '"nMuon"'], []],
    ['select * from runs join "Events" using (|', ['run', 'lumi', '"nMuon"'], ['abs']],
    ['select * from runs where l|', ['lumi', 'list_sum', 'lower', 'length'], ['"nMuon"', 'limit']],
    ['select * from runs where run = 1 |', ['and', 'or', 'group', 'order', 'limit'], ['where', 'from']],
    ['select * from runs where run is |', ['null', 'not', 'true', 'distinct'], ['run']],
    ['select * from runs where not |', ['exists', 'lumi', 'case'], ['from']],
    ['select * from runs where run not |', ['in', 'like', 'between', 'ilike'], ['run']],
    ['select * from runs group |', ['by'], ['run', 'order']],
    ['select * from runs group by |', ['run', 'lumi', 'grouping'], ['by']],
    ['select * from runs order by run |', ['asc', 'desc', 'nulls', 'limit', 'using'], ['run']],
    ['select * from runs order by run nulls |', ['first', 'last'], ['run']],
    ['select (|', ['select', 'case', 'abs'], ['from']],
    ['select (select | from runs) from "Events"', ['lumi', 'run', '"nMuon"'], []],
    ['select run, (select 1 from runs where |) from "Events"', ['lumi', '"nMuon"'], ['select x']],
    ['with c as (|', ['select', 'values', 'with', 'insert'], ['run']],
    ['with c as (select 1) select * from |', ['c', 'runs'], []],
    ['with c as (select 1) |', ['select', 'insert', 'values'], ['from']],
    ['select * from runs union |', ['all', 'select', 'values', 'distinct'], ['from']],
    ['select 1 from runs; select | from "Events"', ['"nMuon"'], ['lumi']],
    ['select sum(run) |from runs', ['over', 'filter', 'within', 'as'], ['select']],
    ['select sum(run) over (|', ['partition', 'order', 'rows', 'range'], ['select']],
    ['select case when run |', ['then', 'and', 'is'], ['end', 'from']],
    ['select case when a then b |', ['when', 'else', 'end'], ['from', 'then']],
    ['select cast(run |', ['as', 'and'], ['from']],
    ['update |', ['runs', '"Events"'], ['run']],
    ['update runs set |', ['run', 'lumi'], ['"nMuon"', 'abs']],
    ['update runs set run = 1 |', ['where', 'returning', 'from'], ['select']],
    ['insert into |', ['runs'], ['values', 'lumi']],
    ['insert into runs |', ['values', 'select', 'default'], ['from']],
    ['insert into runs (|', ['run', 'lumi'], ['abs']],
    ['delete |', ['from'], ['runs']],
    ['delete from |', ['runs'], ['lumi']],
    ['delete from runs where |', ['run', 'lumi'], ['"nMuon"']],
    ['create |', ['table', 'view', 'schema', 'temp'], ['select', 'run']],
    ['drop |', ['table', 'view', 'schema'], ['select']],
    ['explain |', ['select', 'analyze', 'verbose'], ['from']],
    ["select 'a |", [], ['select', 'from']],
    ['select /* |', [], ['select', 'from']],
    ['select select |', [], ['from']],
    ['selekt |', [], ['from']],
  ])('%s', (marked, offered, others) => {
    const { texts } = at(marked);
    expect(texts).toEqual(expect.arrayContaining(offered));
    for (const other of others) expect(texts).not.toContain(other);
  });

  test('what is replaced, and of what kind the candidates are', () => {
    expect(at('select Mu|').start).toBe(7);
    expect(at('select "Mu|').start).toBe(7);
    const { kinds } = at('select | from runs r');
    expect([kinds.get('lumi'), kinds.get('r'), kinds.get('abs'), kinds.get('case')]).toEqual([
      'column',
      'alias',
      'function',
      'keyword',
    ]);
  });
});

describe('native', () => {
  test.each<[string, string[], string[]]>([
    ['|', ['select'], ['project', 'run']],
    ['select |', ['nMuon', 'Muon_pt', 'event_id', 'list_any', 'not'], ['Events', 'from']],
    ['select n| > 2, project Events;75.run', [], ['nMuon']],
    ['select nMuon > 2 |', ['and', 'or'], ['project', 'from']],
    ['select nMuon > 2, |', ['project', 'MET_pt'], ['from']],
    ['select *, project |', ['Events', 'Events;75', 'runs'], ['run', 'abs']],
    ['select *, project Ev|', ['Events', 'Events;75'], ['runs']],
    ['select *, project Events;7|', ['Events;75'], ['Events']],
    ['select *, project Events;75.|', ['run', 'Muon_phi'], ['nMuon', 'Events']],
    ['select *, project Events.run, Events.Mu|', ['Muon_pt'], ['Muon_phi', 'run']],
    ['select *, project Events.run |', ['as'], ['project', 'run']],
  ])('%s', (marked, offered, others) => {
    const { texts } = at(marked, 'native');
    expect(texts).toEqual(expect.arrayContaining(offered));
    for (const other of others) expect(texts).not.toContain(other);
  });
});

test('every position of a long statement completes at once', () => {
  const text = `with c as (select r.run, count(*) filter (where e."nMuon" > 2) n from runs r left join aod."Events" e on e.run = r.run
    group by 1 having count(*) > 1) select *, case when n > 3 then 'many' else null end from c where n between 1 and 9 order by n desc;`;
  complete(text, 0, tables);
  const times: number[] = [];
  for (let offset = 0; offset <= text.length; offset++) {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      complete(text, offset, tables);
      best = Math.min(best, performance.now() - start);
    }
    times.push(best);
  }
  times.sort((a, b) => a - b);
  // 20 ms is the aim, on a quiet machine. Others may use this one: of three runs the best counts, the slowest few are not asked,
  // and there is room beside.
  expect(times[Math.floor(times.length * 0.95)]).toBeLessThan(100);
});
