// The binder by itself: what names mean, which errors stand where, and what sugar becomes.
import { describe, expect, it } from 'vitest';
import type { DatasetSnapshot, TableEntry } from '../../../src/catalog/index.js';
import { DiagnosticError, printSqlType, types } from '../../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../../src/parser/index.js';
import { type BoundQuery, bindStatement, printLogicalPlan, relationsMentioned } from '../../../src/planner/index.js';
import { dataset, events } from '../fixture.js';

const mixed: TableEntry = {
  ...events,
  dataset: 'mixed',
  id: 7,
  path: 'Mixed',
  columns: ['ab', 'Ab', 'event_id', 'jet.pt', 'Only_'].map((name) => ({ name, type: types.int4, title: '' })),
};
const mixedDataset: DatasetSnapshot = { ...dataset, name: 'mixed', tables: [mixed] };

const environment = {
  datasets: new Map([
    ['nanoaod', dataset],
    ['mixed', mixedDataset],
  ]),
  datasetNames: ['nanoaod', 'mixed'],
  searchPath: ['nanoaod', 'mixed'],
};

const statementOf = (text: string): QueryStatement => {
  const [statement] = parseSql(text);
  if (statement?.kind !== 'query_statement') throw new Error('not a query');
  return statement;
};
const bind = (text: string): BoundQuery => bindStatement(statementOf(text), environment);
const plan = (text: string): string => printLogicalPlan(bind(text));
const output = (text: string): string[] => bind(text).output.map((o) => `${o.label} ${printSqlType(o.type)}`);

/** The code, the text that the error points at, and the hint. */
function errorOf(
  text: string,
  run: (text: string) => unknown = bind,
): { code: string; at: string | undefined; hint?: string | undefined } {
  try {
    run(text);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { span, hint } = error.diagnostic;
    return { code: error.code, at: span && text.slice(span.start, span.end), ...(hint !== undefined && { hint }) };
  }
  throw new Error(`no error: ${text}`);
}

describe('names', () => {
  it('are found by exact spelling, else by the only other case', () => {
    expect(output('SELECT NMUON, "nMuon", muon_PT FROM events')).toEqual([
      'nMuon integer',
      'nMuon integer',
      'Muon_pt real[]',
    ]);
    expect(output('SELECT ab, "Ab", ONLY_ FROM mixed.mixed')).toEqual(['ab integer', 'Ab integer', 'Only_ integer']);
  });

  it('are ambiguous where only other cases match, or two tables have them', () => {
    expect(errorOf('SELECT AB FROM "Mixed"')).toEqual({ code: '42702', at: 'AB', hint: 'It may be "ab" or "Ab".' });
    expect(errorOf('SELECT run FROM "Events" a, "Events" b')).toMatchObject({ code: '42702', at: 'run' });
    expect(output('SELECT a.run FROM "Events" a, "Events" b')).toEqual(['run integer']);
  });

  it('that are unknown give a suggestion, at their place', () => {
    expect(errorOf('SELECT Muon_ettta FROM "Events"')).toEqual({
      code: '42703',
      at: 'Muon_ettta',
      hint: 'perhaps "Muon_eta"?',
    });
    expect(errorOf('SELECT e.Muon_ettta FROM "Events" e')).toMatchObject({ code: '42703', at: 'Muon_ettta' });
    expect(errorOf('SELECT x.run FROM "Events" e')).toMatchObject({ code: '42P01', at: 'x' });
    expect(errorOf('SELECT 1 FROM "Event"')).toMatchObject({ code: '42P01', at: '"Event"', hint: 'perhaps "Events"?' });
    expect(errorOf('SELECT 1 FROM nanoad."Events"')).toMatchObject({
      code: '42P01',
      at: 'nanoad',
      hint: 'perhaps "nanoaod"?',
    });
    expect(errorOf('SELECT absx(1)')).toMatchObject({ code: '42883', at: 'absx' });
  });

  it('of system columns are hidden from *, and give way to a branch', () => {
    expect(output('SELECT * FROM "Events"')).toHaveLength(7);
    expect(output('SELECT event_id, _file FROM "Events"')).toEqual(['event_id bigint', '_file text']);
    expect(output('SELECT event_id, _event_id FROM "Mixed"')).toEqual(['event_id integer', '_event_id bigint']);
  });

  it('with a dot are split branches before they are tables', () => {
    expect(output('SELECT jet.pt FROM "Mixed"')).toEqual(['jet.pt integer']);
    expect(output('SELECT m."jet.pt" FROM "Mixed" m')).toEqual(['jet.pt integer']);
  });

  it('of an alias hide the table, and columns that USING merged are one', () => {
    expect(errorOf('SELECT "Events".run FROM "Events" e')).toMatchObject({ code: '42P01' });
    expect(output('SELECT run FROM "Events" a JOIN "Events" b USING (run)')).toEqual(['run integer']);
    expect(output('SELECT * FROM (VALUES (1, 2)) x(a, b) JOIN (VALUES (3, 1)) y(c, a) USING (a)')).toEqual([
      'a integer',
      'b integer',
      'c integer',
    ]);
    expect(errorOf('SELECT 1 FROM "Events" a, "Events" a')).toMatchObject({ code: '42712' });
  });

  it('of CTEs are not looked for in the catalogue where they are visible', () => {
    const names = (text: string) => relationsMentioned(statementOf(text)).map((n) => n.at(-1)!.text);
    expect(names('WITH a AS (SELECT 1) SELECT * FROM a, b')).toEqual(['b']);
    expect(names('WITH a AS (SELECT * FROM a) SELECT * FROM a')).toEqual(['a']);
    expect(names('SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) s, a')).toEqual(['a']);
  });
});

