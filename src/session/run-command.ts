// Statements about the session itself: settings, transactions, prepared statements, cursors.
import { fail, offsetZone, parseInterval, quoteIdent, types } from '../core/index.js';
import { evaluateConstant } from '../exec/index.js';
import type {
  ExecuteStatement,
  Expr,
  FetchCursor,
  Name,
  Statement,
  TransactionModes,
  TransactionStatement,
  TypeName,
} from '../parser/index.js';
import { Cursor } from './cursor.js';
import type { PreparedStatement, StatementResult, TypedValue } from './prepared-statement.js';
import { queryResult, type ResultColumn, tableResult, textResult } from './query-result.js';
import type { Session } from './session.js';
import type { QueryOptions } from './session-options.js';
import type { Change } from './statements/handlers.js';

export type Command = Exclude<Statement, { readonly kind: Change['kind'] | 'query_statement' | 'explain' | 'copy' }>;

const commandKinds: Readonly<Record<Command['kind'], true>> = {
  set: true,
  set_transaction: true,
  show: true,
  reset: true,
  transaction: true,
  savepoint: true,
  prepare: true,
  execute: true,
  deallocate: true,
  declare: true,
  fetch: true,
  close: true,
  discard: true,
  listen: true,
  unlisten: true,
  notify: true,
  analyze: true,
} as Record<Command['kind'], true>;

export const isCommand = (statement: Statement): statement is Command => statement.kind in commandKinds;

export const foldedName = (name: Name): string => (name.quoted ? name.text : name.text.toLowerCase());

/** The columns a command gives, before it runs. */
export function commandColumns(session: Session, command: Command): readonly ResultColumn[] | undefined {
  switch (command.kind) {
    case 'show':
      return (command.name === 'all' ? ['name', 'setting', 'description'] : [showLabel(session, command.name)]).map(
        (label) => ({ label, type: types.text }),
      );
    case 'fetch':
      return command.move ? undefined : findCursor(session, command.name).columns;
    case 'execute':
      return findPrepared(session, command.name).columns;
    default:
      return undefined;
  }
}

