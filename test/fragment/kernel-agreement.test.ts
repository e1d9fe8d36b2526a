// The kernel and the evaluator answer random fragments alike, to the bit; `npx tsx scripts/fuzz-kernel.ts` does it at length, natively too.
import { beforeAll, describe, expect, it } from 'vitest';
import { answerFragment } from '../../src/exec/fragment/index.js';
import { buffersFrom, type FragmentKernel, loadKernel } from '../../src/exec/fragment/kernel.js';
import { openStore } from '../../src/store/index.js';
import { compareAnswers } from './compare-answers.js';
import { Random, randomFragment, randomPartition } from './random-fragment.js';

const cases = Number(process.env['CASES'] ?? 3_000);
const seed = Number(process.env['SEED'] ?? 1);
const perPartition = 60;

let kernel: FragmentKernel;
beforeAll(async () => {
  kernel = await loadKernel();
});

describe('random fragments', () => {
  it(`${cases} are answered as the evaluator answers them`, async () => {
    const tally = { same: 0, error: 0, cannot: 0 };
    for (let done = 0, part = 0; done < cases; part++) {
      const random = new Random(seed * 7919 + part);
      const wild = random.chance(0.4);
      const partition = randomPartition(random, random.pick([0, 1, 7, 40, 200]), wild);
      const store = await openStore('memory:');
      await store.write('p', partition.object);
      for (let i = 0; i < perPartition; i++, done++) {
        const bytes = randomFragment(random, partition, wild);
        const answers = await Promise.all([
          kernel.run(bytes, buffersFrom(store, 'p')),
          answerFragment(store, 'p', bytes),
        ]);
        try {
          tally[compareAnswers(answers[0]!, answers[1])]++;
        } catch (error) {
          throw new Error(`partition ${part}, fragment ${i} (seed ${seed}): ${(error as Error).message}`, {
            cause: error,
          });
        }
      }
    }
    expect(tally.same).toBeGreaterThan(cases / 2);
    expect(tally.error).toBeGreaterThan(cases / 100);
    expect(tally.cannot).toBeLessThan(cases / 20);
  });
});
