// Fragments on the evaluator, over stored partitions, against the same work done by native DuckDB.
import { beforeAll, describe, expect, it } from 'vitest';
import { listOf, types } from '../../src/core/index.js';
import type { Scalar } from '../../src/planner/index.js';
import {
  aggregate,
  call,
  collect,
  element,
  entry,
  eta,
  event,
  type Fixture,
  items,
  lit,
  mapped,
  met,
  openFixture,
  options,
  other,
  partitions,
  pt,
  real,
  ref,
  run,
  tag,
  test,
} from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});

const predicates: [string, Scalar, string][] = [
  ['a float against a constant, NaN on top', test('gt', ref(met), lit(types.float8, 20)), 'met > 20'],
  ['at most', test('le', ref(met), lit(types.float8, 20)), 'met <= 20'],
  ['zero of both signs', test('eq', ref(met), lit(types.float8, 0)), 'met = 0'],
  ['NaN', test('eq', ref(met), lit(types.float8, NaN)), "met = 'NaN'::DOUBLE"],
  ['8-byte integers beyond 2^53', test('gt', ref(event), lit(types.int8, 1n << 54n)), 'event > 18014398509481984'],
  ['text by bytes', test('gt', ref(tag), lit(types.text, 'jet')), "tag > 'jet'"],
  ['LIKE', test('like', ref(tag), lit(types.text, '_')), "tag LIKE '_'"],
  [
    'three-valued OR',
    {
      kind: 'or',
      type: types.bool,
      args: [test('eq', ref(run), lit(types.int4, 1)), test('gt', ref(met), lit(types.float8, 0))],
    },
    'run = 1 OR met > 0',
  ],
  [
    'NOT of three values',
    {
      kind: 'not',
      type: types.bool,
      arg: {
        kind: 'and',
        type: types.bool,
        args: [test('ge', ref(run), lit(types.int4, 0)), test('lt', ref(met), lit(types.float8, 5))],
      },
    },
    'NOT (run >= 0 AND met < 5)',
  ],
  [
    'IN with NULL is unknown',
    {
      kind: 'is_null',
      type: types.bool,
      arg: { kind: 'in', type: types.bool, arg: ref(run), list: [lit(types.int4, 1), lit(types.int4, null)] },
    },
    '(run IN (1, NULL)) IS NULL',
  ],
  [
    'IN',
    { kind: 'in', type: types.bool, arg: ref(tag), list: [lit(types.text, 'ä'), lit(types.text, 'jet')] },
    "tag IN ('ä', 'jet')",
  ],
  ['IS NULL', { kind: 'is_null', type: types.bool, arg: ref(pt) }, 'pt IS NULL'],
  [
    'any element',
    call('list_any', types.bool, mapped(pt, test('gt', ref(element), real(20)))),
    'CASE WHEN pt IS NULL THEN NULL ELSE len(list_filter(pt, lambda x: x > 20)) > 0 END',
  ],
  [
    'all elements',
    call('list_all', types.bool, mapped(eta, test('lt', call('abs', types.float4, ref(element)), real(30)))),
    'len(list_filter(eta, lambda x: NOT (abs(x) < 30))) = 0',
  ],
  [
    'two lists in step, with a column of the row',
    test(
      'ge',
      call('list_count', types.int4, {
        kind: 'list_map',
        type: listOf(types.bool),
        params: [
          { column: element, list: ref(pt) },
          { column: other, list: ref(eta) },
        ],
        body: {
          kind: 'and',
          type: types.bool,
          args: [test('gt', ref(element), ref(other)), test('gt', ref(run), lit(types.int4, -2))],
        },
      }),
      lit(types.int4, 1),
    ),
    'len(list_filter(list_zip(pt, eta), lambda z: z[1] > z[2] AND run > -2)) >= 1',
  ],
];

