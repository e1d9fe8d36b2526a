// The measured pitfalls of DuckDB-WASM, each held by a test on real worker threads.
import * as arrow from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiagnosticError } from '../../src/core/index.js';
import {
  Displaced,
  type DuckDbLease,
  DuckDbPool,
  type DuckDbSession,
  type QueryOptions,
} from '../../src/exec/duckdb/index.js';
import { until } from '../support/until.js';

async function collect(session: DuckDbSession, sql: string, options: QueryOptions = {}): Promise<arrow.Table> {
  const { schema, messages } = await session.query(sql, options);
  const all: Uint8Array[] = [schema];
  for await (const portion of messages) all.push(...portion);
  return new arrow.Table([...arrow.RecordBatchReader.from(all)]);
}
const errorOf = async (work: Promise<unknown>): Promise<DiagnosticError> => {
  try {
    await work;
  } catch (error) {
    return error as DiagnosticError;
  }
  throw new Error('it succeeded');
};

describe('pool', () => {
  const pool = new DuckDbPool({ workers: 2, heapBytes: 2 ** 31 });
  let lease: DuckDbLease;
  let session: DuckDbSession;
  beforeAll(async () => {
    lease = await pool.lease();
    session = await lease.openSession();
  });
  afterAll(() => pool.close());
  const one = async (sql: string) => (await collect(session, sql)).getChildAt(0)!.get(0);

  test.each(["SELECT '{}'::json", 'LOAD icu', "SELECT now() AT TIME ZONE 'Europe/Berlin'", "FROM 'x.parquet'"])(
    'what needs an extension fails and does not hang: %s',
    async (sql) => {
      const { code, message } = await errorOf(collect(session, sql));
      expect(['0A000', 'XX000']).toContain(code);
      expect(message).toMatch(/extension/i);
    },
  );

  test('the file system is out of reach', async () => {
    const { message } = await errorOf(session.execute("COPY (SELECT 1) TO '/tmp/skyhook-escape.csv'"));
    expect(message).toMatch(/disabled by configuration/);
  });

  test('types come out as they are cast, not as doubles', async () => {
    const table = await collect(
      session,
      `SELECT 9007199254740993::BIGINT AS a, 18446744073709551615::UBIGINT AS b, 12.50::DECIMAL(38,2) AS c,
         170141183460469231731687303715884105727::HUGEINT::DECIMAL(38,0) IS NULL AS d,
         INTERVAL '1 month 2 days 3 seconds' AS e, [[1.5::FLOAT], NULL, []] AS f,
         '290309-12-22'::TIMESTAMP AS g, '-0.0'::DOUBLE AS h, 'nan'::FLOAT AS i`,
    ).catch((error) => error);
    // 38 digits are what a decimal holds: the hugeint's 39 are a clean error.
    expect((table as DiagnosticError).code).toBe('22003');
    const good = await collect(
      session,
      `SELECT 9007199254740993::BIGINT AS a, 18446744073709551615::UBIGINT AS b, 12.50::DECIMAL(38,2) AS c,
         99999999999999999999999999999999999999::DECIMAL(38,0) AS d,
         INTERVAL '1 month 2 days 3 seconds' AS e, [[1.5::FLOAT], NULL, []] AS f,
         '290309-12-22'::TIMESTAMP AS g, '-0.0'::DOUBLE AS h, 'nan'::FLOAT AS i`,
    );
    const [a, b, c, d, e, f, g, h, i] = good.schema.fields.map((_, n) => good.getChildAt(n)!);
    expect(a!.get(0)).toBe(9007199254740993n);
    expect(b!.get(0)).toBe(18446744073709551615n);
    expect(String(c!.type)).toBe('Decimal[38e+2]');
    expect(c!.get(0)[0]).toBe(1250);
    expect(String(d!.type)).toBe('Decimal[38e0]');
    expect(Array.from(e!.data[0]!.values as Int32Array).slice(0, 2)).toEqual([1, 2]);
    expect(new BigInt64Array((e!.data[0]!.values as Int32Array).slice(0, 4).buffer)[1]).toBe(3_000_000_000n);
    expect(f!.get(0)!.get(0)!.get(0)).toBe(1.5);
    expect(f!.get(0)!.get(1)).toBeNull();
    expect(f!.get(0)!.get(2)!.length).toBe(0);
    expect((g!.data[0]!.values as BigInt64Array)[0]).toBe(9099130636800000000n);
    expect(Object.is(h!.get(0), -0)).toBe(true);
    expect(i!.get(0)).toBeNaN();
  });

  test('an IPC stream without its end inserts nothing and breaks its session alone', async () => {
    const broken = await lease.openSession();
    await broken.execute('CREATE TEMP TABLE t (a INTEGER)');
    const whole = arrow.tableToIPC(arrow.tableFromArrays({ a: Int32Array.of(1, 2) }), 'stream');
    await broken.insert('t', whole.slice(0, whole.length - 8) as Uint8Array<ArrayBuffer>);
    await errorOf(broken.insert('t', whole.slice() as Uint8Array<ArrayBuffer>));
    const healthy = await lease.openSession();
    await healthy.execute('CREATE TEMP TABLE t (a INTEGER)');
    await healthy.insert('t', whole.slice() as Uint8Array<ArrayBuffer>);
    expect((await collect(healthy, 'SELECT sum(a)::INTEGER FROM t')).getChildAt(0)!.get(0)).toBe(3);
  });

  test.each([
    ["SELECT 'a'::INTEGER", '22P02'],
    ['SELECT (i + 127)::TINYINT FROM range(3) t(i)', '22003'],
    ['SELECT 9223372036854775807 + i FROM range(3) t(i)', '22003'],
    ["SELECT '2020-13-01'::DATE", '22008'],
    ['SELECT (SELECT i FROM range(3) t(i))', '21000'],
    ["SELECT error('SKYHOOK:22012:division by zero')", '22012'],
    [
      "SELECT CASE WHEN i = 100000 THEN error('SKYHOOK:2202E:lists of different lengths') ELSE i END FROM range(200000) t(i)",
      '2202E',
    ],
    ['SELECT missing', 'XX000'],
  ])('errors carry a SQLSTATE: %s', async (sql, code) => {
    expect((await errorOf(collect(session, sql))).code).toBe(code);
    expect(await one('SELECT 42')).toBe(42);
  });

  test('10,000 terms', async () => {
    const terms = Array.from({ length: 10_000 }, (_, i) => i);
    expect(await one(`SELECT ${terms.map((i) => `(i + ${i}) % 7 = 9`).join(' OR ')} FROM range(1) t(i)`)).toBe(false);
    expect(await one(`SELECT i IN (${terms.join(', ')}) FROM range(1) t(i)`)).toBe(true);
  });

  test('a slow result stays cancelable, and its worker usable', async () => {
    const victim = await lease.openSession();
    // Minutes long, if it is not canceled.
    const failure = errorOf(collect(victim, 'SELECT sum(i * i) FROM range(1000000000000) t(i)'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await victim.close();
    expect((await failure).code).toBe('57014');
    expect(await one('SELECT 42')).toBe(42);
  });

  test('sessions of one worker take turns', async () => {
    const other = await lease.openSession();
    let slowDone = false;
    const slow = collect(session, 'SELECT sum(i % 7) FROM range(400000000) t(i)').then(() => {
      slowDone = true;
    });
    expect((await collect(other, 'SELECT 1')).numRows).toBe(1);
    expect(slowDone).toBe(false);
    await slow;
  });

  test('more leases than workers share, and none waits', async () => {
    const leases = await Promise.all([pool.lease(), pool.lease(), pool.lease()]);
    expect(pool.workers.length).toBe(2);
    const answers = await Promise.all(
      leases.map(async (l) => (await collect(await l.openSession(), 'SELECT 7')).getChildAt(0)!.get(0)),
    );
    expect(answers).toEqual([7, 7, 7]);
    await Promise.all(leases.map((l) => l.release()));
  });
});

/** Each of 2,048 rows has a million partners: hours, in which DuckDB does not listen. */
const endless = 'SELECT count(*) FROM range(1000000) a(i) CROSS JOIN range(1000000) b(j) WHERE i * j % 7 = 8';

describe('steps that take long', () => {
  const pool = new DuckDbPool({ workers: 1, heapBytes: 2 ** 30 });
  afterAll(() => pool.close());
  const answer = async (lease: DuckDbLease) =>
    (await collect(await lease.openSession(), 'SELECT 42')).getChildAt(0)!.get(0);

  test('are ended within, and their thread lives on', async () => {
    const [lease, neighbour] = [await pool.lease(), await pool.lease()];
    const [worker] = pool.workers;
    const waiting = await neighbour.openSession();
    const failure = errorOf(collect(await lease.openSession(), endless, { watched: true }));
    await until(() => worker!.isDeaf);
    const answered = collect(waiting, 'SELECT 42');
    await lease.release();
    expect((await failure).code).toBe('57014');
    expect((await answered).getChildAt(0)!.get(0)).toBe(42);
    await neighbour.release();
    expect(worker!.dead).toBe(false);
    expect(pool.workers).toEqual([worker]);
  });

  test('have others stand in for their thread, who go again', async () => {
    const [lease, early] = [await pool.lease(), await pool.lease()];
    const [worker] = pool.workers;
    const session = await lease.openSession();
    const waiting = await early.openSession();
    const failure = errorOf(collect(session, endless, { watched: true }));
    // One comes before anybody knows, and may begin anew.
    const late = await pool.lease();
    await expect(late.openSession(() => true)).rejects.toThrow(Displaced);
    await late.release();
    const later = await pool.lease();
    expect(await answer(later)).toBe(42);
    expect(pool.workers.length).toBe(2);
    // Who gives up waiting takes nothing from the one who computes.
    const given = errorOf(collect(waiting, 'SELECT 42'));
    await early.release();
    expect(worker!.dead).toBe(false);
    await later.release();
    expect(pool.workers).toEqual([worker]);
    await lease.release();
    expect((await failure).code).toBe('57014');
    expect((await given).code).toBe('57014');
  });
});

test('nobody keeps others waiting on the last of the threads', async () => {
  const pool = new DuckDbPool({ workers: 1, heapBytes: 2 ** 30 });
  try {
    const endlessOn = async (lease: DuckDbLease) => {
      const running = collect(await lease.openSession(() => true), endless, { watched: true });
      running.catch(() => {});
      return running;
    };
    const first = await pool.lease();
    const firstFailed = errorOf(endlessOn(first));
    await until(() => pool.workers[0]!.isDeaf);
    const other = await pool.lease();
    const otherFailed = errorOf(endlessOn(other));
    await until(() => pool.workers.length === 2 && pool.workers[1]!.isDeaf);
    const light = await pool.lease();
    expect((await collect(await light.openSession(), 'SELECT 42')).getChildAt(0)!.get(0)).toBe(42);
    expect(await otherFailed).toBeInstanceOf(Displaced);
    await Promise.all([light.release(), other.release(), first.release()]);
    expect((await firstFailed).code).toBe('57014');
  } finally {
    await pool.close();
  }
});

describe('failures of a worker', () => {
  const pool = new DuckDbPool({ workers: 1, heapBytes: 256 << 20 });
  afterAll(() => pool.close());
  const works = async () => {
    const lease = await pool.lease();
    try {
      expect((await collect(await lease.openSession(), 'SELECT 42')).getChildAt(0)!.get(0)).toBe(42);
    } finally {
      await lease.release();
    }
  };

  test('out of memory is 53200, and the heap keeps its bound', async () => {
    const lease = await pool.lease();
    const session = await lease.openSession();
    const error = await errorOf(
      session.execute("CREATE TEMP TABLE t AS SELECT i, i::VARCHAR || repeat('a', 30) FROM range(50000000) t(i)"),
    );
    expect(error.code).toBe('53200');
    expect(pool.workers[0]!.heapBytes).toBeLessThanOrEqual(256 << 20);
    const grown = pool.workers[0];
    await lease.release();
    // A heap that grew that far never shrinks: the worker is replaced.
    expect(grown!.dead).toBe(true);
    await works();
  });

  test('an insert beyond the heap is 53200 too, not a broken instance', async () => {
    const lease = await pool.lease();
    const session = await lease.openSession();
    await session.execute('CREATE TEMP TABLE t (a INTEGER)');
    expect((await errorOf(session.insert('t', new Uint8Array(400 << 20)))).code).toBe('53200');
    await lease.release();
    await works();
  });

  test('a thread that dies fails its query with 57P02 and is replaced', async () => {
    const lease = await pool.lease();
    const session = await lease.openSession();
    const failure = errorOf(collect(session, 'SELECT sum(i * i) FROM range(100000000000) t(i)'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await pool.workers[0]!.thread.terminate();
    expect((await failure).code).toBe('57P02');
    await lease.release();
    await works();
  });

  test('a query that does not listen is ended with its thread', async () => {
    const lease = await pool.lease();
    const session = await lease.openSession();
    // One row is one step: nothing polls inside it.
    const failure = errorOf(
      collect(
        session,
        'SELECT list_sum(list_transform(range(8000000), lambda x: sin(sin(sin(x))) + list_sum(range(20))))',
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await lease.release();
    expect(['57P02', '57014', '53200']).toContain((await failure).code);
    await works();
  });
});
