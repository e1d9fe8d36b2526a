// Fragment → bytes. The program part is the same for all partitions of one layout, so it is encoded once and handed back in.
import { type SqlType, sameType } from '../sql-type.js';
import { ByteWriter } from './bytes.js';
import {
  aggregateOpcodes,
  type Fragment,
  type FragmentProgram,
  type FragmentResultSpec,
  fragmentVersion,
  type Instruction,
} from './fragment.js';
import { opcodes } from './opcodes.js';
import { writeType } from './type-code.js';
import { writeValue } from './value-code.js';

/** `SKYF`, little-endian. */
export const fragmentMagic = 0x46594b53;

export const outputCodes = ['rows', 'top_n', 'aggregate'] as const;
export const noLimit = 0xffffffff;
export const noRegister = 0xffffffff;
export const constantFrameCode = 0xffffffff;

/** Byte layout in docs/architecture/fragment.md. `program` is what {@link encodeProgram} made of `fragment.program`. */
export function encodeFragment(
  fragment: Omit<Fragment, 'program'> & { readonly program: FragmentProgram | Uint8Array },
): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.u32(fragmentMagic);
  out.u16(fragmentVersion);
  out.u16(0);
  out.size(fragment.budget.rows);
  out.size(fragment.budget.bytes);
  out.u32(fragment.budget.millis);
  out.size(fragment.rows);
  out.size(fragment.firstEntry);
  out.u32(fragment.fileOrdinal);
  out.text(fragment.file);
  out.u32(fragment.columns.length);
  for (const column of fragment.columns) {
    writeType(out, column.type);
    out.u16(column.buffers.length);
    for (const buffer of column.buffers) {
      out.size(buffer.offset);
      out.size(buffer.length);
      out.u32(buffer.checksum);
      out.u8(buffer.codec);
    }
  }
  const { program } = fragment;
  out.blob(program instanceof Uint8Array ? program : encodeProgram(program));
  return out.finish();
}

export function encodeProgram(program: FragmentProgram): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  const table = new TypeTable([...(program.filter?.instructions ?? []), ...program.instructions]);
  out.u16(table.types.length);
  for (const type of table.types) writeType(out, type);
  out.u8(program.filter ? 1 : 0);
  if (program.filter) {
    writeSection(out, program.filter.instructions, table);
    out.u32(program.filter.frame);
  }
  writeSection(out, program.instructions, table);
  out.u32(program.frame);
  writeResultSpec(out, program.output);
  return out.finish();
}

class TypeTable {
  readonly types: SqlType[] = [];
  private readonly byObject = new Map<SqlType, number>();

  constructor(instructions: readonly Instruction[]) {
    for (const { type } of instructions) {
      if (this.byObject.has(type)) continue;
      const known = this.types.findIndex((other) => sameType(other, type));
      this.byObject.set(type, known < 0 ? this.types.push(type) - 1 : known);
    }
  }
  index(type: SqlType): number {
    return this.byObject.get(type)!;
  }
}

function writeSection(out: ByteWriter, instructions: readonly Instruction[], table: TypeTable): void {
  out.u32(instructions.length);
  for (const { op, type, frame, args, immediate } of instructions) {
    out.u8(opcodes[op].code);
    out.u16(table.index(type));
    out.u32(frame < 0 ? constantFrameCode : frame);
    out.u32(args.length);
    for (const arg of args) out.u32(arg);
    if (immediate === undefined) continue;
    if (typeof immediate === 'number') out.u32(immediate);
    else if ('value' in immediate) writeValue(out, type, immediate.value);
    else {
      const argType = instructions[args[0]!]!.type;
      out.u32(immediate.values.length);
      for (const value of immediate.values) writeValue(out, argType, value);
    }
  }
}

function writeResultSpec(out: ByteWriter, spec: FragmentResultSpec): void {
  out.u8(outputCodes.indexOf(spec.kind));
  const registers = (list: readonly number[]): void => {
    out.u32(list.length);
    for (const register of list) out.u32(register);
  };
  switch (spec.kind) {
    case 'rows':
      registers(spec.registers);
      // A limit beyond what a partition can hold is none.
      out.u32(Math.min(spec.limit ?? noLimit, noLimit));
      break;
    case 'top_n':
      registers(spec.registers);
      out.u32(spec.keys.length);
      for (const key of spec.keys) {
        out.u32(key.register);
        out.u8((key.descending ? 1 : 0) | (key.nullsFirst ? 2 : 0));
      }
      out.u32(Math.min(spec.limit, noLimit));
      break;
    case 'aggregate':
      registers(spec.groups);
      out.u32(spec.aggregates.length);
      for (const { op, arg, filter, histogram } of spec.aggregates) {
        out.u8(aggregateOpcodes.indexOf(op));
        out.u32(arg ?? noRegister);
        out.u32(filter ?? noRegister);
        if (!histogram) continue;
        out.f64(histogram.low);
        out.f64(histogram.high);
        out.u32(histogram.bins);
      }
  }
}
