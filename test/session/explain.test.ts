// EXPLAIN through SQL: what ran, how much of it, and the options as PostgreSQL reads them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import type { Database, SessionSettings } from '../../src/session/index.js';
import { openFixtures, rowsIn } from '../golden/fixtures.js';

let database: Database;
beforeAll(async () => {
  database = await openFixtures();
});
afterAll(() => database?.close());

async function lines(text: string, settings: Partial<SessionSettings> = {}): Promise<string[]> {
  const result = await database.session({ searchPath: ['parts'], ...settings }).sql(text);
  expect(result.columns.map((c) => c.label)).toEqual(['QUERY PLAN']);
  return (await rowsIn(result)).map(([line]) => line as string);
}

async function failure(text: string) {
  const error = await lines(text).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  const { code, diagnostic } = error as DiagnosticError;
  return { code, message: diagnostic.message };
}

interface Node {
  readonly 'Node Type': string;
  readonly Plans?: readonly Node[];
  readonly [property: string]: unknown;
}
async function json(text: string): Promise<{ Plan: Node } & Record<string, unknown>> {
  const all = await lines(text);
  expect(all).toHaveLength(1);
  const [plan, ...others] = JSON.parse(all[0]!);
  expect(others).toEqual([]);
  return plan;
}
const find = (node: Node, type: string): Node[] => [
  ...(node['Node Type'] === type ? [node] : []),
  ...(node.Plans ?? []).flatMap((child) => find(child, type)),
];

describe('EXPLAIN ANALYZE', () => {
  it('gives rows and time of every node, and partitions and bytes of every scan', async () => {
    const text = (await lines('EXPLAIN ANALYZE SELECT "nMuon" FROM "Events" WHERE event_id < 300')).join('\n');
    expect(text).toMatch(/^Gather .*partitions 2\/9 \(7 pruned: event_id min\) \(actual: 300 rows, \d+\.\d ms\)$/m);
    expect(text).toMatch(/ran: 2 partitions \(0 in the store\), 300 rows, \d+\.\d ms over all threads$/m);
    expect(text).toMatch(/bytes: 1912 read in storage, 1912 moved$/m);
    expect(text).toMatch(/^Execution time: \d+\.\d ms$/m);
  });

  it('counts only what ran: a limit over a filter stops early', async () => {
    const { Plan } = await json(
      'EXPLAIN (ANALYZE, FORMAT JSON) SELECT event_id FROM "Events" WHERE "nMuon" > 4 LIMIT 3',
    );
    expect(Plan['Actual Rows']).toBe(3);
    expect(Plan['Partitions Planned']).toBe(8);
    expect(Plan['Partitions Run']).toBeLessThan(8);
  });

  it('counts the nodes above and below DuckDB', async () => {
    const { Plan } = await json(
      'EXPLAIN (ANALYZE, FORMAT JSON) SELECT a."nJet", b."nMuon" FROM "Events" a JOIN "Events" b ON a.event_id = b.event_id WHERE a.event_id < 10',
    );
    expect(Plan).toMatchObject({ 'Node Type': 'DuckDB', 'Actual Rows': 10 });
    const scans = find(Plan, 'Gather');
    expect(scans).toHaveLength(2);
    for (const scan of scans) {
      expect(scan).toMatchObject({ 'Partitions Run': 1, 'Actual Rows': 10, Pruned: [{ Partitions: 8 }] });
      expect(scan['Bytes Read']).toBeGreaterThan(0);
    }
  });

  it('reads fewer bytes of fewer columns', async () => {
    const read = async (columns: string): Promise<number> =>
      find((await json(`EXPLAIN (ANALYZE, FORMAT JSON) SELECT ${columns} FROM "Events"`)).Plan, 'Gather')[0]![
        'Bytes Read'
      ] as number;
    expect(await read('event_id')).toBe(0);
    // int32 values of 2,000 rows, in buffers of 64 bytes.
    expect(await read('"nMuon"')).toBeGreaterThanOrEqual(8000);
    expect(await read('"nMuon"')).toBeLessThan(8000 + 9 * 64);
    expect(await read('*')).toBeGreaterThan(20 * 8000);
  });

  it('counts groups above the merge, partial groups below', async () => {
    const { Plan } = await json('EXPLAIN (ANALYZE, FORMAT JSON) SELECT "nMuon", count(*) FROM "Events" GROUP BY 1');
    expect(Plan).toMatchObject({ 'Node Type': 'MergeAggregate', 'Actual Rows': 7 });
    const [scan] = find(Plan, 'Gather');
    expect(scan!['Partitions Run']).toBe(9);
    expect(scan!['Fragment Rows']).toBeGreaterThan(7);
  });

  it('raises what the statement raises', async () => {
    expect(await failure('EXPLAIN ANALYZE SELECT 1 / "nMuon" FROM "Events"')).toMatchObject({ code: '22012' });
  });
});

