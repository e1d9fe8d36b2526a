// The evaluator home of fragments: decodes the bytes and runs them over one partition's buffers. Columns of the filter are read first,
// those of the output only where rows pass.
import {
  decodeFragment,
  type Fragment,
  type FragmentResultSpec,
  fail,
  type Instruction,
  type Register,
  type SqlType,
  types,
} from '../../core/index.js';
import { type ObjectStore, readColumns } from '../../store/index.js';
import { fromArrow } from '../eval/arrow-vec.js';
import { ProgramRun, type RunInput } from '../eval/run-program.js';
import { flat, fromValues, gather, spread, type Vec } from '../eval/vec.js';
import { makeState } from './aggregate-state.js';
import { GroupTable } from './group-table.js';
import { topRows } from './top-rows.js';

export interface FragmentResult {
  /** Rows, or groups. */
  readonly rows: number;
  /** Rows: the registers. Top-N: the registers, then the keys. Aggregate: the groups, then the states. */
  readonly columns: readonly Vec[];
  readonly rowsIn: number;
  readonly bytesRead: number;
}

/** Vectors of some of the fragment's columns, checked against their checksums. */
export type ReadColumns = (fragment: Fragment, columns: readonly number[]) => Promise<readonly Vec[]>;

/**
 * @throws DiagnosticError data_corrupted for a malformed fragment or a damaged partition, program_limit_exceeded beyond the budget,
 * and what the expressions raise
 */
export async function runFragment(bytes: Uint8Array, read: ReadColumns): Promise<FragmentResult> {
  const fragment = decodeFragment(bytes);
  const { rows, program, budget } = fragment;
  const columns = new Map<number, Vec>();
  let bytesRead = 0;
  const load = async (instructions: readonly Instruction[], needed?: Uint8Array): Promise<void> => {
    const wanted = new Set<number>();
    for (const [i, { op, immediate }] of instructions.entries())
      if (op === 'column' && (!needed || needed[i] === 1) && !columns.has(immediate as number))
        wanted.add(immediate as number);
    if (wanted.size === 0) return;
    const list = [...wanted];
    for (const c of list) for (const { length } of fragment.columns[c]!.buffers) bytesRead += length;
    if (bytesRead > budget.bytes) throw fail('program_limit_exceeded', `a fragment would read ${bytesRead} bytes`);
    for (const [i, vec] of (await read(fragment, list)).entries()) columns.set(list[i]!, vec);
  };
  const inputOf = (n: number, index: Int32Array | undefined): RunInput => ({
    rows: n,
    column: (c) => {
      const whole = columns.get(c)!;
      return index ? gather(whole, index) : whole;
    },
    entries: () => entriesOf(fragment.firstEntry, n, index),
    file: fragment.file,
    fileOrdinal: fragment.fileOrdinal,
  });

  let selected: { n: number; index: Int32Array | undefined } = { n: rows, index: undefined };
  if (program.filter) {
    await load(program.filter.instructions);
    const run = new ProgramRun(program.filter.instructions, inputOf(rows, undefined));
    run.run();
    selected = run.rowsOf(program.filter.frame);
  }
  const { output } = program;
  if (output.kind === 'rows' && output.limit !== undefined && output.limit < selected.n)
    selected = firstRows(selected, output.limit);

  const evaluate = async (registers: readonly Register[], rowsOf: typeof selected): Promise<Vec[]> => {
    if (rowsOf.n === 0) return registers.map((r) => emptyVec(program.instructions[r]!.type));
    const needed = reach(program.instructions, registers);
    await load(program.instructions, needed);
    const run = new ProgramRun(program.instructions, inputOf(rowsOf.n, rowsOf.index));
    run.run(needed);
    return registers.map((r) => spread(run.get(r), rowsOf.n));
  };
  const result = await finish(output, selected, evaluate, program.instructions);
  if (result.rows > budget.rows) throw fail('program_limit_exceeded', `a fragment gives ${result.rows} rows`);
  return { ...result, rowsIn: rows, bytesRead };
}

