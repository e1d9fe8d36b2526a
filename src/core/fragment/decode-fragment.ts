// Bytes → fragment, checking everything before any data is touched: counts, types against the opcode table, registers, frames, buffers.
import type { SqlType } from '../sql-type.js';
import { types } from '../sql-type.js';
import { ByteReader } from './bytes.js';
import { bufferRoles } from './column-layout.js';
import { constantFrameCode, fragmentMagic, noLimit, noRegister, outputCodes } from './encode-fragment.js';
import {
  aggregateOpcodes,
  constantFrame,
  type FilterSection,
  type Fragment,
  type FragmentAggregate,
  type FragmentBuffer,
  type FragmentColumn,
  type FragmentProgram,
  type FragmentResultSpec,
  type FragmentSortKey,
  fragmentVersion,
  type Histogram,
  type Immediate,
  type Instruction,
  isHistogram,
  whereModes,
} from './fragment.js';
import { comparable, isColumnType, opcodeNames, opcodes } from './opcodes.js';
import { stateTypes } from './state-types.js';
import { readType } from './type-code.js';
import { readValue } from './value-code.js';

/** More rows than this do not fit 32-bit offsets and positions. */
const maxRows = 0x7fffffff;
const maxInstructions = 1 << 20;

/** The version of the layout, or `undefined` where the bytes are no fragment. */
export function fragmentVersionOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < 6) return undefined;
  const input = new ByteReader(bytes, 'fragment');
  return input.u32() === fragmentMagic ? input.u16() : undefined;
}

/** @throws DiagnosticError data_corrupted with the place, on anything that is not a valid fragment of this version */
export function decodeFragment(bytes: Uint8Array): Fragment {
  const input = new ByteReader(bytes, 'fragment');
  const head = readHead(input);
  const program = decodeProgram(input.blob(), head.columns);
  input.end();
  return { ...head, program };
}

/** All but the program: what a host needs to read a kernel's columns. @throws as {@link decodeFragment} */
export function decodeFragmentHead(bytes: Uint8Array): Omit<Fragment, 'program'> {
  return readHead(new ByteReader(bytes, 'fragment'));
}

function readHead(input: ByteReader): Omit<Fragment, 'program'> {
  if (input.u32() !== fragmentMagic) throw input.malformed('no fragment');
  const version = input.u16();
  if (version !== fragmentVersion) throw input.malformed(`unknown version ${version}`);
  input.u16();
  const budget = { rows: input.size(), bytes: input.size(), millis: input.u32() };
  const rows = input.size();
  if (rows > maxRows) throw input.malformed('too many rows');
  const firstEntry = input.size();
  const fileOrdinal = input.u32();
  if (fileOrdinal > maxRows) throw input.malformed('file ordinal out of range');
  const file = input.text();
  const columns: FragmentColumn[] = [];
  for (let left = input.count(3, 32); left > 0; left--) columns.push(readColumn(input, rows));
  return { budget, rows, firstEntry, file, fileOrdinal, columns };
}

function readColumn(input: ByteReader, rows: number): FragmentColumn {
  const type = readType(input);
  if (!isColumnType(type)) throw input.malformed('column type has no storage form');
  const roles = bufferRoles(type);
  if (input.u16() !== roles.length) throw input.malformed('wrong number of buffers');
  const buffers = roles.map((): FragmentBuffer => {
    const offset = input.size();
    const length = input.size();
    if (length > maxRows) throw input.malformed('buffer too long');
    return { offset, length, checksum: input.u32(), codec: input.u8() };
  });
  // Top-level lengths are known here; children's are checked against the offsets when they are read.
  for (const [i, role] of roles.slice(0, 2).entries()) {
    const length = buffers[i]!.length;
    if (i === 0 ? length !== 0 && length * 8 < rows : length < bytesFor(role, rows))
      throw input.malformed('buffer shorter than the rows');
    if (type.kind === 'struct') break;
  }
  return { type, buffers };
}

function bytesFor(role: ReturnType<typeof bufferRoles>[number], rows: number): number {
  if (role === 'offsets') return rows === 0 ? 0 : (rows + 1) * 4;
  if (role === 'bits' || role === 'validity') return Math.ceil(rows / 8);
  return role === 'bytes' ? 0 : rows * role;
}

