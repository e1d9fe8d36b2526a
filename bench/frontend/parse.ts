// Parse to AST against PostgreSQL's own parser (libpg-query, WASM) and pgsql-ast-parser, in one run, alternately.
import { loadModule, parseSync } from 'libpg-query';
import { parse } from 'pgsql-ast-parser';
import { parseSql } from '../../src/parser/index.js';
import { median } from './median.js';

const condition = "e.nmuon >= 2 and m.pt between 20 and 200 and e.trigger is not null and e.tag in ('a', 'b')";
const queries = [
  'select event_id, pt from events where pt > 20 limit 5',
  `select e.run, count(*) as n, avg(m.pt) filter (where m.eta < 2.4) as mean_pt from events e join muons m on e.event_id = m.event_id where ${condition} group by e.run having count(*) > 10 order by n desc nulls last limit 20`,
  `with good as (select e.run, e.event_id, case when m.pt > 50 then 'hard' else 'soft' end as kind, row_number() over (partition by e.run order by m.pt desc) as r from events e left join muons m on e.event_id = m.event_id where ${condition}) select kind, count(*), sum(r * 2 + 1)::numeric / nullif(count(*), 0) from good where r <= 3 and kind like 'h%' group by kind union all select 'all', count(*), 0 from good order by 1`,
  `select e.run from events e where ${Array.from({ length: 18 }, (_, i) => `(${condition.replaceAll('20', String(i))})`).join(' or ')}`,
];

function microseconds(run: () => unknown, budget: number): number {
  const start = performance.now();
  let count = 0;
  do {
    run();
    count++;
  } while (performance.now() - start < budget);
  return ((performance.now() - start) / count) * 1000;
}

export interface ParseFigures {
  readonly characters: number;
  readonly ours: number;
  readonly libpgQuery: number;
  readonly pgsqlAstParser: number;
}

/** Medians in microseconds, one row per query. */
export async function benchParse(rounds = 7, budget = 150): Promise<ParseFigures[]> {
  await loadModule();
  // The compiler needs a while with ours: measure nothing until every shape of query has been seen often.
  for (let round = 0; round < 10; round++) for (const query of queries) microseconds(() => parseSql(query), budget);
  return queries.map((query) => {
    const parsers = [() => parseSql(query), () => parseSync(query), () => parse(query)];
    const times: number[][] = parsers.map(() => []);
    for (const run of parsers) microseconds(run, budget);
    for (let round = 0; round < rounds; round++)
      parsers.forEach((run, i) => {
        times[i]!.push(microseconds(run, budget));
      });
    const [ours, libpgQuery, pgsqlAstParser] = times.map(median) as [number, number, number];
    return { characters: query.length, ours, libpgQuery, pgsqlAstParser };
  });
}
