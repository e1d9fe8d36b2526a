// One user's state, and the life of a statement: text → AST → bound → optimised → physical → batches.
import type { DatasetSnapshot } from '../catalog/index.js';
import { DiagnosticError, fail, type SqlType, type Value } from '../core/index.js';
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
import { findFile } from './find-file.js';
import { type QueryResult, queryResult, type ResultColumn, textResult } from './query-result.js';
import { ReadView } from './read-view.js';

export interface SessionSettings {
  /** Datasets in which a table without a dataset's name is looked for, in order; where empty, all, and one alone must have it. */
  readonly searchPath: readonly string[];
  readonly pushdown: 'auto' | 'on' | 'off';
  readonly kernel: 'on' | 'off';
  /** Names of planner rules that are left out: for finding out what one does, and for tests that none changes an answer. */
  readonly disabledRules: ReadonlySet<string>;
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
  /** Only this file: see {@link findFile}. */
  readonly file?: string;
}

/** A statement planned: what `EXPLAIN` shows and what runs. */
export interface PlannedQuery {
  readonly bound: BoundQuery;
  /** Names of the rules that changed the plan, in order. */
  readonly fired: readonly string[];
  readonly optimized: BoundQuery;
  readonly physical: PhysicalPlan;
}

/** A statement on its way: what it is about, and the versions it sees. */
interface Run {
  readonly view: ReadView;
  readonly options: QueryOptions;
  readonly target?: NativeTarget;
  /** One answer per file. */
  readonly byFile?: boolean;
}

export class Session {
  readonly #database: Database;
  settings: SessionSettings;
  /** Versions that all statements of a transaction see. */
  #transaction: ReadView | undefined;

  constructor(database: Database, settings: Partial<SessionSettings> = {}) {
    this.#database = database;
    this.settings = { searchPath: [], pushdown: 'auto', kernel: 'on', disabledRules: new Set(), ...settings };
  }

  /** Until {@link endTransaction}, every statement sees a dataset in the version that the first one about it saw. */
  beginTransaction(): void {
    this.#transaction ??= new ReadView(this.#database.catalog);
  }

  /** Results that are still being read keep their versions. */
  endTransaction(): void {
    this.#transaction?.release();
    this.#transaction = undefined;
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
    const statement = parseNative(text);
    const view = this.#view();
    try {
      const planned = await this.#plan(statement, { view, options, target: { dataset }, byFile: true });
      const columns = resultColumns(planned.optimized);
      const plan = planned.physical as GatherByFile;
      for await (const { file, batches } of this.#database.engine.executeByFile(plan, pickSignal(options)))
        yield { file, ...queryResult(columns, batches) };
    } finally {
      view.release();
    }
  }

  /** Plans a query statement without running it. */
  async plan(
    statement: QueryStatement,
    target: NativeTarget | undefined,
    options: QueryOptions = {},
  ): Promise<PlannedQuery> {
    const view = this.#view();
    try {
      return await this.#plan(statement, { view, options, ...(target && { target }) });
    } finally {
      view.release();
    }
  }

  /** The plan as lines of text; see {@link ExplainOptions}. */
  async explain(text: string, target: NativeTarget | undefined, options: ExplainOptions): Promise<string[]> {
    const statement = target ? parseNative(text) : onlyStatement(parseSql(text));
    return this.#explain(statement.kind === 'explain' ? statement.statement : statement, target, options);
  }

  /** What a new statement sees. */
  #view(): ReadView {
    return this.#transaction?.retain() ?? new ReadView(this.#database.catalog);
  }

