// The executor over real worker threads: streaming, cancellation, crashes, limits, metrics.
import type * as arrow from 'apache-arrow';
import { afterAll, describe, expect, test } from 'vitest';
import { type DiagnosticError, types } from '../../src/core/index.js';
import { engineOf } from '../../src/exec/engine.js';
import { compileEval, evalValues } from '../../src/exec/eval/index.js';
import type { NodeMetrics } from '../../src/exec/index.js';
import type { Gather, LogicalPlan, PhysicalPlan } from '../../src/planner/index.js';
import { quickest, until } from '../support/until.js';
import { call, col, duck, key, lit, overload, ref, rowsOf, testEngine } from './plans.js';

const { engine, pool } = testEngine({ workers: 2, heapBytes: 2 ** 30 });
afterAll(() => engine.close());

const series = (count: number): LogicalPlan => ({
  kind: 'table_function',
  calls: [
    {
      name: 'generate_series',
      overload: overload('generate_series'),
      args: [lit(1n, types.int8), lit(BigInt(count), types.int8)],
      columns: [col('i', types.int8)],
    },
  ],
});
/** Never ends in time, and gives nothing before its end. */
const endless = (): PhysicalPlan => {
  const from = series(10 ** 12);
  const i = (from as Extract<LogicalPlan, { kind: 'table_function' }>).calls[0]!.columns[0]!;
  return duck({
    kind: 'filter',
    input: from,
    predicate: call('<', [call('%', [ref(i), lit(7n, types.int8)], types.int8), lit(-1n, types.int8)], types.bool),
  });
};
const works = async () => expect(await rowsOf(engine.execute(duck(series(3))).batches)).toEqual([[1], [2], [3]]);
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'it succeeded',
    (error: DiagnosticError) => error.code,
  );
const numbers = (count: number): PhysicalPlan => ({
  kind: 'values',
  columns: [col('v')],
  rows: Array.from({ length: count }, (_, i) => [lit(i)]),
});

