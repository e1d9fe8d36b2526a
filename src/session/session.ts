// One user's state, and the life of a statement: text → AST → bound → optimised → physical → batches.
import * as arrow from 'apache-arrow';
import type { DatasetSnapshot } from '../catalog/index.js';
import { fail, type SqlType, toArrowType, types, type Value } from '../core/index.js';
import { type ExplainStatement, parseNative, parseSql, type QueryStatement, type Statement } from '../parser/index.js';
import {
  type BoundQuery,
  bindStatement,
  type GatherByFile,
  optimize,
  type PhysicalPlan,
  planPhysical,
  printLogicalPlan,
  printPhysicalPlan,
  relationsMentioned,
  statsNeeded,
} from '../planner/index.js';
import type { Database } from './database.js';

export interface SessionSettings {
  /** Datasets in which a table without a dataset's name is looked for. */
  readonly searchPath: readonly string[];
  readonly pushdown: 'auto' | 'on' | 'off';
  readonly kernel: 'on' | 'off';
}

export interface ResultColumn {
  readonly label: string;
  readonly type: SqlType;
}

/** Rows as they come. Leaving the loop early ends the query. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly schema: arrow.Schema;
  readonly batches: AsyncIterable<arrow.RecordBatch>;
}

export interface FileResult extends QueryResult {
  /** Position in the dataset's file order. */
  readonly file: number;
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
  readonly parameters?: readonly { readonly type: SqlType; readonly value: Value }[];
}

export interface ExplainOptions extends QueryOptions {
  /** The logical plan first. */
  readonly verbose?: boolean;
  /** Run it; rows and time come last. */
  readonly analyze?: boolean;
}

export interface NativeTarget {
  readonly dataset: string;
  /** Only this file (its ordinal). */
  readonly file?: number;
}

/** A statement planned: what `EXPLAIN` shows and what runs. */
export interface PlannedQuery {
  readonly bound: BoundQuery;
  /** Names of the rules that changed the plan, in order. */
  readonly fired: readonly string[];
  readonly optimized: BoundQuery;
  readonly physical: PhysicalPlan;
}

export class Session {
  readonly #database: Database;
  settings: SessionSettings;

  constructor(database: Database, settings: Partial<SessionSettings> = {}) {
    this.#database = database;
    this.settings = { searchPath: [], pushdown: 'auto', kernel: 'on', ...settings };
  }

  /** Runs one SQL statement. */
  async sql(text: string, options: QueryOptions = {}): Promise<QueryResult> {
    return this.#run(onlyStatement(parseSql(text)), undefined, options);
  }

  /** Runs a native query on a dataset or one of its files; the rows of all files follow one another. */
  async native(text: string, target: NativeTarget, options: QueryOptions = {}): Promise<QueryResult> {
    return this.#run(parseNative(text), target, options);
  }

  /** Runs a native query on every file of a dataset; one result per file, in file order, empty ones included. */
  async *nativeByFile(text: string, dataset: string, options: QueryOptions = {}): AsyncIterable<FileResult> {
    const snapshot = await this.#database.catalog.dataset(dataset);
    const planned = await this.plan(
      parseNative(text),
      { dataset },
      options,
      snapshot.files.map((f) => f.ordinal),
    );
    const columns = resultColumns(planned.optimized);
    const plan = planned.physical as GatherByFile;
    for await (const result of this.#database.engine.executeByFile(plan, pickSignal(options))) {
      yield { file: result.file, ...labelled(columns, result.batches) };
    }
  }

  /** Plans a query statement without running it. */
  async plan(
    statement: QueryStatement,
    target: NativeTarget | undefined,
    options: QueryOptions = {},
    byFile?: readonly number[],
  ): Promise<PlannedQuery> {
    const { catalog } = this.#database;
    const snapshots = await this.#snapshots(statement, target);
    const bound = bindStatement(statement, {
      datasets: snapshots,
      datasetNames: await catalog.datasetNames(),
      searchPath: this.settings.searchPath.length > 0 ? this.settings.searchPath : [...snapshots.keys()],
      ...(target && {
        native: { dataset: target.dataset, ...(target.file !== undefined && { files: [target.file] }) },
      }),
      ...(options.parameters && { parameters: options.parameters }),
    });
    const { query: optimized, fired } = optimize(bound);
    const stats = new Map();
    for (const { table, columns } of statsNeeded(optimized)) stats.set(table, await catalog.stats(table, columns));
    const physical = planPhysical(optimized, {
      stats,
      settings: { pushdown: this.settings.pushdown, kernel: this.settings.kernel },
      storeExecutes: this.#database.store.execute !== undefined,
      ...(byFile && { byFile }),
    });
    return { bound, fired, optimized, physical };
  }

