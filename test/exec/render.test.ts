// Every plan node through the renderer and DuckDB-WASM, against native DuckDB answering SQL written by hand.
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, test } from 'vitest';
import { type DiagnosticError, listOf, types } from '../../src/core/index.js';
import type { AggregateCall, Column, LogicalPlan, PhysicalPlan, Scalar } from '../../src/planner/index.js';
import { call, col, duck, infix, key, lit, overload, ref, rowsOf, testEngine } from './plans.js';

const { engine } = testEngine({ heapBytes: 2 ** 31 });
const native = await (await DuckDBInstance.create(':memory:')).connect();
await native.run(
  "CREATE TABLE t AS SELECT * FROM (VALUES (1, 10, 'a'), (2, 20, 'b'), (3, NULL, 'a'), (4, 20, NULL)) v(id, x, s)",
);
afterAll(() => engine.close());

const id = col('id');
const x = col('x');
const s = col('s', types.text);
const table: PhysicalPlan = {
  kind: 'values',
  columns: [id, x, s],
  rows: [
    [1, 10, 'a'],
    [2, 20, 'b'],
    [3, null, 'a'],
    [4, 20, null],
  ].map(([a, b, c]) => [lit(a!), lit(b!), lit(c!, types.text)]),
};
const input: LogicalPlan = { kind: 'input', index: 0, columns: [id, x, s] };
const again = (index = 0): LogicalPlan & { columns: readonly Column[] } => ({
  kind: 'input',
  index,
  columns: [id, x, s],
});
const run = (plan: LogicalPlan, ...inputs: PhysicalPlan[]) =>
  rowsOf(engine.execute(duck(plan, ...(inputs.length ? inputs : [table]))).batches);
async function expected(sql: string): Promise<unknown[][]> {
  const rows = (await native.runAndReadAll(sql)).getRowsJson();
  // JSON rows carry 64-bit numbers as text.
  return rows.map((row) => row.map((v) => (typeof v === 'string' && /^-?\d+$/.test(v) ? Number(v) : v)));
}
const aggregate = (name: string, args: readonly Scalar[], more: Partial<AggregateCall> = {}): AggregateCall => ({
  name,
  overload: overload(name),
  args,
  distinct: false,
  orderBy: [],
  type: types.int8,
  ...more,
});
const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'it succeeded',
    (error: DiagnosticError) => error.code,
  );
const byId = [key(ref(id))];
const renamed = (): { plan: LogicalPlan; columns: Column[] } => {
  const columns = [col('id2'), col('x2'), col('s2', types.text)];
  return {
    columns,
    plan: {
      kind: 'project',
      input: again(),
      items: columns.map((column, i) => ({ column, expr: ref([id, x, s][i]!) })),
    },
  };
};