/** @throws DiagnosticError as PostgreSQL would */
export async function runCommand(session: Session, command: Command, options: QueryOptions): Promise<StatementResult> {
  const { variables, transaction } = session;
  switch (command.kind) {
    case 'set': {
      const value = settingText(command.values);
      if (command.name === 'role') mayBecome(session, value);
      if (value === undefined) variables.reset(command.name);
      else variables.set(command.name, value);
      if (command.scope === 'local') {
        if (transaction.status === 'idle')
          session.warn('no_active_sql_transaction', 'SET LOCAL can only be used in transaction blocks');
        else transaction.setLocal(command.name);
      } else transaction.setForSession(command.name);
      return { tag: 'SET' };
    }
    case 'set_transaction':
      setModes(session, command.modes, command.scope === 'session');
      return { tag: 'SET' };
    case 'reset':
      if (command.name === 'all') variables.resetAll();
      else variables.reset(command.name);
      return { tag: 'RESET' };
    case 'show':
      return { tag: 'SHOW', rows: show(session, command.name) };
    case 'transaction':
      return { tag: await runTransaction(session, command) };
    case 'savepoint': {
      const name = foldedName(command.name);
      const shown = { set: 'SAVEPOINT', release: 'RELEASE', 'rollback to': 'ROLLBACK' }[command.action];
      if (transaction.status === 'idle')
        throw fail(
          'no_active_sql_transaction',
          `${command.action === 'set' ? 'SAVEPOINT' : command.action === 'release' ? 'RELEASE SAVEPOINT' : 'ROLLBACK TO SAVEPOINT'} can only be used in transaction blocks`,
        );
      if (command.action === 'set') {
        transaction.savepoint(name);
        session.notifications.mark(name);
        await session.temporary.mark(name);
      } else if (command.action === 'release') {
        transaction.release(name);
        session.notifications.release(name);
        for (const cursor of session.cursors.values())
          cursor.level = Math.min(cursor.level, transaction.savepointCount);
        session.temporary.release(name);
      } else {
        transaction.rollbackTo(name);
        session.notifications.rollbackTo(name);
        await session.closeCursors(({ kept, level }) => !kept && level >= transaction.savepointCount);
        await session.rollbackTemporary(name);
      }
      return { tag: shown };
    }
    case 'prepare': {
      const name = foldedName(command.name);
      if (session.prepared.has(name))
        throw fail('duplicate_prepared_statement', `prepared statement "${name}" already exists`);
      session.prepared.set(name, await session.prepareAs(command.statement, command.types));
      return { tag: 'PREPARE' };
    }
    case 'execute': {
      const { prepared, parameters } = await prepareExecution(session, command);
      return session.execute(prepared, parameters, options);
    }
    case 'deallocate':
      if (!command.name) session.prepared.clear();
      else {
        findPrepared(session, command.name);
        session.prepared.delete(foldedName(command.name));
      }
      return { tag: command.name ? 'DEALLOCATE' : 'DEALLOCATE ALL' };
    case 'declare': {
      const name = foldedName(command.name);
      if (transaction.status === 'idle' && !command.hold && !session.inImplicitBlock)
        throw fail('no_active_sql_transaction', 'DECLARE CURSOR can only be used in transaction blocks');
      if (session.cursors.has(name)) throw fail('duplicate_cursor', `cursor "${name}" already exists`);
      const rows = await session.query(
        { kind: 'query_statement', language: 'sql', query: command.query, span: command.span },
        options,
      );
      session.cursors.set(
        name,
        new Cursor(rows, {
          scroll: command.scroll,
          hold: command.hold,
          binary: command.binary,
          kept: command.hold && transaction.status === 'idle',
          level: transaction.savepointCount,
        }),
      );
      return { tag: 'DECLARE CURSOR' };
    }
    case 'fetch':
      return fetchRows(session, command, options.signal);
    case 'close': {
      if (!command.name) {
        await session.closeCursors(() => true);
        return { tag: 'CLOSE CURSOR ALL' };
      }
      const cursor = findCursor(session, command.name);
      session.cursors.delete(foldedName(command.name));
      await cursor.close();
      return { tag: 'CLOSE CURSOR' };
    }
    case 'discard':
      if (command.what === 'all') {
        if (transaction.status !== 'idle')
          throw fail('active_sql_transaction', 'DISCARD ALL cannot run inside a transaction block');
        await session.closeCursors(() => true);
        session.prepared.clear();
        variables.resetAll();
        session.say((notifications) => notifications.unlisten());
      }
      if (command.what === 'all' || command.what === 'temp') await session.discardTemporary();
      return { tag: `DISCARD ${command.what.toUpperCase()}` };
    case 'listen':
    case 'unlisten':
      session.say((notifications) => {
        const channel = command.channel && foldedName(command.channel);
        if (command.kind === 'listen') notifications.listen(channel!);
        else notifications.unlisten(channel);
      });
      return { tag: command.kind.toUpperCase() };
    case 'notify':
      session.say((notifications) => notifications.notify(foldedName(command.channel), command.payload ?? ''));
      return { tag: 'NOTIFY' };
    case 'analyze':
      // Statistics are made when data is ingested.
      return { tag: 'ANALYZE' };
  }
}

/** Nobody is a member of another role. @throws DiagnosticError 22023 */
function mayBecome({ variables }: Session, role: string | undefined): void {
  const own = variables.get('session_authorization');
  if (role !== undefined && role !== 'none' && own !== '' && role !== own)
    throw fail('invalid_parameter_value', `role "${role}" does not exist`);
}

function findPrepared(session: Session, name: Name): PreparedStatement {
  const prepared = session.prepared.get(foldedName(name));
  if (!prepared) throw fail('invalid_sql_statement_name', `prepared statement "${foldedName(name)}" does not exist`);
  return prepared;
}

/** What EXECUTE runs, and the values of its arguments, which are expressions. */
export async function prepareExecution(
  session: Session,
  { name, args }: ExecuteStatement,
): Promise<{ readonly prepared: PreparedStatement; readonly parameters: readonly TypedValue[] }> {
  const prepared = findPrepared(session, name);
  const { parameterTypes } = prepared;
  if (parameterTypes.length > 0 && args.length !== parameterTypes.length)
    throw fail('syntax_error', `wrong number of parameters for prepared statement "${foldedName(name)}"`, {
      detail: `Expected ${parameterTypes.length} parameters but got ${args.length}.`,
    });
  const row = parameterTypes.length > 0 ? await session.lookup.rowExpressions([]) : undefined;
  const parameters = parameterTypes.map((type, i) => ({
    type,
    value: evaluateConstant(row!.argument(args[i]!, type, i + 1)),
  }));
  return { prepared, parameters };
}

function findCursor(session: Session, name: Name): Cursor {
  const cursor = session.cursors.get(foldedName(name));
  if (!cursor) throw fail('invalid_cursor_name', `cursor "${foldedName(name)}" does not exist`);
  return cursor;
}

