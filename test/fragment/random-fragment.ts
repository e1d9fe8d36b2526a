// Random fragments over random partitions, for comparing the homes of fragments: every opcode, output and aggregate on every type they
// take, over values that are apt to differ (NaN, infinities, -0, NULLs, empty lists, extreme integers, UTF-8).
import {
  aggregateOpcodes,
  castKind,
  comparable,
  constantFrame,
  encodeFragment,
  type FragmentAggregate,
  type FragmentColumn,
  type FragmentResultSpec,
  type Immediate,
  type Instruction,
  listOf,
  type Opcode,
  opcodes,
  type SqlType,
  sameType,
  stateTypes,
  types,
  type Value,
} from '../../src/core/index.js';
import { toArrow } from '../../src/exec/eval/index.js';
import { fromValues } from '../../src/exec/eval/vec.js';
import { PartitionEncoder } from '../../src/store/index.js';

/** xorshift32: the same cases for the same seed. */
export class Random {
  private state: number;
  constructor(seed: number) {
    // Neighbours are far apart.
    this.state = Math.imul(seed, 0x9e3779b1) || 1;
    for (let i = 0; i < 8; i++) this.next();
  }
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
}

const numeric = (precision: number, scale: number): SqlType => ({ kind: 'numeric', precision, scale });
const scalars: readonly SqlType[] = [
  types.bool,
  types.int1,
  types.int2,
  types.int4,
  types.int8,
  types.uint1,
  types.uint2,
  types.uint4,
  types.uint8,
  types.float4,
  types.float8,
  numeric(10, 2),
  numeric(38, 0),
  types.text,
  types.varchar,
  types.bytea,
  types.uuid,
  types.date,
  types.time,
  types.timestamp,
  types.timestamptz,
  types.json,
];
/** The first lists of a partition have the same lengths row by row. */
const lists: readonly SqlType[] = [
  types.float4,
  types.float8,
  types.int4,
  types.bool,
  types.int8,
  types.text,
  types.float4,
  listOf(types.float4),
  types.int2,
  numeric(10, 2),
  types.uint1,
].map(listOf);
const columnTypes = [...scalars, types.float8, types.int4, types.float4, ...lists];
const resultTypes: readonly SqlType[] = [...scalars, ...lists, listOf(types.date)];

const wildFloats = [
  NaN,
  Infinity,
  -Infinity,
  -0,
  0,
  1,
  -1,
  0.5,
  1e308,
  -1e308,
  5e-324,
  1e-300,
  2 ** 53,
  3e38,
  1e-45,
  7,
  1e15 + 0.5,
];
const texts = [
  '',
  'a',
  'ab',
  'A%',
  '_',
  'ä',
  '日本',
  '\u{1f600}',
  'muon',
  'Muon_pt',
  'jet',
  '\ufeffx',
  'aab',
  '\\',
  'ﬀ',
];
const patterns = [
  '%',
  '',
  'a%',
  '%b',
  '%o%',
  '_',
  '__',
  'm%n',
  '%\\%',
  'M__n\\_pt',
  'a\\',
  'ä',
  '%日%',
  'MUON%',
  '%a_',
];

/** `wild`: values at the edge of their types; else small ones, with which most operations succeed. */
export function randomValue(random: Random, type: SqlType, wild: boolean): Value {
  if (random.chance(0.1)) return null;
  const whole = (low: number, high: number): number =>
    wild && random.chance(0.3)
      ? random.pick([low, high, 0, -1 < low ? 1 : -1])
      : Math.max(low, Math.min(high, random.below(12) - 3));
  const long = (low: bigint, high: bigint): bigint =>
    wild && random.chance(0.5)
      ? random.pick([low, high, 2n ** 53n, 2n ** 53n + 1n, 0n, high - 1n])
      : BigInt(Math.max(low === 0n ? 0 : -1e9, random.below(12) - 3));
  switch (type.kind) {
    case 'bool':
      return random.chance(0.5);
    case 'int1':
      return whole(-128, 127);
    case 'int2':
      return whole(-32768, 32767);
    case 'int4':
      return whole(-2147483648, 2147483647);
    case 'date':
      return wild ? whole(-2147483647, 2147483647) : random.below(20000);
    case 'uint1':
      return whole(0, 255);
    case 'uint2':
      return whole(0, 65535);
    case 'uint4':
      return whole(0, 4294967295);
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return long(-(2n ** 63n), 2n ** 63n - 1n);
    case 'uint8':
      return long(0n, 2n ** 64n - 1n);
    case 'float8':
      if (wild && random.chance(0.5)) return random.pick(wildFloats);
      return random.chance(0.3) ? random.below(8) - 2 : (random.next() - 0.3) * 10 ** random.below(4);
    case 'float4':
      if (wild && random.chance(0.5)) return Math.fround(random.pick(wildFloats));
      return Math.fround((random.next() - 0.3) * 100);
    case 'numeric': {
      const edge = 10n ** BigInt(type.precision!) - 1n;
      const unscaled = wild && random.chance(0.3) ? random.pick([edge, -edge, 0n]) : BigInt(random.below(500) - 100);
      return { unscaled, scale: type.scale ?? 0 };
    }
    case 'text':
    case 'varchar':
    case 'json':
      return random.chance(0.3) ? random.pick(patterns) : random.pick(texts);
    case 'uuid':
      return random.pick(['6ecd8c99-4036-403d-bf84-cf8400f67836', '00000000-0000-0000-0000-000000000000']);
    case 'bytea':
      return Uint8Array.from({ length: random.below(4) }, () => random.below(256));
    case 'list':
      return Array.from({ length: random.below(4) }, () => randomValue(random, type.element, wild));
    default:
      throw new Error(`no values of ${type.kind}`);
  }
}