  async #run(statement: Statement, target: NativeTarget | undefined, options: QueryOptions): Promise<QueryResult> {
    if (statement.kind === 'explain') return this.#explainStatement(statement, target, options);
    const view = this.#view();
    try {
      const planned = await this.#plan(asQuery(statement), { view, options, ...(target && { target }) });
      return this.#execute(planned, options, () => view.release());
    } catch (error) {
      view.release();
      throw error;
    }
  }

  async #plan(statement: QueryStatement, run: Run): Promise<PlannedQuery> {
    const { catalog, store } = this.#database;
    const { view, options, target, byFile } = run;
    const { searchPath, pushdown, kernel } = this.settings;
    const snapshot = target && (await view.dataset(target.dataset));
    const bound = bindStatement(statement, {
      ...(target && snapshot
        ? { datasets: new Map([[target.dataset, snapshot]]), datasetNames: [] }
        : await this.#datasets(statement, view)),
      ...(searchPath.length > 0 && { searchPath }),
      ...(target && {
        native: {
          dataset: target.dataset,
          ...(target.file !== undefined && { files: [findFile(snapshot!, target.file).ordinal] }),
        },
      }),
      ...(options.parameters && { parameters: options.parameters }),
    });
    const { query: optimized, fired } = optimize(bound, { disabledRules: this.settings.disabledRules });
    const stats = new Map();
    for (const { table, columns } of statsNeeded(optimized)) stats.set(table, await catalog.stats(table, columns));
    const physical = planPhysical(optimized, {
      stats,
      settings: { pushdown, kernel },
      storeExecutes: store.execute !== undefined,
      ...(byFile && { byFile: snapshot!.files.map(({ ordinal }) => ordinal) }),
    });
    return { bound, fired, optimized, physical };
  }

  /**
   * The datasets a statement may mean: those it names, or all in the search path where a table stands alone. Names of others are
   * looked up only where one is not found as it is written: each costs two operations.
   */
  async #datasets(statement: QueryStatement, view: ReadView) {
    const { searchPath } = this.settings;
    const datasets = new Map<string, DatasetSnapshot>();
    let datasetNames: readonly string[] = [];
    const add = async (name: string) => {
      if (!datasets.has(name)) datasets.set(name, await view.dataset(name));
    };
    for (const relation of relationsMentioned(statement)) {
      const written = relation.at(-2)?.text;
      try {
        if (written !== undefined) await add(written);
        else for (const name of searchPath.length > 0 ? searchPath : await view.names()) await add(name);
      } catch (error) {
        // The binder says what is wrong, and where.
        if (written === undefined || !isUnknownDataset(error)) throw error;
        datasetNames = await view.names();
        for (const name of datasetNames) if (name.toLowerCase() === written.toLowerCase()) await add(name);
      }
    }
    return { datasets, datasetNames };
  }

  #execute(planned: PlannedQuery, options: QueryOptions, ended?: () => void): QueryResult {
    const stream = this.#database.engine.execute(planned.physical, pickSignal(options));
    return queryResult(resultColumns(planned.optimized), stream.batches, ended);
  }

  /** `EXPLAIN`: the physical plan as text; VERBOSE adds the logical one; ANALYZE runs it first and adds rows and time. */
  async #explainStatement(
    statement: ExplainStatement,
    target: NativeTarget | undefined,
    options: QueryOptions,
  ): Promise<QueryResult> {
    const verbose = isOn(statement.options.get('verbose'));
    const analyze = isOn(statement.options.get('analyze'));
    return textResult('QUERY PLAN', await this.#explain(statement.statement, target, { ...options, verbose, analyze }));
  }

  async #explain(statement: Statement, target: NativeTarget | undefined, options: ExplainOptions): Promise<string[]> {
    if (statement.kind === 'explain')
      throw fail('syntax_error', 'EXPLAIN cannot be explained', { span: statement.span });
    const view = this.#view();
    try {
      const planned = await this.#plan(asQuery(statement), { view, options, ...(target && { target }) });
      const lines = printPhysicalPlan(planned.physical).split('\n');
      if (options.verbose) lines.unshift(...printLogicalPlan(planned.optimized).split('\n'), '');
      if (options.analyze) {
        const started = performance.now();
        let rows = 0;
        for await (const batch of this.#execute(planned, options).batches) rows += batch.numRows;
        lines.push(`Rows: ${rows}`, `Execution time: ${(performance.now() - started).toFixed(1)} ms`);
      }
      return lines;
    } finally {
      view.release();
    }
  }
}

/** Statements that are parsed but have no handler yet. */
function asQuery(statement: Statement): QueryStatement {
  if (statement.kind === 'query_statement') return statement;
  const words = statement.kind.replaceAll('_', ' ').toUpperCase();
  throw fail('feature_not_supported', `${words} is not supported`, { span: statement.span });
}

function onlyStatement(statements: readonly Statement[]): Statement {
  if (statements.length !== 1) throw fail('syntax_error', `one statement is expected, there are ${statements.length}`);
  return statements[0]!;
}

function isUnknownDataset(error: unknown): boolean {
  return (
    error instanceof DiagnosticError && ['invalid_schema_name', 'ambiguous_column'].includes(error.diagnostic.condition)
  );
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
