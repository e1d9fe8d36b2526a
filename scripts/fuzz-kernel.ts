// `npx tsx scripts/fuzz-kernel.ts [CASES] [SEED]`: random fragments on the native kernel, kernel.wasm and the evaluator. Native and
// WebAssembly must answer with the same bytes, the evaluator with the same values. Prints which operations were reached.
import { decodeFragment, type Instruction, opcodes } from '../src/core/index.js';
import { answerFragment } from '../src/exec/fragment/index.js';
import { buffersFrom, loadKernel } from '../src/exec/fragment/kernel.js';
import { openStore } from '../src/store/index.js';
import { compareAnswers } from '../test/fragment/compare-answers.js';
import { NativeKernel } from '../test/fragment/native-kernel.js';
import { Random, randomFragment, randomPartition } from '../test/fragment/random-fragment.js';

const cases = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const perPartition = 200;

const kernel = await loadKernel();
const native = NativeKernel.build();
const tally = { same: 0, error: 0, cannot: 0 };
const reached = new Map<string, number>(Object.keys(opcodes).map((op) => [op, 0]));
const reasons = new Map<string, number>();
let differences = 0;
const started = performance.now();

function count(instructions: readonly Instruction[], roots: readonly number[]): void {
  const open = [...roots];
  const seen = new Set<number>();
  for (let r = open.pop(); r !== undefined; r = open.pop()) {
    if (seen.has(r)) continue;
    seen.add(r);
    const { op, args } = instructions[r]!;
    reached.set(op, reached.get(op)! + 1);
    open.push(...args);
  }
}

for (let done = 0, part = 0; done < cases; part++) {
  const random = new Random(seed * 7919 + part);
  const wild = random.chance(0.4);
  const rows = random.chance(0.01) ? 20_000 : random.pick([0, 1, 7, 40, 200]);
  const partition = randomPartition(random, rows, wild);
  const store = await openStore('memory:');
  await store.write('p', partition.object);
  native.object(partition.object);
  for (let i = 0; i < perPartition && done < cases; i++, done++) {
    const bytes = randomFragment(random, partition, wild);
    const [answer, theirs, machine] = await Promise.all([
      kernel.run(bytes, buffersFrom(store, 'p')),
      answerFragment(store, 'p', bytes),
      native.run(bytes),
    ]);
    const ours = answer!;
    try {
      if (Buffer.compare(ours, machine.bytes) !== 0) {
        compareAnswers(machine.bytes, theirs);
        compareAnswers(ours, theirs);
        throw new Error('native and WebAssembly differ in their bytes');
      }
      const verdict = compareAnswers(ours, theirs);
      tally[verdict]++;
      if (verdict === 'cannot') {
        const reason = Buffer.from(ours.subarray(12)).toString();
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      if (done % 10 === 0) {
        const { program } = decodeFragment(bytes);
        const { output } = program;
        const roots =
          output.kind === 'aggregate'
            ? [...output.groups, ...output.aggregates.flatMap(({ arg, filter }) => [arg, filter])]
            : [...output.registers, ...(output.kind === 'top_n' ? output.keys.map((key) => key.register) : [])];
        count(
          program.instructions,
          roots.filter((r) => r !== undefined),
        );
      }
    } catch (error) {
      if (++differences <= 20)
        console.log(`seed ${seed}, partition ${part} (${rows} rows), fragment ${i}: ${(error as Error).message}`);
    }
  }
  if (part % 500 === 499)
    console.log(
      `${done} cases, ${differences} differences, ${((performance.now() - started) / 1000).toFixed(0)} s`,
      tally,
    );
}
native.close();
console.log(`${cases} cases, ${differences} differences`, tally, Object.fromEntries(reasons));
console.log('reached, in one of ten:', [...reached].map(([op, n]) => `${op} ${n}`).join(', '));
process.exitCode = differences > 0 ? 1 : 0;