describe('streams', () => {
  test('20 million rows pass a slow reader in bounded memory', async () => {
    await works();
    const before = process.memoryUsage().rss;
    let rows = 0;
    let most = 0;
    let batches = 0;
    for await (const batch of engine.execute(duck(series(20_000_000))).batches) {
      rows += batch.numRows;
      if (batches++ % 500 !== 0) continue;
      await new Promise((resolve) => setTimeout(resolve, 5));
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(rows).toBe(20_000_000);
    // The result has 160 MB.
    expect(most - before).toBeLessThan(130e6);
  });

  test('a filter over a streamed input streams too, in order', async () => {
    const source = series(3_000_000);
    const input: PhysicalPlan = duck(source);
    const v = (source as Extract<LogicalPlan, { kind: 'table_function' }>).calls[0]!.columns[0]!;
    const plan: LogicalPlan = {
      kind: 'filter',
      input: { kind: 'input', index: 0, columns: [v] },
      predicate: call('=', [call('%', [ref(v), lit(3n, types.int8)], types.int8), lit(0n, types.int8)], types.bool),
    };
    let last = 0n;
    let rows = 0;
    for await (const batch of engine.execute(duck(plan, input)).batches) {
      for (const value of batch.getChildAt(0)!.data[0]!.values as BigInt64Array) {
        if (value !== last + 3n) throw new Error(`${value} after ${last}`);
        last = value;
      }
      rows += batch.numRows;
    }
    expect(rows).toBe(1_000_000);
  });

  test('leaving early frees the worker', async () => {
    for await (const batch of engine.execute(duck(series(10 ** 12))).batches) {
      expect(batch.numRows).toBeGreaterThan(0);
      break;
    }
    expect(pool.workers.every((worker) => worker.users === 0)).toBe(true);
    await works();
  });

  test('limit and offset cut batches and stop their input', async () => {
    const plan: PhysicalPlan = { kind: 'limit', input: duck(series(10 ** 12)), limit: 3, offset: 5000 };
    expect(await rowsOf(engine.execute(plan).batches)).toEqual([[5001], [5002], [5003]]);
    expect(await rowsOf(engine.execute({ kind: 'limit', input: numbers(3), offset: 2 }).batches)).toEqual([[2]]);
    expect(await rowsOf(engine.execute({ kind: 'limit', input: numbers(3), limit: 0, offset: 0 }).batches)).toEqual([]);
  });

  test('more open results than workers', async () => {
    const iterators = Array.from({ length: 5 }, () =>
      engine.execute(duck(series(100_000))).batches[Symbol.asyncIterator](),
    );
    for (const it of iterators) expect((await it.next()).done).toBe(false);
    await works();
    await Promise.all(iterators.map((it) => it.return!()));
  });

  test('one query through DuckDB, the evaluator and DuckDB again', async () => {
    const one = testEngine({ workers: 1 });
    try {
      const inner = series(5);
      const i = (inner as Extract<LogicalPlan, { kind: 'table_function' }>).calls[0]!.columns[0]!;
      const j = col('j', types.int8);
      const middle: PhysicalPlan = {
        kind: 'eval',
        input: duck(inner),
        filter: [],
        items: [{ column: j, expr: ref(i) }],
      };
      const plan: LogicalPlan = {
        kind: 'sort',
        input: { kind: 'input', index: 0, columns: [j] },
        keys: [key(ref(j), true)],
      };
      expect(await rowsOf(one.engine.execute(duck(plan, middle)).batches)).toEqual([[5], [4], [3], [2], [1]]);
    } finally {
      await one.engine.close();
    }
  });
});

describe('cancellation and failures', () => {
  test.each([0, 50, 300])('an abort after %s ms ends the query within 100 ms', async (delay) => {
    await works();
    const aborted = async () => {
      const controller = new AbortController();
      const code = codeOf(rowsOf(engine.execute(endless(), { signal: controller.signal }).batches));
      await new Promise((done) => setTimeout(done, delay));
      const start = performance.now();
      controller.abort();
      expect(await code).toBe('57014');
      return performance.now() - start;
    };
    expect(await quickest(100, aborted)).toBeLessThan(100);
    await works();
  });

  test('while a worker starts', async () => {
    const cold = testEngine();
    try {
      expect(await codeOf(rowsOf(cold.engine.execute(endless(), { signal: AbortSignal.timeout(20) }).batches))).toBe(
        '57014',
      );
    } finally {
      await cold.engine.close();
    }
  });

  test('between batches', async () => {
    const controller = new AbortController();
    const iterator = engine
      .execute(duck(series(10 ** 12)), { signal: controller.signal })
      .batches[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort();
    expect(await codeOf(iterator.next())).toBe('57014');
    expect((await iterator.next()).done).toBe(true);
  });

  test('a worker that dies under a query', async () => {
    const failure = codeOf(rowsOf(engine.execute(endless()).batches));
    await until(() => pool.workers.some((worker) => worker.users > 0));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await Promise.all(pool.workers.map((worker) => worker.thread.terminate()));
    expect(await failure).toBe('57P02');
    await works();
  });

  test('errors of values', async () => {
    const boom = { ...overload(() => "error('SKYHOOK:22012:division by zero')") };
    const plan: LogicalPlan = {
      kind: 'project',
      input: { kind: 'values', columns: [], rows: [[]] },
      items: [{ column: col('v'), expr: { kind: 'call', name: 'boom', overload: boom, args: [], type: types.int4 } }],
    };
    expect(await codeOf(rowsOf(engine.execute(duck(plan)).batches))).toBe('22012');
    await works();
  });
});

describe('without DuckDB', () => {
  test('values and expressions never wait for it', async () => {
    const cold = testEngine();
    const v = col('v');
    const sum = col('sum');
    const values: PhysicalPlan = { kind: 'values', columns: [v], rows: [[lit(1)], [lit(2)]] };
    const plan: PhysicalPlan = { kind: 'eval', input: values, filter: [], items: [{ column: sum, expr: ref(v) }] };
    expect(await rowsOf(cold.engine.execute(plan).batches)).toEqual([[1], [2]]);
    expect(cold.pool.workers.length).toBe(0);
    await cold.engine.close();
  });

  test('each file of a dataset by itself, and what each node cost', async () => {
    const i = col('i');
    const files = [0, 1, 2].map((file) => ({
      file,
      cycle: 1,
      variant: 0,
      entries: 2,
      firstPartition: file * 2,
      partitionCount: 2,
    }));
    const table = {
      dataset: 'd',
      id: 0,
      path: 'T',
      cycle: undefined,
      title: '',
      rows: 6,
      columns: [],
      variants: [],
      files,
      partitionCount: 6,
    };
    const gather: Gather = {
      kind: 'gather',
      table,
      fragment: { columns: [], filter: [], output: { kind: 'rows', items: [{ column: i, expr: ref(i) }] } },
      partitions: Int32Array.of(0, 1, 3),
      pruned: [],
      pushed: [],
      residual: [],
      placement: 'local',
      placementReason: '',
    };
    async function* rows(plan: Gather): AsyncGenerator<arrow.RecordBatch> {
      for (const partition of plan.partitions) yield evalValues([i], [[lit(partition)]]);
    }
    const none = () => {
      throw new Error('no merging here');
    };
    const byFile = engineOf({
      fragments: { rows, mergeAggregate: none, mergeTopN: none, close: async () => {} },
      evaluator: { compileEval, evalValues },
      pool,
    });
    const seen: unknown[] = [];
    for await (const result of byFile.executeByFile({ kind: 'gather_by_file', input: gather, files: [0, 1, 2] })) {
      seen.push([result.file, await rowsOf(result.batches)]);
    }
    expect(seen).toEqual([
      [0, [[0], [1]]],
      [1, [[3]]],
      [2, []],
    ]);
    let metrics: NodeMetrics | undefined;
    await rowsOf(
      byFile.execute({ kind: 'limit', input: gather, limit: 2, offset: 0 }, { onMetrics: (m) => (metrics = m) })
        .batches,
    );
    expect(metrics).toMatchObject({
      kind: 'limit',
      rows: 2,
      inputs: [{ kind: 'gather', rows: 2, gather: { partitions: 0 } }],
    });
  });
});