describe('fragments agree with DuckDB', () => {
  it.each(predicates)('filter: %s', async (_, predicate, sql) => {
    const gather = fixture.gatherOf({ kind: 'rows', items: items(ref(entry), ref(event), ref(pt), ref(tag)) }, [
      predicate,
    ]);
    const ours = await collect(fixture.runner.rows(gather, options()), [
      types.int8,
      types.int8,
      listOf(types.float4),
      types.text,
    ]);
    expect(ours).toEqual(await fixture.duck(`SELECT event_id, event, pt, tag FROM t WHERE ${sql} ORDER BY event_id`));
    expect(ours.length).toBeGreaterThan(0);
  });

  it('projects expressions', async () => {
    const filtered: Scalar = {
      kind: 'list_filter',
      type: listOf(types.float4),
      param: element,
      list: ref(eta),
      body: test('gt', ref(element), real(0)),
    };
    const chosen: Scalar = {
      kind: 'case',
      type: types.int4,
      branches: [
        { when: test('ne', ref(run), lit(types.int4, 0)), then: call('div', types.int4, lit(types.int4, 7), ref(run)) },
      ],
      otherwise: lit(types.int4, null),
    };
    const exprs = [
      call('add', types.int4, ref(run), lit(types.int4, 3)),
      chosen,
      call('mul', types.float8, ref(met), lit(types.float8, 0.1)),
      filtered,
      call('list_len', types.int4, filtered),
      call('list_max', types.float4, ref(eta)),
      call('subscript', types.float4, ref(eta), lit(types.int4, 2)),
      mapped(eta, call('mul', types.float4, ref(element), real(Math.fround(1.1)))),
    ];
    const ours = await collect(
      fixture.runner.rows(fixture.gatherOf({ kind: 'rows', items: items(...exprs) }), options()),
      exprs.map((e) => e.type),
    );
    const theirs = await fixture.duck(
      `SELECT run + 3, CASE WHEN run <> 0 THEN trunc(7 / run)::INTEGER END, met * 0.1::DOUBLE, list_filter(eta, lambda x: x > 0),
       len(list_filter(eta, lambda x: x > 0)), list_max(eta), eta[2], list_transform(eta, lambda x: x * 1.1::FLOAT) FROM t ORDER BY event_id`,
    );
    expect(ours).toEqual(theirs);
  });

  it('stops at a limit', async () => {
    const metrics = options();
    const gather = fixture.gatherOf({ kind: 'rows', items: items(ref(entry)), limit: 3 }, [], 3);
    expect(await collect(fixture.runner.rows(gather, metrics), [types.int8])).toEqual([['0'], ['1'], ['2']]);
    expect(metrics.metrics.partitions).toBeLessThan(partitions);
  });

  it('keeps the top, ties by entry', async () => {
    const gather = fixture.gatherOf({
      kind: 'top_n',
      items: items(ref(entry), ref(run)),
      keys: [{ expr: ref(run), descending: true, nullsFirst: true }],
      limit: 130,
    });
    const plan = { kind: 'merge_top_n' as const, input: gather, keys: [], limit: 120, offset: 10 };
    expect(await collect(fixture.runner.mergeTopN(plan, options()), [types.int8, types.int4])).toEqual(
      await fixture.duck('SELECT event_id, run FROM t ORDER BY run DESC NULLS FIRST, event_id LIMIT 120 OFFSET 10'),
    );
  });

  it('merges aggregates', async () => {
    const finite = test('lt', call('abs', types.float8, ref(met)), lit(types.float8, 1e6));
    const aggregates = [
      aggregate('count_star', types.int8),
      aggregate('count', types.int8, ref(met)),
      aggregate('sum', types.int8, ref(run)),
      aggregate('sum', { kind: 'numeric', precision: 38, scale: 0 }, ref(event)),
      aggregate('min', types.float8, ref(met)),
      aggregate('max', types.float8, ref(met)),
      aggregate('max', types.text, ref(tag)),
      aggregate('count', types.int8, ref(met), finite),
    ];
    const groups = items(ref(run));
    const gather = fixture.gatherOf({ kind: 'aggregate', groups, aggregates });
    const plan = { kind: 'merge_aggregate' as const, input: gather, groups: groups.map((g) => g.column), aggregates };
    const outputTypes = [types.int4, ...aggregates.map(({ call: c }) => c.type)];
    const ours = await collect(fixture.runner.mergeAggregate(plan, options()), outputTypes);
    const theirs = await fixture.duck(
      `SELECT run, count(*), count(met), sum(run), sum(event), min(met), max(met), max(tag), count(met) FILTER (abs(met) < 1e6)
       FROM t GROUP BY run ORDER BY min(event_id)`,
    );
    expect(ours.map((row) => row.map(digits))).toEqual(theirs.map((row) => row.map(zero)));
  });

  it("an aggregate's argument may fail where its filter leaves the row out", async () => {
    const divided = call('div', types.int4, lit(types.int4, 7), ref(run));
    const aggregates = [aggregate('sum', types.int8, divided, test('ne', ref(run), lit(types.int4, 0)))];
    const gather = fixture.gatherOf({ kind: 'aggregate', groups: [], aggregates });
    const plan = { kind: 'merge_aggregate' as const, input: gather, groups: [], aggregates };
    const ours = await collect(fixture.runner.mergeAggregate(plan, options()), [types.int8]);
    expect(ours).toEqual(await fixture.duck('SELECT sum(CASE WHEN run <> 0 THEN 7 // run END)::BIGINT FROM t'));
  });

  it('no value is among none, NULL neither', async () => {
    const none: Scalar = { kind: 'in', type: types.bool, arg: ref(met), list: [] };
    const gather = fixture.gatherOf({ kind: 'rows', items: items(ref(entry)) }, [
      { kind: 'not', type: types.bool, arg: none },
    ]);
    const ours = await collect(fixture.runner.rows(gather, options()), [types.int8]);
    expect(ours).toEqual(await fixture.duck('SELECT event_id FROM t ORDER BY event_id'));
  });

  it('sums listOf(types.float4) exactly, whatever the partitioning', async () => {
    const finite = test('lt', call('abs', types.float8, ref(met)), lit(types.float8, 1e6));
    const aggregates = [aggregate('sum', types.float8, ref(met)), aggregate('avg', types.float8, ref(met))];
    const gather = fixture.gatherOf({ kind: 'aggregate', groups: [], aggregates }, [finite]);
    const sums = await Promise.all(
      [gather, { ...gather, partitions: Int32Array.from([4, 2, 0, 1, 3]) }].map((input) =>
        collect(fixture.runner.mergeAggregate({ kind: 'merge_aggregate', input, groups: [], aggregates }, options()), [
          types.float8,
          types.float8,
        ]),
      ),
    );
    expect(sums[0]).toEqual(sums[1]);
    const [sum] = (await fixture.duck('SELECT fsum(met), favg(met) FROM t WHERE abs(met) < 1e6'))[0] as [string];
    expect(Number((sums[0]![0] as [string])[0])).toBeCloseTo(Number(sum), 8);
  });

  it('a canceled run stops', async () => {
    const canceled = { ...options(), signal: AbortSignal.abort() };
    const gather = fixture.gatherOf({ kind: 'rows', items: items(ref(entry)) });
    await expect(collect(fixture.runner.rows(gather, canceled), [types.int8])).rejects.toMatchObject({ code: '57014' });
  });
});

/** The extreme of zeros of both signs may be either. */
const zero = (value: unknown): unknown => (value === '-0' ? '0' : value);
const digits = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'unscaled' in value ? `${value.unscaled}` : zero(value);