function decodeProgram(bytes: Uint8Array, columns: readonly FragmentColumn[]): FragmentProgram {
  const input = new ByteReader(bytes, 'fragment program');
  const table: SqlType[] = [];
  for (let left = input.count(1); left > 0; left--) {
    const type = readType(input);
    if (!isColumnType(type)) throw input.malformed('type has no fragment form');
    table.push(type);
  }
  let filter: FilterSection | undefined;
  if (input.u8() !== 0) {
    const section = new SectionReader(input, table, columns);
    const instructions = section.read();
    const frame = input.u32();
    for (let at = frame; at !== 0; at = section.frames[at]!.parent)
      if (section.frames[at]?.maker !== 'where') throw input.malformed('filter frame does not select rows');
    filter = { instructions, frame };
  }
  const section = new SectionReader(input, table, columns);
  const instructions = section.read();
  const frame = input.u32();
  if (!section.frames[frame]) throw input.malformed('unknown frame');
  const output = readResultSpec(input, section, frame);
  input.end();
  return { ...(filter && { filter }), instructions, frame, output };
}

interface FrameInfo {
  readonly parent: number;
  readonly maker: 'rows' | 'enter' | 'where';
  /** Lists walked in lock-step by `enter`. */
  readonly lists: readonly number[];
}

/** Reads one section and checks it instruction by instruction; `frames` is known afterwards. */
class SectionReader {
  readonly frames: FrameInfo[] = [{ parent: 0, maker: 'rows', lists: [] }];
  readonly instructions: Instruction[] = [];

  constructor(
    private readonly input: ByteReader,
    private readonly table: readonly SqlType[],
    private readonly columns: readonly FragmentColumn[],
  ) {}

  read(): Instruction[] {
    const count = this.input.count(11, 32);
    if (count > maxInstructions) throw this.input.malformed('too many instructions');
    for (let i = 0; i < count; i++) this.instructions.push(this.readInstruction());
    return this.instructions;
  }

  register(register: number): Instruction {
    const instruction = this.instructions[register];
    if (!instruction) throw this.input.malformed('register before it is set');
    const { shape } = opcodes[instruction.op];
    if (shape === 'enter' || shape === 'where') throw this.input.malformed(`${instruction.op} has no value`);
    return instruction;
  }

  /** A register with one value per position of `frame`. */
  valueOf(frame: number, register: number): Instruction {
    const instruction = this.register(register);
    if (instruction.frame !== frame && instruction.frame !== constantFrame)
      throw this.input.malformed('output is not a value of its frame');
    return instruction;
  }

  private readInstruction(): Instruction {
    const { input } = this;
    const op = opcodeNames[input.u8()];
    if (op === undefined) throw input.malformed('unknown opcode');
    const type = this.table[input.u16()];
    if (!type) throw input.malformed('unknown type');
    const frameCode = input.u32();
    const frame = frameCode === constantFrameCode ? constantFrame : frameCode;
    const args: number[] = [];
    for (let left = input.count(4, 32); left > 0; left--) {
      const arg = input.u32();
      this.register(arg);
      args.push(arg);
    }
    const argTypes = args.map((arg) => this.register(arg).type);
    const info = opcodes[op];
    if (!info.accepts(argTypes, type)) throw input.malformed(`${op} does not take these types`);
    const immediate = this.readImmediate(op, type, argTypes);
    if (!this.framesAgree(op, frame, args)) throw input.malformed(`${op} mixes frames`);
    return { op, type, frame, args, ...(immediate !== undefined && { immediate }) };
  }

  private readImmediate(op: Instruction['op'], type: SqlType, argTypes: readonly SqlType[]): Immediate | undefined {
    const { input } = this;
    switch (op) {
      case 'constant':
        return { value: readValue(input, type) };
      case 'in': {
        const values = [];
        for (let left = input.count(1, 32); left > 0; left--) values.push(readValue(input, argTypes[0]!));
        return { values };
      }
      case 'column': {
        const index = input.u32();
        const column = this.columns[index];
        if (!column || !sameShape(column.type, type)) throw input.malformed('column of another type');
        return index;
      }
      case 'field': {
        const index = input.u32();
        const struct = argTypes[0]!;
        const field = struct.kind === 'struct' ? struct.fields[index] : undefined;
        if (!field || !sameShape(field.type, type)) throw input.malformed('field of another type');
        return index;
      }
      case 'where': {
        const mode = input.u32();
        if (mode >= whereModes.length) throw input.malformed('unknown mode');
        return mode;
      }
      case 'cast': {
        const flags = input.u32();
        if (flags > 3) throw input.malformed('unknown cast flags');
        return flags;
      }
      default:
        return undefined;
    }
  }

