// One user's state, and the life of a statement: text → AST → bound → optimised → physical → batches.
import {
  type ClientEncoding,
  type Condition,
  clientEncoding,
  type DateTimeStyle,
  fail,
  type SqlType,
  sqlStates,
  styleOf,
  types,
} from '../core/index.js';
import {
  parseNative,
  parseSql,
  type Query,
  type QueryStatement,
  type Statement,
  type TypeName,
} from '../parser/index.js';
import {
  type BindEnvironment,
  type BoundQuery,
  bindStatement,
  bindTypeName,
  type GatherByFile,
  ParameterTypes,
} from '../planner/index.js';
import { isTemporaryDataset } from '../store/index.js';
import { copyFrom } from './copy/copy-from.js';
import { checkForced, copyFormat } from './copy/copy-options.js';
import { type CopyOut, copyOut } from './copy/copy-out.js';
import { copyQuery } from './copy/copy-to.js';
import type { Cursor } from './cursor.js';
import type { Database } from './database.js';
import { type ExplainOptions, explainOptions } from './explain.js';
import { explainColumn, explained, explainStatement } from './explain-statement.js';
import { Lookup } from './lookup.js';
import { Notifications } from './notifications.js';
import { descriptionKey, planKey } from './plan-cache.js';
import { isConstant, isFixed, type PlannedQuery } from './planned-query.js';
import { knownOf, Planning, type Run } from './planning.js';
import {
  type Notice,
  type PreparedStatement,
  type StatementResult,
  type TypedValue,
  unprepared,
} from './prepared-statement.js';
import {
  heldResult,
  type QueryResult,
  queryResult,
  resultColumns,
  sameTypes,
  tableResult,
  watchedResult,
} from './query-result.js';
import { ReadView } from './read-view.js';
import { allRights, denied, type Rights, refusedReadOnly } from './rights.js';
import { type Command, commandColumns, isCommand, runCommand } from './run-command.js';
import { quoteNames, splitNames } from './search-path.js';
import {
  type FileResult,
  type NativeTarget,
  pickSignal,
  type QueryOptions,
  type SessionSettings,
} from './session-options.js';
import { checkSetting, Settings } from './settings.js';
import { Delay } from './sleep.js';
import { parseCached } from './statement-cache.js';
import { asQuery, changes, endsBlock, isQuery, onlyStatement } from './statement-kinds.js';
import { describeChange, isChange, runChange } from './statements/handlers.js';
import { type Changing, changesInWith, describeWithChanges, runWithChanges } from './statements/with-changes.js';
import { TemporaryTables } from './temporary-tables.js';
import { TransactionBlock } from './transaction-block.js';

export class Session {
  readonly database: Database;
  readonly rights: Rights;
  readonly temporary: TemporaryTables;
  readonly #planning = new Planning(this);
  readonly lookup = new Lookup(this, this.#planning, () => this.#view());
  /** As the user called the store when connecting. */
  databaseName = 'skyhook';
  /** What a client cancels by. */
  processId = 0;
  /** Stops another session's statement, or the session; false where there is none of that number. */
  signal: (processId: number, what: 'cancel' | 'terminate') => boolean = () => false;
  readonly variables = new Settings();
  readonly transaction = new TransactionBlock(this.variables);
  #encoding: { readonly version: number; readonly encoding: ClientEncoding | undefined } = {
    version: -1,
    encoding: undefined,
  };
  /** By PREPARE, and by Parse on the wire. */
  readonly prepared = new Map<string, PreparedStatement>();
  readonly cursors = new Map<string, Cursor>();
  /** Several statements of one message: as in a transaction, but that no block shows. */
  inImplicitBlock = false;
  /** What is changed now stays, or goes, with all else up to the client's next Sync. */
  untilSync = false;
  #changedUntilSync = false;
  /** The statement at hand changes rows in its WITH: its parts see the same versions. */
  isInParts = false;
  /** Datasets of rows that its parts have returned. */
  readonly staged = new Set<string>();
  /** Files that its parts have written or taken. */
  readonly ownFiles = new Set<string>();
  onNotice: (notice: Notice) => void = () => undefined;
  /** Versions that all statements of a transaction see. */
  #transaction: ReadView | undefined;

