// FragmentSpec → fragment: the plan's expressions as a program for one file layout, then each partition's bytes.

import type { PartitionPlaces, TableEntry } from '../../catalog/index.js';
import {
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
import type { ColumnId, FragmentSpec, FragmentUnnest, Scalar, ScanColumn } from '../../planner/index.js';
import { type ColumnSource, ProgramBuilder } from '../eval/compile-scalar.js';
import { compileFilter } from '../eval/evaluate.js';
import type { LocalInstruction } from '../eval/program.js';
import { onlyWhere } from '../only-where.js';
import { aggregateOf } from './aggregate-of.js';

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
  const unnested = spec.unnest ? bindUnnest(spec.unnest, projection, sources) : 0;
  const output = bindOutput(spec, projection, unnested);
  const program = encodeProgram({
    ...(spec.filter.length > 0 && { filter: { instructions: portable(selection.instructions), frame } }),
    instructions: portable(projection.instructions),
    frame: unnested,
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

/** The frame of the elements that pass; their columns become sources. */
function bindUnnest(
  { lists, ordinality, filter }: FragmentUnnest,
  builder: ProgramBuilder,
  sources: Map<ColumnId, ColumnSource>,
): number {
  const { frame, elements } = builder.unnest(lists.map(({ list }) => list));
  for (const [i, { column }] of lists.entries()) sources.set(column.id, () => elements[i]!);
  if (ordinality) sources.set(ordinality.id, () => builder.emit('ordinal', types.int8, frame, []));
  return compileFilter(builder, filter, frame);
}

function bindOutput({ output }: FragmentSpec, builder: ProgramBuilder, frame: number): FragmentResultSpec {
  const compile = (expr: Scalar): Register => builder.compile(expr, frame);
  switch (output.kind) {
    case 'rows': {
      const registers = output.items.map((item) => compile(item.expr));
      return { kind: 'rows', registers, ...(output.limit !== undefined && { limit: output.limit }) };
    }
    case 'top_n': {
      const registers = output.items.map((item) => compile(item.expr));
      // A key is one of the items, which may be computed here.
      const itemOf = (key: Scalar) =>
        key.kind === 'column' ? output.items.findIndex((item) => item.column.id === key.column.id) : -1;
      return {
        kind: 'top_n',
        registers,
        keys: output.keys.map(({ expr, descending, nullsFirst }) => ({
          register: registers[itemOf(expr)] ?? compile(expr),
          descending,
          nullsFirst,
        })),
        limit: output.limit,
      };
    }
    case 'aggregate':
      return {
        kind: 'aggregate',
        groups: output.groups.map((item) => compile(item.expr)),
        aggregates: output.aggregates.map(({ call }): FragmentAggregate => {
          const filter = call.filter && compile(call.filter);
          const arg = call.args[0] && compile(onlyWhere(call.filter, call.args[0]));
          return { ...aggregateOf(call), ...(arg !== undefined && { arg }), ...(filter !== undefined && { filter }) };
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
