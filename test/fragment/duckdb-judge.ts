// Native DuckDB as the judge of fragments: it is asked what the product would ask of DuckDB-WASM, and its rows are compared with a home's answer.
//
// What it cannot judge (and so is counted, not compared):
// - which of several errors comes first, and errors on rows that AND, OR, CASE, COALESCE, a limit or another condition keep SQL from reaching:
//   DuckDB evaluates whole vectors and reorders conditions;
// - sums of floats whose magnitudes overflow: it adds in row order, fragments add exactly;
// - lambdas of outer columns over a list without columns in a LATERAL, which it does not bind;
// - LIKE patterns that end with the escape: an error in DuckDB and PostgreSQL where matching gets there, in fragments always;
// - the sign of a zero that stands for several equal values (extremes, least, greatest, keys of groups);
// - infinities of dates and timestamps, and values beyond PostgreSQL's ranges, which have no literal; structs; ordinals of filtered elements.
// Functions of the C library (sin, exp, pow, …) are compared within some units of the last place and so stand outermost in an expression alone.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  DiagnosticError,
  decodeResult,
  duckDbType,
  type SqlType,
  sqlStates,
  stateTypes,
  type Value,
} from '../../src/core/index.js';
import { diagnose } from '../../src/exec/duckdb/failure.js';
import { columnName, renderQuery } from '../../src/exec/duckdb/index.js';
import { renderLiteral } from '../../src/exec/duckdb/render-literal.js';
import { valueAt } from '../../src/exec/eval/vec.js';
import { aggregateOf } from '../../src/exec/fragment/aggregate-of.js';
import { makeState } from '../../src/exec/fragment/aggregate-state.js';
import { receivedResult } from '../../src/exec/fragment/result-columns.js';
import { type Column, type ColumnId, type LogicalPlan, outputColumns, type Scalar } from '../../src/planner/index.js';
import { columnsOf, scalarsOf } from '../../src/planner/logical/walk-scalar.js';
import { toValue } from '../registry/duckdb-value.js';
import type { Nearness, RandomSpec } from './random-spec.js';

export type Judgement =
  | 'same'
  | 'error'
  | 'order of evaluation'
  | 'overflowing sum'
  | 'not bound'
  | 'escape at the end';

type Rows = readonly (readonly Value[])[];
type Answer = { readonly rows: Rows } | { readonly code: string; readonly message: string };

export class DuckDbJudge {
  private constructor(private readonly connection: DuckDBConnection) {}

  static async open(): Promise<DuckDbJudge> {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    await connection.run("SET TimeZone = 'UTC'").catch(() => {});
    return new DuckDbJudge(connection);
  }

  /** The rows that fragments are asked about from now on. */
  async load(columns: readonly Column[], rows: Rows): Promise<void> {
    const definitions = columns.map((column) => `${columnName(column)} ${duckDbType(column.type)}`);
    await this.connection.run(`CREATE OR REPLACE TABLE in_0 (${definitions.join(', ')})`);
    for (let at = 0; at < rows.length; at += 50) {
      const lines = rows
        .slice(at, at + 50)
        .map((row) => `(${row.map((value, c) => renderLiteral(value, columns[c]!.type)).join(', ')})`);
      await this.connection.run(`INSERT INTO in_0 VALUES ${lines.join(', ')}`);
    }
  }

  /** @throws Error that says where it and the home's answer differ */
  async judge(answer: Uint8Array, random: RandomSpec): Promise<Judgement> {
    const ours = finished(answer, random);
    const sql = renderQuery(random.plan, (index) => `in_${index}`);
    let theirs = await this.ask(sql, random.plan);
    if (differentErrors(ours, theirs)) {
      // The optimizer leaves out what it need not evaluate, and moves the rest.
      await this.connection.run('PRAGMA disable_optimizer');
      theirs = await this.ask(sql, random.plan);
      await this.connection.run('PRAGMA enable_optimizer');
    }
    if (!('code' in ours) && !('code' in theirs)) return compare(ours.rows, theirs.rows, random);
    if (!differentErrors(ours, theirs)) return 'error';
    if ('code' in theirs) {
      if (theirs.message.includes('because the FROM clause is missing')) return 'not bound';
      if ('code' in ours) return 'order of evaluation';
      if (theirs.code === '22003' && random.near.includes('sum')) return 'overflowing sum';
    }
    if ('code' in ours && ours.code === sqlStates.invalid_escape_sequence) return 'escape at the end';
    if (random.lazy) return 'order of evaluation';
    if ('code' in ours && (await this.raises(ours.code, random))) return 'order of evaluation';
    // Constants are computed whether there are rows or not.
    if ('code' in theirs && 'rows' in ours && ours.rows.length === 0 && (await this.raises(theirs.code, random, true)))
      return 'order of evaluation';
    throw new Error(`ours ${shown(ours)}, DuckDB ${shown(theirs)}`);
  }

