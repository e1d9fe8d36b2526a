// One client after its startup: the state machine of simple and extended queries. Messages are handled one after the other.
import { DiagnosticError, fail, oidOf, type SqlType, sqlTypeOfOid } from '../../core/index.js';
import {
  Cursor,
  milliseconds,
  onlyReads,
  type PreparedStatement,
  type QueryResult,
  type Session,
  type Statement,
} from '../../session/index.js';
import {
  type Bind,
  decodeFrontend,
  type Format,
  type Frame,
  FramingError,
  type FrontendMessage,
  isKnownType,
  type Parse,
} from '../codec/index.js';
import { boundPortal, type Named } from './bound-portal.js';
import type { Channel } from './channel.js';
import { copyIn, LostSynchronization } from './copy-in.js';
import { errorFields, noticeFields, toDiagnostic } from './error-fields.js';
import { heldRows, rowDescription } from './known-messages.js';
import { FatalError, lastWords } from './last-words.js';
import { type Portal, RowSender } from './portal.js';
import { TimedStatement } from './timed-statement.js';
import { Unasked } from './unasked.js';

export interface ConnectionLog {
  bug(error: unknown, text: string): void;
}

const [query, functionCall, sync, terminate] = ['Q', 'F', 'S', 'X'].map((letter) => letter.charCodeAt(0));
const copyTypes = new Set([...'dcf'].map((letter) => letter.charCodeAt(0)));

/** What handling a message comes to: most are done at once, and a promise for each would cost more than they do. */
type Pending = Promise<void> | undefined;

export class Connection {
  readonly #channel: Channel;
  readonly #session: Session;
  readonly #log: ConnectionLog;
  readonly #statements = new Map<string, Named>();
  readonly #portals = new Map<string, Portal>();
  readonly #unasked: Unasked;
  readonly #timed: TimedStatement;
  /** By the settings of that version. */
  #limits = { version: -1, statement: 0, idle: 0, idleInTransaction: 0 };
  /** After an error in an extended query, until Sync. */
  #skipping = false;
  /** Of what came since the last Sync, something has failed. */
  #failedUntilSync = false;
  #lastText = '';

  constructor(channel: Channel, session: Session, log: ConnectionLog) {
    this.#channel = channel;
    this.#session = session;
    this.#log = log;
    session.onNotice = (notice) => channel.out.notice(noticeFields(notice));
    channel.out.encodingOf = () => session.encoding;
    this.#unasked = new Unasked(channel, session);
    const limit = () => this.#timeouts().statement;
    this.#timed = new TimedStatement({ channel, limit, probe: () => this.#unasked.probe() });
  }

  get isIdle(): boolean {
    return this.#timed.isIdle;
  }

  /** The text that runs, or ran last. */
  get lastText(): string {
    return this.#lastText;
  }

  /** Ends the statement that runs; without one, nothing happens. */
  cancel(): void {
    this.#timed.cancel();
  }

  /** Ends the connection: 57P01 to the client, now, or after its statement where `graceful`. */
  shutDown(graceful: boolean): void {
    this.#timed.shutDown(graceful);
    if (this.isIdle) this.#channel.interrupt();
  }

  /** Settings at first, then messages until the client or the server ends it. */
  async serve(): Promise<void> {
    this.#ready();
    try {
      for (;;) {
        const frame = this.#channel.tryNext() ?? (await this.#nextFrame());
        this.#unasked.hold();
        if (!frame) break;
        if (frame.type === terminate) break;
        const pending = this.#receive(frame);
        if (pending) await pending;
        if (this.#timed.isClosing) break;
      }
      if (this.#timed.isClosing) this.#timed.endOfService();
    } catch (error) {
      // PostgreSQL says nothing where the stream has lost its framing.
      if (!(error instanceof FramingError) && !(error instanceof FatalError)) throw error;
    } finally {
      await this.#closePortals();
      await this.#session.close();
    }
  }

  /** Milliseconds; 0 where there is no limit. */
  #timeouts() {
    const { variables } = this.#session;
    if (this.#limits.version !== variables.version) {
      const limit = (name: string) => milliseconds(variables.get(name)) ?? 0;
      this.#limits = {
        version: variables.version,
        statement: limit('statement_timeout'),
        idle: limit('idle_session_timeout'),
        idleInTransaction: limit('idle_in_transaction_session_timeout'),
      };
    }
    return this.#limits;
  }

