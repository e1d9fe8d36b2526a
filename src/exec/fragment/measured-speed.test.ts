import { expect, test } from 'vitest';
import type { FragmentSpec, Gather } from '../../planner/index.js';
import { MeasuredSpeed, UnderWay } from './measured-speed.js';
import { ScanTurns } from './scan-turns.js';

const mib = 1 << 20;
const cost = { rows: 10, read: 4 * mib, answer: 1000 };
const spec = {} as FragmentSpec;
const turns = (speed: MeasuredSpeed, n: number, of = cost) =>
  Array.from({ length: n }, () => speed.of(spec).takeTurn(of)).filter(Boolean).length;
const many = (n: number, observe: () => void) => {
  for (let i = 0; i < n; i++) observe();
};

test('latency and time per byte are told apart', () => {
  const speed = new MeasuredSpeed();
  many(50, () => {
    speed.read.add(mib, 3 + 8);
    speed.read.add(4 * mib, 3 + 32);
  });
  expect(speed.read.latency).toBeGreaterThan(2);
  expect(speed.read.latency).toBeLessThan(4);
  expect(speed.read.perByte * mib).toBeGreaterThan(7.5);
  expect(speed.read.perByte * mib).toBeLessThan(8.5);
});

test('storage that is not busy gets all, small fragments too', () => {
  const speed = new MeasuredSpeed();
  expect(turns(speed, 20)).toBe(20);
  many(40, () => speed.call.add(4 * mib, 12));
  many(40, () => speed.here.add(4 * mib, 10));
  expect(turns(speed, 20)).toBe(20);
  // All latency: some milliseconds more are no load.
  many(40, () => speed.call.add(200_000, 9));
  expect(turns(speed, 20, { ...cost, read: 200_000 })).toBe(20);
});

test('busy storage gets as much less as it is slower, never nothing, and all again when it is quick', () => {
  const speed = new MeasuredSpeed();
  many(40, () => speed.here.add(4 * mib, 80));
  many(40, () => speed.call.add(4 * mib, 240));
  expect(turns(speed, 300)).toBeGreaterThan(90);
  expect(turns(speed, 300)).toBeLessThan(110);
  many(100, () => speed.call.add(4 * mib, 40_000));
  expect(turns(speed, 1000)).toBeGreaterThanOrEqual(99);
  expect(turns(speed, 1000)).toBeLessThanOrEqual(101);
  many(100, () => speed.call.add(4 * mib, 40));
  expect(turns(speed, 100)).toBe(100);
});

test('what was seen long ago counts less: storage that was busy is asked again', () => {
  let now = 0;
  const speed = new MeasuredSpeed(() => now);
  many(40, () => speed.call.add(4 * mib, 2000));
  expect(turns(speed, 100)).toBeLessThan(20);
  now = 20 * 60_000;
  expect(turns(speed, 100)).toBe(100);
});

test('of what runs side by side each has its part of the time', async () => {
  let now = 0;
  const jobs = new UnderWay(() => now);
  const ends: (() => void)[] = [];
  const job = () => new Promise<void>((resolve) => ends.push(resolve));
  const run = async (n: number) => {
    const all = Array.from({ length: n }, () => jobs.time(job));
    now += 60;
    for (const end of ends.splice(0)) end();
    return (await Promise.all(all)).map(({ milliseconds }) => milliseconds);
  };
  expect(await run(1)).toEqual([60]);
  expect(await run(4)).toEqual([24, 24, 24, 24]);
  await expect(jobs.time(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

const scan = { placement: 'storage' } as Gather;

test('one refusal does not end the offers; refusals in a row are ever further apart', () => {
  const ran = (refuses: (n: number) => boolean) => {
    const scanned = new ScanTurns(scan, new MeasuredSpeed().of(spec));
    let asked = 0;
    for (let n = 0; n < 1000; n++) {
      const turn = scanned.next(n);
      if (!turn) continue;
      asked++;
      if (refuses(n)) turn.refused();
      else turn.answered();
    }
    return asked;
  };
  expect(ran(() => false)).toBe(1000);
  expect(ran((n) => n === 500)).toBe(999);
  expect(ran((n) => n % 2 === 0)).toBeGreaterThan(300);
  expect(ran(() => true)).toBe(10);
});

test('refusals of fragments that were under way together count once', () => {
  const scanned = new ScanTurns(scan, new MeasuredSpeed().of(spec));
  const together = Array.from({ length: 8 }, (_, n) => scanned.next(n)!);
  for (const turn of together) turn.refused();
  expect(scanned.next(8)).toBeUndefined();
  expect(scanned.next(9)).toBeDefined();
});

test('more fragments are under way in storage once it answers, as far as their answers are small', () => {
  const fragment = { rows: 1, read: 1, partitions: 100 };
  const small = new ScanTurns({ ...scan, estimate: { ...fragment, answer: 100_000 } }, new MeasuredSpeed().of(spec));
  const turn = small.next(0)!;
  expect(small.mostUnderWay(4)).toBe(4);
  turn.answered();
  expect(small.mostUnderWay(4)).toBe(16);
  const large = new ScanTurns(
    { ...scan, estimate: { ...fragment, answer: 100 * (40 << 20) } },
    new MeasuredSpeed().of(spec),
  );
  large.next(0)!.answered();
  expect(large.mostUnderWay(4)).toBe(4);
  const limited = new ScanTurns({ ...scan, limit: 5 }, new MeasuredSpeed().of(spec));
  limited.next(0)!.answered();
  expect(limited.mostUnderWay(4)).toBe(4);
});

test('a fragment that computes much is slow in storage, and here: it is tried here before storage is taken for busy', () => {
  const speed = new MeasuredSpeed();
  // Others have been quick at both places.
  many(40, () => speed.here.add(4 * mib, 10));
  many(40, () => speed.call.add(4 * mib, 10));
  const heavy = {} as FragmentSpec;
  const one = (value: number) => new Float64Array(100).fill(value);
  const costs = { rows: one(cost.rows), read: one(cost.read), answer: one(cost.answer) };
  const scanned = new ScanTurns({ ...scan, costs }, speed.of(heavy));
  const ran = (partitions: number): number => {
    let here = 0;
    for (let n = 0; n < partitions; n++) {
      const turn = scanned.next(n);
      if (turn) speed.of(heavy).called(cost.read, cost.answer, 60);
      else here++;
    }
    return here;
  };
  expect(ran(16)).toBe(2);
  speed.of(heavy).ranHere(cost.read, 80);
  expect(ran(50)).toBe(0);
  // Had it been quick here, storage would have got less.
  many(20, () => speed.of(heavy).ranHere(cost.read, 10));
  expect(ran(60)).toBeGreaterThan(30);
});