describe('native queries', () => {
  const native = (text: string) => bindStatement(parseNative(text), { ...environment, native: { dataset: 'nanoaod' } });
  it('bind to the plan of the same SQL', () => {
    const ours = printLogicalPlan(native('select event_id>5, project Events;75.Muon_phi'));
    expect(ours).toBe(plan('SELECT "Muon_phi" FROM nanoaod."Events;75" WHERE event_id > 5'));
  });
  it('expand wildcards and refuse those that match nothing', () => {
    expect(native('select *, project Events.Muon_*').output.map((o) => o.label)).toEqual([
      'Muon_pt',
      'Muon_eta',
      'Muon_phi',
    ]);
    expect(errorOf('select *, project Events.Jet_*', native)).toMatchObject({ code: '42703', at: 'Jet_*' });
  });
});

describe('lists', () => {
  it('beside a single value are an error whose hint is the reduction', () => {
    expect(errorOf('SELECT run FROM "Events" WHERE "Muon_pt" > 20')).toEqual({
      code: '42804',
      at: '"Muon_pt" > 20',
      hint: 'list_any(Muon_pt > 20)',
    });
    expect(errorOf('SELECT run FROM "Events" WHERE "Muon_pt"')).toMatchObject({ code: '42804' });
  });

  it('broadcast, take lambdas and transforms into one and the same plan', () => {
    const from = 'FROM "Events"';
    const broadcast = plan(`SELECT list_any("Muon_pt" > 20) AS x ${from}`);
    expect(broadcast).toContain('list_any');
    const lambda = plan(`SELECT list_any("Muon_pt", lambda m: m > 20) AS x ${from}`);
    expect(lambda.replaceAll('m:', 'Muon_pt:')).toBe(broadcast);
    expect(plan(`SELECT list_any(list_transform("Muon_pt", lambda m: m > 20)) AS x ${from}`)).toBe(lambda);
  });

  it('give a lambda one parameter each, which shadows columns', () => {
    expect(errorOf('SELECT list_any("Muon_pt", lambda a, b: a > b) FROM "Events"')).toMatchObject({ code: '42601' });
    expect(errorOf('SELECT list_any("nMuon", lambda a: a > 1) FROM "Events"')).toMatchObject({
      code: '42804',
      at: '"nMuon"',
    });
    expect(output('SELECT list_transform("Muon_pt", lambda run: run) AS x FROM "Events"')).toEqual(['x real[]']);
  });
});

describe('types', () => {
  it("of constants, operators and CASE are PostgreSQL's", () => {
    const typed = (list: string) => bind(`SELECT ${list}`).output.map((o) => printSqlType(o.type));
    expect(typed('1, 2147483648, 9223372036854775808, 1.50')).toEqual([
      'integer',
      'bigint',
      'numeric(19,0)',
      'numeric(3,2)',
    ]);
    expect(typed("1 + 1::bigint, 1::real + 1, '1' + 1, 'a' || 1")).toEqual([
      'bigint',
      'double precision',
      'integer',
      'text',
    ]);
    expect(typed('CASE WHEN true THEN 1 ELSE 2.5 END, COALESCE(NULL, 1::real, 2), NULL')).toEqual([
      'numeric',
      'real',
      'text',
    ]);
    expect(typed('ARRAY[1, 2.5], (1, NULL), NULLIF(1, 2)')).toEqual(['numeric[]', 'record', 'integer']);
  });

  it('that do not fit are errors at the operator, the branch or the cast', () => {
    expect(errorOf('SELECT 1 + true')).toMatchObject({ code: '42883', at: '+' });
    expect(errorOf("SELECT 1 + 'x'")).toMatchObject({ code: '22P02', at: "'x'" });
    expect(errorOf('SELECT CASE WHEN true THEN 1 ELSE true END')).toMatchObject({ code: '42804' });
    expect(errorOf('SELECT ARRAY[]')).toMatchObject({ code: '42P18', at: 'ARRAY[]' });
    expect(errorOf('SELECT 1::bogus')).toMatchObject({ code: '42704', at: 'bogus' });
    expect(errorOf('SELECT 1::date')).toMatchObject({ code: '42846' });
    expect(errorOf('SELECT run FROM "Events" WHERE run')).toMatchObject({ code: '42804', at: 'run' });
  });
});