  /** Whether a part of one of the expressions raises the error where nothing else stands beside it: a NULL there may hide it. */
  private async raises(code: string, { spec }: RandomSpec, constantsOnly = false): Promise<boolean> {
    const { filter, unnest, output } = spec;
    const columns = spec.columns.map(({ column }) => column);
    const roots =
      output.kind === 'aggregate'
        ? [...output.groups.map(({ expr }) => expr), ...output.aggregates.flatMap(({ call }) => call.args)]
        : output.items.map(({ expr }) => expr);
    const lists = unnest?.lists.map(({ list }) => list) ?? [];
    let input: LogicalPlan = { kind: 'input', index: 0, columns };
    // Each condition is met by the rows that the ones before it have left.
    for (const predicate of filter) {
      if (await this.raisesIn(input, predicate, code, constantsOnly)) return true;
      input = { kind: 'filter', input, predicate };
    }
    for (const root of [...lists, ...roots]) if (await this.raisesIn(input, root, code, constantsOnly)) return true;
    return false;
  }

  private async raisesIn(input: LogicalPlan, root: Scalar, code: string, constantsOnly: boolean): Promise<boolean> {
    const known = new Set(outputColumns(input).map(({ id }) => id));
    for (const expr of scalarsOf(root)) {
      const used = [...columnsOf(expr).keys()];
      if (!used.every((id) => known.has(id)) || (constantsOnly && used.length > 0)) continue;
      const column: Column = { id: 2000 as ColumnId, name: 'part', type: expr.type };
      const over: LogicalPlan = constantsOnly ? { kind: 'values', columns: [], rows: [[]] } : input;
      const plan: LogicalPlan = { kind: 'project', input: over, items: [{ column, expr }] };
      const answer = await this.ask(
        renderQuery(plan, (index) => `in_${index}`),
        plan,
      );
      if ('code' in answer && answer.code === code) return true;
    }
    return false;
  }

  private async ask(sql: string, plan: LogicalPlan): Promise<Answer> {
    const types = outputColumns(plan).map(({ type }) => type);
    try {
      const reader = await this.connection.runAndReadAll(sql);
      return { rows: reader.getRows().map((row) => row.map((value, c) => toValue(value, types[c]!))) };
    } catch (error) {
      const { message } = error as Error;
      const type = /^([A-Za-z ]+?) Error: /.exec(message)?.[1] ?? 'unknown';
      const { code, message: text } = diagnose({ type, message: message.replace(/^[A-Za-z ]+? Error: /, '') }, sql);
      return { code, message: `${text} (${message.slice(0, 200)})` };
    }
  }
}

function differentErrors(a: Answer, b: Answer): boolean {
  return 'code' in a || 'code' in b ? !('code' in a && 'code' in b && a.code === b.code) : false;
}

const shown = (answer: Answer): string =>
  'code' in answer ? `${answer.code} ${answer.message}` : `${answer.rows.length} rows`;

/** A home's answer as rows; partial aggregates as their results. */
function finished(bytes: Uint8Array, { spec: { output } }: RandomSpec): Answer {
  const result = decodeResult(bytes);
  if (result.kind === 'error') return result;
  if (result.kind === 'cannot') throw new Error(`cannot: ${result.reason}`);
  const received = receivedResult(result);
  const { rows } = received;
  let vecs = Array.from({ length: received.width }, (_, c) => received.vec(c));
  if (output.kind === 'aggregate') {
    const groups = Int32Array.from({ length: rows }, (_, i) => i);
    let at = output.groups.length;
    const done = vecs.slice(0, at);
    try {
      for (const { call } of output.aggregates) {
        const aggregate = aggregateOf(call);
        const width = stateTypes(aggregate.op, call.args[0]?.type)!.length;
        const state = makeState(aggregate, call.args[0]?.type);
        state.merge(vecs.slice(at, at + width), groups, rows);
        done.push(state.result(rows, call.type));
        at += width;
      }
    } catch (error) {
      if (error instanceof DiagnosticError) return { code: error.code, message: error.message };
      throw error;
    }
    vecs = done;
  }
  if (output.kind === 'top_n') vecs = vecs.slice(0, output.items.length);
  return { rows: Array.from({ length: rows }, (_, i) => vecs.map((vec) => valueAt(vec, i))) };
}

