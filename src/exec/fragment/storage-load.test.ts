import { expect, test } from 'vitest';
import { StorageLoad } from './storage-load.js';

const turns = (load: StorageLoad, n: number) => Array.from({ length: n }, () => load.takeTurn()).filter(Boolean).length;

test('storage that is not busy gets all', () => {
  const load = new StorageLoad();
  expect(turns(load, 20)).toBe(20);
  for (let i = 0; i < 20; i++) load.answered('storage', 32 << 20, 100);
  expect(turns(load, 20)).toBe(20);
});

test('busy storage gets as much less as it is slower, never nothing, and all again when it is quick', () => {
  const load = new StorageLoad();
  for (let i = 0; i < 40; i++) load.answered('storage', 4 << 20, 4 * 60);
  // Until this machine's speed is known, a quarter runs here to find out.
  expect(turns(load, 100)).toBe(75);
  for (let i = 0; i < 40; i++) load.answered('local', 4 << 20, 4 * 20);
  expect(turns(load, 300)).toBeGreaterThanOrEqual(99);
  expect(turns(load, 300)).toBeLessThanOrEqual(101);
  for (let i = 0; i < 200; i++) load.answered('storage', 4 << 20, 4 * 10_000);
  expect(turns(load, 1000)).toBeGreaterThanOrEqual(99);
  expect(turns(load, 1000)).toBeLessThanOrEqual(101);
  for (let i = 0; i < 100; i++) load.answered('storage', 4 << 20, 40);
  expect(turns(load, 100)).toBe(100);
});

test('refusals count as slowness', () => {
  const load = new StorageLoad();
  for (let i = 0; i < 5; i++) load.refused();
  expect(turns(load, 100)).toBeLessThan(80);
});