describe('options of EXPLAIN', () => {
  it('runs nothing without ANALYZE', async () => {
    const text = (await lines('EXPLAIN SELECT 1 / "nMuon" FROM "Events"')).join('\n');
    expect(text).not.toMatch(/actual|ran:|bytes:|Execution/);
    const { Plan, ...others } = await json('EXPLAIN (FORMAT JSON) SELECT 1 / "nMuon" FROM "Events"');
    expect(others).toEqual({});
    expect(Plan['Actual Rows']).toBeUndefined();
  });

  it('shows the logical plan with VERBOSE', async () => {
    const select = 'SELECT "nMuon" FROM "Events" WHERE event_id < 3';
    expect((await lines(`EXPLAIN VERBOSE ${select}`))[0]).toBe('Project: nMuon:1');
    expect((await lines(`EXPLAIN (VERBOSE off) ${select}`))[0]).toMatch(/^Gather/);
    expect((await json(`EXPLAIN (VERBOSE, FORMAT JSON) ${select}`))['Logical Plan']).toContain('Project: nMuon:1');
  });

  it('leaves out times and the summary', async () => {
    const text = (await lines('EXPLAIN (ANALYZE, TIMING off, SUMMARY off) SELECT "nMuon" FROM "Events"')).join('\n');
    expect(text).toContain('(actual: 2000 rows)');
    expect(text).not.toMatch(/ ms/);
  });

  it('takes the options of PostgreSQL that mean nothing here', async () => {
    expect(await lines('EXPLAIN (COSTS off, BUFFERS false, SETTINGS 0) SELECT "nMuon" FROM "Events"')).toEqual(
      await lines('EXPLAIN SELECT "nMuon" FROM "Events"'),
    );
  });

  it.each([
    ['EXPLAIN (foo) SELECT 1', '42601', 'unrecognized EXPLAIN option "foo"'],
    ['EXPLAIN (ANALYZE maybe) SELECT 1', '42601', 'analyze requires a Boolean value'],
    ['EXPLAIN (FORMAT csv) SELECT 1', '22023', 'unrecognized value for EXPLAIN option "format": "csv"'],
    ['EXPLAIN (TIMING) SELECT 1', '22023', 'EXPLAIN option TIMING requires ANALYZE'],
  ])('%s', async (text, code, message) => {
    expect(await failure(text)).toEqual({ code, message });
  });
});

describe('EXPLAIN of what is no query', () => {
  const open = async () => {
    const session = database.session();
    await session.sql('CREATE TEMP TABLE t (a int PRIMARY KEY, b text)');
    await session.sql("INSERT INTO t VALUES (1, 'x'), (2, 'y')");
    const ask = async (text: string) => (await rowsIn(await session.sql(text))).map(([first]) => first);
    return { ask, close: () => session.close() };
  };

  it('shows the change above the plan of its rows, and changes nothing', async () => {
    const { ask, close } = await open();
    for (const [statement, heading] of [
      ["INSERT INTO t VALUES (3, 'z')", /^Insert on pg_temp_\d+\.t$/],
      ["UPDATE t SET b = 'u' WHERE a = 1", /^Update on pg_temp_\d+\.t$/],
      ['DELETE FROM t USING t AS u WHERE u.a = t.a', /^Delete on pg_temp_\d+\.t$/],
    ] as const) {
      const plan = (await ask(`EXPLAIN ${statement}`)) as string[];
      expect(plan[0]).toMatch(heading);
      expect(plan[1]).toMatch(/^└─ /);
    }
    expect(await ask('SELECT count(*)::int FROM t')).toEqual([2]);
    await close();
  });

  it('ANALYZE changes, and counts', async () => {
    const { ask, close } = await open();
    const [plan] = await ask('EXPLAIN (ANALYZE, FORMAT JSON) UPDATE t SET b = b || 1 RETURNING a');
    const [{ Plan, ...rest }] = JSON.parse(plan as string);
    expect(Plan).toMatchObject({ 'Node Type': 'ModifyTable', Operation: 'Update', 'Relation Name': 't' });
    expect(Plan.Plans[0]['Actual Rows']).toBe(2);
    expect(rest['Execution Time']).toBeGreaterThan(0);
    expect(await ask('SELECT b FROM t ORDER BY a')).toEqual(['x1', 'y1']);
    await ask('EXPLAIN ANALYZE INSERT INTO t SELECT 9');
    await ask('EXPLAIN ANALYZE DELETE FROM t WHERE a = 1');
    await ask('EXPLAIN ANALYZE CREATE TEMP TABLE made AS SELECT a FROM t');
    expect(await ask('SELECT a FROM made ORDER BY a')).toEqual([2, 9]);
    await close();
  });

  it('EXECUTE shows the plan with its values, DECLARE that of its query', async () => {
    const { ask, close } = await open();
    await ask('PREPARE p (int) AS SELECT * FROM t WHERE a > $1');
    expect((await ask('EXPLAIN EXECUTE p(41 + 1)')).join('\n')).toMatch(/pushed: a:1 > 42/);
    expect((await ask('EXPLAIN (VERBOSE) DECLARE c CURSOR FOR SELECT 7 AS seven')).join('\n')).toMatch(/seven/);
    await close();
  });

  it('YAML and XML have the properties of JSON', async () => {
    const { ask, close } = await open();
    const query = "SELECT a FROM t WHERE b < 'z'";
    const [json, yaml, xml] = [
      await ask(`EXPLAIN (FORMAT JSON) ${query}`),
      await ask(`EXPLAIN (FORMAT YAML) ${query}`),
      await ask(`EXPLAIN (FORMAT XML) ${query}`),
    ].map(([text]) => text as string) as [string, string, string];
    const names = (node: object): string[] =>
      Object.entries(node).flatMap(([name, value]) => [
        ...(Array.isArray(node) ? [] : [name]),
        ...(value && typeof value === 'object' ? names(value) : []),
      ]);
    for (const name of new Set(names(JSON.parse(json)))) {
      expect(yaml).toContain(`${name}: `);
      expect(xml).toContain(`<${name.replaceAll(' ', '-')}>`);
    }
    expect(yaml).toMatch(/^- Plan: \n {4}Node Type: "Gather"\n/);
    expect(xml).toContain('&lt;');
    await close();
  });
});