function compare(ours: Rows, theirs: Rows, { near, columns, ordered, anyZero }: RandomSpec): Judgement {
  if (ours.length !== theirs.length) throw new Error(`ours ${ours.length} rows, DuckDB ${theirs.length}`);
  const exact = near.flatMap((n, c) => (n === 'exact' ? [c] : []));
  const keyOf = (row: readonly Value[]): string => exact.map((c) => text(row[c]!, anyZero)).join(' ');
  const place = (rows: Rows): Rows => (ordered ? rows : sorted(rows, keyOf, near.length));
  const [a, b] = [place(ours), place(theirs)];
  let overflowing = false;
  for (const [i, row] of a.entries()) {
    const other = b[i]!;
    let magnitude = near.length;
    for (const [c, column] of columns.entries()) {
      const [x, y] = [row[c]!, other[c]!];
      const sum = near[c] === 'sum' ? (other[magnitude++] as number) : 0;
      if (near[c] === 'exact' ? text(x, anyZero) === text(y, anyZero) : close(x, y, near[c]!, sum, column.type))
        continue;
      if (near[c] === 'sum' && !(Math.abs(sum) < 1e307)) {
        overflowing = true;
        continue;
      }
      throw new Error(`column ${c} (${column.type.kind}), row ${i}: ours ${text(x, false)}, DuckDB ${text(y, false)}`);
    }
  }
  return overflowing ? 'overflowing sum' : 'same';
}

/** Rows without an order, by what is exact in them, then by the rest. */
function sorted(rows: Rows, keyOf: (row: readonly Value[]) => string, width: number): Rows {
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  const rest = (row: readonly Value[]): Value[] => row.slice(0, width);
  keyed.sort((a, b) => {
    if (a.key !== b.key) return a.key < b.key ? -1 : 1;
    const [x, y] = [rest(a.row), rest(b.row)];
    for (const [c, v] of x.entries()) {
      const w = y[c];
      if (typeof v === 'number' && typeof w === 'number' && v !== w && !(Number.isNaN(v) && Number.isNaN(w)))
        return Number.isNaN(v) ? 1 : Number.isNaN(w) ? -1 : v - w;
      if ((v === null) !== (w === null)) return v === null ? 1 : -1;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/** The value to the bit; -0 as 0 where either may stand. */
function text(value: Value, anyZero: boolean): string {
  if (typeof value === 'number') return Object.is(value, -0) ? (anyZero ? '0' : '-0') : `${value}`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map((v) => text(v, anyZero)).join(', ')}]`;
  // Its client takes a byte order mark at the beginning off.
  if (typeof value === 'string') return JSON.stringify(value.replace(/^\ufeff/, ''));
  if (value !== null && typeof value === 'object' && 'unscaled' in value) return `${value.unscaled}e-${value.scale}`;
  return String(value);
}

/** Units in the last place in which the C library's functions may differ from ours: each is within 2. */
const lastPlaces = 4n;

function close(x: Value, y: Value, near: Nearness, magnitude: number, type: SqlType): boolean {
  if (typeof x !== 'number' || typeof y !== 'number') return x === y;
  if (Object.is(x, y) || x === y) return true;
  if (Number.isNaN(x) || Number.isNaN(y)) return false;
  if (near === 'elementary') {
    const distance = place(x) - place(y);
    return distance <= lastPlaces && distance >= -lastPlaces;
  }
  const rounding = type.kind === 'float4' ? Math.abs(x) * 2 ** -23 + 1e-45 : Math.abs(x) * 2 ** -52;
  return Math.abs(x - y) <= Math.abs(magnitude) * 1e-12 + rounding;
}

const view = new DataView(new ArrayBuffer(8));
/** Its number among all doubles in order. */
function place(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}