export interface RandomPartition {
  readonly object: Uint8Array;
  readonly rows: number;
  readonly columns: readonly FragmentColumn[];
  /** Column by column. */
  readonly values: readonly (readonly Value[])[];
}

export function randomPartition(
  random: Random,
  rows: number,
  wild: boolean,
  valueFor: typeof randomValue = randomValue,
): RandomPartition {
  const lengths = Array.from({ length: rows }, () => (random.chance(0.2) ? 0 : random.below(4)));
  const firstList = columnTypes.length - lists.length;
  const nullable = columnTypes.map(() => random.chance(0.6));
  const values = columnTypes.map((type, c) =>
    lengths.map((length): Value => {
      const together = type.kind === 'list' && c < firstList + 7;
      for (;;) {
        const value: Value =
          together && !random.chance(0.02)
            ? nullable[c] && random.chance(0.05)
              ? null
              : Array.from({ length }, () => valueFor(random, (type as { element: SqlType }).element, wild))
            : valueFor(random, type, wild);
        if (value !== null || nullable[c]) return value;
      }
    }),
  );
  const stored = columnTypes.map((type, c) => ({ name: `c${c}`, type }));
  const encoder = new PartitionEncoder(stored);
  const data = stored.map(({ type }, c) => toArrow(fromValues(type, values[c]!), rows));
  const { bytes, record } = encoder.encode(encoder.prepare(rows, data));
  const buffersOf = (type: SqlType): number =>
    type.kind === 'list'
      ? 2 + buffersOf(type.element)
      : ['text', 'varchar', 'json', 'uuid', 'bytea'].includes(type.kind)
        ? 3
        : 2;
  let at = 0;
  const columns = columnTypes.map((type): FragmentColumn => {
    const buffers = Array.from({ length: buffersOf(type) }, () => {
      const [offset, length, checksum] = record.places.subarray(3 * at, 3 * ++at);
      return { offset: offset!, length: length!, checksum: checksum!, codec: 0 };
    });
    return { type, buffers };
  });
  return { object: Buffer.concat(Array.isArray(bytes) ? bytes : [bytes as Uint8Array]), rows, columns, values };
}

/** What the kernel answers "cannot" to, always or for some values; every other operation must be answered. */
const left: ReadonlySet<Opcode> = new Set(['hypot', 'make_struct', 'field']);
const called = (Object.keys(opcodes) as Opcode[]).filter((op) => !left.has(op));

interface FrameInfo {
  readonly parent: number;
  readonly maker: 'rows' | 'enter' | 'where';
  readonly lists: readonly number[];
}

/** One section: instructions put together at random, kept where the opcode table takes them. */
class RandomSection {
  readonly instructions: Instruction[] = [];
  readonly frames: FrameInfo[] = [{ parent: 0, maker: 'rows', lists: [] }];

  constructor(
    private readonly random: Random,
    private readonly columns: readonly FragmentColumn[],
    private readonly wild: boolean,
  ) {}

  private push(op: Opcode, type: SqlType, frame: number, args: readonly number[], immediate?: Immediate): number {
    return this.instructions.push({ op, type, frame, args, ...(immediate !== undefined && { immediate }) }) - 1;
  }
  private hasValue(register: number): boolean {
    const { shape } = opcodes[this.instructions[register]!.op];
    return shape !== 'enter' && shape !== 'where';
  }
  /** Registers with a value over `frame`, or constant ones. */
  values(frame: number, fits: (type: SqlType) => boolean = () => true, constants = true): number[] {
    const found: number[] = [];
    for (const [r, { frame: own, type }] of this.instructions.entries())
      if ((own === frame || (constants && own === constantFrame)) && this.hasValue(r) && fits(type)) found.push(r);
    return found;
  }