describe('plan nodes', () => {
  test('filter and project', async () => {
    const out = col('y');
    const plan: LogicalPlan = {
      kind: 'project',
      input: { kind: 'filter', input, predicate: call('>', [ref(x), lit(10)], types.bool) },
      items: [{ column: out, expr: call('*', [ref(x), ref(id)]) }],
    };
    expect(await run(plan)).toEqual(await expected('SELECT x * id FROM t WHERE x > 10'));
  });

  test('sort says where NULLs go, top-N and limit', async () => {
    for (const [nullsFirst, words] of [
      [true, 'FIRST'],
      [false, 'LAST'],
    ] as const) {
      const keys = [key(ref(x), true, nullsFirst), ...byId];
      expect(await run({ kind: 'sort', input, keys })).toEqual(
        await expected(`FROM t ORDER BY x DESC NULLS ${words}, id`),
      );
      expect(await run({ kind: 'top_n', input, keys, limit: 2, offset: 1 })).toEqual(
        await expected(`FROM t ORDER BY x DESC NULLS ${words}, id LIMIT 2 OFFSET 1`),
      );
    }
    const limited: LogicalPlan = {
      kind: 'limit',
      input: { kind: 'sort', input, keys: byId },
      limit: lit(2n, types.int8),
      offset: lit(1n, types.int8),
      withTies: false,
    };
    expect(await run(limited)).toEqual(await expected('FROM t ORDER BY id LIMIT 2 OFFSET 1'));
    expect(await code(run({ ...limited, limit: lit(-1n, types.int8) }))).toBe('2201W');
    expect(await code(run({ ...limited, offset: lit(-1n, types.int8) }))).toBe('2201X');
    // A constant key is no column position.
    expect(await run({ kind: 'sort', input, keys: [key(lit(2)), ...byId] })).toEqual(
      await expected('FROM t ORDER BY id'),
    );
  });

  test('with ties', async () => {
    const sort: LogicalPlan = { kind: 'sort', input, keys: [key(ref(x))] };
    const ids = async (n: bigint, offset: bigint) =>
      (
        await run({
          kind: 'limit',
          input: sort,
          limit: lit(n, types.int8),
          offset: lit(offset, types.int8),
          withTies: true,
        })
      ).map((r) => r[0]);
    expect(await ids(2n, 0n)).toEqual([1, 2, 4]);
    expect(await ids(1n, 1n)).toEqual([2, 4]);
    expect(await ids(0n, 2n)).toEqual([]);
  });

  test('aggregates: filter, distinct, order, groups, constant keys, none', async () => {
    const g = col('g', types.text);
    const outs = ['n', 'd', 'f'].map((name) => col(name, types.int8));
    const l = col('l', listOf(types.int4));
    const plan: LogicalPlan = {
      kind: 'aggregate',
      input,
      groups: [
        { column: g, expr: ref(s) },
        { column: col('one'), expr: lit(1) },
      ],
      aggregates: [
        { column: outs[0]!, call: aggregate('count', [ref(x)]) },
        { column: outs[1]!, call: aggregate('count', [ref(x)], { distinct: true }) },
        { column: outs[2]!, call: aggregate('count', [ref(id)], { filter: call('>', [ref(id), lit(1)], types.bool) }) },
        { column: l, call: aggregate('list', [ref(id)], { orderBy: [key(ref(id), true)], type: l.type }) },
      ],
    };
    expect(await run({ kind: 'sort', input: plan, keys: [key(ref(g))] })).toEqual(
      await expected(
        'SELECT s, 1, count(x), count(DISTINCT x), count(id) FILTER (WHERE id > 1), list(id ORDER BY id DESC) FROM t GROUP BY s ORDER BY s NULLS LAST',
      ),
    );
    expect(await run({ ...plan, groups: [] })).toEqual(
      await expected(
        'SELECT count(x), count(DISTINCT x), count(id) FILTER (WHERE id > 1), list(id ORDER BY id DESC) FROM t',
      ),
    );
  });

  test('grouping sets', async () => {
    const a = col('a');
    const b = col('b', types.text);
    const n = col('n', types.int8);
    const bits = col('bits');
    const plan: LogicalPlan = {
      kind: 'aggregate',
      input,
      groups: [
        { column: a, expr: ref(x) },
        { column: b, expr: ref(s) },
      ],
      sets: [[0, 1], [0], []],
      grouping: [{ column: bits, groups: [0, 1] }],
      aggregates: [{ column: n, call: aggregate('count', [ref(id)]) }],
    };
    const keys = [key(ref(bits)), key(ref(a)), key(ref(b))];
    expect(await run({ kind: 'sort', input: plan, keys })).toEqual(
      await expected(
        'SELECT x, s, count(id), grouping(x, s) AS b FROM t GROUP BY GROUPING SETS ((x, s), (x), ()) ORDER BY b, x NULLS LAST, s NULLS LAST',
      ),
    );
  });

  test('windows and frames', async () => {
    const w = col('w', types.int8);
    const plan: LogicalPlan = {
      kind: 'window',
      input,
      windows: [
        {
          column: w,
          call: aggregate('sum', [ref(id)]),
          partitionBy: [ref(s)],
          orderBy: byId,
          frame: {
            mode: 'rows',
            start: { kind: 'preceding', offset: lit(1n, types.int8) },
            end: { kind: 'current row' },
            exclude: 'no others',
          },
          ignoreNulls: false,
        },
      ],
    };
    expect(await run({ kind: 'sort', input: plan, keys: byId })).toEqual(
      await expected(
        'SELECT *, sum(id) OVER (PARTITION BY s ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t ORDER BY id',
      ),
    );
  });

  test.each(['inner', 'left', 'right', 'full'] as const)('%s join', async (type) => {
    const right = renamed();
    const on: Scalar = {
      kind: 'and',
      args: [
        call('=', [ref(x), ref(right.columns[1]!)], types.bool),
        call('<', [ref(id), ref(right.columns[0]!)], types.bool),
      ],
      type: types.bool,
    };
    const join: LogicalPlan = { kind: 'join', type, left: input, right: right.plan, on, lateral: false };
    expect(await run({ kind: 'sort', input: join, keys: [...byId, key(ref(right.columns[0]!))] })).toEqual(
      await expected(
        `SELECT * FROM t a ${type} JOIN t b ON a.x = b.x AND a.id < b.id ORDER BY a.id NULLS LAST, b.id NULLS LAST`,
      ),
    );
  });

  test('cross and lateral joins', async () => {
    const right = renamed();
    const cross: LogicalPlan = { kind: 'join', type: 'cross', left: input, right: right.plan, lateral: false };
    expect((await run(cross)).length).toBe(16);
    const y = col('y');
    const lateral: LogicalPlan = {
      kind: 'join',
      type: 'left',
      left: input,
      right: {
        kind: 'project',
        input: {
          kind: 'filter',
          input: right.plan,
          predicate: call('=', [ref(right.columns[0]!), call('+', [ref(id), lit(1)])], types.bool),
        },
        items: [{ column: y, expr: call('+', [ref(right.columns[0]!), ref(x)]) }],
      },
      lateral: true,
    };
    expect(await run({ kind: 'sort', input: lateral, keys: byId })).toEqual(
      await expected(
        'SELECT a.*, y FROM t a LEFT JOIN LATERAL (SELECT b.id + a.x AS y FROM t b WHERE b.id = a.id + 1) ON true ORDER BY id',
      ),
    );
  });

  test('distinct, and distinct on keeps the first row of the order', async () => {
    const y = col('y');
    const xs: LogicalPlan = { kind: 'project', input, items: [{ column: y, expr: ref(x) }] };
    expect(await run({ kind: 'sort', input: { kind: 'distinct', input: xs }, keys: [key(ref(y))] })).toEqual(
      await expected('SELECT DISTINCT x FROM t ORDER BY x NULLS LAST'),
    );
    const sorted: LogicalPlan = { kind: 'sort', input, keys: [key(ref(x)), key(ref(id), true)] };
    expect(await run({ kind: 'distinct', input: sorted, on: [ref(x)] })).toEqual(
      await expected('SELECT DISTINCT ON (x) * FROM t ORDER BY x NULLS LAST, id DESC'),
    );
  });

  test.each([
    ['union', false, [1, 2, 3]],
    ['union', true, [1, 1, 2, 2, 3, 3]],
    ['intersect', false, [1]],
    ['intersect', true, [1]],
    ['except', false, []],
    ['except', true, [1]],
  ] as const)('%s, all: %s', async (op, all, values) => {
    const arm = (rows: readonly number[]): LogicalPlan => ({
      kind: 'values',
      columns: [col('v')],
      rows: rows.map((r) => [lit(r)]),
    });
    const v = col('v');
    const inputs =
      op === 'except'
        ? [arm([1, 1, 2, 3]), arm([1, 2]), arm([3])]
        : op === 'union'
          ? [arm([1, 1, 2]), arm([2, 3]), arm([3])]
          : [arm([1, 2]), arm([1, 3]), arm([1])];
    const plan: LogicalPlan = { kind: 'set', op, all, inputs, columns: [v] };
    expect((await run({ kind: 'sort', input: plan, keys: [key(ref(v))] })).map((r) => r[0])).toEqual(values);
  });

  test('recursive CTE', async () => {
    const base = col('i');
    const next = col('i');
    const seen = col('i');
    const set = col('i');
    const out = col('i');
    const plan: LogicalPlan = {
      kind: 'with',
      ctes: [
        {
          id: 1,
          name: 'r',
          recursive: true,
          plan: {
            kind: 'set',
            op: 'union',
            all: true,
            columns: [set],
            inputs: [
              { kind: 'values', columns: [base], rows: [[lit(1)]] },
              {
                kind: 'project',
                input: {
                  kind: 'filter',
                  input: { kind: 'cte_scan', cte: 1, name: 'r', columns: [seen] },
                  predicate: call('<', [ref(seen), lit(5)], types.bool),
                },
                items: [{ column: next, expr: call('+', [ref(seen), lit(1)]) }],
              },
            ],
          },
        },
      ],
      body: { kind: 'cte_scan', cte: 1, name: 'r', columns: [out] },
    };
    expect((await run(plan)).map((r) => r[0])).toEqual([1, 2, 3, 4, 5]);
  });

  test('table functions side by side pad with NULL and count', async () => {
    const a = col('a');
    const b = col('b');
    const n = col('n', types.int8);
    const ints = (values: readonly number[]) => lit(values, listOf(types.int4));
    const self = overload(([list]) => list!);
    const plan: LogicalPlan = {
      kind: 'table_function',
      calls: [
        { name: 'unnest', overload: self, args: [ints([1, 2, 3])], columns: [a] },
        { name: 'unnest', overload: self, args: [ints([7])], columns: [b] },
      ],
      ordinality: n,
    };
    expect(await run(plan)).toEqual([
      [1, 7, 1],
      [2, null, 2],
      [3, null, 3],
    ]);
    const each: LogicalPlan = {
      kind: 'project_set',
      input,
      items: [{ column: a, name: 'unnest', overload: self, args: [ints([5, 6])] }],
    };
    expect((await run(each)).map((r) => [r[0], r[3]])).toEqual(
      [1, 2, 3, 4].flatMap((i) => [
        [i, 5],
        [i, 6],
      ]),
    );
  });

  test('no columns, no rows', async () => {
    const n = col('n', types.int8);
    const count = (from: LogicalPlan): LogicalPlan => ({
      kind: 'aggregate',
      input: from,
      groups: [],
      aggregates: [{ column: n, call: aggregate('count', []) }],
    });
    expect(await run(count({ kind: 'project', input, items: [] }))).toEqual([[4]]);
    expect(
      await run(count({ kind: 'input', index: 0, columns: [] }), {
        ...table,
        columns: [],
        rows: [[], [], []],
      } as PhysicalPlan),
    ).toEqual([[3]]);
    expect(await run({ kind: 'values', columns: [col('v')], rows: [] })).toEqual([]);
  });
});

