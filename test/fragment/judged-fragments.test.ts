// Fragments as the planner makes them, at random: the kernel answers as the evaluator does, and as native DuckDB does when it is asked what the
// product would ask of DuckDB-WASM. `npx tsx scripts/fuzz-kernel.ts` does it at length, natively too.
import { beforeAll, describe, expect, it } from 'vitest';
import { answerFragment } from '../../src/exec/fragment/index.js';
import { buffersFrom, type FragmentKernel, loadKernel } from '../../src/exec/fragment/kernel.js';
import { openStore } from '../../src/store/index.js';
import { compareAnswers } from './compare-answers.js';
import { DuckDbJudge, type Judgement } from './duckdb-judge.js';
import { JudgedCases } from './judged-cases.js';

const cases = Number(process.env['CASES'] ?? 600);
const seed = Number(process.env['SEED'] ?? 1);
const perPartition = 60;

let kernel: FragmentKernel;
let judge: DuckDbJudge;
beforeAll(async () => {
  kernel = await loadKernel();
  judge = await DuckDbJudge.open();
});

describe('random fragments of expressions', () => {
  it(`${cases} are answered as DuckDB answers them`, async () => {
    const tally = new Map<Judgement, number>();
    for (let done = 0, part = 0; done < cases; part++) {
      const source = new JudgedCases(seed * 7919 + part);
      await source.load(judge);
      const store = await openStore('memory:');
      await store.write('p', source.partition.object);
      for (let i = 0; i < perPartition; i++, done++) {
        const { bytes, random } = source.next();
        const ours = (await kernel.run(bytes, buffersFrom(store, 'p')))!;
        const theirs = await answerFragment(store, 'p', bytes);
        try {
          const answer = compareAnswers(ours, theirs) === 'cannot' ? theirs : ours;
          const judgement = await judge.judge(answer, random);
          tally.set(judgement, (tally.get(judgement) ?? 0) + 1);
        } catch (error) {
          throw new Error(`partition ${part}, fragment ${i} (seed ${seed}): ${(error as Error).message}`, {
            cause: error,
          });
        }
      }
    }
    expect(tally.get('same')).toBeGreaterThan(0.8 * cases);
    expect(tally.get('error')).toBeGreaterThan(cases / 50);
  });
});