  column(): number {
    const index = this.random.below(this.columns.length);
    return this.push('column', this.columns[index]!.type, 0, [], index);
  }
  private literal(type: SqlType): number {
    return this.push('constant', type, constantFrame, [], { value: randomValue(this.random, type, this.wild) });
  }

  grow(steps: number): void {
    const { random } = this;
    for (let i = 0; i < 2 + random.below(3); i++) this.column();
    for (let i = 0; i < steps; i++) {
      const choice = random.next();
      if (choice < 0.12) this.column();
      else if (choice < 0.2) this.literal(random.pick(scalars));
      else if (choice < 0.4) this.frame();
      else this.operation();
    }
  }

  /** A frame, values brought into it, and now and then what leads back. */
  private frame(): void {
    const { random } = this;
    const parent = random.below(this.frames.length);
    const number = this.frames.length;
    if (random.chance(0.5)) {
      const candidates = this.values(parent, (type) => type.kind === 'list', false);
      if (candidates.length === 0) return;
      const entered = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => random.pick(candidates));
      this.push(random.chance(0.2) ? 'enter_padded' : 'enter', types.bool, number, entered);
      this.frames.push({ parent, maker: 'enter', lists: entered });
      for (const list of new Set(entered)) {
        const { type } = this.instructions[list]!;
        this.push('elements', (type as { element: SqlType }).element, number, [list]);
      }
      if (random.chance(0.1)) this.push('ordinal', types.int8, number, []);
    } else {
      const conditions = this.values(parent, (type) => type.kind === 'bool', false);
      if (conditions.length === 0) return;
      this.push('where', types.bool, number, [random.pick(conditions)], random.below(4));
      this.frames.push({ parent, maker: 'where', lists: [] });
    }
    for (let i = 0; i < 1 + random.below(2); i++) {
      const from = this.values(parent);
      if (from.length === 0) return;
      const register = random.pick(from);
      this.push('bring', this.instructions[register]!.type, number, [register]);
    }
  }

  operation(): void {
    const { random } = this;
    let op = random.pick(called);
    for (let tries = 1; tries < 200; tries++) {
      // Some tries for each, so that those on rare types come to their turn.
      if (tries % 20 === 0) op = random.pick(called);
      const { shape, accepts } = opcodes[op];
      const frame = random.below(this.frames.length);
      if (shape === 'call') {
        const arity = op === 'make_list' ? random.below(4) : 1 + random.below(3);
        const from = this.values(frame);
        if (from.length === 0) continue;
        const args = Array.from({ length: arity }, () => recent(random, from));
        const argTypes = args.map((a) => this.instructions[a]!.type);
        const fitting = [...resultTypes, ...argTypes].filter(
          (type) => accepts(argTypes, type) && (op !== 'cast' || isCast(argTypes[0]!, type)),
        );
        if (fitting.length === 0) continue;
        const type = random.pick(fitting);
        const constant = args.length > 0 && args.every((a) => this.instructions[a]!.frame === constantFrame);
        this.push(op, type, constant && random.chance(0.5) ? constantFrame : frame, args, this.immediate(op, argTypes));
        return;
      }
      if (shape === 'leaf' && op !== 'constant') {
        const type = op === 'entry' ? types.int8 : op === 'file' ? types.text : types.int4;
        this.push(op, type, op === 'entry' ? 0 : constantFrame, []);
        return;
      }
      if (shape === 'reduce' || shape === 'collect') {
        let top = frame;
        while (this.frames[top]!.maker === 'where') top = this.frames[top]!.parent;
        if (this.frames[top]!.maker !== 'enter') continue;
        const from = this.values(frame, () => true, false);
        if (from.length === 0) continue;
        const arg = random.pick(from);
        const { type } = this.instructions[arg]!;
        const fitting = [...resultTypes, type].filter((result) => accepts([type], result));
        const result = shape === 'collect' ? listOf(type) : fitting.length > 0 ? random.pick(fitting) : undefined;
        if (!result || (op === 'list_sum' && result.kind.startsWith('int') && result.kind !== 'int8')) continue;
        this.push(op, result, this.frames[top]!.parent, [arg]);
        return;
      }
      if (shape === 'merge') {
        const parts = this.instructions.flatMap(({ frame: own }, r) =>
          own > 0 && this.hasValue(r) && this.frames[own]!.maker === 'where' && this.frames[own]!.parent === frame
            ? [r]
            : [],
        );
        if (parts.length === 0) continue;
        const first = random.pick(parts);
        const { type } = this.instructions[first]!;
        const same = parts.filter((part) => accepts([this.instructions[part]!.type], type));
        this.push(op, type, frame, random.chance(0.5) ? [first] : [first, random.pick(same)]);
        return;
      }
    }
  }

  private immediate(op: Opcode, argTypes: readonly SqlType[]): Immediate | undefined {
    const { random, wild } = this;
    if (op === 'cast') return random.below(4);
    if (op !== 'in') return undefined;
    const size = random.chance(0.2) ? 9 + random.below(30) : random.below(6);
    return { values: Array.from({ length: size }, () => randomValue(random, argTypes[0]!, wild)) };
  }
}