  readonly delay = new Delay();
  readonly notifications: Notifications;

  constructor(database: Database, settings: Partial<SessionSettings> = {}, rights: Rights = allRights) {
    this.rights = rights;
    this.database = database;
    this.temporary = new TemporaryTables(database);
    this.notifications = new Notifications(database.notifications, () => this.processId);
    const { searchPath, pushdown, kernel, disabledRules } = settings;
    if (searchPath && searchPath.length > 0) this.variables.setDefault('search_path', quoteNames(searchPath));
    if (pushdown) this.variables.setDefault('skyhook.pushdown', pushdown);
    if (kernel) this.variables.setDefault('skyhook.kernel', kernel);
    if (disabledRules) this.variables.setDefault('skyhook.disabled_rules', [...disabledRules].join(', '));
  }

  get settings(): SessionSettings {
    return {
      searchPath: splitNames(this.variables.get('search_path')),
      pushdown: this.variables.get('skyhook.pushdown') as SessionSettings['pushdown'],
      kernel: this.variables.get('skyhook.kernel') as SessionSettings['kernel'],
      disabledRules: new Set(this.variables.get('skyhook.disabled_rules').split(/\s*,\s*/)),
    };
  }

  /** @throws DiagnosticError 42704 */
  setting(name: string): string {
    // Outside a transaction, what the next one will have.
    const ofTransaction = /^transaction_(?:isolation|read_only|deferrable)$/i.test(name);
    return this.variables.get(ofTransaction && this.transaction.status === 'idle' ? `default_${name}` : name);
  }

  /** How dates and times are read and written now. */
  get style(): DateTimeStyle {
    return styleOf((name) => this.variables.get(name));
  }

