// Evaluation of bound expressions over record batches: the plan node for what storage and DuckDB do not do, and constants.
import * as arrow from 'apache-arrow';
import { toArrowType, types, type Value } from '../../core/index.js';
import type { Column, ProjectItem, Scalar } from '../../planner/index.js';
import { fromArrow, toArrow } from './arrow-vec.js';
import { isPlain, ProgramBuilder } from './compile-scalar.js';
import { ProgramRun } from './run-program.js';
import { fromValues, gather, spread, type Vec, valueAt } from './vec.js';

/** A batch with the columns' names and the Arrow types of their SQL types. */
export function toBatch(columns: readonly Column[], vecs: readonly Vec[], rows: number): arrow.RecordBatch {
  return batchOf(
    columns,
    vecs.map((vec, i) => toArrow(vec, rows, columns[i]!.type)),
    rows,
  );
}

/** Like {@link toBatch}, of Arrow data. */
export function batchOf(columns: readonly Column[], children: readonly arrow.Data[], rows: number): arrow.RecordBatch {
  const schema = new arrow.Schema(columns.map((c) => new arrow.Field(c.name, toArrowType(c.type), true)));
  const data = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: rows,
    nullCount: 0,
    children: [...children],
  });
  return new arrow.RecordBatch(schema, data);
}

/**
 * Filter, then projection. The batches' columns are `input` by position; the result's are the items'.
 * @throws DiagnosticError as PostgreSQL would, when a batch is evaluated
 */
export function compileEval(
  input: readonly Column[],
  filter: readonly Scalar[],
  items: readonly ProjectItem[],
): (batch: arrow.RecordBatch) => arrow.RecordBatch {
  const selection = rowBuilder(input);
  const frame = compileFilter(selection, filter);
  const projection = rowBuilder(input);
  const outputs = items.map((item) => projection.compile(item.expr, 0));
  return (batch) => {
    const columns: (Vec | undefined)[] = [];
    const whole = (i: number): Vec => {
      columns[i] ??= fromArrow(batch.data.children[i]!, input[i]!.type);
      return columns[i];
    };
    const first = new ProgramRun(selection.instructions, { rows: batch.numRows, column: whole });
    first.run();
    const { n, index: indexOf } = first.rowsOf(frame);
    const index = indexOf();
    const second = new ProgramRun(projection.instructions, {
      rows: n,
      column: (i) => (index ? gather(whole(i), index) : whole(i)),
    });
    second.run();
    return toBatch(
      items.map((item) => item.column),
      outputs.map((register) => second.get(register)),
      n,
    );
  };
}

/** The batch's columns as vectors. */
export function fromBatch(batch: arrow.RecordBatch, columns: readonly Column[]): Vec[] {
  return columns.map((column, i) => fromArrow(batch.data.children[i]!, column.type));
}

/** The values of some expressions over `n` rows of the columns `input`. */
export function compileScalars(
  input: readonly Column[],
  exprs: readonly Scalar[],
): (columns: readonly Vec[], n: number) => Vec[] {
  const builder = rowBuilder(input);
  const outputs = exprs.map((expr) => builder.compile(expr, 0));
  return (columns, n) => {
    const run = new ProgramRun(builder.instructions, { rows: n, column: (i) => columns[i]! });
    run.run();
    return outputs.map((register) => spread(run.get(register), n));
  };
}

/** A builder whose columns are `input` by position. */
function rowBuilder(input: readonly Column[]): ProgramBuilder {
  const positions = new Map(input.map((column, i) => [column.id, i]));
  return new ProgramBuilder((id) => {
    const position = positions.get(id);
    if (position === undefined) return undefined;
    return (builder) => builder.emit('column', input[position]!.type, 0, [], { immediate: position });
  });
}

/** The positions of `start` where all conjuncts are true; what may fail or costs much is asked of the survivors of the rest. */
export function compileFilter(builder: ProgramBuilder, filter: readonly Scalar[], start = 0): number {
  let frame = start;
  for (const group of conjunctGroups(filter)) {
    const registers = group.map((scalar) => builder.compile(scalar, frame));
    const condition = registers.length === 1 ? registers[0]! : builder.emit('and', types.bool, frame, registers);
    frame = builder.where(condition, 'true', frame);
  }
  return frame;
}

function conjunctGroups(filter: readonly Scalar[]): Scalar[][] {
  const conjuncts = filter.flatMap((scalar) => (scalar.kind === 'and' ? scalar.args : [scalar]));
  const groups: Scalar[][] = [];
  let plain: Scalar[] | undefined;
  for (const scalar of conjuncts) {
    if (scalar.kind !== 'literal' && isPlain(scalar)) {
      if (plain) plain.push(scalar);
      else {
        plain = [scalar];
        groups.push(plain);
      }
    } else {
      plain = undefined;
      groups.push([scalar]);
    }
  }
  return groups;
}

/** The value of an expression without columns. */
export function evaluateConstant(scalar: Scalar): Value {
  if (scalar.kind === 'literal') return scalar.value;
  const builder = new ProgramBuilder(() => undefined);
  const register = builder.compile(scalar, 0);
  const run = new ProgramRun(builder.instructions, {
    rows: 1,
    column: () => {
      throw new Error('a constant has no columns');
    },
  });
  run.run();
  return valueAt(run.get(register), 0);
}

/** Rows of a VALUES list. */
export function evalValues(columns: readonly Column[], rows: readonly (readonly Scalar[])[]): arrow.RecordBatch {
  const values = columns.map((column, c) =>
    fromValues(
      column.type,
      rows.map((row) => evaluateConstant(row[c]!)),
    ),
  );
  return toBatch(columns, values, rows.length);
}