/** Programs have no other casts; the opcode table takes some more between types of storage. */
function isCast(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'list' && to.kind === 'list') return isCast(from.element, to.element);
  return sameType(from, to) || castKind(from, to) !== undefined;
}

/** Mostly one of the last ones: what was computed, not what was read. */
function recent<T>(random: Random, from: readonly T[]): T {
  return random.chance(0.3) ? random.pick(from) : from[from.length - 1 - random.below(Math.min(4, from.length))]!;
}

const budget = { rows: 2 ** 31 - 1, bytes: 2 ** 31 - 1, millis: 60_000 };

/** A fragment over all columns of the partition. */
export function randomFragment(random: Random, { rows, columns }: RandomPartition, wild: boolean): Uint8Array {
  const filtered = random.chance(0.5) ? new RandomSection(random, columns, wild) : undefined;
  let filter: { instructions: readonly Instruction[]; frame: number } | undefined;
  if (filtered) {
    filtered.grow(2 + random.below(8));
    const selecting = filtered.frames.flatMap((_, frame) => {
      for (let at = frame; at !== 0; at = filtered.frames[at]!.parent)
        if (filtered.frames[at]!.maker !== 'where') return [];
      return [frame];
    });
    filter = { instructions: filtered.instructions, frame: recent(random, selecting) };
  }
  const section = new RandomSection(random, columns, wild);
  section.grow(3 + random.below(10));
  const frame = random.chance(0.8) ? 0 : random.below(section.frames.length);
  return encodeFragment({
    budget,
    rows,
    firstEntry: random.chance(0.5) ? 0 : 1_000_000,
    file: 'a.root',
    fileOrdinal: random.below(3),
    columns,
    program: {
      ...(filter && { filter }),
      instructions: section.instructions,
      frame,
      output: randomOutput(random, section, frame),
    },
  });
}

function randomOutput(random: Random, section: RandomSection, frame: number): FragmentResultSpec {
  const values = section.values(frame);
  const typeOf = (register: number): SqlType => section.instructions[register]!.type;
  const some = (from: readonly number[], most: number): number[] =>
    from.length === 0 ? [] : Array.from({ length: random.below(most + 1) }, () => recent(random, from));
  const sortable = values.filter((register) => comparable(typeOf(register), typeOf(register)));
  const choice = random.next();
  if (choice < 0.5)
    return { kind: 'rows', registers: some(values, 4), ...(random.chance(0.3) && { limit: random.below(30) }) };
  if (choice < 0.7 && sortable.length > 0)
    return {
      kind: 'top_n',
      registers: some(values, 3),
      keys: some(sortable, 2).map((register) => ({
        register,
        descending: random.chance(0.5),
        nullsFirst: random.chance(0.5),
      })),
      limit: random.below(20),
    };
  const conditions = values.filter((register) => typeOf(register).kind === 'bool');
  const aggregates: FragmentAggregate[] = [];
  for (let i = 0; i < 1 + random.below(3); i++) {
    const op = random.pick(aggregateOpcodes);
    const arg = op === 'count_star' || values.length === 0 ? undefined : recent(random, values);
    if (!stateTypes(op, arg === undefined ? undefined : typeOf(arg))) continue;
    aggregates.push({
      op,
      ...(arg !== undefined && { arg }),
      ...(conditions.length > 0 && random.chance(0.3) && { filter: random.pick(conditions) }),
      ...(op === 'hist' && { histogram: { low: -5, high: 20, bins: 1 + random.below(20) } }),
    });
  }
  return { kind: 'aggregate', groups: some(sortable, 2), aggregates };
}