describe('expressions', () => {
  const evaluate = async (expr: Scalar) =>
    (
      await run({
        kind: 'project',
        input: { kind: 'values', columns: [], rows: [[]] },
        items: [{ column: col('v', expr.type), expr }],
      })
    )[0]![0];

  test.each([
    [Number.NaN, types.float8],
    [Number.POSITIVE_INFINITY, types.float4],
    [-0, types.float8],
    [0.1, types.float8],
    [5e-324, types.float8],
    [Math.fround(0.1), types.float4],
    ['it\'s a "test" \\ ü ✓', types.text],
    ['a\0b', types.text],
    [true, types.bool],
    [null, types.float8],
  ])('literal %s', async (value, type) => {
    const got = await evaluate(lit(value, type));
    expect(Object.is(got, value)).toBe(true);
  });

  test('64-bit and decimal literals', async () => {
    const eight = await engine
      .execute(
        duck({ kind: 'values', columns: [col('v', types.int8)], rows: [[lit(-9223372036854775808n, types.int8)]] }),
      )
      .batches[Symbol.asyncIterator]()
      .next();
    expect(eight.value!.getChildAt(0)!.get(0)).toBe(-9223372036854775808n);
    const type = { kind: 'numeric', precision: 38, scale: 2 } as const;
    expect(
      await evaluate(
        call(
          '=',
          [
            lit({ unscaled: -5n, scale: 2 }, type),
            call('-', [lit({ unscaled: 0n, scale: 2 }, type), lit({ unscaled: 5n, scale: 2 }, type)], type),
          ],
          types.bool,
        ),
      ),
    ).toBe(true);
  });

  const p = col('p');
  const q = col('q');
  const ints = (values: readonly (number | null)[] | null) => lit(values, listOf(types.int4));
  const map = (a: readonly (number | null)[] | null, b: readonly (number | null)[] | null): Scalar => ({
    kind: 'list_map',
    params: [
      { column: p, list: ints(a) },
      { column: q, list: ints(b) },
    ],
    body: call('+', [ref(p), ref(q)]),
    type: listOf(types.int4),
  });
  test('list_map in lock-step', async () => {
    expect(await evaluate(map([1, 2, null], [10, 20, 30]))).toEqual([11, 22, null]);
    expect(await evaluate(map([], []))).toEqual([]);
    expect(await evaluate(map(null, [1]))).toBeNull();
    expect(await code(evaluate(map([1], [1, 2])))).toBe('2202E');
  });
  test('list_filter drops what is not true', async () => {
    const body = call('>', [ref(p), lit(1)], types.bool);
    expect(
      await evaluate({ kind: 'list_filter', param: p, list: ints([1, 2, null, 3]), body, type: listOf(types.int4) }),
    ).toEqual([2, 3]);
  });

  const subquery = (
    mode: 'any' | 'all',
    left: number | null,
    rows: readonly (number | null)[],
    operator: string,
  ): Scalar => ({
    kind: 'subquery',
    mode,
    plan: { kind: 'values', columns: [col('v')], rows: rows.map((r) => [lit(r)]) },
    left: [lit(left)],
    comparison: { name: operator, overloads: [infix(operator)] },
    type: types.bool,
  });
  test.each([
    ['any', 1, [1, null], '=', true],
    ['any', 2, [1, null], '=', null],
    ['any', 2, [1, 3], '=', false],
    ['any', null, [], '=', false],
    ['any', 2, [1, null], '>', true],
    ['any', 1, [2, null], '>', null],
    ['all', 2, [1, null], '>', null],
    ['all', 1, [2, null], '>', false],
    ['all', 5, [], '>', true],
    ['all', null, [1], '<>', null],
  ] as const)('%s is three-valued: %s of %s by %s', async (mode, left, rows, operator, result) => {
    expect(await evaluate(subquery(mode, left, rows, operator))).toBe(result);
  });

  test('scalar, exists and array subqueries, correlated', async () => {
    const right = renamed();
    const matching: LogicalPlan = {
      kind: 'filter',
      input: right.plan,
      predicate: call('=', [ref(right.columns[1]!), ref(x)], types.bool),
    };
    const n = col('n', types.int8);
    const ids = col('ids');
    const plan: LogicalPlan = {
      kind: 'project',
      input,
      items: [
        { column: col('id'), expr: ref(id) },
        {
          column: col('c', types.int8),
          expr: {
            kind: 'subquery',
            mode: 'scalar',
            type: types.int8,
            plan: {
              kind: 'aggregate',
              input: matching,
              groups: [],
              aggregates: [{ column: n, call: aggregate('count', []) }],
            },
          },
        },
        { column: col('e', types.bool), expr: { kind: 'subquery', mode: 'exists', type: types.bool, plan: matching } },
        {
          column: col('a', listOf(types.int4)),
          expr: {
            kind: 'subquery',
            mode: 'array',
            type: listOf(types.int4),
            plan: { kind: 'project', input: matching, items: [{ column: ids, expr: ref(right.columns[0]!) }] },
          },
        },
      ],
    };
    expect(
      await run({
        kind: 'sort',
        input: plan,
        keys: [key(ref((plan as Extract<LogicalPlan, { kind: 'project' }>).items[0]!.column))],
      }),
    ).toEqual([
      [1, 1, true, [1]],
      [2, 2, true, [2, 4]],
      [3, 0, false, []],
      [4, 2, true, [2, 4]],
    ]);
    const many: Scalar = {
      kind: 'subquery',
      mode: 'scalar',
      type: types.int4,
      plan: { kind: 'values', columns: [col('v')], rows: [[lit(1)], [lit(2)]] },
    };
    expect(await code(evaluate(many))).toBe('21000');
  });

  test('10,000 terms of OR, IN and UNION', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => i);
    const or: Scalar = {
      kind: 'or',
      args: many.map((i) => call('=', [ref(id), lit(i + 4)], types.bool)),
      type: types.bool,
    };
    expect((await run({ kind: 'filter', input, predicate: or })).map((r) => r[0])).toEqual([4]);
    const within: Scalar = { kind: 'in', arg: ref(id), list: many.map((i) => lit(i + 3)), type: types.bool };
    expect((await run({ kind: 'filter', input, predicate: within })).map((r) => r[0])).toEqual([3, 4]);
    const union: LogicalPlan = {
      kind: 'set',
      op: 'union',
      all: true,
      columns: [col('v')],
      inputs: many.map((i) => ({ kind: 'values', columns: [col('v')], rows: [[lit(i)]] })),
    };
    expect((await run(union)).map((r) => r[0])).toEqual(many);
  });
});
