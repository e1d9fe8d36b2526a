// `npx tsx scripts/fuzz-kernel.ts [CASES] [SEED] [programs]`: random fragments on the native kernel, kernel.wasm and the evaluator: native and
// WebAssembly must answer with the same bytes, the evaluator with the same values. The fragments are made of expressions as the planner does it,
// and native DuckDB is asked for the same rows; with `programs` they are instructions at random, which no SQL says.
// Prints which operations were reached.
import { decodeFragment, type Instruction, opcodes } from '../src/core/index.js';
import { renderQuery } from '../src/exec/duckdb/index.js';
import { answerFragment } from '../src/exec/fragment/index.js';
import { buffersFrom, loadKernel } from '../src/exec/fragment/kernel.js';
import { openStore } from '../src/store/index.js';
import { compareAnswers } from '../test/fragment/compare-answers.js';
import { DuckDbJudge } from '../test/fragment/duckdb-judge.js';
import { JudgedCases } from '../test/fragment/judged-cases.js';
import { NativeKernel } from '../test/fragment/native-kernel.js';
import { Random, randomFragment, randomPartition } from '../test/fragment/random-fragment.js';
import type { RandomSpec } from '../test/fragment/random-spec.js';

const cases = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const programs = process.argv[4] === 'programs';
const perPartition = 200;

const kernel = await loadKernel();
const native = NativeKernel.build();
const judge = programs ? undefined : await DuckDbJudge.open();
const tally: Record<string, number> = {};
const reached = new Map<string, number>(Object.keys(opcodes).map((op) => [op, 0]));
let differences = 0;
const started = performance.now();

interface Source {
  readonly object: Uint8Array;
  next(): { readonly bytes: Uint8Array; readonly random?: RandomSpec };
}

async function partition(number: number): Promise<Source> {
  if (judge) {
    const judged = new JudgedCases(number);
    await judged.load(judge);
    return { object: judged.partition.object, next: () => judged.next() };
  }
  const random = new Random(number);
  const wild = random.chance(0.4);
  const rows = random.chance(0.01) ? 20_000 : random.pick([0, 1, 7, 40, 200]);
  const made = randomPartition(random, rows, wild);
  return { object: made.object, next: () => ({ bytes: randomFragment(random, made, wild) }) };
}

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

function countReached(bytes: Uint8Array): void {
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

const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;

for (let done = 0, part = 0; done < cases; part++) {
  const source = await partition(seed * 1_000_003 + part);
  const store = await openStore('memory:');
  await store.write('p', source.object);
  native.object(source.object);
  for (let i = 0; i < perPartition && done < cases; i++, done++) {
    const { bytes, random } = source.next();
    const [ours, theirs, machine] = await Promise.all([
      kernel.run(bytes, buffersFrom(store, 'p')),
      answerFragment(store, 'p', bytes),
      native.run(bytes),
    ]);
    try {
      if (Buffer.compare(ours!, machine.bytes) !== 0) {
        compareAnswers(machine.bytes, theirs);
        compareAnswers(ours!, theirs);
        throw new Error('native and WebAssembly differ in their bytes');
      }
      const alike = compareAnswers(ours!, theirs);
      let verdict: string = alike;
      // What the kernel leaves, the evaluator answers.
      if (judge && random) verdict = await judge.judge(alike === 'cannot' ? theirs : ours!, random);
      else if (alike === 'cannot') verdict = Buffer.from(ours!.subarray(12)).toString();
      tally[verdict] = (tally[verdict] ?? 0) + 1;
      if (done % 10 === 0) countReached(bytes);
    } catch (error) {
      if (++differences > 20) continue;
      console.log(`seed ${seed}, partition ${part}, fragment ${i}: ${(error as Error).message}`);
      if (random) console.log(renderQuery(random.plan, (index) => `in_${index}`).slice(0, 2000));
    }
  }
  if (part % 100 === 99) console.log(`${done} cases, ${differences} differences, ${seconds()}`, tally);
}
native.close();
console.log(`${cases} cases, ${differences} differences, ${seconds()}`, tally);
console.log('reached, in one of ten:', [...reached].map(([op, n]) => `${op} ${n}`).join(', '));
process.exit(differences > 0 ? 1 : 0);