describe('grouping', () => {
  it('refuses what is neither grouped nor aggregated, at its place', () => {
    expect(errorOf('SELECT run, "nMuon" FROM "Events" GROUP BY run')).toMatchObject({ code: '42803', at: '"nMuon"' });
    expect(errorOf('SELECT run FROM "Events" WHERE count(*) > 1')).toMatchObject({ code: '42803', at: 'count(*)' });
    expect(errorOf('SELECT sum(count(*)) FROM "Events"')).toMatchObject({ code: '42803', at: 'count(*)' });
    expect(errorOf('SELECT run, (SELECT e."nMuon") FROM "Events" e GROUP BY run')).toMatchObject({ code: '42803' });
  });

  it('finds grouped expressions again inside others and inside subqueries', () => {
    expect(output('SELECT run % 2 + 1 AS x, (SELECT e.run % 2) AS y FROM "Events" e GROUP BY run % 2')).toEqual([
      'x integer',
      'y integer',
    ]);
  });

  it('crosses grouping sets', () => {
    expect(plan('SELECT count(*) FROM "Events" GROUP BY run, ROLLUP ("nMuon")')).toMatch(/Aggregate/);
    const sets = (by: string) => {
      let node = bind(`SELECT count(*) FROM "Events" GROUP BY ${by}`).plan;
      while (node.kind !== 'aggregate') node = (node as { input: typeof node }).input;
      return node.sets;
    };
    expect(sets('ROLLUP (run, "nMuon")')).toEqual([[0, 1], [0], []]);
    expect(sets('CUBE (run, "nMuon")')).toEqual([[0, 1], [0], [1], []]);
    expect(sets('run, GROUPING SETS (("nMuon"), ())')).toEqual([[0, 1], [0]]);
    expect(sets('DISTINCT ROLLUP (run), ROLLUP (run)')).toEqual([[0], []]);
    expect(errorOf('SELECT grouping("nMuon") FROM "Events" GROUP BY run')).toMatchObject({ code: '42803' });
  });

  it('gives an aggregate over outer columns to the outer query', () => {
    let node = bind('SELECT (SELECT max(e.run)) FROM "Events" e').plan;
    while (node.kind === 'project') node = node.input;
    expect(node.kind).toBe('aggregate');
  });
});

describe('order and distinct', () => {
  it('take result columns, then expressions', () => {
    expect(errorOf('SELECT run AS a, "nMuon" AS a FROM "Events" ORDER BY a')).toMatchObject({ code: '42702', at: 'a' });
    expect(errorOf('SELECT run FROM "Events" ORDER BY 2')).toMatchObject({ code: '42P10', at: '2' });
    expect(errorOf('SELECT DISTINCT run FROM "Events" ORDER BY "nMuon"')).toMatchObject({
      code: '42P10',
      at: '"nMuon"',
    });
    expect(errorOf('SELECT DISTINCT ON (run) run FROM "Events" ORDER BY "nMuon"')).toMatchObject({ code: '42P10' });
    expect(errorOf('SELECT 1 AS a UNION SELECT 2 ORDER BY a + 1')).toMatchObject({ code: '0A000', at: 'a + 1' });
  });

  it('cut off what only the order needed', () => {
    expect(output('SELECT run FROM "Events" ORDER BY "nMuon" + 1 LIMIT 3')).toEqual(['run integer']);
    expect(output('SELECT DISTINCT ON ("nMuon") run FROM "Events" ORDER BY "nMuon", event_id')).toEqual([
      'run integer',
    ]);
  });
});

describe('rows', () => {
  it('are compared field by field', () => {
    expect(plan('SELECT (run, "nMuon") = (1, 2) AS x FROM "Events"')).toBe(
      plan('SELECT run = 1 AND "nMuon" = 2 AS x FROM "Events"'),
    );
    expect(plan('SELECT (run, "nMuon") < (1, 2) AS x FROM "Events"')).toBe(
      plan('SELECT run < 1 OR run = 1 AND "nMuon" < 2 AS x FROM "Events"'),
    );
    expect(errorOf('SELECT (1, 2) = (1, 2, 3)')).toMatchObject({ code: '42601' });
  });
});

describe('recursion', () => {
  it("follows PostgreSQL's rules", () => {
    expect(
      output('WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t'),
    ).toEqual(['n integer']);
    expect(errorOf('WITH RECURSIVE t(n) AS (SELECT n FROM t) SELECT n FROM t')).toMatchObject({
      code: '42P19',
      at: 't',
    });
    expect(errorOf('WITH RECURSIVE t(n) AS (SELECT n FROM t UNION SELECT 1) SELECT n FROM t')).toMatchObject({
      code: '42P19',
    });
    expect(
      errorOf('WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT x.n FROM runs LEFT JOIN t x ON true) SELECT n FROM t'),
    ).toMatchObject({
      code: '42P01',
    });
    expect(
      errorOf('WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT t.n FROM "Events" e LEFT JOIN t ON true) SELECT n FROM t'),
    ).toMatchObject({ code: '42P19' });
    expect(
      errorOf('WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT 2 WHERE EXISTS (SELECT 1 FROM t)) SELECT n FROM t'),
    ).toMatchObject({ code: '42P19' });
  });
});
