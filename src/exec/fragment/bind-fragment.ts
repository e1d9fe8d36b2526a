// FragmentSpec → fragment: the plan's expressions as a program for one file layout, then each partition's bytes.

import type { PartitionPlaces, TableEntry } from '../../catalog/index.js';
import {
  aggregateOpcodes,
  constantFrame,
  encodeFragment,
  encodeProgram,
  type FragmentAggregate,
  type FragmentBudget,
  type FragmentResultSpec,
  type Instruction,
  type Register,
  type SqlType,
  sameType,
  types,
} from '../../core/index.js';
import type { ColumnId, FragmentSpec, ScanColumn } from '../../planner/index.js';
import { type ColumnSource, ProgramBuilder } from '../eval/compile-scalar.js';
import { compileFilter } from '../eval/evaluate.js';
import type { LocalInstruction } from '../eval/program.js';

/** A fragment's program for one layout, with the stored columns it reads, in the fragment's order. */
export interface BoundFragment {
  readonly program: Uint8Array;
  readonly columns: readonly { readonly index: number; readonly type: SqlType }[];
}

export function bindFragment(spec: FragmentSpec, table: TableEntry, variant: number): BoundFragment {
  const layout = table.variants[variant]!;
  const columns: { index: number; type: SqlType }[] = [];
  const sources = new Map<ColumnId, ColumnSource>(
    spec.columns.map((scanned) => [scanned.column.id, sourceOf(scanned)]),
  );

  function sourceOf({ column, source }: ScanColumn): ColumnSource {
    if (source.kind === 'system')
      switch (source.name) {
        case 'event_id':
          return (builder) => builder.emit('entry', types.int8, 0, []);
        case '_file':
          return (builder) => builder.emit('file', types.text, constantFrame, []);
        case '_file_ordinal':
          return (builder) => builder.emit('file_ordinal', types.int4, constantFrame, []);
      }
    const stored = layout.columns[source.index];
    // A file without the column: NULL, never an empty list.
    if (!stored) return (builder) => builder.constant(column.type, null);
    return (builder) => {
      let position = columns.findIndex((known) => known.index === stored.index);
      if (position < 0) position = columns.push({ index: stored.index, type: stored.type }) - 1;
      const read = builder.emit('column', stored.type, 0, [], { immediate: position });
      return sameType(stored.type, column.type) ? read : builder.emit('cast', column.type, 0, [read], { immediate: 0 });
    };
  }

  const selection = new ProgramBuilder((id) => sources.get(id));
  const frame = compileFilter(selection, spec.filter);
  const projection = new ProgramBuilder((id) => sources.get(id));
  const output = bindOutput(spec, projection);
  const program = encodeProgram({
    ...(spec.filter.length > 0 && { filter: { instructions: portable(selection.instructions), frame } }),
    instructions: portable(projection.instructions),
    output,
  });
  return { program, columns };
}

function portable(instructions: readonly LocalInstruction[]): readonly Instruction[] {
  return instructions.map(({ op, type, frame, args, immediate, overload }) => {
    if (op === 'fold') throw new Error(`${overload!.op} is not a fragment operation`);
    return { op, type, frame, args, ...(immediate !== undefined && { immediate }) };
  });
}

function bindOutput({ output }: FragmentSpec, builder: ProgramBuilder): FragmentResultSpec {
  switch (output.kind) {
    case 'rows': {
      const registers = output.items.map((item) => builder.compile(item.expr, 0));
      return { kind: 'rows', registers, ...(output.limit !== undefined && { limit: output.limit }) };
    }
    case 'top_n':
      return {
        kind: 'top_n',
        registers: output.items.map((item) => builder.compile(item.expr, 0)),
        keys: output.keys.map(({ expr, descending, nullsFirst }) => ({
          register: builder.compile(expr, 0),
          descending,
          nullsFirst,
        })),
        limit: output.limit,
      };
    case 'aggregate':
      return {
        kind: 'aggregate',
        groups: output.groups.map((item) => builder.compile(item.expr, 0)),
        aggregates: output.aggregates.map(({ call }): FragmentAggregate => {
          const op =
            call.args.length === 0 ? 'count_star' : aggregateOpcodes.find((name) => name === call.overload.kernel);
          if (!op || call.distinct) throw new Error(`${call.name} is not a fragment aggregate`);
          const arg: Register | undefined = call.args[0] && builder.compile(call.args[0], 0);
          const filter = call.filter && builder.compile(call.filter, 0);
          return { op, ...(arg !== undefined && { arg }), ...(filter !== undefined && { filter }) };
        }),
      };
  }
}

export function encodePartition(
  bound: BoundFragment,
  places: PartitionPlaces,
  file: string,
  budget: FragmentBudget,
): Uint8Array {
  return encodeFragment({
    budget,
    rows: places.rows,
    firstEntry: places.firstEntry,
    file,
    fileOrdinal: places.file,
    columns: bound.columns.map(({ index, type }) => ({ type, buffers: places.columns.get(index) ?? [] })),
    program: bound.program,
  });
}