/** The first rows are there before any is promised. */
async function fetchRows(session: Session, command: FetchCursor, signal?: AbortSignal): Promise<StatementResult> {
  const cursor = findCursor(session, command.name);
  const batches = cursor.rows(command, signal);
  const first = await batches.next();
  async function* rows() {
    if (!first.done) yield first.value;
    yield* batches;
  }
  if (command.move) {
    let count = 0;
    for await (const batch of rows()) count += batch.numRows;
    return { tag: `MOVE ${count}` };
  }
  const { objects } = cursor.style ?? {};
  const style = objects ? { ...session.style, objects } : session.style;
  const result = { ...queryResult(cursor.columns, rows()), style };
  return { tag: 'FETCH', rows: result, binary: cursor.binary };
}

/** Several values are a list of names, as search_path takes them. */
function settingText(values: readonly Expr[]): string | undefined {
  if (values.length === 0) return undefined;
  const text = (value: Expr): string => {
    if (value.kind === 'string') return value.value;
    if (value.kind === 'number') return value.text;
    if (value.kind === 'typed_literal') return zoneOf(value.value, value.type);
    throw fail('feature_not_supported', 'only words, texts and numbers can be set', { span: value.span });
  };
  if (values.length === 1) return text(values[0]!);
  return values.map((value) => quoteIdent(text(value))).join(', ');
}

/** `SET TIME ZONE INTERVAL '+05:30' HOUR TO MINUTE`: so far east of Greenwich. */
function zoneOf(text: string, type: TypeName): string {
  const { months, days, micros } = parseInterval(text, undefined, type.intervalFields);
  if (months !== 0 || days !== 0)
    throw fail('invalid_parameter_value', 'interval time zone must not include months or days', { span: type.span });
  const zone = offsetZone(Number(micros) / 1e6);
  if (!zone) throw fail('invalid_parameter_value', 'UTC timezone offset is out of range', { span: type.span });
  return zone;
}

const showLabel = (session: Session, name: string) => session.variables.spelling(name);

function show(session: Session, name: string) {
  if (name !== 'all') return textResult(showLabel(session, name), [session.setting(name)]);
  const rows = [...session.variables.all()].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return tableResult(
    ['name', 'setting', 'description'],
    rows.map(([setting, value]) => [setting, value, '']),
  );
}

function setModes(session: Session, modes: TransactionModes, always: boolean): void {
  const { variables, transaction } = session;
  if (!always && transaction.status === 'idle' && !session.inImplicitBlock) {
    session.warn('no_active_sql_transaction', 'SET TRANSACTION can only be used in transaction blocks');
    return;
  }
  if (!always) {
    transaction.setModes(modes);
    return;
  }
  if (modes.isolation) variables.set('default_transaction_isolation', modes.isolation);
  if (modes.readOnly !== undefined) variables.set('default_transaction_read_only', modes.readOnly ? 'on' : 'off');
  if (modes.deferrable !== undefined) variables.set('default_transaction_deferrable', modes.deferrable ? 'on' : 'off');
}

async function runTransaction(session: Session, command: TransactionStatement): Promise<string> {
  const { transaction } = session;
  switch (command.action) {
    case 'begin':
      if (transaction.status !== 'idle')
        session.warn('active_sql_transaction', 'there is already a transaction in progress');
      else {
        session.beginTransaction();
        transaction.begin(command.modes);
      }
      return command.start ? 'START TRANSACTION' : 'BEGIN';
    case 'commit':
    case 'rollback': {
      const commit = command.action === 'commit' && transaction.status !== 'failed';
      if (command.chain && transaction.status === 'idle')
        throw fail(
          'no_active_sql_transaction',
          `${command.action.toUpperCase()} AND CHAIN can only be used in transaction blocks`,
        );
      if (transaction.status === 'idle')
        session.warn('no_active_sql_transaction', 'there is no transaction in progress');
      const modes = transaction.modes;
      await session.closeCursors((cursor) => !(cursor.kept || (commit && cursor.hold)));
      for (const cursor of session.cursors.values()) {
        cursor.kept = true;
        cursor.level = 0;
      }
      if (commit) await session.commitTemporary();
      else await session.rollbackTemporary();
      transaction.end(commit);
      session.endTransaction(commit);
      if (command.chain) {
        session.beginTransaction();
        transaction.begin(modes);
      }
      return commit || command.action === 'rollback' ? command.action.toUpperCase() : 'ROLLBACK';
    }
  }
}