  /** Of the client's texts; `undefined` for UTF-8. */
  get encoding(): ClientEncoding | undefined {
    const { version } = this.variables;
    if (this.#encoding.version !== version)
      this.#encoding = { version, encoding: clientEncoding(this.variables.get('client_encoding')) };
    return this.#encoding.encoding;
  }

  /** `set_config`: SET as a function. */
  configure(name: string, value: string | null, local: boolean): string {
    if (value === null) this.variables.reset(name);
    else this.variables.set(name, value);
    if (local && this.transaction.status !== 'idle') this.transaction.setLocal(name);
    return this.variables.get(name);
  }

  /** The session's own tables go. */
  async discardTemporary(): Promise<void> {
    const { dataset } = this.temporary;
    if (dataset === undefined) return;
    await this.temporary.close();
    this.forget(dataset);
  }

  notice(condition: Condition | 'successful_completion', message: string): void {
    const code = condition === 'successful_completion' ? '00000' : sqlStates[condition];
    this.onNotice({ severity: 'NOTICE', code, message });
  }

  warn(condition: Condition, message: string): void {
    this.onNotice({ severity: 'WARNING', code: sqlStates[condition], message });
  }

  /** @throws DiagnosticError 42601 and the like */
  parse(text: string): readonly Statement[] {
    return parseCached(text);
  }

  /** Whether it ends or rolls back a transaction that has failed. */
  mayRunWhenFailed({ statement }: PreparedStatement): boolean {
    return statement === undefined || endsBlock(statement);
  }

  // ---- statements in two steps: types first, values later --------------------------------------------------------------

  /**
   * Finds the types of a statement's parameters and columns.
   * @param declared types of parameters by position; `undefined` where the statement decides
   */
  async prepare(
    statement: Statement | undefined,
    declared: readonly (SqlType | undefined)[] = [],
  ): Promise<PreparedStatement> {
    if (!statement) return { statement, parameterTypes: declared.map((t) => t ?? types.text), columns: undefined };
    this.#mayRun(statement);
    if (statement.kind === 'declare') {
      const { query, span } = statement;
      const { parameterTypes } = await this.prepare(
        { kind: 'query_statement', language: 'sql', query, span },
        declared,
      );
      return { statement, parameterTypes, columns: undefined };
    }
    if (isCommand(statement)) return { statement, parameterTypes: [], columns: commandColumns(this, statement) };
    if (statement.kind === 'copy') return { statement, parameterTypes: [], columns: undefined };
    if (changesInWith(statement).length > 0) return describeWithChanges(this, statement as Changing, declared);
    if (isChange(statement)) {
      const parameterTypes = new ParameterTypes(declared);
      const columns = await describeChange(this, statement, parameterTypes);
      return { statement, parameterTypes: parameterTypes.all(), columns };
    }
    if (statement.kind === 'explain') {
      const inner = statement.statement;
      const known = ['query_statement', 'insert', 'update', 'delete', 'create_table_as'].includes(inner.kind);
      const { parameterTypes } = known ? await this.prepare(inner, declared) : { parameterTypes: [] };
      return { statement, parameterTypes, columns: [explainColumn(statement)] };
    }
    const inner = asQuery(statement);
    const { descriptions } = this.database;
    const key = descriptionKey(this.variables.fingerprint, declared);
    const known = descriptions.find(statement, key);
    const parameterTypes = new ParameterTypes(declared);
    const view = this.#view();
    try {
      if (known && (await this.#planning.stillKnown(known, view))) return known.prepared;
      const environment = await this.#planning.environment(inner, view);
      const bound = bindStatement(inner, { ...environment, parameterTypes });
      const columns = resultColumns(bound);
      const prepared = { statement, parameterTypes: parameterTypes.all(), columns };
      if (!environment.system) descriptions.keep(statement, key, { prepared, ...knownOf(inner, environment) });
      return prepared;
    } finally {
      view.release();
    }
  }

  /** PREPARE's own way to name types. */
  async prepareAs(statement: Statement, declared: readonly TypeName[]): Promise<PreparedStatement> {
    return this.prepare(
      statement,
      declared.map((type) => bindTypeName(type)),
    );
  }

  /** Runs a prepared statement; the rows, if any, are to be read or closed. */
  async execute(
    { statement, columns }: PreparedStatement,
    parameters: readonly TypedValue[],
    given: QueryOptions = {},
  ): Promise<StatementResult> {
    if (!statement) return { tag: '' };
    this.#mayRun(statement);
    const options = this.#hinted(statement, given);
    if (isCommand(statement)) return runCommand(this, statement, { ...options, parameters });
    if (statement.kind === 'copy') {
      if (statement.direction === 'from') return { tag: 'COPY', copyIn: await copyFrom(this, statement) };
      const copy = copyFormat(statement, this.encoding);
      if ('change' in statement.source) {
        const { rows } = await this.execute(unprepared(statement.source.change), [], options);
        if (!rows)
          throw fail('feature_not_supported', 'COPY query must have a RETURNING clause', { span: statement.span });
        return { tag: 'COPY', copy, rows };
      }
      const rows = await this.#run(await copyQuery(this, statement), undefined, options);
      const labels = rows.columns.map(({ label }) => label);
      checkForced(copy, labels, labels);
      return { tag: 'COPY', copy, rows };
    }
    const withParameters = { ...options, parameters };
    if (changesInWith(statement).length > 0) return runWithChanges(this, statement as Changing, withParameters);
    if (isChange(statement)) return runChange(this, statement, withParameters);
    const rows = await this.#run(statement, undefined, withParameters);
    if (columns && !sameTypes(columns, rows.columns)) {
      await rows.close();
      throw fail('feature_not_supported', 'cached plan must not change result type', {
        routine: 'RevalidateCachedQuery',
      });
    }
    return { tag: statement.kind === 'explain' ? 'EXPLAIN' : 'SELECT', rows };
  }

  /** {@link prepare} for a statement that was prepared before and means the same, whatever the datasets have become since: nothing is waited for. */
  prepareAtOnce(statement: Statement | undefined, declared: readonly (SqlType | undefined)[]) {
    if (!statement || this.transaction.status === 'failed') return undefined;
    const known = this.database.descriptions.find(statement, descriptionKey(this.variables.fingerprint, declared));
    return known?.relations.length === 0 ? known.prepared : undefined;
  }

  /** {@link execute} for constants that were computed before: nothing is waited for. */
  executeAtOnce(statement: Statement, parameters: readonly TypedValue[]): QueryResult | undefined {
    if (statement.kind !== 'query_statement' || statement.hints || this.transaction.status === 'failed')
      return undefined;
    const key = planKey(this.variables.fingerprint, parameters);
    const known = key === undefined ? undefined : this.database.plans.find(statement, key);
    return known?.relations.length === 0 ? known.held : undefined;
  }

  /** The rows of a query inside another statement. */
  async rows(
    query: Query,
    options: QueryOptions,
    bind?: (environment: BindEnvironment) => BoundQuery,
  ): Promise<QueryResult> {
    return this.#run({ kind: 'query_statement', language: 'sql', query, span: query.span }, undefined, options, bind);
  }

  /**
   * @throws DiagnosticError read_only_sql_transaction; insufficient_privilege; active_sql_transaction: what is kept in a store is changed at once, and could not be
   * rolled back
   */
  async mayChange(dataset: string, what: string): Promise<void> {
    if (!isTemporaryDataset(dataset)) {
      if (this.#isReadOnly) throw refusedReadOnly(what);
      if (!this.rights.mayWrite(dataset)) throw denied(dataset);
    }
    const { status } = this.transaction;
    if (isTemporaryDataset(dataset)) {
      if (status !== 'idle' || this.untilSync) await this.temporary.markStart();
    } else if (status !== 'idle')
      throw fail('active_sql_transaction', `${what} cannot run inside a transaction block`, {
        hint: 'Data of a store is changed by one statement at a time.',
      });
  }

  /** There is a newer version: what follows sees it. */
  forget(dataset: string): void {
    this.#transaction?.forget(dataset);
  }

  /** A statement has committed a new version. */
  async changed(dataset: string): Promise<void> {
    this.forget(dataset);
    if (!isTemporaryDataset(dataset) || this.transaction.status !== 'idle' || this.inImplicitBlock) return;
    if (this.untilSync) this.#changedUntilSync = true;
    else {
      await this.commitTemporary();
      await this.database.tidyTemporary();
    }
  }

  /** What came since the last Sync, outside a transaction block: all of it stays, or after an error nothing of the session's own. */
  async endUntilSync(failed: boolean): Promise<void> {
    this.untilSync = false;
    if (failed) await this.rollbackTemporary();
    else await this.commitTemporary();
    if (this.#changedUntilSync) await this.database.tidyTemporary();
    this.#changedUntilSync = false;
  }

  /** The session's own tables as they were at a savepoint, or without one when the transaction began. */
  async rollbackTemporary(savepoint?: string): Promise<void> {
    const { dataset } = this.temporary;
    if ((await this.temporary.rollback(savepoint)) && dataset !== undefined) this.#transaction?.forget(dataset);
  }

  /** The end of a transaction, or of a statement outside one. */
  async commitTemporary(): Promise<void> {
    const { dataset } = this.temporary;
    if ((await this.temporary.commit()) && dataset !== undefined) this.#transaction?.forget(dataset);
    this.temporary.release();
  }

  async query(statement: QueryStatement, options: QueryOptions, target?: NativeTarget): Promise<QueryResult> {
    return this.#run(statement, target, options);
  }

  async closeCursors(which: (cursor: Cursor) => boolean): Promise<void> {
    for (const [name, cursor] of [...this.cursors]) {
      if (!which(cursor)) continue;
      this.cursors.delete(name);
      await cursor.close();
    }
  }

  /** Lets go of everything: the user has gone. */
  async close(): Promise<void> {
    await this.closeCursors(() => true);
    this.transaction.end(false);
    this.endTransaction(false);
    this.notifications.close();
    await this.temporary.close();
  }

  /** @throws DiagnosticError 25P02 in a failed transaction, 25006 for a change in a read-only one */
  #mayRun(statement: Statement): void {
    const { status } = this.transaction;
    if (status === 'failed' && !endsBlock(statement))
      throw fail(
        'in_failed_sql_transaction',
        'current transaction is aborted, commands ignored until end of transaction block',
      );
    const change = changes[statement.kind];
    // Rows of temporary tables may be changed all the same: `mayChange` knows whose they are.
    if (change !== undefined && !['insert', 'update', 'delete'].includes(statement.kind) && this.#isReadOnly)
      throw refusedReadOnly(change);
  }

  get #isReadOnly(): boolean {
    const { status, readOnly } = this.transaction;
    return readOnly || (status === 'idle' && this.variables.get('default_transaction_read_only') === 'on');
  }

  /** Until {@link endTransaction}, every statement sees a dataset in the version that the first one about it saw. @returns whether it is a new one */
  beginTransaction(): boolean {
    if (this.#transaction) return false;
    this.#transaction = new ReadView(this.database.catalog, this.rights);
    return true;
  }

  /** Results that are still being read keep their versions. */
  endTransaction(commit = true): void {
    if (commit) this.notifications.commit();
    else this.notifications.rollback();
    this.#transaction?.release();
    this.#transaction = undefined;
  }

  /** LISTEN, NOTIFY and their like: at once where there is no transaction. */
  say(what: (notifications: Notifications) => void): void {
    what(this.notifications);
    if (!this.#transaction && this.transaction.status === 'idle') this.notifications.commit();
  }

  /** Runs one SQL statement. */
  async sql(text: string, options: QueryOptions = {}): Promise<QueryResult> {
    try {
      const result = await this.#sql(text, options);
      return watchedResult(result, () => this.transaction.fail());
    } catch (error) {
      this.transaction.fail();
      throw error;
    }
  }

  /** Runs `COPY … FROM STDIN` with what it is to read. */
  async copyIn(text: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
    try {
      const { copyIn } = await this.execute(unprepared(onlyStatement(parseSql(text))), []);
      if (!copyIn) throw fail('wrong_object_type', 'the statement is no COPY … FROM STDIN');
      return (await copyIn.run(bytes)).tag;
    } catch (error) {
      this.transaction.fail();
      throw error;
    }
  }

  /** Runs `COPY … TO STDOUT`. */
  async copyOut(text: string): Promise<CopyOut> {
    try {
      const { copy, rows } = await this.execute(unprepared(onlyStatement(parseSql(text))), []);
      if (!copy || !rows) throw fail('wrong_object_type', 'the statement is no COPY … TO STDOUT');
      return copyOut(copy, rows);
    } catch (error) {
      this.transaction.fail();
      throw error;
    }
  }

  async #sql(text: string, given: QueryOptions): Promise<QueryResult> {
    const statement = onlyStatement(this.parse(text));
    this.#mayRun(statement);
    const options = this.#hinted(statement, given);
    const hasChanges = changesInWith(statement).length > 0;
    if (isQuery(statement) && !hasChanges) return this.#run(statement, undefined, options);
    const { tag, rows } = hasChanges
      ? await runWithChanges(this, statement as Changing, options)
      : isChange(statement)
        ? await runChange(this, statement, options)
        : await runCommand(this, statement as Command, options);
    return rows ? { ...rows, tag } : { ...tableResult([], []), tag };
  }

  /** Runs a native query on a dataset or one of its files; the rows of all files follow one another. */
  async native(text: string, target: NativeTarget, options: QueryOptions = {}): Promise<QueryResult> {
    const statement = parseNative(text);
    return this.#run(statement, target, this.#hinted(statement, options));
  }

  /** Runs a native query on every file of a dataset; one result per file, in file order, empty ones included. */
  async *nativeByFile(text: string, dataset: string, given: QueryOptions = {}): AsyncIterable<FileResult> {
    const statement = parseNative(text);
    const options = this.#hinted(statement, given);
    const view = this.#view();
    try {
      const planned = await this.#planning.plan(statement, {
        view,
        options,
        target: { dataset },
        byFile: true,
        describing: false,
      });
      const columns = resultColumns(planned.bound);
      const plan = planned.physical as GatherByFile;
      for await (const { file, batches } of this.database.engine.executeByFile(plan, pickSignal(options)))
        yield { file, ...queryResult(columns, batches) };
    } finally {
      view.release();
    }
  }

  /** Plans a query statement without running it; `byFile` as {@link nativeByFile} does. */
  async plan(
    statement: QueryStatement,
    target: NativeTarget | undefined,
    options: QueryOptions & { readonly byFile?: boolean; readonly bind?: Run['bind'] } = {},
  ): Promise<PlannedQuery> {
    const view = this.#view();
    const { byFile = false, bind } = options;
    try {
      return await this.#planning.plan(statement, {
        view,
        options,
        byFile,
        describing: true,
        ...(target && { target }),
        ...(bind && { bind }),
      });
    } finally {
      view.release();
    }
  }

  /** The plan as lines of text; see {@link ExplainOptions}. */
  async explain(
    text: string,
    target: NativeTarget | undefined,
    given: ExplainOptions & QueryOptions,
  ): Promise<string[]> {
    const statement: Statement = target ? parseNative(text) : onlyStatement(parseSql(text));
    const options = this.#hinted(statement, given);
    if (statement.kind !== 'explain') return explained(this, statement, target, options);
    const written = explainOptions(statement.options, statement.span);
    return explained(this, statement.statement, target, { ...written, ...options });
  }

  /** With what the statement's hints say; what is wrong with them is told once. @throws DiagnosticError 22023 for options that have no such value */
  #hinted<O extends QueryOptions>(statement: Statement, options: O): O {
    for (const name of ['pushdown', 'kernel'] as const) {
      const value = options[name];
      if (value !== undefined) checkSetting(`skyhook.${name}`, value);
    }
    const { hints } = statement;
    const { pushdown, kernel } = hints ?? options;
    const told = hints !== undefined && options.hints === hints;
    if (!told) {
      for (const message of hints?.wrong ?? []) this.notice('invalid_parameter_value', message);
      if (pushdown === 'on' && !this.database.store.execute)
        this.notice('feature_not_supported', 'pushdown(on) has no effect: the store does not compute');
    }
    return hints ? { ...options, hints, ...(pushdown && { pushdown }), ...(kernel && { kernel }) } : options;
  }