  /** Waits, but not longer than the session's timeouts allow. */
  async #nextFrame(): Promise<Frame | undefined> {
    const inBlock = this.#session.transaction.status !== 'idle';
    const { idle, idleInTransaction } = this.#timeouts();
    const limit = inBlock ? idleInTransaction : idle;
    if (limit === 0) return this.#channel.next();
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      this.#channel.interrupt();
    }, limit);
    try {
      const frame = await this.#channel.next();
      if (expired)
        lastWords(
          this.#channel,
          inBlock ? 'idle_in_transaction_session_timeout' : 'idle_session_timeout',
          inBlock
            ? 'terminating connection due to idle-in-transaction timeout'
            : 'terminating connection due to idle-session timeout',
        );
      return frame;
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(frame: Frame): Pending {
    if (!isKnownType(frame.type))
      lastWords(this.#channel, 'protocol_violation', `invalid frontend message type ${frame.type}`);
    if (frame.type === sync) return this.#sync(frame);
    // Left over from a COPY that has failed: PostgreSQL does not look into them either.
    if (this.#skipping || copyTypes.has(frame.type)) return undefined;
    // Both are answered with ReadyForQuery, without a Sync.
    const isQuery = frame.type === query || frame.type === functionCall;
    let text = '';
    let pending: Pending;
    try {
      const message = decodeFrontend(frame, this.#channel.out.encoding);
      if (message.kind === 'query' || message.kind === 'parse') text = message.text;
      if (isQuery) this.#lastText = text;
      pending = this.#handle(message);
    } catch (error) {
      this.#failed(error, text, isQuery);
    }
    if (!pending) return this.#handled(isQuery);
    return pending.then(
      () => this.#handled(isQuery),
      (error: unknown) => {
        this.#failed(error, text, isQuery);
        return this.#handled(isQuery);
      },
    );
  }

  /** After a message: what it leaves open is ended, and the client has its answer. */
  #handled(isQuery: boolean): Pending {
    if (!isQuery) return this.#sent();
    const ending = this.#endImplicit();
    if (!ending) {
      this.#ready();
      return this.#sent();
    }
    return ending.then(() => {
      this.#ready();
      return this.#sent();
    });
  }

  /** Until the client takes what it is sent. */
  #sent(): Pending {
    this.#channel.flushIfLarge();
    return this.#channel.isBusy ? this.#channel.drain() : undefined;
  }

  #handle(message: FrontendMessage): Pending {
    switch (message.kind) {
      case 'query':
        return this.#simpleQuery(message.text);
      case 'parse':
        return this.#parse(message);
      case 'bind':
        return this.#bind(message);
      case 'describe':
        if (message.target === 'statement') this.#describeStatement(message.name);
        else this.#describePortal(message.name);
        return undefined;
      case 'execute':
        return this.#execute(message.portal, message.maxRows);
      case 'close':
        return this.#close(message.target, message.name);
      case 'flush':
        this.#channel.flush();
        return undefined;
      case 'function_call':
        throw fail('feature_not_supported', 'function calls by message are not supported');
      case 'copy_data':
      case 'copy_done':
      case 'copy_fail':
      case 'sync':
      case 'terminate':
        return undefined;
    }
  }

  #close(target: 'portal' | 'statement', name: string): Pending {
    const { out } = this.#channel;
    if (target === 'statement') {
      this.#statements.delete(name);
      if (name !== '') this.#session.prepared.delete(name);
    }
    const closing = target === 'portal' ? this.#closePortal(name) : undefined;
    if (closing) return closing.then(() => out.closeComplete());
    out.closeComplete();
    return undefined;
  }

  // ---- simple queries --------------------------------------------------------------------------------------------------

  #simpleQuery(text: string): Pending {
    this.#statements.delete('');
    const closing = this.#closePortal('');
    if (closing) return closing.then(() => this.#simpleQuery(text));
    const statements = this.#session.parse(text);
    const [statement] = statements;
    if (!statement) {
      this.#channel.out.emptyQueryResponse();
      return undefined;
    }
    const rows = statements.length === 1 && this.#session.executeAtOnce(statement, []);
    if (rows) {
      const formats = textFormats(rows.columns.length);
      const held = heldRows(rows, formats, Infinity, this.#channel.out.encoding);
      if (held) {
        this.#channel.out.raw(rowDescription(rows.columns, formats, this.#channel.out.encoding));
        this.#sendHeld(held);
        return undefined;
      }
    }
    return this.#runSimple(statements);
  }

  #sendHeld({ bytes, count }: { readonly bytes: Buffer; readonly count: number }): void {
    this.#channel.out.raw(bytes);
    this.#channel.out.commandComplete(`SELECT ${count}`);
  }

  async #runSimple(statements: readonly Statement[]): Promise<void> {
    const session = this.#session;
    session.inImplicitBlock = statements.length > 1;
    for (const statement of statements) {
      this.#beginImplicit();
      await this.#timed.run(async (signal) => {
        const result = await session.execute({ statement, parameterTypes: [], columns: undefined }, [], { signal });
        const { rows } = result;
        if (!rows) {
          const tag = result.copyIn ? await copyIn(this.#channel, result.copyIn, signal) : result.tag;
          this.#channel.out.commandComplete(tag);
          return;
        }
        const formats = rows.columns.map((): Format => (result.binary ? 'binary' : 'text'));
        const sender = new RowSender(result, rows, formats);
        try {
          if (result.copy) await sender.sendCopy(this.#channel, signal);
          else {
            this.#channel.out.raw(rowDescription(rows.columns, formats, this.#channel.out.encoding));
            await sender.send(this.#channel, Infinity, signal);
          }
        } finally {
          const closing = sender.close(signal);
          if (closing) await closing;
        }
        this.#channel.out.commandComplete(sender.tag);
      }, onlyReads(statement));
    }
  }

  // ---- extended queries ------------------------------------------------------------------------------------------------

  #parse(message: Parse): Pending {
    const { name, text, parameterTypes } = message;
    const session = this.#session;
    if (name !== '' && session.prepared.has(name))
      throw fail('duplicate_prepared_statement', `prepared statement "${name}" already exists`);
    if (name === '') this.#statements.delete('');
    const statements = session.parse(text);
    if (statements.length > 1) throw fail('syntax_error', 'cannot insert multiple commands into a prepared statement');
    const declared = parameterTypes.map((oid) => (oid === 0 || oid === 705 ? undefined : typeOf(oid)));
    const known = session.prepareAtOnce(statements[0], declared);
    if (known) {
      this.#parsed(message, known);
      return undefined;
    }
    this.#beginImplicit();
    return session.prepare(statements[0], declared).then((prepared) => this.#parsed(message, prepared));
  }

  #parsed({ name, text, parameterTypes }: Parse, prepared: PreparedStatement): void {
    const parameterOids = prepared.parameterTypes.map((type, i) => parameterTypes[i] || oidOf(type));
    this.#statements.set(name, { prepared, text, parameterOids });
    if (name !== '') this.#session.prepared.set(name, prepared);
    this.#channel.out.parseComplete();
  }

  #bind(message: Bind): Pending {
    const named = this.#find(message.statement);
    const { prepared } = named;
    const { parameterTypes } = prepared;
    if (message.parameters.length !== parameterTypes.length)
      throw fail(
        'protocol_violation',
        `bind message supplies ${message.parameters.length} parameters, but prepared statement "${message.statement}" requires ${parameterTypes.length}`,
      );
    if (this.#session.transaction.status === 'failed' && !this.#session.mayRunWhenFailed(prepared))
      throw fail(
        'in_failed_sql_transaction',
        'current transaction is aborted, commands ignored until end of transaction block',
      );
    const closing = message.portal === '' ? this.#closePortal('') : undefined;
    if (closing) return closing.then(() => this.#bind(message));
    if (this.#portals.has(message.portal)) throw fail('duplicate_cursor', `cursor "${message.portal}" already exists`);
    this.#portals.set(message.portal, boundPortal(message, named, this.#session));
    this.#channel.out.bindComplete();
    return undefined;
  }

  /** A statement by Parse or, where it has a name, by PREPARE. */
  #find(name: string): Named {
    const own = this.#statements.get(name);
    if (name === '') {
      if (own) return own;
      throw fail('invalid_sql_statement_name', 'unnamed prepared statement does not exist');
    }
    const prepared = this.#session.prepared.get(name);
    if (!prepared) {
      // DEALLOCATE takes it away here too.
      this.#statements.delete(name);
      throw fail('invalid_sql_statement_name', `prepared statement "${name}" does not exist`);
    }
    if (own && own.prepared === prepared) return own;
    return { prepared, text: '', parameterOids: prepared.parameterTypes.map(oidOf) };
  }

  #describeStatement(name: string): void {
    const { prepared, parameterOids } = this.#find(name);
    const { out } = this.#channel;
    out.parameterDescription(parameterOids);
    const { columns } = prepared;
    if (columns) out.raw(rowDescription(columns, textFormats(columns.length), this.#channel.out.encoding));
    else out.noData();
  }

  #describePortal(name: string): void {
    // What DECLARE has made is described as a portal of that name.
    const declared = this.#portals.has(name) ? undefined : this.#session.cursors.get(name);
    if (declared) {
      this.#channel.out.raw(
        rowDescription(declared.columns, textFormats(declared.columns.length), this.#channel.out.encoding),
      );
      return;
    }
    const { prepared, formats } = this.#portal(name);
    if (prepared.columns) this.#channel.out.raw(rowDescription(prepared.columns, formats, this.#channel.out.encoding));
    else this.#channel.out.noData();
  }

  #portal(name: string): Portal {
    const portal = this.#portals.get(name);
    if (!portal) throw fail('invalid_cursor_name', `portal "${name}" does not exist`);
    return portal;
  }

  #execute(name: string, maxRows: number): Pending {
    const portal = this.#portal(name);
    const { out } = this.#channel;
    const { prepared } = portal;
    if (!prepared.statement) {
      out.emptyQueryResponse();
      return undefined;
    }
    if (portal.done) {
      if (!prepared.columns) throw fail('object_not_in_prerequisite_state', `portal "${name}" cannot be run`);
      out.commandComplete('SELECT 0');
      return undefined;
    }
    this.#lastText = portal.text;
    const most = maxRows === 0 ? Infinity : maxRows;
    const rows = portal.rows ? undefined : this.#session.executeAtOnce(prepared.statement, portal.parameters);
    const held = rows && heldRows(rows, portal.formats, most, this.#channel.out.encoding);
    if (held) {
      portal.done = true;
      this.#sendHeld(held);
      return undefined;
    }
    return this.#runPortal(name, portal, most);
  }

  /** A portal with a name is a cursor of that name. */
  #asCursor(name: string, portal: Portal, rows: QueryResult): void {
    const { cursors, transaction } = this.#session;
    if (cursors.has(name)) return;
    portal.cursor = new Cursor(rows, { hold: false, kept: false, level: transaction.savepointCount });
    cursors.set(name, portal.cursor);
  }

  async #runPortal(name: string, portal: Portal, most: number): Promise<void> {
    const { prepared } = portal;
    const { out } = this.#channel;
    this.#beginImplicit();
    portal.running ??= new AbortController();
    try {
      await this.#timed.run(
        async (signal) => {
          if (!portal.rows) {
            const result = await this.#session.execute(prepared, portal.parameters, { signal });
            if (!result.rows) {
              portal.done = true;
              out.commandComplete(result.copyIn ? await copyIn(this.#channel, result.copyIn, signal) : result.tag);
              return;
            }
            if (name !== '' && prepared.statement?.kind === 'query_statement')
              this.#asCursor(name, portal, result.rows);
            portal.rows = new RowSender(result, result.rows, portal.formats, portal.cursor);
          }
          if (prepared.statement?.kind === 'copy') {
            await portal.rows.sendCopy(this.#channel, signal);
            portal.done = true;
            out.commandComplete(portal.rows.tag);
            return;
          }
          const finished = await portal.rows.send(this.#channel, most, signal);
          if (!finished) {
            out.portalSuspended();
            return;
          }
          portal.done = true;
          out.commandComplete(portal.rows.tag);
        },
        !prepared.statement || onlyReads(prepared.statement),
        portal.running,
      );
    } catch (error) {
      portal.done = true;
      if (error instanceof DiagnosticError) throw new StatementError(error, portal.text);
      throw error;
    }
  }

  #sync(frame: Frame): Pending {
    this.#skipping = false;
    try {
      decodeFrontend(frame);
    } catch (error) {
      this.#failed(error, '', true);
    }
    return this.#handled(true);
  }

  // ---- transactions ----------------------------------------------------------------------------------------------------

  /** Outside a block, what is executed up to the next Sync sees one state of the data. */
  #beginImplicit(): void {
    if (this.#session.transaction.status !== 'idle') return;
    this.#session.beginTransaction();
    this.#session.untilSync = true;
  }

  /** Portals live as long as the transaction. */
  #endImplicit(): Pending {
    const session = this.#session;
    session.inImplicitBlock = false;
    const { status } = session.transaction;
    if (status === 'active') return undefined;
    const closing = this.#closePortals();
    if (status !== 'idle') return closing;
    if (!closing && session.cursors.size === 0 && session.temporary.dataset === undefined) {
      session.untilSync = false;
      this.#failedUntilSync = false;
      session.endTransaction();
      return undefined;
    }
    return this.#endCursors(closing);
  }

  async #endCursors(portals: Pending): Promise<void> {
    await portals;
    await this.#session.closeCursors((cursor) => !cursor.hold);
    await this.#session.endUntilSync(this.#failedUntilSync);
    this.#failedUntilSync = false;
    this.#session.endTransaction();
  }

  #closePortals(): Pending {
    const closing: Promise<void>[] = [];
    for (const name of this.#portals.keys()) {
      const pending = this.#closePortal(name);
      if (pending) closing.push(pending);
    }
    return closing.length > 0 ? Promise.all(closing).then(() => undefined) : undefined;
  }

  #closePortal(name: string): Pending {
    const portal = this.#portals.get(name);
    this.#portals.delete(name);
    const { cursors } = this.#session;
    if (portal?.cursor && cursors.get(name) === portal.cursor) cursors.delete(name);
    return portal?.rows?.close(portal.running?.signal);
  }

  // ---- running and failing ---------------------------------------------------------------------------------------------

  /** @throws FatalError where the client has had its last words, FramingError */
  #failed(error: unknown, sent: string, isQuery: boolean): void {
    if (error instanceof FatalError || error instanceof FramingError) throw error;
    if (error instanceof LostSynchronization) {
      this.#failed(error.cause, sent, isQuery);
      lastWords(this.#channel, 'protocol_violation', error.message);
    }
    const inStatement = error instanceof StatementError;
    const cause = inStatement ? error.cause : error;
    const text = inStatement ? error.text : sent;
    if (!(cause instanceof DiagnosticError)) this.#log.bug(cause, text);
    if (this.#session.transaction.status === 'idle') {
      this.#failedUntilSync = true;
      this.#session.notifications.rollback();
    }
    this.#session.transaction.fail();
    this.#channel.out.error(errorFields(toDiagnostic(cause), 'ERROR', text));
    if (isQuery) return;
    this.#skipping = true;
    // As PostgreSQL: a client may wait for an error before it says Sync, and loses none by going away.
    this.#channel.flush();
  }

  #ready(): void {
    this.#unasked.beforeReady();
    const { status } = this.#session.transaction;
    this.#channel.out.readyForQuery(status === 'idle' ? 'I' : status === 'active' ? 'T' : 'E');
    this.#channel.flush();
  }
}

/** An error in a statement whose text came in an earlier message. */
class StatementError extends Error {
  readonly text: string;

  constructor(cause: DiagnosticError, text: string) {
    super(cause.message, { cause });
    this.text = text;
  }
}

function typeOf(oid: number): SqlType {
  const type = sqlTypeOfOid(oid);
  if (!type) throw fail('undefined_object', `type with OID ${oid} is not supported as a parameter's type`);
  return type;
}

const textFormats = (count: number): Format[] => Array.from({ length: count }, () => 'text');