type Selected = { n: number; index: Int32Array | undefined };

async function finish(
  output: FragmentResultSpec,
  selected: Selected,
  evaluate: (registers: readonly Register[], rows: Selected) => Promise<Vec[]>,
  instructions: readonly Instruction[],
): Promise<{ rows: number; columns: Vec[] }> {
  switch (output.kind) {
    case 'rows':
      return { rows: selected.n, columns: await evaluate(output.registers, selected) };
    case 'top_n': {
      const keys = await evaluate(
        output.keys.map((key) => key.register),
        selected,
      );
      const order = topRows(keys, output.keys, selected.n, output.limit);
      const { index } = selected;
      const rows = index ? order.map((i) => index[i]!) : order;
      const columns = await evaluate(output.registers, { n: rows.length, index: rows });
      return { rows: rows.length, columns: [...columns, ...keys.map((key) => gather(key, order))] };
    }
    case 'aggregate': {
      const { groups, aggregates } = output;
      const args = aggregates.flatMap(({ arg, filter }) => [arg, filter]).filter((r) => r !== undefined);
      const registers = [...new Set([...groups, ...args])];
      const values = await evaluate(registers, selected);
      const at = (register: Register): Vec => values[registers.indexOf(register)]!;
      const table = new GroupTable(groups.map((r) => instructions[r]!.type));
      const assigned = table.assign(groups.map(at), selected.n);
      const states = aggregates.flatMap(({ op, arg, filter }) => {
        const state = makeState(op, arg === undefined ? undefined : instructions[arg]!.type);
        state.update(
          arg === undefined ? undefined : at(arg),
          assigned,
          filter === undefined ? undefined : truths(at(filter)),
        );
        return state.states(table.size);
      });
      return { rows: table.size, columns: [...table.keyVecs(), ...states] };
    }
  }
}

/** 1 where the condition is true. */
function truths(vec: Vec): Uint8Array {
  if (vec.form !== 'flat') throw new Error('a condition is flat');
  const out = new Uint8Array(vec.n);
  for (let i = 0; i < vec.n; i++) out[i] = vec.valid ? vec.data[i]! & vec.valid[i]! : vec.data[i]!;
  return out;
}

function entriesOf(first: number, n: number, index: Int32Array | undefined): Vec {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = first + (index ? index[i]! : i);
  return flat(types.int8, out);
}

function firstRows({ index }: Selected, n: number): Selected {
  return { n, index: index ? index.subarray(0, n) : Int32Array.from({ length: n }, (_, i) => i) };
}

function emptyVec(type: SqlType): Vec {
  return fromValues(type, []);
}

/** The instructions some registers rest on, with the makers of the frames they live in. */
function reach(instructions: readonly Instruction[], registers: readonly Register[]): Uint8Array {
  const needed = new Uint8Array(instructions.length);
  const makers = new Map<number, Register>();
  for (const [i, { op, frame }] of instructions.entries()) if (op === 'enter' || op === 'where') makers.set(frame, i);
  const open = [...registers];
  for (let r = open.pop(); r !== undefined; r = open.pop()) {
    if (needed[r] === 1) continue;
    needed[r] = 1;
    const { args, frame } = instructions[r]!;
    open.push(...args);
    const maker = makers.get(frame);
    if (maker !== undefined && maker !== r) open.push(maker);
  }
  return needed;
}

/** Reads from the object that holds the partition. */
export function columnsFrom(store: ObjectStore, object: string, signal?: AbortSignal): ReadColumns {
  return async ({ rows, columns }, wanted) => {
    const data = await readColumns(
      store,
      { object, rows, columns: new Map(wanted.map((c) => [c, columns[c]!.buffers])) },
      wanted.map((c) => ({ name: `${c}`, type: columns[c]!.type, index: c })),
      signal ? { signal } : {},
    );
    return data.map((column, i) => fromArrow(column, columns[wanted[i]!]!.type));
  };
}