  /** The newest versions of the datasets a statement may mean: those it names, or all where a table stands alone. */
  async #snapshots(statement: QueryStatement, target: NativeTarget | undefined): Promise<Map<string, DatasetSnapshot>> {
    const { catalog } = this.#database;
    if (target) return new Map([[target.dataset, await catalog.dataset(target.dataset)]]);
    const names = await catalog.datasetNames();
    const wanted = new Set<string>();
    for (const relation of relationsMentioned(statement)) {
      if (relation.length === 1)
        for (const name of this.settings.searchPath.length > 0 ? this.settings.searchPath : names) wanted.add(name);
      else {
        const written = relation.at(-2)!.text;
        const exact = names.filter((n) => n === written);
        for (const name of exact.length > 0 ? exact : names.filter((n) => n.toLowerCase() === written.toLowerCase()))
          wanted.add(name);
      }
    }
    const snapshots = new Map<string, DatasetSnapshot>();
    for (const name of wanted) snapshots.set(name, await catalog.dataset(name));
    return snapshots;
  }

  async #run(statement: Statement, target: NativeTarget | undefined, options: QueryOptions): Promise<QueryResult> {
    if (statement.kind === 'explain') return this.#explain(statement, target, options);
    const planned = await this.plan(statement, target, options);
    return this.#execute(planned, options);
  }

  /** The plan as lines of text; see {@link ExplainOptions}. */
  async explain(text: string, target: NativeTarget | undefined, options: ExplainOptions): Promise<string[]> {
    const statement = target ? parseNative(text) : onlyStatement(parseSql(text));
    const inner = statement.kind === 'explain' ? statement.statement : statement;
    if (inner.kind === 'explain') throw fail('syntax_error', 'EXPLAIN cannot be explained', { span: inner.span });
    return this.#explainLines(inner, target, options);
  }

  #execute(planned: PlannedQuery, options: QueryOptions): QueryResult {
    const stream = this.#database.engine.execute(planned.physical, pickSignal(options));
    return labelled(resultColumns(planned.optimized), stream.batches);
  }

  /** `EXPLAIN`: the physical plan as text; VERBOSE adds the logical one; ANALYZE runs it first and adds rows and time. */
  async #explain(
    statement: ExplainStatement,
    target: NativeTarget | undefined,
    options: QueryOptions,
  ): Promise<QueryResult> {
    const inner = statement.statement;
    if (inner.kind === 'explain') throw fail('syntax_error', 'EXPLAIN cannot be explained', { span: inner.span });
    const verbose = isOn(statement.options.get('verbose'));
    const analyze = isOn(statement.options.get('analyze'));
    return textResult('QUERY PLAN', await this.#explainLines(inner, target, { ...options, verbose, analyze }));
  }

  async #explainLines(
    statement: QueryStatement,
    target: NativeTarget | undefined,
    options: ExplainOptions,
  ): Promise<string[]> {
    const planned = await this.plan(statement, target, options);
    const lines = printPhysicalPlan(planned.physical).split('\n');
    if (options.verbose) lines.unshift(...printLogicalPlan(planned.optimized).split('\n'), '');
    if (options.analyze) {
      const started = performance.now();
      let rows = 0;
      for await (const batch of this.#execute(planned, options).batches) rows += batch.numRows;
      lines.push(`Rows: ${rows}`, `Execution time: ${(performance.now() - started).toFixed(1)} ms`);
    }
    return lines;
  }
}

function onlyStatement(statements: readonly Statement[]): Statement {
  if (statements.length !== 1) throw fail('syntax_error', `one statement is expected, there are ${statements.length}`);
  return statements[0]!;
}

function isOn(value: string | boolean | undefined): boolean {
  return value === true || (typeof value === 'string' && /^(?:true|on|1)$/i.test(value));
}

function pickSignal(options: QueryOptions): { signal?: AbortSignal } {
  return options.signal ? { signal: options.signal } : {};
}

function resultColumns(query: BoundQuery): ResultColumn[] {
  return query.output.map(({ label, type }) => ({ label, type }));
}

/** Batches under the labels that the user sees instead of column names. */
function labelled(columns: readonly ResultColumn[], batches: AsyncIterable<arrow.RecordBatch>): QueryResult {
  const schema = new arrow.Schema(columns.map((c) => new arrow.Field(c.label, toArrowType(c.type), true)));
  async function* relabel() {
    for await (const batch of batches) {
      const children = batch.data.children;
      const data = arrow.makeData({
        type: new arrow.Struct(schema.fields),
        length: batch.numRows,
        nullCount: 0,
        children,
      });
      yield new arrow.RecordBatch(schema, data);
    }
  }
  return { columns, schema, batches: relabel() };
}

function textResult(label: string, lines: readonly string[]): QueryResult {
  const columns = [{ label, type: types.text }];
  const vector = arrow.vectorFromArray(lines as string[], new arrow.Utf8());
  async function* batches() {
    const schema = new arrow.Schema([new arrow.Field(label, new arrow.Utf8(), true)]);
    const children = [vector.data[0]!];
    yield new arrow.RecordBatch(
      schema,
      arrow.makeData({ type: new arrow.Struct(schema.fields), length: lines.length, nullCount: 0, children }),
    );
  }
  return labelled(columns, batches());
}