  private framesAgree(op: Instruction['op'], frame: number, args: readonly number[]): boolean {
    const { frames } = this;
    const frameOf = (arg: number): number => this.register(arg).frame;
    const { shape } = opcodes[op];
    if (shape !== 'enter' && shape !== 'where' && frame >= frames.length) return false;
    switch (shape) {
      case 'leaf':
        return op === 'entry' ? frame === 0 : frame === constantFrame;
      case 'column':
        return frame === 0;
      case 'enter':
      case 'where': {
        const parent = frameOf(args[0]!);
        if (frame !== frames.length || parent < 0 || args.some((arg) => frameOf(arg) !== parent)) return false;
        frames.push({ parent, maker: shape, lists: shape === 'enter' ? args : [] });
        return true;
      }
      case 'ordinal':
        return frame > 0 && frames[frame]!.maker === 'enter';
      case 'elements':
        return frame > 0 && frames[frame]!.lists.includes(args[0]!);
      case 'bring': {
        const from = frameOf(args[0]!);
        return frame >= 0 && (from === constantFrame || (frame > 0 && from === frames[frame]!.parent));
      }
      case 'merge':
        return (
          frame >= 0 &&
          args.every((arg) => {
            const from = frameOf(arg);
            return from > 0 && frames[from]!.maker === 'where' && frames[from]!.parent === frame;
          })
        );
      case 'call':
        return args.every((arg) => frameOf(arg) === frame || frameOf(arg) === constantFrame);
      case 'reduce':
      case 'collect': {
        let from = frameOf(args[0]!);
        while (from > 0 && frames[from]!.maker === 'where') from = frames[from]!.parent;
        return from > 0 && frames[from]!.parent === frame;
      }
    }
  }
}

/** Types equal but for names: a column keeps its own. */
function sameShape(a: SqlType, b: SqlType): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'list' && b.kind === 'list') return sameShape(a.element, b.element);
  if (a.kind === 'numeric' && b.kind === 'numeric') return a.scale === b.scale;
  if (a.kind === 'struct' && b.kind === 'struct')
    return a.fields.length === b.fields.length && a.fields.every((f, i) => sameShape(f.type, b.fields[i]!.type));
  return true;
}

function readResultSpec(input: ByteReader, section: SectionReader, frame: number): FragmentResultSpec {
  const kind = outputCodes[input.u8()];
  const registers = (): number[] => {
    const list: number[] = [];
    for (let left = input.count(4, 32); left > 0; left--) {
      const register = input.u32();
      section.valueOf(frame, register);
      list.push(register);
    }
    return list;
  };
  if (kind === undefined) throw input.malformed('unknown output');
  switch (kind) {
    case 'rows': {
      const list = registers();
      const limit = input.u32();
      return { kind, registers: list, ...(limit !== noLimit && { limit }) };
    }
    case 'top_n': {
      const list = registers();
      const keys: FragmentSortKey[] = [];
      for (let left = input.count(5, 32); left > 0; left--) {
        const register = input.u32();
        const { type } = section.valueOf(frame, register);
        if (!comparable(type, type)) throw input.malformed('sort key has no order');
        const flags = input.u8();
        keys.push({ register, descending: (flags & 1) !== 0, nullsFirst: (flags & 2) !== 0 });
      }
      return { kind, registers: list, keys, limit: input.u32() };
    }
    case 'aggregate': {
      const groups = registers();
      for (const group of groups) {
        const { type } = section.register(group);
        if (!comparable(type, type)) throw input.malformed('group key has no equality');
      }
      const aggregates: FragmentAggregate[] = [];
      for (let left = input.count(9, 32); left > 0; left--) {
        const op = aggregateOpcodes[input.u8()];
        const arg = input.u32();
        const filter = input.u32();
        if (filter !== noRegister && section.valueOf(frame, filter).type.kind !== types.bool.kind)
          throw input.malformed('aggregate filter is not a condition');
        const argType = arg === noRegister ? undefined : section.valueOf(frame, arg).type;
        if (op === undefined || !stateTypes(op, argType)) throw input.malformed('aggregate does not take this type');
        const histogram = op === 'hist' ? readHistogram(input) : undefined;
        aggregates.push({
          op,
          ...(arg !== noRegister && { arg }),
          ...(filter !== noRegister && { filter }),
          ...(histogram && { histogram }),
        });
      }
      return { kind, groups, aggregates };
    }
  }
}

function readHistogram(input: ByteReader): Histogram {
  const histogram = { low: input.f64(), high: input.f64(), bins: input.u32() };
  if (!isHistogram(histogram)) throw input.malformed('histogram without bins');
  return histogram;
}
