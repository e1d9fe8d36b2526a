import { expect, test } from 'vitest';
import { ClassBreaker } from './class-breaker.js';

test('pauses grow while calls fail, and start anew after one that is answered', () => {
  let now = 1000;
  const breaker = new ClassBreaker(() => now);
  expect(breaker.refusal).toBeUndefined();
  const pauses: number[] = [];
  for (let failure = 0; failure < 8; failure++) {
    breaker.open(`failure ${failure}`);
    // Others that were under way.
    breaker.open('late');
    expect(breaker.refusal).toBe(`failure ${failure}`);
    const from = now;
    while (breaker.refusal !== undefined) now += 1000;
    pauses.push(now - from);
  }
  expect(pauses.slice(0, 4)).toEqual([30_000, 60_000, 120_000, 240_000]);
  expect(pauses.at(-1)).toBe(30 * 60_000);
  breaker.answered();
  breaker.open('again');
  now += 30_000;
  expect(breaker.refusal).toBeUndefined();
});