  /** What a new statement sees. */
  #view(): ReadView {
    return this.#transaction?.retain() ?? new ReadView(this.database.catalog, this.rights);
  }

  async #run(
    statement: Statement,
    target: NativeTarget | undefined,
    options: QueryOptions,
    bind?: (environment: BindEnvironment) => BoundQuery,
  ): Promise<QueryResult> {
    if (statement.kind === 'explain') return explainStatement(this, statement, options);
    const view = this.#view();
    try {
      this.delay.reset();
      const query = asQuery(statement);
      const run = { view, options, describing: false, ...(target && { target }), ...(bind && { bind }) };
      const known = target || bind ? undefined : await this.#planning.knownPlan(query, run);
      const planned = known ? known.planned : await this.#planning.plan(query, run);
      await this.delay.pass(options.signal);
      const result = this.#execute(planned, options, () => view.release());
      if (!isConstant(planned.physical)) return result;
      // What is computed of constants alone fails before any row is promised, as it does in PostgreSQL's planner.
      const held = await heldResult(result);
      if (known && isFixed(planned.physical)) known.held = held;
      return held;
    } catch (error) {
      view.release();
      throw error;
    }
  }

  #execute(planned: PlannedQuery, options: QueryOptions, ended?: () => void): QueryResult {
    const stream = this.database.engine.execute(planned.physical, pickSignal(options));
    options.onPlan?.(planned, stream);
    const style = planned.objects ? { ...this.style, objects: planned.objects } : this.style;
    return { ...queryResult(resultColumns(planned.bound), stream.batches, ended), style };
  }
}
