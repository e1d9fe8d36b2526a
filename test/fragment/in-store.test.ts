// Fragments that the store runs itself: a store with the evaluator in it answers in bytes, and what it cannot do is done here.
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeResult, fail, fragmentVersion, types } from '../../src/core/index.js';
import { answerFragment, createFragmentRunner, type FragmentRunner } from '../../src/exec/fragment/index.js';
import type { FragmentOutput, Gather, Scalar } from '../../src/planner/index.js';
import { MeteredStore, type ObjectStore } from '../../src/store/index.js';
import {
  aggregate,
  call,
  collect,
  entry,
  type Fixture,
  items,
  lit,
  met,
  openFixture,
  options,
  partitions,
  pt,
  ref,
  run,
  stored,
  tag,
  test,
} from './fixture.js';

let fixture: Fixture;
/** Counts what is read past the store's own execution. */
let outside: MeteredStore;

/** A store that computes: `answer` stands where a storage daemon would. */
function computing(answer: NonNullable<ObjectStore['execute']>): FragmentRunner {
  const inner = new Proxy(fixture.store, {
    get(target, key) {
      if (key === 'execute') return answer;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  outside = new MeteredStore(inner);
  return createFragmentRunner({ store: outside, catalog: fixture.catalog });
}
const home: NonNullable<ObjectStore['execute']> = (name, fragment, more) =>
  answerFragment(fixture.store, name, fragment, more?.signal);

beforeAll(async () => {
  fixture = await openFixture();
});

const positive = test('gt', ref(met), lit(types.float8, 0));
const inStorage = (output: FragmentOutput, filter: readonly Scalar[] = [positive]): Gather => ({
  ...fixture.gatherOf(output, filter),
  placement: 'storage',
});
const all = () => inStorage({ kind: 'rows', items: items(ref(entry), ref(met), ref(pt), ref(tag)) });
const shapes = [types.int8, types.float8, stored[3]!.type, types.text];

describe('a store that computes', () => {
  it('answers rows as the evaluator here does, and nothing else is read', async () => {
    const there = options();
    expect(await collect(computing(home).rows(all(), there), shapes)).toEqual(
      await collect(fixture.runner.rows(all(), options()), shapes),
    );
    expect(there.metrics).toMatchObject({ partitions, inStore: partitions, notices: [] });
    expect(outside.traffic.readOperations).toBe(0);
    expect(there.metrics.bytesMoved).not.toBe(there.metrics.bytesRead);
  });

  it('answers partial aggregates and tops', async () => {
    const aggregates = [aggregate('sum', types.float8, ref(met)), aggregate('count_star', types.int8)];
    const output = { kind: 'aggregate', groups: items(ref(run)), aggregates } as const;
    const merge = (input: Gather) =>
      ({ kind: 'merge_aggregate', input, groups: output.groups.map((g) => g.column), aggregates }) as const;
    const as = [types.int4, types.float8, types.int8];
    expect(await collect(computing(home).mergeAggregate(merge(inStorage(output, [])), options()), as)).toEqual(
      await collect(fixture.runner.mergeAggregate(merge(fixture.gatherOf(output)), options()), as),
    );
    const keys = [{ expr: ref(met), descending: true, nullsFirst: true }];
    const top = { kind: 'top_n', items: items(ref(entry), ref(tag)), keys, limit: 40 } as const;
    const plan = (input: Gather) => ({ kind: 'merge_top_n', input, keys, limit: 40, offset: 0 }) as const;
    expect(
      await collect(computing(home).mergeTopN(plan(inStorage(top, [])), options()), [types.int8, types.text]),
    ).toEqual(
      await collect(fixture.runner.mergeTopN(plan(fixture.gatherOf(top)), options()), [types.int8, types.text]),
    );
  });

  it('passes on what the fragment raises', async () => {
    const divided = call('div', types.int4, lit(types.int4, 1), call('sub', types.int4, ref(run), ref(run)));
    const failing = inStorage({ kind: 'rows', items: items(divided) });
    await expect(collect(computing(home).rows(failing, options()), [types.int4])).rejects.toMatchObject({
      code: '22012',
      message: 'division by zero',
    });
  });

  it('is not asked where the plan says here', async () => {
    const never = computing(() => {
      throw new Error('asked');
    });
    expect(await collect(never.rows({ ...all(), placement: 'local' }, options()), shapes)).not.toHaveLength(0);
  });
});

describe('a store that cannot', () => {
  const fallback = async (answer: NonNullable<ObjectStore['execute']>, reason: RegExp) => {
    let asked = 0;
    const there = options();
    const runner = computing((...args) => {
      asked++;
      return answer(...args);
    });
    expect(await collect(runner.rows(all(), there), shapes)).toEqual(
      await collect(fixture.runner.rows(all(), options()), shapes),
    );
    expect(there.metrics).toMatchObject({ partitions, inStore: 0 });
    expect(there.metrics.notices).toHaveLength(1);
    expect(there.metrics.notices[0]).toMatch(reason);
    expect(outside.traffic.objectsRead.size).toBe(partitions);
    // Those that were under way when the first refusal came.
    expect(asked).toBeLessThan(partitions);
  };

  it('has an older version: the same bytes run here', async () => {
    const older: typeof home = (name, fragment) => {
      const newer = fragment.slice();
      new DataView(newer.buffer).setUint16(4, fragmentVersion + 1, true);
      return home(name, newer);
    };
    await fallback(older, new RegExp(`version ${fragmentVersion + 1}`));
  });

  it('has no such operation', () =>
    fallback(async () => encodeResult({ kind: 'cannot', reason: 'the pool is erasure-coded' }), /erasure-coded/));

  it('throws that it does not compute', () =>
    fallback(async () => {
      throw fail('feature_not_supported', 'no class skyhook');
    }, /no class skyhook/));

  it('answers nonsense: an error, not an answer', async () => {
    const cut: typeof home = async (...args) => (await home(...args)).subarray(0, -3);
    await expect(collect(computing(cut).rows(all(), options()), shapes)).rejects.toMatchObject({ code: 'XX001' });
  });
});
